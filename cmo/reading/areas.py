"""Owns how theory areas are found and listed."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import Configuration, Tally, TheoryArea
from cmo.vocabulary import State
from programmes.models import Programme


def areas_of(programme: Programme) -> list[TheoryArea]:
    """All areas in order, retired ones too."""
    return list(TheoryArea.objects.filter(programme=programme))


def counts_by_area(programme: Programme) -> dict[int, int]:
    """{area key: number of statements in use}; 0 is the key of "no area". One query, from the tally."""
    found = Tally.objects.filter(programme=programme).exclude(state=State.RETIRED)
    return {row["area_key"]: row["total"] for row in found.values("area_key").annotate(total=Sum("n")) if row["total"]}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area as its page lists it, with the statements in use that stand in it."""

    area: TheoryArea
    n: int
    may_rise: bool
    may_sink: bool
    configurations: int = 0  # in use


@dataclass(frozen=True, slots=True)
class AreasShown:
    """Areas in use in order, retired ones, and how many statements stand in none."""

    rows: list[AreaRow]
    retired: list[TheoryArea]
    nowhere: int


def areas_shown(programme: Programme) -> AreasShown:
    """What the page of areas shows; three queries."""
    areas, counts = areas_of(programme), counts_by_area(programme)
    current = Configuration.objects.filter(programme=programme).exclude(state=State.RETIRED)
    configured = dict(current.values_list("area").annotate(n=Count("pk")))
    used = [area for area in areas if not area.retired]
    rows = [
        AreaRow(area, counts.get(area.pk, 0), may_rise=at > 0, may_sink=at + 1 < len(used),
                configurations=configured.get(area.pk, 0))
        for at, area in enumerate(used)
    ]
    return AreasShown(rows, [area for area in areas if area.retired], counts.get(0, 0))


def find_area(programme: Programme, slug: str) -> TheoryArea:
    found = TheoryArea.objects.filter(programme=programme, slug=slug).select_related("programme").first()
    if found is None:
        raise Http404("There is no such theory area.")
    return found


def area_named(programme: Programme, slug: Any) -> TheoryArea | None:
    """The area that a body or a form names; "" and None mean none. Raises ValidationError (area)."""
    if slug in (None, ""):
        return None
    found = TheoryArea.objects.filter(programme=programme, slug=slug).first() if _plain(slug) else None
    if found is None:
        known = ", ".join(area.slug for area in areas_of(programme)) or _("none")
        said = _("There is no theory area “%(slug)s”; known are: %(known)s.")
        raise ValidationError({"area": said % {"slug": str(slug)[:60], "known": known}})
    return found


def _plain(slug: Any) -> bool:
    return isinstance(slug, str) and slug.isprintable()


def area_json(area: TheoryArea) -> dict[str, Any]:
    return {
        "slug": area.slug,
        "title": area.title,
        "description": area.description,
        "position": area.position,
        "retired": area.retired,
        "revision": area.revision_number,
    }
