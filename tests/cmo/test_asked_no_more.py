"""Claims about what people are asked: it stops waiting for them once they answered, or once it is settled."""

import pytest

from cmo.rules.prioritising import Given, answer_round, close_round, open_round
from cmo.rules.proposing import propose, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import answer, decide
from programmes.models import Notice, OutgoingMail
from programmes.rules.mailing import put_notices
from tests.conftest import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(programme, cast, statement):
    """P1, a proposal of the contributor on S1, before the team."""
    statement("If a worker stays, then they are trusted.", themes=["O4"])
    rows = [{"record": "S1", "base": 1, "change": "reworded", "because": "trust grows"}]
    made = propose(programme, by=actor(cast.contributor), changes=rows, reason="Two interviews say so.")
    return submit(made, by=actor(cast.contributor), base=1)


@pytest.fixture
def asked(programme, cast, statement):
    statement("If a worker stays, then they are trusted.")
    return open_round(programme, by=actor(cast.lead), title="What first?", kind="scale", statements=[(1, 1)])


def waiting(kind: str) -> list[str]:
    """Who still has a notice of this kind that they did not read."""
    unread = Notice.objects.filter(kind=kind, read=None)
    return sorted(unread.values_list("person__username", flat=True))


def test_a_proposal_waits_for_whoever_did_not_answer(sent, cast):
    assert waiting("proposal") == ["editor", "lead"]
    answer(sent, by=actor(cast.editor), answer="agree", reason="It holds.", seen=sent.seen)
    assert waiting("proposal") == ["lead"]


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_a_proposal_that_is_decided_waits_for_nobody(sent, cast, as_, decision):
    decide(sent, by=actor(cast.lead), decision=decision, reason="As we said on Monday.", seen=sent.seen)
    assert waiting("proposal") == []
    assert waiting("decision") == ["contributor"]
    assert "P1 waits for your answer" not in as_(cast.editor).get("/").content.decode()


def test_a_proposal_that_is_withdrawn_waits_for_nobody_and_is_in_no_mail(sent, cast):
    withdraw(sent, by=actor(cast.contributor), base=sent.revision_number)
    assert waiting("proposal") == []
    put_notices()
    assert not OutgoingMail.objects.exists()


def test_of_two_rounds_of_a_proposal_the_last_alone_waits(sent, cast):
    changed = [{"record": "S1", "base": 1, "change": "reworded", "because": "trust takes time"}]
    rewrite_proposal(sent, by=actor(cast.contributor), base=sent.revision_number, changes=changed)
    assert waiting("proposal") == ["editor", "lead"]
    unread = Notice.objects.filter(kind="proposal", read=None)
    assert set(unread.values_list("event", flat=True)) == {"P1 round 2"}


def test_another_proposal_goes_on_waiting(sent, programme, cast):
    rows = [{"record": "S1", "base": 1, "change": "reworded", "because": "they know the way"}]
    other = propose(programme, by=actor(cast.contributor), changes=rows, reason="One more says so.")
    submit(other, by=actor(cast.contributor), base=1)
    decide(sent, by=actor(cast.lead), decision="refuse", reason="Not yet.", seen=sent.seen)
    assert waiting("proposal") == ["editor", "lead"]


def test_a_round_asks_whoever_did_not_answer_until_it_closes(asked, cast):
    assert waiting("round") == ["contributor", "editor"]
    answer_round(asked, by=actor(cast.editor), answers={1: Given(3, "")})
    assert waiting("round") == ["contributor"]
    close_round(asked, by=actor(cast.lead), base=asked.revision_number)
    assert waiting("round") == []
    assert waiting("round closed") == ["contributor", "editor"]
