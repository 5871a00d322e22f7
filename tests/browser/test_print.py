"""Every page prints as a document: the words, and nothing that is filled in, chosen or pressed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import SLUG

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
CONTROLS = """() => [...document.querySelectorAll('main :is(input, select, textarea, button)')]
  .filter((each) => each.checkVisibility() && !each.closest('.edit__part, .edit__whole, .cb__one, .told__go, .vh'))
  .map((each) => each.outerHTML.slice(0, 120))"""
PAGES = """
    settings reviews cmo/slots rounds/new evidence/excerpts evidence/guide?statements=S5 verdicts s/3 s/3/edit
    s/3/propose s/4/verdicts cmo/7 cmo/7/edit theory codebook?code=O4 phases?act=close memos/new
    proposals/3 areas q/1 lineage meetings
"""


@pytest.fixture
def printed(open_as: Callable[..., Page]) -> Page:
    page = open_as("lead", f"{HERE}/")
    page.emulate_media(media="print")
    return page


def test_nothing_that_is_filled_in_or_pressed_is_printed(printed: Page) -> None:
    found = {}
    for path in ("/", *(f"{HERE}/{path}" for path in ["", *PAGES.split()])):
        printed.goto(path)
        if controls := printed.evaluate(CONTROLS):
            found[path] = controls
    assert found == {}


def test_a_lead_prints_the_settings_as_others_read_them(printed: Page) -> None:
    printed.goto(f"{HERE}/settings")
    expect(printed.get_by_role("row", name="Nia Prosser").locator(".only-print").first).to_have_text("Editor")
    for said in ("The question", "Approvals that a proposal needs", "Whole transcripts"):
        expect(printed.locator("dt", has_text=said)).to_be_visible()
    for act in ("Add a member", "Plan another phase", "Invitations"):
        expect(printed.get_by_role("main").get_by_role("heading", name=act)).to_be_hidden()


def test_a_code_is_printed_with_its_words(printed: Page) -> None:
    printed.goto(f"{HERE}/codebook?code=O4")
    expect(printed.locator(".cb__one [name=definition]")).to_be_visible()


def test_links_that_lead_to_an_act_are_not_printed(printed: Page) -> None:
    for path, acts in (
        ("", ("Close this phase", "Open it", "All changes")),
        ("proposals/3", ("All threads on P3", "Write a memo about P3", "All proposals on S10")),
        ("s/2", ("Propose to retire S2", "All proposals on S2")),
    ):
        printed.goto(f"{HERE}/{path}")
        for act in acts:
            link = printed.get_by_role("main").locator("a", has_text=act).first
            expect(link).to_be_attached()
            expect(link).to_be_hidden()


def test_the_list_of_a_round_is_printed_to_its_end(printed: Page) -> None:
    printed.goto(f"{HERE}/rounds/new")
    box = printed.locator(".pickable")
    assert box.evaluate("one => getComputedStyle(one).overflowY === 'visible' && one.clientHeight >= one.scrollHeight")
