"""Owns the rows of a pasted text: their cells, what a row of heads says of the columns, and the rows that a second
paragraph in a cell broke into lines. Pure.

Word writes each paragraph of a cell on a line of its own, so that a row may go on in the lines below it. A spreadsheet
puts a cell that holds line ends between quotation marks.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from cmo.wording import Part, find_parts

MOST_PARAGRAPHS = 50  # of one row
FAR = 10  # how many lines below a row are looked at for the rest of a cell before the last
MOST_COLUMNS = 200
WRAP = "()[]{}<>"
BULLET = re.compile(r"\s*(?:[•●▪◦‣·–—*-]|\(?\d{1,4}[.)]|S\d{1,6}[.:)]?)\s+", re.IGNORECASE)
WORDS = ("wording", "if", "then", "because")
_SEPARATORS = re.compile(r"[\s,;/|+&]+")
_CELL = re.compile(r'"((?:[^"\t]|"")*+)"(?=[\t\n]|\Z)|[^\t\n]*')
_NUMBER = re.compile(r"(?:no\.?|nr\.?|s|#)?\s*\(?\d{1,6}[.):]*", re.IGNORECASE)
_HANGS = (",", ";", ":", "–", "—", "-", "(", "…")  # a sentence that goes on
_HEADS = {
    "if": "if", "context": "if", "when": "if", "os": "if",
    "then": "then", "outcome": "then", "yna": "then",
    "because": "because", "mechanism": "because", "oherwydd": "because",
    "statement": "wording", "statements": "wording", "wording": "wording", "programme theory": "wording",
    "programme theories": "wording", "initial programme theory": "wording", "theory": "wording",
    "program theory": "wording", "theories": "wording", "initial program theory": "wording",
    "code": "codes", "codes": "codes", "theme": "codes", "themes": "codes", "categories": "codes", "category": "codes",
    "area": "area", "theory area": "area", "theory areas": "area", "no": "skip", "number": "skip", "nr": "skip",
    "label": "skip", "statement no": "skip", "statement number": "skip",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """`at` is its number, from 1. `loose`: a line without a tab in a text that has tabs."""

    at: int
    cells: list[str]
    loose: bool = False
    paragraphs: int = 1

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


@dataclass(slots=True)
class Table:
    """Rows under one row of heads; `heads` says for each column what it holds, None that no heads were found."""

    heads: list[str] | None
    head_row: Row | None = None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What the programme knows: the label of a code as typed, or None; titles of areas, folded."""

    code: Callable[[str], str | None]
    titles: Collection[str]

    def is_title(self, cell: str) -> bool:
        return unnumbered(cell).casefold() in self.titles or cell.casefold() in self.titles

    def is_area(self, row: Row) -> bool:
        """Whether the row holds the title of an area and at most its number."""
        titles = [cell for cell in row.filled if self.is_title(cell)]
        return bool(titles) and all(cell in titles or is_number(cell) for cell in row.filled)

    def is_codes(self, cell: str) -> bool:
        parts = parts_of(cell)
        return bool(parts) and all(looks_like_code(part) or self.code(part) for part in parts)


# What a cell looks like


def parts_of(cell: str) -> list[str]:
    """What a cell of codes lists."""
    return [part for part in _SEPARATORS.split(cell.strip(WRAP)) if part]


def looks_like_code(word: str) -> bool:
    """A letter or two and a number: O4, P2, O3.10. Words and bare numbers are not codes by their looks."""
    return len(word) <= 12 and re.fullmatch(r"[A-Za-z]{1,4}\d+(?:\.\d+)*", word) is not None


def is_number(cell: str) -> bool:
    """What a column of numbers holds: 7, 7., (7), No. 7, S7."""
    return _NUMBER.fullmatch(cell) is not None


def unnumbered(cell: str) -> str:
    bullet = BULLET.match(cell)
    return cell[bullet.end() :] if bullet else cell


def opens(text: str, *parts: Part) -> bool:
    """Whether the text begins with a connective of one of the parts."""
    spans = find_parts(text[:400])
    return bool(spans) and spans[0].part in parts and not any(map(str.isalnum, text[: spans[0].key[0]]))


def _hangs(text: str) -> bool:
    return not text or text.endswith(_HANGS)


def is_heading(text: str) -> bool:
    """Reads as a heading rather than as a sentence: short, a capital in front, no full stop behind."""
    bare = unnumbered(text)
    ends = bare.rstrip("\"'”’»)]")[-1:] in (".", "!", "?", "…", ",", ";")
    return len(bare) <= 120 and not bare[:1].islower() and not ends and not opens(bare, *Part)


# Cells and heads


