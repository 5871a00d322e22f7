"""A theory of a thousand statements: one page holds 50 of them, and filter, keys and edit work as with three."""

from collections.abc import Callable
from time import perf_counter

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import Served

pytestmark = pytest.mark.browser
MANY = 1000
TOO_SLOW = 200  # milliseconds from key to focus, the median; some ten times what an idle machine takes


def test_a_thousand_statements_stay_in_hand(
    served: Served, open_as: Callable[..., Page], made_programme: Callable[..., str]
) -> None:
    slug = made_programme("A thousand raw statements")
    lines = (f"If case {at} comes up, then worker {at % 7} calls, because habit {at % 13} holds." for at in range(MANY))
    served.api(f"/programmes/{slug}/statements/paste/", {"text": "\n".join(lines)})

    page = open_as("editor", f"/p/{slug}/theory")
    rows, links = page.locator("li.stmt"), page.locator(".stmt__id a")
    expect(rows).to_have_count(50)
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1 to 50 of 1000")
    page.get_by_role("link", name="Last").click()
    expect(links.last).to_have_text(f"Statement S{MANY}")
    expect(rows).to_have_count(50)

    took = []
    page.keyboard.press("j")
    for at in range(1, 20):
        begun = perf_counter()
        page.keyboard.press("j")
        page.wait_for_function("at => document.querySelectorAll('.stmt__id a')[at] === document.activeElement", arg=at)
        took.append((perf_counter() - begun) * 1000)
    assert sorted(took)[len(took) // 2] < TOO_SLOW

    page.keyboard.press("/")
    page.keyboard.type("case 777")
    expect(page.locator(".bar__count")).to_have_text("1 statement")
    expect(rows).to_have_count(1)
    expect(page.get_by_label("Words in the statement")).to_be_focused()
    page.get_by_role("link", name="Edit S778").click()
    expect(page.locator("textarea[name=if]")).to_be_focused()
    page.locator("textarea[name=then]").fill("worker 0 writes")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_have_text("S778 saved as version 2.")
    assert served.api(f"/programmes/{slug}/statements/778/")["then"] == "worker 0 writes"
