"""Owns what a proposal rests on and what it leaves out: the evidence it cites, what bears on its records and is not
cited, and the sites. A fixed number of queries. For those who see evidence alone: views ask first."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from cmo.models import Bearing, Citation
from cmo.reading.citing import Cited, cited_among
from cmo.reading.evidence import BearingRow, bearings_of
from cmo.reading.proposals import Whole
from programmes.reading.fieldwork import sites_of

SHOWN = 20  # uncited bearings with their words on a page; the others are counted, one link away
_FIRST = ("challenges", "nuances", "unclear", "supports")  # what speaks against a claim is read first
_LETTERS = {"statement": "S", "configuration": "CMO", "element": "E"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A bearing on a record that a proposal changes, as it is counted."""

    pk: int
    number: int
    excerpt: int
    stance: str
    site: str  # of its source; "" for none
    on: str  # S10, CMO3 or, where its text is what changes, E12


@dataclass(frozen=True, slots=True)
class Backing:
    """The evidence around a proposal."""

    cited: list[Cited] = field(default_factory=list)
    linked: list[Linked] = field(default_factory=list)  # all that bears on its records
    uncited: list[Linked] = field(default_factory=list)  # those that it does not cite: challenges first, then by number
    sites: list[str] = field(default_factory=list)  # where what it cites was said
    silent: list[str] = field(default_factory=list)  # sites from which nothing bears on its records
    sourced: bool = False  # whether the programme has any source

    @property
    def labels(self) -> list[str]:
        """The uncited bearings by label, by number."""
        return [f"B{number}" for number in sorted(one.number for one in self.uncited)]

    @property
    def records(self) -> list[str]:
        """The records that bear some of them."""
        return list(dict.fromkeys(one.on for one in self.uncited))

    @property
    def challenging(self) -> int:
        """How many excerpts that challenge its records it leaves uncited."""
        return len({one.excerpt for one in self.uncited if one.stance == "challenges"})

    @property
    def more(self) -> int:
        return max(0, len(self.uncited) - SHOWN)


def backing_of(found: Whole) -> Backing:
    """Three queries, two more where it cites any; none before the programme has a source.

    A cited excerpt covers all its bearings, a cited bearing itself alone: the same passage may challenge another part.
    """
    proposal = found.proposal
    if not proposal.programme.last_source:
        return Backing()
    named = list(Citation.objects.filter(proposal=proposal).values_list("excerpt", "bearing"))
    cited = cited_among(proposal.programme, named)
    excerpts, bearings = {excerpt for excerpt, _bearing in named}, {bearing for _excerpt, bearing in named}
    linked = _linked(found)
    uncited = [one for one in linked if one.excerpt not in excerpts and one.pk not in bearings]
    names = [site.name for site in sites_of(proposal.programme, retired=False)]
    places = {one.excerpt.source.site.name for one in cited if one.excerpt.source.site}
    said = {one.site for one in linked}
    return Backing(
        cited=cited, linked=linked,
        uncited=sorted(uncited, key=lambda one: (_FIRST.index(one.stance), one.number)),
        sites=[*(name for name in names if name in places), *sorted(places.difference(names))],
        silent=[name for name in names if name not in said] if linked else [],
        sourced=True,
    )  # fmt: skip


def _linked(found: Whole) -> list[Linked]:
    """All that bears on the records of a proposal and counts; of a decided one what was linked by then. One query."""
    proposal = found.proposal
    on: dict[str, list[int]] = {}
    for label, _base in [base for change in found.changes for base in change.bases]:
        of = next(name for name, letters in _LETTERS.items() if label.startswith(letters))
        on.setdefault(of, []).append(int(label.removeprefix(_LETTERS[of])))
    if not on:
        return []
    wanted = Q()
    for name, numbers in on.items():
        wanted |= Q(**{f"{name}__number__in": numbers})
    rows = Bearing.objects.of(proposal.programme).current().filter(wanted)
    if proposal.decided:
        rows = rows.filter(created__lte=proposal.decided)
    values = rows.order_by("number").values_list(
        "pk", "number", "excerpt", "stance", "excerpt__source__site__name", *(f"{name}__number" for name in _LETTERS)
    )
    return [Linked(pk, number, excerpt, stance, site or "", _named(on, *numbers))
            for pk, number, excerpt, stance, site, *numbers in values]  # fmt: skip


def _named(on: dict[str, list[int]], *numbers: int | None) -> str:
    """Which record of the proposal a bearing is on; of an element that changes, where it stands in a configuration."""
    found = [f"{letters}{number}" for (name, letters), number in zip(_LETTERS.items(), numbers, strict=True)
             if number in on.get(name, ())]  # fmt: skip
    return found[0]


def uncited_shown(found: Whole, backing: Backing) -> list[Any]:
    """The first uncited bearings with their words, in the order of `backing`; one query where there are any."""
    first = [one.pk for one in backing.uncited[:SHOWN]]
    if not first:
        return []
    rows = {one.pk: BearingRow(one) for one in bearings_of(found.proposal.programme).filter(pk__in=first)}
    return [rows[pk] for pk in first]
