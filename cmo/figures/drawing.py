"""Owns the drawing of a whole map: configurations in layers along their ripples or by theory area, and what joins them.

Pure, and the same for the same data: nothing here asks for the time, a random number or the order of a set.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.figures.blocks import BOLD, BOX, GAP, Block, block, columns
from cmo.figures.graph import Cluster, Graph, Tie
from cmo.figures.key import key
from cmo.figures.labels import Label, longest, settle
from cmo.figures.layers import Edge, Layers, layered
from cmo.figures.letters import width as width_of
from cmo.figures.letters import wrap
from cmo.figures.lone import crowd_notes, lone_band
from cmo.figures.shapes import INK, QUIET, Figure, Group, Look, Point, Poly, Step, Way, Words, curve, line
from cmo.vocabulary import LinkKind, Slot

ALONG, DOWN, EDGE, TITLE = 84, 42, 18, 34  # room between layers, between blocks, around the whole, for a heading
WORDY = 128  # room between layers where links have words
RIPPLE, AREA = "ripple", "area"
LAYOUTS = (RIPPLE, AREA)
TIP, FOOT = 9, 12  # pixels of a ripple's arrow, and of its way below a configuration
LEVEL, APART, AWAY = 9.5, 4, 4.0  # how high in a heading a stated link begins; between two of a pair; before a heading
NOTHING, WIDE, LONE = 60.0, 420.0, 652.0  # of a figure without a configuration; with lone elements alone
STATED = {
    LinkKind.RIVAL.value: (10.0, 3.0), LinkKind.NESTED.value: (2.0, 3.0), LinkKind.CONTRADICTS.value: (14.0, 4.0),
    LinkKind.CONTRASTS.value: (6.0, 4.0),
}  # fmt: skip


@dataclass(slots=True)
class Drawing:
    """A figure, and where its configurations stand in it: {number: (x, y)}."""

    figure: Figure
    places: dict[int, Point] = field(default_factory=dict)


def draw(
    graph: Graph,
    *,
    by: str = RIPPLE,
    faded: Collection[int] = (),
    moved: Mapping[int, Point] | None = None,
    title: str = "",
    with_key: bool = True,
    lone: int | None = None,
) -> Drawing:
    """All configurations of the graph, below them its lone elements. `faded` ones are drawn pale; `moved` ones stand
    where somebody put them. `lone` is how many lone elements there are where not all of them are in the graph."""
    clusters = [graph.clusters[number] for number in sorted(graph.clusters)]
    kinds = columns(graph, clusters)
    blocks = {one.number: block(graph, one, kinds, faded=one.number in faded) for one in clusters}
    wide = len(kinds) * (BOX + GAP) - GAP
    body = Group(css="map")
    alone = graph.lone
    found = len(alone) if lone is None else lone
    if not blocks and alone:
        band, tall = lone_band(graph, alone, LONE, found)
        band.x, band.y = EDGE, EDGE
        body.children.append(band)
        return Drawing(_figure(graph, body, LONE + 2 * EDGE, tall + 2 * EDGE, title))
    if not blocks:
        body.children.append(Words(EDGE, 36, _("There is no configuration here."), 13, "start", "cfg__t", QUIET))
        return Drawing(_figure(graph, body, WIDE, NOTHING, title))
    between = WORDY if any(_words(tie) for tie in graph.ties) else ALONG
    places, lanes, back = (
        _areas(graph, blocks, wide, between, body) if by == AREA else _whole(graph, blocks, wide, between)
    )
    placed = places | {number: at for number, at in (moved or {}).items() if number in places}
    arcs, labels = _arcs(graph, blocks, (places, lanes, back), placed, faded)
    body.children.append(Group([one.group for one in arcs], css="arcs"))
    boxes = [(x, y, x + wide, y + blocks[number].height) for number, (x, y) in sorted(placed.items())]
    titles = [one for one in body.children if isinstance(one, Words)]
    boxes += [(one.x, one.y - one.size, one.x + BOLD * width_of(one.text, one.size), one.y + 4) for one in titles]
    said = settle(labels, boxes, [one.steps for one in arcs], room=between - 14)
    body.children += [one.group for one in said]
    body.y = float(max(0, round(EDGE / 2 - min((one.box[1] for one in said), default=EDGE))))
    for number, one in blocks.items():
        one.group.x, one.group.y = placed[number]
        body.children.append(one.group)
    right = max(x + wide for x, _y in placed.values()) + EDGE + (ALONG - EDGE if back else 0)
    right = max([right, *(one.box[2] + EDGE / 2 for one in said)])
    foot = max(placed[number][1] + one.height for number, one in blocks.items()) + EDGE
    foot = max([foot, *(y + EDGE for ways in lanes.values() for _x, y in ways)])
    for part, tall in _below(graph, alone, found, right - 2 * EDGE):
        part.x, part.y = EDGE, foot + 8
        body.children.append(part)
        foot += tall + 8
    if with_key:
        drawn, tall = key(graph, kinds, right - 2 * EDGE)
        drawn.x, drawn.y = EDGE, foot + 8
        body.children.append(drawn)
        foot += tall + 8
    return Drawing(_figure(graph, body, right, foot + body.y, title), places=placed)


def _below(graph: Graph, alone: Sequence[int], found: int, room: float) -> list[tuple[Group, float]]:
    """What stands below the configurations: notes on ripples that are not drawn, and lone elements."""
    parts = [crowd_notes(graph, room)] if graph.crowds else []
    return [*parts, lone_band(graph, alone, room, found)] if alone else parts


def _figure(graph: Graph, body: Group, width: float, height: float, title: str) -> Figure:
    named = title or _("Map of configurations: %(title)s") % {"title": graph.title}
    return Figure(round(width), round(height), named, about(graph), body)


def about(graph: Graph) -> str:
    """The figure in words: a single configuration as a sentence, a map by its counts and its ripples."""
    if len(graph.clusters) == 1:
        return sentence(graph, next(iter(graph.clusters.values())))
    n, elements = len(graph.clusters), len(graph.nodes)
    said = [
        ngettext("%(n)s configuration", "%(n)s configurations", n) % {"n": n},
        ngettext("%(n)s element", "%(n)s elements", elements) % {"n": elements},
    ]
    shown = [f"CMO{tie.source} → CMO{tie.target}" for tie in graph.ties if tie.ripple]
    ripples = len(shown) + sum(crowd.n for crowd in graph.crowds)
    counted = ngettext("%(n)s ripple", "%(n)s ripples", ripples) % {"n": ripples}
    said.append(f"{counted}: {', '.join(shown[:20])}{' …' if ripples > 20 else ''}" if shown else counted)
    if alone := len(graph.lone):
        said.append(ngettext("%(n)s element in no configuration", "%(n)s elements in no configuration", alone)
                    % {"n": alone})  # fmt: skip
    return "; ".join(said) + "."


def sentence(graph: Graph, one: Cluster) -> str:
    """A configuration in words: its roles in order with what stands in them."""
    labels = dict(graph.slots)
    return ". ".join(
        f"{labels.get(place.role) or Slot(place.role).label}: {graph.text(place).strip().rstrip('.')}"
        for place in one.places
    ) + "."


# ---------------------------------------------------------------- where blocks stand


def _pairs(ties: Sequence[Tie]) -> list[Edge]:
    return [(tie.source, tie.target) for tie in ties if tie.ripple]


Spread = tuple[dict[int, Point], dict[Edge, list[Point]], set[Edge]]


def _whole(
    graph: Graph, blocks: Mapping[int, Block], wide: float, between: float, down: float = 0.0, left: float = EDGE
) -> Spread:
    found = layered({number: one.height for number, one in blocks.items()}, _pairs(graph.ties), gap=DOWN)
    # what leads back, and what was stated within the first layer, turns round at its left
    first = {number for number, at in found.layer.items() if at == 0}
    if found.back or any(not tie.ripple and {tie.source, tie.target} <= first for tie in graph.ties):
        left = between
    return _spread(found, wide, between, left, down)


def _spread(found: Layers, wide: float, between: float, left: float, down: float) -> Spread:
    along = {at: left + at * (wide + between) for at in range(found.width)}
    places = {
        number: (float(along[at]), float(round(found.top[number] + EDGE + down))) for number, at in found.layer.items()
    }
    lanes = {
        edge: [(float(along[at]), float(round(y + EDGE + down))) for at, y in ways]
        for edge, ways in found.lanes.items()
    }
    return places, lanes, found.back


def _areas(graph: Graph, blocks: Mapping[int, Block], wide: float, between: float, body: Group) -> Spread:
    """Area under area with its title; ripples between areas run straight across."""
    places: dict[int, Point] = {}
    lanes: dict[Edge, list[Point]] = {}
    back: set[Edge] = set()
    down = 0.0
    for slug, title in [*graph.areas.items(), ("", _("Without an area"))]:
        part = graph.cut(number for number, one in graph.clusters.items() if one.area == slug)
        if not part.clusters:
            continue
        (first,) = wrap(title, 2 * wide, 15, 1)
        body.children.append(Words(EDGE, down + EDGE + 14, first, 15, "start", "area", INK, bold=True))
        down += TITLE
        own = {number: blocks[number] for number in sorted(part.clusters)}
        some, ways, backward = _whole(part, own, wide, between, down, between)
        places |= some
        lanes |= ways
        back |= backward
        feet = [places[number][1] + one.height for number, one in own.items()]
        down = max([*feet, *(y for way in ways.values() for _x, y in way)]) + DOWN - EDGE
    return places, lanes, back


# ---------------------------------------------------------------- what joins them


def _arcs(
    graph: Graph, blocks: Mapping[int, Block], home: Spread, placed: Mapping[int, Point], faded: Collection[int]
) -> tuple[list["_Arc"], list[Label]]:
    """All links in their order, and the words that want to stand at them."""
    places, lanes, back = home
    arcs: list[_Arc] = []
    labels: list[Label] = []
    seen: dict[tuple[int, bool], int] = {}
    for tie in graph.ties:
        pair = (tie.source, tie.target)
        if tie.ripple:
            at_home = placed[tie.source] == places[tie.source] and placed[tie.target] == places[tie.target]
            made = _ripple(tie, blocks, placed, lanes.get(pair, []) if at_home else [], pair in back and at_home)
        else:
            made = _stated(tie, blocks, placed, seen)
        made.group.faded = not {tie.source, tie.target}.isdisjoint(faded)
        if words := _words(tie):
            labels.append(Label(len(arcs), words, made.piece, made.group.faded))
        arcs.append(made)
    return arcs, labels


class _Arc(NamedTuple):
    """A drawn link: its shapes, the way that it goes, and the piece of that where its words may stand."""

    group: Group
    steps: Sequence[Step]
    piece: tuple[Point, Step]


def _ripple(
    tie: Tie, blocks: Mapping[int, Block], placed: Mapping[int, Point], lanes: Sequence[Point], back: bool
) -> _Arc:
    source, target = blocks[tie.source], blocks[tie.target]
    out = source.out.get(tie.element or 0, (source.width, source.height / 2))
    into = target.into.get(tie.element or 0, (0.0, target.height / 2))
    (x1, y1), (x2, y2) = placed[tie.source], placed[tie.target]
    start, end = (x1 + out[0], y1 + out[1]), (x2 + into[0], y2 + into[1])
    # a box that does not stand at the side of its configuration is left, or reached, from below
    before: list[Step] = [] if out[0] >= source.width - 1 else [(start,), ((start[0], y1 + source.height + FOOT),)]
    after: list[Step] = [] if not into[0] else [((end[0], y2 + target.height + FOOT),), ((end[0], end[1] + TIP),)]
    leave = (x1 + source.width, y1 + source.height + FOOT) if before else start
    reach = (x2 - TIP, y2 + target.height + FOOT) if after else (end[0] - TIP, end[1])
    back = back or reach[0] <= leave[0]
    aside = y1 + (source.height + DOWN / 3 if y2 >= y1 else -DOWN / 3)
    way = _way(leave, reach, lanes or ([(reach[0] + TIP, aside)] if back else []), back, source.width)
    steps = (*before, *way, *after)
    blocks_it = tie.element in target.hindering
    look = Look("block-e" if blocks_it else "ripple-e", "none", INK, 2, (9, 4, 2, 4))
    x, y = steps[-1][-1]
    drawn: list[Way | Poly] = [Way(steps, look)]
    up = bool(after)
    if blocks_it:
        bar = line((x - 9, y + 1), (x + 9, y + 1)) if up else line((x + 1, y - 9), (x + 1, y + 9))
        drawn.append(Way(bar, Look("bar-e", "none", INK, 4)))
    else:
        upwards = ((x, y - 8), (x - 5, y + 1), (x + 5, y + 1))
        drawn.append(Poly(upwards if up else ((x + 8, y), (x - 1, y - 5), (x - 1, y + 5)), Look("arrow", INK)))
    data = (
        ("from", str(tie.source)), ("to", str(tie.target)), ("out", f"{_n(out[0])},{_n(out[1])}"),
        ("into", f"{_n(into[0])},{_n(into[1])}"),
    )  # fmt: skip
    words = _("CMO %(source)s ripples to CMO %(target)s through E%(element)s")
    if blocks_it:
        words = _("CMO %(source)s ripples to CMO %(target)s through E%(element)s, a context that hinders")
    said = words % {"source": tie.source, "target": tie.target, "element": tie.element}
    group = Group(list(drawn), css="arc", title=f"{said}: {tie.name}" if tie.name else said, data=data)
    return _Arc(group, steps, longest(steps))


def _n(value: float) -> str:
    return f"{value:g}"


def _way(start: Point, end: Point, lanes: Sequence[Point], back: bool, wide: float) -> tuple[Step, ...]:
    """From one place to another along the lanes that were kept free."""
    if not back:
        points = [start]
        for x, y in lanes:
            points += [(x, y), (x + wide, y)]
        return curve([*points, end])
    turn = ALONG * 0.55
    first, final = lanes[-1][1], lanes[0][1]
    steps: list[Step] = [
        (start,), ((start[0] + turn, start[1]), (start[0] + turn, first), (start[0], first)),
    ]  # fmt: skip
    for (x1, y1), (x2, y2) in pairwise(reversed(lanes)):
        steps += [((x1, y1),), *curve([(x1, y1), (x2 + wide, y2)])[1:]]
    left = end[0] + TIP
    return (*steps, ((left, final),), ((left - turn, final), (left - turn, end[1]), end))


def _stated(
    tie: Tie, blocks: Mapping[int, Block], placed: Mapping[int, Point], seen: dict[tuple[int, bool], int]
) -> _Arc:
    """A link that somebody stated: from heading to heading, since it holds of two whole configurations.

    `seen` counts the links at (a heading, its right side), so that they lie beside each other.
    """
    (x1, y1), (x2, y2) = placed[tie.source], placed[tie.target]
    source, target = blocks[tie.source], blocks[tie.target]
    at_source, at_target = (_level(seen, one) for one in ((tie.source, x1 < x2), (tie.target, x2 < x1)))
    y1, y2 = y1 + at_source, y2 + at_target
    lead = (0.0, 0.0)  # how far the way goes on at either end, into the line of the heading
    if x1 == x2:
        out, into = -AWAY, -AWAY
    elif x1 < x2:
        out, into, lead = source.width, -AWAY, (min(source.head - source.width, 0.0), 0.0)
    else:
        out, into, lead = -AWAY, target.width, (0.0, min(target.head - target.width, 0.0))
    start, end = (x1 + out, y1), (x2 + into, y2)
    bend = curve([start, end])[1]
    if x1 == x2:
        bulge = x1 - 40 - 8 * seen[tie.source, False]
        bend = ((bulge, y1), (bulge, y2), end)
    begin: list[Step] = [((start[0] + lead[0], y1),)] if lead[0] else []
    finish: list[Step] = [((end[0] + lead[1], y2),)] if lead[1] else []
    steps = (*begin, (start,), bend, *finish)
    word = str(LinkKind(tie.kind).label)
    drawn: list[Way | Poly] = [Way(steps, Look("link-e", "none", QUIET, 1.75, STATED.get(tie.kind, ())))]
    data = (
        ("from", str(tie.source)), ("to", str(tie.target)), ("out", f"{_n(out)},{_n(at_source)}"),
        ("into", f"{_n(into)},{_n(at_target)}"), ("lead", f"{_n(lead[0])},{_n(lead[1])}"),
    )  # fmt: skip
    said = _("CMO %(source)s: %(kind)s CMO %(target)s") % {"source": tie.source, "kind": word, "target": tie.target}
    titled = f"{said}: {tie.name}" if tie.name else said
    return _Arc(Group(list(drawn), css="arc arc--stated", title=titled, data=data), steps, (start, bend))


def _level(seen: dict[tuple[int, bool], int], side: tuple[int, bool]) -> float:
    """How high in a heading the next link of that side begins or ends."""
    n = seen[side] = seen.get(side, 0) + 1
    return LEVEL - APART * ((n - 1) % 3)


def _words(tie: Tie) -> str:
    """What stands at a link: its name, and for a stated one its kind."""
    if tie.ripple:
        return tie.name
    word = str(LinkKind(tie.kind).label)
    return f"{word}: {tie.name}" if tie.name else word.lower()
