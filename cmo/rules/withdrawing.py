"""Owns the withdrawal of what somebody said: the words of an excerpt, or of all of a source, are taken out for good.

What goes are the words in the record, in its whole history, in the notes on its links, in the transcript and in the
search. What stays is that it was there, who took it out, when and why; the chain of the log holds (see programmes'
redacting, whose tombstones let each revision be emptied). Nothing brings it back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Bearing, BearingRevision, Excerpt, ExcerptRevision
from cmo.rules.chronicling import BEARINGS, EXCERPTS, Row
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import AuditEvent, Programme, Redaction, Source, SourceRevision, Transcript
from programmes.rules.answering_once import forget_answers
from programmes.rules.holding import hold, move_redactions
from programmes.rules.indexing import forget
from programmes.rules.recording import Entry, digest_of, record_all, scope_of, seal
from programmes.rules.redacting import REDACTED
from programmes.rules.sourcing import NOTES, withdraw_notes, write_transcript
from programmes.vocabulary import EvidenceChange, Limit, Verb

OF_EXCERPT = ("text", "original", "locator")
OF_BEARING = ("note", "confidence_reason")


@transaction.atomic
def withdraw_excerpt(excerpt: Excerpt, *, by: Actor, why: str) -> Excerpt:
    """Take the words of an excerpt out for good; it is retired with that. Raises ValidationError (why),
    PermissionDenied."""
    programme, why = _allowed(excerpt.programme, by, why)
    now = Excerpt.objects.select_related("source__site", "signed_site").get(pk=excerpt.pk)
    if not now.text:
        raise ValidationError({"why": _("The words of %(label)s were taken out already.") % {"label": now.label}})
    _cut(by, [now])
    revisions = _withdrawn(programme, by, [now])
    _empty(programme, by, why, revisions)
    return now


@transaction.atomic
def withdraw_source(source: Source, *, by: Actor, why: str) -> Source:
    """Take out the words of all excerpts of a source, its transcript and its notes; it is retired with that. Raises
    ValidationError (why), PermissionDenied."""
    programme, why = _allowed(source.programme, by, why)
    now = Source.objects.select_related("programme", "site", "phase").get(pk=source.pk)
    excerpts = list(Excerpt.objects.filter(source=now).exclude(text="").select_related("source", "signed_site"))
    kept = Transcript.objects.filter(source=now).exists()
    if now.retired and not excerpts and not kept and not any(getattr(now, name) for name in NOTES):
        raise ValidationError({"why": _("The words of %(label)s were taken out already.") % {"label": now.label}})
    _cut(by, excerpts, but=now)
    now = withdraw_notes(now, by=by)
    revisions = _withdrawn(programme, by, excerpts) if excerpts else []
    of_source = [(now.label, one, NOTES, {"uid": str(now.uid)}) for one in SourceRevision.objects.filter(source=now)]
    _empty(programme, by, why, [*of_source, *revisions])
    return now


def _allowed(programme: Programme, by: Actor, why: str) -> tuple[Programme, str]:
    require(by, Verb.MANAGE, programme)
    require(by, Verb.EVIDENCE, programme)
    why = clean(why, field="why", limit=Limit.REASON, required=True)
    hold(programme)
    return programme, why


Revised = tuple[str, Any, Sequence[str], dict[str, Any]]  # label, revision, texts that go, what is sealed with it


def _withdrawn(programme: Programme, by: Actor, excerpts: Sequence[Excerpt]) -> list[Revised]:
    """Retire excerpts without their words, and empty the notes on their links; all revisions of them."""
    rows = []
    for now in excerpts:
        for name in OF_EXCERPT:
            setattr(now, name, "")
        now.sameness, now.start, now.end, now.retired = "", None, None, True
        held = sorted(now.taggings.values_list("theme_id", flat=True))
        rows.append(Row(now, EvidenceChange.RETIRED, "", held, held))
    EXCERPTS.write(programme, by=by, rows=rows)
    bearings = list(Bearing.objects.filter(excerpt__in=[one.pk for one in excerpts]).order_by("number"))
    noted = [one for one in bearings if any(getattr(one, name) for name in OF_BEARING)]
    for one in noted:
        one.note = one.confidence_reason = ""
    BEARINGS.write(programme, by=by, rows=[Row(one, EvidenceChange.EDITED, held=()) for one in noted])
    found: list[Revised] = []
    said = ExcerptRevision.objects.filter(excerpt__in=[one.pk for one in excerpts]).select_related("excerpt")
    for of in said.prefetch_related("taggings").order_by("pk"):
        themes = sorted(tag.theme_id for tag in of.taggings.all())
        found.append((of.excerpt.label, of, OF_EXCERPT, {"themes": themes, "uid": str(of.excerpt.uid)}))
    judged = BearingRevision.objects.filter(bearing__in=[one.pk for one in bearings]).select_related("bearing")
    for judgement in judged.order_by("pk"):
        uid = {"uid": str(judgement.bearing.uid)}
        found.append((judgement.bearing.label, judgement, OF_BEARING, uid))
    return found


def _cut(by: Actor, excerpts: Sequence[Excerpt], *, but: Source | None = None) -> None:
    """Black out in the transcripts what is withdrawn, as it was ever worded and of whichever source it was once an
    excerpt (`but` the one whose transcript goes as a whole); the places of other excerpts stay."""
    said: dict[int, set[str]] = defaultdict(set)
    for revision in ExcerptRevision.objects.filter(excerpt__in=[one.pk for one in excerpts]):
        said[revision.source_id] |= {revision.text, revision.original} - {""}
    held = Transcript.objects.filter(source__in=said).exclude(source=but).select_related("source__programme")
    for transcript in held.order_by("source__number"):
        text, source = blacked_out(transcript.text, said[transcript.source_id]), transcript.source
        if text != transcript.text:
            write_transcript(source, by=by, base=source.revision_number, text=text, cut=True)


def blacked_out(text: str, said: Iterable[str]) -> str:
    """A text with a black square for each character of what was said, also where two passages overlap."""
    shown = list(text)
    for words in said:
        at = text.find(words)
        while at >= 0:
            shown[at : at + len(words)] = "█" * len(words)
            at = text.find(words, at + 1)
    return "".join(shown)


def _empty(programme: Programme, by: Actor, why: str, revisions: Sequence[Revised]) -> None:
    """Empty the texts and the reason of each revision, with a tombstone at its log row and a row that tells."""
    labels = {label for label, *_more in revisions}
    rows = AuditEvent.objects.filter(scope=scope_of(programme), record__in=labels).exclude(seals="")
    events = {(one.record, one.detail.get("revision")): one for one in rows.select_related("redaction")}
    entries: list[Entry] = []
    said: list[str] = []
    for label, revision, texts, more in revisions:
        names = [name for name in (*texts, "reason") if getattr(revision, name)]
        if not names:
            continue
        said += [getattr(revision, name) for name in names]
        event = events[label, revision.number]
        made = _tombstone(event, revision, by, why)
        if made is not None and made.reason_digest:
            AuditEvent.objects.filter(pk=event.pk).update(reason="")
        type(revision)._default_manager.filter(pk=revision.pk).update(**dict.fromkeys(names, ""))
        revision.refresh_from_db(fields=names)
        kept = {"row": event.number, **({"redaction": seal(made)} if made else {})}
        entries.append(Entry(REDACTED, f"row {event.number}", why, kept, seal(revision, **more)))
    move_redactions(programme)
    forget(programme, said)
    forget_answers(programme, said)
    record_all(by, entries, programme=programme)


def _tombstone(event: AuditEvent, revision: Any, by: Actor, why: str) -> Redaction | None:
    """What lets the guards empty the revision; None where the reason was taken out before, which let them already."""
    if hasattr(event, "redaction"):
        return None
    return Redaction.objects.create(
        event=event, reason_digest=digest_of(event.reason) if event.reason else "",
        revision_table=revision._meta.db_table, revision_row=revision.pk, by=by.person, at=by.now(), why=why,
    )  # fmt: skip
