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
CLASH = "If staff remain, then families trust them, because trust grows with time."
URL = "/p/cse-test/s/1/edit"


@pytest.fixture
def late(cast: Any, actor: Any, as_: Any, statement: Any, themes: Any) -> Any:
    """`late(MINE)` is the answer to an editor who saves from version 1 after the lead saved version 2."""
    made = statement(BASE, themes=["O4"])
    revise(
        made, by=actor(cast.lead), base=1, words=Words(wording=THEIRS), themes=[themes["O4"], themes["C2"]],
            reason="Theirs."
    )
    browser = as_(cast.editor)

    def save(wording: str, **more: Any) -> Any:
        form = {"base": 1, "mode": "sentence", "wording": wording, "theme": ["O4", "P6"], "reason": "Mine & good",
            **more}
        answer = browser.post(URL, form)
        answer.browser = browser
        return answer

    return save


def told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def versions(page: str) -> dict[str, str]:
    """{theirs, mine, base, merged: text} as the page holds them."""
    return {name: html.unescape(text) for name, text in re.findall(r'data-version="(\w+)" data-text="([^"]*)"', page)}


def offered(page: str) -> dict[str, Any]:
    """The fields that the page would send when saved as it stands."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {name: html.unescape(value) for name, value in hidden.items() if name != "csrfmiddlewaretoken"}


def test_theirs_mine_base_and_the_two_put_together_stand_on_the_page(late):
    answer = late(MINE)
    both = "If staff stay in post for years, then families trust them, because trust grows slowly with time."
    assert answer.status_code == 409
    assert versions(answer.content.decode()) == {"theirs": THEIRS, "mine": MINE, "base": BASE, "merged": both}
    page = told(answer)
    assert "Lena Lead saved S1 before you" in page
    assert "Mine & good" in page
    assert "Theirs." in page
    assert Statement.objects.get().wording == THEIRS


def test_saving_what_is_offered_makes_the_next_version_with_both_edits(late, themes):
    answer = late(MINE)
    form = offered(answer.content.decode())
    merged = versions(answer.content.decode())["merged"]
    saved = answer.browser.post(URL, {**form, "wording": merged, "theme": ["O4", "C2", "P6"], "pick": "merged"})
    now = Statement.objects.get()
    assert (saved.status_code, now.revision_number, now.wording) == (302, 3, merged)
    assert sorted(now.taggings.values_list("theme__code", flat=True)) == ["C2", "O4", "P6"]
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(("pick", "wording"), [("theirs", THEIRS), ("mine", MINE)])
def test_a_choice_without_a_script_takes_that_text(pick, wording, late):
    answer = late(MINE)
    page = answer.content.decode()
    form = offered(page)
    answer.browser.post(URL, {**form, "wording": versions(page)["merged"], "theme": ["O4"], "pick": pick})
    assert Statement.objects.get().wording == wording


def test_what_is_written_in_the_merged_text_comes_before_the_choice(late):
    page = late(MINE)
    form = offered(page.content.decode())
    page.browser.post(URL, {**form, "wording": "If a third, then that.", "theme": ["O4"], "pick": "theirs"})
    assert Statement.objects.get().wording == "If a third, then that."


def test_words_that_both_changed_are_marked_and_not_saved_with_the_marks(late):
    answer = late(CLASH)
    page = answer.content.decode()
    merged = versions(page)["merged"]
    assert "⟦" in merged
    assert "remain" in merged
    assert "for years" in merged
    refused = answer.browser.post(URL, {**offered(page), "wording": merged, "pick": "merged"})
    assert refused.status_code == 422
    assert "Choose between the two readings that are still marked in the text." in told(refused)
    assert Statement.objects.get().revision_number == 2


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


def test_a_third_save_meanwhile_leads_back_with_the_words_kept(late, cast, actor):
    answer = late(MINE)
    form = offered(answer.content.decode())
    revise(Statement.objects.get(), by=actor(cast.lead), base=2, words=Words(wording="If third."))
    again = answer.browser.post(URL, {**form, "wording": "If both, then both.", "theme": ["O4"]})
    assert again.status_code == 409
    found = versions(again.content.decode())
    assert (found["theirs"], found["mine"], found["base"]) == ("If third.", "If both, then both.", THEIRS)


def test_three_parts_are_put_together_as_the_sentence_they_make(late):
    answer = late(
        "", mode="parts", **{"if": "staff stay in post", "then": "families trust them",
            "because": "trust grows slowly with time"}
    )
    assert answer.status_code == 409
    found = versions(answer.content.decode())
    assert (found["mine"], found["merged"].count("for years"), found["merged"].count("slowly")) == (MINE, 1, 1)


def test_an_edit_of_what_was_retired_meanwhile_loses_nothing(late, cast, actor):
    retire(Statement.objects.get(), by=actor(cast.lead), base=2)
    answer = late(MINE)
    assert answer.status_code == 409
    assert versions(answer.content.decode())["mine"] == MINE
    assert Draft.objects.get().fields["wording"] == MINE


def test_with_htmx_the_whole_page_takes_the_place_of_the_whole_page(late):
    answer = late(MINE)
    part = answer.browser.post(
        URL, {"base": 1, "mode": "sentence", "wording": MINE, "theme": "O4"}, HTTP_HX_REQUEST="true"
    )
    assert (part.status_code, part["HX-Retarget"], part["HX-Push-Url"]) == (409, "#main", URL)


def test_a_save_after_the_session_ended_gives_the_words_back_at_sign_in(late, client, cast, programme):
    late(MINE)
    form = {"base": "2", "mode": "sentence", "wording": CLASH, "theme": ["O4"], "reason": "Mine & good"}
    out = client.post(URL, form)
    assert out.status_code == 401
    kept = re.findall(r'name="(kept[^"]*)" value="([^"]*)"', out.content.decode())
    fields: dict[str, list[str]] = {}
    for name, value in kept:
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    assert fields["kept:wording"] == [CLASH]
    signed = client.post("/sign-in", {**fields, "username": "editor", "password": "pass-for-tests-1"})
    assert CLASH in told(signed)
    assert Statement.objects.get().wording == THEIRS
    again = {name.removeprefix("kept:"): value for name, value in fields.items() if name.startswith("kept:")}
    assert client.post(URL, again).status_code == 302
    assert Statement.objects.get().wording == CLASH
