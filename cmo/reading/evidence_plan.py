"""Owns what evidence was planned for a configuration and what of it was collected."""

from dataclasses import dataclass
from typing import Any

from cmo.models import Bearing, Configuration, EvidencePlan, PlannedEvidence
from programmes.models import Source
from programmes.source_roles import role_key


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One line of a plan; `collected` counts the sources of its kind, role and site with evidence on the record."""

    line: PlannedEvidence
    collected: int

    @property
    def missing(self) -> int:
        return max(0, self.line.sources - self.collected)

    def as_json(self) -> dict[str, Any]:
        line = self.line
        return {
            "kind": line.kind, "role": line.role, "site": line.site.slug if line.site else None,
            "sources": line.sources, "note": line.note, "collected": self.collected, "missing": self.missing,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a configuration; revision 0 where there is none yet."""

    configuration: Configuration
    revision_number: int
    rows: list[PlannedRow]
    sources: int  # all with evidence on the configuration, planned or not

    def as_json(self) -> dict[str, Any]:
        return {
            "configuration": self.configuration.label,
            "lines": [row.as_json() for row in self.rows],
            "sources": self.sources,
            "revision": self.revision_number,
        }


def plan_of(configuration: Configuration) -> Plan:
    """What was planned and collected; three queries."""
    plan = EvidencePlan.objects.filter(configuration=configuration).first()
    bearing = Bearing.objects.filter(configuration=configuration).current()
    found = list(Source.objects.filter(pk__in=bearing.values("excerpt__source")))
    if plan is None:
        return Plan(configuration, 0, [], len(found))
    lines = PlannedEvidence.objects.filter(plan=plan).select_related("site")
    rows = [PlannedRow(line, sum(_fits(source, line) for source in found)) for line in lines]
    return Plan(configuration, plan.revision_number, rows, len(found))


def _fits(source: Source, line: PlannedEvidence) -> bool:
    return (
        line.kind in ("", source.kind)
        and role_key(line.role) in ("", role_key(source.role))
        and line.site_id in (None, source.site_id)
    )
