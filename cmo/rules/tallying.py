"""Owns the counts behind the pages; called by the rules that create or change statements, in their transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from cmo.models import Statement
from cmo.vocabulary import State


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a statement is counted."""

    area_key: int
    state: str
    origin_key: int
    lacks: int

    @classmethod
    def of(cls, statement: Statement) -> "Place":
        return cls(statement.area_id or 0, str(statement.state), statement.origin_id or 0, statement.lacks)


def shift(programme_id: int, before: Place | None, after: Place | None) -> None:
    """Count one statement at `after` instead of at `before`; None is "not there"."""
    if before == after:
        return
    steps = sorted((place, by) for place, by in ((before, -1), (after, 1)) if place is not None)
    _upsert(
        "cmo_tally",
        ("programme_id", "area_key", "state", "origin_key", "lacks"),
        [(programme_id, place.area_key, place.state, place.origin_key, place.lacks, by) for place, by in steps],
    )


def shift_uses(before: Iterable[tuple[int, int]], after: Iterable[tuple[int, int]]) -> None:
    """Count the uses of themes anew for one statement; each pair is (theme id, area key), none when it is retired."""
    old, new = set(before), set(after)
    steps = sorted([(*pair, -1) for pair in old - new] + [(*pair, 1) for pair in new - old])
    _upsert("cmo_themeuse", ("theme_id", "area_key"), steps)


def uses_of(statement: Statement, themes: Iterable[int]) -> set[tuple[int, int]]:
    if statement.state == State.RETIRED:
        return set()
    return {(theme, statement.area_id or 0) for theme in themes}


def _upsert(table: str, keys: tuple[str, ...], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Add to counters in the order of their keys, so that two writers never wait for each other in a circle."""
    if not rows:
        return
    holders = ", ".join("(" + ", ".join(["%s"] * (len(keys) + 1)) + ")" for _ in rows)
    sql = (
        f"INSERT INTO {table} ({', '.join(keys)}, n) VALUES {holders}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET n = {table}.n + excluded.n"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
