"""Owns the taking out of words: a row of the log loses its texts and keeps that it happened, when and by whom.

For what should never have been written, such as a participant's name in a reason. The chain of the log stays whole: the
digests of what stood there are kept, and the taking out is itself a row, which keeps what nobody typed. The wording of
a record is not touched here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from programmes.rules.holding import hold, move_redactions
from programmes.rules.recording import digest_of, record, seal
from programmes.vocabulary import Limit, Verb

REDACTED = "redacted"
# Parts of a detail that nobody typed: numbers, labels, names to sign in with, words of ours. A detail of nothing else
# stays as it is: no lead takes out who was removed or what a meeting decided, and the checks that read it go on.
FACTS = frozenset({
    "agreement", "answer", "answers", "change", "changed", "cites", "coauthors", "comment", "days", "decided", "from",
    "invitation", "kind", "log", "marked", "members", "of", "phase", "reopened", "restores", "revision", "role",
    "round", "seen", "statements", "steps", "there", "to", "unmarked", "verdict", "version",
})  # fmt: skip
_ROLES = ("member ", "phase ", "RG")  # before and after of these rows are roles, states and verdicts
_NAMES = {"phase ": "title", "site ": "name"}  # what these are called stays, as their address says it too
SNAPSHOT = "snapshot taken"
# The words of these rows stand in what they tell of.
ELSEWHERE = frozenset({
    "commented", "comment edited", "answered",
    "memo written", "memo changed", "memo shared", "memo made private", "memo retired", "memo restored",
    "meeting recorded", "meeting planned", "meeting changed", "meeting concluded", "meeting retired",
    "meeting restored", "round opened", "round answered",
    "verdict recorded", "verdict stated", "verdict changed", "linked", "link described", "pattern noted",
    "pattern changed", "rivals gathered", "rivals changed", "phase planned", "site added", "site changed",
    "evidence planned",
})  # fmt: skip
# Of these the reason may have gone alone, where the app had repeated it elsewhere; the rest can go later.
IN_PARTS = frozenset({"proposal sent", "proposal revised", "proposal rebased"})
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
    sealed: bool = True  # or a record without a history, of which the log keeps no seal

    @property
    def rows(self) -> list[Model]:
        return [self.revision, *self.beside]

    @property
    def holds_words(self) -> bool:
        return any(getattr(row, name) != empty for row in self.rows for name, empty in self.texts.items())


def holds_words(event: AuditEvent) -> bool:
    """Whether there is anything in a row that could be taken out."""
    return event.verb != SNAPSHOT and (bool(event.reason) or event.verb in ELSEWHERE or bool(words_in(event)))


def words_in(event: AuditEvent) -> list[str]:
    """The texts of a row's detail that somebody typed."""
    return list(_texts_of(event.detail, _kept_as_they_are(event)))


def facts_in(event: AuditEvent) -> dict[str, Any]:
    """The rest of a row's detail: what stays when its words go."""
    return _without_words(event.detail, _kept_as_they_are(event))


def _kept_as_they_are(event: AuditEvent) -> frozenset[str]:
    more = {"before", "after"} if event.record.startswith(_ROLES) else set()
    return FACTS | more | {name for kind, name in _NAMES.items() if event.record.startswith(kind)}


def _texts_of(value: Any, facts: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, [value])
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in facts:
                yield from _texts_of(part, facts)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_of(part, facts)


def _without_words(detail: Mapping[str, Any], facts: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in detail.items():
        if name in facts or not any(_texts_of(value, facts)):
            found[name] = value
        elif isinstance(value, dict) and (rest := _without_words(value, facts)):
            found[name] = rest
    return found


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
    told = told if told and (event.reason or event.verb in ELSEWHERE or _is_the_rest(event, told)) else None
    forget_answers(programme, typed_in(event, told))
    kept = {"row": event.number, **({} if hasattr(event, "redaction") else _bury(event, by, why, told))}
    move_redactions(programme)
    sealed = _empty(told) if told else ""
    if told and (also := list(told.also())):
        kept["also"] = also
    record(by, REDACTED, f"row {event.number}", programme=programme, reason=why, seals=sealed, **kept)
    return AuditEvent.objects.select_related("programme", "actor", "redaction__by").get(pk=event.pk)


def _bury(event: AuditEvent, by: Actor, why: str, told: Told | None) -> dict[str, Any]:
    """Empty a row, with a tombstone; what the row that tells of it keeps."""
    redaction = _remember(event, by, why, told)
    new: dict[str, Any] = {"reason": ""} if redaction.reason_digest else {}
    if redaction.detail_digest:
        new["detail"] = TOMBSTONE
    AuditEvent.objects.filter(pk=event.pk).update(**new)
    kept: dict[str, Any] = {"redaction": seal(redaction)}
    if redaction.detail_digest and (facts := facts_in(event)):
        kept["facts"] = facts  # the guards let a detail go as a whole; readers find the rest of it here
    return kept


def _is_the_rest(event: AuditEvent, told: Told | None) -> bool:
    """Whether the tombstone of this row lets go of more that its revision still says."""
    if event.verb not in IN_PARTS or not hasattr(event, "redaction") or told is None or not told.holds_words:
        return False
    of = event.redaction
    return (of.revision_table, of.revision_row) == (told.revision._meta.db_table, told.revision.pk)


def typed_in(event: AuditEvent, told: Told | None) -> list[str]:
    """What somebody typed, wherever the row or its revision says it."""
    typed = [event.reason, *words_in(event)]
    held = [getattr(row, name) for row in told.rows for name in told.texts] if told else []
    return [text for text in (*typed, *held) if isinstance(text, str)]


def _check(event: AuditEvent, told: Told | None) -> None:
    if _is_the_rest(event, told):
        return
    if hasattr(event, "redaction"):
        raise ValidationError({"why": _("The words of this row were taken out already.")})
    if event.verb == REDACTED:
        raise ValidationError({"why": _("This row says that words were taken out and why; it stays.")})
    if event.verb == SNAPSHOT:
        said = _("A snapshot is never changed: its name and its description are part of what its digest vouches for.")
        raise ValidationError({"why": said})
    if not (event.reason or words_in(event) or (event.verb in ELSEWHERE and told and told.holds_words)):
        raise ValidationError({"why": _("There are no words in this row that somebody typed.")})


def _remember(event: AuditEvent, by: Actor, why: str, told: Told | None) -> Redaction:
    return Redaction.objects.create(
        event=event,
        detail_digest=digest_of(event.detail) if words_in(event) else "",
        reason_digest=digest_of(event.reason) if event.reason else "",
        revision_table=told.revision._meta.db_table if told and told.sealed else "",
        revision_row=told.revision.pk if told and told.sealed else None,
        by=by.person,
        at=by.now(),
        why=why,
    )


def _empty(told: Told) -> str:
    """Take the text out of a revision; the seal of the revision as it then is, for the log, where it keeps one."""
    revision: Any = told.revision
    held = type(revision)._default_manager.filter(pk__in=[row.pk for row in told.rows])
    if told.holds_words:
        held.update(**told.texts)
    revision.refresh_from_db(fields=list(told.texts))
    return seal(revision, **told.more) if told.sealed else ""
