"""Evidence without a mouse and without a script, and words picked from a transcript across its lines."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def place(served: Served, made_programme: Callable[..., str]) -> Callable[..., str]:
    """`place("Title")` is the address of a programme of the editor's with one statement, S1."""

    def make(title: str, **more: Any) -> str:
        slug = made_programme(title)
        at = f"/programmes/{slug}/"
        served.api(f"{at}statements/", {"if": "told early", "then": "they come", "because": "they trust us"})
        if more:
            served.change(at, more)
        return f"/p/{slug}"

    return make


def test_the_site_in_a_preview_is_no_wider_than_its_name(
    served: Served, place: Callable[..., str], open_as: Callable[..., Page]
) -> None:
    here = place("A narrow site")
    at = f"/programmes/{here.rsplit('/', 1)[1]}"
    for name in ("LA1", "LA2"):
        served.api(f"{at}/sites/", {"name": name})
    served.api(f"{at}/sources/", {"kind": "interview", "pseudonym": "LA1-SW1", "site": "la1"})
    page = open_as("editor", f"{here}/q/1/paste")
    page.get_by_label("Passages").fill("We hear of it late. (p. 4, LA2)")
    page.get_by_role("button", name="Read them").click()
    site = page.locator(".margin .site")
    expect(site).to_have_text("LA2")
    assert site.evaluate("one => one.clientWidth < one.parentElement.clientWidth / 2")


def test_a_source_its_excerpt_and_a_link_by_keyboard_alone(
    place: Callable[..., str], open_as: Callable[..., Page]
) -> None:
    here = place("Evidence by keyboard")
    page = open_as("editor", f"{here}/evidence")
    press, write = page.keyboard.press, page.keyboard.type
    page.get_by_role("main").get_by_role("link", name="Add a source").first.focus()
    press("Enter")
    page.wait_for_url(lambda url: url.endswith("/sources/new"))
    page.get_by_label("Pseudonym").focus()
    write("LA1-SW1")
    press("Control+Enter")
    page.wait_for_url(lambda url: url.endswith("/q/1"))
    page.get_by_label("Words", exact=True).focus()
    write("We hear of it late.")
    press("Tab")
    write("p. 4")
    page.get_by_role("button", name="Add, then link").focus()
    press("Enter")
    page.wait_for_url(re.compile(r"link=1"))
    linking = page.get_by_role("region", name="Link X1")
    linking.locator("[name=b-on]").focus()
    write("S1")
    linking.get_by_label("Challenges").focus()
    expect(linking.get_by_role("status")).to_contain_text("S1 If told early, then they come, because they trust us")
    expect(linking.get_by_label("Challenges")).to_be_focused()  # the words under the field take nothing from it
    press("Space")
    linking.get_by_role("button", name="Link", exact=True).focus()
    press("Enter")
    page.wait_for_url(re.compile(r"/q/1#x1$"))
    expect(page.get_by_role("main")).to_contain_text("Challenges")
    # The source comes before the list of all sources, whoever reads in the order of the page.
    assert page.evaluate(
        "document.querySelector('.source').compareDocumentPosition(document.querySelector('.srcs')) & 4"
    )


def test_paste_link_and_refine_without_a_script(place: Callable[..., str], open_as: Callable[..., Page]) -> None:
    here = place("Evidence without a script")
    page = open_as("editor", f"{here}/sources/new", java_script_enabled=False)
    page.get_by_label("Pseudonym").fill("LA2-SW1")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Paste many excerpts").click()
    page.get_by_label("Passages").fill("text;speaker\nWe hear of it late.;SW1\nIt helps us.;SW1\n")
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_role("main")).to_contain_text("what stands in it is not taken in: speaker.")
    page.get_by_role("button", name="Add those that are ticked").click()
    linking = page.get_by_role("region", name="Link X1")
    linking.locator("[name=b-on]").fill("S1")
    linking.get_by_label("Supports").check()
    linking.get_by_role("button", name="Link", exact=True).click()
    page.goto(f"{here}/s/1/edit")
    page.get_by_text("Evidence that this change rests on").click()
    page.locator("input[name=rests][value=B1]").check()
    page.locator("textarea[name=then]").fill("they come back")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.locator("#v2")).to_contain_text("Rests on B1")


def test_a_guide_is_made_and_answered_without_a_script(
    served: Served, place: Callable[..., str], open_as: Callable[..., Page]
) -> None:
    here = place("A guide without a script")
    served.api(f"/programmes/{here[3:]}/sources/", {"kind": "interview", "pseudonym": "LA3-SW1"})
    page = open_as("editor", f"{here}/evidence/guide", java_script_enabled=False)
    page.locator("input[name=statements][value=S1]").check()
    page.get_by_role("button", name="Make the guide").click()
    page.locator("textarea[name='answer-1-falsify'], input[name='answer-1-falsify']").fill("Not in our team.")
    page.get_by_label("Whose answers").fill("Q1")
    page.get_by_role("button", name="Keep the answers").click()
    page.wait_for_url(re.compile(r"/q/1$"))
    expect(page.get_by_role("main")).to_contain_text("1 answer of Q1 is kept: X1 on S1.")
    expect(page.get_by_role("main")).to_contain_text("Not in our team.")


def test_words_are_picked_across_the_lines_of_a_transcript(
    served: Served, place: Callable[..., str], open_as: Callable[..., Page]
) -> None:
    here = place("Picked across lines", transcripts=True)
    at = f"/programmes/{here[3:]}/sources/"
    served.api(at, {"kind": "interview", "pseudonym": "LA4-SW1"})
    text = "Interviewer: When do you hear?\n\nSW1: Late.\nToo late.\nInterviewer: And then?"
    served.change(f"{at}1/transcript/", {"text": text})
    page = open_as("editor", f"{here}/q/1")
    page.evaluate(
        """() => {
          const pieces = [...document.querySelectorAll("[data-transcript] [data-at]")];
          const range = document.createRange();
          range.setStart(pieces[0].firstChild, 5);
          range.setEnd(pieces[2].firstChild, 4);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    expect(page.locator("[name=x-text]")).to_have_value("do you hear?\n\nSW1: Late.\nToo ")
    page.get_by_role("button", name="Add, then link").click()
    page.wait_for_url(re.compile(r"link=1"))
    expect(page.locator(".hl--now").first).to_contain_text("do you hear?")
