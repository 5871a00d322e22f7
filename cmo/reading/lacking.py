"""Owns what still lacks evidence: statements with none, those that rest on one source, contested ones, and the sites
that say nothing. Counts describe what is linked; nothing here is an error."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from cmo.models import Bearing, Statement
from cmo.reading.grounds import People, people_of
from cmo.reading.inherited import Ancestor, ancestors_heard
from cmo.reading.weighed import COUNTS, LIVE, as_counted
from cmo.vocabulary import State
from cmo.weighing import NOTHING, STANCES, Counted, Weight
from programmes.models import Programme

MOST = 30  # statements of each kind that are shown


@dataclass(frozen=True, slots=True)
class Lack:
    """A statement that is worth a look for its evidence."""

    number: int
    wording: str
    counted: Counted = NOTHING
    silent: list[str] = field(default_factory=list)  # names of the sites that say nothing of it
    ancestors: list[Ancestor] = field(default_factory=list)  # those with evidence, of one that has none of its own

    @property
    def label(self) -> str:
        return f"S{self.number}"

    def as_json(self) -> dict[str, Any]:
        return {
            "statement": self.label, "evidence": self.counted.as_json(), "silent_sites": self.silent,
            "ancestors": [one.label for one in self.ancestors],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lacking:
    """The first statements of each kind in the order of the theory, and how many there are of it."""

    none: list[Lack]  # without any excerpt; at most MOST, `more` says that there are others
    more: bool
    one_source: list[Lack]
    contested: list[Lack]  # contested or challenged
    thin: list[Lack]
    unheard: list[Lack]  # a site says nothing of them

    @property
    def silences(self) -> list[tuple[str, list[Lack]]]:
        """(site, the statements of which it says nothing), by site."""
        found: dict[str, list[Lack]] = {}
        for one in self.unheard:
            for site in one.silent:
                found.setdefault(site, []).append(one)
        return sorted(found.items())

    def __bool__(self) -> bool:
        return bool(self.none or self.one_source or self.contested or self.thin or self.unheard)


def lacking_in(programme: Programme, *, most: int = MOST, people: People | None = None) -> Lacking:
    """Four queries, three where the people are at hand; two more where a statement has none; retired ones are left
    out."""
    known = people or people_of(programme)
    found = _counted_by_site(programme)
    names = {key: name for key, _slug, name in known.sites}
    whole = {key: _together(list(sites.values())) for key, sites in found.items()}
    kinds: dict[str, list[int]] = {
        "one_source": [key for key, n in whole.items() if n.one_source],
        "contested": [key for key, n in whole.items() if n.weight in (Weight.CONTESTED, Weight.CHALLENGED)],
        "thin": [key for key, n in whole.items() if n.weight is Weight.THIN],
        "unheard": [key for key, sites in found.items() if names.keys() - sites.keys()] if len(names) > 1 else [],
    }
    words = _words(programme, {key for keys in kinds.values() for key in keys[:most]})

    def lacks(keys: list[int]) -> list[Lack]:
        return [
            Lack(*words[key], whole[key], [name for site, name in names.items() if site not in found[key]])
            for key in keys[:most]
        ]

    bearing = Bearing.objects.current().filter(statement=OuterRef("pk"))
    without = Statement.objects.of(programme).current().exclude(Exists(bearing)).order_by("area_position", "number")
    rows = list(without.values_list("number", "wording")[: most + 1])
    heard = (
        ancestors_heard(programme, Statement, [number for number, _wording in rows])
        if rows and programme.last_source
        else {}
    )
    none = [
        Lack(number, wording, silent=list(names.values()), ancestors=heard.get(number, []))
        for number, wording in rows[:most]
    ]
    return Lacking(none, len(rows) > most, **{kind: lacks(keys) for kind, keys in kinds.items()})


def _counted_by_site(programme: Programme) -> dict[int, dict[int | None, Counted]]:
    """{statement in use: {site: counts}} in the order of the theory; what is of one site is of no other, so they add
    up. One query."""
    found: dict[int, dict[int | None, Counted]] = {}
    live = LIVE.replace(" WHERE ", " JOIN cmo_statement s ON s.id = b.statement_id WHERE ")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id, q.site_id, s.area_position, s.number, {', '.join(COUNTS)}{live}"
            " AND b.programme_id = %s AND s.state <> %s GROUP BY s.id, q.site_id, s.area_position, s.number"
            " ORDER BY s.area_position, s.number",
            [programme.pk, State.RETIRED.value],
        )
        for statement, site, _position, _number, *counts in cursor.fetchall():
            found.setdefault(statement, {})[site] = as_counted(counts)
    return found


def _together(parts: list[Counted]) -> Counted:
    by_stance = {stance: sum(part.by_stance.get(stance, 0) for part in parts) for stance in STANCES}
    return Counted(sum(part.excerpts for part in parts), sum(part.sources for part in parts), by_stance)


def _words(programme: Programme, keys: set[int]) -> dict[int, tuple[int, str]]:
    rows = Statement.objects.of(programme).filter(pk__in=keys)
    return {pk: (number, wording) for pk, number, wording in rows.values_list("pk", "number", "wording")}
