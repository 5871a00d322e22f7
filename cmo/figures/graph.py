"""Owns the theory as a graph: elements, configurations, ripples and stated links, and how it is walked. Pure.

Theories have loops, so every walk here remembers where it was.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cmo.vocabulary import MECHANISMS, LinkKind, Slot, State

DEEPEST = 3  # steps that a neighbourhood reaches
CROWD = 400  # ripples through one element that stand one by one; more are told as a crowd


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
class Crowd:
    """An element that so many configurations share that its ripples are not told one by one."""

    element: int
    sources: tuple[int, ...]  # configurations of which it is an outcome
    targets: tuple[int, ...]  # configurations of which it is a context

    @property
    def n(self) -> int:
        """How many ripples it makes."""
        return len(self.sources) * len(self.targets)


@dataclass(frozen=True, slots=True)
class Graph:
    """A theory. `slots` are (role, label) of the programme's setting in order; `areas` {slug: title} in order."""

    nodes: Mapping[int, Node]
    clusters: Mapping[int, Cluster]
    ties: tuple[Tie, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    crowds: tuple[Crowd, ...] = ()

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
        ties = [tie for tie in self.ties if tie.source in wanted and tie.target in wanted]
        crowds = [
            Crowd(one.element, *(tuple(n for n in side if n in wanted) for side in (one.sources, one.targets)))
            for one in self.crowds
        ]
        ties += _told([one for one in crowds if one.n <= CROWD], ties)
        left = tuple(one for one in crowds if one.n > CROWD)
        return Graph(nodes, clusters, tuple(ties), self.slots, self.areas, self.title, left)

    @property
    def lone(self) -> list[int]:
        """Numbers of the elements that stand in none of its configurations."""
        standing = {element for one in self.clusters.values() for element in one.elements()}
        return [number for number in sorted(self.nodes) if number not in standing]


def _told(crowds: Iterable[Crowd], ties: Iterable[Tie]) -> list[Tie]:
    """The ripples of what is no crowd any more one by one, but for those that are told already."""
    known = {(tie.source, tie.target, tie.element) for tie in ties}
    return [
        Tie(source, target, LinkKind.RIPPLE.value, one.element)
        for one in crowds
        for source in one.sources
        for target in one.targets
        if (source, target, one.element) not in known
    ]


def ripples(clusters: Mapping[int, Cluster], names: Mapping[tuple[int, int, int], str]) -> list[Tie]:
    """A tie for each element that is an outcome here and a context there; a loop to itself too. Retired ones have none.

    `names` holds what was said at an arrow, by (source, target, element). Of a crowd only what was said something
    about stands here.
    """
    outcomes, contexts = _ends(clusters)
    crowded = {one for one, sources in outcomes.items() if len(sources) * len(contexts.get(one, ())) > CROWD}
    kind = LinkKind.RIPPLE.value
    told = [
        Tie(one.number, target, kind, element, names.get((one.number, target, element), ""))
        for one in _current(clusters)
        for element in one.elements(Slot.OUTCOME)
        if element not in crowded
        for target in contexts.get(element, ())
    ]
    named = [
        Tie(source, target, kind, element, name)
        for (source, target, element), name in sorted(names.items())
        if element in crowded and source in outcomes[element] and target in contexts[element]
    ]
    return told + named


def crowds(clusters: Mapping[int, Cluster]) -> tuple[Crowd, ...]:
    """The elements with more ripples than are told one by one."""
    outcomes, contexts = _ends(clusters)
    found = (Crowd(one, tuple(outcomes[one]), tuple(contexts.get(one, ()))) for one in sorted(outcomes))
    return tuple(crowd for crowd in found if crowd.n > CROWD)


def _current(clusters: Mapping[int, Cluster]) -> list[Cluster]:
    return [one for _number, one in sorted(clusters.items()) if one.state != State.RETIRED]


def _ends(clusters: Mapping[int, Cluster]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """{element: current configurations that have it as outcome}, and as context; numbers, rising."""
    found: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
    for one in _current(clusters):
        for side, role in zip(found, (Slot.OUTCOME, Slot.CONTEXT), strict=True):
            for element in one.elements(role):
                side.setdefault(element, []).append(one.number)
    return found


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
        elements = {element for one in edge for element in graph.clusters[one].elements()}
        shared = {other for element in elements for other in standing[element]}
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
    for crowd in graph.crowds:  # the way leads through the element, which here has the number of none: below zero
        joined += [Tie(source, -crowd.element, "") for source in crowd.sources]
        joined += [Tie(-crowd.element, target, "") for target in crowd.targets]
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
