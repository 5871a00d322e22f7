"""Owns the matrices of a theory of the past, and what in its structure was worth a look: as `matrices` tells of now."""

from collections.abc import Iterable, Sequence

from cmo.models import Element
from cmo.reading.configurations import ConfigurationRow
from cmo.reading.elements import ElementRow
from cmo.reading.matrices import COLUMNS, LOOKED_AT, ROWS, Look, Matrices, Matrix, Row, WorthALook
from cmo.reading.then import page_then
from cmo.reading.theory_at import TheoryAt
from cmo.vocabulary import MECHANISMS, Slot, State
from programmes.reading.codebook import flat, tree

OUTCOME = frozenset({Slot.OUTCOME})


def matrices_then(theory: TheoryAt, number: int) -> Matrices:
    """One page of columns, as `matrices_of` gives it. Raises Http404 for a page that is not there."""
    page = page_then(columns_then(theory), number, COLUMNS)
    elements, more = element_matrix_then(page.rows)
    return Matrices(page, theme_matrix_then(theory, page.rows), elements, more, worth_a_look_then(theory))


def columns_then(theory: TheoryAt) -> list[ConfigurationRow]:
    """The configurations that were in use, by number."""
    return [row for row in theory.configurations if row.configuration.state != State.RETIRED]


def theme_matrix_then(theory: TheoryAt, columns: Sequence[ConfigurationRow]) -> Matrix:
    """How many elements of each configuration, or statements that it spelled out, carried each theme."""
    on_elements = {row.element.pk: [tag.label for tag in row.themes] for row in theory.elements}
    on_statements = {row.number: [tag.label for tag in row.themes] for row in theory.statements}
    cells: dict[str, list[int]] = {}
    for at, row in enumerate(columns):
        carriers = [on_elements[pk] for pk in {one.element.pk for one in row.placed}]
        carriers += [on_statements[number] for number, _wording in row.statements]
        for label in (label for carried in carriers for label in carried):
            cells.setdefault(label, [0] * len(columns))[at] += 1
    ordered = flat(tree(theory.themes, retired=True))
    return Matrix(_heads(columns), [Row(theme, cells[theme.label]) for theme in ordered if theme.label in cells])


def element_matrix_then(columns: Sequence[ConfigurationRow]) -> tuple[Matrix, int]:
    """In how many roles each element stood in each configuration, most shared first, and how many more there were."""
    heads: dict[int, Element] = {}
    cells: dict[int, list[int]] = {}
    for at, row in enumerate(columns):
        for one in row.placed:
            heads[one.element.pk] = one.element
            cells.setdefault(one.element.pk, [0] * len(columns))[at] += 1
    rows = [Row(heads[pk], found) for pk, found in cells.items()]
    rows.sort(key=lambda row: (-row.used, row.head.pk))
    return Matrix(_heads(columns), rows[:ROWS]), len(rows[ROWS:])


def _heads(columns: Sequence[ConfigurationRow]) -> list[tuple[int, str]]:
    return [(row.configuration.number, row.configuration.nickname) for row in columns]


def worth_a_look_then(theory: TheoryAt) -> WorthALook:
    """What a team could have completed, or not."""
    configurations = columns_then(theory)
    elements = [row for row in theory.elements if row.element.state != State.RETIRED]
    statements = [row for row in theory.statements if row.state != State.RETIRED]
    spelled = {number for row in configurations for number, _wording in row.statements}

    def beside(role: Slot, roles: frozenset[Slot]) -> list[ElementRow]:
        """Elements that stood as `role` somewhere, and nowhere beside any of `roles`."""
        there: set[int] = set()
        met: set[int] = set()
        for row in configurations:
            standing = {one.element.pk for one in row.standing(role)}
            there |= standing
            met |= standing if row.standing(*roles) else set()
        return [row for row in elements if row.element.pk in there - met]

    return WorthALook(
        lone=_look((row.element.number, row.element.text) for row in elements if row.lone),
        unexplained=_look((row.element.number, row.element.text) for row in beside(Slot.OUTCOME, MECHANISMS)),
        nowhere=_look((row.element.number, row.element.text) for row in beside(Slot.CONTEXT, OUTCOME)),
        unspelled=_look((row.number, row.wording) for row in statements if row.number not in spelled),
        unstated=_look(
            (row.configuration.number, row.configuration.nickname) for row in configurations if not row.statements
        ),
    )


def _look(found: Iterable[tuple[int, str]]) -> Look:
    rows = list(found)
    return Look(len(rows), rows[:LOOKED_AT])
