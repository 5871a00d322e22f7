"""Owns where the words at a link stand: along its way, clear of configurations, of other words and of other ways. Pure.

Each label tries places along its way, the middle first, above, on and below it, and takes the one that covers least.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import NamedTuple

from cmo.figures.letters import width as width_of
from cmo.figures.letters import wrap
from cmo.figures.shapes import PAPER, QUIET, Group, Look, Point, Rect, Step, Words

SIZE, LINE, MOST = 11.5, 13, 4  # size of letters, height of a line, lines where the room is narrow
AWAY = 4  # pixels between a level way and the words above or below it
LEVEL = 20  # a way that rises or falls less than this is level
WIDEST = 200.0  # words along a long way stand in one line up to this width
ALONG_WAY = (0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86)
SAMPLES = 16  # points that stand for one piece of a way
CELL = 8  # pixels of a square of paper
ON_TAKEN, ON_WAY = 40, 60  # what it costs to cover a square that is taken, and a way; a later place costs 1 more
Box = tuple[float, float, float, float]  # left, top, right, bottom
Cell = tuple[int, int]


@dataclass(slots=True)
class Label:
    """Words that want to stand along a piece of a way; `arc` is the number of the link that they belong to."""

    arc: int
    text: str
    piece: tuple[Point, Step]  # where the piece begins, and how it goes on
    faded: bool = False


class Settled(NamedTuple):
    group: Group
    box: Box


@dataclass(slots=True)
class _Paper:
    """What of the paper is taken, in squares: by configurations and words, and by which ways.

    A row of squares is a number with a bit for each, and so are the links that pass through a square, so that looking
    at a place takes a few steps whatever stands there. No words stand left of 0; what does is not kept.
    """

    taken: dict[int, int] = field(default_factory=dict)
    passed: dict[int, int] = field(default_factory=dict)  # squares through which some way goes
    ways: dict[Cell, int] = field(default_factory=dict)

    def take(self, box: Box) -> None:
        left, top, right, bottom = _squares(box)
        wide = ((1 << (right - left + 1)) - 1) << left
        for row in range(top, bottom + 1):
            self.taken[row] = self.taken.get(row, 0) | wide

    def lead(self, arc: int, steps: Sequence[Step]) -> None:
        """A way goes here."""
        for x, y in _points(steps):
            if x >= 0:
                column, row = int(x // CELL), int(y // CELL)
                self.passed[row] = self.passed.get(row, 0) | 1 << column
                self.ways[column, row] = self.ways.get((column, row), 0) | 1 << arc

    def cost(self, box: Box, arc: int, most: float) -> float:
        """What words of this link would cover there: nothing is 0. It is counted no further than to `most`."""
        left, top, right, bottom = _squares(box)
        wide, rows = (1 << (right - left + 1)) - 1, range(top, bottom + 1)
        cost = ON_TAKEN * sum((self.taken.get(row, 0) >> left & wide).bit_count() for row in rows)
        if cost >= most:
            return cost
        crossed = own = 1 << arc
        for row in rows:
            found = self.passed.get(row, 0) >> left & wide
            while found:
                first = found & -found
                crossed |= self.ways[left + first.bit_length() - 1, row]
                found ^= first
            if cost + ON_WAY * (crossed ^ own).bit_count() >= most:
                break
        return cost + ON_WAY * (crossed ^ own).bit_count()


def _squares(box: Box) -> tuple[int, int, int, int]:
    """The first and the last column and row that a box covers."""
    left, top, right, bottom = box
    return max(int(left // CELL), 0), int(top // CELL), max(int(right // CELL), 0), int(bottom // CELL)


def longest(steps: Sequence[Step]) -> tuple[Point, Step]:
    """The piece of a way that has most room for words: the one that goes furthest to a side."""
    at = max(range(1, len(steps)), key=lambda one: abs(steps[one][-1][0] - steps[one - 1][-1][0]))
    return steps[at - 1][-1], steps[at]


def settle(
    labels: Sequence[Label], blocks: Iterable[Box], ways: Iterable[Sequence[Step]], *, room: float
) -> list[Settled]:
    """Each label where it stands, in their order; `ways` are those of all links in the order of their numbers.

    `room` is how wide words may be between two layers of configurations.
    """
    paper = _Paper()
    for block in blocks:
        paper.take(block)
    for arc, steps in enumerate(ways):
        paper.lead(arc, steps)
    made = []
    for label in labels:
        box, said = _best(label, paper, room)
        paper.take(box)
        made.append(Settled(_drawn(label, box, said), box))
    return made


def _best(label: Label, paper: _Paper, room: float) -> tuple[Box, list[str]]:
    """The place that covers least, of two alike the one that was tried first."""
    least, found = inf, None
    for wait, (box, said) in enumerate(_places(label, room)):
        if wait >= least:
            break
        cost = wait + paper.cost(box, label.arc, least - wait)
        if cost < least:
            least, found = cost, (box, said)
    assert found is not None  # there is always a first place, and its cost is finite
    return found


def _points(steps: Sequence[Step]) -> Iterator[Point]:
    for before, step in pairwise(steps):
        yield from _on(before[-1], step, SAMPLED)


def _shares(t: float) -> tuple[float, float, float, float]:
    """How much each of the four points of a curve counts at `t` of its way, from 0 to 1."""
    return (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3


SAMPLED = [_shares(at / SAMPLES) for at in range(1, SAMPLES + 1)]
TRIED = [_shares(t) for t in ALONG_WAY]


def _on(start: Point, step: Step, where: Iterable[tuple[float, float, float, float]]) -> Iterator[Point]:
    """The points of a piece at these places of its way, see _shares."""
    (x1, y1), (x4, y4) = start, step[-1]
    (x2, y2), (x3, y3) = step[:2] if len(step) == 3 else ((x1 + (x4 - x1) / 3, y1 + (y4 - y1) / 3),
                                                          (x4 - (x4 - x1) / 3, y4 - (y4 - y1) / 3))  # fmt: skip
    for a, b, c, d in where:
        yield a * x1 + b * x2 + c * x3 + d * x4, a * y1 + b * y2 + c * y3 + d * y4


def _places(label: Label, room: float) -> Iterator[tuple[Box, list[str]]]:
    """(box, lines) of each place that the words may take, the best first."""
    start, step = label.piece
    across, down = abs(step[-1][0] - start[0]), abs(step[-1][1] - start[1])
    long = min(across - 10, WIDEST)
    wrapped = wrap(label.text, max(room, long), SIZE, 1 if long > room else MOST)
    wide, tall = max(width_of(one, SIZE) for one in wrapped) + 4, LINE * len(wrapped)
    above, on, below = ((-wide / 2, lower) for lower in (-tall - AWAY, -tall / 2, AWAY))
    beside = [(AWAY, -tall / 2), (-wide - AWAY, -tall / 2)]
    sides = [above, below, on] if down < LEVEL else [on, *beside, above, below]
    for x, y in _on(start, step, TRIED):
        for right, lower in sides:
            left, top = round(max(x + right, 2), 1), round(y + lower, 1)
            yield (left, top, round(left + wide, 1), round(top + tall, 1)), wrapped


def _drawn(label: Label, box: Box, wrapped: Sequence[str]) -> Group:
    left, top, right, bottom = box
    paper = Rect(left, top, round(right - left, 1), round(bottom - top, 1), Look("lab", PAPER))
    middle = round((left + right) / 2, 1)
    lines = [
        Words(middle, round(top + 10 + LINE * at, 1), one, SIZE, css="lab__t", fill=QUIET)
        for at, one in enumerate(wrapped)
    ]
    return Group([paper, *lines], css="labs", data=(("arc", str(label.arc)),), faded=label.faded)
