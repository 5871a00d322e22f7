"""Claims about the forms of the codebook page: what they do, and what they say when they do not."""

from typing import Any

import pytest
from django.urls import reverse

from cmo.models import Statement, StatementTheme
from programmes.models import Theme, ThemeRevision
from programmes.rules.classifying import add_theme, edit_theme, move_theme
from tests.codebook_page import HERE, now, rows, send, words
from tests.pages import said, text

pytestmark = pytest.mark.usefixtures("contexts")


@pytest.fixture
def page(as_: Any, cast: Any, themes: Any) -> Any:
    return as_(cast.editor)


# ---- saving


def test_a_theme_is_added_where_it_was_asked_for(page, themes):
    form = page.get(HERE, {"code": "new", "under": "O4"})
    assert form.context["new"]["parent"].value() == str(themes["O4"].uid)
    given = {"code": "O4.1", "name": "Refreshers", "parent": str(themes["O4"].uid), "reason": "Heard twice."}
    answer = page.post(f"{HERE}/add", given)
    assert answer["Location"] == f"{HERE}?code=O4.1#code"
    made = Theme.objects.get(code="O4.1")
    assert (made.parent, made.name, made.revisions.get().reason) == (themes["O4"], "Refreshers", "Heard twice.")
    assert said(page, answer) == "O4.1 Refreshers was added under O4."


def test_a_category_is_added_when_nothing_is_chosen_above(page):
    page.post(f"{HERE}/add", {"code": "G", "name": "Guidance", "parent": ""})
    assert Theme.objects.get(code="G").parent is None


def test_a_form_sent_twice_adds_once(page):
    given = {"code": "G", "name": "Guidance", "nonce": "n1"}
    first, second = page.post(f"{HERE}/add", given), page.post(f"{HERE}/add", given)
    assert first["Location"] == second["Location"]
    assert Theme.objects.filter(code="G").count() == 1


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"code": "o4"}, "code", "O4 is the code of “Training”; choose another."),
        ({"code": "", "name": ""}, "name", "Give a code or a name; a theme needs one of them."),
        ({"name": "a\x00b"}, "name", "Take out the character at position 2 (U+0000); it cannot be stored."),
        ({"name": "n" * 300}, "name", "This is 300 characters long; at most 200 fit here."),
        ({"reason": "r" * 2001}, "reason", "This is 2001 characters long; at most 2000 fit here."),
    ],
)
@pytest.mark.parametrize("door", ["add", "save"])
def test_bad_words_come_back_with_one_sentence_and_everything_typed(page, themes, door, given, field, sentence):
    typed = {**words(themes["O1"], code="O9", definition="Typed with care."), "base": "1", **given}
    before = ThemeRevision.objects.count()
    url = f"{HERE}/add" if door == "add" else reverse("theme-save", args=["cse-test", themes["O1"].uid])
    answer = page.post(url, typed)
    assert answer.status_code == 422
    form = answer.context["refused"]
    assert form.errors == {field: [sentence]}
    assert {name: form[name].value() for name in typed if name != "base"} == {
        name: value for name, value in typed.items() if name != "base"
    }
    assert "Typed with care." in text(answer)
    assert ThemeRevision.objects.count() == before


@pytest.mark.parametrize("parent", ["nonsense", "\x00", "11111111-1111-1111-1111-111111111111"])
def test_an_unknown_place_is_refused(page, themes, parent):
    answer = page.post(f"{HERE}/add", {"code": "G", "parent": parent})
    assert answer.status_code == 422
    assert list(answer.context["refused"].errors) == ["parent"]
    assert not Theme.objects.filter(code="G").exists()


@pytest.mark.parametrize("base", ["", "x", "-1", "0", "9" * 30])
def test_a_form_that_lost_its_base_says_so(page, themes, base):
    url = reverse("theme-save", args=["cse-test", themes["O4"].uid])
    answer = page.post(url, {**words(themes["O4"], name="Kept"), "base": base})
    sentence = "The form has lost the revision that it started from; load the page again."
    assert (answer.status_code, answer.context["refused"].errors) == (422, {"base": [sentence]})
    assert 'value="Kept"' in answer.content.decode()


