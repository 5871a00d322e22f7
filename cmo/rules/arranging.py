"""Owns theory areas: add, rename, put in order, retire and restore."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cmo.models import Configuration, Statement, TheoryArea
from cmo.vocabulary import State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

MOST = 200
NOWHERE = 32_000  # the area_position of statements without an area: after all areas


@transaction.atomic
def add_area(programme: Programme, *, by: Actor, title: str, description: str = "", slug: str = "") -> TheoryArea:
    """A theory area after the others. Raises ValidationError (title, slug), PermissionDenied."""
    require(by, Verb.WRITE, programme)
    title = clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True)
    description = clean(description, field="description", limit=Limit.LONG)
    hold(programme)
    areas = list(TheoryArea.objects.filter(programme=programme))
    if len(areas) >= MOST:
        raise ValidationError({"title": _("A programme may have %(n)s theory areas.") % {"n": MOST}})
    taken = {area.slug for area in areas} | {"none"}  # as a filter, "none" asks for statements without an area
    stem = slugify(slug or title)[: Limit.SLUG - 5].strip("-") or "area"
    free = next(name for n in range(1, MOST + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)
    area = TheoryArea.objects.create(
        programme=programme,
        title=title,
        slug=free,
        description=description,
        position=max((area.position for area in areas), default=0) + 1,
    )
    record(by, "area added", f"area {area.slug}", programme=programme, title=title)
    return area


@transaction.atomic
def rename_area(
    area: TheoryArea, *, by: Actor, base: int, title: str, description: str | None = None, reason: str = ""
) -> TheoryArea:
    """Give an area another title or description; its address stays. Raises ValidationError, Stale."""
    require(by, Verb.WRITE, area.programme)
    title = clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True)
    about = area.description if description is None else clean(description, field="description", limit=Limit.LONG)
    was = {"title": area.title, "description": area.description}
    if (title, about) == (area.title, area.description) and area.revision_number == base:
        return area
    hold(area.programme)
    _swap(area, base, title=title, description=about)
    new = {name: value for name, value in (("title", title), ("description", about)) if value != was[name]}
    record(
        by, "area renamed", f"area {area.slug}", programme=area.programme, before={name: was[name] for name in new},
        after=new, reason=clean(reason, field="reason", limit=Limit.REASON),
    )  # fmt: skip
    return area


@transaction.atomic
def shift_area(area: TheoryArea, *, by: Actor, base: int, step: int) -> TheoryArea:
    """Move an area one place up (-1) or down (+1); its statements follow in every list."""
    require(by, Verb.WRITE, area.programme)
    hold(area.programme)
    areas = list(TheoryArea.objects.filter(programme=area.programme))
    at = next(i for i, other in enumerate(areas) if other.pk == area.pk)
    if areas[at].retired:
        raise ValidationError({"state": _("%(area)s is retired; restore it first.") % {"area": area}})
    way = 1 if step > 0 else -1
    to = at + way
    while 0 <= to < len(areas) and areas[to].retired:
        to += way  # nobody sees the retired ones; a step past one alone would look like none
    if not 0 <= to < len(areas):
        return area
    mine, theirs = areas[at], areas[to]
    _swap(area, base, position=theirs.position)
    TheoryArea.objects.filter(pk=theirs.pk).update(position=mine.position)
    for moved, position in ((mine, theirs.position), (theirs, mine.position)):
        Statement.objects.filter(area=moved.pk).update(area_position=position)
    record(by, "area moved", f"area {area.slug}", programme=area.programme, before=at + 1, after=to + 1)
    return area


@transaction.atomic
def turn_area(area: TheoryArea, *, by: Actor, base: int, retired: bool, reason: str = "") -> TheoryArea:
    """Retire an area that holds no current statement or configuration, or restore it.

    Raises ValidationError (state), Stale.
    """
    require(by, Verb.WRITE, area.programme)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    hold(area.programme)
    area = TheoryArea.objects.select_related("programme").get(pk=area.pk)
    if area.revision_number != base:
        raise Stale(area, base=base)
    if area.retired == retired:
        return area
    if retired and Statement.objects.current().filter(area=area).exists():
        raise ValidationError({"state": _("Move the statements of %(area)s to another area first.") % {"area": area}})
    if retired and Configuration.objects.filter(area=area).exclude(state=State.RETIRED).exists():
        said = _("Move the configurations of %(area)s to another area first.")
        raise ValidationError({"state": said % {"area": area}})
    _swap(area, base, retired=retired)
    verb = "area retired" if retired else "area restored"
    record(by, verb, f"area {area.slug}", programme=area.programme, reason=reason)
    return area


def _swap(area: TheoryArea, base: int, **new: object) -> None:
    moved = TheoryArea.objects.filter(pk=area.pk, revision_number=base).update(**new, revision_number=base + 1)
    area.refresh_from_db()
    if not moved:
        raise Stale(area, base=base)
