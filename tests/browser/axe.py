"""Owns a look at a page with axe: at three widths, its colours in light and in dark, without loading it again."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, SMALLEST, WIDE

AXE_SCRIPT = Axe().axe_script
OPTIONS = {"resultTypes": ["violations"]}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
COLOURS = {**OPTIONS, "runOnly": {"type": "rule", "values": COLOUR_RULES}}
BUT_COLOURS = {**OPTIONS, "rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}
THIN_OUT = """() => {
  // Of elements with the same tag, classes and attributes all the way up, three stay: axe needs seconds for the colours
  // of a long list, whose rows are coloured by the same rules.
  const numbers = new Map(), met = new Map();
  const number = (text) => numbers.get(text) ?? numbers.set(text, numbers.size).get(text);
  const tells = (name) => /^(aria-|role$|type$)/.test(name) && !/label|by$|controls/.test(name);
  const told = (each) => `${each.tagName}.${each.className} `
    + [...each.attributes].map((one) => one.name + (tells(one.name) ? one.value : ''));
  const walk = (each, above) => {
    const mine = number(`${above} ${told(each)}`), seen = (met.get(mine) ?? 0) + 1;
    met.set(mine, seen);
    if (seen > 3) each.remove();
    else [...each.children].forEach((child) => walk(child, mine));
  };
  walk(document.body, 0);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page: Page, options: Any, where: str) -> list[str]:
    found = page.evaluate("(options) => axe.run(document, options).then((found) => found.violations)", options)
    return [
        f"{where}: {each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"]
    ]


def look(page: Page) -> list[str]:
    """What is wrong with the page as it now stands, at 1440, 390 and 320 px, and with its colours in light and dark."""
    page.evaluate(AXE_SCRIPT)
    found = violations(page, BUT_COLOURS, "1440 px")
    for size in (NARROW, SMALLEST):
        page.set_viewport_size(size)
        if over := page.evaluate(SIDEWAYS):
            found.append(f"{size['width']} px: {over} px too wide")
    found += violations(page, BUT_COLOURS, "320 px")
    page.evaluate(THIN_OUT)
    for width, scheme in ((SMALLEST, "dark"), (WIDE, "dark"), (WIDE, "light")):
        page.set_viewport_size(width)
        page.emulate_media(color_scheme=scheme)
        found += violations(page, COLOURS, f"{scheme}, {width['width']} px")
    return found
