"""Owns the reading of pasted excerpts: passages with an empty line between, one to a line, or a table. Pure.

A bracket behind the words may hold a locator, a site and codes: "We hear of it late. (p. 4, LA2, O1.1)". Where some of
it is known and all else looks like a code or a site, what is known is taken and the rest told of; any other bracket
stays with the words. A table has tabs, semicolons or commas between its cells and names its columns in its first row;
what it holds that is not understood is told of, not taken in.
"""

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

MOST_PASSAGES = 500
csv.field_size_limit(2**31 - 1)
_BULLET = re.compile(r"\s*(?:[•●▪◦‣·–—*-]|\(?\d{1,3}[.)])\s+")  # four digits are a year
_PLACE = r"(?:p|pp|page|pages|para|paragraph|l|line|lines|¶|§)\.? ?\d[\d ,–-]*"
_LOCATOR = re.compile(rf"{_PLACE}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?", re.IGNORECASE)
_CODE = re.compile(r"([^\W\d_]{1,3})\d+(?:[.-]\d+)*")  # what a code or a site looks like: O99, LA9, O3.10
_SPLIT = re.compile(r"[,;|/]\s*")
_HEADS = {
    "text": "text", "excerpt": "text", "excerpts": "text", "quote": "text", "quotation": "text", "passage": "text",
    "translation": "text", "original": "original", "locator": "locator", "page": "locator", "place": "locator",
    "time": "locator", "codes": "codes", "code": "codes", "themes": "codes", "theme": "codes", "site": "site",
    "status": "status",
}  # fmt: skip


@dataclass(slots=True)
class Passage:
    """One excerpt as it was read. `at` counts them from 1."""

    at: int
    text: str
    original: str = ""
    locator: str = ""
    site: str = ""  # a slug; the one that it is signed with
    status: str = ""
    codes: list[str] = field(default_factory=list)  # labels of themes
    unknown: list[str] = field(default_factory=list)  # stood where codes stand, but the codebook has none such
    unknown_site: str = ""  # stood where the site stands, but there is none such
    beyond: list[str] = field(default_factory=list)  # stood in its row behind the last column


@dataclass(frozen=True, slots=True)
class Pasted:
    """The passages that were read, and the columns of which nothing was taken."""

    passages: list[Passage]
    columns: list[str]


class TooMany(ValueError):
    """More passages than one paste takes."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the programme knows: labels of codes as typed, slugs of sites, and the letters that either opens with."""

    code: Callable[[str], str | None]
    sites: Mapping[str, str]
    letters: frozenset[str]
    site_letters: frozenset[str]


