"""Owns the page where leads say which slots a configuration has: a preset, or roles of theirs with labels, in order."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.gathering import put_slots_together, wanted_slots
from cmo.reading.slots import slots_of
from cmo.rules.framing import set_slots
from cmo.views.then import kept_page_then, theory_then
from cmo.vocabulary import KIND_OF, PRESETS, Slot
from programmes.access import may
from programmes.reading.team import leads_of, role_shown
from programmes.refusals import Stale
from programmes.remembering import object_in
from programmes.views.base import Page, sentences, whole_number
from programmes.vocabulary import Verb

NAMES = {
    "cmo": "CMO", "resource-reasoning": "CMO, R + R", "icmo": "ICMO", "scmo": "SCMO", "icamo": "ICAMO",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    """A role on the page: taken or not, with a label of the programme's own."""

    role: str
    usual: str
    label: str
    taken: bool

    @property
    def kind(self) -> str:
        return KIND_OF[Slot(self.role)].value


class SlotSettingPage(Page):
    """Read by everybody, changed by leads. `do=up:role` and `do=down:role` reorder what is typed, and save nothing."""

    then = True
    writes = Verb.MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return kept_page_then(self, theory, "slots")
        slots = slots_of(self.programme)
        return self.page(self._lines(_taken(slots)), slots.revision)

    def _lines(self, taken: list[tuple[str, str]], others: list[str] | None = None) -> list[Line]:
        usual = _usual()
        lines = [Line(role, usual[role], label, True) for role, label in taken if role in usual]
        rest = [role for role in dict.fromkeys([*(others or ()), *usual]) if role in usual and role not in dict(taken)]
        return [*lines, *(Line(role, usual[role], "", False) for role in rest)]

    def page(self, lines: list[Line], base: int, *, status: int = 200, **more: Any) -> HttpResponse:
        slots = slots_of(self.programme)
        presets = [
            (name, NAMES[name], ", ".join(str(slot.label) for slot in roles), name == slots.preset)
            for name, roles in PRESETS.items()
        ]
        context = {"current": "settings", "lines": lines, "base": base, "presets": presets, "slots": slots, **more}
        if not may(role_shown(self.programme), Verb.MANAGE):
            context["leads"] = leads_of(self.programme)
        shown = self.request.POST.get("shown", "") if status != 409 else ""
        context["shown"] = shown or json.dumps(dict(_taken(slots)), ensure_ascii=False)
        return self.show("cmo/structure/slots.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = request.POST
        base = whole_number(sent.get("base"), 0)
        typed = self._typed(sent)
        way, _colon, role = sent.get("do", "").partition(":")
        if way in ("up", "down"):
            return self.page(_moved(typed, role, -1 if way == "up" else 1), base, moved=f"{way}:{role}")
        try:
            return self.done_once(lambda: self._set(sent, base))
        except ValidationError as refusal:
            return self.page(typed, base, status=422, problems=sentences(refusal))
        except Stale:
            return self._came_late(sent)

    def _came_late(self, sent: Any) -> HttpResponse:
        """What was chosen, with what another lead changed meanwhile of the rest, unsaved."""
        slots = slots_of(self.programme)
        theirs, usual = _taken(slots), _usual()
        if "preset" in sent:
            said = _("Another lead changed the slots meanwhile. Look at them, then choose again.")
            return self.page(self._lines(theirs), slots.revision, status=409, problems=[said])
        mine = [(role, "" if label == usual.get(role) else label) for role, label in wanted_slots(sent)]
        began = [(role, label) for role, label in object_in(sent.get("shown")).items() if isinstance(label, str)]
        lines, merged = put_slots_together(began, theirs, mine, usual)
        return self.page(self._lines(lines, sent.getlist("role")), slots.revision, status=409, merged=merged)

    def _set(self, sent: Any, base: int) -> HttpResponse:
        if preset := sent.get("preset", ""):
            set_slots(self.programme, by=self.actor, base=base, preset=preset)
        else:
            set_slots(self.programme, by=self.actor, base=base, slots=wanted_slots(sent))
        messages.success(self.request, _("The slots are set. Elements in other roles stay where they are."))
        return redirect("slots", self.programme.slug)

    def _typed(self, sent: Any) -> list[Line]:
        """The lines as they were sent, in their order; roles that were not sent come after them."""
        usual = _usual()
        on = set(sent.getlist("on"))
        pairs = dict(zip(sent.getlist("role"), sent.getlist("label"), strict=False))
        lines = [Line(role, usual[role], label, role in on) for role, label in pairs.items() if role in usual]
        return [*lines, *(Line(role, usual[role], "", False) for role in usual if role not in pairs)]


def _usual() -> dict[str, str]:
    return {slot.value: str(slot.label) for slot in Slot if slot != Slot.UNSURE}


def _taken(slots: Any) -> list[tuple[str, str]]:
    """(role, label) in order; "" for the usual label."""
    usual, taken = _usual(), [(slot.role.value, slot.label) for slot in slots.rows]
    return [(role, "" if label == usual.get(role) else label) for role, label in taken]


def _moved(lines: list[Line], role: str, step: int) -> list[Line]:
    at = next((index for index, line in enumerate(lines) if line.role == role), None)
    if at is not None and 0 <= at + step < len(lines):
        lines[at], lines[at + step] = lines[at + step], lines[at]
    return lines
