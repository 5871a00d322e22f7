"""Owns the bars of the map in the browser: first paint, and frames while a configuration is dragged.

python -m bench.map [--database sqlite|postgresql]
"""

import argparse
import os
import statistics
import sys

from playwright.sync_api import Browser, Page, sync_playwright

from bench.page_weight import FIRST, LATER, MORE, SHIFTS, load
from bench.servers import App, app_on, ground
from bench.structure import fill
from tests.chromium import find

PAINT, FRAMES = 1000, 50  # milliseconds, frames a second
ROUNDS, MOVES = 5, 90
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
COUNT = """
window.benchFrames = [];
const next = (now) => { window.benchFrames.push(now); if (window.benchCounting) requestAnimationFrame(next); };
window.benchCounting = true;
requestAnimationFrame(next);
"""
COUNTED = """() => { window.benchCounting = false;
  const seen = window.benchFrames; return (seen.length - 1) / (seen.at(-1) - seen[0]) * 1000; }"""


def _page(browser: Browser, app: App) -> Page:
    context = browser.new_context(base_url=f"http://127.0.0.1:{app.port}", viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": app.way["session"], "domain": "127.0.0.1", "path": "/"}])
    context.add_init_script(SHIFTS)
    return context.new_page()


def paints(browser: Browser, app: App, path: str) -> float:
    """Milliseconds until something of the page shows, with a cold cache; the median of some rounds."""
    found = []
    for _round in range(ROUNDS):
        page = _page(browser, app)
        page.goto(path, wait_until="load")
        page.wait_for_timeout(300)
        found.append(page.evaluate(PAINTED))
        page.context.close()
    return statistics.median(found)


def frames(browser: Browser, app: App, path: str) -> float:
    """Frames a second while the configuration with most ripples is dragged; the median of some rounds."""
    page = _page(browser, app)
    page.goto(path, wait_until="networkidle")
    page.locator("svg[data-bound]").wait_for()
    busiest = page.evaluate("""() => {
      const n = {};
      for (const { dataset } of document.querySelectorAll('.arc'))
        for (const end of [dataset.from, dataset.to]) n[end] = (n[end] ?? 0) + 1;
      return Object.entries(n).sort((one, other) => other[1] - one[1])[0][0];
    }""")
    found = []
    for _round in range(ROUNDS):
        head = page.locator(f'g[data-cmo="{busiest}"] .cfg__h')
        head.scroll_into_view_if_needed()
        box = head.bounding_box()
        assert box is not None
        x, y = box["x"] + 20, box["y"] + 8
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(COUNT)
        for at in range(MOVES):
            page.mouse.move(x + (at % 30) * 6, y + (at % 20) * 5)
            page.wait_for_timeout(12)
        found.append(page.evaluate(COUNTED))
        page.mouse.up()
        page.wait_for_timeout(500)
    page.context.close()
    return statistics.median(found)


def measure(kind: str) -> bool:
    """Print the rows; whether every one holds."""
    with ground(kind, None) as (folder, server, stack), sync_playwright() as playwright:
        app = app_on(stack, kind, folder, server, statements=100, revisions=1, keep=False)
        nodes, edges = fill(app)
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        path = f"/p/{app.way['slug']}/map"
        first = load(_page(browser, app), path)
        rows = [
            (f"first paint, {nodes} nodes, {edges} edges", paints(browser, app, path), "ms", f"≤ {PAINT}", PAINT, -1),
            ("frames while dragging", frames(browser, app, path), "a second", f"≥ {FRAMES}", FRAMES, 1),
            ("first load", first.bytes / 1000, "kB", f"≤ {(FIRST + MORE) // 1000}", (FIRST + MORE) / 1000, -1),
            ("requests", first.requests, "", "≤ 13", 13, -1),
            ("layout shift", first.shift, "", "0", 0, -1),
        ]
        browser.close()
    print(f"\nmap, {kind}; later pages ≤ {LATER // 1000} kB are weighed by bench.page_weight\n")
    print("| row | figure | bar | |\n|---|---:|---|---|")
    hold = True
    for name, figure, unit, bar, limit, way in rows:
        good = (figure - limit) * way >= 0
        hold = hold and good
        print(f"| {name} | {figure:.1f} {unit} | {bar} | {'holds' if good else 'DOES NOT HOLD'} |")
    return hold


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    return 0 if measure(parser.parse_args(arguments).database) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
