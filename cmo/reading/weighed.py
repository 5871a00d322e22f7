"""Owns how much evidence statements and configurations have: read with the other things that lists show of them, so
that a list asks no query more for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from cmo.weighing import STANCES, Counted
from programmes.natural import natural

EVIDENCE = "evidence"  # marks the rows of `weighed_sql` among those that they are united with
SITE, PLACE = "site", "place"  # those of `heard_sql`, and of `places_sql`
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


def heard_sql(column: str, keys: str, columns: str = "b.{on}, 0, {site}, {mark}") -> str:
    """SELECT of the sites from which something bears on the records in `keys`: one row for each record and site."""
    said = columns.format(on=column, mark=f"'{SITE}'", site="CAST(q.site_id AS text)")
    return f"SELECT {said}{LIVE} AND b.{column} IN ({keys}) AND q.site_id IS NOT NULL GROUP BY b.{column}, q.site_id"


def places_sql(programme: str, columns: str = "{id}, 0, {place}, {mark}") -> str:
    """SELECT of the sites in use of a `programme` (SQL for its id), one row each: "3 LA1", its position and name."""
    said = columns.format(id="w.id", mark=f"'{PLACE}'", place="CAST(w.position AS text) || ' ' || w.name")
    return f"SELECT {said} FROM programmes_site w WHERE w.programme_id = {programme} AND NOT w.retired"


def heard(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[int, set[int]], dict[int, str]]:
    """({record: sites from which something bears on it}, {site: name} in their order) of the rows (key, value, mark)
    of the two."""
    sites: dict[int, set[int]] = {}
    places: list[tuple[int, str, int]] = []
    for key, value, mark in rows:
        if mark == SITE:
            sites.setdefault(key, set()).add(int(value))
        elif mark == PLACE:
            position, _space, name = value.partition(" ")
            places.append((int(position), name, key))
    places.sort(key=lambda one: (one[0], natural(one[1])))
    return sites, {key: name for _position, name, key in places}


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
