"""The map in a browser: by keyboard along ripples, dragged and remembered, sized, and all of it without a script."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WIDE
from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
MAP = f"/p/{SLUG}/map"


@pytest.fixture
def chain(served: Served) -> list[str]:
    """Labels of a configuration and of one that it ripples to, as the example has them."""
    edges = served.api("map/")["edges"]
    ripple = next(edge for edge in edges if edge["kind"] == "ripple" and edge["from"] != edge["to"])
    return [ripple["from"], ripple["to"]]


@pytest.fixture
def page(open_as: Callable[..., Page]) -> Iterator[Page]:
    """The map of the contributor, who has moved nothing."""
    opened = open_as("contributor", MAP)
    yield opened
    if opened.get_by_role("button", name="Put all back").count():
        opened.get_by_role("button", name="Put all back").click()


def block(page: Page, label: str) -> Locator:
    return page.locator(f'g[data-cmo="{label[3:]}"]')


def head(page: Page, label: str) -> Locator:
    return block(page, label).locator(".cfg__h")


def place(page: Page, label: str) -> str:
    return str(block(page, label).get_attribute("transform"))


def moved_from(page: Page, label: str, before: str) -> str:
    """Where it stands once it stands elsewhere: an answer may be on its way when a click is done."""
    expect(block(page, label)).not_to_have_attribute("transform", before)
    return place(page, label)


def whole(page: Page) -> Page:
    """The page once all of it is there: a click waits for the beginning of what answers it."""
    page.wait_for_load_state()
    return page


def test_tab_goes_through_configurations_and_arrows_follow_ripples(page: Page, chain: list[str]) -> None:
    source, target = chain
    head(page, source).focus()
    page.keyboard.press("ArrowRight")
    expect(head(page, target)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.closest('g[data-cmo]') !== null")
    first = page.locator(".cfg__h").first
    first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".cfg__h").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()


def test_enter_opens_the_record_beside_the_map_and_escape_goes_back(page: Page, chain: list[str]) -> None:
    label = chain[1]
    head(page, label).focus()
    page.keyboard.press("Enter")
    heading = page.locator("#h-sel")
    expect(heading).to_contain_text(f"CMO {label[3:]}")
    expect(heading).to_be_focused()
    assert f"at={label}" in page.url
    expect(head(page, label)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(head(page, label)).to_be_focused()
    page.get_by_role("link", name="Follow its ripples").click()
    expect(page.get_by_text(f"Ripples to and from {label}")).to_be_visible()
    assert 0 < whole(page).locator("g[data-cmo]").count() < 12


def test_an_element_is_chosen_and_its_neighbourhood_grows(page: Page, chain: list[str]) -> None:
    block(page, chain[0]).locator("a.w").first.click()
    expect(page.locator("#h-sel")).to_contain_text("E")
    page.get_by_role("link", name="Focus on it").click()
    steps = page.get_by_role("navigation", name="Steps from the focus")
    expect(steps.locator("[aria-current]")).to_have_text("1")
    near = whole(page).locator("g[data-cmo]").count()
    steps.get_by_role("link", name="3").click()
    expect(steps.locator("[aria-current]")).to_have_text("3")
    assert whole(page).locator("g[data-cmo]").count() >= near


def test_what_is_dragged_stays_there_and_its_ripples_follow(page: Page, chain: list[str]) -> None:
    source, target = chain
    before = place(page, target)
    arc = page.locator(f'.arc[data-from="{source[3:]}"][data-to="{target[3:]}"] path').first
    line = arc.get_attribute("d")
    head(page, target).scroll_into_view_if_needed()
    box = head(page, target).bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 40, steps=4)
    with page.expect_response(lambda answer: answer.url.endswith("/map/place")) as kept:
        page.mouse.up()
    assert kept.value.status == 204
    after = place(page, target)
    assert after != before
    assert arc.get_attribute("d") != line
    assert "at=" not in page.url  # the click that ends a drag opens nothing
    expect(page.locator("#said")).to_have_text("Moved; you alone see it there.")
    page.reload()
    assert [round(float(part)) for part in place(page, target)[10:-1].split()] == [
        round(float(part)) for part in after[10:-1].split()
    ]
    page.get_by_role("button", name="Put all back").click()
    expect(block(page, target)).to_have_attribute("transform", before)


def test_it_is_moved_by_keys_and_by_buttons_too(page: Page, chain: list[str]) -> None:
    label = chain[1]
    before = place(page, label)
    head(page, label).focus()
    with page.expect_response(lambda answer: answer.url.endswith("/map/place")):
        page.keyboard.press("Alt+ArrowRight")
    moved = moved_from(page, label, before)
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.url.endswith("/map/place")):
        page.get_by_role("button", name="Down", exact=True).click()
    moved_from(page, label, moved)
    page.reload()


def test_the_drawing_grows_shrinks_and_fits(page: Page) -> None:
    svg = page.locator("svg.cmomap")

    def wide() -> float:
        return float(svg.evaluate("each => each.getBoundingClientRect().width"))

    first = wide()
    page.get_by_role("button", name="Larger").click()
    assert wide() == pytest.approx(first * 1.25, rel=0.02)
    page.get_by_role("button", name="Smaller").click()
    page.get_by_role("button", name="Smaller").click()
    assert wide() == pytest.approx(first / 1.25, rel=0.02)
    page.get_by_role("button", name="Fit").click()
    tall, room = svg.evaluate("each => [each.getBoundingClientRect().height, each.parentElement.clientHeight]")
    assert tall <= room + 2


def test_without_a_script_filter_record_figure_and_moving_are_links_and_forms(
    open_as: Callable[..., Page], served: Served, chain: list[str]
) -> None:
    page = open_as("viewer", MAP, java_script_enabled=False)
    page.get_by_label("Theory area").select_option(label="Implementation plans")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(re.compile("area=implementation-plans"))
    assert 0 < page.locator("g[data-cmo]:not(.off)").count() < 12
    page.goto(MAP)
    label = chain[0]
    head(page, label).click()
    expect(page.locator("#h-sel")).to_contain_text(f"CMO {label[3:]}")
    before = place(page, label)
    page.get_by_role("button", name="Right", exact=True).click()
    moved_from(page, label, before)
    page.get_by_role("button", name="Put all back").click()
    expect(block(page, label)).to_have_attribute("transform", before)
    rows = page.locator("#table tbody tr")
    told = served.api("map/")
    lone = [node for node in told["nodes"] if node.get("lone")]
    assert rows.count() == len(told["configurations"]) + len(lone)
    expect(page.get_by_role("button", name="Larger")).to_be_hidden()


def test_files_are_taken_away_and_open(page: Page) -> None:
    def taken(name: str) -> bytes:
        with page.expect_download() as found:
            page.get_by_role("link", name=name, exact=True).click()
        with open(found.value.path(), "rb") as file:
            return file.read()

    root = ElementTree.fromstring(taken("SVG"))
    assert root.get("role") == "img"
    with Image.open(BytesIO(taken("PNG"))) as picture:
        assert picture.width > 1000
    assert ElementTree.fromstring(taken("GraphML")).tag.endswith("graphml")
    for name in ("DOT", "Mermaid", "CSV"):
        assert taken(name)


def test_an_exported_figure_stands_alone_in_a_browser(
    open_as: Callable[..., Page], served: Served, browser: Any, tmp_path: Any
) -> None:
    page = open_as("viewer", MAP)
    with page.expect_download() as found:
        page.get_by_role("link", name="SVG", exact=True).click()
    file = tmp_path / "map.svg"
    file.write_bytes(found.value.path().read_bytes())
    alone = browser.new_page(viewport=WIDE)
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    assert asked == [file.as_uri()]
    over = """() => [...document.querySelectorAll('text')].filter((each) => {
        const box = each.getBBox(), whole = document.documentElement.viewBox.baseVal;
        return box.width && (box.x < -1 || box.x + box.width > whole.width + 1);
    }).map((each) => each.textContent)"""
    assert alone.evaluate(over) == []
    alone.close()
