"""Owns the phases of an evaluation: add, open, close. At most one is open."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from programmes.access import Actor, require
from programmes.gate import clean, is_blank
from programmes.models import Phase, Programme
from programmes.records import Columns
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, PhaseKind, PhaseState, Verb

_PHASE = Columns(Phase, "f")
_OPEN = f"SELECT {_PHASE.sql} FROM programmes_phase f WHERE f.programme_id = %s AND f.state = %s"  # asked by every edit


def open_phase_of(programme: Programme) -> Phase | None:
    """The phase that is open now: what every revision is written under."""
    found = _PHASE.one(_OPEN, [programme.pk, PhaseState.OPEN.value])
    return found[0] if found else None


@transaction.atomic
def plan_phase(programme: Programme, *, by: Actor, kind: str, title: str, about: str = "", slug: str = "") -> Phase:
    """A phase after the others, planned. Raises ValidationError (kind, title)."""
    require(by, Verb.MANAGE, programme)
    if kind not in PhaseKind.values:
        raise ValidationError({"kind": _("Choose gleaning, refining or consolidating.")})
    title = clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True)
    hold(programme)
    phases = list(Phase.objects.filter(programme=programme))
    stem = slug or slugify(title)[: Limit.SLUG - 4] or kind
    taken = {phase.slug for phase in phases}
    free = next(name for n in range(1, 1000) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)
    phase = Phase.objects.create(
        programme=programme,
        slug=free,
        kind=kind,
        title=title,
        about=clean(about, field="about", limit=Limit.LONG),
        position=max((phase.position for phase in phases), default=0) + 1,
    )
    record(by, "phase planned", f"phase {phase.slug}", programme=programme, kind=kind, title=title)
    return phase


@transaction.atomic
def open_phase(phase: Phase, *, by: Actor, base: int, reason: str = "", on: date | None = None) -> Phase:
    """Open a planned phase, or a closed one again (then with a reason). Raises ValidationError, Stale."""
    require(by, Verb.MANAGE, phase.programme)
    _see(phase, base)
    if phase.state == PhaseState.OPEN:
        raise ValidationError({"state": _("%(phase)s is open already.") % {"phase": phase.title}})
    if phase.state == PhaseState.CLOSED and is_blank(reason):
        raise ValidationError({"reason": _("Say why the phase is opened again.")})
    other = open_phase_of(phase.programme)
    if other:
        raise ValidationError(
            {"state": _("%(phase)s is open; close it first, one phase is open at a time.") % {"phase": other.title}}
        )
    opened = phase.opened if phase.state == PhaseState.CLOSED else (on or timezone.localdate(by.now()))
    return _turn(phase, by, "phase opened", base, reason, state=PhaseState.OPEN, opened=opened, closed=None)


@transaction.atomic
def close_phase(phase: Phase, *, by: Actor, base: int, reason: str = "", on: date | None = None) -> Phase:
    """Close the open phase, with a reason. Raises ValidationError when it is not open, Stale when it moved on."""
    require(by, Verb.MANAGE, phase.programme)
    _see(phase, base)
    if phase.state != PhaseState.OPEN:
        raise ValidationError({"state": _("%(phase)s is not open.") % {"phase": phase.title}})
    if is_blank(reason):
        raise ValidationError({"reason": _("Say why the phase is closed now, such as what it has shown.")})
    closed = on or timezone.localdate(by.now())
    return _turn(phase, by, "phase closed", base, reason, state=PhaseState.CLOSED, closed=closed)


def _see(phase: Phase, base: int) -> None:
    """Read the phase as it is, and stays until this transaction ends; Stale when `base` is not its latest revision."""
    hold(phase.programme)
    phase.refresh_from_db(from_queryset=Phase.objects.select_related("programme"))
    if phase.revision_number != base:
        raise Stale(phase, base=base)


def _turn(phase: Phase, by: Actor, verb: str, base: int, reason: str, **new: Any) -> Phase:
    reason = clean(reason, field="reason", limit=Limit.REASON)
    before = phase.state
    moved = Phase.objects.filter(pk=phase.pk, revision_number=base).update(**new, revision_number=base + 1)
    phase.refresh_from_db()
    if not moved:
        raise Stale(phase, base=base)
    record(
        by,
        verb,
        f"phase {phase.slug}",
        programme=phase.programme,
        reason=reason,
        before=before,
        after=phase.state,
    )
    return phase
