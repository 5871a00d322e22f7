"""Owns the check of what the team said against the log: comments, memos, proposals, answers, meetings, rounds.

Each function yields one line a finding and nothing when all is well.
"""

from collections.abc import Iterator
from copy import copy
from itertools import chain

from cmo.models import (
    Comment,
    CommentRevision,
    Meeting,
    MeetingRevision,
    MemoRevision,
    PriorityAnswer,
    PriorityRound,
    ProposalRound,
    Review,
)
from cmo.rules.laying_before import round_sealed_with
from cmo.rules.meeting import named as meeting_named
from cmo.rules.prioritising import named as round_named
from programmes.models import AuditEvent, Programme
from programmes.reading.integrity import Seals, seals_of
from programmes.rules.recording import scope_of, seal

CHUNK = 500
UNLIKE = "is not as the log has it"


def unsealed(programme: Programme) -> Iterator[str]:
    """Words of the team that are not as the log sealed them when they were written."""
    seals = seals_of(programme)
    found = chain(
        _comments(programme, seals), _memos(programme, seals), _proposals(programme, seals),
        _meetings(programme, seals), _rounds(programme, seals),
    )  # fmt: skip
    yield from (f"{programme.slug}: {line}" for line in found)


def _comments(programme: Programme, seals: Seals) -> Iterator[str]:
    revisions = CommentRevision.objects.filter(comment__programme=programme).select_related("comment")
    for one in revisions.order_by("pk").iterator(CHUNK):
        if seal(one) not in seals.digests:
            yield f"comment {one.comment.number}: revision {one.number} {UNLIKE}"
        elif one.number == one.comment.revision_number and one.text != one.comment.text:
            yield f"comment {one.comment.number}: it is not as its last revision says"
    told = set(revisions.values_list("comment", "number"))
    for comment in Comment.objects.filter(programme=programme).order_by("number").iterator(CHUNK):
        if (comment.pk, comment.revision_number) not in told:
            yield f"comment {comment.number}: its revision {comment.revision_number} is not there"


def _memos(programme: Programme, seals: Seals) -> Iterator[str]:
    revisions = MemoRevision.objects.filter(memo__programme=programme).select_related("memo")
    for one in revisions.order_by("pk").iterator(CHUNK):
        if seal(one, uid=str(one.memo.uid), dated=one.dated.isoformat()) not in seals.digests:
            yield f"memo {one.memo.number}: revision {one.number} {UNLIKE}"


def _proposals(programme: Programme, seals: Seals) -> Iterator[str]:
    rounds = ProposalRound.objects.filter(proposal__programme=programme).select_related("proposal", "cited")
    for sent in rounds.order_by("pk").iterator(CHUNK):
        if seal(sent, **round_sealed_with(sent)) not in seals.digests:
            yield f"{sent.proposal.label}: round {sent.number} {UNLIKE}"
    reviews = Review.objects.filter(proposal__programme=programme).select_related("proposal")
    for review in reviews.order_by("pk").iterator(CHUNK):
        if seal(review) not in seals.digests:
            yield f"{review.proposal.label}: answer {review.number} {UNLIKE}"


def _meetings(programme: Programme, seals: Seals) -> Iterator[str]:
    """Who was there and what was decided stand in the log's own row; it is sealed with them."""
    told = AuditEvent.objects.filter(scope=scope_of(programme), detail__has_key="there").exclude(seals="")
    rows = {(event.record, event.detail["revision"]): event.detail for event in told.order_by("pk").iterator(CHUNK)}
    revisions = MeetingRevision.objects.filter(meeting__programme=programme).select_related("meeting")
    for one in revisions.order_by("pk").iterator(CHUNK):
        detail = rows.get((meeting_named(one.meeting), one.number), {})
        more = {"held": one.held.isoformat(), "there": detail.get("there"), "decided": detail.get("decided")}
        ends = {0, one.meeting.until}  # a planned meeting got its end when it was concluded
        if not seals.digests & {seal(one, until=until, **more) for until in ends}:
            yield f"{meeting_named(one.meeting)}: revision {one.number} {UNLIKE}"
    last = {one.meeting_id: one for one in revisions.order_by("pk")}
    for meeting in Meeting.objects.filter(programme=programme).order_by("number"):
        said = last.get(meeting.pk)
        if said is None or (said.number, said.notes) != (meeting.revision_number, meeting.notes):
            yield f"{meeting_named(meeting)}: it is not as its last revision says"


def _rounds(programme: Programme, seals: Seals) -> Iterator[str]:
    rounds = PriorityRound.objects.filter(programme=programme).prefetch_related("items__statement")
    for now in rounds.order_by("number").iterator(CHUNK):
        items = sorted(now.items.all(), key=lambda item: item.position)
        opened = copy(now)
        opened.closed = opened.closed_by_id = None
        opened.revision_number = 1
        asked = [f"{item.statement.label} v{item.revision}" for item in items]
        if seal(opened, items=asked) not in seals.digests:
            yield f"{round_named(now)}: what it asks {UNLIKE}"
        if now.closed is not None and not _closed(now, seals):
            yield f"{round_named(now)}: what was answered {UNLIKE}"


def _closed(now: PriorityRound, seals: Seals) -> bool:
    """Whether the answers are those that the log sealed; priorities marked since moved the round on."""
    given = PriorityAnswer.objects.filter(item__round=now).order_by("item__position", "person")
    rows = [list(row) for row in given.values_list("item__statement__number", "person", "value", "note")]
    then = copy(now)
    for number in range(2, now.revision_number + 1):
        then.revision_number = number
        if seal(then, answers=rows) in seals.digests:
            return True
    return False