def read_passages(
    text: str, *, known: Callable[[str], str | None], sites: Mapping[str, str], codes: Collection[str] = ()
) -> Pasted:
    """What is in `text`. `known` gives the label of a theme for a code as typed, or None; `sites` is
    {name or slug, in small letters: slug}; `codes` are those of the codebook. Raises TooMany."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    table = _table(text)
    found = table.rows if table is not None else [({"text": piece}, []) for piece in _pieces(text)]
    if len(found) > MOST_PASSAGES:
        raise TooMany
    knows = _Known(known, sites, _letters(codes), _letters(sites))
    passages = [_passage(cells, beyond, knows) for cells, beyond in found]
    kept = [passage for passage in passages if passage.text.strip()]
    for at, passage in enumerate(kept, start=1):
        passage.at = at
    return Pasted(kept, table.columns if table is not None else [])


def _pieces(text: str) -> list[str]:
    blocks = [block.strip() for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    if len(blocks) > 1:
        return blocks
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines if len(lines) > 1 and any(_BULLET.match(line) for line in lines) else blocks


@dataclass(frozen=True, slots=True)
class _Table:
    rows: list[tuple[dict[str, str], list[str]]]  # (what the columns hold that are understood, what is behind the last)
    columns: list[str]  # those that are not understood


def _table(text: str) -> _Table | None:
    """The rows, if the first row names the columns and one of them is the text.

    With tabs that is enough; commas and semicolons stand in sentences too, so there the first row must name another
    column that is known, or all rows must have as many cells.
    """
    for between in "\t;,":
        rows = [row for row in _cells(text, between) if any(row)]
        names = [cell.strip(" :\ufeff") for cell in rows[0]] if rows else []
        known = [_HEADS.get(name.casefold(), "") for name in names]
        if "text" not in known or len(names) < 2:
            continue
        if between == "\t" or len(set(filter(None, known))) > 1 or {len(row) for row in rows} == {len(names)}:
            return _told(names, known, rows[1:])
    return None


def _cells(text: str, between: str) -> list[list[str]]:
    """Cells may hold lines and quoted separators. Where a quotation mark opens a cell and never closes it, each line is
    a row, so that it takes no other row with it."""
    if between not in text:
        return []
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=between, strict=True))
    except csv.Error:
        rows = [[text]]
    if between == "\t" and any(between in cell for row in rows for cell in row):
        return [line.split(between) for line in text.splitlines() if line.strip()]
    if rows == [[text]]:
        return [row for line in text.splitlines() if line.strip() for row in csv.reader([line], delimiter=between)]
    return rows


def _told(names: Sequence[str], known: Sequence[str], rows: Sequence[Sequence[str]]) -> _Table:
    """A column that says what another said already is not taken in either."""
    heads = ["" if head in known[:at] else head for at, head in enumerate(known)]
    filled = {at for row in rows for at, cell in enumerate(row) if cell.strip()}
    return _Table(
        [
            (
                {head: cell.strip() for head, cell in zip(heads, row, strict=False) if head},
                [cell.strip() for cell in row[len(heads) :] if cell.strip()],
            )
            for row in rows
        ],
        [name or str(at) for at, (name, head) in enumerate(zip(names, heads, strict=True), start=1)
         if not head and at - 1 in filled],
    )  # fmt: skip


def _letters(names: Collection[str]) -> frozenset[str]:
    return frozenset(found[1].casefold() for name in names if (found := _CODE.fullmatch(name)))


def _passage(cells: Mapping[str, str], beyond: list[str], knows: _Known) -> Passage:
    bullet = _BULLET.match(cells.get("text", ""))
    passage = Passage(0, cells.get("text", "")[bullet.end() if bullet else 0 :].strip(), beyond=beyond)
    passage.original, passage.locator = cells.get("original", ""), cells.get("locator", "")
    passage.status = cells.get("status", "").casefold()
    passage.site = knows.sites.get(cells.get("site", "").casefold(), "")
    passage.unknown_site = "" if passage.site else cells.get("site", "")
    for code in re.split(r"[,;|/\s]+", cells.get("codes", "")):
        if code:
            label = knows.code(code)
            (passage.codes if label else passage.unknown).append(label or code)
    _take_bracket(passage, knows)
    return passage


def _take_bracket(passage: Passage, knows: _Known) -> None:
    """Read a bracket at the end that is a list of places, sites and codes."""
    bare = passage.text.rstrip().rstrip(".")
    if not bare or bare[-1] not in ")]":
        return
    start = max(bare.rfind("("), bare.rfind("["))
    pieces = [piece.strip() for piece in _SPLIT.split(bare[start + 1 : -1]) if piece.strip()] if start > 0 else []
    if not pieces or len(bare) - start > 200:
        return
    read = [_said(piece, knows) for piece in pieces]
    if not _is_list(read, knows):
        return
    passage.site = passage.site or next((value for kind, value in read if kind == "site"), "")
    for kind, value in read:
        if kind == "code" and value not in passage.codes:
            passage.codes.append(value)
        elif kind == "locator":
            passage.locator = f"{passage.locator}, {value}".strip(", ")
        elif kind == "unknown" and not passage.site + passage.unknown_site and _opens(value) in knows.site_letters:
            passage.unknown_site = value
        elif kind == "unknown" and value not in (*passage.unknown, passage.unknown_site):
            passage.unknown.append(value)
    passage.text = bare[:start].rstrip()


def _is_list(read: Sequence[Sequence[str]], knows: _Known) -> bool:
    """Whether something in it is known and nothing is words. Who spoke is signed so too, "(SW2, LA2)": beside a site
    alone, what is not known must open as codes here or sites do."""
    kinds = {kind for kind, _value in read}
    if not all(kinds) or kinds == {"unknown"}:
        return False
    opens = {_opens(value) for kind, value in read if kind == "unknown"}
    return bool(kinds & {"locator", "code"}) or opens <= knows.letters | knows.site_letters


def _said(piece: str, knows: _Known) -> Sequence[str]:
    if site := knows.sites.get(piece.casefold()):
        return "site", site
    if label := knows.code(piece):
        return "code", label
    if _LOCATOR.fullmatch(piece):
        return "locator", piece
    return ("unknown", piece) if _CODE.fullmatch(piece) else ("", "")


def _opens(piece: str) -> str:
    found = _CODE.fullmatch(piece)
    return found[1].casefold() if found else ""