def test_a_stale_save_loses_nothing_of_either_side(page, themes, actor, cast):
    edit_theme(now(themes["O4"]), by=actor(cast.lead), base=1, definition="Theirs.", name="Courses")
    typed = {**words(themes["O4"], name="Training", definition="Mine.", example="Also mine."), "base": "1"}
    url = reverse("theme-save", args=["cse-test", themes["O4"].uid])
    answer = page.post(url, typed)
    assert answer.status_code == 409
    sentence = (
        "Lena Lead changed O4 while you were writing, so nothing was saved."
        " What you typed is kept below: read it against what is saved now, and save again."
    )
    form = answer.context["refused"]
    assert form.non_field_errors() == [sentence]
    assert (form["definition"].value(), form["example"].value()) == ("Mine.", "Also mine.")
    assert form["name"].value() == "Courses"  # left alone here, changed there
    assert [(clash.label, clash.now) for clash in answer.context["clashes"]] == [("What it means", "Theirs.")]
    assert "<del>Theirs</del><ins>Mine</ins>." in answer.content.decode()
    again = page.post(url, {name: form[name].value() for name in (*typed, "base")})
    assert again.status_code == 302
    saved = now(themes["O4"])
    assert (saved.name, saved.definition, saved.example, saved.revision_number) == ("Courses", "Mine.", "Also mine.", 3)


def test_a_save_after_a_step_only_asks_to_be_sent_again(page, themes):
    send(page, themes["O4"], "shift", step="-1")
    url = reverse("theme-save", args=["cse-test", themes["O4"].uid])
    answer = page.post(url, {**words(themes["O4"], name="Courses"), "base": "1"})
    assert answer.status_code == 409
    assert answer.context["clashes"] == []
    assert "touches nothing of theirs: save again." in text(answer)


def test_a_save_leads_back_to_the_theme_under_its_new_code(page, themes):
    answer = send(page, themes["O4"], "save", **words(themes["O4"], code="O5"))
    assert answer["Location"] == f"{HERE}?code=O5#code"
    assert said(page, answer) == "O5 was saved as version 2."


# ---- place


def test_a_move_offers_everything_but_the_own_branch(page, themes):
    choices = page.get(HERE, {"code": "O1"}).context["move"]["parent"].field.widget.choices
    offered = [label.strip() for _value, label in choices]
    assert offered == [
        "Nothing: it is a category", "C Contexts", "C2 Local demand", "O Organisation", "O4 Training",
        "P Practice", "P6 Relationships", "Covid-19",
    ]  # fmt: skip


def test_a_theme_sent_under_its_own_child_comes_back_with_one_sentence(page, themes):
    answer = send(page, themes["O"], "move", parent=str(themes["O1.1"].uid), reason="Why not.")
    assert answer.status_code == 422
    sentence = "O Organisation cannot stand under itself or its own sub-theme."
    assert answer.context["refused"].errors == {"parent": [sentence]}
    assert answer.context["refused"]["reason"].value() == "Why not."
    assert now(themes["O"]).parent is None


def test_moves_and_steps_say_where_the_theme_now_stands(page, themes):
    moved = send(page, themes["O4"], "move", parent=str(themes["P"].uid))
    assert moved["Location"] == f"{HERE}?code=O4#code"
    assert said(page, moved) == "O4 was moved under P; all below it came along."
    down = send(page, themes["O4"], "shift", step="1")
    assert said(page, down) == "O4 now stands after P6."
    assert down["Location"].endswith("#code")  # the last one has no button to go on with
    up = send(page, themes["O4"], "shift", step="-1")
    assert said(page, up) == "O4 now stands before P6."
    assert rows(page.get(HERE))[-4:] == ["P Practice", "O4 Training", "P6 Relationships", "Covid-19"]
    assert said(page, send(page, themes["O4"], "move", parent="")) == "O4 is now a category."


def test_a_step_returns_to_its_button_while_there_is_somewhere_to_go(page, programme, themes, actor, cast):
    add_theme(programme, by=actor(cast.editor), parent=themes["O"], code="O9")
    answer = send(page, Theme.objects.get(code="O9"), "shift", step="-1")
    assert answer["Location"] == f"{HERE}?code=O9#up"


def test_ends_have_no_button_that_does_nothing(page):
    first, last = (page.get(HERE, {"code": code}).content.decode() for code in ("O1", "O4"))
    assert ('id="up"' in first, 'id="down"' in first) == (False, True)
    assert ('id="up"' in last, 'id="down"' in last) == (True, False)


def test_a_move_by_others_does_not_hide_what_was_typed(page, themes, actor, cast):
    move_theme(now(themes["O4"]), by=actor(cast.lead), base=1, parent=themes["P"])
    answer = send(page, themes["O4"], "move", base="1", parent=str(themes["C"].uid), reason="Belongs there.")
    assert answer.status_code == 409
    assert answer.context["refused"]["reason"].value() == "Belongs there."
    assert now(themes["O4"]).parent == themes["P"]


