"""Owns the writing of elements and configurations: rows, what hangs on them, revisions and log, one or many at a time.

The same promises as for statements (see keeping): one conditional UPDATE, one revision and one sealed log row for each,
in the caller's transaction; numbers and the end of the log's chain are written once for a batch.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

from cmo.vocabulary import Change
from programmes.access import Actor
from programmes.models import Person, Programme
from programmes.refusals import Stale
from programmes.rules.indexing import Entry as Found
from programmes.rules.indexing import index
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import Entry, record_all, seal

R = TypeVar("R", bound=Any)  # the record: an element or a configuration
H = TypeVar("H")  # what hangs on it: its themes, or its elements and statements


@dataclass(slots=True)
class Version(Generic[R, H]):
    """One record as it is to be, and what hung on it before; `held` is None when it is new."""

    now: R
    change: Change
    reason: str
    hung: H
    held: H | None = None
    restores: int | None = None


class Versioned(ABC, Generic[R, H]):
    """One kind of record with a history. Subclasses say which tables it has and what hangs on it."""

    counter: str  # under which its numbers are given out
    record: type[Model]
    revision: type[Model]
    owner: str  # the revision's foreign key to the record
    fields: tuple[str, ...]  # what a revision repeats of its record

    @abstractmethod
    def hang(self, row: Version[R, H]) -> None:
        """Bring what hangs on the record in line with `row.hung`."""

    @abstractmethod
    def hang_history(self, pairs: Sequence[tuple[Any, Version[R, H]]]) -> None:
        """Write what hung on each revision."""

    @abstractmethod
    def sealed(self, row: Version[R, H]) -> dict[str, Any]:
        """What is sealed with the revision beside its own row."""

    @abstractmethod
    def found(self, record: R) -> Found:
        """How a search finds the record."""

    def write(self, programme: Programme, *, by: Actor, rows: Sequence[Version[R, H]]) -> None:
        """Write these records, all of one programme, under its lock. Raises Stale at the first that moved on."""
        if not rows:
            return
        self._insert(programme, by, [row.now for row in rows if row.held is None])
        for row in rows:
            if row.held is not None:
                self._update(row.now, by)
        for row in rows:
            self.hang(row)
        phase = open_phase_of(programme)
        revisions = [self._revision(row, by.author, phase) for row in rows]
        self.revision._default_manager.bulk_create(revisions, batch_size=500)
        pairs = list(zip(revisions, rows, strict=True))
        self.hang_history(pairs)
        move_structure(programme)
        index(programme, [self.found(row.now) for row in rows])
        record_all(by, [self._entry(revision, row) for revision, row in pairs], programme=programme)

    def _insert(self, programme: Programme, by: Actor, records: Sequence[R]) -> None:
        if not records:
            return
        last, now = next_numbers(programme, self.counter, len(records)), by.now()
        for number, record in enumerate(records, start=last - len(records) + 1):
            record.programme, record.number = programme, number
            record.created = record.updated = now
            record.updated_by = by.author
        self.record._default_manager.bulk_create(records, batch_size=500)

    def _update(self, now: R, by: Actor) -> None:
        base, at = now.revision_number, by.now()
        new = {field: getattr(now, field) for field in (*self.fields, *self.kept)}
        moved = self.record._default_manager.filter(pk=now.pk, revision_number=base).update(
            **new, revision_number=base + 1, updated=at, updated_by=by.author
        )
        if not moved:
            found = self.record._default_manager.select_related("programme").get(pk=now.pk)
            raise Stale(found, base=base)
        now.revision_number, now.updated, now.updated_by = base + 1, at, by.author

    kept: tuple[str, ...] = ()  # fields worked out from the others, kept with the record alone

    def _revision(self, row: Version[R, H], author: Person, phase: Any) -> Any:
        return self.revision(
            **{self.owner: row.now},
            **{field: getattr(row.now, field) for field in self.fields},
            number=row.now.revision_number,
            change=row.change,
            restores=row.restores,
            reason=row.reason,
            author=author,
            at=row.now.updated,
            phase=phase,
        )

    def _entry(self, revision: Any, row: Version[R, H]) -> Entry:
        detail: dict[str, Any] = {"revision": revision.number, "change": row.change.value}
        if row.restores:
            detail["restores"] = row.restores
        return Entry(row.change.value, row.now.label, row.reason, detail, seal(revision, **self.sealed(row)))


def next_numbers(programme: Programme, kind: str, n: int = 1) -> int:
    """Take the next `n` numbers of a kind of record; the last of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cmo_counter (programme_id, kind, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (programme_id, kind) DO UPDATE SET last = cmo_counter.last + excluded.last RETURNING last",
            [programme.pk, kind, n],
        )
        return int(cursor.fetchone()[0])


def move_structure(programme: Programme) -> None:
    """Let what shows elements, configurations or links beside its own record (a statement, say) have a new tag."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_programme SET structure_version = structure_version + 1"
            " WHERE id = %s RETURNING structure_version",
            [programme.pk],
        )
        programme.structure_version = cursor.fetchone()[0]
