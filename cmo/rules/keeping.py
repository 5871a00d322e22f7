"""Owns the writing of statements: rows, tags, counts, revisions and log, for one statement or for a batch.

Each change is one conditional UPDATE (its writer saw the latest revision, or nothing is written). What a batch shares
(numbers, counts, the end of the log's chain) is written once for all of it: a row that one transaction writes a
thousand times leaves a thousand dead versions behind, and PostgreSQL walks past them at each step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from cmo.models import RevisionTheme, Statement, StatementRevision, StatementTheme
from cmo.rules.composing import put_lacks
from cmo.rules.indexing import UNSEEN, statement_entry
from cmo.rules.tallying import Place, shift_all, shift_uses, uses_of
from cmo.rules.versioning import move_structure
from cmo.vocabulary import Change, State
from programmes.access import Actor
from programmes.models import Phase, Programme
from programmes.refusals import Stale
from programmes.rules.indexing import index
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import Entry, record_all, seal


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
    joined = ((row.now, theme) for row in rows for theme in row.carried if theme not in row.held)
    StatementTheme.objects.bulk_create(
        [StatementTheme(statement=now, theme_id=theme) for now, theme in joined], batch_size=2000
    )
    shift_uses((_used(row.before, row.held), uses_of(row.now, row.carried)) for row in rows)
    shift_all(programme.pk, ((row.before, Place.of(row.now)) for row in rows))
    if any(row.change in {Change.RETIRED, Change.RESTORED} for row in rows):
        move_structure(programme)  # configurations show the statements in use that they spell out
    index(programme, [statement_entry(row.now) for row in rows if row.change not in UNSEEN])
    _remember(programme, by, rows)


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
    moved = Statement.objects.filter(pk=now.pk, revision_number=base).update(
        wording=now.wording,
        parts=now.parts,
        parts_by_hand=now.parts_by_hand,
        folded=now.folded,
        sameness=now.sameness,
        **({} if (now.area_id or 0) == before.area_key else {"area": now.area_id, "area_position": now.area_position}),
        state=now.state,
        lacks=now.lacks,
        revision_number=base + 1,
        updated=at,
        updated_by=by.person,
    )
    if not moved:
        raise Stale(Statement.objects.select_related("programme").get(pk=now.pk), base=base)
    now.revision_number, now.updated, now.updated_by = base + 1, at, by.person
    if gone := set(row.held) - set(row.carried):
        StatementTheme.objects.filter(statement=now, theme__in=gone).delete()


def _used(before: Place | None, held: Sequence[int]) -> set[tuple[int, int]]:
    if before is None or before.state == State.RETIRED:
        return set()
    return {(theme, before.area_key) for theme in held}


def _remember(programme: Programme, by: Actor, rows: Sequence[Written]) -> None:
    """A revision and a log row for each, the log's sealed with the revision's digest."""
    phase = open_phase_of(programme)
    revisions = StatementRevision.objects.bulk_create([_revision(row, by, phase) for row in rows], batch_size=500)
    RevisionTheme.objects.bulk_create(
        [
            RevisionTheme(revision=revision, theme_id=theme)
            for revision, row in zip(revisions, rows, strict=True)
            for theme in row.carried
        ],
        batch_size=2000,
    )
    record_all(
        by,
        [_entry(row, revision) for revision, row in zip(revisions, rows, strict=True)],
        programme=programme,
    )


def _revision(row: Written, by: Actor, phase: Phase | None) -> StatementRevision:
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
        author=by.person,
        at=now.updated,
        phase=phase,
    )


def _entry(row: Written, revision: StatementRevision) -> Entry:
    detail: dict[str, object] = {"revision": revision.number, "change": row.change.value}
    if row.restores:
        detail["restores"] = row.restores
    return Entry(row.change.value, row.now.label, row.reason, detail, seal(revision, themes=sorted(row.carried)))
