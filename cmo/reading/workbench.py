"""Owns what the workbench shows around its statements: groups by area, and the counts of the filter panel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from cmo import wording as parsing
from cmo.models import Draft, ElementRevision, Statement, StatementRevision, Tally, TheoryArea
from cmo.phase_words import VERDICTS
from cmo.reading.codebook import uses_of
from cmo.reading.statements import StatementRow
from cmo.vocabulary import Drafted, Gap, Lacks, State
from programmes.models import Phase, Programme, Theme
from programmes.reading.codebook import Branch, tree


@dataclass(slots=True)
class AreaGroup:
    """Statements of one area that stand on this page."""

    slug: str
    title: str
    rows: list[StatementRow]
    total: int = 0  # of the whole theory, not of this page


@dataclass(slots=True)
class Option:
    """One line of the filter panel."""

    value: str
    label: str
    n: int | None  # None where nobody keeps count
    chosen: bool


@dataclass(slots=True)
class ThemeOption:
    """A theme in the filter panel, with what stands below it."""

    theme: Theme
    total: int  # statements that carry it or anything below it
    at_most: bool  # whether that is only known not to be more
    chosen: bool
    below: list["ThemeOption"] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return any(option.chosen or option.open for option in self.below)

    def walk(self) -> "Iterable[ThemeOption]":
        """This theme and all below it, top down."""
        yield self
        for option in self.below:
            yield from option.walk()


@dataclass(slots=True)
class Panel:
    """The filter panel with the counts of the whole theory."""

    states: list[Option]
    areas: list[Option]
    phases: list[Option]
    gaps: list[Option]
    verdicts: list[Option]
    themes: list[ThemeOption]


class Tallied:
    """The tally of a programme, added up along any of its sides; one query."""

    def __init__(self, programme: Programme) -> None:
        self._rows = list(
            Tally.objects.filter(programme=programme, n__gt=0).values_list(
                "area_key", "state", "origin_key", "lacks", "n"
            )
        )

    def total(self, *, state: str = "", area: int | None = None, origin: int | None = None, gap: int = 0) -> int:
        """Statements that match; retired ones only when `state` asks for them."""
        return sum(
            n
            for area_key, at, origin_key, lacks, n in self._rows
            if (at == state if state else at != State.RETIRED)
            and area in (None, area_key)
            and origin in (None, origin_key)
            and (not gap or lacks & gap)
        )


def panel_for(
    programme: Programme,
    *,
    asked: dict[str, Any],
    areas: Sequence[TheoryArea],
    phases: Sequence[Phase],
    themes: Sequence[Theme],
    tallied: Tallied,
) -> Panel:
    """What can be asked for and how many there are of each; `asked` is what the filter holds now."""
    under = _under(programme, tallied.total())
    chosen = {label.casefold() for label in asked.get("theme") or []}

    def option(value: str, label: Any, n: int | None, name: str) -> Option:
        return Option(value, str(label), n, value in (asked.get(name) or []))

    return Panel(
        states=[option(state.value, state.label, tallied.total(state=state.value), "state") for state in State],
        areas=[
            *(option(area.slug, area.title, tallied.total(area=area.pk), "area") for area in areas if not area.retired),
        ],
        phases=[option(phase.slug, phase.title, tallied.total(origin=phase.pk), "phase") for phase in phases],
        gaps=[option(gap.value, gap.label, tallied.total(gap=Lacks.BIT[gap]), "incomplete") for gap in Gap],
        verdicts=[option(value, label, None, "verdict") for value, label in VERDICTS],
        themes=[_theme_option(branch, under, chosen) for branch in tree(themes)],
    )


MOST_COUNTED = 2_000  # statements; to count the themes of more takes longer than the page may
_UNDER = (
    "SELECT a.id, COUNT(DISTINCT t.statement_id) FROM programmes_theme a"
    " JOIN programmes_theme h ON h.programme_id = a.programme_id AND h.path LIKE a.path || '%%'"
    " JOIN cmo_statementtheme t ON t.theme_id = h.id"
    " JOIN cmo_statement s ON s.id = t.statement_id AND s.state <> 'retired'"
    " WHERE a.programme_id = %s GROUP BY a.id"
)


def _under(programme: Programme, statements: int) -> Callable[[Branch], tuple[int, bool]]:
    """Answers of a theme how many statements in use carry it or one below it, each counted once, and whether that is
    an upper bound: of many statements the taggings are added up, of which the tally knows. One query."""
    if statements > MOST_COUNTED:
        uses = uses_of(programme)

        def added_up(branch: Branch) -> tuple[int, bool]:
            taggings = sum(uses.get(one.theme.pk, 0) for one in branch.walk())
            return min(statements, taggings), bool(taggings and branch.below)

        return added_up
    with connection.cursor() as cursor:
        cursor.execute(_UNDER, [programme.pk])
        found = dict(cursor.fetchall())
    return lambda branch: (found.get(branch.theme.pk, 0), False)


def _theme_option(branch: Branch, under: Callable[[Branch], tuple[int, bool]], chosen: set[str]) -> ThemeOption:
    total, at_most = under(branch)
    below = [_theme_option(one, under, chosen) for one in branch.below]
    return ThemeOption(branch.theme, total, at_most, branch.theme.label.casefold() in chosen, below)


def grouped(
    rows: Iterable[StatementRow], areas: Sequence[TheoryArea], tallied: Tallied, nowhere: str
) -> list[AreaGroup]:
    """The rows of a page under the headings of their areas, in the order they came."""
    keys = {area.slug: area.pk for area in areas}
    groups: list[AreaGroup] = []
    for row in rows:
        slug = row.area or ""
        if not groups or groups[-1].slug != slug:
            groups.append(AreaGroup(slug, row.area_title or nowhere, [], tallied.total(area=keys.get(slug, 0))))
        groups[-1].rows.append(row)
    return groups


def picker_themes(themes: Sequence[Theme], chosen: Iterable[str]) -> list[dict[str, Any]]:
    """The codebook as the theme picker wants it; a retired theme is offered only where it is carried already."""
    held = {label.casefold() for label in chosen}
    listed = []
    for branch in tree(themes, retired=True):
        for found in branch.walk():
            theme = found.theme
            is_held = theme.label.casefold() in held
            if not theme.retired or is_held:
                category = str(branch.theme.name or branch.theme.code) if found is not branch else ""
                listed.append(
                    {"id": theme.label, "code": theme.code, "name": theme.name, "category": category, "chosen": is_held}
                )
    return listed


def draft_of(person: Any, programme: Programme, statement: Statement | None) -> Draft | None:
    """What somebody typed and has not saved, of one statement or of a new one."""
    found = Draft.objects.filter(person=person.pk, programme=programme, kind=Drafted.STATEMENT)
    return found.filter(statement=statement).first()


def drafted_numbers(person: Any, programme: Programme) -> set[int]:
    """Numbers of the statements of which somebody keeps a draft; 0 for a new one."""
    found = Draft.objects.filter(person=person.pk, programme=programme, kind=Drafted.STATEMENT)
    return {number or 0 for number in found.values_list("statement__number", flat=True)}


def drafts_waiting(person: Any) -> list[Draft]:
    """Drafts of somebody, newest first, of programmes they are still a member of; `before` is what each began as."""
    found = Draft.objects.filter(person=person.pk, programme__memberships__person=person.pk)
    base = StatementRevision.objects.filter(statement=OuterRef("statement"), number=OuterRef("base"))
    said = ElementRevision.objects.filter(element=OuterRef("element"), number=OuterRef("base")).values("text")
    before = Coalesce(
        Subquery(base.values("wording")[:1]), F("statement__wording"), Subquery(said[:1]), F("element__text"),
        Value("", TextField()),
    )  # fmt: skip
    records = ("programme", "statement", "configuration", "element")
    return list(found.select_related(*records).annotate(before=before))


def typed_wording(typed: Mapping[str, Any], before: str = "", spans: Sequence[parsing.Span] | None = None) -> str:
    """The sentence that the fields of a form make of a statement that reads `before`, whole or in parts.

    `spans` are its parts, where they are not those that are found in it.
    """
    if typed.get("mode") != "parts":
        return str(typed.get("wording", ""))
    parts = {("if_" if part == "if" else part): str(typed.get(part, "")) for part in ("if", "then", "because")}
    if not before:
        return parsing.compose(**parts)
    return parsing.rewrite(before, parsing.find_parts(before) if spans is None else spans, **parts)


def same_wording(programme: Programme, statement: Statement) -> list[int]:
    """Numbers of other statements in use whose wording is the same but for case, accents and punctuation."""
    with connection.cursor() as cursor:
        cursor.execute(  # "+number" keeps SQLite from walking the whole theory by number to save itself the sorting
            "SELECT number FROM cmo_statement WHERE programme_id = %s AND sameness = %s AND state <> %s AND id <> %s"
            " ORDER BY +number LIMIT 5",
            [programme.pk, statement.sameness, State.RETIRED.value, statement.pk],
        )
        return [number for (number,) in cursor.fetchall()]


def known_wordings(programme: Programme, digests: Iterable[str]) -> dict[str, int]:
    """{sameness: number} of the statements in use that have one of `digests`."""
    found = Statement.objects.of(programme).current().filter(sameness__in=list(digests))
    return dict(found.values_list("sameness", "number"))


def neighbours(statement: Statement) -> tuple[int | None, int | None]:
    """Numbers of the statements in use before and after this one, in the order of the workbench; one query."""
    given: list[Any] = [statement.programme_id, State.RETIRED.value, statement.area_position, statement.number]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({_NEXT % ('<', 'DESC', 'DESC')}), ({_NEXT % ('>', 'ASC', 'ASC')})", given * 2)
        before, after = cursor.fetchone()
    return before, after


_NEXT = (
    "SELECT number FROM cmo_statement WHERE programme_id = %%s AND state <> %%s"
    " AND (area_position, number) %s (%%s, %%s) ORDER BY area_position %s, number %s LIMIT 1"
)
