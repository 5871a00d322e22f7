"""Owns how the lists of a snapshot are filtered and ordered: what the working theory's filters ask, of rows at hand.

The same parameters, checked by the same forms, mean the same: themes with all that stood below them then, areas and
phases by slug, words in all their forms.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.folding import fold
from cmo.phase_words import UNJUDGED
from cmo.reading.codebook import Carried
from cmo.reading.configurations import ConfigurationRow
from cmo.reading.elements import ElementRow
from cmo.reading.search_then import entries_then, holding_then
from cmo.reading.statements import StatementRow
from cmo.reading.theory_at import TheoryAt
from cmo.reading.workbench import AreaGroup
from cmo.rules.indexing import CONFIGURATION, ELEMENT, STATEMENT
from cmo.vocabulary import Gap, Lacks, Slot, State
from programmes.models import Theme
from programmes.reading.codebook import Codes, find_theme, flat, tree
from programmes.reading.paging import Page
from programmes.reading.team import evidence_shown
from programmes.vocabulary import NO_EVIDENCE

NONE = "none"
Row = TypeVar("Row")


def page_then(rows: Sequence[Any], number: int, size: int) -> Page[Any]:
    """One page of rows at hand. Raises Http404 for a page that is not there."""
    start = (number - 1) * size
    if number > 1 and start >= len(rows):
        raise Http404("There is no such page.")
    return Page(list(rows[start : start + size]), len(rows), number, size)


class Labels:
    """The labels of themes with all that stood below them in a theory."""

    def __init__(self, theory: TheoryAt) -> None:
        self.codes = Codes(theory.programme, theory.themes)

    def below(self, asked: Iterable[str]) -> set[str]:
        """Raises ValidationError (theme)."""
        paths = tuple(theme.path for theme in self.codes.find(asked, field_name="theme"))
        return {theme.label for theme in self.codes.themes if theme.path.startswith(paths)}


def found_then(asked: dict[str, Any], theory: TheoryAt, *, order: str = "number") -> list[StatementRow]:
    """The statements of a theory for which all holds that a StatementFilter asked, in the order asked for."""
    tests: list[Callable[[StatementRow], bool]] = [_in_state(asked.get("state"), lambda row: row.state)]
    if asked.get("search"):
        held = {row.number for row in holding_then(theory.statements, entries_then(theory, STATEMENT), asked["search"])}
        tests.append(lambda row: row.number in held)
    if asked.get("theme"):
        below = Labels(theory).below(asked["theme"])
        tests.append(lambda row: any(tag.label in below for tag in row.themes))
    if asked.get("area"):
        tests.append(lambda row: (row.area or NONE) in asked["area"])
    if asked.get("phase"):
        tests.append(lambda row: row.phase in asked["phase"])
    if asked.get("incomplete"):
        bits = [Lacks.BIT[Gap(gap)] for gap in asked["incomplete"]]
        tests.append(lambda row: any(row.lacks & bit for bit in bits))
    if asked.get("priority"):
        tests.append(lambda row: (row.priority is not None) == (asked["priority"] == "yes"))
    if asked.get("has_evidence"):
        tests.append(_rested([asked["has_evidence"]], theory))
    if asked.get("verdict"):
        tests.append(lambda row: latest(row.verdicts) in asked["verdict"])
    rows = [row for row in theory.statements if all(test(row) for test in tests)]
    areas = {slug: at for at, slug in enumerate(theory.area_titles)}
    keys: dict[str, Callable[[StatementRow], Any]] = {
        "number": lambda row: row.number,
        "area": lambda row: (areas.get(row.area or "", len(areas)), row.number),
        "updated": lambda row: (row.updated, row.number),
    }
    return _ordered(rows, keys, str(asked.get("ordering") or order))


def _ordered(rows: list[Row], keys: dict[str, Callable[[Row], Any]], name: str) -> list[Row]:
    """Raises ValidationError (ordering) for an order that there is not."""
    key = keys.get(name.removeprefix("-"))
    if key is None:
        known = ", ".join(f"{known}, -{known}" for known in keys)
        raise ValidationError({"ordering": _("Order by one of: %(known)s.") % {"known": known}})
    return sorted(rows, key=key, reverse=name.startswith("-"))


def configurations_then(asked: dict[str, Any], theory: TheoryAt) -> list[ConfigurationRow]:
    """The same of configurations, by number."""
    tests: list[Callable[[ConfigurationRow], bool]] = [
        _in_state(asked.get("state"), lambda row: row.configuration.state)
    ]
    if asked.get("search"):
        tests.append(_with_words(asked["search"], theory))
    if asked.get("theme"):
        tests.append(_with_themes(Labels(theory).below(asked["theme"]), theory))
    if asked.get("area"):
        tests.append(lambda row: (row.configuration.area.slug if row.configuration.area else NONE) in asked["area"])
    if asked.get("phase"):
        tests.append(lambda row: bool(row.configuration.origin and row.configuration.origin.slug in asked["phase"]))
    if asked.get("statement"):
        wanted = {str(label).upper() for label in asked["statement"]}
        tests.append(
            lambda row: bool({f"S{number}" for number, _wording in row.statements} & wanted)
            or (NONE.upper() in wanted and not row.statements)
        )
    if asked.get("role"):
        tests.append(lambda row: any(one.role in asked["role"] for one in row.placed))
    if asked.get("element"):
        labels = {str(label).upper() for label in asked["element"]}
        tests.append(lambda row: any(one.label in labels for one in row.placed))
    if asked.get("sign"):
        tests.append(
            lambda row: any(one.role == Slot.OUTCOME and one.element.sign in asked["sign"] for one in row.placed)
        )
    if asked.get("incomplete"):
        tests.append(lambda row: bool(set(row.incomplete) & set(asked["incomplete"])))
    if asked.get("has_evidence"):
        tests.append(_rested(asked["has_evidence"], theory))
    if asked.get("verdict"):
        tests.append(lambda row: latest(row.verdicts) in asked["verdict"])
    rows = [row for row in theory.configurations if all(test(row) for test in tests)]
    areas = {slug: at for at, slug in enumerate(theory.area_titles)}
    keys: dict[str, Callable[[ConfigurationRow], Any]] = {
        "number": lambda row: row.configuration.number,
        "area": lambda row: (
            areas.get(row.configuration.area.slug if row.configuration.area else "", len(areas)),
            row.configuration.number,
        ),
        "updated": lambda row: (row.configuration.updated, row.configuration.number),
    }
    return _ordered(rows, keys, str(asked.get("ordering") or "number"))


def _rested(values: Sequence[str], theory: TheoryAt) -> Callable[[Any], bool]:
    """Whether any excerpt bore on a record. Raises ValidationError (has_evidence) for those who see none."""
    if not evidence_shown(theory.programme):
        raise ValidationError({"has_evidence": str(NO_EVIDENCE)})
    return lambda row: ("yes" if row.evidence.excerpts else "no") in values


def _with_themes(below: set[str], theory: TheoryAt) -> Callable[[ConfigurationRow], bool]:
    """Whether an element or a statement of a configuration carried one of these themes."""
    carrying = {row.element.number for row in theory.elements if any(tag.label in below for tag in row.themes)}
    stating = {row.number for row in theory.statements if any(tag.label in below for tag in row.themes)}
    return lambda row: bool(
        {one.element.number for one in row.placed} & carrying or {n for n, _wording in row.statements} & stating
    )


def _with_words(words: str, theory: TheoryAt) -> Callable[[ConfigurationRow], bool]:
    """Whether a configuration says these words itself, or one element in it does."""
    own = holding_then(theory.configurations, entries_then(theory, CONFIGURATION), words)
    said = holding_then(theory.elements, entries_then(theory, ELEMENT), words)
    labels, numbers = {row.label for row in own}, {row.element.number for row in said}
    pieces = fold(words).split()
    return lambda row: row.label in labels or any(
        one.element.number in numbers or all(piece in fold(one.wording) for piece in pieces) for one in row.placed
    )


def elements_then(asked: dict[str, Any], theory: TheoryAt) -> list[ElementRow]:
    """The same of elements, by number or by their text."""
    tests: list[Callable[[ElementRow], bool]] = [_in_state(asked.get("state"), lambda row: row.element.state)]
    if asked.get("search"):
        saying = holding_then(theory.elements, entries_then(theory, ELEMENT), asked["search"])
        numbers = {row.element.number for row in saying}
        tests.append(lambda row: row.element.number in numbers)
    if asked.get("theme"):
        below = Labels(theory).below(asked["theme"])
        tests.append(lambda row: any(tag.label in below for tag in row.themes))
    if asked.get("kind"):
        tests.append(lambda row: row.element.kind in asked["kind"])
    if asked.get("role"):
        tests.append(lambda row: any(role in asked["role"] for _label, role in row.standing))
    if asked.get("area") or asked.get("statement"):
        held = configurations_then({"area": asked.get("area"), "statement": asked.get("statement")}, theory)
        labels = {row.label for row in held}
        tests.append(lambda row: bool(labels & set(row.configurations)))
    if asked.get("lone") and len(set(asked["lone"])) == 1:
        tests.append(lambda row: bool(row.standing) != (asked["lone"][0] == "true"))
    rows = [row for row in theory.elements if all(test(row) for test in tests)]
    keys: dict[str, Callable[[ElementRow], Any]] = {
        "number": lambda row: row.element.number,
        "kind": lambda row: (row.element.kind, row.element.number),
        "text": lambda row: (fold(row.element.text), row.element.number),
        "updated": lambda row: (row.element.updated, row.element.number),
    }
    return _ordered(rows, keys, str(asked.get("ordering") or "number"))


def _in_state(asked: Any, state_of: Callable[[Any], str]) -> Callable[[Any], bool]:
    """Of these states; without any, all but retired."""
    return lambda row: state_of(row) in asked if asked else state_of(row) != State.RETIRED


def latest(verdicts: Sequence[dict[str, str]]) -> str:
    """The team's verdict of the last phase that gave one, or `none`."""
    return verdicts[-1]["verdict"] if verdicts else UNJUDGED


