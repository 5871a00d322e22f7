"""Owns the key below a figure: what its shapes, letters, lines and marks mean, as far as they are in it. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cmo.figures.graph import Graph
from cmo.figures.letters import width
from cmo.figures.shapes import HUES, INK, PAPER, QUIET, Disc, Group, Look, Poly, Rect, Shape, Way, Words, line
from cmo.vocabulary import Kind, Polarity, Sign, Slot

ROW, SIZE = 24, 12.5


def key(graph: Graph, kinds: Sequence[tuple[Kind, str]], room: float) -> tuple[Group, float]:
    """(the key in rows no wider than `room`, its height)."""
    whole = Group(css="key")
    x, y = 0.0, 0.0
    for shapes, wide, said in _items(graph, kinds):
        need = wide + 6 + width(said, SIZE) + 28
        if x and x + need > room:
            x, y = 0.0, y + ROW
        words = Words(wide + 6, 16, said, SIZE, "start", "key__t", QUIET)
        whole.children.append(Group([*shapes, words], x=round(x, 1), y=y))
        x += need
    return whole, y + ROW


def _items(graph: Graph, kinds: Sequence[tuple[Kind, str]]) -> list[tuple[list[Shape], float, str]]:
    nodes = graph.nodes.values()
    roles = {place.role for one in graph.clusters.values() for place in one.places}
    found: list[tuple[list[Shape], float, str]] = []
    for kind, label in kinds:
        said = label
        if kind == Kind.MECHANISM and Slot.REASONING in roles:
            said = _("%(mechanism)s: resource above, reasoning below") % {"mechanism": label}
        found.append((_mark(kind), 20, said))
    if any(tie.ripple for tie in graph.ties):
        found.append((_sample((9, 4, 2, 4)), 44, _("Ripple: outcome becomes context")))
    hinders = any(node.polarity == Polarity.HINDERING for node in nodes)
    if hinders and any(tie.ripple for tie in graph.ties):
        bar = Way(line((40, 5), (40, 19)), Look("bar-e", "none", INK, 4))
        found.append(([_sample((9, 4, 2, 4))[0], bar], 44, _("Ripple that blocks")))
    if hinders:
        found.append((_triangle(1), 14, _("Hindering context, broken line")))
    if any(node.polarity == Polarity.FACILITATING for node in nodes):
        found.append((_triangle(-1), 14, _("Facilitating context")))
    signs = {
        Sign.POSITIVE.value: ("+", _("Positive outcome")),
        Sign.NEGATIVE.value: ("−", _("Negative outcome, broken line")),
        Sign.MIXED.value: ("±", _("Mixed outcome")),
    }
    used = {node.sign for node in nodes}
    found += [([Words(7, 17, sign, 15, bold=True)], 14, said) for value, (sign, said) in signs.items() if value in used]
    return found


def _mark(kind: Kind) -> list[Shape]:
    letters = {Kind.CONTEXT: "C", Kind.MECHANISM: "M", Kind.OUTCOME: "O", Kind.INTERVENTION: "I",
               Kind.SETTING: "S", Kind.ACTOR: "A"}  # fmt: skip
    letter = letters.get(kind, "?")
    hue = HUES.get(letter.lower(), INK)
    look = Look("k", hue, hue, 1.5)
    shape: Shape = Rect(2, 3, 17, 17, look)
    if kind == Kind.MECHANISM:
        shape = Poly(((10.5, 2), (20, 11.5), (10.5, 21), (1, 11.5)), look)
    elif kind == Kind.OUTCOME:
        shape = Disc(10.5, 11.5, 9, look)
    return [shape, Words(10.5, 15.8, letter, 12, css="kl", fill=PAPER, bold=True)]


def _sample(dash: tuple[float, ...]) -> list[Shape]:
    return [
        Way(line((0, 12), (35, 12)), Look("ripple-e", "none", INK, 2, dash)),
        Poly(((44, 12), (35, 7), (35, 17)), Look("arrow", INK)),
    ]


def _triangle(way: int) -> list[Shape]:
    return [Poly(((2, 12 - 4 * way), (12, 12 - 4 * way), (7, 12 + 5 * way)), Look("badge", HUES["c"], HUES["c"], 1))]
