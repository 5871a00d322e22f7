"""Claims about words that a lead takes out of comments, answers, proposals and decisions; and what a lead cannot."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from cmo.models import Comment, CommentRevision, MemoRevision, Proposal, ProposalRound, Review
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.discussing import edit_comment, say
from cmo.rules.meeting import change_meeting, record_meeting
from cmo.rules.noting import change_memo, write_memo
from cmo.rules.prioritising import Given, answer_round, close_round, mark_priorities, open_round
from cmo.rules.proposing import propose, rewrite_proposal, submit
from cmo.rules.redacting import take_out
from cmo.rules.reviewing import answer, decide
from cmo.rules.undoing import undo
from programmes.models import AnsweredRequest, AuditEvent, Notice
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
    answer(opened, by=actor(cast.editor), answer="abstain", seen=opened.seen)
    for verb in ("role changed", "joined", "proposal drafted", "answered"):
        number = AuditEvent.objects.filter(programme=programme, verb=verb).latest("number").number
        with pytest.raises(ValidationError, match="There are no words in this row that somebody typed"):
            take_out(programme, by=lead, number=number, why="It looks bad.")
    assert whole()


def test_all_that_a_decided_proposal_said_goes_and_what_became_of_it_stays(programme, cast, lead, statement, as_, api):
    statement()
    by = actor(cast.contributor)
    said = {"record": "S1", "base": 1, "wording": f"If {NAME} comes, then so."}
    sent = submit(propose(programme, by=by, changes=[said], title=NAME, reason=NAME), by=by, base=1)
    decide(sent, by=lead, decision="refuse", reason="Not so.", seen=sent.seen)
    take(programme, lead, "proposal sent")
    assert NAME not in everything()
    assert whole()
    for page in ("proposals/1", "proposals?show=all", "reviews", "settings"):
        shown = as_(cast.viewer).get(f"/p/cse-test/{page}")
        assert shown.status_code == 200, page
    shown = as_(cast.viewer).get("/p/cse-test/proposals/1").content.decode()
    assert "A lead took the words of this proposal out" in shown
    told = api(cast.viewer).get("/api/v1/programmes/cse-test/proposals/1/").json()
    assert (told["state"], told["changes"], told["title"], told["decision_reason"]) == ("refused", [], "", "Not so.")
    assert api(cast.viewer).get("/api/v1/programmes/cse-test/proposals/1/rounds/").json()["results"][0]["changes"] == []


def test_an_open_proposal_without_words_is_withdrawn_and_stays_so(programme, cast, lead, opened):
    take(programme, lead, "proposal sent")
    now = Proposal.objects.select_related("programme").get()
    assert (now.state, now.content, now.revision_number) == ("withdrawn", [], 3)
    assert not Notice.objects.filter(kind="proposal", read=None).exists()
    with pytest.raises(ValidationError, match="The words of P1 were taken out"):
        submit(now, by=actor(cast.contributor), base=3)
    assert whole()


def test_the_words_of_a_shared_memo_go_from_its_history_and_from_the_search(programme, cast, lead, as_, api):
    by = actor(cast.contributor)
    memo = write_memo(programme, by=by, title=NAME, text=f"{NAME} again.", shared=True)
    change_memo(memo, by=by, base=1, text=f"{NAME} twice.")
    take(programme, lead, "memo written", "memo changed")
    assert NAME not in everything()
    assert whole()
    assert api(cast.viewer).get("/api/v1/programmes/cse-test/search/?q=Bangor").json()["count"] == 0
    for page in ("memos", "memos/1"):
        assert "(taken out)" in as_(cast.viewer).get(f"/p/cse-test/{page}").content.decode()


def test_no_lead_takes_out_of_a_memo_that_they_cannot_read(programme, cast, lead, as_):
    write_memo(programme, by=actor(cast.contributor), title="Mine", text="My thought.")
    with pytest.raises(PermissionDenied, match="Memo 1 was its author's alone then"):
        take(programme, lead, "memo written")
    row = AuditEvent.objects.get(programme=programme, verb="memo written").number
    refused = as_(cast.lead).post(f"/p/cse-test/settings/log/{row}/take-out", {"why": "So."})
    assert refused.status_code == 403
    assert MemoRevision.objects.get().text == "My thought."


def test_the_notes_of_a_meeting_go_and_who_was_there_stays(programme, cast, lead, as_):
    met = record_meeting(programme, by=lead, title=NAME, notes=f"{NAME} came.", there=["editor"], decided=[])
    change_meeting(met, by=lead, base=1, notes=f"{NAME} went.")
    take(programme, lead, "meeting recorded", "meeting changed")
    assert NAME not in everything()
    assert whole()
    shown = as_(cast.viewer).get("/p/cse-test/meetings/1").content.decode()
    assert "(taken out)" in shown
    assert cast.editor.name in shown
    assert AuditEvent.objects.get(verb="meeting recorded").detail["there"] == ["editor"]


@pytest.mark.parametrize("undone", [False, True])
def test_the_reason_of_a_merge_goes_from_the_lineage(undone, programme, cast, lead, statement, as_):
    seen = [Seen(statement(f"If {at}, then so."), 1) for at in (1, 2)]
    piece = Piece(words=Words(wording="If both, then so."))
    done = merge(programme, by=lead, ancestors=seen, content=piece, reason=NAME)
    if undone:
        undo(done.act, by=lead, reason="Too soon.")
    for row in AuditEvent.objects.filter(programme=programme, reason=NAME).order_by("number"):
        take_out(programme, by=lead, number=row.number, why="It names a participant.")
    assert NAME not in everything()
    assert whole()


@pytest.mark.parametrize("closed", [False, True])
def test_what_a_round_asks_goes_and_its_answers_stay(closed, programme, cast, lead, statement, as_):
    made = open_round(programme, by=lead, title=NAME, question=f"What of {NAME}?", kind="scale",
                      statements=[(statement().number, 1)])  # fmt: skip
    answer_round(made, by=actor(cast.editor), answers={1: Given(3, "So.")})
    if closed:
        close_round(made, by=lead, base=1)
    take(programme, lead, "round opened")
    assert NAME not in everything()
    assert whole()
    assert "(taken out)" in as_(cast.viewer).get("/p/cse-test/rounds/1").content.decode()


@pytest.mark.parametrize("marked", [False, True])
def test_the_notes_of_one_member_go_from_a_closed_round_and_those_of_others_stay(
    marked, programme, cast, lead, statement, as_, api
):
    made = open_round(programme, by=lead, title="What matters", kind="scale",
                      statements=[(statement().number, 1), (statement().number, 1)])  # fmt: skip
    answer_round(made, by=actor(cast.editor), answers={1: Given(3, f"{NAME} said so."), 2: Given(2, NAME)})
    answer_round(made, by=actor(cast.contributor), answers={1: Given(5, "It is the crux.")})
    row = AuditEvent.objects.get(verb="round answered", actor=cast.editor)
    with pytest.raises(ValidationError, match="Nobody reads the notes of round 1 before it is closed"):
        take_out(programme, by=lead, number=row.number, why="A name, so I hear.")
    made = close_round(made, by=lead, base=1)
    if marked:
        mark_priorities(made, by=lead, base=2, statements=[1])
    assert NAME in as_(cast.viewer).get("/p/cse-test/rounds/1").content.decode()
    take_out(programme, by=lead, number=row.number, why="It names a participant.")
    assert NAME not in everything()
    assert whole()
    told = api(cast.viewer).get("/api/v1/programmes/cse-test/rounds/1/").json()["statements"][0]["answers"]
    assert sorted((one["value"], one["note"]) for one in told) == [(3, ""), (5, "It is the crux.")]
    with pytest.raises(ValidationError, match="taken out already"):
        take_out(programme, by=lead, number=row.number, why="Again.")
    other = AuditEvent.objects.get(verb="round answered", actor=cast.contributor)
    take_out(programme, by=lead, number=other.number, why="This too.")
    assert whole()


def test_an_answer_that_is_kept_for_a_request_sent_twice_loses_the_words_too(programme, cast, lead, statement, api):
    statement()
    here, key = "/api/v1/programmes/cse-test/comments/", {"HTTP_IDEMPOTENCY_KEY": "k1"}
    sent = {"on": "S1", "text": f"{NAME} said so."}
    script = api(cast.contributor)
    first = script.post(here, sent, format="json", **key)
    assert (first.status_code, script.post(here, sent, format="json", **key).json()) == (201, first.json())
    other = script.post(here, {**sent, "text": "Others did."}, format="json", HTTP_IDEMPOTENCY_KEY="k2")
    take_out(programme, by=lead, number=AuditEvent.objects.filter(verb="commented").earliest("number").number, why="A.")
    assert not AnsweredRequest.objects.filter(body__contains=NAME).exists()
    again = script.post(here, sent, format="json", **key)
    assert (again.status_code, again["Content-Type"]) == (410, "application/problem+json")
    assert again.json()["detail"] == "This request was carried out; words of its answer were taken out since."
    assert Comment.objects.count() == 2
    kept = script.post(here, {**sent, "text": "Others did."}, format="json", HTTP_IDEMPOTENCY_KEY="k2")
    assert kept.json() == other.json()


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
