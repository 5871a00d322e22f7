"""Owns the bars of a page's weight: what Chromium fetches with a cold cache, and how much of it moves about.

python -m bench.page_weight [--database sqlite|postgresql]
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.servers import App, app_on, ground
from bench.structure import fill
from tests.chromium import find

FIRST, LATER, REQUESTS = 160_000, 25_000, 12
MORE = 160_000  # bytes of the map beyond another page
WINDOWS = {"wide": (1440, 900), "narrow": (390, 844)}
SHIFTS = """
window.benchShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.benchShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(slots=True)
class Wire:
    """What went over the wire for one page: bytes with headers, and requests."""

    bytes: int = 0
    requests: int = 0
    shift: float = 0.0
    foreign: list[str] = field(default_factory=list)


def addresses(slug: str) -> dict[str, str]:
    """The pages that are weighed; the first is asked for without a session."""
    return {
        "sign in": "/sign-in",
        "home": "/",
        "overview": f"/p/{slug}/",
        "workbench": f"/p/{slug}/theory",
        "statement": f"/p/{slug}/s/1?from=1&to=20",
        "codebook": f"/p/{slug}/codebook",
        "configurations": f"/p/{slug}/cmo",
        "configuration": f"/p/{slug}/cmo/100",
        "map": f"/p/{slug}/map",
        "edit": f"/p/{slug}/s/1/edit",
    }


@contextmanager
def _context(browser: Browser, app: App, window: tuple[int, int], *, signed_in: bool) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{app.port}", viewport={"width": window[0], "height": window[1]}
    )
    if signed_in:
        context.add_cookies([{"name": "sessionid", "value": app.way["session"], "domain": "127.0.0.1", "path": "/"}])
    context.add_init_script(SHIFTS)
    yield context
    context.close()


def load(page: Page, path: str) -> Wire:
    """Go there and wait until nothing more comes."""
    wire, devtools = Wire(), page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    cached: set[str] = set()

    def sent(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith(("data:", "blob:")):
            cached.add(event["requestId"])
        elif not event["request"]["url"].startswith("http://127.0.0.1"):
            wire.foreign.append(event["request"]["url"])

    def done(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            wire.requests += 1
            wire.bytes += int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    devtools.on("Network.loadingFinished", done)
    answer = page.goto(path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status if answer else 'nothing'}.")
    page.wait_for_timeout(500)
    wire.shift = page.evaluate("window.benchShift")
    devtools.detach()
    return wire


def weighed(app: App, browser: Browser, window: tuple[int, int]) -> Iterator[tuple[str, Wire, Wire]]:
    """(page, with a cold cache, once another page was looked at)."""
    for name, path in addresses(app.way["slug"]).items():
        with _context(browser, app, window, signed_in=name != "sign in") as context:
            first = load(context.new_page(), path)
        with _context(browser, app, window, signed_in=name != "sign in") as context:
            page = context.new_page()
            load(page, "/help")
            load(page, path)  # what this kind of page brings with it, such as a script of its own
            later = load(page, path)
        yield name, first, later


def holds(name: str, first: Wire, later: Wire) -> bool:
    light = first.bytes <= FIRST + (MORE if name == "map" else 0) and later.bytes <= LATER
    return light and first.requests <= REQUESTS and first.shift == later.shift == 0 and not first.foreign


def measure(kind: str) -> bool:
    """Print a table for each window; whether every page holds."""
    hold = True
    with ground(kind, None) as (folder, server, stack), sync_playwright() as playwright:
        app = app_on(stack, kind, folder, server, statements=1000, revisions=3, keep=False)
        fill(app)
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        for window, size in WINDOWS.items():
            print(f"\n{window}, {size[0]} px: first load ≤ {FIRST // 1000} kB, ≤ {REQUESTS} requests, shift 0;", end="")
            print(f" later ≤ {LATER // 1000} kB\n\n| page | first kB | requests | shift | later kB | |")
            print("|---|---:|---:|---:|---:|---|")
            for name, first, later in weighed(app, browser, size):
                verdict = "holds" if holds(name, first, later) else "DOES NOT HOLD"
                hold = hold and holds(name, first, later)
                figures = f"{first.bytes / 1000:.1f} | {first.requests} | {max(first.shift, later.shift):.4f}"
                print(f"| {name} | {figures} | {later.bytes / 1000:.1f} | {verdict} |", flush=True)
        browser.close()
    return hold


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    return 0 if measure(parser.parse_args(arguments).database) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