def rows_of(text: str) -> list[Row]:
    """The rows that are not blank. Where there is no tab, each line is one; only a cell of several lines is quoted."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tabbed = "\t" in text
    rows = []
    for at, cells in enumerate(_lines(text, tabbed), start=1):
        if any(cells):
            rows.append(Row(at, cells, loose=tabbed and len(cells) == 1))
    return rows


def _lines(text: str, tabbed: bool) -> Iterator[list[str]]:
    cells: list[str] = []
    at = 0
    while found := _CELL.match(text, at):
        quoted = found[1] is not None and (tabbed or "\n" in found[1])
        said = found[1].replace('""', '"') if quoted else found[0]
        cells.append(" ".join(said.split()) if tabbed or quoted else said.strip())
        at = found.end()
        if text[at : at + 1] != "\t":
            yield cells
            cells = []
        if at >= len(text):
            return
        at += 1


def _head(cell: str) -> str:
    """What a column with this head holds, "" if nothing that is understood: "If… then… statements" names sentences."""
    if cell.strip() == "#":
        return "skip"
    words = re.sub(r"[^\w\s]|_", " ", cell.casefold()).split()
    found = _HEADS.get(" ".join(words), "")
    kinds = {_HEADS.get(word, "") for word in words}
    if found or not kinds <= set(WORDS):
        return found
    return kinds.pop() if len(kinds) == 1 else "wording" if kinds else ""


def heads_of(cells: Sequence[str], *, strict: bool) -> list[str] | None:
    """What each column holds, if this is a row of heads; `strict` asks that each of them be understood."""
    if len(cells) > MOST_COLUMNS:
        return None
    named = [_head(cell) for cell in cells]
    whole = "wording" in named or {"if", "then"} <= set(named)
    understood = all(name or not cell for name, cell in zip(named, cells, strict=True))
    return named if whole and (understood or not strict) else None


def tables_of(rows: Sequence[Row]) -> list[Table]:
    """The rows by the heads that they stand under. A document may hold several tables, or one with its heads on each
    page."""
    tables = [Table(None)]
    seen = False  # a row with tabs
    for at, row in enumerate(rows):
        alone = len(row.cells) == 1
        may_be = (at == 0 and len(rows) > 1 and not row.loose) if alone else True
        heads = heads_of(row.cells, strict=seen or alone) if may_be else None
        seen = seen or not alone
        if heads:
            tables.append(Table(heads, row))
        else:
            tables[-1].rows.append(row)
    return tables


# Rows that go on


def mended(table: Table, known: Known) -> list[Row]:
    """The rows of a table, each with the paragraphs of its cells."""
    done: list[Row] = []
    at = 0
    while at < len(table.rows):
        row = table.rows[at]
        more = _broken(table, at, known) if table.heads else 0
        for other in table.rows[at + 1 : at + 1 + more]:
            row = _joined(row, other)
        at += 1 + more
        if row.loose and done and _goes_on(done[-1], row.cells[0], table.heads, known):
            done[-1] = _joined(done[-1], row)
        else:
            done.append(row)
    return done


def _joined(row: Row, other: Row) -> Row:
    cells = [*row.cells[:-1], f"{row.cells[-1]} {other.cells[0]}".strip(), *other.cells[1:]]
    return Row(row.at, cells, row.loose, row.paragraphs + 1)


def _broken(table: Table, at: int, known: Known) -> int:
    """How many of the next rows fill this one up to as many cells as there are heads: a cell before the last has
    several paragraphs. 0 where what follows may as well be rows of their own."""
    row, heads = table.rows[at], table.heads or []
    if row.loose:
        return 0
    for n, other in enumerate(table.rows[at + 1 : at + FAR], start=1):
        own = known.is_title(other.cells[0]) if other.loose else _fits(other.cells, heads, known)
        if own or len(row.cells) + len(other.cells) - 1 > len(heads) or len(row.cells) == len(heads):
            return 0
        row = _joined(row, other)
        if len(row.cells) == len(heads):
            return n if _fits(row.cells, heads, known) else 0
    return 0


def _fits(cells: Sequence[str], heads: Sequence[str], known: Known) -> bool:
    """Whether the cells may well stand in these columns, with words of a statement among them."""
    by_head = [(head, cell) for head, cell in zip(heads, cells, strict=False) if cell]
    return any(head in WORDS for head, _cell in by_head) and all(_may(head, cell, known) for head, cell in by_head)


def _may(head: str, cell: str, known: Known) -> bool:
    if head == "skip":
        return is_number(cell)
    if head == "codes":
        return known.is_codes(cell)
    words = not known.is_codes(cell) and not is_number(cell)
    if head == "area":
        return known.is_title(cell) or (words and not opens(cell, Part.IF))
    return head not in WORDS or (words and not known.is_title(cell))


def _goes_on(before: Row, text: str, heads: Sequence[str] | None, known: Known) -> bool:
    """Whether a line without a tab is another paragraph of the last cell of the row before it."""
    last, at = before.cells[-1], len(before.cells) - 1
    if known.is_title(text) or known.is_area(before) or before.paragraphs >= MOST_PARAGRAPHS:
        return False
    head = "wording" if heads is None or before.loose else heads[at] if at < len(heads) else ""
    if head not in WORDS:
        if not head:  # a note, say
            return _hangs(last) or not opens(text, Part.IF)
        return known.is_title(f"{last} {text}") if head == "area" else _may(head, text, known)
    if not _may(head, text, known) or (last and not _may(head, last, known)):
        return False
    if opens(text, Part.THEN, Part.BECAUSE):
        return True
    low = unnumbered(text)[:1].islower() and not opens(text, Part.IF)
    ended = last.rstrip("\"'”’»)]")[-1:] in (".", "!", "?")
    if heads is None:
        return low and not ended
    return low or _hangs(last) or not (opens(text, Part.IF) or is_heading(text))
