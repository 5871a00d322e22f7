"""Claims about words that the app itself wrote once more: they go with the row out of which a lead takes them."""

import pytest
from django.core.exceptions import ValidationError

from cmo.models import Descent, Proposal, ProposalRound, Review, StatementRevision
from cmo.rules.composing import Words
from cmo.rules.proposing import propose, rebase, rewrite_proposal, submit
from cmo.rules.redacting import AT_ONCE, take_out
from cmo.rules.reviewing import answer, decide
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from programmes.rules.founding import describe
from tests.conftest import actor
from tests.programmes.test_redacting import everything, whole

pytestmark = pytest.mark.django_db
NAME = "Dilys Price of Bangor"
REASON = f"{NAME} said so."
WHY = "It names a participant."
CHANGE = {"record": "S1", "base": 1, "change": "reworded", "because": "it is warm"}
SENT = ["proposal sent", "proposal revised", "proposal rebased"]


@pytest.fixture
def lead(cast):
    return actor(cast.lead)


@pytest.fixture
def accepted(programme, cast, lead, statement):
    """A proposal of two rounds with one reason, which was accepted and wrote S1."""
    statement()
    by = actor(cast.contributor)
    sent = submit(propose(programme, by=by, changes=[CHANGE], reason=REASON, title="Warmth"), by=by, base=1)
    sent = rewrite_proposal(sent, by=by, base=2, changes=[CHANGE | {"because": "it is warmer"}])
    return decide(sent, by=lead, decision="accept", reason="So it is.", seen=sent.seen)


def rows(*verbs, **more):
    found = AuditEvent.objects.filter(verb__in=verbs, **more).order_by("number")
    return list(found.values_list("number", flat=True))


def everywhere_told(as_, api, cast):
    """Every page and answer of P1 and S1, as one text."""
    pages = ["proposals/1", "s/1", "s/1/why", "reviews", "settings"]
    doors = ["proposals/1/", "proposals/1/rounds/", "statements/1/why/", "statements/1/revisions/", "changes/"]
    told = [as_(cast.viewer).get(f"/p/cse-test/{page}") for page in pages]
    told += [api(cast.viewer).get(f"/api/v1/programmes/cse-test/{door}") for door in doors]
    assert {one.status_code for one in told} == {200}
    return "".join(one.content.decode() for one in told)


def test_from_the_row_of_the_revision_the_reason_goes_from_the_proposal_that_wrote_it(
    programme, cast, lead, accepted, as_, api
):
    assert NAME in everywhere_told(as_, api, cast)
    [written] = rows("reworded", record="S1")
    taken = api(cast.lead).post(f"/api/v1/programmes/cse-test/changes/{written}/redact/", {"why": WHY}, format="json")
    assert (taken.status_code, taken.json()["elsewhere"]) == (200, [])
    assert taken.json()["taken_with"] == rows("proposal sent", "proposal revised")
    assert NAME not in everything()
    assert NAME not in everywhere_told(as_, api, cast)
    now = Proposal.objects.get()
    assert (now.state, now.reason, now.title, now.decision_reason) == ("accepted", "", "Warmth", "So it is.")
    assert [bool(one.content) for one in ProposalRound.objects.all()] == [True, True]
    assert {row.redaction.why for row in AuditEvent.objects.filter(verb__in=SENT)} == {WHY}
    assert whole()


@pytest.mark.parametrize("verb", ["proposal sent", "proposal revised"])
def test_from_the_row_of_a_round_it_goes_from_the_others_and_from_what_it_wrote(verb, programme, lead, accepted):
    [number] = rows(verb)
    take_out(programme, by=lead, number=number, why=WHY)
    assert NAME not in everything()
    assert StatementRevision.objects.get(number=2).reason == ""
    emptied = {one.number: one.content == [] for one in ProposalRound.objects.all()}
    assert emptied == {1: verb == "proposal sent", 2: verb == "proposal revised"}
    assert whole()


def test_what_a_round_says_beside_its_reason_can_be_taken_out_later(programme, cast, lead, accepted, as_):
    take_out(programme, by=lead, number=rows("reworded")[0], why=WHY)
    [last] = rows("proposal revised")
    page = as_(cast.lead).get(f"/p/cse-test/settings/log/{last}/take-out").content.decode()
    assert "Take the words out" in page
    take_out(programme, by=lead, number=last, why="The title too.")
    assert (Proposal.objects.get().title, Proposal.objects.get().content) == ("", [])
    assert ProposalRound.objects.get(number=1).content != []
    assert whole()
    with pytest.raises(ValidationError, match="were taken out already"):
        take_out(programme, by=lead, number=last, why="Again.")
    gone = as_(cast.lead).get(f"/p/cse-test/settings/log/{last}/take-out").content.decode()
    assert "There are no words in this row that can be taken out." in gone


