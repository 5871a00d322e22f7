"""Owns what the overview and home show: counts, the theme × statement matrix, what is incomplete, latest changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q, Sum

from cmo.comparing import Change, compare
from cmo.models import Statement, StatementRevision, StatementTheme, Tally, TheoryArea
from cmo.reading.areas import areas_of
from cmo.reading.codebook import uses_by_area
from cmo.reading.statements import StatementRow, rows_of
from cmo.reading.workbench import Tallied
from cmo.vocabulary import Gap, Lacks, LinkKind, State
from programmes.models import AuditEvent, Phase, Programme, Theme
from programmes.reading.codebook import flat, themes_of, tree
from programmes.reading.log import events_of, say

WIDEST = 60  # statements that a table can show side by side; beyond it areas are the columns


@dataclass(slots=True)
class Column:
    number: int
    gone: bool
    first: bool  # the first of its area


@dataclass(slots=True)
class MatrixRow:
    theme: Theme
    cells: list[Any]
    in_use: int


@dataclass(slots=True)
class Matrix:
    """Themes against statements (cells true or false), or against areas (cells are counts) when there are too many."""

    by_area: bool
    heads: list[tuple[str, int]]  # (area, how many columns)
    columns: list[Column]
    rows: list[MatrixRow]


def matrix_of(programme: Programme, *, retired: bool) -> Matrix:
    """After Figures 1 and 2 of the reference case: the themes in use against the statements; at most four queries."""
    themes = flat(tree(themes_of(programme), retired=True))
    areas = areas_of(programme)
    statements = Statement.objects.of(programme)
    if not retired:
        statements = statements.current()
    found = list(
        statements.order_by("area_position", "number").values_list("pk", "number", "state", "area_id")[: WIDEST + 1]
    )
    if len(found) > WIDEST:
        return _by_area(programme, themes, areas)
    carried: dict[int, set[int]] = {}
    tags = StatementTheme.objects.filter(statement__in=[row[0] for row in found])
    for statement, tag in tags.values_list("statement_id", "theme_id"):
        carried.setdefault(tag, set()).add(statement)
    titles: dict[int | None, str] = {area.pk: area.title for area in areas}
    heads: list[tuple[str, int]] = []
    columns: list[Column] = []
    last: Any = object()
    for _pk, number, state, area in found:
        first = area != last
        if first:
            heads.append((titles.get(area, ""), 0))
        heads[-1] = (heads[-1][0], heads[-1][1] + 1)
        columns.append(Column(number, state == State.RETIRED, first))
        last = area
    rows = []
    for theme in themes:
        if theme.pk in carried:
            cells = list(zip(columns, (row[0] in carried[theme.pk] for row in found), strict=True))
            in_use = sum(1 for row in found if row[0] in carried[theme.pk] and row[2] != State.RETIRED)
            rows.append(MatrixRow(theme, cells, in_use))
    return Matrix(False, heads, columns, rows)


def _by_area(programme: Programme, themes: Sequence[Theme], areas: Sequence[TheoryArea]) -> Matrix:
    uses = uses_by_area(programme)
    keys = [area.pk for area in areas if not area.retired] + [0]
    rows = []
    for theme in themes:
        cells = [uses.get((theme.pk, key), 0) for key in keys]
        if any(cells):
            rows.append(MatrixRow(theme, cells, sum(cells)))
    heads = [(area.title, 1) for area in areas if not area.retired] + [("", 1)]
    return Matrix(True, heads, [], rows)


def incomplete(programme: Programme, gap: Gap, most: int = 5) -> list[StatementRow]:
    """The first statements in use with a gap, in the order of the workbench."""
    wanted = [bits for bits in range(4) if bits & Lacks.BIT[gap]]
    found = Statement.objects.of(programme).current().filter(lacks__in=wanted)
    return rows_of(found.order_by("area_position", "number")[:most])


@dataclass(slots=True)
class Happening:
    """A row of the log, and what it changed in the words of a statement; no words where it changed none."""

    event: AuditEvent
    words: list[Change]


def latest(programme: Programme, most: int = 10) -> list[Happening]:
    """The latest changes of a programme with the words themselves, each row said as `say` does; two queries."""
    events = list(events_of(programme)[:most])
    for event in events:
        say(event)
        _say_link(event)
    wanted = Q(pk=None)
    for event in events:
        number, revision = _revised(event)
        if revision > 1:
            wanted |= Q(statement__number=number, number__in=(revision - 1, revision))
    found = StatementRevision.objects.filter(wanted, statement__programme=programme)
    wordings = {(n, at): wording for n, at, wording in found.values_list("statement__number", "number", "wording")}
    return [Happening(event, _reworded(wordings, *_revised(event))) for event in events]


def _say_link(event: AuditEvent) -> None:
    """Add to what is said of a link what it joins: "linked: CMO4, Rival of CMO5"."""
    told, shown = event.detail, cast(Any, event)
    if event.record.startswith("L") and "from" in told and "to" in told:
        kind = dict(LinkKind.choices).get(told.get("kind", ""))
        joins = f"{told['from']}, {kind} {told['to']}" if kind else f"{told['from']}, {told['to']}"
        shown.said, shown.brief = f"{shown.said}: {joins}", ""


def _revised(event: AuditEvent) -> tuple[int, int]:
    """(number of the statement, its revision) that a row tells of; zeros when it tells of something else."""
    label, revision = event.record, event.detail.get("revision", 0)
    return (int(label[1:]), revision) if label.startswith("S") and label[1:].isdecimal() else (0, 0)


def _reworded(wordings: dict[tuple[int, int], str], number: int, revision: int) -> list[Change]:
    old, new = wordings.get((number, revision - 1)), wordings.get((number, revision))
    return compare(old, new) if old is not None and new is not None and old != new else []


@dataclass(slots=True)
class Card:
    """A programme as home shows it."""

    programme: Programme
    phases: list[Phase]
    statements: int
    without_because: int

    @property
    def now(self) -> tuple[int, Phase] | None:
        return next(((at, phase) for at, phase in enumerate(self.phases, start=1) if phase.state == "open"), None)


def cards_for(programmes: Sequence[Programme]) -> list[Card]:
    """Cards for programmes that come with `people`, `my_role` and their phases; one query for all counts."""
    lacking = Sum("n", filter=Q(lacks__in=[bits for bits in range(4) if bits & Lacks.BECAUSE]), default=0)
    found = Tally.objects.filter(programme__in=programmes).exclude(state=State.RETIRED)
    counts: dict[int, Any] = {
        row["programme"]: row for row in found.values("programme").annotate(total=Sum("n"), lacking=lacking)
    }
    return [
        Card(
            programme,
            list(programme.phases.all()),
            counts.get(programme.pk, {}).get("total", 0),
            counts.get(programme.pk, {}).get("lacking", 0),
        )
        for programme in programmes
    ]


def figures(programme: Programme, themes: int) -> dict[str, int]:
    """The counts at the head of the overview."""
    tallied = Tallied(programme)
    return {
        "statements": tallied.total(),
        "agreed": tallied.total(state=State.AGREED),
        "draft": tallied.total(state=State.DRAFT),
        "retired": tallied.total(state=State.RETIRED),
        "no_because": tallied.total(gap=Lacks.BECAUSE),
        "no_themes": tallied.total(gap=Lacks.THEMES),
        "themes": themes,
    }
