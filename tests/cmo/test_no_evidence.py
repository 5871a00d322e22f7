"""Claims about members without evidence: for them, whatever their role, there is no source, excerpt or bearing, by no
door; and what participants said stands in no log, mail, address or error page for anybody."""

import json
import logging
import re

import pytest
from django.core import mail
from django.urls import reverse

from cmo.rules.citing_in_proposals import cite
from cmo.rules.configuring import configure
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt, change_excerpt, keep_transcript
from cmo.rules.planning_evidence import Planned, plan_evidence
from cmo.rules.proposing import propose, submit
from cmo.rules.redacting import take_out
from programmes.models import AuditEvent, Notice, OutgoingMail, Programme
from programmes.rules.founding import describe
from programmes.rules.membering import add_member, withhold_evidence
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source
from tests.conftest import enlist
from tests.evidence_table import EVIDENCE_API, EVIDENCE_PAGES
from tests.worlds import address, client, send

MARKER = "xylograph"
ROLES = ("viewer", "contributor", "editor", "lead")
ROUTES = [*EVIDENCE_API, *EVIDENCE_PAGES]


@pytest.fixture
def said(programme, statement, cast, actor):
    """One excerpt, original, note, plan, transcript and citation, each with the marker in it."""
    by, claim = actor(cast.editor), statement()
    base = Programme.objects.get(pk=programme.pk).revision_number
    describe(programme, by=actor(cast.lead), base=base, transcripts=True)
    source = add_source(programme, by=by, kind="interview", pseudonym=f"{MARKER}-1", note=f"{MARKER} note")
    source = keep_transcript(source, by=by, base=1, text=f"SW1: The {MARKER} came late.")
    excerpt = add_excerpt(source, by=by, said=Said(f"The {MARKER} came late.", original=f"Daeth y {MARKER}."))
    excerpt = change_excerpt(excerpt, by=by, base=1, locator=f"{MARKER} 4", reason=f"The {MARKER} again.")
    bearing = link_excerpt(excerpt, by=by, on=On(claim), stance="supports", note=f"A {MARKER} note")
    configuration = configure(programme, by=by, words={"plain": "Late news."})
    plan_evidence(configuration, by=by, base=0, lines=[Planned(1, role=f"{MARKER} carver")])
    change = {"change": "new", "wording": "If told, then known."}
    proposal = propose(programme, by=by, changes=[change], reason="So it was said.")
    cite(proposal, by=by, excerpts=[excerpt], bearings=[bearing])
    submit(proposal, by=by, base=1)
    return claim


def withhold_from(programme, by, role):
    """Withhold it from one of the cast; another lead who sees it remains, as one must."""
    add_member(programme, by=by, who=enlist("steward").username, role="lead")
    withhold_evidence(programme, by=by, username=role, withheld=True)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_of_evidence_is_missing_for_them(whole_world, role):
    """Own, and looking the same as what is not there."""
    w = whole_world
    withhold_from(w.own, w.by_lead, role)
    found = {}
    for row in ROUTES:
        for door in ("session", "token") if row.api else ("session",):
            answer = send(w, row, role, door, address(w, row, role))
            found[row.key, door] = answer.status_code
            assert b"hear of it late" not in answer.whole
    assert set(found.values()) == {404}, {key: code for key, code in found.items() if code != 404}


def test_a_missing_page_and_a_withheld_one_read_the_same(whole_world):
    w = whole_world
    withhold_evidence(w.own, by=w.by_lead, username="viewer", withheld=True)
    knocks = client(w, "viewer", "token")
    base = f"/api/v1/programmes/{w.own.slug}"
    withheld, missing = knocks.get(f"{base}/excerpts/1/"), knocks.get(f"{base}/excerpts/999/")
    assert (withheld.status_code, withheld.json()) == (missing.status_code, missing.json())


