"""Owns the counts behind the pages; called by the rules that create or change statements, in their transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cmo.models import Statement
from cmo.vocabulary import State
from programmes.rules.sending import Sending

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


def shift_all(programme_id: int, moves: Iterable[tuple[Place | None, Place | None]], sending: Sending) -> None:
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
        sending,
    )


def shift_uses(moves: Iterable[tuple[set[tuple[int, int]], set[tuple[int, int]]]], sending: Sending) -> None:
    """Count the uses of themes anew, (before, after) for each statement; a pair in them is (theme id, area key)."""
    steps: Counter[tuple[int, int]] = Counter()
    for before, after in moves:
        steps.update(after - before)
        steps.subtract(before - after)
    rows = [(*pair, n) for pair, n in sorted(steps.items()) if n]
    _upsert("cmo_themeuse", ("theme_id", "area_key"), rows, sending)


def uses_of(statement: Statement, themes: Iterable[int]) -> set[tuple[int, int]]:
    if statement.state == State.RETIRED:
        return set()
    return {(theme, statement.area_id or 0) for theme in themes}


def _upsert(table: str, keys: tuple[str, ...], rows: Sequence[tuple[int | str, ...]], sending: Sending) -> None:
    """Add to counters in the order of their keys, so that two writers never wait for each other in a circle."""
    for at in range(0, len(rows), MOST_ROWS):
        some = rows[at : at + MOST_ROWS]
        holders = ", ".join("(" + ", ".join(["%s"] * (len(keys) + 1)) + ")" for _ in some)
        sending.add(
            f"INSERT INTO {table} ({', '.join(keys)}, n) VALUES {holders}"
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET n = {table}.n + excluded.n",
            [value for row in some for value in row],
        )
