"""Claims about access: role × route × method × own, foreign or missing, by session, token and read-only token."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from programmes.rules.membering import change_role, remove_member
from programmes.vocabulary import MAY, NEEDS, READ_ONLY_TOKEN, Role, Verb
from tests.looking import stored, writing
from tests.table import ANYONE, BY_KEY, PERSON, ROWS, Row, routes
from tests.worlds import address, client, plain, send

MAIL = re.compile(rb"[\w.]+@example\.org")  # nobody reads that of another in any answer
NOT_MEMBERS = ("outsider", "ex")
ROLES = ("viewer", "contributor", "editor", "lead")
IN_PROGRAMMES = [row for row in ROWS if isinstance(row.may, Verb)]


def named(row: Row) -> str:
    return f"{row.method} {row.route}"


@contextmanager
def readied(w: Any, row: Row) -> Iterator[Callable[..., Any]]:
    """What must have happened before the row's request has; `tries(who, door, …)` is the answer to it."""
    with transaction.atomic():
        if row.before:
            row.before(w)
        was = stored() if row.before else w.was

        def tries(who: str, door: str, **where: Any) -> Any:
            """The answer, with `.wrote` and `.url_asked`; afterwards all is as it was."""
            with transaction.atomic():
                url = address(w, row, who, **where)
                with writing() as seen:
                    answer = send(w, row, who, door, url)
                answer.wrote = seen.changed(was)
                answer.url_asked = url
                transaction.set_rollback(True)
            return answer

        yield tries
        transaction.set_rollback(True)


def knockers(row: Row) -> list[tuple[str, str]]:
    """(who, door) of everybody who may knock at this route."""
    doors = ("session", "token", "read-only") if row.api else ("session",)
    return [("", "session"), *((who, door) for door in doors for who in (*NOT_MEMBERS, *ROLES))]


def expected(row: Row, who: str, door: str) -> int:
    """The one place that says what the answer must be."""
    if row.may == ANYONE:
        return row.signed_in if who and row.signed_in else row.ok
    if not who:
        return 401 if row.api or not row.reads else 302
    if row.may == PERSON:
        return 403 if door == "read-only" and not row.reads else row.ok
    if who in NOT_MEMBERS:
        return 404
    allowed = Role(who) in MAY[row.may] and (door != "read-only" or row.may is Verb.READ)
    return row.ok if allowed else 403


def test_every_route_and_method_stands_in_the_table_once():
    asked = [(route["name"] or route["address"], method) for route in routes() for method in route["methods"]]
    assert (sorted(set(asked) - set(BY_KEY)), sorted(set(BY_KEY) - set(asked))) == ([], [])
    assert len(asked) == len(ROWS) == len(BY_KEY)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_each_role_gets_what_the_table_says(row, world):
    wanted = {(who, door): expected(row, who, door) for who, door in knockers(row)}
    with readied(world, row) as tries:
        answers = {key: tries(*key) for key in wanted}
    assert {key: answer.status_code for key, answer in answers.items()} == wanted
    wrote = {key: answer.wrote for key, answer in answers.items()}
    if row.reads:
        assert wrote == dict.fromkeys(wanted, False), "a GET wrote something"
        for (who, door), answer in answers.items():
            own = {world.people[who].email.encode()} if row.route == "account" and who else set()
            assert set(MAIL.findall(answer.whole)) <= own, (who, door)
    elif row.may != ANYONE:
        assert wrote == {key: row.writes and wanted[key] < 400 for key in wanted}
    for (who, door), answer in answers.items():
        if answer.status_code == 403:
            sentence = READ_ONLY_TOKEN if door == "read-only" else NEEDS[row.may]
            said = json.loads(answer.whole)["detail"] if row.api else answer.whole.decode()
            assert str(sentence) == said if row.api else str(sentence) in said, (who, door)


@pytest.mark.parametrize("row", IN_PROGRAMMES, ids=named)
def test_what_is_foreign_looks_like_what_is_missing(row, world):
    with readied(world, row) as tries:
        for who, door in strangers_and_some(row):
            foreign = tries(who, door, slug=world.other.slug, ids=world.foreign)
            missing = tries(who, door, slug="no-such-one", ids=world.foreign)
            assert foreign.status_code == expected(row, "outsider" if who else "", door), (who, door)
            assert alike(foreign) == alike(missing), (who, door)
            assert not foreign.wrote
            if row.at:
                a_foreign_record_looks_like_none(row, world, who, door, tries)


