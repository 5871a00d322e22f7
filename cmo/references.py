"""Owns how a text names records (S7, CMO3, E12, P4; of the evidence X9, B4, Q3), revisions of them (S7 v3, S7.3) and
people (@name). Pure.

Any text is cut into pieces that give it back exactly, in one pass. What a piece names need not be there: the caller
looks that up, and what is not found is shown as text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVIDENCE = {"X": "excerpt", "B": "bearing", "Q": "source"}
LETTERS = {"S": "statement", "CMO": "configuration", "E": "element", "P": "proposal", **EVIDENCE}
LONGEST_NAME = 150  # characters of a name that people sign in with

# Each alternative begins with its own character and is bounded, so that no text makes the scan go back and forth.
# Labels are written in capitals; a digit or letter beside one makes it another word (CMO3a, XS7, a@S7).
_NUMBER = "[1-9][0-9]{0,8}(?![0-9])"
_NAMED = re.compile(
    rf"(?<![\w@.])(?P<letters>CMO|[SEPXBQ])(?P<number>{_NUMBER})"
    rf"(?:\.(?P<point>{_NUMBER})(?![\w.])|[ \u00a0]v\.?(?P<version>{_NUMBER})(?!\w)|(?!\w|\.[0-9]))"
    rf"|(?<![\w@.])@(?P<name>\w[\w.@+-]{{0,{LONGEST_NAME - 1}}})"
)
_ENDS = ".@+-"  # of a sentence rather than of a name


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. `kind` is "" for plain text, "person", or one of LETTERS' values; `revision` 0 for none."""

    text: str
    kind: str = ""
    number: int = 0
    revision: int = 0
    name: str = ""

    @property
    def label(self) -> str:
        """S7, without the revision; "" when no record is named."""
        return next((f"{letters}{self.number}" for letters, kind in LETTERS.items() if kind == self.kind), "")


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of `text` in order; their texts joined are `text`."""
    at = 0
    for found in _NAMED.finditer(text):
        piece = _piece(found)
        if found.start() > at:
            yield Piece(text[at : found.start()])
        yield piece
        at = found.start() + len(piece.text)
    if at < len(text):
        yield Piece(text[at:])


def records_in(text: str) -> set[tuple[str, int]]:
    """{(kind, number)} of the records that a text names."""
    return {(piece.kind, piece.number) for piece in pieces(text) if piece.number}


def names_in(text: str) -> set[str]:
    """The names after @, in small letters."""
    return {piece.name.lower() for piece in pieces(text) if piece.name}


def _piece(found: re.Match[str]) -> Piece:
    if found["name"]:
        name = found["name"].rstrip(_ENDS)
        return Piece(f"@{name}", "person", name=name)
    revision = int(found["point"] or found["version"] or 0)
    return Piece(found.group(), LETTERS[found["letters"]], int(found["number"]), revision)
