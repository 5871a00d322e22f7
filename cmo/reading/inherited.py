"""Owns the evidence that stands with what a record came from. Acts of lineage move no bearing, so that nothing counts
twice and what is undone has its own again; a record tells where the evidence of its ancestors is, and how much."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from cmo.models import Configuration, DescentLine, Statement
from cmo.reading.kin import Lineage
from cmo.reading.weighed import weighed, weighed_sql
from cmo.rules.descent import sides
from cmo.weighing import NOTHING, Counted
from programmes.models import Programme

Record = Statement | Configuration


@dataclass(frozen=True, slots=True)
class Ancestor:
    """What a record came from, and what bears on it."""

    number: int
    label: str
    counted: Counted


def ancestors_heard(programme: Programme, of: type[Record], numbers: Collection[int]) -> dict[int, list[Ancestor]]:
    """{number of a record: those of its ancestors, however far up, that have evidence}, by number; two queries, one
    where nothing in the programme came from anything."""
    older, younger = sides(of)
    lines = DescentLine.objects.filter(act__programme=programme, act__undone=None, **{f"{older}__isnull": False})
    up: dict[int, set[int]] = {}
    keys: dict[int, int] = {}
    for above, number, below in lines.values_list(f"{older}_id", f"{older}__number", f"{younger}__number"):
        up.setdefault(below, set()).add(number)
        keys[number] = above
    found = {number: _above(up, number) for number in numbers if number in up}
    counts = _counts(of, {keys[above] for all_above in found.values() for above in all_above})
    label = "S{}" if of is Statement else "CMO{}"
    heard = {
        number: [Ancestor(one, label.format(one), counts[keys[one]]) for one in sorted(above) if keys[one] in counts]
        for number, above in found.items()
    }
    return {number: above for number, above in heard.items() if above}


def _above(up: dict[int, set[int]], start: int) -> set[int]:
    """All that stands above a record; lines may loop."""
    found: set[int] = set()
    here = {start}
    while here:
        here = {above for one in here for above in up.get(one, ())} - found - {start}
        found |= here
    return found


def _counts(of: type[Record], keys: Iterable[int]) -> dict[int, Counted]:
    wanted = list(keys)
    if not wanted:
        return {}
    column = "statement_id" if of is Statement else "configuration_id"
    with connection.cursor() as cursor:
        cursor.execute(weighed_sql(column, ", ".join(["%s"] * len(wanted))), wanted)
        return weighed(cursor.fetchall())


def inherited(record: Record, lineage: Lineage) -> list[Ancestor]:
    """What a record came from by one act, and further up what has evidence; two queries where it came from anything."""
    if not lineage.ancestors or not record.programme.last_source:
        return [_without(kin.label) for kin in lineage.ancestors]
    above = ancestors_heard(record.programme, type(record), [record.number])
    heard = {one.label: one for one in above.get(record.number, [])}
    near = {kin.label: heard.pop(kin.label, _without(kin.label)) for kin in lineage.ancestors}
    return [*near.values(), *heard.values()]


def _without(label: str) -> Ancestor:
    return Ancestor(int(label.lstrip("CMOS")), label, NOTHING)
