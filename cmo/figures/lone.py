"""Owns how elements outside every configuration are drawn: in rows below the rest, dotted, under words that say so."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cmo.figures.blocks import BOX, GAP, lone_box
from cmo.figures.graph import Graph
from cmo.figures.letters import wrap
from cmo.figures.shapes import INK, QUIET, Group, Words

HEAD, BETWEEN, LINE = 30, 26, 16  # room for the heading, between rows, for a line of a note


def lone_band(graph: Graph, numbers: Sequence[int], room: float, found: int) -> tuple[Group, float]:
    """(the elements in rows no wider than `room`, the height); `found` is how many there are, drawn or not."""
    band = Group(css="lone")
    said = _("In no configuration: %(n)s") % {"n": found}
    if found > len(numbers):
        said = _("In no configuration: the first %(shown)s of %(n)s") % {"shown": len(numbers), "n": found}
    band.children.append(Words(0, 16, said, 15, "start", "area", INK, bold=True))
    across = max(1, int((room + GAP) // (BOX + GAP)))
    top = float(HEAD) + 12
    for start in range(0, len(numbers), across):
        row = [lone_box(graph, graph.nodes[number]) for number in numbers[start : start + across]]
        for at, (group, _height) in enumerate(row):
            group.x, group.y = at * (BOX + GAP), top
            band.children.append(group)
        top += max(height for _group, height in row) + BETWEEN
    return band, top


def crowd_notes(graph: Graph, room: float) -> tuple[Group, float]:
    """(what is said of ripples that are too many to be drawn one by one, the height)."""
    notes = Group(css="crowds")
    y = 0.0
    for crowd in graph.crowds:
        said = _(
            "E%(e)s is an outcome of %(o)s configurations here and a context of %(c)s: its %(n)s ripples are not drawn."
        )
        text = said % {"e": crowd.element, "o": len(crowd.sources), "c": len(crowd.targets), "n": crowd.n}
        for line in wrap(text, room, 13, 4):
            y += LINE
            notes.children.append(Words(0, y, line, 13, "start", "cfg__t", QUIET))
    return notes, y + 8
