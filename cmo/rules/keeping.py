"""Owns the writing of statements: rows, tags, counts, revisions and log, for one statement or for a batch.

Each change is one conditional UPDATE (its writer saw the latest revision, or nothing is written). What a batch shares
(numbers, counts, the end of the log's chain) is written once for all of it: a row that one transaction writes a
thousand times leaves a thousand dead versions behind, and PostgreSQL walks past them at each step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cmo.models import Statement, StatementRevision, StatementTheme
from cmo.rules.composing import put_lacks
from cmo.rules.indexing import UNSEEN, statement_entry
from cmo.rules.tallying import Place, shift_all, shift_uses, uses_of
from cmo.rules.versioning import move_structure
from cmo.vocabulary import Change, State
from programmes.access import Actor
from programmes.models import Person, Phase, Programme
from programmes.refusals import Stale
from programmes.rules.indexing import index
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import Entry, record_all, seal
from programmes.rules.sending import CHUNK, Sending, values


@dataclass(slots=True)
class Written:
    """One statement as it is to be, and how it stood before; `before` is None when it is new."""

    now: Statement
    change: Change
    reason: str
    carried: Sequence[int]  # themes, by id, in their order
    before: Place | None = None
    held: Sequence[int] = ()  # the themes carried before
    restores: int | None = None


def write(programme: Programme, *, by: Actor, rows: Sequence[Written]) -> None:
    """Write these statements, all of one programme, under its lock. Raises Stale at the first that moved on."""
    if not rows:
        return
    for row in rows:
        put_lacks(row.now, row.carried)
    _insert(programme, [row.now for row in rows if row.before is None])
    for row in rows:
        if row.before is not None:
            _update(row, row.before, by)
    sending = Sending()
    for row in rows:
        if gone := set(row.held) - set(row.carried):
            marks = ", ".join(["%s"] * len(gone))
            sending.add(
                f"DELETE FROM cmo_statementtheme WHERE statement_id = %s AND theme_id IN ({marks})",
                [row.now.pk, *sorted(gone)],
            )
    joined = ((row.now, theme) for row in rows for theme in row.carried if theme not in row.held)
    sending.insert(StatementTheme(statement=now, theme_id=theme) for now, theme in joined)
    shift_uses(((_used(row.before, row.held), uses_of(row.now, row.carried)) for row in rows), sending)
    shift_all(programme.pk, ((row.before, Place.of(row.now)) for row in rows), sending)
    if any(row.change in {Change.RETIRED, Change.RESTORED} for row in rows):
        move_structure(programme)  # configurations show the statements in use that they spell out
    index(programme, [statement_entry(row.now) for row in rows if row.change not in UNSEEN], sending)
    _remember(programme, by, rows, sending)


def _insert(programme: Programme, statements: Sequence[Statement]) -> None:
    if not statements:
        return
    last = _numbers(programme, len(statements))
    for number, statement in enumerate(statements, start=last - len(statements) + 1):
        statement.number = number
    Statement.objects.bulk_create(statements, batch_size=500)


def _numbers(programme: Programme, n: int) -> int:
    """Take the next `n` numbers; the last of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_programme SET last_statement = last_statement + %s"
            " WHERE id = %s RETURNING last_statement",
            [n, programme.pk],
        )
        return int(cursor.fetchone()[0])


def _update(row: Written, before: Place, by: Actor) -> None:
    now, at = row.now, by.now()
    base = now.revision_number
    now.revision_number, now.updated, now.updated_by = base + 1, at, by.author
    put = [field for field in _PUT if (now.area_id or 0) != before.area_key or field.name not in _PLACE]
    new = [field.get_db_prep_save(getattr(now, field.attname), connection) for field in put]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cmo_statement SET {', '.join(f'{field.column} = %s' for field in put)}"
            " WHERE id = %s AND revision_number = %s",
            [*new, now.pk, base],
        )
        moved = cursor.rowcount
    if not moved:
        raise Stale(Statement.objects.select_related("programme").get(pk=now.pk), base=base)


_PLACE = ("area", "area_position")  # written only by who moves it: areas are put into another order beside this
_CHANGES = (
    "wording", "parts", "parts_by_hand", "folded", "sameness", *_PLACE, "state", "lacks", "revision_number", "updated",
    "updated_by",
)  # fmt: skip
_PUT: list[Any] = [Statement._meta.get_field(name) for name in _CHANGES]


def _used(before: Place | None, held: Sequence[int]) -> set[tuple[int, int]]:
    if before is None or before.state == State.RETIRED:
        return set()
    return {(theme, before.area_key) for theme in held}


def _remember(programme: Programme, by: Actor, rows: Sequence[Written], sending: Sending) -> None:
    """A revision and a log row for each, the log's sealed with the revision's digest."""
    phase = open_phase_of(programme)
    revisions = [_revision(row, by.author, phase) for row in rows]
    sending.insert(revisions)
    carried = [(row.now.pk, row.now.revision_number, theme) for row in rows for theme in row.carried]
    for at in range(0, len(carried), CHUNK):
        some = [(place, *found) for place, found in enumerate(carried[at : at + CHUNK])]
        new, given = values(some)
        sending.add(  # nobody waits to be told the keys of the revisions
            "INSERT INTO cmo_revisiontheme (revision_id, theme_id) SELECT r.id, new.column4"
            f" FROM {new} AS new JOIN cmo_statementrevision r"
            " ON r.statement_id = new.column2 AND r.number = new.column3 ORDER BY new.column1",
            given,
        )
    entries = [_entry(row, revision) for revision, row in zip(revisions, rows, strict=True)]
    record_all(by, entries, programme=programme, sending=sending)


def _revision(row: Written, author: Person, phase: Phase | None) -> StatementRevision:
    now = row.now
    return StatementRevision(
        statement=now,
        number=now.revision_number,
        wording=now.wording,
        parts=now.parts,
        parts_by_hand=now.parts_by_hand,
        area_id=now.area_id,
        state=now.state,
        change=row.change,
        restores=row.restores,
        reason=row.reason,
        author=author,
        at=now.updated,
        phase=phase,
    )


def _entry(row: Written, revision: StatementRevision) -> Entry:
    detail: dict[str, object] = {"revision": revision.number, "change": row.change.value}
    if row.restores:
        detail["restores"] = row.restores
    return Entry(row.change.value, row.now.label, row.reason, detail, seal(revision, themes=sorted(row.carried)))
