"""Owns which revision, round, answer or comment a row of the log tells of, so that its words go with the row's, and
what else repeats them; see programmes' redacting."""

import re
from typing import Any

from django.db import transaction
from django.http import Http404

from cmo.models import (
    BearingRevision,
    Comment,
    CommentRevision,
    ConfigurationRevision,
    ElementRevision,
    ExcerptRevision,
    Mention,
    Proposal,
    ProposalRound,
    Review,
    StatementRevision,
)
from cmo.rules.indexing import comment_entry
from cmo.rules.making_up import sealed_make_up
from programmes.access import Actor
from programmes.models import AuditEvent, Programme, SourceRevision, ThemeRevision
from programmes.reading.log import events_of
from programmes.rules.indexing import index
from programmes.rules.recording import seal
from programmes.rules.redacting import Told, redact

_LABEL = re.compile(r"(S|E|CMO|P|X|B|Q)([1-9][0-9]{0,8})")
SENT = frozenset({"proposal sent", "proposal revised", "proposal rebased"})
DECIDED = frozenset({"proposal accepted", "proposal refused"})


@transaction.atomic
def take_out(programme: Programme, *, by: Actor, number: int, why: str) -> AuditEvent:
    """Take the words of row `number` out of a programme's log, and out of what it tells of: the reason of a revision,
    a proposal, an answer or a decision, the text of a comment.

    Raises Http404 where there is no such row among those that they may read, ValidationError (why), PermissionDenied.
    """
    event = events_of(programme).select_related("programme").filter(number=number).first()
    if event is None:
        raise Http404("There is no such row in the log.")
    told = _told(programme, event)
    done = redact(event, by=by, why=why, told=told)
    _forget(programme, event, told)
    return done


def _forget(programme: Programme, event: AuditEvent, told: Told | None) -> None:
    """Take the words out of where they stand once more, as what holds now."""
    if told and isinstance(told.revision, ProposalRound):
        of = Proposal.objects.filter(pk=told.revision.proposal_id, round=told.revision.number)
        of.update(reason="")
    elif told and isinstance(told.revision, CommentRevision):
        of_comment = Comment.objects.filter(pk=told.revision.comment_id, revision_number=told.revision.number)
        if of_comment.update(text=""):
            Mention.objects.filter(comment=told.revision.comment_id).delete()
            now = of_comment.select_related("statement", "configuration", "proposal").get()
            if now.proposal is None or now.proposal.sent is not None:
                index(programme, [comment_entry(now)])
    elif event.verb in DECIDED:
        Proposal.objects.filter(programme=programme, number=int(event.record[1:])).update(decision_reason="")


def _told(programme: Programme, event: AuditEvent) -> Told | None:
    """The revision of a row that has one; its reason is that of the row."""
    if "comment" in event.detail:
        return _of_a_comment(programme, event)
    if event.verb in SENT or event.verb == "answered":
        return _of_a_proposal(programme, event)
    number = event.detail.get("revision")
    if not isinstance(number, int):
        return None
    if event.record.startswith("theme "):
        return _of_a_theme(programme, event, number)
    label = _LABEL.fullmatch(event.record)
    if label is None or label[1] not in _KINDS:
        return None
    found = _KINDS[label[1]](programme, int(label[2]), number)
    return found if found and _is_it(found, event) else None


def _is_it(told: Told, event: AuditEvent) -> bool:
    return not event.seals or seal(told.revision, **told.more) == event.seals


def _of_a_comment(programme: Programme, event: AuditEvent) -> Told | None:
    found = CommentRevision.objects.filter(
        comment__programme=programme, comment__number=event.detail["comment"], number=event.detail.get("revision")
    ).first()
    told = Told(found, text="text") if found else None
    return told if told and _is_it(told, event) else None


def _of_a_proposal(programme: Programme, event: AuditEvent) -> Told | None:
    """The round, or one of its answers, by its seal."""
    model: Any = Review if event.verb == "answered" else ProposalRound
    rows = model.objects.filter(proposal__programme=programme, proposal__number=int(event.record[1:]))
    return next((told for one in rows if event.seals and _is_it(told := Told(one), event)), None)


def _of_a_theme(programme: Programme, event: AuditEvent, number: int) -> Told | None:
    """By its seal: a theme may have had another code when the row was written."""
    candidates = ThemeRevision.objects.filter(theme__programme=programme, number=number, reason=event.reason)
    return next((told for one in candidates if _is_it(told := Told(one), event) and event.seals), None)


def _statement(programme: Programme, label: int, number: int) -> Told | None:
    found = StatementRevision.objects.filter(statement__programme=programme, statement__number=label, number=number)
    return _with_themes(found.prefetch_related("taggings").first())


def _element(programme: Programme, label: int, number: int) -> Told | None:
    found = ElementRevision.objects.filter(element__programme=programme, element__number=label, number=number)
    return _with_themes(found.prefetch_related("taggings").first())


def _with_themes(revision: Any) -> Told | None:
    return Told(revision, {"themes": sorted(tag.theme_id for tag in revision.taggings.all())}) if revision else None


def _configuration(programme: Programme, label: int, number: int) -> Told | None:
    found = ConfigurationRevision.objects.filter(
        configuration__programme=programme, configuration__number=label, number=number
    )
    revision = found.prefetch_related("placings", "spellings").first()
    if revision is None:
        return None
    placed = [
        (one.element_id, one.role, one.position, one.wording, one.activation, one.element_revision)
        for one in sorted(revision.placings.all(), key=lambda one: one.position)
    ]
    return Told(revision, sealed_make_up(placed, [one.statement_id for one in revision.spellings.all()]))


def _source(programme: Programme, label: int, number: int) -> Told | None:
    found = SourceRevision.objects.filter(source__programme=programme, source__number=label, number=number)
    revision = found.select_related("source").first()
    return Told(revision, {"uid": str(revision.source.uid)}) if revision else None


def _excerpt(programme: Programme, label: int, number: int) -> Told | None:
    found = ExcerptRevision.objects.filter(excerpt__programme=programme, excerpt__number=label, number=number)
    told = _with_themes(revision := found.select_related("excerpt").prefetch_related("taggings").first())
    return Told(told.revision, {**told.more, "uid": str(revision.excerpt.uid)}) if told and revision else None


def _bearing(programme: Programme, label: int, number: int) -> Told | None:
    found = BearingRevision.objects.filter(bearing__programme=programme, bearing__number=label, number=number)
    revision = found.select_related("bearing").first()
    return Told(revision, {"uid": str(revision.bearing.uid)}) if revision else None


_KINDS = {
    "S": _statement, "E": _element, "CMO": _configuration, "Q": _source, "X": _excerpt, "B": _bearing,
}  # fmt: skip