def strangers_and_some(row: Row) -> list[tuple[str, str]]:
    doors = ("session", "token", "read-only") if row.api else ("session",)
    return [
        ("", "session"),
        ("ex", doors[-1]),
        ("viewer", doors[-1]),
        *((who, door) for who in ("outsider", "lead") for door in doors),
    ]


# Read, the address of a form leads to the page that it stands on, whichever record it names.
LEADS_BACK = {"phase-open", "phase-close", "statement-retire", "statement-restore", "statement-parts"}


def a_foreign_record_looks_like_none(row: Row, world: Any, who: str, door: str, tries: Callable[..., Any]) -> None:
    missing = tries(who, door, ids=world.missing)
    assert not missing.wrote
    if who == "lead" and door != "read-only" and not (row.reads and row.route in LEADS_BACK):
        assert missing.status_code == 404
    if who in NOT_MEMBERS:
        assert missing.status_code == 404
    if "revision" not in dict(row.at):
        foreign = tries(who, door, ids=world.foreign)
        assert alike(foreign) == alike(missing), (who, door)


def alike(answer: Any) -> tuple[int, str, dict[str, str]]:
    headers = {
        name: value for name, value in answer.items() if name not in ("X-Request-Id", "Content-Length", "Location")
    }
    return answer.status_code, plain(answer.whole, answer.url_asked), headers


def test_another_persons_token_cannot_be_revoked(world):
    row = BY_KEY["token-revoke", "POST"]
    with readied(world, row) as tries:
        foreign, missing = (tries("lead", "session", ids=ids) for ids in (world.foreign, world.missing))
    assert foreign.status_code == missing.status_code == 404
    assert alike(foreign) == alike(missing)
    assert not foreign.wrote


# Django's own views look at the visitor before the method; those for a supervisor of processes take any.
EARLY = {"sign-in": 302, "password-new": 200, "/healthz": 200, "/readyz": 200}


def test_no_other_method_is_answered_and_none_writes(world):
    was = stored()
    for route in sorted({row.route for row in ROWS}):
        rows = {row.method: row for row in ROWS if row.route == route}
        some = next(iter(rows.values()))
        lead = client(world, "lead", "session", api=some.api)
        url = address(world, some, "lead").partition("?")[0]
        others = {"POST", "PUT", "PATCH", "DELETE"} - set(rows)
        answers = {method: lead.generic(method, url).status_code for method in others}
        assert answers == dict.fromkeys(others, EARLY.get(route, 405)), route
    assert stored() == was


# ---- relations and ids inside of bodies and queries


FILTERS = ["theme=X1", "theme={uid}", "area=secret-area", "phase=secret-phase"]


@pytest.mark.parametrize("query", FILTERS)
@pytest.mark.parametrize("route", ["api:statements", "api:export"])
def test_a_filter_by_something_foreign_says_the_same_as_by_something_missing(route, query, world):
    url = reverse(route, args=[world.own.slug])
    key, _eq, value = query.format(uid=world.other.theme.uid).partition("=")
    strange = str(world.missing["uid"]) if "uid" in query else "zz9"
    asks = client(world, "lead", "token")
    foreign, missing = (asks.get(url, {key: given}) for given in (value, strange))
    assert foreign.status_code == missing.status_code == 400
    assert foreign.json()["detail"].replace(value, "…") == missing.json()["detail"].replace(strange, "…")


