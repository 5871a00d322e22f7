"""Owns how snapshots are found, listed and cited."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cmo.models import Snapshot, SnapshotPart, SnapshotStatement
from cmo.phase_words import WORKING
from cmo.reading.theory_at import TheoryAt
from programmes.models import Phase, Programme
from programmes.reading.team import evidence_shown
from programmes.vocabulary import NO_EVIDENCE, Limit


def snapshots_of(programme: Programme) -> "QuerySet[Snapshot]":
    """Snapshots in the order in which they were taken, each with `told_of`: what the programme was called then."""
    kept = SnapshotPart.objects.filter(snapshot=OuterRef("pk"), kind="programme").values(said=KT("content__title"))
    found = Snapshot.objects.filter(programme=programme).select_related("programme", "phase", "by")
    return found.annotate(told_of=Subquery(kept))


def find_snapshot(programme: Programme, slug: str) -> Snapshot:
    """The snapshot at this address, or Http404."""
    found = snapshot_known(programme, slug)
    if found is None:
        raise Http404("There is no such snapshot.")
    found.programme = programme
    return found


def theory_named(programme: Programme, slug: str) -> TheoryAt:
    """The theory of a snapshot, or as it stands where `working` is named; or Http404."""
    return TheoryAt(programme, None if slug == WORKING else find_snapshot(programme, slug))


def snapshot_known(programme: Programme, slug: str) -> Snapshot | None:
    """The snapshot that somebody names, or None; any text may be a name."""
    plain = slug if len(slug) <= Limit.SLUG and slug.isprintable() else ""
    return snapshots_of(programme).filter(slug=plain).first() if plain else None


def snapshot_asked(programme: Programme, query: Any) -> TheoryAt | None:
    """What `?snapshot=` asks for; None where nothing is asked, or the working theory. Raises ValidationError."""
    slug = str(query.get("snapshot") or "").strip()
    if not slug or slug == WORKING:
        return None
    found = snapshot_known(programme, slug)
    if found is None:
        known = ", ".join([*snapshots_of(programme).values_list("slug", flat=True), WORKING])
        said = _("There is no snapshot “%(slug)s”; known are: %(known)s.")
        raise ValidationError({"snapshot": said % {"slug": slug[:60], "known": known}})
    found.programme = programme
    return TheoryAt(programme, found)


OF_EVIDENCE = ("sources", "excerpts")  # what of the counts a member without evidence does not see


def held_in_full(programme: Programme) -> None:
    """PermissionDenied for a member without evidence: the bytes of a snapshot count excerpts and name bearings."""
    if not evidence_shown(programme):
        raise PermissionDenied(str(NO_EVIDENCE))


def snapshot_json(one: Any, *, evidence: bool, at: Callable[[str], str]) -> dict[str, Any]:
    """As the API shows it; counts of evidence only to those who may see `evidence`. `at` makes a whole address of a
    path."""
    address = at(reverse("snapshot", args=[one.programme.slug, one.slug]))
    counts = {name: n for name, n in one.counts.items() if evidence or name not in OF_EVIDENCE}
    return {
        "slug": one.slug,
        "name": one.name,
        "description": one.description,
        "phase": one.phase.slug if one.phase else None,
        "closes": one.closes,
        "taken": one.taken,
        "by": one.by.username,
        "sha256": one.sha256,
        "log": {"number": one.log_number, "digest": one.log_digest},
        "counts": counts,
        "address": address,
        "citation": citation(one, address),
    }


def citation(one: Any, address: str) -> str:
    """How a snapshot of `snapshots_of` is cited: what the programme was called, its name, day, address and hash."""
    day = date_format(localtime(one.taken), "j F Y")
    said = _("%(programme)s: %(name)s [programme theory, snapshot “%(slug)s”, %(day)s]. %(address)s (SHA-256 %(hash)s)")
    return said % {
        "programme": one.told_of, "name": one.name, "slug": one.slug, "day": day, "address": address,
        "hash": one.sha256,
    }  # fmt: skip


def wordings_by_phase(
    phases: Sequence[Phase], snapshots: Sequence[Snapshot], now: TheoryAt
) -> dict[str, Any]:
    """The wording of each statement as each phase left it, side by side, and as it stands: columns (title, slug) and
    rows (label, number, one wording for each column or ""); one query beside those of the theory."""
    last: dict[int, Snapshot] = {one.phase_id: one for one in snapshots if one.phase_id and one.closes}
    kept = [last[phase.pk] for phase in phases if phase.pk in last]
    wordings: dict[int, dict[int, str]] = {}
    rows = SnapshotStatement.objects.filter(snapshot__in=kept).exclude(revision__state="retired")
    for snapshot, number, wording in rows.values_list("snapshot", "revision__statement__number", "revision__wording"):
        wordings.setdefault(number, {})[snapshot] = wording
    for row in now.statements:
        if row.state != "retired":
            wordings.setdefault(row.number, {})[0] = row.wording
    columns = [*((one.phase.title if one.phase else one.name, one.slug) for one in kept), (_("Now"), WORKING)]
    keys = [*(one.pk for one in kept), 0]
    told = []
    for number in sorted(wordings):
        cells = [wordings[number].get(key, "") for key in keys]
        told.append({"label": f"S{number}", "number": number, "cells": cells, "moved": len(set(cells)) > 1})
    return {"columns": columns, "rows": told}
