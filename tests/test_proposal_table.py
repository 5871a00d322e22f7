"""Claims about proposals as one table: in each state, what each act by each person comes to, alike at both doors.

The co-author agreed to be one; the named one has not, and is an editor, as the co-author and the reviewer are.
"""

from typing import Any

import pytest
from django.db import transaction

from cmo.models import Proposal
from cmo.rules.proposing import answer_naming, propose, submit, withdraw
from cmo.rules.reviewing import decide
from programmes.rules.membering import add_member
from tests.people import actor, enlist

WHO = ("author", "coauthor", "named", "reviewer", "fellow", "viewer", "outsider")
STATES = ("draft", "open", "withdrawn", "accepted", "refused")
# One letter for each of WHO: y done, - refused by role or authorship, s not in this state, . nothing of it is seen.
TABLE = """
            draft     open      withdrawn accepted  refused
read        yyy....   yyyyyy.   yyyyyy.   yyyyyy.   yyyyyy.
rewrite     yy-..-.   yy----.   yy----.   ss----.   ss----.
submit      yy-..-.   ss----.   yy----.   ss----.   ss----.
withdraw    yy-..-.   yy----.   ss----.   ss----.   ss----.
rebase      sss..-.   ssss--.   ssss--.   ssss--.   ssss--.
agree       --s.--.   --yy--.   --ss--.   --ss--.   --ss--.
accept      --s.--.   --yy--.   --ss--.   --ss--.   --ss--.
refuse      --s.--.   --yy--.   --ss--.   --ss--.   --ss--.
wrote       -sy..-.   -sy---.   -sy---.   -ss---.   -ss---.
not wrote   -sy..-.   -sy---.   -sy---.   -ss---.   -ss---.
"""


def expected() -> dict[tuple[str, str], str]:
    _head, *rows = TABLE.strip("\n").splitlines()
    return {(row[:12].strip(), state): row[12:].split()[at] for row in rows for at, state in enumerate(STATES)}


EXPECTED = expected()


@pytest.fixture
def people(programme: Any, cast: Any) -> dict[str, Any]:
    extra = {"coauthor": "editor", "fellow": "contributor"}
    for name, role in extra.items():
        add_member(programme, by=actor(cast.lead), who=enlist(name).username, role=role)
    made = {name: type(cast.lead).objects.get(username=name) for name in extra}
    return {
        "author": cast.contributor, "named": cast.editor, "reviewer": cast.lead, "viewer": cast.viewer,
        "outsider": cast.outsider, **made,
    }  # fmt: skip


def brought_to(state: str, programme: Any, people: dict[str, Any]) -> Proposal:
    """A proposal in this state."""
    by, change = actor(people["author"]), {"record": "S1", "base": 1, "wording": "If so, then proposed."}
    made = propose(programme, by=by, changes=[change], reason="So.", coauthors=["coauthor", "editor"])
    now = answer_naming(made, by=actor(people["coauthor"]), base=1, wrote=True)
    if state == "draft":
        return now
    now = submit(now, by=by, base=2)
    if state == "withdrawn":
        return withdraw(now, by=by, base=3)
    if state in ("accepted", "refused"):
        decision = {"accepted": "accept", "refused": "refuse"}[state]
        return decide(now, by=actor(people["reviewer"]), decision=decision, reason="So.", seen=now.seen)
    return now


def sent(act: str, who: str, now: Proposal) -> tuple[str, dict[str, Any], str, str, dict[str, Any]]:
    """(page, its form, method of the API, its place, its body)."""
    at, seen = {"base": now.revision_number}, {"seen": now.seen}
    around = {"coauthors": ["coauthor", "editor"]} if who == "author" else {}  # the author alone names them
    return {
        "read": ("", {}, "get", "", {}),
        "rewrite": ("edit", {**at, **around, "title": "T", "reason": "Why."}, "patch", "", {"title": "T"}),
        "submit": ("submit", at, "post", "submit/", {}),
        "withdraw": ("withdraw", at, "post", "withdraw/", {}),
        "rebase": ("rebase", at, "post", "rebase/", {}),
        "agree": ("answer", {"answer": "agree", "reason": "R.", **seen}, "post", "reviews/",
                  {"answer": "agree", "reason": "R.", **seen}),
        "accept": ("decide", {"d-decision": "accept", "d-reason": "R.", "d-seen": now.seen}, "post", "decide/",
                   {"decision": "accept", "reason": "R.", **seen}),
        "refuse": ("decide", {"d-decision": "refuse", "d-reason": "R.", "d-seen": now.seen}, "post", "decide/",
                   {"decision": "refuse", "reason": "R.", **seen}),
        "wrote": ("coauthor", {**at, "wrote": "yes"}, "post", "coauthor/", {"wrote": True}),
        "not wrote": ("coauthor", {**at, "wrote": "no"}, "post", "coauthor/", {"wrote": False}),
    }[act]  # fmt: skip


SAID = {200: "y", 201: "y", 302: "y", 403: "-", 404: ".", 400: "s", 422: "s"}


def by_page(client: Any, now: Proposal, page: str, form: dict[str, Any]) -> Any:
    address = f"/p/cse-test/proposals/{now.number}"
    return client.post(f"{address}/{page}", form) if page else client.get(address)


def by_api(client: Any, now: Proposal, method: str, place: str, body: dict[str, Any]) -> Any:
    address = f"/api/v1/programmes/cse-test/proposals/{now.number}/{place}"
    if method == "get":
        return client.get(address)
    more = {} if "seen" in body else {"HTTP_IF_MATCH": f'"{now.revision_number}"'}
    return getattr(client, method)(address, body, format="json", **more)


def told_by(act: str, who: str, now: Proposal, page: Any, api: Any) -> tuple[str, str]:
    """The letters of both doors; what they did is undone."""
    address, form, method, place, body = sent(act, who, now)
    told = []
    for ask in (lambda: by_page(page, now, address, form), lambda: by_api(api, now, method, place, body)):
        with transaction.atomic():
            status = ask().status_code
            told.append(SAID.get(status, str(status)))
            transaction.set_rollback(True)
    return told[0], told[1]


@pytest.mark.parametrize("state", STATES)
def test_each_act_in_each_state_by_each_person_ends_alike_at_both_doors(state, programme, people, statement, as_, api):
    statement("If so, then so.")
    now = brought_to(state, programme, people)
    clients = {who: (as_(people[who]), api(people[who])) for who in WHO}
    for act in dict.fromkeys(act for act, _state in EXPECTED):
        told = [told_by(act, who, now, *clients[who]) for who in WHO]
        page_said, api_said = ("".join(letters) for letters in zip(*told, strict=True))
        assert (act, page_said, api_said) == (act, EXPECTED[act, state], EXPECTED[act, state])
