"""Owns snapshots: the whole theory frozen at one moment, under the programme's lock, so that every change lies wholly
before or wholly after it. Closing a phase takes one; a lead takes others at will. None is ever changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.models import Snapshot, SnapshotPart
from cmo.phase_words import WORKING
from cmo.reading.canonical import KINDS, sha256_of
from cmo.reading.theory_at import TheoryAt
from programmes.access import Actor
from programmes.gate import clean
from programmes.models import AuditHead, Phase, Programme
from programmes.rules.holding import hold_for
from programmes.rules.phasing import close_phase, open_phase_of
from programmes.rules.recording import record, scope_of
from programmes.vocabulary import Limit, PhaseKind, Verb

MOST = 500
NAMED = {  # what the theory is called that comes out of a phase
    PhaseKind.GLEANING.value: gettext_lazy("Initial programme theory"),
    PhaseKind.REFINING.value: gettext_lazy("Refined programme theory"),
    PhaseKind.CONSOLIDATING.value: gettext_lazy("Consolidated programme theory"),
}


@transaction.atomic
def take_snapshot(
    programme: Programme,
    *,
    by: Actor,
    name: str,
    description: str = "",
    slug: str = "",
    closing: Phase | None = None,
) -> Snapshot:
    """Freeze the theory as it stands. `slug` is worked out from the name when not given; `closing` is the phase that is
    being closed. Two snapshots never have one name, in any case.

    Raises ValidationError (name, description, slug) or PermissionDenied.
    """
    hold_for(programme, by=by, verb=Verb.MANAGE)
    name = clean(name, field="name", limit=Limit.TITLE, required=True, one_line=True)
    known = _known(programme)
    if name.casefold() in map(str.casefold, known.values()):
        said = _("There is a snapshot “%(name)s” already; choose another name.")
        raise ValidationError({"name": said % {"name": name}})
    description = clean(description, field="description", limit=Limit.LONG)
    head = AuditHead.objects.filter(scope=scope_of(programme)).first()
    programme = Programme.objects.get(pk=programme.pk)  # what stands now, not when the request began
    made = Snapshot(
        programme=programme, slug=_free(set(known), slug, name), name=name, description=description,
        phase=closing or open_phase_of(programme), closes=closing is not None, taken=by.now().replace(microsecond=0),
        by=by.person, log_number=head.number if head else 0, log_digest=head.digest if head else "",
    )  # fmt: skip
    theory = TheoryAt(programme)
    made.counts = theory.counts
    made.sha256 = sha256_of(made, theory)
    made.save(force_insert=True)
    _point(made, theory)
    record(
        by, "snapshot taken", f"snapshot {made.slug}", programme=programme, seals=made.sha256, title=made.name,
        phase=made.phase.slug if made.phase else None, log=made.log_number,
    )  # fmt: skip
    return made


@transaction.atomic
def close_and_keep(
    phase: Phase,
    *,
    by: Actor,
    base: int,
    reason: str = "",
    on: date | None = None,
    name: str = "",
    description: str = "",
) -> Phase:
    """Close the open phase and keep the theory that came out of it as a snapshot, both or neither.

    Raises ValidationError (state, reason, name, description), Stale, PermissionDenied.
    """
    closed = close_phase(phase, by=by, base=base, reason=reason, on=on)
    called = name.strip() or name_at_close(closed)
    take_snapshot(closed.programme, by=by, name=called, description=description, closing=closed)
    return closed


def name_at_close(phase: Phase) -> str:
    """What the theory is called that comes out of a phase; with a number where there is one of that name already."""
    usual = str(NAMED.get(phase.kind, phase.title))
    taken = {name.casefold() for name in _known(phase.programme).values()}
    numbered = (usual if n == 1 else f"{usual[: Limit.TITLE - 5]}, {n}" for n in range(1, MOST + 2))
    return next(name for name in numbered if name.casefold() not in taken)


def _known(programme: Programme) -> dict[str, str]:
    """{slug: name} of a programme's snapshots."""
    return dict(Snapshot.objects.filter(programme=programme).values_list("slug", "name"))


def _free(taken: set[str], slug: str, name: str) -> str:
    """A slug that is not among those taken. One that was asked for is refused where it is taken."""
    if len(taken) >= MOST:
        raise ValidationError({"name": _("A programme may have %(n)s snapshots.") % {"n": MOST}})
    if slug:
        if slugify(slug)[: Limit.SLUG] != slug or slug == WORKING:
            said = _("Write the address in small letters, digits and hyphens, such as initial-programme-theory.")
            raise ValidationError({"slug": said})
        if slug in taken:
            raise ValidationError({"slug": _("There is a snapshot at %(slug)s already.") % {"slug": slug}})
        return slug
    stem = slugify(name)[: Limit.SLUG - 5].strip("-") or "snapshot"
    reserved = taken | {WORKING}
    return next(made for n in range(1, MOST + 2) if (made := stem if n == 1 else f"{stem}-{n}") not in reserved)


def _point(made: Snapshot, theory: TheoryAt) -> None:
    """The rows that point at what stood; one INSERT for each kind, whatever there is of it."""
    parts = [SnapshotPart(snapshot=made, kind=kind, content=theory.part(kind)) for kind in KINDS]
    SnapshotPart.objects.bulk_create(parts)
    given = [made.pk, made.programme_id]
    with connection.cursor() as cursor:
        for sql in _POINTING:
            cursor.execute(sql, given)


def _pointing(table: str, record: str, extra: str = "", said: Sequence[str] = ()) -> str:
    """INSERT of the latest revision of every record of a kind."""
    columns = ", ".join(["snapshot_id", "revision_id", *extra.split()])
    values = ", ".join(["%s", "r.id", *said])
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM cmo_{record} o"
        f" JOIN cmo_{record}revision r ON r.{record}_id = o.id AND r.number = o.revision_number"
        f" WHERE o.programme_id = %s"
    )


_POINTING: tuple[Any, ...] = (
    _pointing(
        "cmo_snapshotstatement", "statement", "priority",
        ("EXISTS (SELECT 1 FROM cmo_priority p WHERE p.statement_id = o.id)",),
    ),
    _pointing("cmo_snapshotconfiguration", "configuration"),
    _pointing("cmo_snapshotelement", "element"),
    _pointing("cmo_snapshotverdict", "verdict").replace("r.verdict_id", "r.of_id"),
    "INSERT INTO cmo_snapshottheme (snapshot_id, revision_id, position) SELECT %s, r.id, o.position"
    " FROM programmes_theme o JOIN programmes_themerevision r"
    " ON r.theme_id = o.id AND r.number = o.revision_number WHERE o.programme_id = %s",
)  # fmt: skip
