"""Owns what every test may ask for: a cast of people, a small programme, doors to knock on, a count of queries.

All of it is made by the same rules that pages and API call.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, sync_playwright
from rest_framework.test import APIClient

from cmo.models import Statement, TheoryArea
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.stating import state
from programmes import guards
from programmes.access import Actor
from programmes.models import Person, Programme, Theme
from programmes.rules.classifying import add_theme
from programmes.rules.founding import found
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.membering import add_member
from programmes.rules.phasing import open_phase
from tests.chromium import find

PASSWORD = "pass-for-tests-1"
NAMES = {
    "lead": "Lena Lead",
    "editor": "Edda Editor",
    "contributor": "Conor Contributor",
    "viewer": "Vera Viewer",
    "outsider": "Otto Outsider",
}
# (code, name, code of the theme above); the last has no code.
CODEBOOK = (
    ("C", "Contexts", ""),
    ("C2", "Local demand", "C"),
    ("O", "Organisation", ""),
    ("O1", "Leadership", "O"),
    ("O1.1", "Visible leaders", "O1"),
    ("O4", "Training", "O"),
    ("P", "Practice", ""),
    ("P6", "Relationships", "P"),
    ("", "Covid-19", ""),
)
WORDING = "If a worker stays with the family, then they are trusted, because trust grows with time."

# Playwright keeps an event loop in the main thread of browser tests; the database is not used from inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


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


# ---- databases


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(autouse=True)
def _emptied_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions ends by emptying every table, which the append-only guards rightly refuse.

    They are taken down here just before, and put back by the `post_migrate` that ends the emptying.
    """
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    if not asked and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")  # set up before this fixture, so torn down after it
    yield
    guards.remove(connection)


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


def actor(person: Person, **more: Any) -> Actor:
    """Who acts in a call of a rule."""
    return Actor(person=person, **more)


def enlist(username: str, name: str = "", email: str = "") -> Person:
    """An account with the password of the tests."""
    first, _space, last = (name or username.title()).partition(" ")
    return Person.objects.create_user(
        username=username, email=email or f"{username}@example.org", password=PASSWORD, first_name=first, last_name=last
    )


@pytest.fixture(name="actor")
def _actor() -> Callable[..., Actor]:
    return actor


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """lead, editor, contributor and viewer, members of `programme` once that is asked for; outsider is none."""
    return SimpleNamespace(**{username: enlist(username, name) for username, name in NAMES.items()})


@pytest.fixture
def programme(cast: SimpleNamespace) -> Programme:
    """cse-test with the cast as members; its gleaning phase is open."""
    lead = actor(cast.lead)
    made = found(by=lead, title="Exploitation services", slug="cse-test", summary="What works for whom.")
    for role in ("editor", "contributor", "viewer"):
        add_member(made, by=lead, who=role, role=role)
    open_phase(made.phases.select_related("programme").get(slug="gleaning"), by=lead, base=1)
    return made


@pytest.fixture
def themes(programme: Programme, cast: SimpleNamespace) -> dict[str, Theme]:
    """{code: theme} of a small codebook; the loose theme stands under its name."""
    made: dict[str, Theme] = {}
    for code, name, above in CODEBOOK:
        made[code or name] = add_theme(programme, by=actor(cast.lead), parent=made.get(above), code=code, name=name)
    return made


@pytest.fixture
def area(programme: Programme, cast: SimpleNamespace) -> Callable[..., TheoryArea]:
    """`area("Trust")` adds a theory area."""

    def add(title: str = "Trusted relationships", **more: Any) -> TheoryArea:
        return add_area(programme, by=actor(cast.editor), title=title, **more)

    return add


@pytest.fixture
def statement(request: pytest.FixtureRequest, programme: Programme, cast: SimpleNamespace) -> Callable[..., Statement]:
    """`statement("If …", themes=["O4"], by=cast.editor)` states one; `area` and the like go on to the rule."""

    def add(wording: str = WORDING, *, themes: Sequence[str] = (), by: Person | None = None, **more: Any) -> Statement:
        codebook = request.getfixturevalue("themes") if themes else {}
        carried = [codebook[code] for code in themes]
        return state(programme, by=actor(by or cast.editor), words=Words(wording=wording), themes=carried, **more)

    return add


@pytest.fixture
def other_programme(db: None) -> Programme:
    """A programme that nobody of the cast belongs to; it has its own `.lead`, `.area`, `.theme` and `.statement`."""
    lead = enlist("stranger", "Sten Stranger")
    made: Any = found(by=actor(lead), title="Somebody else's", slug="other-test")
    made.lead = lead
    made.area = add_area(made, by=actor(lead), title="Secret area")
    made.theme = add_theme(made, by=actor(lead), code="X1", name="Secret theme")
    made.statement = state(
        made, by=actor(lead), words=Words(wording="If secret, then hidden, because foreign."), themes=[made.theme]
    )
    return made


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

    def sign_in(person: Person | None = None, token: str | None = None, *, read_only: bool = False) -> APIClient:
        client = APIClient()
        if person is not None and token is None:
            _made, token = issue_token(by=actor(person, via="tests"), name="tests", read_only=read_only)
        if token is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, as Debian brings it, one for all browser tests of a process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find())
        yield started
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
