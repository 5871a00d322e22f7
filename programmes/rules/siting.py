"""Owns sites: where fieldwork was done; add, change, put in order, retire and restore."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme, Site
from programmes.refusals import Stale
from programmes.rules.holding import hold, move_evidence
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

MOST = 200


@transaction.atomic
def add_site(programme: Programme, *, by: Actor, name: str, note: str = "") -> Site:
    """A site after the others. Raises ValidationError (name, note), PermissionDenied."""
    require(by, Verb.EVIDENCE, programme)
    name = clean(name, field="name", limit=Limit.NAME, required=True, one_line=True)
    note = clean(note, field="note", limit=Limit.LONG)
    hold(programme)
    sites = list(Site.objects.filter(programme=programme))
    if len(sites) >= MOST:
        raise ValidationError({"name": _("A programme may have %(n)s sites.") % {"n": MOST}})
    _raise_if_taken(sites, name)
    taken = {site.slug for site in sites} | {"none"}  # as a filter, "none" asks for sources without a site
    stem = slugify(name)[: Limit.SLUG - 5].strip("-") or "site"
    free = next(slug for n in range(1, MOST + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)
    now, last = by.now(), max((site.position for site in sites), default=0)
    site = Site.objects.create(
        programme=programme, slug=free, name=name, note=note, position=last + 1, created=now, updated=now
    )
    move_evidence(programme)
    words = {field: value for field, value in (("name", name), ("note", note)) if value}
    record(by, "site added", f"site {site.slug}", programme=programme, before=None, after=words)
    return site


@transaction.atomic
def change_site(
    site: Site, *, by: Actor, base: int, name: str | None = None, note: str | None = None, position: int | None = None
) -> Site:
    """Change a site's name, note or place in the order; its address stays. Nothing is written when nothing changed.

    Raises ValidationError (name, note, position), Stale, PermissionDenied.
    """
    require(by, Verb.EVIDENCE, site.programme)
    now = _seen(site, base)
    new: dict[str, object] = {}
    if name is not None:
        new["name"] = clean(name, field="name", limit=Limit.NAME, required=True, one_line=True)
        _raise_if_taken(Site.objects.filter(programme=now.programme).exclude(pk=now.pk), str(new["name"]))
    if note is not None:
        new["note"] = clean(note, field="note", limit=Limit.LONG)
    if position is not None:
        if isinstance(position, bool) or not 1 <= position <= MOST:
            raise ValidationError({"position": _("Write a place from 1 to %(n)s.") % {"n": MOST}})
        new["position"] = position
    new = {field: value for field, value in new.items() if getattr(now, field) != value}
    return _swap(now, by, base, "site changed", **new) if new else now


@transaction.atomic
def turn_site(site: Site, *, by: Actor, base: int, retired: bool) -> Site:
    """Retire a site without sources in use, or bring it back. Raises ValidationError (state), Stale."""
    require(by, Verb.EVIDENCE, site.programme)
    now = _seen(site, base)
    if now.retired == retired:
        said = _("%(site)s is retired already.") if retired else _("%(site)s is not retired.")
        raise ValidationError({"state": said % {"site": now}})
    if retired and now.sources.filter(retired=False).exists():
        raise ValidationError({"state": _("Move the sources of %(site)s to another site first.") % {"site": now}})
    return _swap(now, by, base, "site retired" if retired else "site restored", retired=retired)


def _raise_if_taken(others: Iterable[Site], name: str) -> None:
    if any(other.name.casefold() == name.casefold() for other in others):
        raise ValidationError({"name": _("There is a site of this name already; choose another.")})


def _seen(site: Site, base: int) -> Site:
    hold(site.programme)
    now = Site.objects.select_related("programme").get(pk=site.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _swap(now: Site, by: Actor, base: int, verb: str, **new: object) -> Site:
    before = {field: getattr(now, field) for field in new if field != "retired"}
    moved = Site.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    after = Site.objects.select_related("programme").get(pk=now.pk)
    if not moved:
        raise Stale(after, base=base)
    move_evidence(after.programme)
    told: dict[str, Any] = {"before": before, "after": {field: new[field] for field in before}} if before else {}
    record(by, verb, f"site {after.slug}", programme=after.programme, **told)
    return after
