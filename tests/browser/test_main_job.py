"""The main job as a team does it: rewrite, tag, meet a colleague's change, lose nothing, read it all from a script."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import edit_in_place, sign_in
from tests.browser.served import Served

pytestmark = pytest.mark.browser


def part(form: Any, name: str) -> Any:
    return form.locator(f"textarea[name={name}]")


def test_a_statement_is_rewritten_tagged_contested_and_read_by_a_script(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    lead = open_as("lead", own.edit, refusals=(409,))  # opened now, saved later: from version 1

    editor = open_as("editor", own.listed)
    form = edit_in_place(editor, own)
    part(form, "then").fill("families open the door sooner")
    find = form.get_by_label("Find a theme by code or name")
    find.focus()
    editor.keyboard.type("g4")
    expect(form.locator("[data-picker-said]")).to_contain_text("Enter takes G4")
    editor.keyboard.press("Enter")
    editor.keyboard.type("multi-agency work")
    expect(form.locator("[data-picker-said]")).to_contain_text("C2")
    editor.keyboard.press("Enter")
    expect(form.locator("[data-picker-chosen]")).to_contain_text("C2")
    expect(form.locator("[data-picker-chosen]")).to_contain_text("G4")
    part(form, "reason").fill("Said so in two interviews.")
    form.get_by_role("button", name="Save as new version").click()

    number = editor.locator(f"#s{own.number} .stmt__id a")
    expect(number).to_be_focused()
    expect(editor.locator("#said")).to_have_text(f"{own.label} saved as version 2.")
    expect(editor.locator(f"#s{own.number}")).to_contain_text("sooner")
    assert own.now()["themes"] == ["C2", "G4", "O4"]

    editor.goto(f"{own.page}#history")
    second = editor.locator("#v2")
    expect(second.locator("ins").first).to_have_text("sooner")
    expect(second).to_contain_text("Nia Prosser")
    expect(second).to_contain_text("Said so in two interviews.")

    lead_form = lead.get_by_role("form", name=f"Edit {own.label}")
    part(lead_form, "because").fill("visits feel safe and are foreseen.")
    part(lead_form, "reason").fill("What the second site told us.")
    lead_form.get_by_role("button", name="Save as new version").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text(f"Nia Prosser saved {own.label} before you")
    expect(lead.locator("[data-version=theirs]")).to_contain_text("sooner")
    expect(lead.locator("[data-version=mine]")).to_contain_text("and are foreseen")
    lead.get_by_text("What you both started from, version 1").click()
    expect(lead.locator("[data-version=base] .serif")).to_have_text(own.wording)
    merged = lead.get_by_label("As it will be saved")
    expect(merged).to_have_value(
        f"If {own.mark} visits weekly, then families open the door sooner, because visits feel safe and are foreseen."
    )
    expect(lead.get_by_label("Both, as below")).to_be_checked()
    expect(lead.get_by_label("Why, for the history")).to_have_value("What the second site told us.")
    lead.get_by_role("button", name="Save the text above").click()
    expect(lead.get_by_text(f"{own.label} saved as version 3.").first).to_be_visible()

    assert [each["number"] for each in own.revisions()] == [3, 2, 1]
    assert own.now()["themes"] == ["C2", "G4", "O4"]
    lead.goto(f"{own.page}?from=1&to=3&view=side#compare")
    expect(lead.locator(".diff__cols ins")).to_have_text(["sooner", "and are foreseen"])
    lead.get_by_role("navigation", name="View of the difference").get_by_role("link", name="Inline").click()
    expect(lead.locator("#compare .diff ins")).to_have_text(["sooner", "and are foreseen"])

    wording = own.now()["wording"]
    found = served.api("statements/?theme=G4&page_size=200")["results"]
    assert [each["wording"] for each in found if each["number"] == own.number] == [wording]
    lead.goto(own.listed)
    with lead.expect_download() as waiting:
        lead.get_by_role("link", name="Export").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["wording"] for row in rows] == [wording]


def conflict(
    open_as: Callable[..., Page], served: Served, own: SimpleNamespace, *, in_place: bool
) -> tuple[Page, str, str]:
    """(the editor's page that shows the conflict of two changes to the same words, theirs, mine)."""
    page = open_as("editor", own.listed if in_place else own.edit, refusals=(409, 422))
    form = edit_in_place(page, own) if in_place else page.get_by_role("form", name=f"Edit {own.label}")
    theirs = own.wording.replace("open the door", "open up")
    served.revise(own.number, wording=theirs)
    part(form, "then").fill("families welcome them in")
    part(form, "reason").fill("My reason.")
    form.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"saved {own.label} before you")
    return page, theirs, own.wording.replace("open the door", "welcome them in")


