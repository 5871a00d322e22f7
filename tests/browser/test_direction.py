"""What somebody typed turns round nothing that stands after it on a page or in a figure, whatever marks are in it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
TURNED = "\u202edenrut\u00a4"  # a right-to-left override that is never closed, and where the text ends
# The words that an open override reaches: those after it in the same line box, in the same isolate.
REACHED = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const inline = (one) => getComputedStyle(one).display === "inline";
  const alone = (one) => !inline(one) || one instanceof SVGTextElement
    || /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    if (!text.data.includes("\\u202e") || text.parentElement.closest("textarea, option, script, title")) continue;
    let around = text.parentElement;
    while (!alone(around)) around = around.parentElement;
    let after = text.data.split("\\u00a4").slice(1).join(""), seen = false;
    const rest = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    for (let one = rest.nextNode(); one; one = rest.nextNode()) {
      let above = one.parentElement;
      while (above !== around && inline(above)) above = above.parentElement;
      if (seen && above !== around) break;
      if (seen) after += one.data;
      seen ||= one === text;
    }
    if (after.replace(/[\\s.,]/g, "")) found.push(`${text.data.trim()} | ${after.trim()}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def turned(served: Served) -> list[str]:
    """Pages that show an element, a configuration and an area whose words leave an override open."""
    area = served.api("areas/", {"title": f"Area {TURNED}"})
    placed = [
        {"role": role, "element": served.api("elements/", {"kind": role, "text": f"{role} {TURNED}"})["label"]}
        for role in ("context", "mechanism", "outcome")
    ]
    made = served.api("configurations/", {"nickname": f"Name {TURNED}", "elements": placed, "area": area["slug"]})
    first = placed[0]["element"]
    return [f"e/{first[1:]}", f"cmo/{made['number']}", "elements", "cmo", f"map?focus={first}", "areas", "matrices"]


def test_an_override_left_open_reaches_no_other_words(turned: list[str], open_as: Callable[..., Page]) -> None:
    page, shown = open_as("lead", f"/p/{SLUG}/"), 0
    for path in turned:
        page.goto(f"/p/{SLUG}/{path}")
        shown += page.get_by_text("denrut").count()
        assert page.evaluate(REACHED) == [], path
    assert shown > len(turned)
