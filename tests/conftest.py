"""Owns what every test may ask for: a cast of people, a small programme, doors to knock on, a count of queries."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.middleware import csrf
from django.template.base import Template
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, sync_playwright
from rest_framework.test import APIClient

from cmo.models import Statement, TheoryArea
from programmes import guards
from programmes.access import Actor
from programmes.models import Person, Programme, Theme
from tests.chromium import find
from tests.emptying import empty
from tests.ground import Ground, kind_for
from tests.knocking import one_chain
from tests.migrating import count_as_migrated
from tests.people import (
    CODEBOOK,
    PASSWORD,
    WORDING,
    actor,
    add_codebook,
    adding_areas,
    enlist,
    enlist_cast,
    found_elsewhere,
    found_programme,
    script_of,
    stating,
)

__all__ = ["CODEBOOK", "PASSWORD", "WORDING", "actor", "enlist"]

# Playwright keeps an event loop in the main thread of browser tests; the database is not used from inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# What the app, its libraries and pytest itself hold stays until the end; looking through it for garbage again and again
# takes a tenth of the suite.
gc.set_threshold(50_000, 20, 100)

# Tokens against forgery stand on every page and change each time: in small consonants none of them holds a label, such
# as P4, that a test looks for in vain.
csrf.CSRF_ALLOWED_CHARS = "bcdfghjklmnpqrstvwxz"


# ---- no test is skipped


def _refuse_skip(report: Any) -> None:
    if report.skipped or hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"No test is skipped or expected to fail here: {report.longrepr or report.nodeid}"
        vars(report).pop("wasxfail", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture
def contexts() -> None:
    """For tests that read `answer.context`: the test client keeps a copy of the context of every template drawn."""


@pytest.fixture(autouse=True)
def _plain_templates(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are drawn as a server draws them, which is quicker, unless a test wants `contexts`."""
    if "contexts" not in request.fixturenames:
        monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))


# ---- databases


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "leave out the tests that ask for no database: one run of them is enough"
    parser.addoption("--only-with-database", action="store_true", help=said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-with-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _asks_a_database(item)])
        items[:] = [item for item in items if _asks_a_database(item)]
    # What stands on the same ground goes together, in the order of the modules: laying it anew takes up to seconds.
    order = {module: at for at, module in enumerate(dict.fromkeys(item.nodeid.partition("::")[0] for item in items))}
    items.sort(key=lambda item: (order[item.nodeid.partition("::")[0]], kind_for(item)[0]))


def _asks_a_database(item: pytest.Item) -> bool:
    return "served" in getattr(item, "fixturenames", ()) or _asks_tables(item)


