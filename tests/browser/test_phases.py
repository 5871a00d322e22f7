"""Phases, snapshots and comparisons by keyboard alone, without a script, and on a small screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW
from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
FIRST = "initial-programme-theory"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def founded(served: Served, made_programme: Callable[..., str]) -> Callable[[str], str]:
    """The address of a new programme of the editor's with one statement and one open phase."""

    def found(title: str) -> str:
        slug = made_programme(title)
        served.api(f"/programmes/{slug}/statements/", {"wording": "If asked, then told, because somebody listens."})
        phase = served.api(f"/programmes/{slug}/phases/", {"title": "Gleaning", "kind": "gleaning"})
        served.api(f"/programmes/{slug}/phases/{phase['slug']}/open/", {}, {"If-Match": f'"{phase["revision"]}"'})
        return f"/p/{slug}"

    return found


def reach(page: Page, name: str, *, role: str = "button", most: int = 60) -> None:
    """Tab until this is focused."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    for _at in range(most):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
            return
    expect(wanted.first).to_be_focused()


def take_and_close(page: Page, home: str) -> None:
    """Take a snapshot, read it, search in it, close the phase, compare; all by forms and links."""
    page.goto(f"{home}/phases?act=snap#snap")
    page.get_by_label("Name", exact=True).fill("Before the interviews")
    page.get_by_role("button", name="Take the snapshot").click()
    page.wait_for_url(lambda url: url.endswith("/snapshots/before-the-interviews"))
    expect(page.locator("#cite")).to_contain_text("Before the interviews [programme theory, snapshot")
    page.get_by_role("note").get_by_role("link", name="Search").click()
    page.get_by_role("main").get_by_label("Search this programme").fill("listening")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("listens")
    page.goto(f"{home}/phases")
    expect(page.get_by_text("1 record without a verdict of the team")).to_be_visible()
    page.locator("#close > details > summary").first.click()
    page.get_by_label("Why", exact=True).fill("The first interviews are done.")
    page.get_by_role("button", name="Close the phase").click()
    page.wait_for_url(lambda url: "/phases" in url and "close" not in url)
    expect(page.get_by_role("heading", name="No phase is open")).to_be_visible()
    expect(page.get_by_role("region", name="Table of snapshots")).to_contain_text(FIRST)
    page.get_by_label("To", exact=True).select_option(FIRST)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("main")).to_contain_text("1 statement became 1")


def test_without_a_script(open_as: Callable[..., Page], founded: Callable[[str], str]) -> None:
    take_and_close(open_as("editor", java_script_enabled=False), founded("Frozen without a script"))


def test_on_a_small_screen(open_as: Callable[..., Page], founded: Callable[[str], str]) -> None:
    take_and_close(open_as("editor", viewport=NARROW), founded("Frozen on a small screen"))


def test_by_keyboard(open_as: Callable[..., Page], founded: Callable[[str], str]) -> None:
    page = open_as("editor", f"{founded('Frozen by keyboard')}/phases")
    page.locator("#snap > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/snapshots/by-hand"))
    reach(page, "Copy the citation")
    reach(page, "Find")
    page.goto(page.url.replace("/snapshots/by-hand", "/phases"))
    reach(page, "Compare")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "from=by-hand" in url)


@pytest.mark.parametrize(
    "path",
    ["phases", "phases?act=close#close", f"snapshots/{FIRST}", "verdicts", f"verdicts?snapshot={FIRST}",
     f"?snapshot={FIRST}", f"s/5/why?snapshot={FIRST}", f"lineage?snapshot={FIRST}",
     f"search?q=guidance&snapshot={FIRST}", f"evidence?snapshot={FIRST}"],
)  # fmt: skip
def test_no_page_of_them_scrolls_sideways_on_a_small_screen(open_as: Callable[..., Page], path: str) -> None:
    page = open_as("lead", f"{HERE}/{path}", viewport=NARROW, refusals=(400,))
    assert page.evaluate(WIDER) == 0
    for control in page.get_by_role("main").get_by_role("button").all():
        if control.is_visible():
            box = control.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= NARROW["width"]


def test_a_printed_comparison_holds_no_way_to_take_it_away(open_as: Callable[..., Page]) -> None:
    page = open_as("editor", f"{HERE}/phases")
    ways = [
        page.get_by_text("Take this table away:"), page.get_by_role("columnheader", name="Take away"),
        page.get_by_role("link", name="SVG"), page.get_by_role("link", name="CSV", exact=True),
        page.get_by_role("link", name="JSON Working theory"),
    ]  # fmt: skip
    for one in ways:
        expect(one.first).to_be_visible()
    page.emulate_media(media="print")
    for one in ways:
        assert not any(each.is_visible() for each in one.all())
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
