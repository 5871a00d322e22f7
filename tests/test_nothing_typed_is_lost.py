"""Claims about words typed into a form that is gone when it is sent: they come back with what was wrong."""

import html
import json
from typing import Any

import pytest

from cmo.models import Element, Proposal
from cmo.rules.excerpting import turn_source
from cmo.rules.proposing import withdraw
from cmo.rules.snapshotting import close_and_keep
from programmes.models import AuditEvent, Membership, Phase, Source
from programmes.rules.classifying import add_theme
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from programmes.rules.sourcing import add_source
from tests.conftest import actor

A, P = "/api/v1/programmes/cse-test", "/p/cse-test"
WORDS = "Nobody “asked” them & that is why."


def told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def proposed(programme: Any, cast: Any, statement: Any, api: Any) -> Proposal:
    statement(wording="If met, then heard, because time is given.")
    script = api(cast.contributor)
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If met weekly, then heard, because of time."}
    made = script.post(f"{A}/proposals/", {"reason": "Sharper.", "changes": [change]}, format="json")
    assert script.post(f"{A}/proposals/1/submit/", {}, format="json", HTTP_IF_MATCH=made["ETag"]).status_code == 200
    return Proposal.objects.get()


@pytest.mark.parametrize(("page", "reason"), [("answer", "reason"), ("decide", "d-reason")])
def test_an_answer_to_a_proposal_that_was_withdrawn_meanwhile(proposed, cast, as_, page, reason):
    withdraw(proposed, by=actor(cast.contributor), base=proposed.revision_number, reason="Not yet.")
    sent = {"answer": "agree", "d-decision": "refuse", "seen": proposed.seen, "d-seen": proposed.seen, reason: WORDS}
    answer = as_(cast.editor).post(f"{P}/proposals/1/{page}", sent)
    assert answer.status_code == 422
    assert "P1 is withdrawn; only an open proposal is" in told(answer)
    assert WORDS in told(answer)


@pytest.mark.parametrize("seen", ["\u0000", "\ud800", "x" * 5000, "é\u202e"])
def test_a_reading_that_never_was_is_refused(proposed, cast, api, as_, seen):
    script = api(cast.editor)
    for path, body in (("reviews", {"answer": "agree", "reason": WORDS}), ("decide", {"decision": "accept"})):
        sent = json.dumps({**body, "seen": seen})  # a lone surrogate as JSON writes it
        answer = script.post(f"{A}/proposals/1/{path}/", sent, content_type="application/json")
        assert answer.status_code in (400, 412), answer.content
    if seen != "\ud800":
        answer = as_(cast.editor).post(f"{P}/proposals/1/answer", {"answer": "agree", "reason": WORDS, "seen": seen})
        assert (answer.status_code, WORDS in told(answer)) == (409, True)


def test_an_excerpt_of_a_source_that_was_retired_meanwhile(programme, cast, as_):
    source = add_source(programme, by=actor(cast.editor), kind="interview", pseudonym="LA1-SW1")
    turn_source(Source.objects.get(pk=source.pk), by=actor(cast.lead), base=1, retired=True)
    answer = as_(cast.editor).post(f"{P}/q/1/excerpt", {"text": WORDS, "locator": "page 4, line 2"})
    page = told(answer)
    assert (answer.status_code, "Q1 is retired" in page, WORDS in page) == (422, True, True)
    assert "page 4, line 2" in page


def test_a_verdict_when_the_phase_was_closed_meanwhile(programme, cast, statement, as_):
    statement()
    phase = Phase.objects.get(programme=programme, state="open")
    close_and_keep(phase, by=actor(cast.lead), base=phase.revision_number, reason="It is done.")
    answer = as_(cast.editor).post(f"{P}/s/1/verdicts", {"verdict": "supported", "rationale": WORDS, "base": "0"})
    assert (answer.status_code, told(answer).count(WORDS)) == (422, 1)


def test_what_stands_in_its_field_is_not_told_twice(programme, cast, as_):
    answer = as_(cast.editor).post(f"{P}/s/new", {"mode": "sentence", "wording": "", "reason": WORDS, "state": "draft"})
    assert (answer.status_code, told(answer).count(WORDS), "h-words" in told(answer)) == (422, 1, False)


# ---- what the one door refused and the other took


def test_a_kind_and_a_phase_that_there_are_not_are_refused_at_the_page_too(programme, cast, as_):
    editor = as_(cast.editor)
    refused = editor.post(f"{P}/e/new", {"kind": "zz", "text": WORDS})
    assert (refused.status_code, "Choose one of" in told(refused), WORDS in told(refused)) == (422, True, True)
    sent = {"kind": "interview", "pseudonym": "LA1-SW1", "phase": "zz"}
    assert editor.post(f"{P}/sources/new", sent).status_code == 422
    assert not Element.objects.exists()
    assert not Source.objects.exists()


def test_letters_without_a_shape_are_no_reason_and_no_label(programme, cast, proposed, api):
    editor = actor(cast.editor)
    theme = add_theme(programme, by=editor, code="\u202e", name="Seen")
    assert theme.label == str(theme.uid)
    script = api(cast.editor)
    refused = script.post(f"{A}/themes/", {"code": "\u200b", "name": "\u202e"}, format="json")
    assert (refused.status_code, "Give a code or a name" in refused.json()["detail"]) == (400, True)
    body = {"answer": "agree", "reason": "\u200b", "seen": proposed.seen}
    refused = script.post(f"{A}/proposals/1/reviews/", body, format="json")
    assert (refused.status_code, "Say why in a sentence" in refused.json()["detail"]) == (400, True)


def test_a_lead_who_sees_no_evidence_deletes_none(programme, cast, api, as_):
    other = actor(cast.lead)
    withhold_evidence(programme, by=other, username=cast.editor.username, withheld=True)
    Membership.objects.filter(person=cast.editor).update(role="lead")
    script = api(cast.editor)
    sent = {"transcripts": False, "delete_transcripts": True}
    refused = script.patch(f"{A}/", sent, format="json", HTTP_IF_MATCH='"1"')
    assert refused.status_code == 403
    page = as_(cast.editor).get(f"{P}/settings").content.decode()
    assert ("small_group" in page, "delete_transcripts" in page) == (True, False)
    describe(programme, by=other, base=1, transcripts=True)


def test_what_is_said_of_an_area_stands_in_the_log_before_and_after(programme, cast, area, api):
    area("Trust")
    script = api(cast.editor)
    now = script.get(f"{A}/areas/trust/")
    done = script.patch(f"{A}/areas/trust/", {"description": WORDS}, format="json", HTTP_IF_MATCH=now["ETag"])
    assert done.status_code == 200
    detail = AuditEvent.objects.get(verb="area renamed").detail
    assert detail == {"before": {"description": ""}, "after": {"description": WORDS}}


def test_an_account_that_cannot_be_is_no_member(programme, cast, api):
    assert api(cast.lead).get(f"{A}/members/%00/").status_code == 404