@pytest.mark.parametrize("in_place", [True, False])
def test_words_that_both_changed_are_marked_and_the_marks_must_go(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], in_place: bool
) -> None:
    own = stated()
    page, _theirs, _mine = conflict(open_as, served, own, in_place=in_place)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("1 place needs you: you both changed it.")).to_be_visible()
    merged = page.get_by_label("As it will be saved")
    marked = merged.input_value()
    assert "⟦" in marked
    assert "open up" in marked
    assert "welcome them in" in marked
    page.get_by_role("button", name="Save the text above").click()
    problem = page.get_by_role("alert").filter(has_text="Choose between the two readings")
    expect(problem).to_be_focused()
    expect(merged).to_have_value(marked)
    expect(page.get_by_label("Why, for the history")).to_have_value("My reason.")
    written = own.wording.replace("open the door", "open up and welcome them in")
    merged.fill(written)
    page.get_by_role("button", name="Save the text above").click()
    expect(page.get_by_text(f"{own.label} saved as version 3.").first).to_be_visible()
    assert own.now()["wording"] == written


@pytest.mark.parametrize("pick", ["Theirs", "Mine"])
def test_either_side_is_taken_by_its_button(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], pick: str
) -> None:
    own = stated()
    page, theirs, mine = conflict(open_as, served, own, in_place=True)
    merged = page.get_by_label("As it will be saved")
    merged.fill("Something written by hand.")
    expect(page.get_by_label("As I wrote it here")).to_be_checked()
    page.get_by_label(pick, exact=True).check()
    chosen = theirs if pick == "Theirs" else mine
    expect(merged).to_have_value(chosen)
    page.get_by_label("As I wrote it here").check()
    expect(merged).to_have_value("Something written by hand.")
    page.get_by_label(pick, exact=True).check()
    page.get_by_role("button", name="Save the text above").click()
    expect(page.locator("#said")).to_contain_text(own.label)
    assert own.now()["wording"] == chosen


def test_a_second_conflict_keeps_what_was_made_of_the_first(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page, theirs, _mine = conflict(open_as, served, own, in_place=False)
    written = own.wording.replace("open the door", "open up and welcome them in")
    page.get_by_label("As it will be saved").fill(written)
    again = theirs.replace("weekly", "daily")
    served.revise(own.number, wording=again)
    page.get_by_role("button", name="Save the text above").click()
    expect(page.locator("[data-version=theirs]")).to_contain_text("daily")
    expect(page.get_by_label("As it will be saved")).to_have_value(written.replace("weekly", "daily"))
    page.get_by_role("button", name="Save the text above").click()
    expect(page.locator("[data-said]")).to_have_text(f"{own.label} saved as version 4.")
    assert own.now()["wording"] == written.replace("weekly", "daily")


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("meanwhile", ["the session ends", "somebody signs in again"])
def test_words_outlive_the_session(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], in_place: bool, meanwhile: str
) -> None:
    own = stated()
    page = open_as(None, refusals=(401, 403))
    sign_in(page, "editor")
    page.goto(own.listed if in_place else own.edit)
    form = edit_in_place(page, own) if in_place else page.get_by_role("form", name=f"Edit {own.label}")
    part(form, "then").fill("families open the door — “sooner”")
    part(form, "reason").fill("Written over lunch.")
    page.context.clear_cookies(name="sessionid")
    if meanwhile == "somebody signs in again":  # in another tab: the form here is older than that
        page.context.clear_cookies()
        other = page.context.new_page()
        sign_in(other, "editor")
        other.close()
    form.get_by_role("button", name="Save as new version").click()
    if meanwhile == "the session ends":
        expect(page.get_by_text("Nothing you wrote is lost")).to_be_visible()
        sign_in(page, "editor", go=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your form is still here")
    expect(page.get_by_text("families open the door — “sooner”")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("[data-said]")).to_have_text(f"{own.label} saved as version 2.")
    assert own.now()["then"].startswith("families open the door — “sooner”")
    assert own.revisions()[0]["reason"] == "Written over lunch."
