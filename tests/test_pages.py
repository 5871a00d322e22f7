"""Claims about every page: it renders for whoever may see it, full and empty, and every answer carries its headers."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse

from programmes.rules.founding import found
from programmes.vocabulary import MAY, Role, Verb
from tests.conftest import actor
from tests.table import ANYONE, PERSON, ROWS, Row
from tests.worlds import address, client, send

PAGES = [row for row in ROWS if row.reads and not row.api and row.ok == 200]
FRAGMENTS = {"element-suggest"}  # asked for by a script alone
FILES = (
    "/", "excerpts-csv", "excerpts-json", "log-", "meeting-markdown", "phases-changes", "sample-file",
    "snapshot-canonical",
)  # fmt: skip
HTML = [row for row in PAGES if not row.route.startswith(FILES) and row.route not in FRAGMENTS]
# What has leaked from code into a page: a value that was not there, a template that was not run, an object as itself.
LEAKS = re.compile(r"\b(?:None|True|False)\b(?!-Match)|\{\{|\}\}|\{%|%\}|%\([a-z]+\)s|<[a-z_.]+ object|&lt;[A-Z]\w+: ")
LIST = {"codebook": "?code=O4", "statement": "?from=1&to=2", "workbench": "?theme=O&state=agreed",
    "settings": "?what=theory"}


def named(row: Row) -> str:
    return row.route


class Seen(HTMLParser):
    """The texts of a page, its title, its headings, its ids and where its forms and links go."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.titles: list[str] = []
        self.ids: list[str] = []
        self.h1 = self.mains = 0
        self.forms: list[dict[str, Any]] = []
        self.hidden: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._inside = tag
        self.h1 += tag == "h1"
        self.mains += tag == "main"
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "form":
            self.forms.append({**found, "fields": []})
        if tag == "input" and self.forms:
            self.forms[-1]["fields"].append(found.get("name"))

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.titles.append(data.strip())
        if self._inside not in ("script", "style"):
            self.texts.append(data)


def sees(row: Row) -> list[str]:
    if row.may == ANYONE:
        return ["", "outsider", "lead"]
    if row.may == PERSON:
        return ["outsider", "viewer", "lead"]
    return [role.value for role in Role if role in MAY[Verb(row.may)]]


def check(answer: Any, where: str) -> Seen:
    text = answer.content.decode()
    seen = Seen(text)
    words = " ".join(seen.texts)
    assert answer.status_code == 200, where
    assert LEAKS.findall(words) == [], (where, LEAKS.search(words))
    assert len(seen.titles[:1]) == 1
    assert seen.titles[0].endswith("Tybed"), where
    assert (seen.h1, seen.mains) == (1, 1), where
    assert sorted(seen.ids) == sorted(set(seen.ids)), where
    for form in seen.forms:
        if (form.get("method") or "get").lower() == "post":
            assert form.get("action", "").startswith(("/", "?", "")), where
            assert "csrfmiddlewaretoken" in form["fields"], (where, form)
    return seen


@pytest.mark.parametrize("row", HTML, ids=named)
def test_every_page_renders_for_whoever_may_see_it(row, world):
    for who in sees(row):
        if who and row.signed_in:
            continue
        if row.before is not None:
            row.before(world)
        url = address(world, row, who)
        check(send(world, row, who, "session", url), f"{row.route} for {who or 'nobody'}")
        if row.route in LIST:
            check(client(world, who, "session", api=False).get(url + LIST[row.route]),
                f"{url}{LIST[row.route]} for {who}")


@pytest.mark.parametrize("row", [row for row in HTML if isinstance(row.may, Verb) and not row.at], ids=named)
@pytest.mark.parametrize("phases", [True, False], ids=["with phases", "without phases"])
def test_every_page_renders_for_an_empty_programme(row, phases, cast, as_):
    found(by=actor(cast.lead), title="Nothing yet", slug="empty", phases=phases)
    check(as_(cast.lead).get(reverse(row.route, args=["empty"])), row.route)


def test_every_page_has_a_title_of_its_own(world):
    titles = {}
    for row in HTML:
        if not row.signed_in:
            if row.before is not None:
                row.before(world)
            seen = Seen(send(world, row, "lead", "session", address(world, row, "lead")).content.decode())
            titles.setdefault(seen.titles[0], []).append(row.route)
    assert [routes for routes in titles.values() if len(routes) > 1] == []


PARTS = ["workbench", "statement-edit", "statement-row"]


@pytest.mark.parametrize("route", PARTS)
def test_one_address_gives_the_page_and_to_htmx_its_part(route, world):
    row = next(row for row in ROWS if row.route == route and row.reads)
    url = address(world, row, "editor")
    browser = client(world, "editor", "session", api=False)
    part = browser.get(url, HTTP_HX_REQUEST="true")
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert LEAKS.findall(" ".join(Seen(part.content.decode()).texts)) == []
    whole = browser.get(url, follow=True)
    assert "<html" in whole.content.decode()
    assert "HX-Request" in part.get("Vary", "") or "no-store" in part["Cache-Control"]


def test_a_new_statement_has_no_row_to_stand_in_and_is_a_page_to_htmx_too(world):
    answer = client(world, "editor", "session", api=False).get("/p/cse-test/s/new", HTTP_HX_REQUEST="true")
    check(answer, "a new statement by htmx")


# ---- headers

POLICY = {
    "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'"],
    "font-src": ["'self'"], "connect-src": ["'self'"], "form-action": ["'self'"], "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy_of(answer: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def check_headers(answer: Any, where: str) -> None:
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS, where
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", ")), where
    assert policy_of(answer) == POLICY, where
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", answer["X-Request-Id"]), where


def test_every_answer_carries_its_headers(world):
    for row in ROWS:
        for who in ("", "outsider", "viewer", "lead"):
            answer = send(world, row, who, "session", address(world, row, who))
            check_headers(answer, f"{row.method} {row.route} for {who or 'nobody'}: {answer.status_code}")


def test_refusals_of_the_frame_carry_them_too(world, rf):
    nobody = client(world, "", "session")
    for url in ("/nothing", "/api/v1/nothing/", "/p/cse-test/s/999", "/static/nothing.css", "/accounts/../etc"):
        check_headers(nobody.get(url), url)
    checks = type(nobody)(enforce_csrf_checks=True)
    check_headers(checks.post("/sign-in", {}), "a form without its token")
    check_headers(nobody.get("/", headers={"host": "evil.example.org"}), "another host")
    check_headers(nobody.generic("TRACE", "/"), "a strange method")


def test_no_cookie_is_readable_by_scripts(world):
    answer = client(world, "", "session", api=False).get("/sign-in")
    assert [(morsel["httponly"], morsel["samesite"]) for morsel in answer.cookies.values()] == [(True, "Lax")]


def test_participants_words_stand_in_no_address(world):
    secret = "A sentence nobody should find in a log"
    browser = client(world, "editor", "session", api=False)
    sent = browser.post(
        "/p/cse-test/s/new", {"mode": "sentence", "wording": secret, "next": "/p/cse-test/theory"}
    )
    assert sent.status_code == 302
    assert "sentence" not in sent["Location"]
