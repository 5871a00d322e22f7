"""Owns the check of evidence against the log: sources, excerpts and bearings are as their histories say.

Each function yields one line a finding and nothing when all is well; no line holds a word of what was said.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from cmo.models import Bearing, BearingRevision, Excerpt, ExcerptRevision
from cmo.rules.chronicling import BEARINGS, EXCERPTS, sealed
from programmes.models import Programme, Source, SourceRevision
from programmes.reading.integrity import Seals, seals_of
from programmes.rules.recording import seal
from programmes.rules.sourcing import WORDS

CHUNK = 500
UNLIKE = "is not as the log has it"


def unsealed(programme: Programme) -> Iterator[str]:
    """Revisions that are not as the log sealed them, and records that are not as their last revision says."""
    seals = seals_of(programme)
    found = chain(
        _sources(programme, seals), _excerpts(programme, seals), _bearings(programme, seals),
        _unlike(Source.objects.filter(programme=programme), WORDS),
        _unlike(Excerpt.objects.filter(programme=programme), EXCERPTS.fields),
        _unlike(Bearing.objects.filter(programme=programme), BEARINGS.fields),
    )  # fmt: skip
    yield from (f"{programme.slug}: {line}" for line in found)


def _sources(programme: Programme, seals: Seals) -> Iterator[str]:
    rows = SourceRevision.objects.filter(source__programme=programme).select_related("source").order_by("pk")
    for one in rows.iterator(CHUNK):
        if seal(one, uid=str(one.source.uid)) not in seals.digests:
            yield f"{one.source.label}: revision {one.number} {UNLIKE}"


def _excerpts(programme: Programme, seals: Seals) -> Iterator[str]:
    rows = ExcerptRevision.objects.filter(excerpt__programme=programme).select_related("excerpt").order_by("pk")
    for one in rows.prefetch_related("taggings").iterator(CHUNK):
        if sealed(one, one.excerpt, [tag.theme_id for tag in one.taggings.all()]) not in seals.digests:
            yield f"{one.excerpt.label}: revision {one.number} {UNLIKE}"


def _bearings(programme: Programme, seals: Seals) -> Iterator[str]:
    rows = BearingRevision.objects.filter(bearing__programme=programme).select_related("bearing").order_by("pk")
    for one in rows.iterator(CHUNK):
        if sealed(one, one.bearing) not in seals.digests:
            yield f"{one.bearing.label}: revision {one.number} {UNLIKE}"


def _unlike(rows: Any, fields: tuple[str, ...]) -> Iterator[str]:
    """Records whose history has a gap, or that are not as their last revision says."""
    for record in rows.order_by("number").iterator(CHUNK):
        revisions = list(record.revisions.order_by("number"))
        if [one.number for one in revisions] != list(range(1, record.revision_number + 1)):
            yield f"{record.label}: it is at revision {record.revision_number}, its history is {len(revisions)} long"
            continue
        wrong = [name for name in fields if getattr(record, name) != getattr(revisions[-1], name)]
        if wrong:
            yield f"{record.label}: it is not as its last revision says: {', '.join(wrong)}"
