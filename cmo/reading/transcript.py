"""Owns how a transcript is cut for a page: lines, who speaks, and the words that excerpts are made of. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SPEAKER = re.compile(r"([A-Z][\w’' /.-]{0,39}):[ \t]+")
_ASKS = re.compile(r"(?:interviewer|int|i|researcher|moderator|q)\d?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row; `at` is where they begin in the transcript, `numbers` the excerpts that they belong to."""

    text: str
    at: int
    numbers: tuple[int, ...] = ()

    @property
    def number(self) -> int | None:
        """The excerpt that the words lead to: the one that begins last."""
        return self.numbers[-1] if self.numbers else None


@dataclass(slots=True)
class Line:
    """A line of a transcript. `ends` are the excerpts whose last words stand in it."""

    who: str = ""
    asks: bool = False
    pieces: list[Piece] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


def lines_of(text: str, places: Sequence[tuple[int, int, int]]) -> list[Line]:
    """The lines of `text` that say something. `places` are (start, end, number of the excerpt) in characters."""
    found: list[Line] = []
    waiting, here, at = sorted(places)[::-1], list[tuple[int, int, int]](), 0
    for raw in text.split("\n"):
        end = at + len(raw)
        while waiting and waiting[-1][0] < end:
            here.append(waiting.pop())
        here = [one for one in here if one[1] > at]
        if raw.strip():
            found.append(_line(raw, at, here))
        at = end + 1
    return found


def _line(raw: str, at: int, places: Sequence[tuple[int, int, int]]) -> Line:
    named = _SPEAKER.match(raw)
    skip = named.end() if named and not any(start < at + named.end() for start, _end, _n in places) else 0
    who = named[1] if named and skip else ""
    line = Line(who, bool(who and _ASKS.fullmatch(who)))
    line.ends = [number for _start, end, number in places if end <= at + len(raw)]
    cuts = sorted({skip, len(raw), *(min(max(edge - at, skip), len(raw)) for one in places for edge in one[:2])})
    for begin, stop in pairwise(cuts):
        covering = tuple(number for start, end, number in places if start <= at + begin and end >= at + stop)
        line.pieces.append(Piece(raw[begin:stop], at + begin, covering))
    return line