# ---- merging


def test_a_merge_first_shows_what_would_happen_and_changes_nothing(page, themes, statement):
    one, both = statement(themes=["O4"]), statement(themes=["O4", "P6"])
    statement(themes=["P6"])
    answer = send(page, themes["O4"], "merge", into=str(themes["P6"].uid), reason="The same.")
    assert answer.status_code == 200
    plan = answer.context["plan"]
    counted = plan.statements
    assert (counted.theme, counted.into, counted.both, counted.together) == (2, 2, 1, 3)
    assert [named["number"] for named in plan.named] == [one.number, both.number]
    assert answer.context["merge"]["reason"].value() == "The same."
    assert now(themes["O4"]).retired is False


def test_a_merge_that_was_seen_is_done(page, themes, statement):
    made = [statement(themes=["O4"]) for _ in range(3)]
    into = str(themes["P6"].uid)
    answer = send(page, themes["O4"], "merge", into=into, seen=into, reason="The same.")
    assert answer["Location"] == f"{HERE}?code=P6#code"
    assert said(page, answer) == "O4 was merged into P6. 3 statements follow."
    tags = StatementTheme.objects.filter(statement__in=made).values_list("theme__code", flat=True)
    assert set(tags) == {"P6"}
    assert Statement.objects.get(pk=made[0].pk).revisions.first().reason.endswith("The same.")


def test_another_choice_after_the_preview_is_shown_before_it_is_done(page, themes, statement):
    statement(themes=["O4"])
    answer = send(page, themes["O4"], "merge", into=str(themes["C2"].uid), seen=str(themes["P6"].uid))
    assert answer.status_code == 200
    assert answer.context["plan"].into == themes["C2"]
    assert now(themes["O4"]).retired is False


def test_a_merged_code_still_answers_and_leads_on(page, themes):
    into = str(themes["P6"].uid)
    send(page, themes["O4"], "merge", into=into, seen=into)
    old = page.get(HERE, {"code": "O4"})
    assert "It was merged into P6 Relationships and stays as another name of it" in text(old)
    assert "Also known as O4 Training" in text(page.get(HERE, {"code": "P6"}))


@pytest.mark.parametrize(
    ("into", "sentence"),
    [
        ("", "Choose the theme that O1 goes into."),
        ("O1.1", "O1.1 Visible leaders stands below O1 Leadership; merge it upwards instead."),
        ("O1", "A theme cannot be merged into itself."),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_before_the_preview(page, themes, into, sentence):
    uid = str(themes[into].uid) if into else ""
    answer = send(page, themes["O1"], "merge", into=uid, seen=uid, reason="Kept.")
    assert answer.status_code == 422
    assert answer.context["refused"].errors == {"into": [sentence]}
    assert answer.context["refused"]["reason"].value() == "Kept."


def test_a_stale_merge_is_not_done_and_must_be_seen_anew(page, themes, actor, cast):
    edit_theme(now(themes["O4"]), by=actor(cast.lead), base=1, name="Courses")
    into = str(themes["P6"].uid)
    answer = send(page, themes["O4"], "merge", base="1", into=into, seen=into, reason="The same.")
    assert answer.status_code == 409
    assert "Lena Lead changed O4 while this page was open, so nothing was done." in text(answer)
    assert answer.context["refused"]["reason"].value() == "The same."
    assert 'name="seen"' not in answer.content.decode()
    assert now(themes["O4"]).retired is False


# ---- retire and restore


def test_retire_and_restore_with_a_reason(page, themes):
    gone = send(page, themes["O4"], "retire", reason="Never used.")
    assert said(page, gone).startswith("O4 is retired")
    assert now(themes["O4"]).retired is True
    assert "Restore O4" in text(page.get(HERE, {"code": "O4"}))
    back = send(page, themes["O4"], "restore", reason="Needed after all.")
    assert said(page, back) == "O4 is in use again."
    reasons = ThemeRevision.objects.filter(theme=themes["O4"]).values_list("reason", flat=True)
    assert list(reasons) == ["Needed after all.", "Never used.", ""]


def test_a_theme_with_children_offers_no_retiring_and_refuses_it(page, themes):
    assert "Retire O1" not in text(page.get(HERE, {"code": "O1"}))
    answer = send(page, themes["O1"], "retire", reason="Kept.")
    assert answer.status_code == 422
    assert answer.context["refused"].non_field_errors() == ["Move or retire the themes below O1 Leadership first."]
