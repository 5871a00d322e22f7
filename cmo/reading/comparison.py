"""Owns the comparison of a theory at two moments: what became of each statement and configuration, and why.

Both theories are read from revisions (reading/theory_at), and what happened from the revisions between them, so that a
comparison costs the same few queries however large the theory is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.models import ConfigurationRevision, Descent, StatementRevision
from cmo.phase_words import Became, Verdict
from cmo.reading.configurations import ConfigurationRow
from cmo.reading.statements import StatementRow
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import VerdictLine
from cmo.reading.versions import words_json
from cmo.team_words import DescentKind
from cmo.vocabulary import Change, State
from cmo.weighing import NOTHING, Counted

WORDED = {Change.REWORDED, Change.REFINED, Change.RESTORED, Change.MERGED, Change.REARRANGED, Change.DESCRIBED}
TAGGED = {Change.RETAGGED, Change.MOVED, Change.RESTORED}
TURNED = {Change.RETIRED, Change.RESTORED, Change.MERGED, Change.SPLIT}
ENDED = {  # acts after which what was there before is in use no longer
    DescentKind.MERGED.value: Became.MERGED, DescentKind.SPLIT.value: Became.SPLIT,
    DescentKind.REPLACED.value: Became.REPLACED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """A record as one of the two theories has it."""

    label: str
    number: int
    revision: int
    wording: str
    parts: list[Any]
    state: str
    area: str | None
    themes: tuple[str, ...] = ()

    @property
    def in_use(self) -> bool:
        return self.state != State.RETIRED

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label, "revision": self.revision, "wording": self.wording, "state": self.state,
            "area": self.area, "themes": list(self.themes),
        }  # fmt: skip


@dataclass
class Row:
    """What became of one record, or of several that were merged, split or replaced."""

    kind: Became
    before: list[Side]
    after: list[Side]
    reasons: list[str] = field(default_factory=list)
    verdicts: list[VerdictLine] = field(default_factory=list)  # the team's that were given between, by phase
    evidence: Counted | None = NOTHING  # None for whoever does not see it
    evidence_of: str = ""  # the label of the record that it bears on

    @property
    def reworded(self) -> bool:
        """Whether one record is on either side and its words changed."""
        return len(self.before) == len(self.after) == 1 and self.before[0].wording != self.after[0].wording

    @cached_property
    def diff(self) -> list[Words]:
        """Word by word, where that says something."""
        return compare(self.before[0].wording, self.after[0].wording) if self.reworded else []

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
        return (min(side.number for side in sides), 0 if self.before else 1)

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
            "diff": words_json(self.diff),
            "verdict": said.verdict if said else None,
            "rationale": said.rationale if said else "",
            "phase": said.phase if said else None,
            "reason": self.reason,
            "evidence": self.evidence.as_json() if self.evidence is not None else None,
        }


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
        sides = [[_of_statement(row) for row in theory.statements] for theory in (self.old, self.new)]
        return self._table("statement", *sides)

    @cached_property
    def configurations(self) -> Table:
        sides = [[_of_configuration(row) for row in theory.configurations] for theory in (self.old, self.new)]
        return self._table("configuration", *sides)

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
        between = _between(of, self.new, {side.label: side.revision for side in old}, now)
        rows, placed = self._families(was, now)
        for label in dict.fromkeys([*was, *now]):
            if label not in placed:
                row = _single(was.get(label), now.get(label), between.get(label, []))
                if row is not None:
                    rows.append(row)
        given = {(line.number, line.revision) for line in self.old.verdicts}
        judged: dict[str, list[VerdictLine]] = {}
        for line in self.new.verdicts:
            if line.team and (line.number, line.revision) not in given:
                judged.setdefault(line.record, []).append(line)
        for row in rows:
            self._finish(row, judged, between)
        rows.sort(key=lambda row: row.order)
        return Table(rows, sum(side.in_use for side in old), sum(side.in_use for side in new))

    def _families(self, was: dict[str, Side], now: dict[str, Side]) -> tuple[list[Row], set[str]]:
        """A row for each family that acts between the two joined, and the labels that stand in one. A record that
        another refines stays in use and has a row of its own."""
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
            elif labels and not any(label in was for label in act["younger"]):
                older = [was[label] for label in act["older"] if label in was]
                younger = [now[label] for label in act["younger"] if label in now and now[label].in_use]
                if younger:
                    rows.append(Row(Became.REFINED, older, younger, [act["reason"]] if act["reason"] else []))
                    placed |= set(act["younger"])
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
        return rows, placed

    def _finish(self, row: Row, judged: dict[str, list[VerdictLine]], between: dict[str, list[Any]]) -> None:
        """Put in what the team said and the evidence, and let a verdict of refuted or refined name the row."""
        labels = list(dict.fromkeys(side.label for side in (*row.after, *row.before)))
        row.verdicts = [line for label in reversed(labels) for line in judged.get(label, [])]
        known = self.new.evidence if self.sees else {}
        row.evidence_of = next((label for label in labels if label in known), "")
        row.evidence = known.get(row.evidence_of, NOTHING if self.sees else None)
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


def _of_statement(row: StatementRow) -> Side:
    themes = tuple(tag.label for tag in row.themes)
    return Side(row.label, row.number, row.revision, row.wording, row.parts, row.state, row.area, themes)


def _of_configuration(row: ConfigurationRow) -> Side:
    one = row.configuration
    return Side(
        row.label, one.number, one.revision_number, in_words(row), [], one.state, one.area.slug if one.area else None
    )


def in_words(row: ConfigurationRow) -> str:
    """All that a configuration says, a line for each thing: so that a difference of words shows any of it."""
    one = row.configuration
    lines = [one.nickname, one.plain]
    lines += [f"{row.slots.label(placed.role)}: {placed.text}" for placed in row.placed]
    return "\n".join(line for line in (*lines, one.narrative) if line)


def _between(of: str, new: TheoryAt, old: dict[str, int], now: dict[str, Side]) -> dict[str, list[tuple[str, str]]]:
    """{label: [(change, reason) of each revision after the old one and up to the new]}; one query where any moved."""
    moved = [side.number for label, side in now.items() if side.revision > old.get(label, 0)]
    if not moved:
        return {}
    model: Any = StatementRevision if of == "statement" else ConfigurationRevision
    letters = "S" if of == "statement" else "CMO"
    rows = model._default_manager.filter(**{f"{of}__programme": new.programme, f"{of}__number__in": moved})
    found: dict[str, list[tuple[str, str]]] = {}
    for record, number, change, reason in rows.order_by("number").values_list(
        f"{of}__number", "number", "change", "reason"
    ):
        label = f"{letters}{record}"
        if old.get(label, 0) < number <= now[label].revision:
            found.setdefault(label, []).append((change, reason))
    return found


def _single(was: Side | None, now: Side | None, between: Sequence[tuple[str, str]]) -> Row | None:
    """The row of a record that no act joined with others; None for what is in neither theory."""
    before, after = (side if side is not None and side.in_use else None for side in (was, now))
    if after is None:
        return Row(Became.RETIRED, [before], [], _reasons(between, TURNED)) if before else None
    if before is None:
        kind = Became.RESTORED if was is not None else Became.NEW
        return Row(kind, [], [after], _reasons(between[:1] if was is None else between, {*TURNED, Change.NEW}))
    if before.wording != after.wording:
        changes = {change for change, _reason in between}
        kind = Became.REFINED if changes & {Change.REFINED, Change.MERGED} else Became.REWORDED
        return Row(kind, [before], [after], _reasons(between, WORDED))
    if set(before.themes) != set(after.themes):
        return Row(Became.RETAGGED, [before], [after], _reasons(between, TAGGED))
    if before.area != after.area:
        return Row(Became.MOVED, [before], [after], _reasons(between, TAGGED))
    return Row(Became.UNCHANGED, [before], [after])


def _reasons(between: Iterable[tuple[str, str]], kinds: Iterable[str]) -> list[str]:
    wanted = set(kinds)
    return list(dict.fromkeys(reason for change, reason in between if reason and change in wanted))


def _family_kind(kinds: set[str], before: Sequence[Side], after: Sequence[Side]) -> Became:
    """What a family is called in which several things may have happened one after the other."""
    if DescentKind.MERGED in kinds and (len(before) >= len(after) or DescentKind.SPLIT not in kinds):
        return Became.MERGED
    return Became.SPLIT if DescentKind.SPLIT in kinds else Became.REPLACED
