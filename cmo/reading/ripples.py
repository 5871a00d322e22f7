"""Owns how ripples are found: two queries, and no more work than what is asked of them, as one element that hundreds
of configurations share makes tens of thousands."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import overload

from cmo.models import ConfigurationElement, Element, Link
from cmo.vocabulary import LinkKind, Slot, State
from programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Ripple:
    """An element that is an outcome of `source` and a context of `target`; `link` holds what was said about it."""

    source: int  # numbers of configurations
    target: int
    element: Element
    link: Link | None = None


@dataclass(slots=True)
class _Ends:
    """Where an element stands: the configurations (numbers, rising) that have it as outcome, and as context."""

    element: Element
    outcomes: list[int] = field(default_factory=list)
    contexts: list[int] = field(default_factory=list)


class Ripples(Sequence[Ripple]):
    """Ripples by the number of their source, the place of the outcome in it, and the number of their target.

    With `wanted` (numbers) only those that touch one of these configurations.
    """

    def __init__(
        self,
        rows: Sequence[ConfigurationElement],
        said: dict[tuple[int, int, int], Link],
        wanted: Collection[int] | None = None,
    ) -> None:
        """`rows` are placings by configuration and position, `said` {(source, target, element): link} of numbers."""
        self._said = said
        self._wanted = None if wanted is None else frozenset(wanted)
        self._ends: dict[int, _Ends] = {}
        self._out: dict[int, list[_Ends]] = {}  # by number of the configuration
        self._into: dict[int, list[_Ends]] = {}
        for row in rows:
            ends = self._ends.setdefault(row.element_id, _Ends(row.element))
            number = row.configuration.number
            here, by = (ends.outcomes, self._out) if row.role == Slot.OUTCOME else (ends.contexts, self._into)
            here.append(number)
            by.setdefault(number, []).append(ends)
        self._reach = {  # of each element, the contexts among those that were asked for
            key: ends.contexts if self._wanted is None else [one for one in ends.contexts if one in self._wanted]
            for key, ends in self._ends.items()
        }
        self.sources = [number for number in sorted(self._out) if self.n_of(number)]
        self._until = list(accumulate(map(self.n_of, self.sources)))

    def _targets(self, source: int, ends: _Ends) -> list[int]:
        whole = self._wanted is None or source in self._wanted
        return ends.contexts if whole else self._reach[ends.element.pk]

    def n_of(self, source: int) -> int:
        """How many ripples leave a configuration."""
        return sum(len(self._targets(source, ends)) for ends in self._out.get(source, ()))

    def of(self, source: int) -> list[Ripple]:
        """Those that leave a configuration."""
        return [
            self._ripple(source, target, ends)
            for ends in self._out.get(source, ())
            for target in self._targets(source, ends)
        ]

    def touching(self, number: int, most: int) -> tuple[list[Ripple], int]:
        """The first `most` that leave or reach a configuration, and how many do."""
        found: list[tuple[int, int, int, _Ends]] = []
        total = 0
        for at, ends in enumerate(self._out.get(number, ())):
            found += [(number, at, target, ends) for target in ends.contexts[:most]]
            total += len(ends.contexts)
        for at, ends in enumerate(self._into.get(number, ())):
            others = [source for source in ends.outcomes if source != number]  # a loop to itself stands above
            found += [(source, at, number, ends) for source in others[:most]]
            total += len(others)
        found.sort(key=lambda one: one[:3])
        return [self._ripple(source, target, ends) for source, _at, target, ends in found[:most]], total

    def _ripple(self, source: int, target: int, ends: _Ends) -> Ripple:
        return Ripple(source, target, ends.element, self._said.get((source, target, ends.element.number)))

    def __len__(self) -> int:
        return self._until[-1] if self._until else 0

    def __iter__(self) -> Iterator[Ripple]:
        for source in self.sources:
            yield from self.of(source)

    @overload
    def __getitem__(self, at: int) -> Ripple: ...

    @overload
    def __getitem__(self, at: slice) -> list[Ripple]: ...

    def __getitem__(self, at: int | slice) -> Ripple | list[Ripple]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        row = bisect_right(self._until, place)
        return self.of(self.sources[row])[place - (self._until[row - 1] if row else 0)]


def ripples_of(programme: Programme, configurations: Sequence[int] | None = None) -> Ripples:
    """Every ripple between current configurations, or those that touch the given ones (ids); two queries.

    A configuration whose own outcome is also its own context ripples to itself: theories have such loops.
    """
    standing = ConfigurationElement.objects.filter(
        configuration__programme=programme, role__in=[Slot.OUTCOME, Slot.CONTEXT]
    ).exclude(configuration__state=State.RETIRED)
    if configurations is not None:
        touching = ConfigurationElement.objects.filter(configuration__in=configurations)
        standing = standing.filter(element__in=touching.values("element"))
    rows = list(standing.select_related("element", "configuration").order_by("configuration__number", "position"))
    links = Link.objects.filter(programme=programme, kind=LinkKind.RIPPLE, retired=False)
    said = {
        (link.source.number, link.target.number, link.element.number): link
        for link in links.select_related("source", "target", "element")
        if link.element is not None
    }
    if configurations is None:
        return Ripples(rows, said)
    wanted = set(configurations)
    return Ripples(rows, said, {row.configuration.number for row in rows if row.configuration_id in wanted})


__all__ = ["Ripple", "Ripples", "ripples_of"]
