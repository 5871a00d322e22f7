"""Owns what changes the kind of an element: retyping it, as what was called a context turns out to be a mechanism, and
restoring a version of another kind. The configurations that it stands in follow, everywhere, in one step.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Configuration, Element
from cmo.rules.introducing import ELEMENTS, drop_unfitting, element_themes, known_kind, put_back, seen_element
from cmo.rules.making_up import CONFIGURATIONS, make_up
from cmo.rules.standing import MakeUp
from cmo.rules.versioning import Version
from cmo.vocabulary import KIND_OF, MECHANISMS, Change, Kind, Slot, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.vocabulary import Limit, Verb


@transaction.atomic
def retype(element: Element, *, by: Actor, base: int, kind: str, reason: str = "") -> Element:
    """Give an element another kind; where it stands in the role of its old kind, it moves to that of the new one.

    Roles that differed from its kind on purpose (an outcome that is a context elsewhere) stay. Each configuration
    that changes gets a revision that says so. Raises ValidationError (kind), PermissionDenied, Stale.
    """
    require(by, Verb.WRITE, element.programme)
    now = seen_element(element, base, by)
    new, old = known_kind(kind), Kind(now.kind)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    if new == old:
        return now
    now.kind = new
    drop_unfitting(now)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    held = element_themes(now)
    ELEMENTS.write(now.programme, by=by, rows=[Version(now, Change.RETYPED, reason, held, held)])
    _let_follow(now, old, by, _("%(label)s was retyped from %(old)s to %(new)s."), reason)
    return now


@transaction.atomic
def restore_element(element: Element, *, by: Actor, base: int, revision: int, reason: str = "") -> Element:
    """Bring back the text, kind, traits and themes of an older revision; where that is of another kind, it moves to the
    role of it as after retyping. Raises ValidationError (revision), PermissionDenied, Stale."""
    now, old = put_back(element, by=by, base=base, revision=revision, reason=reason)
    if now.kind != old:
        _let_follow(now, old, by, _("%(label)s was restored, from %(old)s to %(new)s."), reason)
    return now


def _let_follow(now: Element, old: Kind, by: Actor, said: str, reason: str) -> None:
    """A revision of each configuration in which the element stands in the role of its `old` kind."""
    new = Kind(now.kind)
    why = f"{said % {'label': now.label, 'old': old.label, 'new': new.label}} {reason.strip()}".strip()
    CONFIGURATIONS.write(now.programme, by=by, rows=list(_following(now, old, new, why[: Limit.REASON])))


def _following(element: Element, old: Kind, new: Kind, why: str) -> Iterator[Version[Configuration, MakeUp]]:
    roles = [slot for slot in Slot if KIND_OF[slot] == old]
    standing = Configuration.objects.filter(placings__element=element, placings__role__in=roles)
    for now in standing.exclude(state=State.RETIRED).distinct().order_by("number"):
        held = make_up(now)
        moved, seen = [], set()
        for one in held.standing:
            if one.element.pk == element.pk and KIND_OF[one.role] == old:
                fires = one.activation if Slot(new.value) in MECHANISMS else ""
                one = replace(one, element=element, role=Slot(new.value), activation=fires)
            if (one.element.pk, one.role) not in seen:
                moved.append(one)
            seen.add((one.element.pk, one.role))
        yield Version(now, Change.REARRANGED, why, replace(held, standing=tuple(moved)), held)
