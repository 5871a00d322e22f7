"""Owns the reading of pasted statements: a table from Word or Excel, or one statement to a line. Pure.

What is understood: a row of heads; columns of codes, of areas, of if / then / because or of whole statements, in any
order; the title of an area on a row of its own; codes before or after the words of a line; bullets and numbering, which
are taken off. What is not understood is told of: beside its line, or among the lines that are no statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cmo.pasted_rows import (
    BULLET,
    WORDS,
    WRAP,
    Known,
    Row,
    is_heading,
    is_number,
    looks_like_code,
    mended,
    opens,
    parts_of,
    rows_of,
    tables_of,
    unnumbered,
)
from cmo.wording import Part, compose

MOST_LINES = 2000
MOST_ROWS = 5 * MOST_LINES  # before the paragraphs of a cell are put together


class ReadAs(StrEnum):
    """What a row without a statement was read as."""

    HEADS = "heads"
    AREA = "area"
    UNKNOWN_AREA = "unknown_area"
    CODES = "codes"
    NOTHING = "nothing"


@dataclass(slots=True)
class Line:
    """One statement as it was read. `at` is the row it stood in, from 1."""

    at: int
    wording: str
    codes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # looked like codes, but the codebook has none such
    area: str | None = None  # a slug
    unknown_area: str = ""  # stood in a column of areas, but the programme has none such
    left_out: list[str] = field(default_factory=list)  # cells of the row of which nothing was taken
    loose: bool = False  # stood between the rows of a table, in none of its columns


@dataclass(frozen=True, slots=True)
class Other:
    """A row without a statement, and what it was read as."""

    at: int
    cells: list[str]
    read_as: ReadAs


@dataclass(frozen=True, slots=True)
class Pasted:
    """All that stood in a paste, each row in one of the two."""

    lines: list[Line]
    others: list[Other]


class TooMany(ValueError):
    """More lines than one paste takes."""


def read_pasted(text: str, *, known: Callable[[str], str | None], areas: Mapping[str, str]) -> Pasted:
    """What stands in `text`.

    `known` gives the label of a theme for a code as typed, or None; `areas` is {title: slug}.
    Raises TooMany.
    """
    folded = {title.casefold().strip(): slug for title, slug in areas.items()}
    reading = _Reading(Known(known, folded), folded)
    rows = rows_of(text)
    if len(rows) > MOST_ROWS:
        raise TooMany
    for table in tables_of(rows):
        if table.head_row is not None:
            reading.tell(table.head_row, ReadAs.HEADS)
        for row in mended(table, reading.known):
            reading.take(row, table.heads)
    return Pasted(reading.lines, reading.others)


class _Reading:
    """Goes through the rows; `area` is that of the last heading above."""

    def __init__(self, known: Known, areas: Mapping[str, str]) -> None:
        self.known, self.areas = known, areas
        self.lines: list[Line] = []
        self.others: list[Other] = []
        self.area: str | None = None

    def take(self, row: Row, heads: Sequence[str] | None) -> None:
        if self.known.is_area(row):
            self.area = next(filter(None, map(self.slug_of, row.filled)))
            self.tell(row, ReadAs.AREA)
            return
        line = self.guessed(row.at, row.cells) if heads is None or row.loose else self.headed(row, heads)
        line.loose = row.loose and not (heads is None and opens(line.wording, *Part))
        if not line.wording or (line.loose and heads is not None and is_heading(row.cells[0])):
            self.tell(row, self.without_words(row, heads))
            return
        if not line.area and not line.unknown_area:
            line.area = self.area
        self.lines.append(line)
        self.count()

    def tell(self, row: Row, read_as: ReadAs) -> None:
        self.area = None if read_as in (ReadAs.HEADS, ReadAs.UNKNOWN_AREA) else self.area
        self.others.append(Other(row.at, row.filled, read_as))
        self.count()

    def count(self) -> None:
        if len(self.lines) + len(self.others) > MOST_LINES:
            raise TooMany

    def without_words(self, row: Row, heads: Sequence[str] | None) -> ReadAs:
        cells = [cell for cell in row.filled if not is_number(cell) or self.known.is_codes(cell)]
        if any(map(self.known.is_codes, cells)):
            return ReadAs.CODES
        alone = len(cells) == 1 and (heads is not None or row.loose)
        return ReadAs.UNKNOWN_AREA if alone and is_heading(cells[0]) else ReadAs.NOTHING

    def slug_of(self, cell: str) -> str | None:
        return self.areas.get(cell.casefold().strip()) or self.areas.get(unnumbered(cell).casefold().strip())

    def headed(self, row: Row, heads: Sequence[str]) -> Line:
        by_head: dict[str, list[str]] = {}
        for at, cell in enumerate(row.cells):
            if cell:
                by_head.setdefault(heads[at] if at < len(heads) else "", []).append(cell)
        words = {head: " ".join(by_head.get(head, [])) for head in WORDS}
        composed = compose(if_=words["if"], then=words["then"], because=words["because"])
        line = self.guessed(row.at, [words["wording"] or composed])
        for cell in by_head.get("codes", []):
            self.add_codes(line, parts_of(cell))
        for cell in by_head.get("area", []):
            self.add_area(line, cell)
        line.left_out += [cell for cell in by_head.get("skip", []) if not is_number(cell)] + by_head.get("", [])
        if words["wording"]:  # that of a table which has the parts beside it as well
            line.left_out += [words[part] for part in WORDS[1:] if words[part] not in words["wording"]]
        return line

    def guessed(self, at: int, cells: Sequence[str]) -> Line:
        """Without heads: cells of nothing but codes are codes, an area's title is the area, the rest is words."""
        line = Line(at, "")
        words: list[str] = []
        numbered = False
        for cell in filter(None, cells):
            if self.known.is_codes(cell):
                self.add_codes(line, parts_of(cell))
            elif self.known.is_title(cell):
                self.add_area(line, cell)
            elif not cell.strip(".)").isdecimal():
                words.append(cell)
            elif numbered or words:
                line.left_out.append(cell)
            else:
                numbered = True
        text = " ".join(words)
        bullet = BULLET.match(text)
        text = text[bullet.end() :] if bullet else text
        text, before = self.codes_before(text)
        text, after = self.codes_after(text)
        self.add_codes(line, [*before, *after])
        line.wording = text.strip()
        return line

    def add_area(self, line: Line, cell: str) -> None:
        slug = self.slug_of(cell)
        if slug and line.area in (None, slug):
            line.area = slug
            line.left_out += filter(None, [line.unknown_area])
            line.unknown_area = ""
        elif line.area or line.unknown_area:
            line.left_out.append(cell)
        else:
            line.unknown_area = cell

    def codes_before(self, text: str) -> tuple[str, list[str]]:
        """Codes in front of the words: "O1.3 O4 If …", "(O4, P6) If …".

        What only looks like a code is taken for one where a known code stands beside it, or an "if" or "when" behind
        it.
        """
        codes: list[str] = []
        rest = text
        while True:
            word, _space, after = rest.lstrip(" ,;:" + WRAP).partition(" ")
            bare = word.strip(",;:" + WRAP)
            if not after or not looks_like_code(bare):
                break
            codes.append(bare)
            rest = after
        rest = rest.lstrip(" ,;:)]}>")
        if codes and (any(self.known.code(code) for code in codes) or opens(rest, Part.IF)):
            return rest, codes
        return text, []

    def codes_after(self, text: str) -> tuple[str, list[str]]:
        """Codes in brackets behind the words: "… use it. (O4, P6)", "… use it (O4, P6)."; the full stop stays."""
        stripped = text.rstrip()
        bare = stripped.rstrip(".")
        if not bare or bare[-1] not in ")]}":
            return text, []
        start = max(bare.rfind(mark) for mark in "([{")
        parts = parts_of(bare[start + 1 : -1]) if start > 0 else []
        if any(self.known.code(part) for part in parts) and self.known.is_codes(bare[start + 1 : -1]):
            return bare[:start].rstrip() + stripped[len(bare) :], parts
        return text, []

    def add_codes(self, line: Line, parts: Sequence[str]) -> None:
        for part in parts:
            label = self.known.code(part)
            into = line.codes if label else line.unknown
            if (label or part) not in into:
                into.append(label or part)
