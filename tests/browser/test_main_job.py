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
    expect(lead.locator("#mg-then [data-version=theirs]")).to_contain_text("sooner")
    expect(lead.locator("#mg-because [data-version=mine]")).to_contain_text("and are foreseen")
    expect(lead.locator("#mg-if")).to_have_count(0)
    expect(lead.locator("#mg-then").get_by_label("Theirs")).to_be_checked()
    expect(lead.locator("#mg-because").get_by_label("Mine")).to_be_checked()
    saved_as = lead.get_by_role("region", name="As it will be saved, version 3")
    expect(saved_as).to_contain_text("families open the door sooner,")
    expect(saved_as).to_contain_text("visits feel safe and are foreseen.")
    expect(lead.get_by_label("Why, for the history")).to_have_value("What the second site told us.")
    lead.get_by_role("button", name="Save version 3").click()
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
    expect(page.get_by_text("1 part needs you: you both changed it.")).to_be_visible()
    merged = page.get_by_label("What the outcome will say")
    marked = merged.input_value()
    assert "⟦" in marked
    assert "open up" in marked
    assert "welcome them in" in marked
    page.get_by_role("button", name="Save version 3").click()
    problem = page.get_by_role("alert").filter(has_text="Choose what the outcome shall say")
    expect(problem).to_be_focused()
    problem.get_by_role("link").click()
    expect(page.locator("#mg-then")).to_be_focused()
    expect(merged).to_have_value(marked)
    expect(page.get_by_label("Why, for the history")).to_have_value("My reason.")
    merged.fill("families open up and welcome them in")
    expect(page.locator("#mg-then").get_by_label("As I write it below")).to_be_checked()
    expect(page.locator("[data-preview-out]")).to_contain_text("families open up and welcome them in,")
    page.get_by_role("button", name="Save version 3").click()
    expect(page.get_by_text(f"{own.label} saved as version 3.").first).to_be_visible()
    assert own.now()["wording"] == own.wording.replace("open the door", "open up and welcome them in")


@pytest.mark.parametrize("pick", ["Theirs", "Mine"])
def test_either_side_is_taken_by_its_button(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], pick: str
) -> None:
    own = stated()
    page, theirs, mine = conflict(open_as, served, own, in_place=True)
    merged, asked = page.get_by_label("What the outcome will say"), page.locator("#mg-then")
    merged.fill("something written by hand")
    expect(asked.get_by_label("As I write it below")).to_be_checked()
    asked.get_by_label(pick, exact=True).check()
    words = "open up" if pick == "Theirs" else "welcome them in"
    expect(merged).to_have_value(f"families {words}")
    asked.get_by_label("As I write it below").check()
    expect(merged).to_have_value("something written by hand")
    asked.get_by_label(pick, exact=True).check()
    expect(page.locator("[data-preview-out]")).to_contain_text(f"families {words},")
    page.get_by_role("button", name="Save version 3").click()
    expect(page.locator("#said")).to_contain_text(own.label)
    assert own.now()["wording"] == (theirs if pick == "Theirs" else mine)


def test_a_second_conflict_keeps_what_was_made_of_the_first(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page, theirs, _mine = conflict(open_as, served, own, in_place=False)
    page.get_by_label("What the outcome will say").fill("families open up and welcome them in")
    served.revise(own.number, wording=theirs.replace("weekly", "daily"))
    page.get_by_role("button", name="Save version 3").click()
    expect(page.locator("#mg-if [data-version=theirs]")).to_contain_text("daily")
    expect(page.locator("#mg-then [data-version=mine]")).to_contain_text("and welcome them in")
    page.get_by_role("button", name="Save version 4").click()
    expect(page.locator("[data-said]")).to_have_text(f"{own.label} saved as version 4.")
    merged = own.wording.replace("weekly", "daily").replace("open the door", "open up and welcome them in")
    assert own.now()["wording"] == merged


def test_a_conflict_is_left_and_taken_up_again_with_what_was_written_there(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page, _theirs, _mine = conflict(open_as, served, own, in_place=True)
    page.get_by_label("What the outcome will say").fill("families come to the door")
    expect(page.locator(".saved")).to_contain_text("Draft kept at")
    page.goto(own.edit)
    expect(page.get_by_role("form", name=f"Edit {own.label}")).to_contain_text("families come to the door")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.locator("#mg-then [data-version=mine]")).to_contain_text("come to the door")
    page.get_by_role("button", name="Leave it, keep my draft").click()
    expect(page.locator("[data-said]")).to_contain_text("kept as a draft")


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
