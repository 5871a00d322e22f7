"""Owns where the app itself wrote somebody's words once more: the reason of a proposal stands in each of its rounds,
and with all that it wrote once it is accepted; who decides without having answered gives one reason for both.

Whoever takes such words out of one row of the log means all of these. The same words in other rows were typed anew, or
stand there for another act; those are named, and taken out by the same hand where that is asked for.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from cmo.models import Descent, Outcome, Proposal, ProposalRound, Review
from cmo.rules.descent import LOGGED_AS, named
from programmes.models import AuditEvent, Programme
from programmes.reading.log import events_of
from programmes.rules.recording import seal
from programmes.rules.redacting import IN_PARTS as SENT
from programmes.rules.redacting import REDACTED, Told

DECIDED = frozenset({"proposal accepted", "proposal refused"})
ACTS = frozenset(LOGGED_AS.values())
_LETTERS = {"S": "statement", "CMO": "configuration", "E": "element"}


def copies_of(programme: Programme, event: AuditEvent, told: Told | None) -> list[AuditEvent]:
    """The other rows in which the app repeats the words of this one, or of what it tells of; the earliest first."""
    words = _words(event, told)
    if not words:
        return []
    if event.verb == "answered" or event.verb in DECIDED:
        return _of_a_decision(programme, event, words)
    proposal = _behind(programme, event)
    if proposal is None:
        return []
    rows = _rows(programme, event).filter(reason__in=words)
    return list(rows.filter(Q(record=proposal.label, verb__in=SENT) | _written_by(proposal)))


def same_words(programme: Programme, event: AuditEvent, copies: Iterable[AuditEvent]) -> "QuerySet[AuditEvent]":
    """The rows, beside this one and its copies, that give the very same reason."""
    known = [one.pk for one in copies]
    rows = _rows(programme, event).exclude(pk__in=known).exclude(reason="").exclude(verb=REDACTED)
    return rows.filter(reason=event.reason)


def told_of_a_copy(told: Told | None, words: Iterable[str]) -> Told | None:
    """What goes with a copy: of a round only what says the same, for the rest of it is another text."""
    if told is None or not isinstance(told.revision, ProposalRound):
        return told
    said = set(words)
    same = {name: empty for name, empty in told.texts.items() if _is_among(getattr(told.revision, name), said)}
    return Told(told.revision, told.more, same) if same else None


def words_of(event: AuditEvent, told: Told | None) -> set[str]:
    """What may stand elsewhere once more: the reason of a row, and title and reason of a round."""
    return _words(event, told)


def _words(event: AuditEvent, told: Told | None) -> set[str]:
    held: Any = told.revision if told else None
    said = {event.reason}
    if isinstance(held, ProposalRound | Review):
        said |= {held.reason, getattr(held, "title", "")}
    return {text for text in said if text.strip()}


def _is_among(text: Any, said: set[str]) -> bool:
    return isinstance(text, str) and text in said


def _rows(programme: Programme, event: AuditEvent) -> "QuerySet[AuditEvent]":
    """The other rows of a log whose words are still there."""
    return events_of(programme, oldest_first=True).exclude(pk=event.pk).filter(redaction=None)


def _behind(programme: Programme, event: AuditEvent) -> Proposal | None:
    """The proposal that this row sent to the team, or that wrote what it tells of."""
    proposals = Proposal.objects.filter(programme=programme)
    if event.verb in SENT:
        return proposals.filter(number=int(event.record[1:])).first()
    if event.verb in ACTS:
        return proposals.filter(descents__number=int(event.record.partition(" ")[2])).first()
    letters, number = event.record.rstrip("0123456789"), event.record.lstrip("SCMOE")
    revision = event.detail.get("revision")
    if letters not in _LETTERS or not number.isdecimal() or not isinstance(revision, int):
        return None
    kind = _LETTERS[letters]
    wrote = Outcome.objects.filter(**{f"{kind}__programme": programme, f"{kind}__number": number}, revision=revision)
    return proposals.filter(pk__in=wrote.values("proposal")).first()


def _written_by(proposal: Proposal) -> Q:
    """Rows of the revisions and the acts of lineage that a proposal wrote."""
    found = Q(pk__in=[])
    wrote = Outcome.objects.filter(proposal=proposal).select_related("statement", "configuration", "element")
    for one in wrote:
        if one.record is not None:
            found |= Q(record=one.record.label, detail__revision=one.revision)
    for act in Descent.objects.filter(proposal=proposal):
        found |= Q(record=named(act), verb__in=ACTS)
    return found


def _of_a_decision(programme: Programme, event: AuditEvent, words: set[str]) -> list[AuditEvent]:
    """The decision beside the answer that it was, or the answer beside the decision: by one person, for one reason.

    What was answered is not in the log where reviews are blind; the row of the answer is found by its seal.
    """
    rows = _rows(programme, event).filter(record=event.record, actor=event.actor_id)
    if event.verb == "answered":
        return list(rows.filter(verb__in=DECIDED, reason__in=words))
    answered = Review.objects.filter(
        proposal__programme=programme, proposal__number=int(event.record[1:]), reviewer=event.actor_id,
        reason__in=words,
    )  # fmt: skip
    seals = [seal(one) for one in answered]
    return list(rows.filter(verb="answered", seals__in=seals))
