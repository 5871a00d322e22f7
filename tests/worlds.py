"""Owns the small world that the tests of access and of both doors walk through, and how somebody knocks in it."""

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cmo.rules.arranging import add_area, turn_area
from cmo.rules.composing import Words
from cmo.rules.stating import retire, revise, state
from programmes.rules.classifying import retire_theme
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.membering import add_member, remove_member
from programmes.rules.phasing import plan_phase
from tests.discussion_worlds import furnish_discussion, own_number
from tests.evidence_worlds import furnish_evidence
from tests.inviting_worlds import furnish_team
from tests.meeting_worlds import furnish_meetings
from tests.people import actor, enlist
from tests.phase_worlds import furnish_phases
from tests.review_worlds import furnish_review
from tests.structure_worlds import NUMBERS, furnish, furnish_elsewhere
from tests.table import NEW, Row
from tests.weighed_worlds import furnish_weighed

ADDRESSES = (
    "number", "revision", "link", "uid", "label", "area", "phase", "snapshot", "other", "kind", "pk", "invitation",
    "notice", "row", "site",
)  # fmt: skip


def build(own: Any, other: Any, cast: Any, themes: dict[str, Any]) -> SimpleNamespace:
    """`own` with a bit of everything; `other`, which nobody of the cast belongs to; people with two tokens each."""
    lead, stranger = actor(cast.lead), actor(other.lead)
    people = {**vars(cast), "ex": enlist("ex"), "spare": enlist("spare")}
    add_member(own, by=lead, who="spare", role="viewer")
    add_member(own, by=lead, who="ex", role="editor")
    by_ex = actor(people["ex"])
    trust = add_area(own, by=lead, title="Trust")
    add_area(own, by=lead, title="Empty")
    turn_area(add_area(own, by=lead, title="Old"), by=lead, base=1, retired=True)
    first = state(own, by=by_ex, words=Words(wording="If met, then trusted, because seen."), area=trust)
    revise(
        first, by=lead, base=1, words=Words(wording="If met often, then trusted, because seen."), themes=[themes["O4"]]
    )
    state(own, by=lead, words=Words(wording="If a worker stays, then they are trusted."))
    gone = state(own, by=lead, words=Words(wording="If gone, then kept, because numbers stay."))
    retire(gone, by=lead, base=1)
    furnish(own, lead, first, themes["O4"])
    retire_theme(themes["P6"], by=lead, base=1)
    remove_member(own, by=lead, username="ex")
    for _ in range(4):
        state(other, by=stranger, words=Words(wording=NEW), themes=[other.theme], area=other.area)
    furnish_elsewhere(other, stranger)
    plan_phase(other, by=stranger, kind="refining", title="Secret phase")
    foreign_token, _secret = issue_token(by=stranger, name="of a stranger")
    team = furnish_team(own, other, lead, stranger, people)
    said = furnish_discussion(own, other, people, stranger) | furnish_review(own, other, people, stranger)
    said |= furnish_meetings(own, other, people, stranger)
    said |= furnish_evidence(own, other, people, stranger, themes["O4"])
    said |= furnish_weighed(own, people) | furnish_phases(own, other, people, stranger)
    tokens = {name: issue_token(by=actor(person), name="writes", read_only=False) for name, person in people.items()}
    readers = {name: issue_token(by=actor(person), name="reads", read_only=True) for name, person in people.items()}
    cookies = {}
    for name, person in people.items():
        browser = Client()
        browser.force_login(person, backend="programmes.signing_in.NameOrEmail")
        cookies[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return SimpleNamespace(
        cookies=cookies, own=own, other=other, by_lead=lead, people=people, themes=themes, tokens=tokens,
        readers=readers, nobody="nobody",
        number=1, plain=2, gone=3, revision=1, **NUMBERS,
        uid=themes["O4"].uid, uid_other=themes["O1"].uid, uid_old=themes["P6"].uid, label="O4", label_old="P6",
        area="trust", area_empty="empty", area_old="old", phase="gleaning",
        foreign={"number": 5, "link": 5, "uid": other.theme.uid, "label": "X1", "area": "secret-area",
                 "phase": "secret-phase", "snapshot": "secret-theory", "other": "secret-theory",
                 "kind": "nothing", "site": "secret-site", "pk": foreign_token.pk, **team.pop("elsewhere")},
        missing={"number": 999, "link": 999, "revision": 99, "uid": uuid4(), "label": "NOPE1",
                 "area": "no-such-area", "phase": "no-such-phase", "snapshot": "no-such-theory",
                 "other": "no-such-theory", "kind": "nothing", "site": "no-such-site", "pk": 999_999,
                 **team.pop("nowhere")},
        **team, **said, spare="spare",
    )  # fmt: skip


def address(w: SimpleNamespace, row: Row, who: str, *, slug: str = "", ids: dict[str, Any] | None = None) -> str:
    """The row's address; `slug` and `ids` take the place of one's own."""
    mine = {name: own_number(getattr(w, attribute, None), who) for name, attribute in row.at}
    if "pk" in mine and who in w.tokens:
        mine["pk"] = w.tokens[who][0].pk
    elif "pk" in mine:
        mine["pk"] = 1
    if "notice" in mine:
        mine["notice"] = w.notices.get(who, 1)
    swapped = {name: (ids or {}).get(name, value) for name, value in mine.items()}
    if row.may not in ("anyone", "person"):
        swapped["slug"] = slug or w.own.slug
    url = row.route if row.route.startswith("/") else reverse(row.route, kwargs=swapped)
    return f"{url}?{row.query}" if row.query else url


def client(w: SimpleNamespace, who: str, door: str, *, api: bool = True) -> Client:
    """Knocks as `who`: by "session", "token" or "read-only" token; "" is nobody."""
    if door == "session":
        made = APIClient() if api else Client()
        if who:
            made.cookies[settings.SESSION_COOKIE_NAME] = w.cookies[who]
        return made
    made = APIClient()
    _token, secret = (w.tokens if door == "token" else w.readers)[who]
    made.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return made


def send(w: SimpleNamespace, row: Row, who: str, door: str, url: str) -> Any:
    """The answer to the row's request, its body read to the end."""
    if row.data is not None and row.route == "account":
        w.email = w.people[who].email if who else "nobody@example.org"
    data = row.data(w) if row.data else None
    knocks = client(w, who, door, api=row.api)
    headers = {"HTTP_IF_MATCH": f'"{row.base}"'} if row.base else {}
    if row.method in ("GET", "PUT"):
        answer = getattr(knocks, row.method.lower())(url)
    elif row.api:
        answer = getattr(knocks, row.method.lower())(url, data, format="json", **headers)
    else:
        answer = knocks.post(url, data or {})
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def plain(body: bytes, url: str) -> str:
    """A body without what differs between two visits: the address itself, tokens against forgery, nonces."""
    text = body.decode().replace(url, "HERE")
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|nonce)" value=")[^"]*', r"\1", text)
    return re.sub(r"hx-headers=(?:'[^']*'|\"[^\"]*\")", "", text)
