"""Owns the matrices of configurations, by theme and by element, and what in the structure is worth a look."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from cmo.models import (
    Configuration,
    ConfigurationElement,
    ConfigurationStatement,
    Element,
    ElementTheme,
    Statement,
    StatementTheme,
)
from cmo.vocabulary import MECHANISMS, Slot, State
from programmes.models import Programme
from programmes.reading.codebook import themes_of, tree
from programmes.reading.paging import Page, take

COLUMNS = 40  # configurations side by side; the others are one link away
ROWS = 60  # elements under one another
LOOKED_AT = 30  # records of each kind that are worth a look


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a record, a number for each column (None for none) and their sum."""

    head: Any
    cells: list[int]

    @property
    def total(self) -> int:
        return sum(self.cells)

    @property
    def used(self) -> int:
        """In how many columns it stands."""
        return sum(1 for cell in self.cells if cell)

    def as_json(self) -> dict[str, Any]:
        return {"cells": self.cells, "total": self.total}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows against the configurations of one page; `totals` are the sums of the columns."""

    columns: list[tuple[int, str]]  # (number, nickname)
    rows: list[Row]

    @property
    def totals(self) -> list[int]:
        return [sum(row.cells[at] for row in self.rows) for at in range(len(self.columns))]


@dataclass(frozen=True, slots=True)
class Matrices:
    """Themes and elements by the configurations of one page, and what is worth a look in the whole structure."""

    page: Page[Any]  # of the configurations in use
    themes: Matrix
    elements: Matrix
    more: int  # elements that stand in these configurations, beyond the rows shown
    look: "WorthALook"

    def as_json(self) -> dict[str, Any]:
        themes = [{"theme": row.head.label, "name": row.head.name, **row.as_json()} for row in self.themes.rows]
        elements = [
            {"element": row.head.label, "kind": row.head.kind, "text": row.head.text, **row.as_json()}
            for row in self.elements.rows
        ]
        heads = [{"configuration": f"CMO{number}", "nickname": nickname} for number, nickname in self.themes.columns]
        return {
            "configurations": heads, "themes": themes, "elements": elements, "elements_more": self.more,
            "worth_a_look": self.look.as_json(),
        }  # fmt: skip


def matrices_of(programme: Programme, number: int) -> Matrices:
    """17 queries. Raises Http404 for a page that is not there."""
    current = Configuration.objects.filter(programme=programme).exclude(state=State.RETIRED).order_by("number")
    columns = current.values_list("pk", "number", "nickname")
    page: Page[Any] = take(columns, count=current.count(), page=number, size=COLUMNS)
    elements, more = element_matrix(page.rows)
    return Matrices(page, theme_matrix(programme, page.rows), elements, more, worth_a_look(programme))


def theme_matrix(programme: Programme, columns: list[tuple[int, int, str]]) -> Matrix:
    """How many elements of each configuration, or statements that it spells out, carry each theme; three queries."""
    place = {pk: at for at, (pk, _number, _nickname) in enumerate(columns)}
    cells: dict[int, list[int]] = {}
    carried = ElementTheme.objects.filter(element__placings__configuration__in=place)
    spelled = StatementTheme.objects.filter(statement__spellings__configuration__in=place)
    counted = [
        carried.values_list("theme", "element__placings__configuration").annotate(n=Count("element", distinct=True)),
        spelled.exclude(statement__state=State.RETIRED)
        .values_list("theme", "statement__spellings__configuration")
        .annotate(n=Count("statement", distinct=True)),
    ]
    for rows in counted:
        for theme, configuration, n in rows:
            if configuration in place:
                cells.setdefault(theme, [0] * len(columns))[place[configuration]] += n
    ordered = [found.theme for branch in tree(themes_of(programme), retired=True) for found in branch.walk()]
    rows_ = [Row(theme, cells[theme.pk]) for theme in ordered if theme.pk in cells]
    return Matrix([(number, nickname) for _pk, number, nickname in columns], rows_)


def element_matrix(columns: list[tuple[int, int, str]]) -> tuple[Matrix, int]:
    """In how many roles each element stands in each configuration, most shared first, and how many more there are.

    Two queries.
    """
    place = {pk: at for at, (pk, _number, _nickname) in enumerate(columns)}
    cells: dict[int, list[int]] = {}
    for element, configuration in ConfigurationElement.objects.filter(configuration__in=place).values_list(
        "element", "configuration"
    ):
        cells.setdefault(element, [0] * len(columns))[place[configuration]] += 1
    kept = sorted(cells, key=lambda pk: (-sum(1 for cell in cells[pk] if cell), pk))[:ROWS]
    heads = Element.objects.in_bulk(kept)
    rows = [Row(heads[pk], cells[pk]) for pk in kept]
    return Matrix([(number, nickname) for _pk, number, nickname in columns], rows), len(cells) - len(kept)


# ---------------------------------------------------------------- worth a look


@dataclass(frozen=True, slots=True)
class Look:
    """Records of one kind that are worth a look: how many, and the first of them as (number, words)."""

    n: int
    rows: list[tuple[int, str]]

    @property
    def more(self) -> int:
        return self.n - len(self.rows)

    def as_json(self, letter: str) -> dict[str, Any]:
        return {"count": self.n, "records": [f"{letter}{number}" for number, _words in self.rows]}


@dataclass(frozen=True, slots=True)
class WorthALook:
    """What a team may want to complete, or not: nothing here is wrong."""

    lone: Look  # elements outside every configuration
    unexplained: Look  # outcomes that stand beside no mechanism anywhere
    nowhere: Look  # contexts that stand beside no outcome anywhere
    unspelled: Look  # statements without configuration
    unstated: Look  # configurations without statement

    @property
    def n(self) -> int:
        return self.lone.n + self.unexplained.n + self.nowhere.n + self.unspelled.n + self.unstated.n

    def as_json(self) -> dict[str, Any]:
        return {
            "lone": self.lone.as_json("E"),
            "unexplained": self.unexplained.as_json("E"),
            "nowhere": self.nowhere.as_json("E"),
            "without_configuration": self.unspelled.as_json("S"),
            "without_statement": self.unstated.as_json("CMO"),
        }


def worth_a_look(programme: Programme) -> WorthALook:
    """Ten queries."""
    current = ConfigurationElement.objects.exclude(configuration__state=State.RETIRED)
    elements = Element.objects.filter(programme=programme).exclude(state=State.RETIRED)
    standing = current.filter(element=OuterRef("pk"))

    def beside(role: Slot, roles: frozenset[Slot]) -> Any:
        """Elements that stand as `role` somewhere, and nowhere beside any of `roles`."""
        others = ConfigurationElement.objects.filter(configuration=OuterRef("configuration"), role__in=roles)
        there = standing.filter(role=role)
        return elements.filter(Exists(there)).exclude(Exists(there.filter(Exists(others))))

    statements = Statement.objects.filter(programme=programme).exclude(state=State.RETIRED)
    spelled = ConfigurationStatement.objects.filter(statement=OuterRef("pk"))
    spelled = spelled.exclude(configuration__state=State.RETIRED)
    configurations = Configuration.objects.filter(programme=programme).exclude(state=State.RETIRED)
    states = ConfigurationStatement.objects.filter(configuration=OuterRef("pk"))
    states = states.exclude(statement__state=State.RETIRED)
    return WorthALook(
        lone=_look(elements.exclude(Exists(standing)), "text"),
        unexplained=_look(beside(Slot.OUTCOME, MECHANISMS), "text"),
        nowhere=_look(beside(Slot.CONTEXT, frozenset({Slot.OUTCOME})), "text"),
        unspelled=_look(statements.exclude(Exists(spelled)), "wording"),
        unstated=_look(configurations.exclude(Exists(states)), "nickname"),
    )


def _look(rows: Any, words: str) -> Look:
    return Look(rows.count(), list(rows.order_by("number").values_list("number", words)[:LOOKED_AT]))


# ---------------------------------------------------------------- the head of the list


@dataclass(frozen=True, slots=True)
class StructureCounts:
    """How many there are in use: configurations, elements, rival groups, demi-regularities."""

    configurations: int
    retired: int
    elements: int
    lone: int
    rivals: int
    patterns: int


def structure_counts(programme: Programme) -> StructureCounts:
    """One query."""
    retired = State.RETIRED.value
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM cmo_configuration WHERE programme_id = %s AND state <> %s),"
            " (SELECT COUNT(*) FROM cmo_configuration WHERE programme_id = %s AND state = %s),"
            " (SELECT COUNT(*) FROM cmo_element WHERE programme_id = %s AND state <> %s),"
            " (SELECT COUNT(*) FROM cmo_element e WHERE e.programme_id = %s AND e.state <> %s AND NOT EXISTS ("
            "SELECT 1 FROM cmo_configurationelement p JOIN cmo_configuration c ON c.id = p.configuration_id"
            " WHERE p.element_id = e.id AND c.state <> %s)),"
            " (SELECT COUNT(*) FROM cmo_rivalgroup WHERE programme_id = %s AND NOT retired),"
            " (SELECT COUNT(*) FROM cmo_demiregularity WHERE programme_id = %s AND NOT retired)",
            [*(programme.pk, retired) * 4, retired, programme.pk, programme.pk],
        )
        return StructureCounts(*cursor.fetchone())


