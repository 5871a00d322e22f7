"""Owns how links are found and listed, ripples among them, and the groups and patterns that gather configurations."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Any, overload

from django.db.models import Q
from django.http import Http404

from cmo.models import Configuration, DemiRegularity, Link, RivalGroup
from cmo.reading.configurations import LinkRow, ripple_row, stated_links, stated_row
from cmo.reading.ripples import Ripples, ripples_of
from cmo.vocabulary import LinkKind, State
from programmes.models import Programme


class LinkRows(Sequence[LinkRow]):
    """Links from the first configuration to the last; a row is made when it is asked for, as ripples may be many."""

    def __init__(self, stated: Sequence[LinkRow], ripples: Ripples | None) -> None:
        self._stated: dict[int, list[LinkRow]] = {}
        self._ripples = ripples
        for row in stated:
            self._stated.setdefault(_place(row)[0], []).append(row)
        self._sources = sorted({*self._stated, *(ripples.sources if ripples else ())})
        self._until = list(accumulate(map(self._n_of, self._sources)))

    def _n_of(self, source: int) -> int:
        return len(self._stated.get(source, ())) + (self._ripples.n_of(source) if self._ripples else 0)

    def _of(self, source: int) -> list[LinkRow]:
        found = self._ripples.of(source) if self._ripples else []
        return sorted([*self._stated.get(source, []), *map(ripple_row, found)], key=_place)

    def __len__(self) -> int:
        return self._until[-1] if self._until else 0

    @overload
    def __getitem__(self, at: int) -> LinkRow: ...

    @overload
    def __getitem__(self, at: slice) -> list[LinkRow]: ...

    def __getitem__(self, at: int | slice) -> LinkRow | list[LinkRow]:
        if isinstance(at, slice):
            first, last, step = at.indices(len(self))
            return self._between(first, last)[::step]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return self._between(place, place + 1)[0]

    def _between(self, first: int, last: int) -> list[LinkRow]:
        rows: list[LinkRow] = []
        at = bisect_right(self._until, first)
        skipped = first - (self._until[at - 1] if at else 0)
        while len(rows) < skipped + last - first and at < len(self._sources):
            rows += self._of(self._sources[at])
            at += 1
        return rows[skipped : skipped + max(last - first, 0)]


def links_of(
    programme: Programme,
    *,
    kinds: Collection[str] = (),
    configurations: Collection[int] = (),
    retired: bool = False,
) -> LinkRows:
    """Links between current configurations, from the first configuration to the last; at most four queries.

    Ripples are found, whether or not somebody described them. Of `kinds` alone and touching `configurations` (ids),
    when given. With `retired`, the links that were taken out instead.
    """
    stated = stated_links(programme).filter(retired=retired)
    if not retired:
        stated = stated.exclude(kind=LinkKind.RIPPLE)
        stated = stated.exclude(source__state=State.RETIRED).exclude(target__state=State.RETIRED)
    if kinds:
        stated = stated.filter(kind__in=kinds)
    if configurations:
        stated = stated.filter(Q(source__in=configurations) | Q(target__in=configurations))
    asked = not retired and (not kinds or LinkKind.RIPPLE in kinds)
    ripples = ripples_of(programme, list(configurations) or None) if asked else None
    return LinkRows([stated_row(link) for link in stated], ripples)


def _place(row: LinkRow) -> tuple[int, int, str, int, int]:
    element = int(row.element.removeprefix("E")) if row.element else 0
    ends = (int(row.source.removeprefix("CMO")), int(row.target.removeprefix("CMO")))
    return (*ends, row.kind, element, row.number or 0)


def find_link(programme: Programme, number: int) -> Link:
    """The stated link or described ripple with this number, or Http404."""
    found = stated_links(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such link.")
    found.programme = programme
    return found


# ---------------------------------------------------------------- rival groups and demi-regularities


def rivals_of(programme: Programme) -> Any:
    """All rival groups of a programme by number, retired ones too, with their members; two queries when read."""
    found = RivalGroup.objects.filter(programme=programme).select_related("outcome", "favoured", "updated_by")
    return found.prefetch_related("members").order_by("number")


def patterns_of(programme: Programme) -> Any:
    """All demi-regularities of a programme by number, retired ones too, with their members; two queries when read."""
    found = DemiRegularity.objects.filter(programme=programme).select_related("updated_by")
    return found.prefetch_related("members").order_by("number")


def find_rivals(programme: Programme, number: int) -> RivalGroup:
    """Raises Http404."""
    found: RivalGroup = _numbered(rivals_of(programme), number, programme)
    return found


def find_pattern(programme: Programme, number: int) -> DemiRegularity:
    """Raises Http404."""
    found: DemiRegularity = _numbered(patterns_of(programme), number, programme)
    return found


def _numbered(rows: Any, number: int, programme: Programme) -> Any:
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404("There is no such record.")
    found.programme = programme
    return found


def members_of(gathering: RivalGroup | DemiRegularity) -> list[Configuration]:
    """The configurations in a group or pattern, by number."""
    return sorted(gathering.members.all(), key=lambda one: one.number)


def rivals_json(group: RivalGroup) -> dict[str, Any]:
    return {
        **_gathering_json(group),
        "title": group.title,
        "outcome": group.outcome.label if group.outcome else None,
        "verdict": group.verdict,
        "favoured": group.favoured.label if group.favoured else None,
        "rationale": group.rationale,
    }


def pattern_json(pattern: DemiRegularity) -> dict[str, Any]:
    return {
        **_gathering_json(pattern),
        "text": pattern.text,
        "moderators": pattern.moderators,
        "boundaries": pattern.boundaries,
        "counterexamples": pattern.counterexamples,
    }


def _gathering_json(found: RivalGroup | DemiRegularity) -> dict[str, Any]:
    return {
        "number": found.number,
        "label": found.label,
        "configurations": [one.label for one in members_of(found)],
        "state": "retired" if found.retired else "current",
        "revision": found.revision_number,
        "created": found.created,
        "updated": found.updated,
        "updated_by": found.updated_by.username,
    }
