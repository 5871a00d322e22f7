"""Claims about a database that is busy: another connection really holds the locks, and no page loses a word over it."""

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client

from cmo.models import Statement
from programmes.models import AuditEvent
from programmes.refusals import is_busy
from realist_eval.settings import WAL_IS_SAFE
from tests.conftest import PASSWORD
from tests.table import ROWS, Row
from tests.worlds import address, build

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/p/cse-test/s/1/edit"
WRITTEN = "If it is 100 % “busy” & <b>locked</b>,\nthen nothing is lost."
NONCE = "a1b2c3"


@contextmanager
def held(what: str) -> Iterator[None]:
    """Another connection that writes ("write") or lets nobody read either ("read"), while ours waits but briefly."""
    with connection.cursor() as asking:
        if connection.vendor == "sqlite":
            asking.execute("PRAGMA busy_timeout = 20")
            other: Any = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            other.execute("BEGIN IMMEDIATE" if what == "write" else "BEGIN EXCLUSIVE")
        else:
            asking.execute("SET lock_timeout = '20ms'")
            other = psycopg2.connect(**connection.get_connection_params())
            with other.cursor() as locking:
                tables = [name for name in connection.introspection.table_names() if name != "django_session"]
                mode = "SHARE" if what == "write" else "ACCESS EXCLUSIVE"
                locking.execute(f"LOCK TABLE {', '.join(tables)} IN {mode} MODE")
    try:
        yield
    finally:
        other.rollback() if connection.vendor != "sqlite" else other.execute("ROLLBACK")
        other.close()
        connection.close()  # the next one waits as usual


def told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def kept(answer: Any) -> dict[str, list[str]]:
    """The hidden fields of the form that the page offers."""
    form = re.search(r'<form method="post".*?</form>', answer.content.decode(), flags=re.S)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0] if form else ""):
        if name != "csrfmiddlewaretoken":
            found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_a_form_comes_back_with_all_it_held_and_is_sent_again(cast, as_, statement):
    statement()
    browser = as_(cast.editor)
    form = {"base": 1, "mode": "sentence", "wording": WRITTEN, "reason": "Why", "nonce": NONCE, "state": ""}
    before = AuditEvent.objects.count()
    with held("write"):
        answer = browser.post(URL, form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "no-store" in answer["Cache-Control"]
    page = told(answer)
    assert "so nothing was saved. Nothing is lost" in page
    assert WRITTEN in page
    assert f'action="{URL}"' in page
    assert kept(answer) == {
        "base": ["1"], "mode": ["sentence"], "wording": [WRITTEN], "reason": ["Why"], "nonce": [NONCE], "state": [""],
    }  # fmt: skip
    assert AuditEvent.objects.count() == before
    assert browser.post(URL, kept(answer)).status_code == 302
    now = Statement.objects.get()
    assert (now.wording, now.revision_number) == (WRITTEN, 2)
    assert browser.post(URL, kept(answer)).status_code == 302, "sent twice, done once"
    assert Statement.objects.get().revision_number == 2


def test_with_htmx_the_sentence_comes_alone_and_the_form_stays_on_the_page(cast, as_, statement):
    statement()
    browser = as_(cast.editor)
    with held("write"):
        answer = browser.post(URL, {"base": 1, "wording": WRITTEN, "mode": "sentence"}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("The database is busy. Nothing was saved and nothing is lost")


def outside(person: Any, **more: Any) -> Client:
    """A browser as it is outside of tests: what breaks comes as a page."""
    made = Client(raise_request_exception=False, **more)
    made.force_login(person, backend="programmes.signing_in.NameOrEmail")
    return made


def test_a_page_that_cannot_be_read_says_so_and_offers_itself_again(cast, statement, programme):
    statement()
    browser = outside(cast.viewer)
    with held("read"):
        answer = browser.get("/p/cse-test/s/1?view=side")
    if connection.vendor == "sqlite" and WAL_IS_SAFE:  # a write-ahead log lets readers read on
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert 'href="/p/cse-test/s/1?view=side"' in told(answer)
    assert "<form" not in told(answer)


def test_what_another_site_sends_is_not_offered_to_be_sent_again(cast, statement):
    statement()
    browser = outside(cast.editor, enforce_csrf_checks=True)
    with held("read"):
        answer = browser.post(URL, {"wording": WRITTEN}, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code in {403, 503}
    assert kept(answer) == {}


def test_a_password_is_never_given_back(client, cast):
    with held("write"):
        answer = client.post("/sign-in", {"username": "editor", "password": PASSWORD})
    assert answer.status_code == 503
    assert PASSWORD not in told(answer)


def writes() -> list[Row]:
    """Every form of the pages that changes something, the ones that need something done first at the end."""
    elsewhere = {"appearance", "password-forgotten", "password-new"}  # as in the table they write nothing
    found = [row for row in ROWS if not row.api and row.method == "POST" and row.writes and row.route not in elsewhere]
    return sorted(found, key=lambda row: row.before is not None)


def test_every_form_of_the_app_comes_back_from_a_busy_database(programme, other_programme, cast, themes, as_):
    world = build(programme, other_programme, cast, themes)
    world.email = cast.lead.email
    for row in writes():
        data = dict(row.data(world) if row.data else {}) | {"nonce": NONCE}
        if row.before:
            row.before(world)
        browser = as_(cast.lead)
        if row.route == "sign-in":
            browser.logout()
        with held("write"):
            answer = browser.post(address(world, row, "lead"), data)
        assert answer.status_code == 503, (row.route, answer.status_code)
        secret = any("password" in name for name in data)
        sent = {name: [str(value)] if not isinstance(value, list) else value for name, value in data.items()}
        assert kept(answer) == ({} if secret else sent), row.route


@pytest.mark.parametrize("sql", ["SELECT * FROM no_such_table", "SELEC 1"])
def test_a_broken_database_is_no_busy_one(sql):
    with pytest.raises(Exception) as told, connection.cursor() as asking:
        asking.execute(sql)
    assert not is_busy(told.value)
    assert not is_busy(OperationalError("disk full"))
