"""Owns how a paste is read against a programme: its codebook, its areas, the wordings it has already."""

from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.folding import sameness
from cmo.pasting import Line, Other, TooMany, read_pasted
from cmo.reading.areas import area_named, areas_of
from cmo.reading.workbench import known_wordings
from cmo.rules.bulk import Taken
from cmo.ticking import mark_of
from programmes.gate import clean
from programmes.models import Programme, Theme
from programmes.reading.codebook import Codes

LONGEST = 2_000_000


@dataclass(slots=True)
class Read:
    """One line of a paste as it would be taken in. `twin` is the number of a statement with the same wording;
    0 stands for an earlier line."""

    line: Line
    themes: list[Theme]
    area_title: str
    twin: int | None
    take: bool
    fresh: bool = False  # not among the lines that were shown before

    @property
    def at(self) -> int:
        return self.line.at

    @property
    def mark(self) -> str:
        one = self.line  # a code that came into the codebook meanwhile makes no other line of it
        return mark_of(one.wording, sorted([*one.codes, *one.unknown]), one.area)

    @property
    def rest(self) -> str:
        """What stands in none of the three parts; it is kept in the wording all the same."""
        return parsing.remainder(self.line.wording, parsing.find_parts(self.line.wording))

    @property
    def parts(self) -> tuple[str, str, str]:
        """(if, then, because); a condition that another word than "if" opens is shown with it: "Unless …"."""
        wording = self.line.wording
        spans = parsing.find_parts(wording)
        if_, then, because = (parsing.part_text(wording, spans, part) for part in parsing.Part)
        return parsing.with_openings(wording, spans, parsing.Part.IF) if if_ else "", then, because


@dataclass(frozen=True, slots=True)
class ReadPaste:
    """All that was read: statements, and the rows that are none."""

    lines: list[Read]
    others: list[Other]


def read_lines(programme: Programme, text: str) -> ReadPaste:
    """How each line would be taken in; one that stood in no column of its table only if somebody says so.

    Raises ValidationError (text).
    """
    text = clean(text, field="text", limit=LONGEST, required=True)
    codes = Codes(programme)
    areas = [area for area in areas_of(programme) if not area.retired]

    @cache  # former codes are looked for in the database
    def known(code: str) -> str | None:
        theme = codes.get(code)
        return theme.label if theme is not None and theme.code and not theme.retired else None

    try:
        pasted = read_pasted(text, known=known, areas={area.title: area.slug for area in areas})
    except TooMany as error:
        raise ValidationError({"text": _("Paste at most 2,000 statements at once.")}) from error
    lines = pasted.lines
    titles = {area.slug: area.title for area in areas}
    digests = [sameness(line.wording) for line in lines]
    twins = known_wordings(programme, set(digests))
    read, seen = [], set()
    for line, digest in zip(lines, digests, strict=True):
        twin = twins.get(digest, 0 if digest in seen else None)
        seen.add(digest)
        take = twin is None and not line.loose
        read.append(Read(line, codes.find(line.codes), titles.get(line.area or "", ""), twin, take=take))
    return ReadPaste(read, pasted.others)


def taken(programme: Programme, read: list[Read], *, area: str) -> list[Taken]:
    """The lines as the rule takes them; `area` is the slug for lines that name none."""
    rest = area_named(programme, area)
    by_slug = {found.slug: found for found in areas_of(programme)}
    return [
        Taken(line.line.wording, line.themes, by_slug.get(line.line.area or "", rest)) for line in read
    ]
