"""Owns the counts behind the pages; called by the rules that create or change statements, in their transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from cmo.models import Statement
from cmo.vocabulary import State

MOST_ROWS = 1000  # in one query; old SQLite takes 32,766 values


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


def shift_all(programme_id: int, moves: Iterable[tuple[Place | None, Place | None]]) -> None:
    """Count each statement at the second place instead of at the first; None is "not there"."""
    steps: Counter[Place] = Counter()
    for before, after in moves:
        if before is not None:
            steps[before] -= 1
        if after is not None:
            steps[after] += 1
    _upsert(
        "cmo_tally",
        ("programme_id", "area_key", "state", "origin_key", "lacks"),
        [(programme_id, at.area_key, at.state, at.origin_key, at.lacks, n) for at, n in sorted(steps.items()) if n],
    )


def shift_uses(moves: Iterable[tuple[set[tuple[int, int]], set[tuple[int, int]]]]) -> None:
    """Count the uses of themes anew, (before, after) for each statement; a pair in them is (theme id, area key)."""
    steps: Counter[tuple[int, int]] = Counter()
    for before, after in moves:
        steps.update(after - before)
        steps.subtract(before - after)
    _upsert("cmo_themeuse", ("theme_id", "area_key"), [(*pair, n) for pair, n in sorted(steps.items()) if n])


def uses_of(statement: Statement, themes: Iterable[int]) -> set[tuple[int, int]]:
    if statement.state == State.RETIRED:
        return set()
    return {(theme, statement.area_id or 0) for theme in themes}


def _upsert(table: str, keys: tuple[str, ...], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Add to counters in the order of their keys, so that two writers never wait for each other in a circle."""
    for at in range(0, len(rows), MOST_ROWS):
        _upsert_few(table, keys, rows[at : at + MOST_ROWS])


def _upsert_few(table: str, keys: tuple[str, ...], rows: Sequence[tuple[int | str, ...]]) -> None:
    holders = ", ".join("(" + ", ".join(["%s"] * (len(keys) + 1)) + ")" for _ in rows)
    sql = (
        f"INSERT INTO {table} ({', '.join(keys)}, n) VALUES {holders}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET n = {table}.n + excluded.n"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
