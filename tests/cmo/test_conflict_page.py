"""Claims about two people who save the same statement: the second loses not one typed character."""

import html
import re
from typing import Any

import pytest

from cmo.models import Draft, Statement
from cmo.rules.composing import Words
from cmo.rules.stating import retire, revise

BASE = "If staff stay in post, then families trust them, because trust grows with time."
THEIRS = "If staff stay in post for years, then families trust them, because trust grows with time."
MINE = "If staff stay in post, then families trust them, because trust grows slowly with time."
BOTH = "If staff stay in post for years, then families trust them, because trust grows slowly with time."
CLASH = "If staff remain, then families trust them, because trust grows with time."
FREE = "Trust grows with time."  # no parts, so nothing lines up
URL = "/p/cse-test/s/1/edit"
MERGE = "/p/cse-test/s/1/merge"


@pytest.fixture
def late(cast: Any, actor: Any, as_: Any, statement: Any, themes: Any) -> Any:
    """`late(MINE)` is the answer to an editor who saves from version 1 after the lead saved version 2."""
    made = statement(BASE, themes=["O4"])
    revise(
        made, by=actor(cast.lead), base=1, words=Words(wording=THEIRS), themes=[themes["O4"], themes["C2"]],
        reason="Theirs.",
    )  # fmt: skip
    browser = as_(cast.editor)

    def save(wording: str, **more: Any) -> Any:
        form = {"base": 1, "mode": "sentence", "wording": wording, "theme": ["O4", "P6"], "reason": "Mine & good",
            **more}  # fmt: skip
        answer = browser.post(URL, form)
        answer.browser = browser
        return answer

    return save


def told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def versions(page: str) -> dict[str, str]:
    """{theirs, mine, base, merged: text} as the page of the whole sentence holds them."""
    return {name: html.unescape(text) for name, text in re.findall(r'data-version="(\w+)" data-text="([^"]*)"', page)}


def sides(answer: Any, part: str) -> dict[str, str]:
    """The same of one part; {} where the page does not show it."""
    found = re.search(rf'<fieldset[^>]*id="mg-{part}".*?</fieldset>', answer.content.decode(), flags=re.S)
    return versions(found[0]) if found else {}


def result(answer: Any) -> str:
    """The sentence as the page says that it will be saved."""
    shown = answer.content.decode().partition("data-preview-out")[2].partition(">")[2].partition("</p>")[0]
    words = re.sub(r'<span class="mark[^>]*>\w</span>', "", shown)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())


def offered(answer: Any) -> dict[str, Any]:
    """The fields that the page would send when it is sent as it stands, as a browser without scripts does."""
    form = re.search(r'<form [^>]*class="merge".*?</form>', answer.content.decode(), flags=re.S)
    assert form
    sent: dict[str, Any] = {}
    for tag, attributes in re.findall(r"<(input|textarea)\b([^>]*)>", form[0]):
        name = re.search(r'name="([^"]+)"', attributes)
        if not name or tag == "textarea" or ("checked" not in attributes and 'type="hidden"' not in attributes):
            continue
        value = html.unescape(re.search(r'value="([^"]*)"', attributes)[1])
        sent.setdefault(name[1], []).append(value)
    for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form[0], flags=re.S):
        sent[name] = [html.unescape(value)]
    return {name: values for name, values in sent.items() if name != "csrfmiddlewaretoken"}