@pytest.mark.parametrize("role", ROLES)
def test_what_was_said_reaches_them_by_no_door(said, programme, cast, actor, as_, api, role):
    withhold_from(programme, actor(cast.lead), role)
    pages, script = as_(getattr(cast, role)), api(getattr(cast, role))
    for url in (
        "", "theory", "s/1", "cmo", "cmo/1", "codebook", "map", "threads", "memos", "settings",
        "proposals", "proposals/1", "reviews", "search?q=X1", "search?q=Q1", "search?q=came+late", "search?q=xylogra",
        "meetings/next", "settings/log.csv", "settings/log.json", "home",
    ):  # fmt: skip
        answer = pages.get("/" if url == "home" else f"/p/cse-test/{url}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        shown = body.decode()
        assert (answer.status_code, MARKER in shown) == (200, False), url
        assert 'href="/p/cse-test/evidence"' not in shown
        assert "/x/1" not in shown
    assert script.get(f"/api/v1/programmes/cse-test/search/?q={MARKER}").json()["count"] == 0
    assert script.get("/api/v1/programmes/cse-test/search/?q=X1").json()["count"] == 0
    refused = script.get("/api/v1/programmes/cse-test/search/?q=late&kind=excerpt")
    assert refused.status_code == 400
    assert "source" not in refused.json()["errors"]["kind"][0]
    for url in (
        "", "changes/?page_size=200", "export/?as=json", "export/?as=csv", "map/?as=json", "statements/",
        "statements/1/", "statements/1/history/", "configurations/1/", "proposals/1/", "themes/", "members/",
        "meetings/next/",
    ):  # fmt: skip
        answer = script.get(f"/api/v1/programmes/cse-test/{url}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert MARKER.encode() not in body, url
    mine = script.get("/api/v1/programmes/cse-test/").json()
    assert (mine["evidence"], mine["may"]["evidence"]) == (False, False)


FEED, LOG = "/api/v1/programmes/cse-test/changes/", "/p/cse-test/settings"
TELLS = re.compile(r"[XBQ]\d+|site .+")


def rows_of(answer):
    return json.loads(b"".join(answer.streaming_content))


def test_no_row_of_the_log_tells_them_of_it_by_any_door(said, programme, cast, actor, as_, api):
    add_site(programme, by=actor(cast.editor), name="Late town")
    about = AuditEvent.objects.filter(programme=programme, record="X1", verb="edited").get()
    take_out(programme, by=actor(cast.lead), number=about.number, why=f"It names the {MARKER}.")
    withhold_evidence(programme, by=actor(cast.lead), username="viewer", withheld=True)
    whole, left = (api(who).get(f"{FEED}?page_size=200").json() for who in (cast.editor, cast.viewer))
    gone = [row for row in whole["results"] if row not in left["results"]]
    assert [row for row in whole["results"] if row not in gone] == left["results"]
    assert left["count"] == len(left["results"]) == whole["count"] - len(gone)
    assert {row["record"] for row in gone if TELLS.fullmatch(row["record"])} == {"Q1", "X1", "B1", "site late-town"}
    assert {(row["change"], row["record"]) for row in gone if not TELLS.fullmatch(row["record"])} == {
        ("evidence planned", "CMO1"), ("evidence cited", "P1"), ("redacted", f"row {about.number}"),
    }  # fmt: skip
    pages = as_(cast.viewer)
    numbers = [row["number"] for row in left["results"]]
    assert [row["number"] for row in rows_of(pages.get(f"{LOG}/log.json"))] == numbers
    told = b"".join(pages.get(f"{LOG}/log.csv").streaming_content).decode()
    assert told.count("\r\n") == left["count"] + 1
    shown = pages.get(LOG).content.decode()
    assert f"1 to {left['count']} of {left['count']}, newest first" in shown
    for label in ("Q1", "X1", "B1", "late-town"):
        assert api(cast.viewer).get(f"{FEED}?record={label}").json()["count"] == 0
        assert f">{label}<" not in shown + pages.get("/p/cse-test/").content.decode()


def test_what_is_left_of_the_log_pages_and_goes_on_by_number(said, programme, cast, actor, as_, api, monkeypatch):
    withhold_evidence(programme, by=actor(cast.lead), username="viewer", withheld=True)
    script = api(cast.viewer)
    whole = script.get(f"{FEED}?page_size=200").json()["results"]
    numbers = [row["number"] for row in whole]
    assert numbers == sorted(set(numbers))
    read, page = [], 1
    while (answer := script.get(f"{FEED}?page_size=7&page={page}")).status_code == 200:
        assert answer.json()["count"] == len(whole)
        read += answer.json()["results"]
        page += 1
    assert read == whole
    middle = numbers[len(numbers) // 2]
    after = script.get(f"{FEED}?since={middle}&page_size=200").json()
    assert (after["count"], after["results"]) == (len(whole) - len(numbers) // 2 - 1, whole[len(numbers) // 2 + 1 :])
    monkeypatch.setattr("programmes.reading.log.A_PAGE", 7)
    pages = [as_(cast.viewer).get(f"{LOG}?page={at}") for at in range(1, page)]
    assert [one.status_code for one in pages] == [200] * (page - 1)
    assert as_(cast.viewer).get(f"{LOG}?page={page}").status_code == 404


def test_the_log_costs_them_as_many_queries_as_others(said, programme, cast, actor, as_, api, queries):
    withhold_evidence(programme, by=actor(cast.lead), username="viewer", withheld=True)
    script = api(cast.viewer)
    script.get(FEED)  # the token is marked as used once in a while
    with queries(3):
        script.get(FEED)


def test_a_row_that_they_do_not_see_is_missing_where_words_are_taken_out(said, programme, cast, actor, as_, api):
    withhold_from(programme, actor(cast.lead), "lead")
    number = AuditEvent.objects.get(programme=programme, record="X1", verb="edited").number
    assert as_(cast.lead).get(f"{LOG}/log/{number}/take-out").status_code == 404
    assert api(cast.lead).post(f"{FEED}{number}/redact/", {"why": "No."}, format="json").status_code == 404


def test_others_find_it(said, cast, as_, api):
    found = api(cast.viewer).get(f"/api/v1/programmes/cse-test/search/?q={MARKER}").json()["results"]
    assert {row["kind"] for row in found} == {"excerpt", "source"}
    assert f"{MARKER}</mark> came late" in as_(cast.viewer).get(f"/p/cse-test/search?q={MARKER}").content.decode()


def test_shown_again_they_see_all(said, programme, cast, actor, api):
    for withheld in (True, False):
        withhold_evidence(programme, by=actor(cast.lead), username="viewer", withheld=withheld)
    answer = api(cast.viewer).get("/api/v1/programmes/cse-test/excerpts/1/")
    assert answer.json()["text"] == f"The {MARKER} came late."


def test_what_was_said_is_in_no_log_row_mail_or_notice(said):
    rows = [json.dumps([event.verb, event.record, event.detail, event.via]) for event in AuditEvent.objects.all()]
    assert not [row for row in rows if MARKER in row]
    assert not [one for one in Notice.objects.all() if MARKER in f"{one.on}{one.path}{one.event}"]
    assert not [one for one in OutgoingMail.objects.all() if MARKER in str(vars(one))]
    assert not [one for one in mail.outbox if MARKER in one.body + one.subject]


def test_no_address_log_line_or_error_page_holds_what_was_said(said, cast, as_, api, caplog, monkeypatch):
    """Adding, refused and broken: what is typed goes by POST, comes back in its form alone, and is logged nowhere."""
    caplog.set_level(logging.DEBUG)
    pages = as_(cast.editor)
    pages.raise_request_exception = False
    words = {"x-text": f"Another {MARKER}.", "x-status": "observed"}
    answer = pages.post("/p/cse-test/q/1/excerpt", words)
    assert answer.status_code == 302
    assert MARKER not in answer["Location"]
    refused = pages.post("/p/cse-test/q/1/excerpt", {**words, "x-themes": "Z9"})
    assert refused.status_code == 422
    monkeypatch.setattr("cmo.views.excerpts.add_excerpt", lambda *_args, **_more: 1 / 0)
    broken = pages.post("/p/cse-test/q/1/excerpt", words)
    assert broken.status_code == 500
    assert MARKER not in broken.content.decode()
    script = api(cast.editor)
    script.raise_request_exception = False
    body = {"source": "Q1", "text": f"A third {MARKER}."}
    refused = script.post("/api/v1/programmes/cse-test/excerpts/", {**body, "themes": ["Z9"]}, format="json")
    assert (refused.status_code, MARKER in refused.content.decode()) == (400, False)
    monkeypatch.setattr("cmo.api.excerpts.add_excerpt", lambda *_args, **_more: 1 / 0)
    broken = script.post("/api/v1/programmes/cse-test/excerpts/", body, format="json")
    assert (broken.status_code, MARKER in broken.content.decode()) == (500, False)
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in logged if MARKER in line]
    assert reverse("excerpt", args=["cse-test", 1]) == "/p/cse-test/x/1"
