"""Claims about a proposal from the first word to the new revision, as two people go through it in their browsers."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from tests.browser.served import SLUG, Served


def proposed(page: Page, own: SimpleNamespace) -> str:
    """The contributor proposes a sharper because; the address of the proposal."""
    page.goto(own.page)
    page.get_by_role("link", name="Propose a change").click()
    form = page.get_by_role("form", name=f"Propose a change of {own.label}")
    form.get_by_label("because").fill("each promise that is kept is noticed")
    form.get_by_role("textbox", name="Why the wording changes").fill("Time alone explains little.")
    form.get_by_role("button", name="Lay it before the team").click()
    expect(page.get_by_text("lies before the team").first).to_be_visible()
    return page.url


def answer(page: Page, said: str, why: str) -> None:
    form = page.get_by_role("form", name="Your review")
    form.get_by_label(said, exact=False).first.check()
    form.get_by_label("Why, in a sentence").fill(why)
    form.get_by_label("Why, in a sentence").press("Control+Enter")


def test_a_proposal_is_reviewed_revised_rebased_and_accepted(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    writer = open_as("contributor", f"/p/{SLUG}/reviews")
    address = proposed(writer, own)
    reviewer = open_as("editor", address, refusals=(409,))
    expect(reviewer.locator("#change ins").first).to_contain_text("each promise that is kept is noticed")
    reviewer.locator("main").focus()
    reviewer.keyboard.press("d")
    expect(reviewer.get_by_role("link", name="Side by side")).to_have_attribute("aria-current", "true")
    reviewer.locator("main").focus()
    reviewer.keyboard.press("a")
    expect(reviewer.locator("#answer input[name=answer]").first).to_be_focused()
    answer(reviewer, "Agree with changes", "Say who notices.")
    expect(reviewer.get_by_text("is answered").first).to_be_visible()
    reviewer.get_by_label("Add to the discussion").fill("The family, or the worker?")
    reviewer.get_by_role("button", name="Comment").click()
    expect(reviewer.get_by_text("The family, or the worker?").first).to_be_visible()
    writer.goto(address)
    writer.get_by_role("link", name="Revise").click()
    words = writer.get_by_label("Wording")
    words.fill(words.input_value().replace("is noticed", "is noticed by the family"))
    writer.get_by_role("button", name="Lay the next round before the team").click()
    expect(writer.get_by_text("in its next round").first).to_be_visible()
    expect(writer.locator("#rounds summary")).to_contain_text("Round 1")
    reviewer.goto(address)
    served.revise(own.number, wording=own.now()["wording"].replace("If ", "When "))
    answer(reviewer, "Agree", "Now it is clear.")
    expect(reviewer.get_by_role("heading", name=f"{own.label} has changed since this was written")).to_be_visible()
    expect(reviewer.get_by_label("Why, in a sentence")).to_have_value("Now it is clear.")
    reviewer.get_by_role("button", name="Accept as the new base").click()
    expect(reviewer.get_by_text("starts from what stands there now").first).to_be_visible()
    reviewer.locator("#decide summary").click()
    reviewer.get_by_label("Accept: carry it out").check()
    reviewer.get_by_role("button", name="Decide", exact=True).click()
    expect(reviewer.get_by_text("is accepted and carried out").first).to_be_visible()
    reviewer.goto(own.page)
    expect(reviewer.locator("#history")).to_contain_text("proposed by Gethin Vaughan, accepted by Nia Prosser")
    assert own.now()["wording"].startswith("When ")
    assert "is noticed by the family" in own.now()["wording"]


def test_the_first_comment_stands_where_nobody_had_said_anything(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("contributor", own.page)
    nothing = page.get_by_text(f"Nobody has said anything about {own.label} yet.")
    expect(nothing).to_be_visible()
    page.get_by_label("Add to the discussion").fill("Which family?")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(f"#threads-{own.label}").get_by_text("Which family?")).to_be_visible()
    expect(nothing).to_be_hidden()
