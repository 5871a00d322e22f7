"""A browser that follows every link: no error, no other host, nothing inline, nothing that jumps, little to load."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
KILOBYTE = 1000
LONG = 180_000  # milliseconds that five pages at once may take over the slow line on a busy machine
INLINE = "() => [...document.querySelectorAll('[style], style, script:not([src])')].map((each) => each.outerHTML)"
HANDLERS = """() => [...document.querySelectorAll('*')]
  .filter((each) => [...each.attributes].some((attribute) => attribute.name.startsWith('on')))
  .map((each) => each.outerHTML.slice(0, 120))"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => (sum += each.hadRecentInput ? 0 : each.value)))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
})"""


def kind(url: str) -> str:
    """Pages that differ only in numbers, codes and filters are one kind; one of a kind is looked at."""
    parts = urlsplit(url)
    path = re.sub(r"/\d+(?=/|$)", "/0", re.sub(r"[0-9a-f-]{36}", "id", parts.path))
    asked = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return f"{path}?{'&'.join(asked)}"


def test_every_link_of_every_page_leads_to_a_clean_page(open_as: Callable[..., Page], served: Served) -> None:
    page = open_as("lead")
    waiting, met, wrong = ["/"], {kind(f"{served.url}/")}, []
    files = []
    while waiting:
        at = waiting.pop()
        answer = page.goto(at)
        assert answer is not None
        policy = answer.headers.get("content-security-policy", "")
        wrong += [f"{at}: {answer.status}"] if answer.status != 200 else []
        wrong += [f"{at}: {policy}"] if "default-src 'none'" not in policy or "unsafe" in policy else []
        wrong += [f"{at}: {found}" for found in page.evaluate(INLINE) + page.evaluate(HANDLERS)]
        for link in page.evaluate(LINKS):
            url, _fragment = urldefrag(urljoin(page.url, link))
            if not url.startswith(served.url):
                continue  # a way out, never a request of the page itself
            if kind(url) in met:
                continue
            met.add(kind(url))
            is_file = "/export/" in url or re.search(r"\.(csv|json|md|yaml|html|svg)(\?|$)|/schema/|[?&]as=", url)
            (files if is_file else waiting).append(url)
    for file in files:
        answer = page.request.get(file)
        wrong += [f"{file}: {answer.status}"] if not answer.ok else []
    assert wrong == []
    assert len(met) > 25


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("speed", [None, 30 * KILOBYTE])
def test_nothing_shifts_while_a_page_loads(open_as: Callable[..., Page], width: int, speed: int | None) -> None:
    """Also over a line so slow (bytes a second) that the browser has half a page for a while."""
    pages = {}
    for end in ("theory", "", "s/2", "codebook?code=O4", "map"):  # each in a browser of its own, all at once
        page = pages[end] = open_as("lead", viewport={"width": width, "height": 900})
        if speed:
            line = {"offline": False, "latency": 20, "downloadThroughput": speed, "uploadThroughput": speed}
            page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
        page.goto(f"{HERE}/{end}", wait_until="commit")
    for page in pages.values():
        page.wait_for_load_state("networkidle", timeout=LONG)
    assert {end: page.evaluate(SHIFT) for end, page in pages.items()} == dict.fromkeys(pages, 0)


@pytest.mark.parametrize("path", [f"{HERE}/theory", f"{HERE}/", f"{HERE}/s/2"])
def test_the_first_load_is_small_and_later_pages_are_smaller(open_as: Callable[..., Page], path: str) -> None:
    page = open_as("lead")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: list[str] = []
    sizes: list[int] = []
    page.on("request", lambda request: asked.append(request.url))
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(asked) <= 12, asked
    assert sum(sizes) <= 160 * KILOBYTE
    sizes.clear()
    page.goto(f"{HERE}/settings" if path.endswith("theory") else f"{HERE}/theory", wait_until="networkidle")
    assert sum(sizes) <= 25 * KILOBYTE


def test_headers_of_every_kind_of_answer(open_as: Callable[..., Page]) -> None:
    page = open_as("lead")
    paths = ("/", f"{HERE}/theory", "/no-such-page", f"{HERE}/theory/tag", "/sign-in", "/api/v1/programmes/")
    for path in paths:
        sent: dict[str, Any] = page.request.get(path, fail_on_status_code=False).headers
        assert "unsafe" not in sent["content-security-policy"], path
        assert sent["x-content-type-options"] == "nosniff", path
        assert sent["cache-control"] == "no-store, private", path
