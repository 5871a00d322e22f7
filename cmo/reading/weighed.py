"""Owns how much evidence statements and configurations have: read with the other things that lists show of them, so
that a list asks no query more for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from cmo.weighing import STANCES, Counted

EVIDENCE = "evidence"  # marks the rows of `weighed_sql` among those that they are united with
# What counts: neither the bearing nor its excerpt nor its source is retired.
LIVE = (
    " FROM cmo_bearing b JOIN cmo_excerpt x ON x.id = b.excerpt_id JOIN programmes_source q ON q.id = x.source_id"
    " WHERE NOT b.retired AND NOT x.retired AND NOT q.retired"
)
_BY_STANCE = [f"COUNT(DISTINCT CASE WHEN b.stance = '{stance}' THEN x.id END)" for stance in STANCES]
COUNTS = [*_BY_STANCE, "COUNT(DISTINCT x.id)", "COUNT(DISTINCT x.source_id)"]
PACKED = " || ',' || ".join(f"CAST({count} AS text)" for count in COUNTS)  # one column, for a union with other rows


def weighed_sql(column: str, keys: str, columns: str = "b.{on}, 0, {mark}, {packed}") -> str:
    """SELECT of the counts of the records in `keys` (marks for their ids), to be united with what else is read of a
    page's records. `column` of the bearings points at the record; one row for each that has evidence."""
    said = columns.format(on=column, mark=f"'{EVIDENCE}'", packed=PACKED)
    return f"SELECT {said}{LIVE} AND b.{column} IN ({keys}) GROUP BY b.{column}"


def unpacked(packed: str) -> Counted:
    """What a row of `weighed_sql` counts."""
    return as_counted([int(n) for n in packed.split(",")])


def as_counted(numbers: Sequence[int]) -> Counted:
    """Numbers in the order of COUNTS."""
    *by_stance, excerpts, sources = numbers
    return Counted(excerpts, sources, {stance: n for stance, n in zip(STANCES, by_stance, strict=True) if n})


def weighed(rows: Iterable[tuple[Any, ...]]) -> dict[int, Counted]:
    """{record: its counts} of the rows (record, 0, EVIDENCE, packed) among others."""
    return {record: unpacked(packed) for record, _n, mark, packed in rows if mark == EVIDENCE}
