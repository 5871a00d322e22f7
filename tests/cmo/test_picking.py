"""Claims about a theme that is added while a statement is being written: nothing typed is lost over it."""

from html import unescape
from typing import Any

import pytest

from cmo.models import Statement
from programmes.models import Theme
from tests.pages import main_of, text

P = "/p/cse-test"
HERE = f"{P}/codebook/add-here"


def theme(code: str = "", name: str = "", under: str = "") -> dict[str, str]:
    return {"new-code": code, "new-name": name, "new-under": under}


def ticked(answer: Any) -> list[str]:
    """The values of the picker's boxes that are ticked."""
    lines = main_of(answer).split('<input type="checkbox" name="theme" value="')[1:]
    return [unescape(line.split('"')[0]) for line in lines if line.split(">")[0].endswith("checked")]


@pytest.mark.parametrize("address", [f"{P}/s/new", f"{P}/s/1/edit"])
def test_without_a_script_the_form_comes_back_as_typed_with_the_theme_on_it(address, cast, as_, statement, themes):
    statement()
    browser = as_(cast.editor)
    typed = {"mode": "sentence", "base": 1, "wording": "If half", "reason": "Half a reason", "theme": "O4"}
    answer = browser.post(address, {**typed, **theme("O4.2", "Coaching"), "do": "add-theme"})
    assert answer.status_code == 200
    assert ticked(answer) == ["O4", "O4.2"]
    assert "If half" in main_of(answer)
    assert "Half a reason" in main_of(answer)
    made = Theme.objects.get(code="O4.2")
    assert (made.name, made.parent) == ("Coaching", themes["O4"])
    assert Statement.objects.get().revision_number == 1
    sent = {**typed, "wording": "If whole, then kept.", "theme": ["O4", "O4.2"], "nonce": "n1"}
    assert browser.post(address, sent).status_code == 302
    assert set(Statement.objects.last().taggings.values_list("theme__code", flat=True)) == {"O4", "O4.2"}


def test_a_theme_that_is_refused_says_why_beside_its_fields(cast, as_, statement, themes):
    statement()
    browser = as_(cast.editor)
    typed = {"mode": "sentence", "base": 1, "wording": "If half", "do": "add-theme"}
    answer = browser.post(f"{P}/s/1/edit", {**typed, **theme("O4", "Burnout", "P")})
    assert answer.status_code == 422
    assert "O4 is the code of “Training”; choose another." in text(answer)
    for kept in ('value="Burnout"', 'value="P"', "If half"):
        assert kept in main_of(answer)
    missing = browser.post(f"{P}/s/1/edit", {**typed, **theme("", "Burnout", "X9")})
    assert "There is no code “X9” to put it under." in text(missing)
    nothing = browser.post(f"{P}/s/1/edit", {**typed, **theme()})
    assert "Give a code or a name; a theme needs one of them." in text(nothing)
    assert Theme.objects.count() == len(themes)


def test_on_the_page_of_a_conflict_the_choices_stay(cast, as_, actor, statement, themes):
    base = {"base": 2, "started": 1, "mine": "If b, then y.", "pick-if": "mine"}
    statement("If a, then x.")
    as_(cast.lead).post(f"{P}/s/1/edit", {"mode": "sentence", "base": 1, "wording": "If c, then x."})
    answer = as_(cast.editor).post(f"{P}/s/1/merge", {**base, **theme(name="Trust"), "do": "add-theme"})
    assert answer.status_code == 200
    assert ticked(answer) == [str(Theme.objects.get(name="Trust").uid)]
    assert 'value="mine" checked' in main_of(answer)


@pytest.mark.parametrize(
    ("given", "above"),
    [
        (theme("O1.1.3", "Deep"), "O1.1"),
        (theme("P9", "New"), "P"),
        (theme("Z1", "Elsewhere"), None),
        (theme("", "Loose"), None),
        (theme("Q7", "By hand", "c2"), "C2"),
    ],
)
def test_a_theme_goes_where_its_code_belongs_unless_somebody_says_where(given, above, cast, as_, themes):
    answer = as_(cast.editor).post(HERE, given)
    assert answer.status_code == 200
    made = Theme.objects.get(name=given["new-name"])
    assert (made.parent.code if made.parent else None) == above
    assert f'value="{made.label}" checked' in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("given", [theme("o4"), theme("", "TRAINING"), theme("O4", "training")])
def test_a_theme_that_is_there_already_is_taken_and_not_added_twice(given, cast, as_, themes):
    answer = as_(cast.editor).post(HERE, given)
    assert 'value="O4" checked' in answer.content.decode()
    assert Theme.objects.count() == len(themes)


def test_a_refusal_for_the_script_is_one_sentence(cast, as_, themes):
    answer = as_(cast.editor).post(HERE, theme("O4", "<b>"))
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert answer.content.decode() == "O4 is the code of “Training”; choose another."


def test_the_chips_of_the_form_stand_in_the_order_of_the_row(cast, as_, statement, programme, themes):
    statement(themes=["P6", "Covid-19", "O4", "C2"])
    page = main_of(as_(cast.editor).get(f"{P}/s/1/edit"))
    chips = page.partition("data-picker-chosen")[2].partition("</ul>")[0]
    row = main_of(as_(cast.editor).get(f"{P}/theory"))
    order = ["Local demand", "Training", "Relationships", "Covid-19"]
    for shown in (chips, row.partition('class="stmts"')[2]):
        assert sorted(order, key=shown.index) == order


def test_a_viewer_is_not_offered_what_they_may_not_do(cast, as_, statement, themes):
    statement()
    assert "data-add" not in main_of(as_(cast.viewer).get(f"{P}/theory"))
    assert as_(cast.contributor).post(HERE, theme("Z1")).status_code == 403
