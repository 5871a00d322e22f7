"""Owns how links are found and listed, ripples among them, and the groups and patterns that gather configurations."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.http import Http404

from cmo.models import Configuration, DemiRegularity, Link, RivalGroup
from cmo.reading.configurations import LinkRow, ripple_row, ripples_of, stated_links, stated_row
from cmo.vocabulary import LinkKind, State
from programmes.models import Programme


def links_of(
    programme: Programme,
    *,
    kinds: Collection[str] = (),
    configurations: Collection[int] = (),
    retired: bool = False,
) -> list[LinkRow]:
    """Links between current configurations, from the first configuration to the last; at most four queries.

    Ripples are found, whether or not somebody described them. Of `kinds` alone and touching `configurations` (ids),
    when given. With `retired`, the links that were taken out instead.
    """
    rows: list[LinkRow] = []
    stated = stated_links(programme).filter(retired=retired)
    if not retired:
        stated = stated.exclude(kind=LinkKind.RIPPLE)
        stated = stated.exclude(source__state=State.RETIRED).exclude(target__state=State.RETIRED)
    if kinds:
        stated = stated.filter(kind__in=kinds)
    if configurations:
        stated = stated.filter(Q(source__in=configurations) | Q(target__in=configurations))
    rows += [stated_row(link) for link in stated]
    if not retired and (not kinds or LinkKind.RIPPLE in kinds):
        rows += map(ripple_row, ripples_of(programme, list(configurations) or None))
    return sorted(rows, key=_place)


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
