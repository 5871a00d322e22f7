"""Owns what browser tests ask for: the app served with the example, signed-in browsers, statements of a test's own."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.served import PASSWORD, SLUG, Served, serve
from tests.conftest import watch

WIDE, NARROW, SMALLEST = ({"width": width, "height": 900} for width in (1440, 390, 320))
ROLES = ("lead", "editor", "contributor", "viewer", "outsider")
PATIENCE = 15_000  # milliseconds that a page may take on a busy machine
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
expect.set_options(timeout=PATIENCE)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app with the Welsh example, one for all browser tests of a process."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with serve(tmp_path_factory.mktemp("served"), common) as running:
        yield running


@pytest.fixture(scope="session")
def signed_in(served: Served, browser: Browser) -> Callable[[str], Any]:
    """`signed_in("editor")` is what a browser keeps once the editor is signed in; done once for each."""
    kept: dict[str, Any] = {}

    def state(role: str) -> Any:
        if role not in kept:
            context = browser.new_context(base_url=served.url)
            page = context.new_page()
            sign_in(page, role)
            kept[role] = context.storage_state()
            context.close()
        return kept[role]

    return state


def sign_in(page: Page, role: str, *, go: bool = True) -> None:
    if go:
        page.goto("/sign-in")
    page.get_by_label("Name or e-mail address").fill(role)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: go is False or "/sign-in" not in url)


def edit_in_place(page: Page, own: SimpleNamespace) -> Locator:
    """The form of a statement that the workbench lists, opened; what is typed now lands in its first field."""
    page.locator(f"#s{own.number}").get_by_role("link", name=f"Edit {own.label}").click()
    form = page.get_by_role("form", name=f"Edit {own.label}")
    expect(form.locator("textarea").first).to_be_focused()
    return form


@pytest.fixture
def open_as(
    served: Served, browser: Browser, signed_in: Callable[[str], Any], wrong: list[str]
) -> Iterator[Callable[..., Page]]:
    """`open_as("editor", "/p/…")` is a page in a browser of the editor's own; `None` is nobody.

    The test fails on any message of the console, error of a script or request to another host. `refusals` are the
    status codes that the test provokes: the browser writes those into its console itself.
    """
    opened: list[tuple[Any, list[str], set[str]]] = []

    def open_one(role: str | None, path: str = "", *, refusals: tuple[int, ...] = (), **options: Any) -> Page:
        state = signed_in(role) if role else None
        given = {"viewport": WIDE, "reduced_motion": "reduce", "accept_downloads": True, **options}
        context = browser.new_context(base_url=served.url, storage_state=state, **given)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(2 * PATIENCE)
        page = context.new_page()
        found: list[str] = []
        watch(page, served.url, found)
        opened.append((context, found, {str(code) for code in refusals}))
        if path:
            page.goto(path)
        return page

    yield open_one
    for context, found, provoked in opened:
        context.close()
        wrong += [said for said in found if not ((told := REFUSED.search(said)) and told[1] in provoked)]
    assert wrong == []


@pytest.fixture
def stated(served: Served) -> Callable[..., SimpleNamespace]:
    """`stated()` is a statement nobody else's test touches: its number, wording, page, and a word only it has."""

    def add(
        words: str = "If {mark} visits weekly, then families open the door, because visits feel safe.", **more: Any
    ) -> SimpleNamespace:
        mark = f"quince{next(_numbers)}x"
        given = {"wording": words.format(mark=mark), "themes": ["O4"], "area": "implementation-plans", **more}
        made = served.api("statements/", given)
        number = made["number"]
        return SimpleNamespace(
            number=number, label=f"S{number}", mark=mark, wording=made["wording"],
            page=f"/p/{SLUG}/s/{number}", edit=f"/p/{SLUG}/s/{number}/edit", listed=f"/p/{SLUG}/theory?search={mark}",
            now=lambda: served.statement(number),
            revisions=lambda: served.api(f"statements/{number}/revisions/?page_size=200")["results"],
        )  # fmt: skip

    return add


@pytest.fixture(scope="session")
def made_programme(served: Served) -> Callable[..., str]:
    """`made_programme("Title")` is the slug of another programme of the editor's, with no statements in it."""

    def make(title: str, **more: Any) -> str:
        return str(served.api("/programmes/", {"title": title, **more})["slug"])

    return make