def themes_then(words: str, theory: TheoryAt, *, retired: bool = False, under: str = "") -> list[Theme]:
    """The codebook from top to bottom: themes that hold every word in code, name or definition. Raises ValidationError
    (under)."""
    found = flat(tree(theory.themes, retired=retired))
    if under:
        top = Codes(theory.programme, theory.themes).find([under], field_name="under")[0]
        found = [theme for theme in found if theme.path.startswith(top.path)]
    for word in fold(words).split():
        found = [theme for theme in found if word in fold(f"{theme.code} {theme.name} {theme.definition}")]
    return found


def theme_then(theory: TheoryAt, label: str) -> Theme:
    """The theme that had this code (in any case) or has this id, or Http404. A code of another time finds its theme."""
    wanted = label.casefold()
    for theme in theory.themes:
        if wanted in (theme.code.casefold(), str(theme.uid)) and wanted:
            return theme
    key = find_theme(theory.programme, label).pk
    found = next((theme for theme in theory.themes if theme.pk == key), None)
    if found is None:
        raise Http404("There is no such theme in this snapshot.")
    return found


def carried_then(theory: TheoryAt) -> Carried:
    """How many statements in use carry each theme; a snapshot does not keep the themes of excerpts."""
    keys = {theme.label: theme.pk for theme in theory.themes}
    carried = (keys[tag.label] for row in theory.statements if row.state != State.RETIRED for tag in row.themes)
    return Carried(dict(Counter(carried)))


def grouped_then(rows: Sequence[StatementRow], theory: TheoryAt) -> list[AreaGroup]:
    """Rows under the areas that there were, in their order; those without an area last."""
    found: dict[str, AreaGroup] = {slug: AreaGroup(slug, title, []) for slug, title in theory.area_titles.items()}
    found[""] = AreaGroup("", _("Without an area"), [])
    for row in rows:
        found[row.area or ""].rows.append(row)
    return [group for group in found.values() if group.rows]