BODIES = {
    "theme of a new statement": ("POST", "statements", (), {"wording": "If.", "themes": ["X1"]}, None),
    "theme of a statement": ("PATCH", "statement", (1,), {"themes": ["X1"]}, 2),
    "theme of a statement by id": ("PATCH", "statement", (1,), {"themes": ["{uid}"]}, 2),
    "area of a statement": ("PATCH", "statement", (1,), {"area": "secret-area"}, 2),
    "area of a new statement": ("POST", "statements", (), {"wording": "If.", "area": "secret-area"}, None),
    "parent of a new theme": ("POST", "themes", (), {"code": "N1", "parent": "X1"}, None),
    "parent of a theme": ("PATCH", "theme", ("O4",), {"parent": "{uid}"}, 1),
    "target of a merge": ("POST", "theme-merge", ("O4",), {"into": "X1"}, 1),
    "target of a merge by id": ("POST", "theme-merge", ("O4",), {"into": "{uid}"}, 1),
    "themes to add to many": ("POST", "tag", (), {"statements": [{"number": 2, "revision": 1}], "add": ["X1"]}, None),
    "themes to take off": ("POST", "tag", (), {"statements": [{"number": 2, "revision": 1}], "remove": ["X1"]}, None),
    "statements to tag": ("POST", "tag", (), {"statements": [{"number": 5, "revision": 1}], "add": ["O4"]}, None),
    "area of a paste": ("POST", "paste", (), {"text": "If so.", "area": "secret-area"}, None),
}


@pytest.mark.parametrize(("method", "route", "at", "body", "base"), BODIES.values(), ids=BODIES)
def test_something_foreign_in_a_body_is_as_something_missing(method, route, at, body, base, world):
    def sent(uid: Any, **swaps: str) -> Any:
        text = json.dumps(body).replace("{uid}", str(uid))
        for old, new in swaps.items():
            text = text.replace(old.replace("_", "-"), new)
        headers = {"HTTP_IF_MATCH": f'"{base}"'} if base else {}
        url = reverse(f"api:{route}", args=[world.own.slug, *at])
        lead = client(world, "lead", "token")
        return lead.generic(method, url, text, content_type="application/json", **headers)

    was = stored()
    foreign = sent(world.other.theme.uid)
    missing = sent(world.missing["uid"], X1="Z9", secret_area="nowhere-yet", **{'"number": 5': '"number": 777'})
    assert stored() == was
    assert foreign.status_code == missing.status_code == 400
    names = {str(world.other.theme.uid): "…", str(world.missing["uid"]): "…", "X1": "…", "Z9": "…", "S5": "…"}
    names |= {"S777": "…", "secret-area": "…", "nowhere-yet": "…"}
    texts = [answer.json()["detail"] for answer in (foreign, missing)]
    for name, dots in names.items():
        texts = [text.replace(name, dots) for text in texts]
    assert texts[0] == texts[1]
    assert "Secret" not in foreign.content.decode()


FORMS = {
    "theme": ("statement-edit", {"base": 2, "wording": "If.", "mode": "sentence", "theme": "X1"}, (1,)),
    "area": ("statement-edit", {"base": 2, "wording": "If.", "mode": "sentence", "area": "secret-area"}, (1,)),
    "parent": ("theme-move", {"base": 1, "parent": "{uid}"}, "uid"),
    "target": ("theme-merge", {"base": 1, "into": "{uid}"}, "uid"),
    "parent of a new one": ("theme-add", {"code": "N1", "parent": "{uid}"}, ()),
}


@pytest.mark.parametrize(("route", "form", "at"), FORMS.values(), ids=FORMS)
def test_something_foreign_in_a_form_is_refused_without_its_name(route, form, at, world):
    url = reverse(route, args=[world.own.slug, *([world.uid] if at == "uid" else at)])
    was = stored()
    answer = client(world, "lead", "session", api=False).post(
        url, {key: str(value).format(uid=world.other.theme.uid) for key, value in form.items()}
    )
    assert answer.status_code == 422
    assert "Secret" not in answer.content.decode()
    assert stored() == was


def test_lists_and_counts_hold_nothing_foreign(world):
    lead = client(world, "lead", "token")
    for row in ROWS:
        if row.reads and isinstance(row.may, Verb):
            answer = send(world, row, "lead", "session", address(world, row, "lead"))
            assert "Secret" not in answer.whole.decode(), row
            assert "hidden, because foreign" not in answer.whole.decode(), row
    assert lead.get("/api/v1/programmes/").json()["count"] == 1
    assert b"Somebody else" not in send(world, BY_KEY["home", "GET"], "lead", "session", "/").whole


# ---- rights removed


