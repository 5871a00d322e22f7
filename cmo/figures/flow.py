"""Owns the flow from one theory to another as a figure: what became of each record, earlier left, later right. Pure.

Rows stand in the order of the comparison and never cross, so that the same theories give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.figures.letters import width, wrap
from cmo.figures.shapes import INK, MINUS, QUIET, Figure, Group, Look, Rect, Shape, Way, Words, curve
from cmo.phase_words import Became

ROW, GAP, BOX, TALL = 34.0, 8.0, 66.0, 26.0
LEFT, WIDE = 24.0, 760.0
PLUS = "#1c6b3c"
MOST = 300  # rows that are drawn; of more, the unchanged ones are told in words
HUES = {
    Became.UNCHANGED: QUIET, Became.RETAGGED: QUIET, Became.MOVED: QUIET, Became.REFUTED: MINUS,
    Became.RETIRED: MINUS, Became.NEW: PLUS, Became.RESTORED: PLUS,
}  # fmt: skip
DASHES: dict[Became, tuple[float, ...]] = {
    Became.UNCHANGED: (2, 4), Became.RETAGGED: (2, 4), Became.MOVED: (2, 4), Became.REFUTED: (7, 4),
    Became.RETIRED: (7, 4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Branch:
    """What came of one that stayed: the label that it parts from, those it leads to."""

    kind: Became
    start: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """One row: labels before ("S4") and after, what became of them, and what branched off."""

    kind: Became
    before: tuple[str, ...]
    after: tuple[str, ...]
    branches: tuple[Branch, ...] = ()

    @property
    def slots(self) -> int:
        return max(len(self.before), len(self.after)) + sum(len(branch.after) for branch in self.branches)

    @property
    def ways(self) -> "list[Stream]":
        """Itself and its branches, each as what became of what."""
        return [self, *(Stream(branch.kind, (branch.start,), branch.after) for branch in self.branches)]


def flow(streams: Sequence[Stream], *, old: str, new: str, title: str) -> Figure:
    """The figure of these rows; `old` and `new` are what the two theories are called."""
    shown = list(streams)
    left_out = 0
    if len(shown) > MOST:
        shown = [one for one in shown if one.kind is not Became.UNCHANGED or one.branches][:MOST]
        left_out = len(streams) - len(shown)
    body = Group()
    right = WIDE - LEFT - BOX
    for x, anchor, name in ((LEFT, "start", old), (WIDE - LEFT, "end", new)):
        for at, text in enumerate(wrap(name, WIDE / 2 - 2 * LEFT, 14, 2)):
            css = "flow__head" if anchor == "start" else "flow__head flow__head--end"
            body.children.append(Words(x, 22 + 17 * at, text, 14, anchor, css, bold=True))
    y = 62.0
    for one in shown:
        body.children.append(_row(one, y, right))
        y += one.slots * ROW + GAP
    if left_out:
        said = ngettext("%(n)s more is not drawn.", "%(n)s more are not drawn.", left_out) % {"n": left_out}
        body.children.append(Words(LEFT, y + 14, said, 12.5, "start", "flow__quiet", QUIET))
        y += ROW
    return Figure(WIDE, y + 8, title, told(streams, old, new), body)


def told(streams: Sequence[Stream], old: str, new: str) -> str:
    """The figure in words: what became of what, kind by kind."""
    parts = []
    ways = [way for one in streams for way in one.ways]
    for kind in Became:
        found = [one for one in ways if one.kind is kind]
        if found:
            parts.append(f"{kind.label}: {'; '.join(map(_said, found))}.")
    return " ".join([_("From %(old)s to %(new)s.") % {"old": old, "new": new}, *parts])


def _said(one: Stream) -> str:
    before, after = ", ".join(one.before), ", ".join(one.after)
    if not before or not after or before == after:
        return before or after
    return _("%(before)s became %(after)s") % {"before": before, "after": after}


def _row(one: Stream, y: float, right: float) -> Group:
    slots = max(len(one.before), len(one.after))
    hue = HUES.get(one.kind, INK)
    said = "; ".join(f"{way.kind.label}: {_said(way)}" for way in one.ways)
    row = Group(css=f"flow__row flow--{one.kind.value}", title=said, y=y)
    places = [_spread(len(side), slots) for side in (one.before, one.after)]
    middle = slots * ROW / 2 - (ROW - TALL) / 2
    row.children += _ways(one.kind, places[0], middle, places[1], right)
    boxes = [(label, x, at, hue) for labels, side, x in ((one.before, places[0], LEFT), (one.after, places[1], right))
             for label, at in zip(labels, side, strict=True)]  # fmt: skip
    for branch in one.branches:
        ends = [(slots + at) * ROW for at in range(len(branch.after))]
        middle = (ends[0] + ends[-1] + TALL) / 2
        row.children += _ways(branch.kind, [places[0][one.before.index(branch.start)]], middle, ends, right)
        boxes += [(label, right, at, INK) for label, at in zip(branch.after, ends, strict=True)]
        slots += len(branch.after)
    row.children += [_box(*box) for box in boxes]
    return row


def _ways(
    kind: Became, starts: Sequence[float], middle: float, ends: Sequence[float], right: float
) -> list[Shape | Group]:
    """From the boxes at the left to what became of them, and on to those at the right."""
    hue, said, center = HUES.get(kind, INK), str(kind.label), WIDE / 2
    wide = width(said, 12.5) + 20
    look = Look("flow__way", "none", hue, 2, DASHES.get(kind, ()))
    return [
        *(Way(curve([(LEFT + BOX, at + TALL / 2), (center - wide / 2, middle)]), look) for at in starts),
        *(Way(curve([(center + wide / 2, middle), (right, at + TALL / 2)]), look) for at in ends),
        Words(center, middle + 4.5, said, 12.5, "middle", "flow__said", hue, bold=True),
    ]


def _spread(n: int, slots: int) -> list[float]:
    """Where `n` boxes stand in a row of so many slots: in its middle."""
    start = (slots - n) * ROW / 2
    return [start + at * ROW for at in range(n)]


def _box(label: str, x: float, y: float, hue: str) -> Group:
    shapes: list[Shape | Group] = [
        Rect(x, y, BOX, TALL, Look("flow__box", "#ffffff", hue, 1.5), 3),
        Words(x + BOX / 2, y + 17.5, label, 13, "middle", "flow__label", bold=True),
    ]
    return Group(shapes, css="flow__one", title=label, link=label)