def test_a_proposal_that_waits_is_withdrawn_without_its_reason(programme, cast, lead, statement, area, as_):
    first, by = statement(area=area("Trust")), actor(cast.contributor)
    sent = submit(propose(programme, by=by, changes=[CHANGE], reason=REASON), by=by, base=1)
    revise(first, by=lead, base=1, area=None, reason="Elsewhere.")
    rebase(sent, by=by, base=2)
    take_out(programme, by=lead, number=rows("proposal sent")[0], why=WHY)
    now = Proposal.objects.select_related("programme").get()
    assert (now.state, now.reason, bool(now.content)) == ("withdrawn", "", True)
    assert NAME not in everything()
    assert whole()
    with pytest.raises(ValidationError, match="The words of P1 were taken out"):
        submit(now, by=by, base=now.revision_number)
    shown = as_(cast.viewer).get("/p/cse-test/proposals/1").content.decode()
    assert "Withdrawn, as its words were taken out" in shown
    assert "A lead took the reason out; the log says why." in shown


@pytest.mark.parametrize("kind", ["merge", "split"])
def test_the_reason_goes_from_the_act_of_lineage_that_a_proposal_carried_out(
    kind, programme, cast, lead, statement, as_, api
):
    statement(), statement()
    merge = {"change": "merged", "records": [{"record": "S1", "base": 1}, {"record": "S2", "base": 1}],
             "wording": "If both, then so."}  # fmt: skip
    split = {"change": "split", "record": "S1", "base": 1, "pieces": [{"wording": "If a."}, {"wording": "If b."}]}
    by = actor(cast.contributor)
    change = merge if kind == "merge" else split
    sent = submit(propose(programme, by=by, changes=[change], reason=REASON), by=by, base=1)
    decide(sent, by=lead, decision="accept", seen=sent.seen)
    take_out(programme, by=lead, number=rows("merged into one", "split into several")[0], why=WHY)
    assert Descent.objects.get().reason == ""
    assert NAME not in everything()
    assert whole()


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("verb", ["answered", "proposal accepted"])
def test_one_reason_for_an_answer_and_a_decision_goes_from_both(verb, blind, programme, cast, lead, statement):
    describe(programme, by=lead, base=1, blind=blind)
    statement()
    by = actor(cast.contributor)
    sent = submit(propose(programme, by=by, changes=[CHANGE], reason="So."), by=by, base=1)
    answer(sent, by=actor(cast.editor), answer="agree", reason="Quite.", seen=sent.seen)
    decide(sent, by=lead, decision="accept", reason=REASON, seen=sent.seen)
    [number] = rows(verb, actor=cast.lead)
    take_out(programme, by=lead, number=number, why=WHY)
    assert NAME not in everything()
    assert sorted(Review.objects.values_list("reason", flat=True)) == ["", "Quite."]
    assert Proposal.objects.get().decision_reason == ""
    assert whole()


def test_the_same_reason_typed_elsewhere_is_named_and_goes_only_where_that_is_asked(
    programme, cast, lead, statement, as_, api
):
    for one in (statement(), statement(), statement()):
        revise(one, by=lead, base=1, words=Words(wording=f"If {one.label}, then so."), reason=REASON)
    first, second, third = rows("reworded")
    page = as_(cast.lead).get(f"/p/cse-test/settings/log/{first}/take-out").content.decode()
    assert "2 other rows give the very same reason." in page
    assert f"/settings/log/{third}/take-out" in page
    here = "/api/v1/programmes/cse-test/changes/"
    alone = api(cast.lead).post(f"{here}{first}/redact/", {"why": WHY}, format="json").json()
    assert (alone["taken_with"], alone["elsewhere"]) == ([], [second, third])
    sent = {"why": WHY, "everywhere": "on"}
    assert as_(cast.lead).post(f"/p/cse-test/settings/log/{second}/take-out", sent).status_code == 302
    assert NAME not in everything()
    assert whole()


def test_so_many_rows_lose_their_words_at_once_and_the_rest_is_named(programme, lead, statement, monkeypatch):
    assert AT_ONCE == 200
    monkeypatch.setattr("cmo.rules.redacting.AT_ONCE", 1)
    for one in (statement(), statement(), statement()):
        revise(one, by=lead, base=1, words=Words(wording=f"If {one.label}, then so."), reason=REASON)
    first, second, third = rows("reworded")
    taken = take_out(programme, by=lead, number=first, why=WHY, everywhere=True)
    assert (taken.taken_with, taken.elsewhere) == ([second], [third])
