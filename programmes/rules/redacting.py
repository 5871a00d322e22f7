"""Owns the taking out of words: a row of the log loses its texts and keeps that it happened, when and by whom.

For what should never have been written, such as a participant's name in a reason. The chain of the log stays whole: the
digests of what stood there are kept, and the taking out is itself a row. The wording of a record is not touched here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from programmes.access import Actor, require
from programmes.gate import clean
from programmes.guards import TOMBSTONE
from programmes.models import AuditEvent, Redaction
from programmes.rules.answering_once import forget_answers
from programmes.rules.holding import hold
from programmes.rules.recording import digest_of, record, seal
from programmes.vocabulary import Limit, Verb

REDACTED = "redacted"
# Parts of a detail that nobody typed: numbers, labels, names to sign in with, words of ours. A detail of nothing else
# stays as it is: no lead takes out who was removed or what a meeting decided, and the checks that read it go on.
FACTS = frozenset({
    "answer", "answers", "change", "changed", "coauthors", "comment", "days", "decided", "from", "invitation", "kind",
    "marked", "members", "reopened", "restores", "revision", "role", "round", "seen", "statements", "steps", "there",
    "to", "unmarked", "verdict",
})  # fmt: skip
_ROLES = ("member ", "phase ")  # before and after of these rows are roles and states
# The words of these rows stand in what they tell of.
ELSEWHERE = frozenset({
    "commented", "comment edited", "answered",
    "memo written", "memo changed", "memo shared", "memo made private", "memo retired", "memo restored",
    "meeting recorded", "meeting planned", "meeting changed", "meeting concluded", "meeting retired",
    "meeting restored", "round opened", "round answered",
})  # fmt: skip
_REASON = {"reason": ""}


@dataclass(frozen=True, slots=True)
class Told:
    """The revision that a log row told of, what is sealed with it beside its own row, and which texts of it go: what
    stands there then, by their fields."""

    revision: Model
    more: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=lambda: _REASON)
    also: Callable[[], Sequence[str]] = tuple  # seals of what holds the same words and was sealed more than once
    beside: Sequence[Model] = ()  # other rows of its table that go with it

    @property
    def rows(self) -> list[Model]:
        return [self.revision, *self.beside]

    @property
    def holds_words(self) -> bool:
        return any(getattr(row, name) != empty for row in self.rows for name, empty in self.texts.items())


def holds_words(event: AuditEvent) -> bool:
    """Whether there is anything in a row that could be taken out."""
    return bool(event.reason) or event.verb in ELSEWHERE or _typed(event)


def _typed(event: AuditEvent) -> bool:
    named = {name for name, value in event.detail.items() if name not in FACTS and not _is_number(value)}
    return bool(named - {"before", "after"} if event.record.startswith(_ROLES) else named)


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int)


@transaction.atomic
def redact(event: AuditEvent, *, by: Actor, why: str, told: Told | None = None) -> AuditEvent:
    """Take the texts of one log row out, for ever, and the text of the revision that it tells of with them.

    Raises ValidationError (why) and PermissionDenied; a row of the accounts' log has no lead who could.
    """
    programme = event.programme
    if programme is None:
        raise ValidationError({"why": _("Only rows of a programme's log can be redacted.")})
    require(by, Verb.MANAGE, programme)
    why = clean(why, field="why", limit=Limit.REASON, required=True)
    hold(programme)
    event = AuditEvent.objects.select_related("programme", "redaction").get(pk=event.pk)
    _check(event, told)
    told = told if told and (event.reason or event.verb in ELSEWHERE) else None
    forget_answers(programme, _texts(event, told))
    redaction = _remember(event, by, why, told)
    new: dict[str, Any] = {"reason": ""} if redaction.reason_digest else {}
    if redaction.detail_digest:
        new["detail"] = TOMBSTONE
    AuditEvent.objects.filter(pk=event.pk).update(**new)
    sealed = _empty(told) if told else ""
    kept: dict[str, Any] = {"row": event.number, "redaction": seal(redaction)}
    if told and (also := list(told.also())):
        kept["also"] = also
    record(by, REDACTED, f"row {event.number}", programme=programme, reason=why, seals=sealed, **kept)
    return AuditEvent.objects.select_related("programme", "actor", "redaction__by").get(pk=event.pk)


def _texts(event: AuditEvent, told: Told | None) -> list[str]:
    """What somebody typed, wherever the row or its revision says it."""
    typed = [event.reason, *(event.detail.values() if _typed(event) else ())]
    held = [getattr(row, name) for row in told.rows for name in told.texts] if told else []
    return [text for text in (*typed, *held) if isinstance(text, str)]


def _check(event: AuditEvent, told: Told | None) -> None:
    if hasattr(event, "redaction"):
        raise ValidationError({"why": _("The words of this row were taken out already.")})
    if event.verb == REDACTED:
        raise ValidationError({"why": _("This row says that words were taken out and why; it stays.")})
    if not (event.reason or _typed(event) or (event.verb in ELSEWHERE and told and told.holds_words)):
        raise ValidationError({"why": _("There are no words in this row that somebody typed.")})


def _remember(event: AuditEvent, by: Actor, why: str, told: Told | None) -> Redaction:
    return Redaction.objects.create(
        event=event,
        detail_digest=digest_of(event.detail) if _typed(event) else "",
        reason_digest=digest_of(event.reason) if event.reason else "",
        revision_table=told.revision._meta.db_table if told else "",
        revision_row=told.revision.pk if told else None,
        by=by.person,
        at=by.now(),
        why=why,
    )


def _empty(told: Told) -> str:
    """Take the text out of a revision; the seal of the revision as it then is, for the log."""
    revision: Any = told.revision
    held = type(revision)._default_manager.filter(pk__in=[row.pk for row in told.rows])
    if told.holds_words:
        held.update(**told.texts)
    revision.refresh_from_db(fields=list(told.texts))
    return seal(revision, **told.more)
