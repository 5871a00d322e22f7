"""Claims about answers and decisions at the same moment as other changes, with real threads on the database of the run:
one is done, the other hears why not, nothing is approved that nobody saw."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cmo.models import CoAuthor, Proposal, ProposalTarget, Review, Statement, StatementRevision
from cmo.rules.bulk import Taken, state_all
from cmo.rules.composing import Words
from cmo.rules.proposed import draw_up, seen_digest
from cmo.rules.proposing import rewrite_proposal, withdraw
from cmo.rules.reviewing import answer, decide
from cmo.rules.stating import revise
from programmes.rules.membering import change_role
from tests.conftest import actor
from tests.test_lineage_races import duel

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 500


def laid_before(programme: Any, author: Any, change: Any, coauthor: Any = None) -> list[Proposal]:
    """500 open proposals, one on each of 500 statements, as the rules leave them; written at once, as it is quicker."""
    lines, now = [Taken(f"If {at}, then so, because thus.", [], None) for at in range(ROUNDS)], timezone.now()
    made = state_all(programme, by=actor(author), lines=lines)
    contents = [draw_up(programme, [change(statement)]).content for statement in made]
    rows = Proposal.objects.bulk_create(
        Proposal(
            programme=programme, number=at, author=author, state="open", content=content,
            seen=seen_digest(content, reason="So."), round=1, reason="So.", created=now, updated=now, sent=now,
        )
        for at, content in enumerate(contents, start=1)
    )  # fmt: skip
    pairs = list(zip(rows, made, strict=True))
    ProposalTarget.objects.bulk_create(ProposalTarget(proposal=row, statement=one, base=1) for row, one in pairs)
    if coauthor:
        CoAuthor.objects.bulk_create(CoAuthor(proposal=row, person=coauthor, agreed=now) for row in rows)
    return rows


@pytest.fixture
def proposals(programme, cast):
    """The contributor's proposals, made by somebody who may write the statements as well."""
    change_role(programme, by=actor(cast.lead), username="contributor", role="editor")
    return laid_before(
        programme, cast.contributor,
        lambda one: {"record": one.label, "base": 1, "wording": f"If {one.number}, then proposed."},
    )  # fmt: skip


def fresh(one: Proposal) -> Proposal:
    return Proposal.objects.select_related("programme", "author").get(pk=one.pk)


def accept(one: Proposal, person: Any) -> Proposal:
    return decide(fresh(one), by=actor(person), decision="accept", seen=one.seen)


def states() -> Counter[str]:
    return Counter(Proposal.objects.values_list("state", flat=True))


def test_approving_against_an_edit_of_what_it_starts_from(proposals, cast, programme):
    def edit(at: int) -> None:
        now = Statement.objects.select_related("programme").get(programme=programme, number=at + 1)
        revise(now, by=actor(cast.editor), base=1, words=Words(wording=f"If {at}, then edited."))

    answers = Counter(duel(ROUNDS, lambda at: accept(proposals[at], cast.lead), edit))
    assert set(answers) <= {("Moved", "done"), ("Stale", "done")}
    assert sum(answers.values()) == ROUNDS
    assert states() == +Counter({"accepted": answers["Stale", "done"], "open": answers["Moved", "done"]})
    assert set(Statement.objects.values_list("revision_number", flat=True)) == {2}
    call_command("check_integrity")


def test_approving_against_rewriting_never_approves_what_was_not_seen(proposals, cast):
    def rewrite(at: int) -> None:
        change = {"record": f"S{at + 1}", "base": 1, "wording": f"If {at}, then rewritten."}
        rewrite_proposal(fresh(proposals[at]), by=actor(cast.contributor), base=1, changes=[change])

    answers = Counter(duel(ROUNDS, lambda at: accept(proposals[at], cast.lead), rewrite))
    assert set(answers) <= {("Stale", "done"), ("ValidationError", "done")}
    seen = {one.pk: one.seen for one in proposals}
    for one in Proposal.objects.filter(state="accepted"):
        assert one.seen == seen[one.pk]
    assert not Statement.objects.filter(wording__endswith="rewritten.").exists()


def test_approving_against_swapping_the_reason_never_writes_a_reason_that_was_not_seen(proposals, cast):
    def swap(at: int) -> None:
        rewrite_proposal(fresh(proposals[at]), by=actor(cast.contributor), base=1, reason="Swapped.")

    answers = Counter(duel(ROUNDS, lambda at: accept(proposals[at], cast.lead), swap))
    assert set(answers) <= {("Stale", "done"), ("ValidationError", "done")}
    written = StatementRevision.objects.filter(number=2).values_list("reason", flat=True)
    assert Counter(written) == +Counter({"So.": states()["accepted"]})


def test_approving_against_withdrawing(proposals, cast):
    take = duel(
        ROUNDS,
        lambda at: accept(proposals[at], cast.lead),
        lambda at: withdraw(fresh(proposals[at]), by=actor(cast.contributor), base=1),
    )
    assert set(take) <= {("Stale", "done"), ("ValidationError", "done")}
    done = states()
    assert done["accepted"] + done["withdrawn"] == ROUNDS
    assert Statement.objects.filter(revision_number=2).count() == done["accepted"]


def test_two_approvals_at_once_write_one_revision(proposals, cast):
    take = duel(ROUNDS, lambda at: accept(proposals[at], cast.lead), lambda at: accept(proposals[at], cast.editor))
    assert set(take) == {("ValidationError", "done")}
    assert states() == {"accepted": ROUNDS}
    assert set(Statement.objects.values_list("revision_number", flat=True)) == {2}


def test_authors_never_approve_of_their_own_whoever_else_does(programme, cast):
    rows = laid_before(
        programme, cast.editor, lambda one: {"record": one.label, "base": 1, "change": "retired"}, cast.lead
    )

    def own(at: int, person: Any) -> Review:
        return answer(fresh(rows[at]), by=actor(person), answer="agree", reason="Mine.", seen=rows[at].seen)

    take = duel(ROUNDS, lambda at: own(at, cast.editor), lambda at: own(at, cast.lead))
    assert set(take) == {("PermissionDenied", "PermissionDenied")}
    assert not Review.objects.exists()
