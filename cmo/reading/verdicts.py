"""Owns how verdicts are found and listed: what a phase found about a record, the team's beside the members' own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import Configuration, Statement, Verdict, VerdictRevision
from cmo.models.saying import record_moved
from cmo.phase_words import Verdict as Found
from cmo.reading.configurations import configurations_named, statements_named
from cmo.vocabulary import State
from programmes.models import Person, Phase, Programme
from programmes.reading.team import phases_of

Record = Statement | Configuration
AROUND = ("phase", "statement", "configuration", "by")


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One verdict as a theory at a moment shows it."""

    number: int
    record: str  # S5 or CMO3
    phase: str  # slug
    phase_title: str
    team: bool
    verdict: str
    rationale: str
    made_against: int
    revision: int
    by: str
    by_name: str
    created: datetime
    at: datetime
    bearings: list[str]  # B3
    stale: bool  # whether the record said something else by then

    @classmethod
    def of(cls, one: VerdictRevision) -> "VerdictLine":
        """Of a revision with its verdict, phase, record, author and `stale` at hand."""
        return cls(
            one.of.number, record_label(one.of), one.of.phase.slug, one.of.phase.title, one.of.team, one.verdict,
            one.rationale, one.made_against, one.number, one.author.username, one.author.name,
            one.of.created, one.at,
            bearings_of(one), one.stale,  # type: ignore[attr-defined]
        )  # fmt: skip

    @property
    def said(self) -> str:
        return str(Found(self.verdict).label)


def bearings_of(one: VerdictRevision) -> list[str]:
    """Labels of the bearings that it rests on, by number; they are at hand."""
    return [f"B{number}" for number in sorted(link.bearing.number for link in one.rests_on.all())]


def record_label(verdict: Verdict) -> str:
    record = verdict.statement or verdict.configuration
    return record.label if record else ""


def verdicts_found(
    programme: Programme,
    *,
    record: Record | None = None,
    phase: str = "",
    verdict: str = "",
    team: bool | None = None,
    by: str = "",
) -> "QuerySet[Verdict]":
    """Verdicts by phase, then by number; of one record, phase (slug), kind, the team's alone or members' own alone.
    Each with `stale`: whether its record says something else than when it was judged."""
    found = Verdict.objects.filter(programme=programme).select_related(*AROUND).order_by("phase__position", "number")
    found = found.annotate(stale=record_moved("updated"))
    latest = VerdictRevision.objects.filter(number=F("of__revision_number")).prefetch_related("rests_on__bearing")
    found = found.prefetch_related(Prefetch("revisions", latest, to_attr="latest"))
    if record is not None:
        found = found.filter(**{"statement" if isinstance(record, Statement) else "configuration": record})
    if phase:
        found = found.filter(phase__slug=phase)
    if verdict:
        found = found.filter(verdict=verdict)
    if team is not None:
        found = found.filter(team=team)
    return found.filter(by__username=by) if by else found


