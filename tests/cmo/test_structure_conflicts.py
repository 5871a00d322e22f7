"""Claims about two edits of one element, rival group or demi-regularity: both stand in one form, nothing is lost."""

import html
import re
from typing import Any

import pytest

from cmo.models import DemiRegularity, Element, RivalGroup
from cmo.rules.arranging import add_area
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce, revise_element, turn_element
from tests.pages import text

P = "/p/cse-test"


@pytest.fixture
def editor(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


@pytest.fixture
def by(cast: Any, actor: Any) -> Any:
    return actor(cast.lead)


@pytest.fixture
def element(programme: Any, by: Any) -> Element:
    return introduce(programme, by=by, kind="context", text="The team meets weekly in one place", formal_theory="None")


@pytest.fixture
def three(programme: Any, by: Any) -> None:
    for at in range(3):
        configure(programme, by=by, words={"nickname": f"One {at}"})


def fields_in(page: str) -> dict[str, str]:
    """The fields of the last form of a page."""
    page = page[page.rindex("novalidate") :]
    found = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] not in ("nonce", "csrfmiddlewaretoken", "theme"):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


# ---- elements


def test_two_edits_of_an_element_stand_in_one_form_and_are_saved_together(element, editor, by, themes):
    revise_element(
        element, by=by, base=1, text="The whole team meets weekly in one place", traits={"level": "micro"},
        themes=[themes["O4"]],
    )  # fmt: skip
    mine = {"base": "1", "text": "The team meets weekly in one room", "polarity": "facilitating", "theme": "C2"}
    answer = editor.post(f"{P}/e/1/edit", {**mine, "formal_theory": "None", "state": "draft"})
    page = answer.content.decode()
    assert answer.status_code == 409
    fields = fields_in(page)
    assert fields["text"] == "The whole team meets weekly in one room"
    assert (fields["level"], fields["polarity"], fields["base"]) == ("micro", "facilitating", "2")
    for words in ("<ins>whole </ins>", "<del>place</del><ins>room</ins>", "both changed it", "they changed it"):
        assert words in page, words
    for code in ("O4", "C2"):
        assert re.search(rf'name="theme" value="{code}"[^>]*checked', page), code
    assert Element.objects.get().revision_number == 2
    assert editor.post(f"{P}/e/1/edit", {**fields, "theme": ["O4", "C2"]}).status_code == 302
    now = Element.objects.get()
    assert (now.text, now.level, now.polarity) == (fields["text"], "micro", "facilitating")


def test_words_that_both_changed_must_be_chosen_before_an_element_is_saved(element, editor, by):
    revise_element(element, by=by, base=1, text="The team meets daily in one place", traits={"level": "micro"})
    mine = {"base": "1", "text": "The team meets monthly in one place", "level": "macro", "formal_theory": "None"}
    page = editor.post(f"{P}/e/1/edit", mine).content.decode()
    fields = fields_in(page)
    assert fields["text"] == "The team meets ⟦theirs: daily ¦ mine: monthly⟧ in one place"
    assert fields["level"] == "macro"
    assert "You both changed 2 things" in page
    assert "Yours stands in the form below." in page
    refused = editor.post(f"{P}/e/1/edit", fields)
    assert (refused.status_code, "still marked" in refused.content.decode()) == (422, True)
    assert editor.post(f"{P}/e/1/edit", {**fields, "text": "The team meets"}).status_code == 302


