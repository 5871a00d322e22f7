"""Owns where blocks stand that point at each other: in layers from left to right with few crossings. Pure.

The way is Sugiyama's (1981): break cycles, put each block one layer right of what points at it, order each layer by the
mean of its neighbours, then move blocks towards their neighbours as far as their own order allows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 6
LANE = 26  # the height of the way of an edge past other blocks
MOST_LANES = 4000  # beyond these, long edges run straight across
Edge = tuple[int, int]
Vertex = tuple[int, int, int]  # (0, block, 0), or (1, edge, layer) for the way of an edge through a layer


@dataclass(slots=True)
class Layers:
    """`layer` and `top` of each block, `lanes` {edge: [(layer, middle)]} from left to right, `back` edges, `height`."""

    layer: dict[int, int] = field(default_factory=dict)
    top: dict[int, float] = field(default_factory=dict)
    lanes: dict[Edge, list[tuple[int, float]]] = field(default_factory=dict)
    back: set[Edge] = field(default_factory=set)
    height: float = 0.0
    width: int = 0  # layers


def layered(heights: Mapping[int, float], edges: Iterable[Edge], *, gap: float) -> Layers:
    """Places for blocks of these heights. Blocks that nothing joins stand below the rest, in as many layers."""
    joined = sorted({edge for edge in edges if edge[0] in heights and edge[1] in heights})
    found = Layers()
    lone: list[int] = []
    for part in _components(sorted(heights), joined):
        own = [edge for edge in joined if edge[0] in part]
        if not own:
            lone += sorted(part)
            continue
        _stack(found, _placed({one: heights[one] for one in sorted(part)}, own, gap), gap)
    _lone(found, {one: heights[one] for one in sorted(lone)}, gap)
    return found


def _components(blocks: Sequence[int], edges: Sequence[Edge]) -> list[set[int]]:
    """Sets of blocks that edges hold together, by their first block."""
    head = {one: one for one in blocks}

    def top(one: int) -> int:
        while head[one] != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for source, target in edges:
        first, second = sorted((top(source), top(target)))
        head[second] = first
    found: dict[int, set[int]] = {}
    for one in blocks:
        found.setdefault(top(one), set()).add(one)
    return [found[one] for one in sorted(found)]


def _stack(whole: Layers, part: Layers, gap: float) -> None:
    down = whole.height + gap if whole.height else 0.0
    whole.layer |= part.layer
    whole.top |= {one: top + down for one, top in part.top.items()}
    whole.lanes |= {edge: [(at, y + down) for at, y in ways] for edge, ways in part.lanes.items()}
    whole.back |= part.back
    whole.height = down + part.height
    whole.width = max(whole.width, part.width)


def _lone(whole: Layers, heights: Mapping[int, float], gap: float) -> None:
    """Row by row, so that they read in the order of their numbers."""
    columns = min(max(whole.width, 2), max(len(heights), 1))
    down = whole.height + gap if whole.height and heights else whole.height
    blocks = list(heights)
    for start in range(0, len(blocks), columns):
        row = blocks[start : start + columns]
        for at, one in enumerate(row):
            whole.layer[one], whole.top[one] = at, down
        down += max(heights[one] for one in row) + gap
    if blocks:
        whole.height = down - gap
        whole.width = max(whole.width, columns)


# ---------------------------------------------------------------- one part that holds together


def _placed(heights: Mapping[int, float], edges: Sequence[Edge], gap: float) -> Layers:
    back = _back_edges(heights, edges)
    forward = [edge for edge in edges if edge not in back]
    layer = _layers(heights, forward)
    rows, beside = _rows(layer, edges, back)
    size = {vertex: heights[vertex[1]] if vertex[0] == 0 else LANE for row in rows for vertex in row}
    for sweep in range(SWEEPS):
        _order(rows, beside, down=sweep % 2 == 0)
    middle = _middles(rows, beside, size, gap)
    least = min(middle[vertex] - size[vertex] / 2 for vertex in size)
    found = Layers(layer=layer, back=back, width=len(rows))
    for vertex, half in size.items():
        y = middle[vertex] - least
        if vertex[0] == 0:
            found.top[vertex[1]] = y - half / 2
        else:
            found.lanes.setdefault(edges[vertex[1]], []).append((vertex[2], y))
        found.height = max(found.height, y + half / 2)
    for ways in found.lanes.values():
        ways.sort()
    return found


def _back_edges(blocks: Iterable[int], edges: Sequence[Edge]) -> set[Edge]:
    """Edges that close a loop on a walk in the order of numbers, loops to oneself too."""
    after: dict[int, list[int]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
    back: set[Edge] = set()
    done: set[int] = set()
    pointed = {target for _source, target in edges}
    for start in sorted(blocks, key=lambda one: (one in pointed, one)):
        if start in done:
            continue
        on_way, way = {start}, [(start, iter(after.get(start, ())))]
        while way:
            here, rest = way[-1]
            there = next(rest, None)
            if there is None:
                way.pop()
                on_way.discard(here)
                done.add(here)
            elif there in on_way:
                back.add((here, there))
            elif there not in done:
                on_way.add(there)
                way.append((there, iter(after.get(there, ()))))
    return back


def _layers(blocks: Iterable[int], forward: Sequence[Edge]) -> dict[int, int]:
    """The longest way to each block; one that nothing points at moves next to the first that it points at."""
    after: dict[int, list[int]] = {}
    open_in = dict.fromkeys(blocks, 0)
    for source, target in forward:
        after.setdefault(source, []).append(target)
        open_in[target] += 1
    starts = [one for one, n in open_in.items() if n == 0]
    layer = dict.fromkeys(open_in, 0)
    ready = list(starts)
    for one in ready:  # grows while it is walked
        for other in after.get(one, ()):
            layer[other] = max(layer[other], layer[one] + 1)
            open_in[other] -= 1
            if open_in[other] == 0:
                ready.append(other)
    for one in starts:
        if after.get(one):
            layer[one] = min(layer[other] for other in after[one]) - 1
    least = min(layer.values())
    return {one: at - least for one, at in layer.items()}


def _rows(
    layer: Mapping[int, int], edges: Sequence[Edge], back: set[Edge]
) -> tuple[list[list[Vertex]], dict[Vertex, list[Vertex]]]:
    """The vertices of each layer with the lanes of edges that pass it, and who is beside whom."""
    rows: list[list[Vertex]] = [[] for _at in range(max(layer.values()) + 1)]
    beside: dict[Vertex, list[Vertex]] = {}
    for one in sorted(layer):
        rows[layer[one]].append((0, one, 0))
    left = MOST_LANES
    for at, edge in enumerate(edges):
        first, last = (0, edge[0], 0), (0, edge[1], 0)
        here, there = layer[edge[0]], layer[edge[1]]
        passed = range(there, here + 1) if edge in back else range(here + 1, there)
        left -= len(passed)
        if left < 0:
            passed = range(0)
        way: list[Vertex] = [(1, at, number) for number in passed]
        for passing in way:
            rows[passing[2]].append(passing)
        whole = [last, *way, first] if edge in back else [first, *way, last]
        for this, other in pairwise(whole):
            beside.setdefault(this, []).append(other)
            beside.setdefault(other, []).append(this)
    return rows, beside


def _order(rows: list[list[Vertex]], beside: Mapping[Vertex, Sequence[Vertex]], *, down: bool) -> None:
    """Each layer by the mean place of its neighbours in the layers already ordered; equals keep their order."""
    place = {
        vertex: (number, at / max(len(row), 1)) for number, row in enumerate(rows) for at, vertex in enumerate(row)
    }
    for number in range(len(rows)) if down else reversed(range(len(rows))):
        row = rows[number]
        now = {vertex: at for at, vertex in enumerate(row)}

        def wanted(vertex: Vertex, number: int = number, now: dict[Vertex, int] = now) -> tuple[float, int]:
            seen = [place[other][1] for other in beside.get(vertex, ()) if (place[other][0] < number) == down
                    and place[other][0] != number]
            return (sum(seen) / len(seen) if seen else place[vertex][1], now[vertex])

        row.sort(key=wanted)
        for at, vertex in enumerate(row):
            place[vertex] = (number, at / max(len(row), 1))


def _middles(
    rows: Sequence[Sequence[Vertex]],
    beside: Mapping[Vertex, Sequence[Vertex]],
    size: Mapping[Vertex, float],
    gap: float,
) -> dict[Vertex, float]:
    """The middle of each vertex: near the mean of its neighbours, in the order of its layer, nothing on another."""
    middle: dict[Vertex, float] = {}
    offsets: dict[Vertex, float] = {}
    for row in rows:
        at = 0.0
        for vertex in row:
            middle[vertex] = offsets[vertex] = at + size[vertex] / 2
            at += size[vertex] + gap
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = []
            for vertex in row:
                near = [middle[other] for other in beside.get(vertex, ())]
                wanted.append((sum(near) / len(near) if near else middle[vertex]) - offsets[vertex])
            for vertex, moved in zip(row, _rising(wanted), strict=True):
                middle[vertex] = offsets[vertex] + moved
    return middle


def _rising(wanted: Sequence[float]) -> list[float]:
    """The rising sequence nearest to the one wanted: neighbours that would change places share their mean."""
    pools: list[tuple[float, int]] = []
    for value in wanted:
        total, n = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / n:
            before, many = pools.pop()
            total, n = total + before, n + many
        pools.append((total, n))
    return [total / n for total, n in pools for _one in range(n)]
