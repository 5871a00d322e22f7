"""Owns how wide words are in a figure, and where lines break. Pure.

The widths are those of a plain sans serif (Helvetica's), wider than the face of our pages, so that a line fits
whichever face the reader's machine puts in.
"""

import unicodedata
from functools import lru_cache

_NARROW = "ijl|'.,:;!I `"
_THIN = "ft()[]{}/\\r-\"“”‘’*"
_BROAD = "mwMW%@—…"
_CAPITALS = "ABCDEFGHJKLNOPQRSTUVXYZ&"
_WIDTH = (
    dict.fromkeys(_NARROW, 0.27) | dict.fromkeys(_THIN, 0.34) | dict.fromkeys(_BROAD, 0.92)
    | dict.fromkeys(_CAPITALS, 0.70)
)  # fmt: skip
MORE = "…"


def width(text: str, size: float) -> float:
    """How wide a line is at most, in pixels, at a size in pixels."""
    return sum(_of(letter) for letter in text) * size


@lru_cache(4096)
def _of(letter: str) -> float:
    found = _WIDTH.get(letter)
    if found is not None:
        return found
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in {"W", "F"} else 0.57


def wrap(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in lines no wider than `room` pixels, at most `most` of them; the last ends in … where words are left.

    White space becomes single spaces; a word that fits no line is broken.
    """
    lines: list[str] = []
    line, used = "", 0.0
    space = width(" ", size)
    for word in text.split():
        for piece, wide in _pieces(word, room, size):
            if line and used + space + wide <= room:
                line, used = f"{line} {piece}", used + space + wide
                continue
            if line:
                lines.append(line)
            line, used = piece, wide
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) <= most:
        return lines
    kept = lines[:most]
    last = kept[-1]
    while last and width(last + MORE, size) > room:
        last = last[:-1].rstrip()
    return [*kept[:-1], last + MORE]


def _pieces(word: str, room: float, size: float) -> list[tuple[str, float]]:
    whole = width(word, size)
    if whole <= room:
        return [(word, whole)]
    found: list[tuple[str, float]] = []
    piece, used = "", 0.0
    for letter in word:
        wide = _of(letter) * size
        if piece and wide and used + wide > room:
            found.append((piece, used))
            piece, used = "", 0.0
        piece, used = piece + letter, used + wide
    return [*found, (piece, used)]
