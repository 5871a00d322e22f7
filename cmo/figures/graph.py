"""Owns the theory as a graph: elements, configurations, ripples and stated links, and how it is walked. Pure.

Theories have loops, so every walk here remembers where it was.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cmo.vocabulary import MECHANISMS, LinkKind, Slot, State

DEEPEST = 3  # steps that a neighbourhood reaches


@dataclass(frozen=True, slots=True)
class Node:
    """An element; `themes` are codes, or ids where a theme has none."""

    number: int
    kind: str
    text: str
    polarity: str = ""
    sign: str = ""
    level: str = ""
    state: str = State.DRAFT.value
    themes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"E{self.number}"


@dataclass(frozen=True, slots=True)
class Place:
    """An element (its number) in a role of a configuration; `wording` is that configuration's own, or ""."""

    element: int
    role: str
    wording: str = ""
    activation: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A configuration; `places` stand in the order of the programme's slots."""

    number: int
    nickname: str = ""
    area: str = ""  # slugs, or ""
    phase: str = ""
    state: str = State.DRAFT.value
    places: tuple[Place, ...] = ()
    statements: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        return f"CMO{self.number}"

    def elements(self, *roles: str) -> list[int]:
        """Numbers of its elements in these roles, or of all, each once."""
        return list(dict.fromkeys(one.element for one in self.places if not roles or one.role in roles))


@dataclass(frozen=True, slots=True)
class Tie:
    """How one configuration stands to another (numbers); `element` is that of a ripple."""

    source: int
    target: int
    kind: str
    element: int | None = None
    name: str = ""

    @property
    def ripple(self) -> bool:
        return self.kind == LinkKind.RIPPLE.value


@dataclass(frozen=True, slots=True)
class Graph:
    """A theory. `slots` are (role, label) of the programme's setting in order; `areas` {slug: title} in order."""

    nodes: Mapping[int, Node]
    clusters: Mapping[int, Cluster]
    ties: tuple[Tie, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def text(self, place: Place) -> str:
        """The words of an element as they stand in one configuration."""
        return place.wording or self.nodes[place.element].text

    def standing(self) -> dict[int, list[int]]:
        """{element: configurations in which it stands}, both in rising order."""
        found: dict[int, list[int]] = {}
        for number in sorted(self.clusters):
            for element in self.clusters[number].elements():
                found.setdefault(element, []).append(number)
        return dict(sorted(found.items()))

    def cut(self, kept: Iterable[int], *, also: Iterable[int] = ()) -> "Graph":
        """The part with these configurations, what stands in them and what joins them; `also` are lone elements."""
        wanted = set(kept)
        clusters = {number: one for number, one in self.clusters.items() if number in wanted}
        used = {element for one in clusters.values() for element in one.elements()} | set(also)
        nodes = {number: one for number, one in self.nodes.items() if number in used}
        ties = tuple(tie for tie in self.ties if tie.source in wanted and tie.target in wanted)
        return Graph(nodes, clusters, ties, self.slots, self.areas, self.title)


def ripples(clusters: Mapping[int, Cluster], names: Mapping[tuple[int, int, int], str]) -> list[Tie]:
    """A tie for each element that is an outcome here and a context there; a loop to itself too. Retired ones have none.

    `names` holds what was said at an arrow, by (source, target, element).
    """
    current = [one for _number, one in sorted(clusters.items()) if one.state != State.RETIRED]
    contexts: dict[int, list[int]] = {}
    for one in current:
        for element in one.elements(Slot.CONTEXT):
            contexts.setdefault(element, []).append(one.number)
    return [
        Tie(one.number, target, LinkKind.RIPPLE.value, element, names.get((one.number, target, element), ""))
        for one in current
        for element in one.elements(Slot.OUTCOME)
        for target in contexts.get(element, [])
    ]


# ---------------------------------------------------------------- walks


def neighbourhood(graph: Graph, start: tuple[str, int], depth: int) -> set[int]:
    """Configurations within `depth` steps (1 to 3).

    From an element the first step is to the configurations in which it stands, from a configuration to those that
    share an element with it or are tied to it; each further step goes on from there.
    """
    kind, number = start
    standing = graph.standing()
    steps = max(1, min(depth, DEEPEST))
    if kind == "E":
        reached = set(standing.get(number, []))
        steps -= 1
    else:
        reached = {number} & set(graph.clusters)
    beside = _ties_of(graph.ties, both=True)
    edge = set(reached)
    for _step in range(steps):
        shared = {other for one in edge for element in graph.clusters[one].elements() for other in standing[element]}
        tied = {other for one in edge for other in beside.get(one, ())}
        edge = ((shared | tied) & set(graph.clusters)) - reached
        reached |= edge
    return reached


def chain(graph: Graph, number: int) -> set[int]:
    """A configuration and all that ripples lead to from it, and all from which they lead to it; any length, loops too.
    """
    if number not in graph.clusters:
        return set()
    joined = [tie for tie in graph.ties if tie.ripple]
    after = _ties_of(joined)
    before = _ties_of([Tie(tie.target, tie.source, tie.kind) for tie in joined])
    return (_reached(number, after) | _reached(number, before)) & set(graph.clusters)


def _reached(start: int, ways: Mapping[int, Iterable[int]]) -> set[int]:
    found, waiting = {start}, deque([start])
    while waiting:
        for other in ways.get(waiting.popleft(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _ties_of(ties: Iterable[Tie], *, both: bool = False) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for tie in ties:
        found.setdefault(tie.source, []).append(tie.target)
        if both:
            found.setdefault(tie.target, []).append(tie.source)
    return found


# ---------------------------------------------------------------- edges between elements


def steps(graph: Graph, one: Cluster) -> list[tuple[int, int]]:
    """How a configuration leads from element to element: from each in one filled column to each in the next."""
    filled = [found for found in (place_elements for _key, place_elements in columns_of(graph, one)) if found]
    return [
        (first, second)
        for here, there in pairwise(filled)
        for first in here
        for second in there
        if first != second
    ]


def columns_of(graph: Graph, one: Cluster) -> list[tuple[str, list[int]]]:
    """[(role, elements)] of the setting's slots, empty ones too, and of the other roles in which something stands."""
    return [(role, one.elements(role)) for role in roles_of(graph, [one])]


def roles_of(graph: Graph, clusters: Iterable[Cluster]) -> list[str]:
    """The setting's slots in order; other roles in use stand before its mechanism, so that C and O keep the ends."""
    roles = [role for role, _label in graph.slots]
    used = {place.role for one in clusters for place in one.places}
    more = [slot.value for slot in Slot if slot.value in used and slot.value not in roles]
    at = next((at for at, role in enumerate(roles) if role in MECHANISMS), max(len(roles) - 1, 0))
    mechanisms = [role for role in more if role in MECHANISMS]
    end = max([at, *(place + 1 for place, role in enumerate(roles) if role in MECHANISMS)])
    return [*roles[:at], *(role for role in more if role not in MECHANISMS), *roles[at:end], *mechanisms, *roles[end:]]
