"""Owns the heat maps of evidence: how much each site says on each theme, and each role on each statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cmo.models import Statement
from cmo.reading.grounds import People, people_of
from cmo.reading.weighed import LIVE
from cmo.weighing import shade, small
from programmes.models import Programme
from programmes.reading.codebook import Branch, themes_of, tree
from programmes.source_roles import role_key, role_order, spellings

COLUMNS = 40  # statements side by side; the others are one link away


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a row and a column meet: distinct excerpts and sources, and how dark it is."""

    excerpts: int
    sources: int
    shade: int
    small: bool  # fewer sources than the programme's threshold


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: what it is asked for by, what it is called, how many sources there are of it in all."""

    key: str
    name: str
    code: str = ""
    people: int | None = None

    @property
    def number(self) -> int:
        """Of the statement that a column is."""
        return int(self.key[1:])


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and what stands in it beside the head of each column."""

    head: Head
    beside: list[tuple[Head, Cell]]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _head, cell in self.beside]


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of counts. `most` is the fullest cell, which the darkest shade stands for."""

    columns: list[Head]
    rows: list[Row]
    most: int

    def __bool__(self) -> bool:
        return bool(self.rows and self.columns)

    @property
    def uneven(self) -> tuple[Head, Head] | None:
        """The named columns with most and with fewest sources, where the one has at least twice as many."""
        named = sorted((head for head in self.columns if head.name and head.people), key=lambda head: head.people or 0)
        if len(named) < 2 or (named[-1].people or 0) < 2 * (named[0].people or 0):
            return None
        return named[-1], named[0]

    @property
    def few(self) -> bool:
        """Whether any cell has fewer sources than the programme's threshold."""
        return any(cell.small for row in self.rows for cell in row.cells)

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": [{"key": head.key, "name": head.name, "people": head.people} for head in self.columns],
            "rows": [
                {
                    "key": row.head.key, "name": row.head.name,
                    "cells": [{"excerpts": c.excerpts, "sources": c.sources, "small": c.small} for c in row.cells],
                }
                for row in self.rows
            ],
        }  # fmt: skip


Found = dict[tuple[Any, Any], tuple[set[int], set[int]]]  # {(row, column): (excerpts, sources)}


def _heat(programme: Programme, columns: Sequence[Head], rows: Sequence[Head], found: Found, by: str) -> Heat:
    counts = {at: (len(excerpts), len(sources)) for at, (excerpts, sources) in found.items()}
    most = max((pair[by == "sources"] for pair in counts.values()), default=0)
    made = []
    for head in rows:
        cells = []
        for column in columns:
            excerpts, sources = counts.get((head.key, column.key), (0, 0))
            dark = shade(sources if by == "sources" else excerpts, most)
            cells.append((column, Cell(excerpts, sources, dark, small(sources, programme.small_group))))
        made.append(Row(head, cells))
    return Heat(list(columns), made, most)


def _put(found: Found, at: tuple[Any, Any], excerpt: int, source: int) -> None:
    excerpts, sources = found.setdefault(at, (set(), set()))
    excerpts.add(excerpt)
    sources.add(source)


# ---------------------------------------------------------------- site × theme


NOWHERE = "none"  # how sources without a site or a role are asked for


def by_site_and_theme(programme: Programme, *, by: str = "excerpts", people: People | None = None) -> Heat:
    """Excerpts that carry a theme or one below it, by the site of their source; themes down to the second level.

    Three queries, two where the people are at hand.
    """
    known = people or people_of(programme)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.theme_id, q.site_id, x.id, q.id FROM cmo_excerpttheme t"
            " JOIN cmo_excerpt x ON x.id = t.excerpt_id JOIN programmes_source q ON q.id = x.source_id"
            " WHERE x.programme_id = %s AND NOT x.retired AND NOT q.retired",
            [programme.pk],
        )
        carried = cursor.fetchall()
    if not carried:
        return Heat([], [], 0)
    slugs = {key: slug for key, slug, _name in known.sites}
    above, heads = _second_level(programme)
    found: Found = {}
    for theme, site, excerpt, source in carried:
        _put(found, (above.get(theme, ""), slugs.get(site, NOWHERE)), excerpt, source)
    used = {row for row, _column in found}
    columns = [Head(slug, name, people=known.at.get(key, 0)) for key, slug, name in known.sites]
    if any(column == NOWHERE for _row, column in found):
        columns.append(Head(NOWHERE, "", people=known.at.get(None, 0)))
    return _heat(programme, columns, [head for head in heads if head.key in used], found, by)


def _second_level(programme: Programme) -> tuple[dict[int, str], list[Head]]:
    """({theme: the label of the theme under its category that it belongs to}, those themes in order); one query."""
    above: dict[int, str] = {}
    heads: list[Head] = []

    def take(branch: Branch, label: str, depth: int) -> None:
        own = label if depth > 1 else branch.theme.label
        if depth <= 1:
            heads.append(Head(own, branch.theme.name, branch.theme.code))
        above[branch.theme.pk] = own
        for below in branch.below:
            take(below, own, depth + 1)

    for top in tree(themes_of(programme), retired=True):
        take(top, top.theme.label, 0)
    return above, heads


# ---------------------------------------------------------------- role × statement


def by_role_and_statement(
    programme: Programme, *, by: str = "excerpts", page: int = 1, people: People | None = None
) -> tuple[Heat, int]:
    """(excerpts that bear on each statement, by the role of their source; statements in use in all).

    Four queries, three where the people are at hand.
    """
    current = Statement.objects.of(programme).current().order_by("area_position", "number")
    count = current.count()
    at = (page - 1) * COLUMNS
    statements = dict(current.values_list("pk", "number")[at : at + COLUMNS])
    known = people or people_of(programme)
    found: Found = {}
    borne = _borne(statements) if statements else []
    called = spellings([*known.called.values(), *(role for _statement, role, _excerpt, _source in borne)])
    for statement, role, excerpt, source in borne:
        _put(found, (called[role_key(role)] or NOWHERE, f"S{statements[statement]}"), excerpt, source)
    named = [key for key in sorted(called, key=role_order) if key]
    rows = [Head(called[key], called[key], people=known.as_role.get(key, 0)) for key in named]
    if any(not role for _statement, role, _excerpt, _source in borne):
        rows.append(Head(NOWHERE, "", people=known.as_role.get("", 0)))
    columns = [Head(f"S{number}", f"S{number}") for number in statements.values()]
    return _heat(programme, columns, rows if found else [], found, by), count


def _borne(statements: Iterable[int]) -> list[tuple[int, str, int, int]]:
    keys = list(statements)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.statement_id, q.role, x.id, q.id{LIVE} AND b.statement_id IN ({', '.join(['%s'] * len(keys))})",
            keys,
        )
        return list(cursor.fetchall())
