"""Claims about words that a lead takes out of comments, answers, proposals and decisions; and what a lead cannot."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from cmo.models import Comment, CommentRevision, Proposal, ProposalRound, Review
from cmo.rules.discussing import edit_comment, say
from cmo.rules.meeting import record_meeting
from cmo.rules.proposing import propose, rewrite_proposal, submit
from cmo.rules.redacting import take_out
from cmo.rules.reviewing import answer, decide
from programmes.models import AuditEvent
from programmes.rules.founding import describe
from programmes.rules.membering import change_role
from tests.conftest import actor
from tests.programmes.test_redacting import everything, whole

pytestmark = pytest.mark.django_db
NAME = "Dilys Price of Bangor"
CHANGE = {"record": "S1", "base": 1, "change": "reworded", "because": "it is warm"}


@pytest.fixture
def lead(cast):
    return actor(cast.lead)


@pytest.fixture
def opened(programme, cast, statement):
    """An open proposal of the contributor, with a name in its reason."""
    statement()
    by = actor(cast.contributor)
    return submit(propose(programme, by=by, changes=[CHANGE], reason=f"{NAME} said so."), by=by, base=1)


def take(programme, lead, *verbs):
    """Take the words of all rows with these verbs out."""
    rows = AuditEvent.objects.filter(programme=programme, verb__in=verbs).order_by("number")
    for number in list(rows.values_list("number", flat=True)):
        take_out(programme, by=lead, number=number, why="It names a participant.")


def test_the_text_of_a_comment_goes_from_its_history_and_from_the_search(programme, statement, cast, lead, as_, api):
    said = say(statement(), by=actor(cast.contributor), text=f"{NAME} said so to @editor.")
    edit_comment(said, by=actor(cast.contributor), base=1, text=f"{NAME} said so twice.")
    take(programme, lead, "commented", "comment edited")
    assert list(CommentRevision.objects.values_list("text", flat=True)) == ["", ""]
    assert Comment.objects.get().text == ""
    assert NAME not in everything()
    assert api(cast.viewer).get("/api/v1/programmes/cse-test/search/?q=Bangor").json()["count"] == 0
    for page in ("/p/cse-test/s/1", "/p/cse-test/comments/1/history", "/p/cse-test/threads"):
        assert "A lead took the words of this comment out." in as_(cast.viewer).get(page).content.decode(), page
    row = AuditEvent.objects.get(verb="commented")
    assert row.detail == {"comment": 1, "revision": 1}
    assert whole()


def test_an_earlier_text_of_a_comment_goes_and_the_latest_stays(programme, statement, cast, lead):
    said = say(statement(), by=actor(cast.contributor), text=f"{NAME} said so.")
    edit_comment(said, by=actor(cast.contributor), base=1, text="Somebody said so.")
    take(programme, lead, "commented")
    assert Comment.objects.get().text == "Somebody said so."
    assert NAME not in everything()
    assert whole()


def test_the_reasons_of_proposals_answers_and_decisions_go(programme, cast, lead, opened):
    answer(opened, by=actor(cast.editor), answer="disagree", reason=f"{NAME} did not.", seen=opened.seen)
    decide(opened, by=lead, decision="refuse", reason=f"{NAME} did not.", seen=opened.seen)
    take(programme, lead, "proposal sent", "answered", "proposal refused")
    proposal = Proposal.objects.get()
    assert (proposal.reason, proposal.decision_reason, proposal.state) == ("", "", "refused")
    assert (ProposalRound.objects.get().reason, Review.objects.get().reason) == ("", "")
    assert Review.objects.get().answer == "disagree"
    assert NAME not in everything()
    assert whole()


def test_the_reason_of_an_earlier_round_goes_and_that_of_the_latest_stays(programme, cast, lead, opened):
    now = rewrite_proposal(opened, by=actor(cast.contributor), base=2, reason="Two said so.")
    take(programme, lead, "proposal sent")
    assert list(ProposalRound.objects.values_list("reason", flat=True)) == ["", "Two said so."]
    assert Proposal.objects.get().reason == now.reason == "Two said so."
    assert NAME not in everything()
    assert whole()


def test_a_hidden_answers_reason_goes_though_the_log_never_said_it(programme, cast, lead, statement):
    describe(programme, by=lead, base=1, blind=True)
    statement()
    by = actor(cast.contributor)
    sent = submit(propose(programme, by=by, changes=[CHANGE], reason="So."), by=by, base=1)
    answer(sent, by=actor(cast.editor), answer="agree", reason=f"{NAME} said so.", seen=sent.seen)
    take(programme, lead, "answered")
    assert Review.objects.get().reason == ""
    assert whole()
    with pytest.raises(ValidationError, match="were taken out already"):
        take(programme, lead, "answered")


def test_who_was_made_what_and_who_met_cannot_be_taken_out(programme, cast, lead, opened):
    change_role(programme, by=lead, username="viewer", role="editor")
    record_meeting(programme, by=lead, title="May", notes="", there=["editor"], decided=[])
    answer(opened, by=actor(cast.editor), answer="abstain", seen=opened.seen)
    for verb in ("role changed", "joined", "meeting recorded", "proposal drafted", "answered"):
        number = AuditEvent.objects.filter(programme=programme, verb=verb).latest("number").number
        with pytest.raises(ValidationError, match="There are no words in this row that somebody typed"):
            take_out(programme, by=lead, number=number, why="It looks bad.")
    assert whole()


@pytest.mark.parametrize("kind", [CommentRevision, Review, ProposalRound])
def test_nothing_else_of_them_can_be_changed(programme, cast, lead, statement, opened, kind):
    answer(opened, by=actor(cast.editor), answer="disagree", reason=NAME, seen=opened.seen)
    say(opened, by=actor(cast.editor), text=NAME)
    text = "text" if kind is CommentRevision else "reason"
    changes = [{text: "kind words"}, {text: ""}, {text: "", "number": 7}]
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            kind.objects.update(**change)
    take(programme, lead, "proposal sent", "answered", "commented")
    for change in (changes[0], changes[2]):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            kind.objects.update(**change)
