"""The form of a configuration in a browser: elements found while typing, near-duplicates, keyboard alone, no script,
and the draft of what was typed."""

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
NEW = f"/p/{SLUG}/cmo/new"
_marks = itertools.count(1)


@pytest.fixture
def element(served: Served) -> Callable[..., SimpleNamespace]:
    """`element("context", "{mark} stays")` adds one whose first word no other has."""

    def add(kind: str, words: str) -> SimpleNamespace:
        mark = f"medlar{next(_marks)}x"
        made = served.api("elements/", {"kind": kind, "text": words.format(mark=mark)})
        return SimpleNamespace(label=made["label"], mark=mark, text=made["text"])

    return add


@pytest.fixture
def form(open_as: Callable[..., Page]) -> Callable[..., Page]:
    """The form of a new configuration, empty: a draft of the same person's is discarded first."""

    def open_form(role: str = "editor", **options: Any) -> Page:
        page = open_as(role, NEW, **options)
        discard = page.get_by_role("button", name="Discard this draft")
        if discard.count():
            discard.click()
            page.goto(NEW)
        return page

    return open_form


def lines(page: Page, role: str) -> Locator:
    return page.locator(f"textarea[name=slot-{role}]")


def offered(page: Page, role: str) -> Locator:
    return page.locator(".slot", has=lines(page, role)).locator(".suggest button")


def test_an_element_is_found_while_typing_and_taken_by_keyboard_alone(
    form: Callable[..., Page], element: Callable[..., SimpleNamespace]
) -> None:
    own = element("context", "{mark} workers stay for years")
    page = form()
    lines(page, "context").focus()
    page.keyboard.type(f"a line before\n{own.mark} workers")
    expect(offered(page, "context").first).to_contain_text(own.label)
    page.keyboard.press("ArrowDown")
    expect(offered(page, "context").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines(page, "context")).to_have_value(f"a line before\n{own.label} {own.text}")
    expect(lines(page, "context")).to_be_focused()
    expect(offered(page, "context")).to_have_count(0)
    expect(page.locator("#said")).to_have_text(f"The line names {own.label} now")


def test_escape_leaves_the_suggestions_and_the_line_as_it_was(
    form: Callable[..., Page], element: Callable[..., SimpleNamespace]
) -> None:
    own = element("outcome", "{mark} doors open")
    page = form()
    lines(page, "outcome").focus()
    page.keyboard.type(f"{own.mark} doors")
    expect(offered(page, "outcome").first).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Escape")
    expect(lines(page, "outcome")).to_be_focused()
    expect(lines(page, "outcome")).to_have_value(f"{own.mark} doors")
    expect(offered(page, "outcome")).to_have_count(0)


def test_nearly_the_same_words_are_pointed_out_while_typing_and_after_saving(
    form: Callable[..., Page], element: Callable[..., SimpleNamespace]
) -> None:
    own = element("context", "{mark} managers have time to explain it")
    page = form()
    lines(page, "context").focus()
    page.keyboard.type(f"{own.mark} managers have time to explain its")
    near = page.locator(".slot", has=lines(page, "context")).locator(".suggest")
    expect(near).to_contain_text(own.label)
    expect(near).to_contain_text("nearly the same")
    page.get_by_role("button", name="Keep the configuration").click()
    expect(page.locator("[data-said]").filter(has_text="says nearly the same as")).to_contain_text(own.label)


def test_a_line_is_moved_and_its_strength_chosen_without_a_mouse(form: Callable[..., Page]) -> None:
    page = form()
    field = lines(page, "mechanism") if lines(page, "mechanism").count() else lines(page, "reasoning")
    field.focus()
    page.keyboard.type("one\ntwo")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Line up
    expect(field).to_have_value("two\none")
    strength = page.locator(".slot", has=field).locator("select")
    strength.focus()
    strength.select_option("strong")
    expect(field).to_have_value("two [strong]\none")


def test_what_was_typed_survives_a_closed_tab(form: Callable[..., Page], open_as: Callable[..., Page]) -> None:
    page = form("lead")
    lines(page, "context").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/cmo/new/draft")) as kept:
        page.keyboard.type("half a context")
    assert kept.value.status == 204
    expect(page.locator(".cfgform .saved")).to_contain_text("Draft kept at")
    page.close()
    again = open_as("lead", "/")
    again.get_by_role("article").filter(has_text="half a context").get_by_role("link", name="Carry on").click()
    expect(lines(again, "context")).to_have_value("half a context")
    again.get_by_role("button", name="Discard this draft").click()
    expect(again.locator("[data-said]")).to_have_text("The draft is discarded.")


def test_without_a_script_a_label_shares_and_other_words_make_a_new_one(
    open_as: Callable[..., Page], element: Callable[..., SimpleNamespace]
) -> None:
    own = element("context", "{mark} nobody presses")
    page = open_as("editor", NEW, java_script_enabled=False)
    expect(page.locator(".suggest")).to_have_count(0)
    lines(page, "context").fill(own.label)
    lines(page, "outcome").fill(f"{own.mark} brings something new")
    page.get_by_role("button", name="Keep the configuration").click()
    expect(page.locator(".cmoc").first).to_contain_text(own.text)
    expect(page.locator(".cmoc").first).to_contain_text("brings something new")


def test_two_saves_of_one_element_are_put_together_without_a_script(
    open_as: Callable[..., Page], element: Callable[..., SimpleNamespace], served: Served
) -> None:
    own = element("context", "{mark} meets weekly in one place")
    at = f"/p/{SLUG}/e/{own.label[1:]}/edit"
    lead = open_as("lead", at, java_script_enabled=False, refusals=(409, 422))
    editor = open_as("editor", at)
    editor.get_by_label("Text", exact=True).fill(f"{own.mark} meets daily in one place")
    editor.locator("textarea[name=reason], input[name=reason]").first.fill("So the editor heard.")
    editor.get_by_role("button", name="Save as new version").click()
    lead.get_by_label("Text", exact=True).fill(f"{own.mark} meets monthly in one room")
    lead.locator("textarea[name=reason], input[name=reason]").first.fill("So the lead heard.")
    lead.get_by_role("button", name="Save as new version").click()
    expect(lead.get_by_label("Text", exact=True)).to_have_value(
        f"{own.mark} meets ⟦theirs: daily ¦ mine: monthly⟧ in one room"
    )
    lead.get_by_label("Text", exact=True).fill(f"{own.mark} meets often in one room")
    lead.get_by_role("button", name="Save as new version").click()
    expect(lead.locator(".element__t")).to_contain_text("meets often in one room")
