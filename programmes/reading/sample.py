"""Owns the sample table: how many sources of each role there are at each site."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from programmes.models import Programme, Site, Source
from programmes.reading.fieldwork import sites_of
from programmes.source_roles import role_key, role_order, spellings


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of sources; `small` where fewer than the programme's threshold share role and site."""

    n: int
    small: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One role ("" for none) over all sites of the table."""

    role: str
    cells: list[Cell]
    total: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Roles by site. A site None stands for sources without one."""

    sites: list[Site | None]
    lines: list[Line]
    totals: list[int]
    total: int
    small: int  # below this a count is marked; 0: none is

    @property
    def any_small(self) -> bool:
        return any(cell.small for line in self.lines for cell in line.cells)

    def as_json(self) -> dict[str, Any]:
        slugs = [site.slug if site else None for site in self.sites]
        rows = [
            {
                "role": line.role,
                "total": line.total,
                "sites": [
                    {"site": slug, "sources": cell.n, "small": cell.small}
                    for slug, cell in zip(slugs, line.cells, strict=True)
                ],
            }
            for line in self.lines
        ]
        totals = [{"site": slug, "sources": n} for slug, n in zip(slugs, self.totals, strict=True)]
        return {"small_group": self.small, "total": self.total, "sites": totals, "roles": rows}


def sample_of(programme: Programme, sources: "QuerySet[Source]") -> Sample:
    """The table of these sources; two queries. What one role is, `programmes.source_roles` says."""
    found = list(sources.order_by("number").values_list("role", "site"))
    named = spellings(role for role, _site in found)
    counts: Counter[tuple[str, int | None]] = Counter((role_key(role), site) for role, site in found)
    there = {site for _role, site in counts}
    sites: list[Site | None] = [site for site in sites_of(programme) if site.pk in there or not site.retired]
    if None in there:
        sites.append(None)
    keys = [site.pk if site else None for site in sites]
    roles = sorted(named, key=role_order)
    below = programme.small_group

    def line(role: str) -> Line:
        cells = [counts[role, key] for key in keys]
        return Line(named[role], [Cell(n, 0 < n < below) for n in cells], sum(cells))

    lines = [line(role) for role in roles]
    totals = [sum(counts[role, key] for role in roles) for key in keys]
    return Sample(sites, lines, totals, sum(totals), below)
