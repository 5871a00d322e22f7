"""Claims about what the team said: once written, no word of it changes without the check of integrity finding it."""

from io import StringIO

import pytest
from django.core.management import call_command

from cmo.models import (
    CommentRevision,
    MeetingRevision,
    MemoRevision,
    PriorityAnswer,
    PriorityItem,
    PriorityRound,
    Proposal,
    ProposalRound,
    Review,
)
from cmo.reading.team_integrity import unsealed
from cmo.rules.prioritising import Given, answer_round, close_round, mark_priorities, open_round
from cmo.rules.reviewing import answer

CHANGED = [
    (CommentRevision, "text", "comment"),
    (MemoRevision, "text", "memo"),
    (MeetingRevision, "notes", "meeting"),
    (ProposalRound, "reason", "round"),
    (Review, "reason", "answer"),
]


@pytest.mark.parametrize(("model", "field", "said"), CHANGED, ids=lambda one: getattr(one, "__name__", None))
def test_a_changed_word_is_found(model, field, said, world, unguarded, actor):
    programme = world.own
    proposal = Proposal.objects.get(programme=programme, number=1)
    answer(proposal, by=actor(world.people["editor"]), answer="disagree", reason="Too short.", seen=proposal.seen)
    assert list(unsealed(programme)) == []
    call_command("check_integrity", stdout=StringIO())
    with unguarded():
        row = model._default_manager.order_by("pk")[0]
        model._default_manager.filter(pk=row.pk).update(**{field: "Something else."})
    found = list(unsealed(programme))
    assert found
    assert all(line.startswith("cse-test: ") and said in line for line in found)


@pytest.fixture
def closed(statement, programme, cast, actor):
    """Round 1 on S1 and S2, answered by two, closed, S1 marked."""
    one, two = statement(), statement()
    lead = actor(cast.lead)
    made = open_round(
        programme, by=lead, title="Which first?", question="", kind="scale", steps=5,
        statements=[(one.number, 1), (two.number, 1)],
    )  # fmt: skip
    for person, value in ((cast.editor, 5), (cast.contributor, 2)):
        answer_round(made, by=actor(person), answers={1: Given(value, "Most is at stake."), 2: Given(3, "")})
    made = close_round(made, by=lead, base=1)
    return mark_priorities(made, by=lead, base=made.revision_number, statements=[1])


@pytest.mark.parametrize(
    ("model", "new", "said"),
    [
        (PriorityAnswer, {"value": 1}, "what was answered"),
        (PriorityAnswer, {"note": "Nothing is."}, "what was answered"),
        (PriorityItem, {"revision": 7}, "what it asks"),
        (PriorityRound, {"question": "Which last?"}, "what it asks"),
    ],
)
def test_a_changed_answer_or_question_of_a_round_is_found(model, new, said, closed, unguarded):
    assert list(unsealed(closed.programme)) == []
    with unguarded():
        row = model._default_manager.order_by("pk")[0]
        model._default_manager.filter(pk=row.pk).update(**new)
    assert any(said in line for line in unsealed(closed.programme))