def settle(answer: Any, **more: Any) -> Any:
    """The page sent as it stands, but for `more` (`pick_if` is the choice for the part)."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    done = answer.browser.post(MERGE, {**offered(answer), **named})
    done.browser = answer.browser
    return done


# ---- part by part


def test_parts_changed_by_one_side_are_put_together_and_the_page_says_who_changed_them(late):
    answer = late(MINE)
    assert answer.status_code == 409
    assert sides(answer, "if") == {"theirs": "staff stay in post for years", "mine": "staff stay in post"}
    assert sides(answer, "because") == {"theirs": "trust grows with time", "mine": "trust grows slowly with time"}
    assert sides(answer, "then") == {}
    page = told(answer)
    for said in ("Lena Lead saved S1 before you", "Mine & good", "Theirs.", "Only Lena Lead changed this.",
                 "Only you changed this.", "The two fit together: nothing was changed by both.",
                 "put together below: the context, the mechanism, the themes"):  # fmt: skip
        assert said in page, said
    assert result(answer) == BOTH
    assert Statement.objects.get().wording == THEIRS


def test_saving_what_is_offered_makes_the_next_version_with_both_edits(late):
    saved = settle(late(MINE))
    now = Statement.objects.get()
    assert (saved.status_code, now.revision_number, now.wording) == (302, 3, BOTH)
    assert sorted(now.taggings.values_list("theme__code", flat=True)) == ["C2", "O4", "P6"]
    assert now.revisions.first().reason == "Mine & good"
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("picks", "wording"),
    [
        ({"pick_if": "mine"}, MINE),
        ({"pick_because": "theirs"}, THEIRS),
        ({"pick_if": "mine", "pick_because": "theirs"}, BASE),
    ],
)
def test_a_part_that_one_side_changed_can_be_chosen_the_other_way(picks, wording, late):
    settle(late(MINE), **picks, reason="")
    assert Statement.objects.get().wording == wording


def test_a_part_that_both_changed_comes_first_and_waits_for_a_choice(late):
    answer = late(CLASH)
    assert set(sides(answer, "if")) == {"theirs", "mine"}, "there is no merged text to take"
    assert "1 part needs you: you both changed it." in told(answer)
    assert "pick-if" not in offered(answer)
    refused = settle(answer)
    assert refused.status_code == 422
    assert "Choose what the context shall say: theirs, mine or your own words." in told(refused)
    assert Statement.objects.get().revision_number == 2


@pytest.mark.parametrize(
    ("choice", "first"),
    [
        ({"pick_if": "theirs"}, "staff stay in post for years"),
        ({"pick_if": "mine"}, "staff remain"),
        ({"own_if": "staff remain in post for years"}, "staff remain in post for years"),
        ({"pick_if": "own", "own_if": "If staff last,"}, "staff last"),
        ({"pick_if": "theirs", "own_if": "staff last"}, "staff last"),
    ],
    ids=["theirs", "mine", "own words", "own words with their connective", "own words before the choice"],
)
def test_a_choice_without_a_script_takes_that_text(choice, first, late):
    assert settle(late(CLASH), **choice).status_code == 302
    assert Statement.objects.get().wording == f"If {first}, then families trust them, because trust grows with time."


def test_other_words_of_one_part_are_offered_together(late, cast, actor):
    answer = late(BASE.replace("staff", "most staff"))
    assert sides(answer, "if")["both"] == "most staff stay in post for years"
    assert offered(answer)["pick-if"] == ["both"]
    settle(answer)
    assert Statement.objects.get().wording == THEIRS.replace("staff", "most staff")


def test_a_mechanism_that_i_added_joins_what_they_changed(cast, actor, as_, statement):
    made = statement("If staff stay, then families trust them.")
    revise(made, by=actor(cast.lead), base=1, words=Words(wording="If staff stay, then most families trust them."))
    mine = "If staff stay, then families trust them, because trust grows with time."
    answer = as_(cast.editor).post(URL, {"base": 1, "mode": "sentence", "wording": mine})
    answer.browser = as_(cast.editor)
    assert sides(answer, "because") == {"theirs": "", "mine": "trust grows with time"}
    settle(answer)
    wanted = "If staff stay, then most families trust them, because trust grows with time."
    assert Statement.objects.get().wording == wanted


def test_the_sentence_can_be_looked_at_before_it_is_saved_and_own_words_stay(late):
    shown = settle(late(CLASH), do="show", own_if="staff last", reason="Why not")
    assert shown.status_code == 200
    assert result(shown).startswith("If staff last, then")
    assert offered(shown) | {"nonce": 0} == offered(shown) | {
        "nonce": 0, "own-if": ["staff last"], "pick-if": ["own"], "reason": ["Why not"],
    }  # fmt: skip
    assert Statement.objects.get().revision_number == 2
    assert settle(shown).status_code == 302
    assert Statement.objects.get().wording == CLASH.replace("remain", "last")


def test_with_a_script_the_sentence_is_answered_as_a_fragment(late):
    answer = late(CLASH)
    form = {**offered(answer), "pick-if": "mine"}
    part = answer.browser.post(MERGE, form, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "staff remain" in part
    assert Statement.objects.get().revision_number == 2


def test_the_choices_so_far_are_kept_as_a_draft_and_leaving_says_so(late):
    answer = late(CLASH)
    kept = answer.browser.post(f"{MERGE}/draft", {**offered(answer), "own-if": "staff last"})
    assert kept.status_code == 204
    assert Draft.objects.get().fields["wording"] == CLASH.replace("remain", "last")
    left = settle(answer, do="later", reason="Later")
    assert (left.status_code, left["Location"]) == (302, "/p/cse-test/s/1")
    draft = Draft.objects.get()
    assert (draft.base, draft.fields["wording"], draft.fields["reason"]) == (1, CLASH, "Later")
    assert sorted(draft.fields["theme"]) == ["C2", "O4", "P6"]
    assert Statement.objects.get().revision_number == 2


def test_a_second_mismatch_comes_back_with_the_choices_as_mine(late, cast, actor):
    answer = late(CLASH)
    again = BASE.replace("stay in post", "stay in post for years").replace("families", "most families")
    revise(Statement.objects.get(), by=actor(cast.lead), base=2, words=Words(wording=again))
    second = settle(answer, own_if="staff last")
    assert second.status_code == 409
    assert sides(second, "if")["mine"] == "staff last"
    assert sides(second, "then") == {"theirs": "most families trust them", "mine": "families trust them"}
    assert "The two fit together: nothing was changed by both." in told(second)
    assert Draft.objects.get().fields["wording"] == CLASH.replace("remain", "last")
    assert settle(second).status_code == 302
    assert Statement.objects.get().wording == again.replace("stay in post for years", "last")


def test_area_and_state_are_put_together_or_asked_for_like_the_words(late, cast, actor, area):
    one, two = area("One"), area("Two")
    revise(Statement.objects.get(), by=actor(cast.lead), base=2, area=one, state="agreed")
    answer = late(MINE, area=two.slug, state="draft")
    page = told(answer)
    assert "Theirs: One" in page
    assert "Mine: Two" in page
    assert "1 part needs you" in page
    assert "the state" in page
    refused = settle(answer)
    assert refused.status_code == 422
    assert "Choose the theory area: theirs or mine." in told(refused)
    assert settle(refused, area=two.slug).status_code == 302
    now = Statement.objects.get()
    assert (now.area, now.state, now.wording) == (two, "agreed", BOTH)


def test_an_area_that_nobody_changed_stays(late, cast, actor, area):
    one = area("One")
    now = revise(Statement.objects.get(), by=actor(cast.lead), base=2, area=one)
    revise(now, by=actor(cast.lead), base=3, words=Words(wording=THEIRS + " "))
    answer = late(MINE, base=3, area=one.slug)
    assert "Theory area" not in told(answer).partition("</form>")[0]
    settle(answer)
    assert Statement.objects.get().area == one


def test_three_parts_are_put_together_as_the_sentence_they_make(late):
    answer = late(
        "", mode="parts", **{"if": "staff stay in post", "then": "families trust them",
            "because": "trust grows slowly with time"}
    )  # fmt: skip
    assert answer.status_code == 409
    settle(answer)
    assert Statement.objects.get().wording == BOTH


def test_the_same_words_on_both_sides_ask_for_nothing(late):
    answer = late(THEIRS)
    assert "You both wrote the same words." in told(answer)
    settle(answer)
    now = Statement.objects.get()
    assert (now.wording, now.taggings.count()) == (THEIRS, 3)


def test_a_form_that_does_not_say_what_it_began_with_leads_back_to_the_edit(late):
    answer = late(MINE)
    assert answer.browser.post(MERGE, {"mine": MINE})["Location"] == URL
    assert answer.browser.get(MERGE)["Location"] == URL
    assert answer.browser.post(f"{MERGE}/draft", {"mine": MINE}).status_code == 422


# ---- as one sentence


def test_a_sentence_whose_parts_do_not_line_up_is_shown_as_a_whole(late):
    answer = late(FREE)
    found = versions(answer.content.decode())
    assert answer.status_code == 409
    assert (found["theirs"], found["mine"], found["base"]) == (THEIRS, FREE, BASE)
    assert sides(answer, "if") == {}


def test_the_whole_sentence_can_be_written_instead_of_its_parts(late):
    whole = settle(late(CLASH), do="whole", own_if="staff last")
    assert whole.status_code == 200
    sent = offered(whole)
    assert sent["wording"] == [CLASH.replace("remain", "last")]
    assert versions(whole.content.decode())["mine"] == CLASH
    assert settle(whole, wording="Trust takes time.").status_code == 302
    assert Statement.objects.get().wording == "Trust takes time."


@pytest.mark.parametrize(("pick", "wording"), [("theirs", THEIRS), ("mine", FREE)])
def test_a_choice_of_the_whole_sentence_without_a_script_takes_that_text(pick, wording, late):
    settle(late(FREE), pick=pick)
    assert Statement.objects.get().wording == wording


def test_what_is_written_as_the_whole_sentence_comes_before_the_choice(late):
    settle(late(FREE), wording="If a third, then that.", pick="theirs")
    assert Statement.objects.get().wording == "If a third, then that."


def test_words_that_both_changed_are_marked_and_not_saved_with_the_marks(late):
    answer = late("Staff remain. Trust grows with time.")
    merged = versions(answer.content.decode())["merged"]
    assert "⟦" in merged
    assert "remain" in merged
    assert "for years" in merged
    refused = settle(answer)
    assert refused.status_code == 422
    assert "Choose between the two readings that are still marked in the text." in told(refused)
    assert Statement.objects.get().revision_number == 2


def test_a_third_save_meanwhile_leads_back_with_the_whole_sentence_kept(late, cast, actor):
    answer = late(FREE)
    revise(Statement.objects.get(), by=actor(cast.lead), base=2, words=Words(wording="A third."))
    again = settle(answer, wording="If both, then both.")
    assert again.status_code == 409
    found = versions(again.content.decode())
    assert (found["theirs"], found["mine"], found["base"]) == ("A third.", "If both, then both.", THEIRS)


# ---- nothing typed is lost


def test_what_was_typed_is_kept_as_a_draft_to_the_last_character(late, cast):
    typed = "  If\ttabs — and “quotes” 🏴󠁧󠁢󠁷󠁬󠁳󠁿,\nthen <b>kept</b> & so.  "
    late(typed)
    draft = Draft.objects.get()
    assert (draft.person, draft.base, draft.fields["wording"]) == (cast.editor, 1, typed)
    assert (draft.fields["theme"], draft.fields["reason"]) == (["O4", "P6"], "Mine & good")


def test_the_edit_page_takes_the_draft_up_again_and_leads_to_the_conflict_again(late):
    answer = late(MINE)
    page = answer.browser.get(URL)
    assert MINE in told(page)
    assert re.search(r'name="base" value="1"', page.content.decode())
    assert late(MINE).status_code == 409


def test_an_edit_of_what_was_retired_meanwhile_loses_nothing(late, cast, actor):
    retire(Statement.objects.get(), by=actor(cast.lead), base=2)
    answer = late(MINE)
    assert answer.status_code == 409
    assert "S1 was retired meanwhile." in told(answer)
    assert sides(answer, "because")["mine"] == "trust grows slowly with time"
    assert Draft.objects.get().fields["wording"] == MINE
    refused = settle(answer)
    assert refused.status_code == 422
    assert "S1 is retired; restore it first." in told(refused)
    assert Draft.objects.get().fields["wording"] == BOTH


def test_words_that_cannot_be_stored_come_back_on_the_page(late):
    answer = late(MINE.replace("slowly", "sl\x00owly"))
    assert answer.status_code == 422
    assert "There is a problem" in told(answer)
    assert "owly" in told(answer)


def test_with_htmx_the_whole_page_takes_the_place_of_the_whole_page(late):
    answer = late(MINE)
    part = answer.browser.post(
        URL, {"base": 1, "mode": "sentence", "wording": MINE, "theme": "O4"}, HTTP_HX_REQUEST="true"
    )
    assert (part.status_code, part["HX-Retarget"], part["HX-Push-Url"]) == (409, "#main", URL)


def test_a_save_after_the_session_ended_gives_the_words_back_at_sign_in(late, client, cast, programme):
    answer = late(CLASH)
    form = {**offered(answer), "pick-if": "mine"}
    out = client.post(MERGE, form)
    assert out.status_code == 401
    kept = re.findall(r'name="(kept[^"]*)" value="([^"]*)"', out.content.decode())
    fields: dict[str, list[str]] = {}
    for name, value in kept:
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    assert fields["kept:mine"] == [CLASH]
    signed = client.post("/sign-in", {**fields, "username": "editor", "password": "pass-for-tests-1"})
    assert CLASH in told(signed)
    assert Statement.objects.get().wording == THEIRS
    again = {name.removeprefix("kept:"): value for name, value in fields.items() if name.startswith("kept:")}
    assert client.post(MERGE, again).status_code == 302
    assert Statement.objects.get().wording == CLASH
