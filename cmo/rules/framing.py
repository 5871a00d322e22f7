"""Owns which roles a programme's configurations have, in which order and under which labels.

An element in a role that the setting no longer names stays where it is; no other joins it there (see standing).
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import SlotSetting
from cmo.rules.versioning import move_structure
from cmo.vocabulary import MECHANISMS, PRESETS, Slot
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Verb

LABEL = 40  # characters


@transaction.atomic
def set_slots(
    programme: Programme, *, by: Actor, base: int, slots: Sequence[tuple[str, str]] = (), preset: str = ""
) -> SlotSetting:
    """Set the slots of a programme: (role, label or "") each, in order, or those of a preset.

    A mechanism is one slot or two (resource and reasoning), not both.
    Raises ValidationError (slots, preset), PermissionDenied, or Stale when `base` is not the setting's revision; a
    programme that never chose is at revision 1.
    """
    require(by, Verb.MANAGE, programme)
    hold(programme)
    if preset:
        if preset not in PRESETS:
            raise ValidationError({"preset": _("Choose one of %(presets)s.") % {"presets": ", ".join(PRESETS)}})
        slots = [(slot.value, "") for slot in PRESETS[preset]]
    wanted = _checked(slots)
    now, _made = SlotSetting.objects.get_or_create(
        programme=programme, defaults={"slots": [[slot.value, ""] for slot in PRESETS["cmo"]]}
    )
    before = now.slots
    if before == wanted and now.revision_number == base:
        return now
    moved = SlotSetting.objects.filter(pk=now.pk, revision_number=base).update(slots=wanted, revision_number=base + 1)
    now.refresh_from_db()
    if not moved:
        raise Stale(now, base=base)
    move_structure(programme)
    record(by, "slots set", programme.slug, programme=programme, before=before, after=wanted)
    return now


def _checked(slots: Sequence[tuple[str, str]]) -> list[list[str]]:
    roles = [role for role, _label in slots]
    if not roles or any(role not in Slot.values or role == Slot.UNSURE for role in roles):
        named = ", ".join(slot.value for slot in Slot if slot != Slot.UNSURE)
        raise ValidationError({"slots": _("Choose roles out of %(roles)s.") % {"roles": named}})
    if len(set(roles)) < len(roles):
        raise ValidationError({"slots": _("Name each role once.")})
    if Slot.MECHANISM in roles and MECHANISMS & {Slot(role) for role in roles} != {Slot.MECHANISM}:
        raise ValidationError({"slots": _("A mechanism is one slot, or resource and reasoning; not both.")})
    return [[role, clean(label, field="slots", limit=LABEL, one_line=True)] for role, label in slots]
