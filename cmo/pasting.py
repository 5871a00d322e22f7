"""Owns the reading of pasted statements: a table from Word or Excel, or one statement to a line. Pure.

What is understood: a header row; columns of codes, of areas, of if / then / because or of whole statements, in any
order; codes before or after the words of a line; bullets and numbering, which are taken off.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cmo.wording import Part, compose, find_parts

MOST_LINES = 2000
csv.field_size_limit(2**31 - 1)  # how long a paste may be is said before it comes here, and how long a wording after
_BULLET = re.compile(r"\s*(?:[•●▪◦‣·–—*-]|\(?\d{1,4}[.)]|S\d{1,6}[.:)]?)\s+", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;/|+&]+")
_WRAP = "()[]{}<>"
_HEADS = {
    "if": "if", "context": "if", "when": "if", "os": "if",
    "then": "then", "outcome": "then", "yna": "then",
    "because": "because", "mechanism": "because", "oherwydd": "because",
    "statement": "wording", "statements": "wording", "wording": "wording", "if… then statements": "wording",
    "if... then statements": "wording", "if… then…": "wording", "programme theory": "wording", "theory": "wording",
    "code": "codes", "codes": "codes", "theme": "codes", "themes": "codes", "categories": "codes", "category": "codes",
    "area": "area", "theory area": "area", "no": "skip", "no.": "skip", "number": "skip", "#": "skip", "label": "skip",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    """One statement as it was read. `at` is the row it stood in, from 1."""

    at: int
    wording: str
    codes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # looked like codes, but the codebook has none such
    area: str | None = None  # a slug
    unknown_area: str = ""  # stood in a column of areas, but the programme has none such


class TooMany(ValueError):
    """More lines than one paste takes."""


def read_pasted(text: str, *, known: Callable[[str], str | None], areas: Mapping[str, str]) -> list[Line]:
    """The statements in `text`.

    `known` gives the label of a theme for a code as typed, or None; `areas` is {title: slug}.
    Raises TooMany.
    """
    rows = _rows(text)
    if len(rows) > MOST_LINES:
        raise TooMany
    heads = _heads(rows[0][1]) if rows else None
    folded = {title.casefold().strip(): slug for title, slug in areas.items()}
    lines = []
    for at, cells in rows[1:] if heads else rows:
        line = _headed(at, cells, heads, known, folded) if heads else _guessed(at, cells, known, folded)
        if line.wording:
            lines.append(line)
    return lines


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(row number, cells); a quoted cell of a spreadsheet may hold line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" not in text:
        return [(at, [line.strip()]) for at, line in enumerate(text.split("\n"), start=1) if line.strip()]
    found = csv.reader(text.splitlines(keepends=True), delimiter="\t")
    cut = [(at, [" ".join(cell.split()) for cell in cells]) for at, cells in enumerate(found, start=1)]
    return [(at, cells) for at, cells in cut if any(cells)]


def _heads(cells: Sequence[str]) -> list[str] | None:
    """What each column holds, if this is a header row."""
    named = [_HEADS.get(cell.casefold().strip(" :"), "") for cell in cells]
    whole = "wording" in named or {"if", "then"} <= set(named)
    return named if len(cells) > 1 and whole else None


def _headed(
    at: int, cells: Sequence[str], heads: Sequence[str], known: Callable[[str], str | None], areas: Mapping[str, str]
) -> Line:
    by_head: dict[str, list[str]] = {}
    for head, cell in zip(heads, cells, strict=False):
        by_head.setdefault(head, []).append(cell)
    words = {
        head: " ".join(part for part in by_head.get(head, []) if part) for head in ("wording", "if", "then", "because")
    }
    wording = words["wording"] or compose(if_=words["if"], then=words["then"], because=words["because"])
    line = _guessed(at, [wording], known, areas)
    for cell in by_head.get("codes", []):
        _add_codes(line, [part for part in _SEPARATORS.split(cell.strip(_WRAP)) if part], known)
    for cell in by_head.get("area", []):
        line.area = areas.get(cell.casefold().strip(), line.area)
        line.unknown_area = "" if line.area else cell
    return line


def _guessed(at: int, cells: Sequence[str], known: Callable[[str], str | None], areas: Mapping[str, str]) -> Line:
    """Without heads: cells of nothing but codes are codes, an area's title is the area, the rest is words."""
    line = Line(at, "")
    words: list[str] = []
    for cell in cells:
        parts = [part for part in _SEPARATORS.split(cell.strip(_WRAP)) if part]
        if parts and all(known(part) or _looks_like_code(part) for part in parts):
            _add_codes(line, parts, known)
        elif cell.casefold().strip() in areas:
            line.area = areas[cell.casefold().strip()]
        elif cell and not cell.strip(".)").isdecimal():
            words.append(cell)
    text = " ".join(words)
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    text, before = _codes_before(text, known)
    text, after = _codes_after(text, known)
    _add_codes(line, [*before, *after], known)
    line.wording = text.strip()
    return line


def _codes_before(text: str, known: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Codes in front of the words: "O1.3 O4 If …", "(O4, P6) If …".

    What only looks like a code is taken for one where a known code stands beside it, or an "if" or "when" behind it.
    """
    codes: list[str] = []
    rest = text
    while True:
        word, _space, after = rest.lstrip(" ,;:" + _WRAP).partition(" ")
        bare = word.strip(",;:" + _WRAP)
        if not after or not _looks_like_code(bare):
            break
        codes.append(bare)
        rest = after
    rest = rest.lstrip(" ,;:)]}>")
    if codes and (any(known(code) for code in codes) or _opens(rest)):
        return rest, codes
    return text, []


def _opens(text: str) -> bool:
    spans = find_parts(text[:400])
    return bool(spans) and spans[0].part is Part.IF and spans[0].key[0] == 0


def _codes_after(text: str, known: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Codes in brackets behind the words: "… use it. (O4, P6)", "… use it (O4, P6)."; the full stop stays."""
    stripped = text.rstrip()
    bare = stripped.rstrip(".")
    if not bare or bare[-1] not in ")]}":
        return text, []
    start = max(bare.rfind(mark) for mark in "([{")
    parts = [part for part in _SEPARATORS.split(bare[start + 1 : -1]) if part] if start > 0 else []
    if parts and any(known(part) for part in parts) and all(known(part) or _looks_like_code(part) for part in parts):
        return bare[:start].rstrip() + stripped[len(bare) :], parts
    return text, []


def _looks_like_code(word: str) -> bool:
    """A letter or two and a number: O4, P2, O3.10. Words and bare numbers are not codes by their looks."""
    return len(word) <= 12 and re.fullmatch(r"[A-Za-z]{1,4}\d+(?:\.\d+)*", word) is not None


def _add_codes(line: Line, parts: Sequence[str], known: Callable[[str], str | None]) -> None:
    for part in parts:
        label = known(part)
        into = line.codes if label else line.unknown
        if (label or part) not in into:
            into.append(label or part)