def find_verdict(programme: Programme, number: int) -> Verdict:
    """The verdict with this number, or Http404."""
    found = verdicts_found(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such verdict.")
    found.programme = programme
    return found


def resting_on(one: Verdict) -> list[str]:
    """Labels of the bearings that a verdict rests on, read with it."""
    return [label for revision in one.latest for label in bearings_of(revision)]  # type: ignore[attr-defined]


def verdict_json(one: Verdict, *, evidence: bool = True) -> dict[str, Any]:
    """As the API shows it; the bearings only to those who may see `evidence`."""
    return {
        "number": one.number,
        "label": one.label,
        "record": record_label(one),
        "phase": one.phase.slug,
        "verdict": one.verdict,
        "rationale": one.rationale,
        "bearings": resting_on(one) if evidence else [],
        "team": one.team,
        "by": one.by.username,
        "made_against": one.made_against,
        "stale": one.stale,  # type: ignore[attr-defined]
        "revision": one.revision_number,
        "created": one.created,
        "updated": one.updated,
    }


def verdict_history(one: Verdict) -> list[VerdictRevision]:
    """What a verdict said, newest first; one query."""
    return list(one.revisions.select_related("author").prefetch_related("rests_on__bearing"))


def verdict_revision_json(one: VerdictRevision, *, evidence: bool = True) -> dict[str, Any]:
    return {
        "number": one.number,
        "verdict": one.verdict,
        "rationale": one.rationale,
        "bearings": bearings_of(one) if evidence else [],
        "made_against": one.made_against,
        "author": one.author.username,
        "at": one.at,
    }


def judged_record(programme: Programme, label: object) -> Record:
    """The statement or configuration that a body or a query names. Raises ValidationError (record)."""
    named = str(label).strip().upper()
    if named.startswith("C"):
        return configurations_named(programme, [label], field="record")[0]
    return statements_named(programme, [label], field="record")[0]


def known_phase(programme: Programme, slug: object) -> Phase:
    """Raises ValidationError (phase)."""
    phases = {phase.slug: phase for phase in phases_of(programme)}
    found = phases.get(str(slug))
    if found is None:
        said = _("There is no phase “%(slug)s”; known are: %(known)s.")
        raise ValidationError({"phase": said % {"slug": str(slug)[:60], "known": ", ".join(phases)}})
    return found


def known_verdict(given: str) -> str:
    """A word of verdicts. Raises ValidationError (verdict)."""
    if given not in Found.values:
        raise ValidationError({"verdict": _("Choose one of %(known)s.") % {"known": ", ".join(Found.values)}})
    return given


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A record with what one phase says of it."""

    record: Record
    team: Verdict | None
    members: list[Verdict]

    @property
    def of(self) -> str:
        return "statement" if isinstance(self.record, Statement) else "configuration"

    @property
    def words(self) -> str:
        one = self.record
        return one.wording if isinstance(one, Statement) else one.nickname or one.plain

    @property
    def differs(self) -> bool:
        """Whether members see it differently from each other or from the team."""
        said = {one.verdict for one in self.members} | ({self.team.verdict} if self.team else set())
        return len(said) > 1


@dataclass(frozen=True, slots=True)
class VerdictTable:
    """What one phase says of the theory: rows of statements, of configurations, and how often the team said what."""

    statements: list[JudgedRow]
    configurations: list[JudgedRow]

    @property
    def counts(self) -> list[tuple[str, int]]:
        said = [row.team.verdict for row in self.statements if row.team]
        found = [(str(kind.label), said.count(kind.value)) for kind in Found]
        return [*((label, n) for label, n in found if n), (_("No verdict yet"), len(self.statements) - len(said))]

    @property
    def unjudged(self) -> "VerdictTable":
        """The records in use without a verdict of the team: those that `closing.left_open` counts."""
        return VerdictTable(*([row for row in rows if not row.team and row.record.state != State.RETIRED]
                              for rows in (self.statements, self.configurations)))  # fmt: skip

    def __len__(self) -> int:
        return len(self.statements) + len(self.configurations)


def verdict_table(programme: Programme, phase: Phase) -> VerdictTable:
    """All records in use, and retired ones that the phase judged, by number; four queries."""
    held: dict[Record, list[Verdict]] = {}
    for one in verdicts_found(programme, phase=phase.slug):
        record = one.statement or one.configuration
        if record is not None:
            held.setdefault(record, []).append(one)
    tables: list[list[JudgedRow]] = []
    for model in (Statement, Configuration):
        rows: Any = model._default_manager.filter(programme=programme).order_by("number")
        tables.append([_judged(one, held.get(one, [])) for one in rows if one.state != "retired" or one in held])
    return VerdictTable(*tables)


def _judged(record: Record, rows: list[Verdict]) -> JudgedRow:
    team = next((one for one in rows if one.team), None)
    return JudgedRow(record, team, [one for one in rows if not one.team])


@dataclass(frozen=True, slots=True)
class PhaseVerdicts:
    """What one phase says of a record: the team's verdict, the members' own, and mine among them."""

    phase: Any
    team: Verdict | None
    members: list[Verdict]
    mine: Verdict | None

    @property
    def differs(self) -> bool:
        """Whether members see it differently from each other or from the team."""
        said = {one.verdict for one in self.members} | ({self.team.verdict} if self.team else set())
        return len(said) > 1


def verdicts_by_phase(record: Record, phases: list[Any], person: Person) -> list[PhaseVerdicts]:
    """For each phase that has verdicts on the record, and for the open one; one query."""
    held: dict[int, list[Verdict]] = {}
    for one in verdicts_found(record.programme, record=record):
        held.setdefault(one.phase_id, []).append(one)
    shown = []
    for phase in phases:
        rows = held.get(phase.pk, [])
        if rows or phase.state == "open":
            own = [one for one in rows if not one.team]
            mine = next((one for one in own if one.by_id == person.pk), None)
            shown.append(PhaseVerdicts(phase, next((one for one in rows if one.team), None), own, mine))
    return shown