def _asks_tables(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db"))


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """pytest-django's own makes the tables without migrating; none where no test asks for them."""
    if any(_asks_tables(item) for item in request.session.items):
        with django_db_blocker.unblock():
            count_as_migrated()


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    return bool(asked or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(autouse=True)
def _emptied_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions ends with empty tables: see tests/emptying.py, here in place of Django's flush."""
    if not _is_transactional(request):
        yield
        return
    request.getfixturevalue("transactional_db")  # set up before this fixture, so torn down after it
    yield
    empty()


@pytest.fixture(scope="session", autouse=True)
def _flushed_by_us() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_chain() -> Iterator[None]:
    with one_chain():
        yield


@pytest.fixture
def unguarded() -> Callable[[], Any]:
    """`with unguarded(): …` lets history be changed, as somebody with the database's password could."""

    @contextmanager
    def lifted() -> Iterator[None]:
        guards.remove(connection)
        yield
        guards.install(connection)

    return lifted


@pytest.fixture
def queries() -> Callable[[int], Any]:
    """`with queries(7): …` fails with the list of queries unless exactly 7 were made. Savepoints do not count."""

    @contextmanager
    def exactly(expected: int) -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as captured:
            yield captured
        made = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(UNCOUNTED)]
        if len(made) != expected:
            listed = "\n".join(f"{at:3}. {sql[:300]}" for at, sql in enumerate(made, start=1))
            pytest.fail(f"{len(made)} queries instead of {expected}:\n{listed}", pytrace=False)

    return exactly


UNCOUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT")


# ---- people and what they may


@pytest.fixture(name="actor")
def _actor() -> Callable[..., Actor]:
    return actor


@pytest.fixture(scope="session")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """What tests share, see tests/ground.py."""
    laid = Ground(django_db_blocker)
    yield laid
    laid.clear()


@pytest.fixture
def _laid(request: pytest.FixtureRequest, ground: Ground) -> None:
    ground.lay(None if _is_transactional(request) else request)


@pytest.fixture
def _django_db_helper(_laid: None, _django_db_helper: None) -> None:
    """pytest-django's own, which begins what a test does and undoes it; the ground lies below that."""


@pytest.fixture
def stands(db: None, ground: Ground) -> SimpleNamespace:
    """A test's own copy of what stands: `.world`, or `.programme`, `.cast` and maybe `.themes`, or nothing."""
    return ground.copy()


@pytest.fixture
def cast(stands: SimpleNamespace) -> SimpleNamespace:
    """lead, editor, contributor and viewer, members of `programme` once that is asked for; outsider is none."""
    return stands.cast if hasattr(stands, "cast") else enlist_cast()


@pytest.fixture
def programme(stands: SimpleNamespace, cast: SimpleNamespace) -> Programme:
    """cse-test with the cast as members; its gleaning phase is open."""
    return stands.programme if hasattr(stands, "programme") else found_programme(cast)


@pytest.fixture
def themes(stands: SimpleNamespace, programme: Programme, cast: SimpleNamespace) -> dict[str, Theme]:
    """{code: theme} of a small codebook; the loose theme stands under its name."""
    return stands.themes if hasattr(stands, "themes") else add_codebook(programme, cast)


@pytest.fixture
def whole_world(stands: SimpleNamespace) -> SimpleNamespace:
    """The world of tests/worlds.py."""
    return stands.world


@pytest.fixture
def world(whole_world: SimpleNamespace) -> SimpleNamespace:
    """What many walk through; a module may mean something smaller by it."""
    return whole_world


@pytest.fixture
def area(programme: Programme, cast: SimpleNamespace) -> Callable[..., TheoryArea]:
    """`area("Trust")` adds a theory area."""

    return adding_areas(SimpleNamespace(programme=programme, cast=cast))


@pytest.fixture
def statement(request: pytest.FixtureRequest, programme: Programme, cast: SimpleNamespace) -> Callable[..., Statement]:
    """`statement("If …", themes=["O4"], by=cast.editor)` states one; `area` and the like go on to the rule."""

    def add(wording: str = WORDING, *, themes: Sequence[str] = (), **more: Any) -> Statement:
        codebook = request.getfixturevalue("themes") if themes else {}
        made = SimpleNamespace(programme=programme, cast=cast, themes=codebook)
        return stating(made)(wording, themes=themes, **more)

    return add


@pytest.fixture
def other_programme(db: None) -> Programme:
    """A programme that nobody of the cast belongs to; it has its own `.lead`, `.area`, `.theme` and `.statement`."""
    return found_elsewhere()


# ---- doors


@pytest.fixture
def as_() -> Callable[[Person], Client]:
    """`as_(cast.editor)` is a browser without scripts in which the editor is signed in."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="programmes.signing_in.NameOrEmail")
        return client

    return sign_in


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """`api(cast.editor)` is a script with a token of hers, `api(token="tyb_…")` with that one, `api()` with none."""

    return script_of


@pytest.fixture(scope="session")
def browser(django_db_setup: None, ground: Ground) -> Iterator[Any]:
    """Chromium, as Debian brings it, one for all browser tests of a process.

    While Playwright's event loop runs, Django gives this thread another connection: it must know the test database by
    then, and what stands in the transaction of the first must not be waited for in the second.
    """
    ground.clear()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find())
        yield started
        ground.clear()  # and the other way round
        connection.close()  # the second; the test database is dropped from the first
        started.close()


@pytest.fixture
def wrong() -> list[str]:
    """What the pages of a browser test did that no page may; a test that provokes a refusal clears it."""
    return []


@pytest.fixture
def page(browser: Any, live_server: Any, wrong: list[str]) -> Iterator[Any]:
    """An empty page of the running app. The test fails on any message of the console or request to another host."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    watch(opened, live_server.url, wrong)
    yield opened
    context.close()
    assert wrong == []


def watch(opened: Page, home: str, wrong: list[str]) -> None:
    """Note in `wrong` what a page must never do: errors in its console or its scripts, requests to other hosts."""
    opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    opened.on(
        "console",
        lambda said: wrong.append(f"console: {said.text}") if said.type in {"error", "warning"} else None,
    )
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith((home, "data:", "blob:")) else wrong.append(f"asks {asked.url}"),
    )