def test_a_member_taken_out_meets_404_at_the_next_request_everywhere(world):
    remove_member(world.own, by=world.by_lead, username="editor")
    for row in IN_PROGRAMMES:
        with readied(world, row) as tries:
            for door in ("session", "token") if row.api else ("session",):
                answer = tries("editor", door)
                assert (answer.status_code, answer.wrote) == (404, False), row.key


def test_a_role_lost_is_lost_at_the_next_request_of_the_same_session_and_token(world):
    row = BY_KEY["api:statement", "PATCH"]
    url = address(world, row, "editor")
    doors = [client(world, "editor", "session"), client(world, "editor", "token")]
    assert [door.get(url).status_code for door in doors] == [200, 200]
    change_role(world.own, by=world.by_lead, username="editor", role="viewer")
    sent = {"wording": "If refused, then said."}
    answers = [door.patch(url, sent, format="json", HTTP_IF_MATCH='"2"') for door in doors]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert [door.get(url).status_code for door in doors] == [200, 200]


@pytest.mark.parametrize("what", ["is_active", "revoked", "expired", "unknown"])
def test_a_token_that_holds_no_more_is_401_everywhere_and_says_one_thing(what, world):
    token, secret = world.tokens["lead"]
    if what == "is_active":
        type(world.people["lead"]).objects.filter(username="lead").update(is_active=False)
    elif what != "unknown":
        field = {"revoked": "revoked", "expired": "expires"}[what]
        type(token).objects.filter(pk=token.pk).update(**{field: token.created})
    knocks = client(world, "lead", "token")
    if what == "unknown":
        knocks.credentials(HTTP_AUTHORIZATION=f"Token {secret}x")
    for row in ROWS:
        if row.api and row.may != ANYONE:
            answer = getattr(knocks, row.method.lower())(address(world, row, "lead"))
            assert answer.status_code == 401, row
            assert answer["WWW-Authenticate"] == "Token"
            assert answer.json()["detail"] == (
                "This token is unknown, revoked or expired; make a new one on your account page."
            )


def test_a_token_signs_nobody_in_to_pages(world):
    knocks = client(world, "lead", "token")
    assert knocks.get(f"/p/{world.own.slug}/").status_code == 302
    assert knocks.get("/account/tokens").status_code == 302


def test_the_own_way_out_is_open_to_every_role_but_not_to_the_last_lead(world):
    for who in ("viewer", "contributor", "editor"):
        answer = client(world, who, "session", api=False).post(
            f"/p/{world.own.slug}/settings/remove", {"username": who}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/")
    was = stored()
    refused = client(world, "lead", "session", api=False).post(
        f"/p/{world.own.slug}/settings/remove", {"username": "lead"}
    )
    assert refused.status_code == 422
    assert "make somebody else lead first" in refused.content.decode()
    assert stored() == was


def test_a_session_without_its_csrf_token_writes_nothing(world):
    knocks = type(client(world, "lead", "session"))(enforce_csrf_checks=True)
    knocks.force_login(world.people["lead"], backend="programmes.signing_in.NameOrEmail")
    was = stored()
    for row in ROWS:
        if row.api and not row.reads:
            assert send_raw(knocks, world, row).status_code == 403, row
    assert stored() == was


def send_raw(knocks: Any, world: Any, row: Row) -> Any:
    data = row.data(world) if row.data else None
    return getattr(knocks, row.method.lower())(
        address(world, row, "lead"), data, format="json", HTTP_IF_MATCH=f'"{row.base or 1}"'
    )


def test_the_table_of_rights_is_the_one_agreed():
    assert {verb.value: [role.value for role in Role if role in roles] for verb, roles in MAY.items()} == {
        "read": ["viewer", "contributor", "editor", "lead"],
        "comment": ["contributor", "editor", "lead"],
        "propose": ["contributor", "editor", "lead"],
        "write": ["editor", "lead"],
        "classify": ["editor", "lead"],
        "evidence": ["editor", "lead"],
        "review": ["editor", "lead"],
        "manage": ["lead"],
    }


def test_rules_refuse_by_themselves_whoever_calls(world, actor):
    for who in NOT_MEMBERS:
        with pytest.raises(PermissionDenied):
            remove_member(world.own, by=actor(world.people[who]), username="spare")
