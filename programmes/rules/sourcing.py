"""Owns sources: the only rules that add and change them, and that keep or take out their transcripts.

What a source is called and what is noted of it never enters the log: its rows say that something was done, no more.
"""

import re
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from programmes.access import Actor, require
from programmes.gate import clean, is_blank
from programmes.models import Phase, Programme, Site, Source, SourceRevision, Transcript
from programmes.refusals import Stale
from programmes.rules.holding import hold, move_evidence
from programmes.rules.indexing import index, source_entry
from programmes.rules.recording import record, seal
from programmes.vocabulary import APPRAISED, EvidenceChange, Grade, Limit, SourceKind, Verb

WORDS = (
    "kind", "pseudonym", "citation", "role", "site_id", "dated", "phase_id", "note",
    *(name for one in APPRAISED for name in (one, f"{one}_reason")), "retired",
)  # fmt: skip
_LIMITS = {"pseudonym": Limit.NAME, "role": Limit.NAME, "citation": Limit.LONG, "note": Limit.LONG}
_DATED = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@transaction.atomic
def add_source(programme: Programme, *, by: Actor, kind: str, reason: str = "", **said: Any) -> Source:
    """A new source with the next number, as revision 1.

    `said` are any of pseudonym, citation, role, site, dated ("2021", "2021-05" or "2021-05-12"), phase, note,
    relevance, richness, rigour and their reasons. Raises ValidationError (each by its name), PermissionDenied.
    """
    require(by, Verb.EVIDENCE, programme)
    hold(programme)
    now = Source(programme=programme, created=by.now(), kind=_known_kind(kind))
    _put(now, said)
    now.number = _next_number(programme)
    now.updated, now.updated_by = by.now(), by.person
    now.save(force_insert=True)
    _keep(now, by, EvidenceChange.NEW, _why(reason))
    return now


@transaction.atomic
def change_source(source: Source, *, by: Actor, base: int, reason: str = "", **said: Any) -> Source:
    """Change what is said of a source, from its revision `base`; what is not given stays.

    Nothing is written when nothing changed. Raises ValidationError, PermissionDenied, Stale.
    """
    require(by, Verb.EVIDENCE, source.programme)
    now = _seen(source, base)
    if now.retired:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    was = _content(now)
    if "kind" in said:
        now.kind = _known_kind(said.pop("kind"))
    _put(now, said)
    return now if _content(now) == was else _swap(now, by, base, EvidenceChange.EDITED, _why(reason))


@transaction.atomic
def turn_source(source: Source, *, by: Actor, base: int, retired: bool, reason: str = "") -> Source:
    """Take a source out of use, and its excerpts with it, or bring it back. Raises ValidationError (state), Stale."""
    require(by, Verb.EVIDENCE, source.programme)
    now = _seen(source, base)
    if now.retired == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    now.retired = retired
    change = EvidenceChange.RETIRED if retired else EvidenceChange.RESTORED
    return _swap(now, by, base, change, _why(reason))


NOTES = ("note", "relevance_reason", "richness_reason", "rigour_reason")


def withdraw_notes(now: Source, *, by: Actor) -> Source:
    """Retire a source without its notes and its transcript; part of a withdrawal, which asks who may and says why."""
    for name in NOTES:
        setattr(now, name, "")
    now.retired = True
    Transcript.objects.filter(source=now).delete()
    return _swap(now, by, now.revision_number, EvidenceChange.RETIRED, "")


@transaction.atomic
def write_transcript(source: Source, *, by: Actor, base: int, text: str, cut: bool = False) -> Source:
    """Keep the whole text of a source where the programme allows it, or take it out for good (an empty text). What is
    `cut` of a text that is kept may be cut whatever the programme allows by now.

    Raises ValidationError (text, transcripts), PermissionDenied, Stale.
    """
    require(by, Verb.EVIDENCE, source.programme)
    now = _seen(source, base)
    text = clean(text, field="text", limit=Limit.TRANSCRIPT)
    held = Transcript.objects.filter(source=now).first()
    if text.strip() and not now.programme.transcripts and not cut:
        said = _("This programme keeps no whole transcripts; a lead can allow it in the settings.")
        raise ValidationError({"text": said})
    if text == (held.text if held else ""):
        return now
    if text.strip():
        Transcript.objects.update_or_create(source=now, defaults={"text": text, "updated": by.now()})
    elif held:
        held.delete()
    verb = "transcript kept" if text.strip() else "transcript taken out"
    return _swap(now, by, base, EvidenceChange.EDITED, "", verb=verb)


def delete_transcripts(programme: Programme, *, by: Actor) -> int:
    """Take every transcript out for good, where the programme keeps none any more; how many. Under its lock."""
    held = Source.objects.filter(programme=programme, transcript__isnull=False)
    found = list(held.select_related("programme", "site", "phase").order_by("number"))
    for now in found:
        Transcript.objects.filter(source=now).delete()
        _swap(now, by, now.revision_number, EvidenceChange.EDITED, "", verb="transcript taken out")
    return len(found)


def _known_kind(kind: str) -> str:
    if kind not in SourceKind.values:
        raise ValidationError({"kind": _("Choose one of %(kinds)s.") % {"kinds": ", ".join(SourceKind.values)}})
    return kind


