"""Owns the few shapes that every figure is made of; what draws them (svg, png) knows nothing of theories. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
# where a way goes next: (end,) in a straight line, (two handles and the end) in a curve; the first says where it begins
Step = tuple[Point, ...]

INK, QUIET, PAPER = "#172027", "#56636d", "#ffffff"
HUES = {"c": "#1b4fc4", "m": "#a61c72", "o": "#6f4e00"}
TINTS = {"c": "#e9effc", "m": "#fbeaf4", "o": "#f6eedb"}
MINUS = "#96301d"


@dataclass(frozen=True, slots=True)
class Look:
    """How a shape is painted; `css` names it for a page's own style sheet. `dash` is in pixels."""

    css: str = ""
    fill: str = "none"
    stroke: str = "none"
    width: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Poly:
    """A closed figure with straight sides."""

    points: tuple[Point, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    w: float
    h: float
    look: Look
    r: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    r: float
    look: Look


@dataclass(frozen=True, slots=True)
class Way:
    """An open line."""

    steps: tuple[Step, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its base line, `anchor` start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 13.0
    anchor: str = "middle"
    css: str = ""
    fill: str = INK
    bold: bool = False
    italic: bool = False


Shape = Poly | Rect | Disc | Way | Words


@dataclass(slots=True)
class Group:
    """Shapes that belong together, at a place of their own; `title` is read aloud and shown on hover."""

    children: list["Shape | Group"] = field(default_factory=list)
    css: str = ""
    title: str = ""
    x: float = 0.0
    y: float = 0.0
    link: str = ""  # what it stands for, "CMO5" or "E12"; a page makes an address of it
    data: tuple[tuple[str, str], ...] = ()
    faded: bool = False

    def flat(self, x: float = 0.0, y: float = 0.0, faded: bool = False) -> Iterator[tuple[float, float, bool, Shape]]:
        """(right, down, faded, shape) of all shapes in it, in the order of painting."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.flat(x + child.x, y + child.y, faded or child.faded)
            else:
                yield x, y, faded, child


@dataclass(slots=True)
class Figure:
    """A drawing: its size in pixels, a title, a description in words, and what is in it."""

    width: float
    height: float
    title: str
    about: str
    body: Group


def line(*points: Point) -> tuple[Step, ...]:
    """A way through these points in straight pieces."""
    return tuple((point,) for point in points)


def curve(points: Sequence[Point]) -> tuple[Step, ...]:
    """A way through these points that leaves and reaches each of them level."""
    steps: list[Step] = [(points[0],)]
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (x1 + x2) / 2
        steps.append(((x2, y2),) if y1 == y2 else ((half, y1), (half, y2), (x2, y2)))
    return tuple(steps)
