"""Owns what stands in a configuration: elements in roles, checked before they are written with it.

An element joins in a role that the programme's setting names, or as unsure. What stands in another role, because the
setting was changed since or the element retyped, may stay there, be moved or be taken out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Element
from cmo.reading.slots import slots_of
from cmo.rules.composing import Shelf
from cmo.rules.introducing import ELEMENTS, drawn_element
from cmo.vocabulary import KIND_OF, MECHANISMS, Activation, Slot, State
from programmes.access import Actor
from programmes.gate import clean
from programmes.models import Programme
from programmes.vocabulary import Limit

MOST_ELEMENTS = 60


@dataclass(frozen=True, slots=True)
class Placed:
    """One element in a role, as somebody asks for it: an element that is there, or the text of a new one."""

    role: str
    element: Element | None = None
    text: str = ""  # of a new element
    wording: str = ""  # this configuration's own words for the element
    activation: str = ""  # of a mechanism


@dataclass(frozen=True, slots=True)
class Standing:
    """One element in a role, checked."""

    element: Element
    role: Slot
    wording: str
    activation: str

    def key(self) -> tuple[Any, ...]:
        return (self.element.pk, str(self.role), self.wording, str(self.activation))


@dataclass(frozen=True, slots=True)
class MakeUp:
    """What hangs on a configuration: its elements in order, and the statements it spells out (ids, rising)."""

    standing: tuple[Standing, ...] = ()
    statements: tuple[int, ...] = ()


def put_standing(
    shelf: Shelf, by: Actor, placed: Sequence[Placed], *, held: Sequence[Standing], reason: str
) -> tuple[Standing, ...]:
    """The elements as they are to stand, new ones written.

    Raises ValidationError (elements), counted from 1; its `params` say of which one (`at`), or in which role (`slot`).
    """
    if len(placed) > MOST_ELEMENTS:
        said = _("A configuration may hold %(most)s elements, these are %(n)s; split it.")
        raise ValidationError({"elements": said % {"most": MOST_ELEMENTS, "n": len(placed)}})
    known = _known_elements(shelf.programme, placed)
    staying = {one.element.pk for one in held}
    _raise_unless_used(shelf.programme, placed, {(one.element.pk, str(one.role)) for one in held})
    rows: list[tuple[Placed, Slot, Element]] = []
    new = []
    for at, one in enumerate(placed, start=1):
        try:
            role = _known_role(one)
            if one.element is None:
                row = drawn_element(shelf, kind=KIND_OF[role], text=one.text, reason=reason)
                row.now.mechanism = role if role in MECHANISMS - {Slot.MECHANISM} else ""
                new.append(row)
                rows.append((one, role, row.now))
                continue
            rows.append((one, role, _joining(one.element, known, staying)))
        except ValidationError as error:
            params = {"at": at, "said": " ".join(error.messages)}
            refused = ValidationError(_("Element %(at)s: %(said)s"), params=params)
            raise ValidationError({"elements": refused}) from error
    _raise_if_twice(rows)
    ELEMENTS.write(shelf.programme, by=by, rows=new)
    return tuple(
        Standing(
            element,
            role,
            clean(one.wording, field="elements", limit=Limit.ELEMENT),
            one.activation,
        )
        for one, role, element in rows
    )


def _known_elements(programme: Programme, placed: Sequence[Placed]) -> dict[int, Element]:
    wanted = {one.element.pk for one in placed if one.element is not None}
    found = Element.objects.filter(programme=programme, pk__in=wanted) if wanted else Element.objects.none()
    return {element.pk: element for element in found}


def _known_role(one: Placed) -> Slot:
    if one.role not in Slot.values:
        raise ValidationError(_("Choose a role: %(roles)s.") % {"roles": ", ".join(Slot.values)})
    if one.activation and one.activation not in Activation.values:
        said = _("Say how strongly it fires: %(steps)s, or leave it empty.")
        raise ValidationError(said % {"steps": ", ".join(Activation.values)})
    if one.activation and one.role not in MECHANISMS:
        raise ValidationError(_("Only a mechanism fires; leave the strength empty."))
    return Slot(one.role)


def _raise_unless_used(programme: Programme, placed: Sequence[Placed], held: set[tuple[int, str]]) -> None:
    """Refuse the first that would join in a role that the programme does not use; a role nobody knows is left."""
    joining = [
        (at, Slot(one.role))
        for at, one in enumerate(placed, start=1)
        if one.role in Slot.values and one.role != Slot.UNSURE
        if one.element is None or (one.element.pk, str(one.role)) not in held
    ]
    if not joining:
        return
    slots = slots_of(programme)
    used = {slot.role for slot in slots.rows}
    for at, role in joining:
        if role not in used:
            said = _(
                "Element %(at)s: this programme does not use the role %(role)s, only %(used)s; a lead can change that"
                " in the settings, under Slots of a configuration."
            )
            named = ", ".join(slot.label for slot in slots.rows)
            raise ValidationError({"elements": said % {"at": at, "role": slots.label(role), "used": named}})


def _joining(element: Element, known: dict[int, Element], staying: set[int]) -> Element:
    now = known.get(element.pk)
    if now is None:
        raise ValidationError(_("There is no such element in this programme."))
    if now.state == State.RETIRED and now.pk not in staying:
        raise ValidationError(_("%(label)s is retired; choose another or restore it.") % {"label": now.label})
    return now


def _raise_if_twice(rows: Sequence[tuple[Placed, Slot, Element]]) -> None:
    seen: set[tuple[int | str, Slot]] = set()
    for _one, role, element in rows:
        key = (element.pk or element.sameness or element.text, role)  # a new element has its words alone
        if key in seen:
            called = element.label if element.pk else f"“{element.text[:60]}”"
            said = _("%(label)s stands twice as %(role)s; name it once.")
            params = {"label": called, "role": role.label, "slot": role.value}
            raise ValidationError({"elements": ValidationError(said, params=params)})
        seen.add(key)
