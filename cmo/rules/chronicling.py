"""Owns the writing of excerpts and bearings: rows, themes, revisions and log, one or many at a time.

As for the theory (see versioning): one conditional UPDATE, one revision and one sealed log row for each, under the
programme's lock. The log's rows say nothing of what an excerpt or a note says; their digests hold the record's random
id, so that nobody confirms by them what they guess.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from cmo.models import (
    Bearing,
    BearingRevision,
    Excerpt,
    ExcerptRevision,
    ExcerptRevisionTheme,
    ExcerptTheme,
)
from cmo.rules.indexing import excerpt_entry
from cmo.rules.versioning import next_numbers
from programmes.access import Actor
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import move_evidence
from programmes.rules.indexing import Entry as Found
from programmes.rules.indexing import index
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import Entry, record_all, seal
from programmes.vocabulary import EvidenceChange

BATCH = 500


@dataclass(slots=True)
class Row:
    """One record as it is to be; `held` are the themes it carried before, None when it is new."""

    now: Any
    change: EvidenceChange
    reason: str = ""
    themes: Sequence[int] = ()
    held: Sequence[int] | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chronicle:
    """One kind of record with its history: tables, what a revision repeats, and what its record keeps beside that."""

    counter: str
    record: type[Model]
    revision: type[Model]
    owner: str
    fields: tuple[str, ...]
    kept: tuple[str, ...] = ()
    found: Callable[[Any], Found] | None = None

    def write(self, programme: Programme, *, by: Actor, rows: Sequence[Row]) -> None:
        """Write these records, all of one programme, under its lock. Raises Stale at the first that moved on."""
        if not rows:
            return
        self._insert(programme, by, [row.now for row in rows if row.held is None])
        for row in rows:
            if row.held is not None:
                self._update(row.now, by)
        phase = open_phase_of(programme)
        made: list[Any] = [
            self.revision(
                **{self.owner: row.now}, **{name: getattr(row.now, name) for name in self.fields},
                number=row.now.revision_number, change=row.change, reason=row.reason, author=by.author,
                at=row.now.updated, phase=phase,
            )
            for row in rows
        ]  # fmt: skip
        self.revision._default_manager.bulk_create(made, batch_size=BATCH)
        if self.record is Excerpt:
            _tag(list(zip(made, rows, strict=True)))
        move_evidence(programme)
        if self.found is not None:
            index(programme, [self.found(row.now) for row in rows])
        record_all(by, [_entry(one, row) for one, row in zip(made, rows, strict=True)], programme=programme)

    def _insert(self, programme: Programme, by: Actor, records: Sequence[Any]) -> None:
        if not records:
            return
        last, now = next_numbers(programme, self.counter, len(records)), by.now()
        for number, one in enumerate(records, start=last - len(records) + 1):
            one.programme, one.number = programme, number
            one.created = one.updated = now
            one.updated_by = by.person
        self.record._default_manager.bulk_create(records, batch_size=BATCH)

    def _update(self, now: Any, by: Actor) -> None:
        base = now.revision_number
        now.updated, now.updated_by = by.now(), by.person
        moved = self.record._default_manager.filter(pk=now.pk, revision_number=base).update(
            **{name: getattr(now, name) for name in (*self.fields, *self.kept)},
            revision_number=base + 1, updated=now.updated, updated_by=now.updated_by,
        )  # fmt: skip
        if not moved:
            raise Stale(self.record._default_manager.select_related("programme").get(pk=now.pk), base=base)
        now.revision_number = base + 1


def _tag(pairs: Sequence[tuple[Any, Row]]) -> None:
    """Bring the themes of excerpts in line, and write down which each revision carried."""
    for _revision, row in pairs:
        if gone := set(row.held or ()) - set(row.themes):
            ExcerptTheme.objects.filter(excerpt=row.now, theme__in=gone).delete()
    ExcerptTheme.objects.bulk_create(
        [ExcerptTheme(excerpt=row.now, theme_id=theme) for _revision, row in pairs for theme in row.themes
         if theme not in (row.held or ())], batch_size=BATCH,
    )  # fmt: skip
    ExcerptRevisionTheme.objects.bulk_create(
        [ExcerptRevisionTheme(revision=one, theme_id=theme) for one, row in pairs for theme in row.themes],
        batch_size=BATCH,
    )


def _entry(revision: Any, row: Row) -> Entry:
    detail = {"revision": revision.number, "change": row.change.value, **row.detail}
    return Entry(row.change.value, row.now.label, row.reason, detail, sealed(revision, row.now, row.themes))


def sealed(revision: Any, now: Any, themes: Sequence[int] = ()) -> str:
    """The seal of a revision of an excerpt (with its themes) or of a bearing."""
    more = {"themes": sorted(themes)} if isinstance(now, Excerpt) else {}
    return seal(revision, uid=str(now.uid), **more)


EXCERPTS = Chronicle(
    "excerpt", Excerpt, ExcerptRevision, "excerpt",
    ("source_id", "text", "original", "locator", "status", "signed_site_id", "retired"),
    ("start", "end", "sameness"), excerpt_entry,
)  # fmt: skip
BEARINGS = Chronicle(
    "bearing", Bearing, BearingRevision, "bearing",
    ("stance", "note", "inferred", "confidence", "confidence_reason", "made_against", "judged", "retired"),
)  # fmt: skip
