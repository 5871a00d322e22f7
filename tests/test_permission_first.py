"""Claims about the order of refusals: who may not write hears that, at both doors, whatever else is wrong."""

from typing import Any

import pytest
from django.urls import reverse

from programmes.models import AuditEvent
from programmes.vocabulary import MAY, NEEDS, READ_ONLY_TOKEN, Role, Verb
from tests.looking import writing
from tests.table import ROWS, Row
from tests.worlds import address, client

WRITING = [row for row in ROWS if isinstance(row.may, Verb) and not row.reads and row.may is not Verb.READ]
PERSONAL = [row for row in ROWS if row.api and row.may == "person" and not row.reads]
# What the API is sent: (body, content type, headers, query).
JSON = "application/json"
BODIES: dict[str, tuple[str | bytes, str, dict[str, str], str]] = {
    "nothing": ("", JSON, {}, ""),
    "no object": ("[]", JSON, {}, ""),
    "no JSON": ("{", JSON, {}, ""),
    "no UTF-8": (b"\xff", JSON, {}, ""),
    "an unknown field": ('{"nonsense": 1}', JSON, {}, ""),
    "wrong types": ('{"wording": 1, "title": [], "text": {}, "statements": 3, "into": null}', JSON, {}, ""),
    "another revision": ("{}", JSON, {"HTTP_IF_MATCH": '"999"'}, ""),
    "another content type": ("<a/>", "application/xml", {}, ""),
    "too much": ("x" * 4_300_000, JSON, {}, ""),
    "a strange parameter": ("{}", JSON, {}, "?nonsense=1"),
    "a strange key": ("{}", JSON, {"HTTP_IDEMPOTENCY_KEY": "\x01"}, ""),
}
FORMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "nonsense": {"base": "x", "wording": "\x00", "title": "", "pick": "a:b", "theme": "04", "step": "9"},
    "another revision": {"base": 999, "about-base": 999, "wording": "If.", "mode": "sentence"},
    "a nonce": {"nonce": "n1", "base": ""},
}


def named(row: Row) -> str:
    return f"{row.method} {row.route}"


def refused_roles(row: Row) -> list[str]:
    return [role.value for role in Role if role not in MAY[Verb(row.may)]]


def sent(w: Any, row: Row, who: str, door: str, url: str, what: Any) -> Any:
    knocks = client(w, who, door, api=row.api)
    if not row.api:
        return knocks.post(url, what)
    body, kind, headers, query = what
    return knocks.generic(row.method, f"{url}{query}", body, content_type=kind, **headers)


@pytest.mark.parametrize("row", WRITING, ids=named)
def test_who_may_not_write_is_told_so_whatever_they_send(row, world):
    with writing() as seen:
        for who in refused_roles(row):
            for name, what in (BODIES if row.api else FORMS).items():
                answer = sent(world, row, who, "token" if row.api else "session", address(world, row, who), what)
                assert answer.status_code == 403, (who, name, answer.content[:300])
                assert str(NEEDS[Verb(row.may)]) in answer.content.decode(), (who, name)
    assert not seen.changed(world.was)


@pytest.mark.parametrize("row", [*(row for row in WRITING if row.api), *PERSONAL], ids=named)
def test_a_read_only_token_is_told_so_whatever_it_sends(row, world):
    with writing() as seen:
        for name, what in BODIES.items():
            answer = sent(world, row, "lead", "read-only", address(world, row, "lead"), what)
            assert (answer.status_code, answer.json()["detail"]) == (403, str(READ_ONLY_TOKEN)), name
    assert not seen.changed(world.was)


@pytest.mark.parametrize("row", WRITING, ids=named)
def test_what_is_sent_here_would_not_be_done_for_a_lead_either(row, world):
    what = BODIES["an unknown field"] if row.api else FORMS["nonsense"]
    with writing() as seen:
        answer = sent(world, row, "lead", "token" if row.api else "session", address(world, row, "lead"), what)
    assert 200 <= answer.status_code < 500
    assert row.route in FORGIVING or not seen.changed(world.was)


FORGIVING = {
    "roles",  # a form without a role says nothing about it
    "invitation-again",  # a button is all of it
    "invitation-withdraw",
    "statement-draft",  # what is being typed is kept, whatever else was sent
    "statement-new-draft",
    "configuration-draft",
    "configuration-new-draft",
    "element-draft",
    "element-new-draft",
}


def test_a_draft_of_ones_own_can_be_discarded_without_a_role_that_writes(world):
    url = reverse("statement-draft", args=[world.own.slug, 1])
    knocks = client(world, "viewer", "session", api=False)
    assert knocks.post(url, {"discard": "1"}).status_code == 302
    assert knocks.post(url, {"wording": "If."}).status_code == 403


def test_leaving_asks_for_no_role_and_taking_others_out_for_one_before_it_looks(world):
    url = reverse("member-remove", args=[world.own.slug])
    knocks = client(world, "viewer", "session", api=False)
    for username in ("spare", "", "nobody", "a\x00b", "x" * 10_000):
        assert knocks.post(url, {"username": username}).status_code == 403, username[:20]
    assert knocks.post(url, {"username": "viewer"}).status_code == 302
    assert AuditEvent.objects.filter(programme=world.own).order_by("-number").first().verb == "left"