def test_what_was_typed_of_an_element_that_was_retired_meanwhile_is_still_there(element, editor, by):
    turn_element(element, by=by, base=1, retired=True)
    answer = editor.post(f"{P}/e/1/edit", {"base": "1", "text": "Mine", "formal_theory": "None", "state": "draft"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "E1 was retired meanwhile" in page
    assert fields_in(page)["text"] == "Mine"


def test_hostile_words_on_the_conflict_page_are_text(element, editor, by):
    revise_element(element, by=by, base=1, text='<script>alert("theirs")</script>')
    page = editor.post(f"{P}/e/1/edit", {"base": "1", "text": "<img src=x onerror=mine>"}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=mine&gt;" in page


# ---- what gathers configurations


def test_two_edits_of_a_rival_group_stand_in_one_form(three, editor, cast, as_):
    lead = as_(cast.lead)
    assert editor.post(f"{P}/rivals/new", {"title": "Why guidance lies idle", "configurations": "CMO1"}).status_code
    fields = fields_in(editor.get(f"{P}/rivals/1/edit").content.decode())
    theirs = {"configurations": "CMO1, CMO2", "rationale": "Seen twice", "verdict": "both"}
    assert lead.post(f"{P}/rivals/1/edit", {**fields, **theirs}).status_code == 302
    answer = editor.post(
        f"{P}/rivals/1/edit", {**fields, "title": "Why new guidance lies idle", "configurations": "cmo1 cmo3"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    merged = fields_in(page)
    assert (merged["title"], merged["configurations"]) == ("Why new guidance lies idle", "CMO1, CMO2, CMO3")
    assert (merged["rationale"], merged["verdict"], merged["base"]) == ("Seen twice", "both", "2")
    assert "Each holds in its own contexts" in text(answer)
    assert editor.post(f"{P}/rivals/1/edit", merged).status_code == 302
    group = RivalGroup.objects.get()
    assert (group.title, group.verdict, group.members.count()) == ("Why new guidance lies idle", "both", 3)


def test_two_edits_of_a_demi_regularity_stand_in_one_form(three, editor, cast, as_):
    editor.post(f"{P}/patterns/new", {"text": "Time comes first", "configurations": "CMO1, CMO2"})
    fields = fields_in(editor.get(f"{P}/patterns/1/edit").content.decode())
    assert as_(cast.lead).post(f"{P}/patterns/1/edit", {**fields, "text": "Trust comes first"}).status_code == 302
    answer = editor.post(f"{P}/patterns/1/edit", {**fields, "text": "Money comes first", "moderators": "Size"})
    merged = fields_in(answer.content.decode())
    assert answer.status_code == 409
    assert (merged["text"], merged["moderators"]) == ("⟦theirs: Trust ¦ mine: Money⟧ comes first", "Size")
    refused = editor.post(f"{P}/patterns/1/edit", merged)
    assert (refused.status_code, DemiRegularity.objects.get().text) == (422, "Trust comes first")
    assert editor.post(f"{P}/patterns/1/edit", {**merged, "text": "Money"}).status_code == 302


@pytest.mark.parametrize("shown", ["", "{", "[]", '{"title": 7}', "[" * 5000])
def test_a_form_that_lost_what_it_began_with_still_loses_nothing(shown, three, editor, cast, as_):
    editor.post(f"{P}/rivals/new", {"title": "Theirs", "configurations": "CMO1"})
    as_(cast.lead).post(f"{P}/rivals/1/edit", {"base": "1", "title": "Theirs now", "configurations": "CMO1"})
    answer = editor.post(f"{P}/rivals/1/edit", {"base": "1", "title": "Mine", "shown": shown})
    assert answer.status_code == 409
    assert "Mine" in fields_in(answer.content.decode())["title"]


def test_the_page_names_an_area_by_its_title(programme, editor, cast, as_, by):
    add_area(programme, by=by, title="Trusted relationships")
    configure(programme, by=by, words={"nickname": "One"})
    as_(cast.lead).post(f"{P}/cmo/1/edit", {"base": "1", "nickname": "One", "area": "trusted-relationships"})
    answer = editor.post(f"{P}/cmo/1/edit", {"base": "1", "nickname": "One or two", "area": ""})
    said = text(answer)
    assert answer.status_code == 409
    assert "Trusted relationships" in said
    assert "trusted-relationships" not in said
