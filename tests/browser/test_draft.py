"""What is being written is kept by itself, for its writer alone, until it is saved or discarded."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import edit_in_place

pytestmark = pytest.mark.browser


def test_what_is_typed_is_kept_shown_on_home_carried_on_and_discarded(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed)
    form = edit_in_place(page, own)
    with page.expect_response(lambda answer: answer.url.endswith("/draft")) as kept:
        page.keyboard.type("If nobody has pressed save ")
    assert kept.value.status == 204
    expect(form.locator(".saved")).to_contain_text("Draft kept at")

    other = open_as("lead", own.listed)
    expect(other.locator(f"#s{own.number}")).not_to_contain_text("nobody has pressed save")
    other.goto(own.edit)
    expect(other.locator("textarea[name=if]")).to_have_value(f"{own.mark} visits weekly")
    assert own.now()["revision"] == 1

    page.goto("/")
    draft = page.get_by_role("article").filter(has_text=own.label)
    expect(draft).to_contain_text("nobody has pressed save")
    draft.get_by_role("link", name="Carry on").click()
    expect(page.locator("textarea[name=if]")).to_have_value(f"If nobody has pressed save {own.mark} visits weekly")
    expect(page.get_by_text("This is your draft")).to_be_visible()
    page.goto(own.listed)
    expect(page.locator(f"#s{own.number}")).to_contain_text("you keep a draft")

    page.goto("/")
    page.get_by_role("article").filter(has_text=own.label).get_by_role("button", name="Discard").click()
    expect(page.locator("[data-said]")).to_have_text("The draft is discarded.")
    expect(page.get_by_role("article").filter(has_text=own.label)).to_have_count(0)
    page.goto(own.edit)
    expect(page.locator("textarea[name=if]")).to_have_value(f"{own.mark} visits weekly")


def test_a_saved_form_leaves_no_draft(open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]) -> None:
    own = stated()
    page = open_as("editor", own.listed)
    form = edit_in_place(page, own)
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        page.keyboard.type("often ")
    form.locator("textarea[name=reason]").fill("It was said so.")
    form.get_by_role("button", name="Save as new version").click()
    expect(page.locator(f"#s{own.number} .stmt__id a")).to_be_focused()
    expect(page.locator(f"#s{own.number}")).not_to_contain_text("you keep a draft")
    page.goto("/")
    expect(page.get_by_role("article").filter(has_text=own.label)).to_have_count(0)
    assert own.now()["if"].startswith("often ")


def test_leaving_the_page_keeps_the_words(open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]) -> None:
    own = stated()
    page = open_as("editor", own.listed)
    edit_in_place(page, own)
    page.wait_for_load_state("networkidle")  # the form's script is there
    page.keyboard.type("at short notice ")
    page.goto("/help")
    written = page.locator("textarea[name=if]")
    for _at in range(20):  # the words travel by themselves once their page is gone, and nobody says when they are there
        page.goto(own.edit)
        if "at short notice" in written.input_value():
            break
    expect(written).to_have_value(f"at short notice {own.mark} visits weekly")


def test_stopping_keeps_the_words_and_a_draft_of_an_older_version_ends_side_by_side(
    served: Any, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed, refusals=(409,))
    form = edit_in_place(page, own)
    page.keyboard.type("at short notice ")
    page.keyboard.press("Escape")
    row = page.locator(f"#s{own.number}")
    expect(row.locator(".stmt__id a")).to_be_focused()
    expect(row).not_to_contain_text("at short notice")
    expect(row).to_contain_text("you keep a draft")
    expect(page.locator("#said")).to_have_text(f"Your draft of {own.label} is kept.")
    edit_in_place(page, own).get_by_role("link", name="Stop editing").click()
    expect(row).to_contain_text("you keep a draft")
    served.revise(own.number, wording=own.wording.replace("feel safe", "feel calm"))
    page.goto("/")
    waiting = page.get_by_role("article").filter(has_text=own.label)
    expect(waiting.locator("ins")).to_have_text(["at short notice"])  # beside what it began as, not what others made
    expect(waiting.locator("del")).to_have_count(0)
    page.goto(own.listed)
    expect(row).to_contain_text("you keep a draft")
    form = edit_in_place(page, own)
    expect(form).to_contain_text("You wrote from version 1; Nia Prosser has saved version 2 since.")
    form.get_by_role("button", name="Save as new version").click()
    expect(page.locator("#mg-if").get_by_label("Mine")).to_be_checked()
    expect(page.locator("#mg-because").get_by_label("Theirs")).to_be_checked()
    merged = page.locator("[data-preview-out]")
    expect(merged).to_contain_text(f"at short notice {own.mark} visits weekly,")
    expect(merged).to_contain_text("visits feel calm.")


def test_a_new_statement_has_its_draft_too(open_as: Callable[..., Page]) -> None:
    page = open_as("lead", "/p/cse-wales/s/new")
    with page.expect_response(lambda answer: answer.url.endswith("/s/new/draft")):
        page.get_by_role("textbox", name="If").fill("a draft outlives its page")
    page.goto("/")
    draft = page.get_by_role("article").filter(has_text="a draft outlives its page")
    draft.get_by_role("link", name="Carry on").click()
    expect(page.get_by_role("textbox", name="If")).to_have_value("a draft outlives its page")
    page.get_by_role("button", name="Discard this draft").click()
    expect(page.locator("[data-said]")).to_have_text("The draft is discarded.")


def test_the_form_turns_from_parts_to_a_sentence_and_back_with_a_draft_too(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed)
    form = edit_in_place(page, own)
    page.keyboard.type("at short notice ")
    form.get_by_role("button", name="Write it as one sentence instead").click()
    whole = form.get_by_label("The statement, in one sentence")
    expect(whole).to_be_focused()
    expect(whole).to_have_value(re.compile("at short notice"))
    expect(form.locator("[data-preview-out] ins")).to_have_text(["at short notice"])
    expect(form.locator(".saved")).to_contain_text("Draft kept at")
    page.goto(own.edit)
    expect(page.locator("[data-preview-out] ins")).to_have_text(["at short notice"])
    page.get_by_role("button", name="Write its three parts instead").click()
    expect(page.get_by_label("If (context)")).to_have_value(re.compile("at short notice"))
