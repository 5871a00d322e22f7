"""Owns the beginning of a programme and the change of what is said about it."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from programmes.access import Actor, require, require_writable
from programmes.gate import clean
from programmes.models import Membership, Phase, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.rules.sourcing import delete_transcripts
from programmes.vocabulary import Agreement, Limit, PhaseKind, Role, Verb

# Words that would hide a page of the app or read as one.
TAKEN_SLUGS = {"new", "api", "static", "account", "p"}


@transaction.atomic
def found(
    *,
    by: Actor,
    title: str,
    slug: str = "",
    summary: str = "",
    intervention: str = "",
    phases: bool = True,
) -> Programme:
    """A new programme with `by` as its first lead and, with `phases`, the three phases planned, none open.

    An empty `slug` is made from the title. Raises ValidationError (title, slug).
    """
    require_writable(by)
    title = clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True)
    now = by.now()
    programme = Programme(
        title=title,
        slug=_free_slug(title) if not slug else _checked_slug(slug),
        summary=clean(summary, field="summary", limit=Limit.LONG),
        intervention=clean(intervention, field="intervention", limit=Limit.LONG),
        created=now,
        updated=now,
    )
    _save_at_free_slug(programme, chosen=bool(slug))
    Membership.objects.create(programme=programme, person=by.person, role=Role.LEAD, joined=now)
    if phases:
        Phase.objects.bulk_create(
            Phase(programme=programme, slug=kind.value, kind=kind, title=str(kind.label), position=at)
            for at, kind in enumerate(PhaseKind, start=1)
        )
    record(by, "founded", programme.slug, programme=programme, title=title)
    return programme


def _save_at_free_slug(programme: Programme, *, chosen: bool) -> None:
    """Insert the programme; where another took its address in the same moment, a made one is made again."""
    for _attempt in range(8):
        try:
            with transaction.atomic():
                programme.save(force_insert=True)
            return
        except IntegrityError:
            if chosen:
                break
            programme.slug = f"{programme.slug[: Limit.SLUG - 6].strip('-')}-{secrets.token_hex(2)}"
    raise ValidationError({"slug": _("Another programme has this address; choose another.")})


def _checked_slug(slug: str) -> str:
    slug = clean(slug, field="slug", limit=Limit.SLUG, one_line=True)
    if slug != slugify(slug) or slug in TAKEN_SLUGS:
        raise ValidationError({"slug": _("Use small letters, digits and hyphens for the address, such as cse-wales.")})
    if Programme.objects.filter(slug=slug).exists():
        raise ValidationError({"slug": _("Another programme has this address; choose another.")})
    return slug


def _free_slug(title: str) -> str:
    stem = slugify(title)[: Limit.SLUG - 6].strip("-") or "programme"
    taken = set(Programme.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | TAKEN_SLUGS
    slug, n = stem, 2
    while slug in taken:
        slug, n = f"{stem}-{n}", n + 1
    return slug


def _agreed(given: dict[str, Any]) -> dict[str, Any]:
    """How changes are agreed on and evidence is kept, as far as it was given. Raises ValidationError (agreement,
    approvals, blind, transcripts, small_group)."""
    new: dict[str, Any] = {}
    if "agreement" in given:
        if given["agreement"] not in Agreement.values:
            raise ValidationError({"agreement": _("Choose direct or reviewed.")})
        new["agreement"] = given["agreement"]
    if "approvals" in given:
        asked = given["approvals"]
        if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= 20:
            raise ValidationError({"approvals": _("Ask for 1 to 20 approvals.")})
        new["approvals"] = asked
    if "blind" in given:
        if not isinstance(given["blind"], bool):
            raise ValidationError({"blind": _("Say yes or no.")})
        new["blind"] = given["blind"]
    if "transcripts" in given:
        if not isinstance(given["transcripts"], bool):
            raise ValidationError({"transcripts": _("Say yes or no.")})
        new["transcripts"] = given["transcripts"]
    if "small_group" in given:
        asked = given["small_group"]
        if isinstance(asked, bool) or not isinstance(asked, int) or not 0 <= asked <= 50:
            raise ValidationError({"small_group": _("Mark counts below 0 (none) to 50 sources.")})
        new["small_group"] = asked
    return new


@transaction.atomic
def describe(programme: Programme, *, by: Actor, base: int, reason: str = "", **texts: Any) -> Programme:
    """Change `title`, `summary`, `intervention` of a programme, or how it agrees on changes, from its revision `base`.

    `agreement` is direct or reviewed, `approvals` how many a proposal needs (1 to 20), `blind` whether reviewers see
    the answers of others only after their own, `transcripts` whether whole transcripts may be kept, `small_group` below
    how many sources a count is marked as small (0: none), `delete_transcripts` whether those that are kept are taken
    out for good, where none may be kept.
    Nothing is written when nothing changed. Raises ValidationError, PermissionDenied, or Stale when the programme
    moved on.
    """
    require(by, Verb.MANAGE, programme)
    limits = {"title": Limit.TITLE, "summary": Limit.LONG, "intervention": Limit.LONG}
    new = {
        field: clean(value, field=field, limit=limits[field], required=field == "title", one_line=field == "title")
        for field, value in texts.items()
        if field in limits
    } | _agreed(texts)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    hold(programme)
    programme.refresh_from_db()
    if texts.get("delete_transcripts"):
        require(by, Verb.EVIDENCE, programme)  # who sees none deletes none
        if new.get("transcripts", programme.transcripts):
            said = _("They may be kept here; say that they may not before you delete them.")
            raise ValidationError({"delete_transcripts": said})
        if programme.revision_number == base:
            delete_transcripts(programme, by=by)
    before = {field: getattr(programme, field) for field in new}
    new = {field: value for field, value in new.items() if value != before[field]}
    if programme.revision_number == base and not new:
        return programme
    moved = Programme.objects.filter(pk=programme.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    if not moved:
        raise Stale(programme, base=base)
    programme.refresh_from_db()
    before = {field: before[field] for field in new}
    record(by, "described", programme.slug, programme=programme, reason=reason, before=before, after=new)
    return programme
