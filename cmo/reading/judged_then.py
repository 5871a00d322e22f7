"""Owns the verdicts of a theory of the past: how they are filtered, told, and laid out by record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from cmo.phase_words import Verdict
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import VerdictLine
from cmo.vocabulary import State


def verdicts_then(
    theory: TheoryAt, *, record: str = "", phase: str = "", verdict: str = "", team: bool | None = None, by: str = ""
) -> list[VerdictLine]:
    """By phase, then by number; of one record (label), phase (slug), kind or person, the team's or members' alone."""
    return [
        line for line in theory.verdicts
        if (not record or line.record == record) and (not phase or line.phase == phase)
        and (not verdict or line.verdict == verdict) and (team is None or line.team == team)
        and (not by or line.by == by)
    ]  # fmt: skip


def verdict_then(theory: TheoryAt, number: int) -> VerdictLine:
    """The verdict with this number as it then was, or Http404."""
    found = next((line for line in theory.verdicts if line.number == number), None)
    if found is None:
        raise Http404("There was no such verdict.")
    return found


def line_json(line: VerdictLine, theory: TheoryAt, *, evidence: bool) -> dict[str, Any]:
    """As the API shows it; the bearings only to those who may see `evidence`."""
    return {
        "number": line.number, "label": f"V{line.number}", "record": line.record, "phase": line.phase,
        "verdict": line.verdict, "rationale": line.rationale, "bearings": line.bearings if evidence else [],
        "team": line.team, "by": line.by, "made_against": line.made_against,
        "stale": line.stale,
        "revision": line.revision, "created": line.created, "updated": line.at,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedThen:
    """A record as it stood with what one phase had said of it."""

    label: str
    number: int
    of: str
    words: str
    team: VerdictLine | None
    members: list[VerdictLine]

    @property
    def differs(self) -> bool:
        """Whether members saw it differently from each other or from the team."""
        return len({one.verdict for one in (*self.members, *filter(None, [self.team]))}) > 1


@dataclass(frozen=True, slots=True)
class TableThen:
    """What one phase had said of the theory, as `VerdictTable` has it of the one that stands now."""

    statements: list[JudgedThen]
    configurations: list[JudgedThen]

    @property
    def counts(self) -> list[tuple[str, int]]:
        said = [row.team.verdict for row in self.statements if row.team]
        found = [(str(kind.label), said.count(kind.value)) for kind in Verdict]
        return [*((label, n) for label, n in found if n), (_("No verdict yet"), len(self.statements) - len(said))]


def table_then(theory: TheoryAt, phase: str) -> TableThen:
    """All records that were in use, and retired ones that the phase had judged, by number."""
    held: dict[str, list[VerdictLine]] = {}
    for line in verdicts_then(theory, phase=phase):
        held.setdefault(line.record, []).append(line)
    statements = ((row.label, row.number, "statement", row.wording, row.state) for row in theory.statements)
    configurations = (
        (row.label, row.configuration.number, "configuration", row.configuration.nickname or row.configuration.plain,
         row.configuration.state)
        for row in theory.configurations
    )  # fmt: skip
    return TableThen(_judged(statements, held), _judged(configurations, held))


def _judged(records: Iterable[tuple[str, int, str, str, str]], held: dict[str, list[VerdictLine]]) -> list[JudgedThen]:
    return [
        JudgedThen(
            label, number, of, words, next((one for one in held.get(label, []) if one.team), None),
            [one for one in held.get(label, []) if not one.team],
        )
        for label, number, of, words, state in records
        if state != State.RETIRED or label in held
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhaseThen:
    """What one phase (as kept) had said of a record: the team's verdict first, then the members' own."""

    phase: dict[str, Any]
    lines: list[VerdictLine]

    @property
    def differs(self) -> bool:
        return len({one.verdict for one in self.lines}) > 1


def phases_on(theory: TheoryAt, label: str) -> list[PhaseThen]:
    """By phase, of those that had said something of the record with this label."""
    said = [
        PhaseThen(phase, sorted(verdicts_then(theory, record=label, phase=phase["slug"]), key=lambda one: not one.team))
        for phase in theory.part("phases")
    ]
    return [one for one in said if one.lines]
