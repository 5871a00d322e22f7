"""Owns the start of a programme with what a team brings on its first morning: areas, a codebook, statements."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Statement, TheoryArea
from cmo.pasting import Other, Pasted, TooMany, read_pasted
from cmo.reading.statements import StatementRow, rows_of
from cmo.rules.arranging import add_area
from cmo.rules.bulk import Taken, state_all
from programmes.access import Actor
from programmes.gate import clean
from programmes.models import Programme, Theme
from programmes.natural import stems
from programmes.reading.codebook import Branch, themes_of, tree
from programmes.rules.classifying import add_theme
from programmes.rules.founding import found
from programmes.rules.phasing import open_phase
from programmes.vocabulary import PhaseKind

CATEGORIES = [
    ("C", "Context"),
    ("I", "Implementation"),
    ("O", "Organisation"),
    ("P", "Personal"),
    ("G", "Guidance, Tools and Policies"),
]
LONGEST = 200_000
FIRST = 5  # statements of a rehearsal that are shown
_CODE = r"[A-Za-z]{1,4}\d+(?:\.\d+)*|[A-Za-z]|\d+(?:\.\d+)+"
_CODE_AND_NAME = re.compile(rf"({_CODE})(?:$|[.:]?\s+|[,;:]\s*)(.*)")


@transaction.atomic
def begin(
    *,
    by: Actor,
    title: str,
    summary: str = "",
    intervention: str = "",
    areas: str = "",
    codebook: str = "categories",
    themes: str = "",
    statements: str = "",
) -> tuple[Programme, int]:
    """A programme with `areas` (one title a line), a codebook ("categories", "empty" or "paste", then from `themes`)
    and `statements` as pasted. Answers the programme and how many statements were stated.

    Raises ValidationError under the names of the arguments; then nothing is made.
    """
    programme = found(by=by, title=title, summary=summary, intervention=intervention)
    open_phase(programme.phases.select_related("programme").get(kind=PhaseKind.GLEANING), by=by, base=1)
    titles = {line.casefold(): line for line in reversed(_lines(areas, "areas"))}  # a heading given twice is one area
    made_areas = [_area(programme, by, line) for line in reversed(titles.values())]
    known: dict[str, Theme] = {}
    if codebook == "categories":
        for at, (code, name) in enumerate(CATEGORIES, start=1):
            known[code.casefold()] = add_theme(programme, by=by, code=code, name=_(name), position=at)
    elif codebook == "paste":
        known = _pasted_codebook(programme, by, themes)
    stated = _stated(programme, by, statements, known, made_areas)
    return programme, stated


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a programme would begin with: titles of areas, the codebook, how many statements, and the first of them;
    what was pasted beside them and is no statement, and cells of which nothing is taken."""

    areas: list[str]
    codebook: list[Branch]
    stated: int
    first: list[StatementRow]
    others: list[Other]
    left_out: list[str]

    @property
    def themes(self) -> int:
        return sum(1 for branch in self.codebook for _found in branch.walk())


def rehearse(*, by: Actor, **given: str) -> Rehearsal:
    """What `begin` would make. It is made and taken back, so that nothing is guessed and every refusal is the same."""
    with transaction.atomic():
        programme, stated = begin(by=by, **given)
        themes = themes_of(programme)
        known = {theme.code.casefold(): theme for theme in themes if theme.code}
        pasted = _read(given.get("statements", ""), known, programme.areas.all())
        seen = Rehearsal(
            areas=list(programme.areas.values_list("title", flat=True)),
            codebook=tree(themes),
            stated=stated,
            first=rows_of(Statement.objects.of(programme).order_by("number")[:FIRST]),
            others=pasted.others,
            left_out=[cell for line in pasted.lines for cell in (*line.left_out, line.unknown_area) if cell],
        )
        transaction.set_rollback(True)
    return seen


def _lines(text: str, field: str) -> list[str]:
    clean(text, field=field, limit=LONGEST)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _area(programme: Programme, by: Actor, line: str) -> TheoryArea:
    try:
        return add_area(programme, by=by, title=line)
    except ValidationError as error:
        raise ValidationError({"areas": error.messages}) from error


def _pasted_codebook(programme: Programme, by: Actor, text: str) -> dict[str, Theme]:
    """A code and a name to a line; "O4.1" goes under "O4", and "O4" under "O", when that stands above."""
    known: dict[str, Theme] = {}
    for at, line in enumerate(_lines(text, "themes"), start=1):
        found_code = _CODE_AND_NAME.fullmatch(line)
        code, name = (found_code[1], found_code[2].strip(" -–:")) if found_code else ("", line)
        try:
            theme = add_theme(programme, by=by, code=code, name=name, parent=_above(code, known))
        except ValidationError as error:
            said = _("Line %(at)s: %(said)s") % {"at": at, "said": " ".join(error.messages)}
            raise ValidationError({"themes": said}) from error
        if code:
            known[code.casefold()] = theme
    return known


def _above(code: str, known: dict[str, Theme]) -> Theme | None:
    return next((known[stem] for stem in stems(code) if stem in known), None)


def _read(text: str, known: Mapping[str, Theme], areas: Iterable[TheoryArea]) -> Pasted:
    labels = {code: theme.label for code, theme in known.items()}
    titles = {area.title: area.slug for area in areas}
    try:
        return read_pasted(text, known=lambda code: labels.get(code.casefold()), areas=titles)
    except TooMany as error:
        raise ValidationError({"statements": _("Paste at most 2,000 statements at once.")}) from error


def _stated(programme: Programme, by: Actor, text: str, known: dict[str, Theme], areas: list[TheoryArea]) -> int:
    clean(text, field="statements", limit=LONGEST)
    lines = _read(text, known, areas).lines
    by_slug = {area.slug: area for area in areas}
    only = areas[0] if len(areas) == 1 else None
    taken = []
    for line in lines:
        themes = [known[code.casefold()] for code in line.codes]
        for code in line.unknown:  # as the page promises: a code that the codebook lacks is made
            if code.casefold() not in known:
                known[code.casefold()] = add_theme(programme, by=by, code=code, parent=_above(code, known))
            themes.append(known[code.casefold()])
        taken.append(Taken(line.wording, themes, by_slug.get(line.area or "", only)))
    try:
        return len(state_all(programme, by=by, lines=taken, reason=_("Pasted when the programme began")))
    except ValidationError as error:
        raise ValidationError({"statements": error.messages}) from error
