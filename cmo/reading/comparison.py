"""Owns the comparison of a theory at two moments: what became of each statement and configuration, and why.

Both theories are read from revisions (reading/theory_at), and what happened from the revisions between them, so that a
comparison costs the same few queries however large the theory is.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.models import Descent
from cmo.phase_words import Became, Verdict
from cmo.reading.between import AREA, BACK, MADE, OUT, THEMES, WORDS, Step, between, reasons_for
from cmo.reading.sides import (
    COME,
    GONE,
    Side,
    ThemeChange,
    merged_themes,
    sides_of_configurations,
    sides_of_statements,
    themes_changed,
)
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import VerdictLine
from cmo.reading.versions import words_json
from cmo.team_words import DescentKind
from cmo.vocabulary import Change
from cmo.weighing import NOTHING, Counted

ENDED = {  # acts after which what was there before is in use no longer
    DescentKind.MERGED.value: Became.MERGED, DescentKind.SPLIT.value: Became.SPLIT,
    DescentKind.REPLACED.value: Became.REPLACED,
}  # fmt: skip


@dataclass
class Row:
    """What became of one record, or of several that were merged, split or replaced."""

    kind: Became
    before: list[Side]
    after: list[Side]
    reasons: list[str] = field(default_factory=list)
    verdicts: list[VerdictLine] = field(default_factory=list)  # the team's that were given between, by phase
    evidence: dict[str, Counted] | None = None  # {label: what bears on it}, where any does; None: it is not seen
    shared: bool = False  # whether what stands before has a row of its own: the row of what was refined from it

    @property
    def reworded(self) -> bool:
        """Whether one record is on either side and its words changed."""
        return len(self.before) == len(self.after) == 1 and self.before[0].wording != self.after[0].wording

    @cached_property
    def diff(self) -> list[Words]:
        """Word by word, where that says something."""
        return compare(self.before[0].wording, self.after[0].wording) if self.reworded else []

    @property
    def paired(self) -> bool:
        """Whether one record is on either side, so that their themes can be compared."""
        return len(self.before) == len(self.after) == 1

    @cached_property
    def themes(self) -> list[ThemeChange]:
        """What became of its themes, where one record is on either side and carries others."""
        return themes_changed(self.before[0], self.after[0]) if self.paired else []

    @property
    def area(self) -> str:
        """Under which area the row stands: where the record is now, or was."""
        return next((side.area for side in (*self.after, *self.before) if side.area), "") or ""

    @property
    def labels(self) -> list[str]:
        return [side.label for side in (*self.before, *self.after)]

    @property
    def order(self) -> tuple[int, int]:
        sides = self.before or self.after
        return (min(side.number for side in sides), 2 if self.shared else 0 if self.before else 1)

    @property
    def evidence_stays(self) -> bool:
        """Whether some bears on another record than the one that stands after: acts of lineage move none."""
        after = [side.label for side in self.after]
        return bool(after) and any(label not in after for label in self.evidence or ())

    @property
    def verdict(self) -> VerdictLine | None:
        return self.verdicts[-1] if self.verdicts else None

    @property
    def reason(self) -> str:
        return "\n".join(self.reasons)

    def as_json(self) -> dict[str, Any]:
        said = self.verdict
        return {
            "kind": self.kind.value,
            "before": [side.as_json() for side in self.before],
            "after": [side.as_json() for side in self.after],
            "shared": self.shared,
            "diff": words_json(self.diff),
            "themes_gone": [theme.label for theme in self.themes if theme.kind == GONE],
            "themes_come": [theme.label for theme in self.themes if theme.kind == COME],
            "verdict": said.verdict if said else None,
            "rationale": said.rationale if said else "",
            "phase": said.phase if said else None,
            "reason": self.reason,
            **self._evidence_json(),
        }

    def _evidence_json(self) -> dict[str, Any]:
        if self.evidence is None:
            return {"evidence": None, "evidence_on": None}
        first = next(iter(self.evidence.values()), NOTHING)
        on = [{"on": label, **found.as_json()} for label, found in self.evidence.items()]
        return {"evidence": first.as_json(), "evidence_on": on}


@dataclass(slots=True)
class Table:
    """The rows of one kind of record, in order, and how many there were and are in use."""

    rows: list[Row]
    before: int
    after: int

    @property
    def counts(self) -> dict[str, int]:
        """{kind: rows}, each kind in its order, 0 where there is none."""
        found = Counter(row.kind for row in self.rows)
        return {kind.value: found[kind] for kind in Became}

    @property
    def told(self) -> list[tuple[Became, int]]:
        """The kinds that there are."""
        found = Counter(row.kind for row in self.rows)
        return [(kind, found[kind]) for kind in Became if found[kind]]

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": self.counts, "before": self.before, "after": self.after,
            "rows": [row.as_json() for row in self.rows],
        }  # fmt: skip


class Comparison:
    """A theory at two moments, the earlier first whichever was named first."""

    def __init__(self, old: TheoryAt, new: TheoryAt, *, evidence: bool = True) -> None:
        """Without `evidence` the rows say nothing of it, for a member who does not see any."""
        if _moment(old) > _moment(new):
            old, new = new, old
        self.old, self.new, self.sees = old, new, evidence

    @cached_property
    def statements(self) -> Table:
        sides = [sides_of_statements(theory, self._merged) for theory in (self.old, self.new)]
        return self._table("statement", *sides)

    @cached_property
    def configurations(self) -> Table:
        sides = [sides_of_configurations(theory, self.new.slots) for theory in (self.old, self.new)]
        return self._table("configuration", *sides)

    @cached_property
    def _merged(self) -> dict[int, int]:
        return merged_themes(self.new)

    @cached_property
    def _acts(self) -> list[dict[str, Any]]:
        """Acts of lineage between the two, with their reasons; one query where there are any."""
        known = {act["number"] for act in self.old.part("lineage")}
        acts = [act for act in self.new.part("lineage") if act["number"] not in known]
        if acts:
            numbers = [act["number"] for act in acts]
            rows = Descent.objects.filter(programme=self.new.programme, number__in=numbers)
            why = dict(rows.values_list("number", "reason"))
            acts = [{**act, "reason": why.get(act["number"], "")} for act in acts]
        return acts

    def _table(self, of: str, old: Sequence[Side], new: Sequence[Side]) -> Table:
        was, now = {side.label: side for side in old}, {side.label: side for side in new}
        steps = between(of, self.new, was, now, self._merged)
        rows, placed = self._families(was, now)
        for label in dict.fromkeys([*was, *now]):
            if label not in placed:
                row = _single(was.get(label), now.get(label), steps.get(label, []))
                if row is not None:
                    rows.append(row)
        given = {(line.number, line.revision) for line in self.old.verdicts}
        judged: dict[str, list[VerdictLine]] = {}
        for line in self.new.verdicts:
            if line.team and (line.number, line.revision) not in given:
                judged.setdefault(line.record, []).append(line)
        for row in rows:
            self._finish(row, judged)
        rows.sort(key=lambda row: row.order)
        return Table(rows, sum(side.in_use for side in old), sum(side.in_use for side in new))

    def _families(self, was: dict[str, Side], now: dict[str, Side]) -> tuple[list[Row], set[str]]:
        """A row for each family that acts between the two joined, and the labels that stand in one. A record from
        which another was refined has a row of its own; the row of the new one names it as well."""
        family: dict[str, str] = {}

        def head(label: str) -> str:
            while family.setdefault(label, label) != label:
                label = family[label]
            return label

        acts: dict[str, list[dict[str, Any]]] = {}
        rows: list[Row] = []
        placed: set[str] = set()
        for act in self._acts:
            labels = [label for label in (*act["older"], *act["younger"]) if label in now]
            if act["kind"] in ENDED:
                for label in labels[1:]:
                    family[head(label)] = head(labels[0])
        for act in self._acts:
            if act["kind"] in ENDED and act["older"][0] in now:
                acts.setdefault(head(act["older"][0]), []).append(act)
        for first, told in acts.items():
            members = [label for label in now if label in family and head(label) == first]
            before = [was[label] for label in members if label in was and was[label].in_use]
            after = [now[label] for label in members if now[label].in_use]
            if before and after:
                kinds = {act["kind"] for act in told}
                rows.append(Row(_family_kind(kinds, before, after), before, after,
                                [act["reason"] for act in told if act["reason"]]))  # fmt: skip
                placed |= set(members)
        for act in self._acts:
            if act["kind"] in ENDED or any(label in was or label in placed for label in act["younger"]):
                continue
            older = [was[label] for label in act["older"] if label in was and was[label].in_use]
            younger = [now[label] for label in act["younger"] if label in now and now[label].in_use]
            if younger:
                why = [act["reason"]] if act["reason"] else []
                rows.append(Row(Became.REFINED, older, younger, why, shared=bool(older)))
                placed |= set(act["younger"])
        return rows, placed

    def _finish(self, row: Row, judged: dict[str, list[VerdictLine]]) -> None:
        """Put in what the team said and the evidence, and let a verdict of refuted or refined name the row."""
        told = row.after if row.shared else (*row.after, *row.before)  # what is shared is judged in its own row
        labels = list(dict.fromkeys(side.label for side in told))
        row.verdicts = [line for label in reversed(labels) for line in judged.get(label, [])]
        if self.sees:
            known = self.new.evidence
            row.evidence = {label: known[label] for label in labels if label in known}
        said = row.verdict.verdict if row.verdict else ""
        if said == Verdict.REFUTED and row.kind not in (Became.MERGED, Became.SPLIT, Became.REPLACED):
            row.kind = Became.REFUTED
        elif said == Verdict.REFINED and row.kind is Became.REWORDED:
            row.kind = Became.REFINED

    def as_json(self) -> dict[str, Any]:
        """As the API shows it: `counts` and `rows` of statements, the same of configurations beside them."""
        table = self.statements
        return {
            "from": self.old.slug, "to": self.new.slug, **table.as_json(),
            "configurations": self.configurations.as_json(),
        }  # fmt: skip


def _moment(theory: TheoryAt) -> tuple[int, int, int]:
    one = theory.snapshot
    return (0, one.log_number, one.pk) if one else (1, 0, 0)


def _single(was: Side | None, now: Side | None, steps: Sequence[Step]) -> Row | None:
    """The row of a record that no act joined with others; None for what is in neither theory."""
    before, after = (side if side is not None and side.in_use else None for side in (was, now))
    if after is None:
        return Row(Became.RETIRED, [before], [], reasons_for(OUT, steps)[-1:]) if before else None
    if before is None:
        if was is None:
            return Row(Became.NEW, [], [after], reasons_for(MADE, steps))
        return Row(Became.RESTORED, [], [after], reasons_for(BACK, steps)[-1:])
    if before.wording != after.wording:
        changes = {step.change for step in steps if WORDS in step.did}
        kind = Became.REFINED if changes & {Change.REFINED, Change.MERGED} else Became.REWORDED
        return Row(kind, [before], [after], reasons_for(WORDS, steps))
    if before.keys != after.keys:
        return Row(Became.RETAGGED, [before], [after], reasons_for(THEMES, steps))
    if before.area != after.area:
        return Row(Became.MOVED, [before], [after], reasons_for(AREA, steps))
    return Row(Became.UNCHANGED, [before], [after])


def _family_kind(kinds: set[str], before: Sequence[Side], after: Sequence[Side]) -> Became:
    """What a family is called in which several things may have happened one after the other."""
    if DescentKind.MERGED in kinds and (len(before) >= len(after) or DescentKind.SPLIT not in kinds):
        return Became.MERGED
    return Became.SPLIT if DescentKind.SPLIT in kinds else Became.REPLACED