def _why(reason: str) -> str:
    return clean(reason, field="reason", limit=Limit.REASON)


def _put(now: Source, said: dict[str, Any]) -> None:
    for name, limit in _LIMITS.items():
        if name in said:
            setattr(now, name, clean(said.pop(name), field=name, limit=limit, one_line=name in ("pseudonym", "role")))
    if "dated" in said:
        now.dated = _day(said.pop("dated"))
    for name in APPRAISED:
        why, was = f"{name}_reason", (getattr(now, name), getattr(now, f"{name}_reason"))
        if name in said:
            setattr(now, name, known_grade(said.pop(name), field=name))
        if why in said:
            setattr(now, why, clean(said.pop(why), field=why, limit=Limit.REASON))
        if getattr(now, name) and is_blank(getattr(now, why)) and was != (getattr(now, name), getattr(now, why)):
            raise ValidationError({why: _("Say why it is so; nobody can weigh a grade without a reason.")})
    if "site" in said:
        now.site = put_site(now.programme, said.pop("site"), held=now.site_id)
    if "phase" in said:
        now.phase = _phase(now.programme, said.pop("phase"))
    if said:
        raise TypeError(f"unknown words of a source: {', '.join(said)}")
    if is_blank(now.pseudonym):
        now.pseudonym = ""
    if not now.pseudonym and is_blank(now.citation):
        raise ValidationError({"pseudonym": _("Give a pseudonym, or the citation of a document.")})
    others = Source.objects.filter(programme=now.programme, pseudonym__iexact=now.pseudonym).exclude(pk=now.pk)
    if now.pseudonym and (other := others.first()):
        said_so = _("%(label)s has this pseudonym already; choose another.")
        raise ValidationError({"pseudonym": said_so % {"label": other.label}})


def known_grade(grade: str, *, field: str) -> str:
    """low, moderate, high or nothing. Raises ValidationError (field)."""
    if grade and grade not in Grade.values:
        said = _("Choose one of %(choices)s, or leave it empty.")
        raise ValidationError({field: said % {"choices": ", ".join(Grade.values)}})
    return grade


def put_site(programme: Programme, site: Site | None, *, held: int | None, field: str = "site") -> Site | None:
    """The site as it is now. A retired one may stay but not be chosen. Raises ValidationError (field)."""
    now = Site.objects.filter(programme=programme, pk=site.pk).first() if site else None
    if site is not None and now is None:
        raise ValidationError({field: _("There is no such site in this programme.")})
    if now is not None and now.retired and now.pk != held:
        raise ValidationError({field: _("%(site)s is retired; choose another or restore it.") % {"site": now}})
    return now


def _phase(programme: Programme, phase: Phase | None) -> Phase | None:
    if phase is not None and phase.programme_id != programme.pk:
        raise ValidationError({"phase": _("There is no such phase in this programme.")})
    return phase


def _day(given: str) -> str:
    """A year, a month or a day. Raises ValidationError (dated)."""
    text = clean(given, field="dated", limit=Limit.NAME, one_line=True)
    found = _DATED.fullmatch(text)
    try:
        if found:
            date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        elif text:
            raise ValueError
    except ValueError as error:
        said = _("Write a year, a month or a day: 2021, 2021-05 or 2021-05-12.")
        raise ValidationError({"dated": said}) from error
    return text


def _next_number(programme: Programme) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_programme SET last_source = last_source + 1 WHERE id = %s RETURNING last_source",
            [programme.pk],
        )
        return int(cursor.fetchone()[0])


def _seen(source: Source, base: int) -> Source:
    hold(source.programme)
    now = Source.objects.select_related("programme", "site", "phase").get(pk=source.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _content(now: Source) -> tuple[Any, ...]:
    return tuple(getattr(now, name) for name in WORDS)


def _swap(now: Source, by: Actor, base: int, change: EvidenceChange, reason: str, *, verb: str = "") -> Source:
    now.updated, now.updated_by = by.now(), by.person
    moved = Source.objects.filter(pk=now.pk, revision_number=base).update(
        **{name: getattr(now, name) for name in WORDS},
        revision_number=base + 1, updated=now.updated, updated_by=now.updated_by,
    )  # fmt: skip
    if not moved:
        raise Stale(Source.objects.select_related("programme").get(pk=now.pk), base=base)
    now.revision_number = base + 1
    _keep(now, by, change, reason, verb)
    return now


def _keep(now: Source, by: Actor, change: EvidenceChange, reason: str, verb: str = "") -> None:
    """The revision, what a search knows, and the log's row, whose digest holds the random id of the source: nobody
    confirms by it what they guess."""
    kept = Transcript.objects.filter(source=now).values_list("text", flat=True).first()
    revision = SourceRevision.objects.create(
        source=now, number=now.revision_number, change=change, reason=reason, author=by.author, at=now.updated,
        transcript_digest=sha256(kept.encode()).hexdigest() if kept else "",
        **{name: getattr(now, name) for name in WORDS},
    )  # fmt: skip
    move_evidence(now.programme)
    index(now.programme, [source_entry(now)])
    detail = {"revision": revision.number, "change": change.value}
    sealed = seal(revision, uid=str(now.uid))
    record(by, verb or change.value, now.label, programme=now.programme, reason=reason, seals=sealed, **detail)
