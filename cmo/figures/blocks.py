"""Owns how one configuration is drawn: a box an element, C to M to O from left to right, gaps dotted. Pure.

Kind is told by shape and letter, a context's polarity and an outcome's sign by the line and a mark, so that a figure
says the same in black and white.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

from cmo.figures.graph import Cluster, Graph, Node, Place, roles_of
from cmo.figures.letters import width as width_of
from cmo.figures.letters import wrap
from cmo.figures.shapes import HUES, INK, PAPER, QUIET, TINTS, Disc, Group, Look, Poly, Rect, Shape, Way, Words, line
from cmo.vocabulary import KIND_OF, MECHANISMS, Activation, Kind, Polarity, Sign, Slot

BOX, GAP, HEAD = 142, 28, 30  # width of a box, room between columns, height of the line above
LEAST, LINE, TEXT, MOST = 64, 16, 13, 9  # height of a box and of a line, size of letters, lines of one text
BELOW = 12  # between boxes of one column
BOLD = 1.15  # how much wider letters are that are bold
LETTERS = {
    Kind.CONTEXT: "C", Kind.MECHANISM: "M", Kind.OUTCOME: "O", Kind.INTERVENTION: "I", Kind.SETTING: "S",
    Kind.ACTOR: "A", Kind.UNSURE: "?",
}  # fmt: skip
DASHES = {Polarity.HINDERING.value: (8.0, 4.0), Sign.NEGATIVE.value: (8.0, 4.0), Sign.MIXED.value: (9.0, 3.0, 2.0, 3.0)}
DOTTED = (2.0, 4.0)
SINK = 4  # words stand this much lower than the middle, clear of the mark at the top
FIRES = {Activation.DORMANT: 1.0, Activation.WEAK: 1.4, Activation.MODERATE: 2.2, Activation.STRONG: 3.2}
PLAIN = 1.75
HIT = Look("hit")


@dataclass(slots=True)
class Block:
    """A drawn configuration; `out` and `into` are where ripples leave and arrive, by element, from its own corner."""

    number: int
    group: Group
    width: float
    height: float
    out: dict[int, tuple[float, float]] = field(default_factory=dict)
    into: dict[int, tuple[float, float]] = field(default_factory=dict)
    hindering: frozenset[int] = frozenset()  # contexts that hinder
    head: float = 0.0  # where the words of the heading end


@dataclass(slots=True)
class _Box:
    kind: Kind
    places: list[Place]  # one, or a resource and a reasoning
    lines: list[list[str]]
    height: float
    top: float = 0.0

    @property
    def gap(self) -> bool:
        return not self.places


def columns(graph: Graph, clusters: Sequence[Cluster]) -> list[tuple[Kind, str]]:
    """(kind, label) of the columns that a drawing of these configurations needs, one for all of them.

    Resource, reasoning and mechanism share one.
    """
    labels = dict(graph.slots)
    found: dict[Kind, str] = {}
    for role in roles_of(graph, clusters):
        label = labels.get(role) or str(Slot(role).label)
        kind = KIND_OF[Slot(role)]
        split = Slot(role) in MECHANISMS - {Slot.MECHANISM}
        found.setdefault(kind, str(Kind.MECHANISM.label) if split else label)
    return list(found.items())


def block(graph: Graph, one: Cluster, kinds: Sequence[tuple[Kind, str]], *, faded: bool = False) -> Block:
    """A configuration drawn in these columns."""
    wanted = {KIND_OF[Slot(role)] for role, _label in graph.slots}
    stacks = [_stack(graph, one, kind, kind in wanted) for kind, _label in kinds]
    tall = max([LEAST, *(_height(stack) for stack in stacks)])
    width = len(kinds) * (BOX + GAP) - GAP
    made = Block(one.number, Group(), width, HEAD + tall)
    edges, boxes = Group(css="edges"), []
    for at, stack in enumerate(stacks):
        top = HEAD + (tall - _height(stack)) / 2
        for box in stack:
            box.top = top
            boxes.append(_boxed(graph, box, at * (BOX + GAP)))
            _ports(graph, made, box, at, len(kinds))
            top += box.height + BELOW
    filled = [(at, stack) for at, stack in enumerate(stacks) if stack]
    for (here, first), (there, second) in pairwise(filled):
        edges.children += _joined(graph, here, first, there, second)
    heading, made.head = _heading(one, width)
    made.group = Group([heading, edges, *boxes], css="cfg", title="", link=one.label, faded=faded)
    hinders = {place.element for place in one.places if graph.nodes[place.element].polarity == Polarity.HINDERING}
    made.hindering = frozenset(hinders)
    return made


def _heading(one: Cluster, width: float) -> tuple[Group, float]:
    """(the line above the boxes, where its words end)."""
    said = ", ".join([f"CMO {one.number}", *(f"S{number}" for number in one.statements[:4])])
    if len(one.statements) > 4:
        said += " …"
    if one.nickname:
        said = f"{said}: {one.nickname}"
    (first,) = wrap(said, width, 13, 1)
    hit = Rect(-4, -4, width + 8, HEAD, HIT)
    words = Words(0, 14, first, 13, "start", "cfg__t", QUIET, bold=True)
    long = round(BOLD * width_of(first, 13), 1)
    plate = Rect(0, 2, long, 16, Look("plate", PAPER))  # links to others pass under it
    return Group([hit, plate, words], link=one.label, css="cfg__h"), round(long + 10, 1)


# ---------------------------------------------------------------- boxes


def _stack(graph: Graph, one: Cluster, kind: Kind, wanted: bool) -> list[_Box]:
    """The boxes of a column; where nothing stands, a gap if the programme asks for the slot."""
    places = [place for place in one.places if KIND_OF[Slot(place.role)] == kind]
    if not places:
        return [_Box(kind, [], [wrap(_nothing(kind), BOX - 24, TEXT, 3)], LEAST)] if wanted else []
    if kind != Kind.MECHANISM:
        return [_sized(graph, kind, [place]) for place in places]
    by_role = {role: [place for place in places if place.role == role] for role in MECHANISMS}
    resources, reasonings = by_role[Slot.RESOURCE], by_role[Slot.REASONING]
    pairs = [list(pair) for pair in zip(resources, reasonings, strict=False)]
    alone = [[place] for place in [*resources[len(pairs):], *reasonings[len(pairs):], *by_role[Slot.MECHANISM]]]
    return [_sized(graph, kind, found) for found in pairs + alone]


def _nothing(kind: Kind) -> str:
    words = {
        Kind.CONTEXT: _("no context yet"), Kind.MECHANISM: _("no mechanism yet"), Kind.OUTCOME: _("no outcome yet"),
        Kind.INTERVENTION: _("no intervention yet"), Kind.SETTING: _("no setting yet"), Kind.ACTOR: _("no actor yet"),
    }  # fmt: skip
    return words.get(kind, "")


def _sized(graph: Graph, kind: Kind, places: list[Place]) -> _Box:
    room = BOX - (30 if kind == Kind.MECHANISM else 18)
    lines = [wrap(graph.text(place), room, TEXT, MOST) or [""] for place in places]
    heights = [len(found) * LINE + 24 for found in lines]
    return _Box(kind, places, lines, max(LEAST, sum(heights)) if len(lines) == 1 else max(LEAST, 2 * max(heights)))


def lone_box(graph: Graph, node: Node) -> tuple[Group, float]:
    """An element outside every configuration, dotted; and the height of its box."""
    kind = Kind(node.kind)
    role = next(slot for slot in Slot if KIND_OF[slot] == kind and (kind != Kind.MECHANISM or slot == Slot.MECHANISM))
    box = _sized(graph, kind, [Place(node.number, role.value)])
    return _boxed(graph, box, 0.0, dash=DOTTED), box.height


def _height(stack: Sequence[_Box]) -> float:
    return sum(box.height for box in stack) + BELOW * max(len(stack) - 1, 0)


def _boxed(graph: Graph, box: _Box, x: float, dash: tuple[float, ...] = ()) -> Group:
    letter = LETTERS[box.kind]
    css = letter.lower() if letter.isalpha() else "u"
    hue, tint = HUES.get(css, INK), TINTS.get(css, PAPER)
    nodes = [graph.nodes[place.element] for place in box.places]
    widths = [FIRES[Activation(place.activation)] if place.activation else PLAIN for place in box.places]
    dash = dash or (DOTTED if box.gap else DASHES.get(_trait(nodes[0]), ()) if nodes else ())
    look = Look("box", PAPER, hue, min(widths, default=PLAIN), dash)
    drawn: list[Shape | Group] = [_outline(box, x, look)]
    if len(box.places) == 2:
        drawn += _halves(box, x, widths, Look("half", tint, hue, 1, (4, 3)))
    for at, lines in enumerate(box.lines):
        tall = box.height / len(box.lines)
        words = _lines(lines, x + BOX / 2, box.top + tall * (at + 0.5) + SINK, _italic(box, at))
        if not nodes:
            drawn += words
            continue
        hit = Rect(x, box.top + tall * at, BOX, tall, HIT)
        said = _said(graph, box.places[at], nodes[at])
        drawn.append(Group([hit, *words], link=nodes[at].label, title=said, css="w"))
    drawn += _mark(box, x, hue, letter)
    if nodes:
        drawn += _badge(nodes[0], x + BOX - 34, box.top, hue)
    return Group(drawn, css=f"n n--{css}{' n--gap' if box.gap else ''}")


def _halves(box: _Box, x: float, widths: Sequence[float], half: Look) -> list[Shape]:
    """A resource above its reasoning: the lower half's tint, then the outline of each as strong as it fires.

    The outlines come last, since the tint would cover their inner side.
    """
    middle, rims = box.top + box.height / 2, []
    for end, width in zip((box.top, box.top + box.height), widths, strict=True):
        sides = ((x, middle), (x + 12, end), (x + BOX - 12, end), (x + BOX, middle))
        rims.append(Way(line(*sides), Look("rim", "none", half.stroke, width)))
    return [Poly(sides, half), *rims]


def _trait(node: Node) -> str:
    return node.polarity or node.sign


def _italic(box: _Box, at: int) -> bool:
    return bool(box.places) and box.places[at].role == Slot.REASONING


def _said(graph: Graph, place: Place, node: Node) -> str:
    """What is read aloud: the role, the whole text, and what the marks say."""
    labels = dict(graph.slots)
    role = labels.get(place.role) or str(Slot(place.role).label)
    traits = [str(choices(value).label) for choices, value in _traits(place, node) if value]
    said = f"{role} {node.label}: {graph.text(place)}"
    return f"{said} ({', '.join(traits)})" if traits else said


def _traits(place: Place, node: Node) -> list[tuple[type, str]]:
    return [(Polarity, node.polarity), (Sign, node.sign), (Activation, place.activation)]


def _outline(box: _Box, x: float, look: Look) -> Shape:
    top, bottom, right, middle = box.top, box.top + box.height, x + BOX, box.top + box.height / 2
    if box.kind == Kind.MECHANISM:
        sides = ((x, middle), (x + 12, top), (right - 12, top), (right, middle), (right - 12, bottom), (x + 12, bottom))
        return Poly(sides, look)
    if box.kind == Kind.INTERVENTION:
        return Poly(((x, top), (right - 14, top), (right, middle), (right - 14, bottom), (x, bottom)), look)
    if box.kind == Kind.SETTING:
        cut = 10
        corners = (
            (x + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut), (right - cut, bottom),
            (x + cut, bottom), (x, bottom - cut), (x, top + cut),
        )  # fmt: skip
        return Poly(corners, look)
    radius = {Kind.OUTCOME: min(30.0, box.height / 2), Kind.ACTOR: 12.0}.get(box.kind, 0.0)
    return Rect(x, top, BOX, box.height, look, radius)


def _lines(lines: Sequence[str], x: float, middle: float, italic: bool) -> list[Shape | Group]:
    first = middle - (len(lines) - 1) * LINE / 2 + TEXT * 0.35
    css = "rea" if italic else ""
    return [Words(x, first + at * LINE, text, TEXT, css=css, italic=italic) for at, text in enumerate(lines)]


def _mark(box: _Box, x: float, hue: str, letter: str) -> list[Shape | Group]:
    """The letter of the kind in its shape: square, lozenge, disc."""
    hollow = box.gap or [place.role for place in box.places] == [Slot.RESOURCE]
    look = Look("k k--hollow", PAPER, hue, 1.5) if hollow else Look("k", hue, hue, 1.5)
    middle = x + BOX / 2
    ink = hue if hollow else PAPER
    css = "kl kl--hollow" if hollow else "kl"
    if box.kind == Kind.MECHANISM:
        y = box.top
        shape: Shape = Poly(((middle, y - 10), (middle + 10, y), (middle, y + 10), (middle - 10, y)), look)
    elif box.kind == Kind.OUTCOME:
        y = box.top
        shape = Disc(middle, y, 9, look)
    else:
        middle, y = x + 9, box.top + 9
        shape = Rect(x, box.top, 18, 18, look)
    return [shape, Words(middle, y + 4.3, letter, 12, css=css, fill=ink, bold=True)]


def _badge(node: Node, x: float, top: float, hue: str) -> list[Shape | Group]:
    """What a context does or which way an outcome goes: a triangle up or down, or + − ±, on the upper line."""
    if not (node.polarity or node.sign):
        return []
    ring: Shape = Disc(x, top, 8.5, Look("badge__ring", PAPER, hue, 1))
    if node.polarity:
        way = -1 if node.polarity == Polarity.FACILITATING else 1
        points = ((x - 5, top - 3 * way), (x + 5, top - 3 * way), (x, top + 5 * way))
        return [ring, Poly(points, Look("badge", hue, hue, 1))]
    look = Look("badge__line", "none", hue, 1.75)
    lines = [line((x - 4.5, top), (x + 4.5, top))]
    if node.sign == Sign.MIXED:
        lines = [line((x - 4, top - 2), (x + 4, top - 2)), line((x - 4, top + 5), (x + 4, top + 5))]
    if node.sign != Sign.NEGATIVE:
        up = 4.5 if node.sign == Sign.POSITIVE else 2
        lines.append(line((x, top - up - (4 if node.sign == Sign.MIXED else 0)), (x, top + up)))
    return [ring, *(Way(steps, look) for steps in lines)]


# ---------------------------------------------------------------- within a configuration, and out of it


def _joined(graph: Graph, here: int, first: Sequence[_Box], there: int, second: Sequence[_Box]) -> list[Shape | Group]:
    """From each box of a column to each of the next, by one upright between them where there are several."""
    start, end = here * (BOX + GAP) + BOX, there * (BOX + GAP)
    post = end - GAP / 2
    sources = [(box.top + box.height / 2, box) for box in first]
    targets = [box.top + box.height / 2 for box in second]
    drawn: list[Shape | Group] = []
    ends = [y for y, _box in sources] + targets
    if max(ends) > min(ends):
        drawn.append(Way(line((post, min(ends)), (post, max(ends))), Look("edge", "none", QUIET, 2)))
    for y, box in sources:
        hinders = any(graph.nodes[place.element].polarity == Polarity.HINDERING for place in box.places)
        dash = DOTTED if box.gap else (6.0, 3.0) if hinders else ()
        look = Look("edge", "none", QUIET, 2, dash)
        drawn.append(Way(line((start, y), (post, y)), look))
        if hinders:
            drawn.append(Way(line((start + 5, y - 7), (start + 5, y + 7)), Look("bar-e", "none", INK, 3)))
    for y in targets:
        drawn.append(Way(line((post, y), (end - 9, y)), Look("edge", "none", QUIET, 2)))
        drawn.append(Poly(((end - 1, y), (end - 10, y - 5), (end - 10, y + 5)), Look("arrow", QUIET)))
    return drawn


def _ports(graph: Graph, made: Block, box: _Box, at: int, columns: int) -> None:
    """Where ripples leave and arrive: at the side where the box looks outwards, else at its foot."""
    x, middle, foot = at * (BOX + GAP), box.top + box.height / 2, box.top + box.height
    for place in box.places:
        if place.role == Slot.OUTCOME:
            made.out.setdefault(place.element, (x + BOX, middle) if at == columns - 1 else (x + BOX - 30, foot))
        if place.role == Slot.CONTEXT:
            made.into.setdefault(place.element, (x, middle) if at == 0 else (x + 30, foot))
