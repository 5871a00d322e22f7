"""Owns the form of a configuration: a field a role with one element a line, and what it makes of them for the rules."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.forms.gathering import labels_in
from cmo.forms.reason import say_when_needed
from cmo.forms.resting import rests_field, rests_in
from cmo.forms.statement import STATES
from cmo.forms.together import refuse_marks
from cmo.lines import Line, one_line, read_lines, written
from cmo.reading.areas import area_named
from cmo.reading.citing import rests_named
from cmo.reading.configurations import ConfigurationRow, statements_named
from cmo.reading.elements import elements_named
from cmo.reading.slots import Slots
from cmo.reading.structure_pages import kept_statements
from cmo.rules.composing import KEEP
from cmo.rules.making_up import WORDS
from cmo.rules.standing import Placed
from cmo.vocabulary import KIND_OF, MECHANISMS, Slot
from programmes.forms import Dressed, text
from programmes.models import Programme

PREFIX = "slot-"


@dataclass(slots=True)
class SlotField:
    """A role as the form shows it."""

    role: Slot
    label: str
    field: Any
    outside: bool  # whether the programme's setting does not name it

    @property
    def kind(self) -> str:
        return KIND_OF[self.role].value

    @property
    def fires(self) -> bool:
        return self.role in MECHANISMS


@dataclass(slots=True)
class Written:
    """A configuration as its form holds it: {role: lines}, and its other fields as text."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # nickname, plain, narrative, testing, area, state
    statements: list[str] = field(default_factory=list)  # labels

    def initial(self) -> dict[str, Any]:
        return {
            **self.words,
            **{f"{PREFIX}{role}": written(lines) for role, lines in self.lines.items()},
            "statements": ", ".join(self.statements),
        }


class ConfigurationForm(Dressed):
    """Fields as typed. `shown` holds the words that the form showed for each element, so that words that somebody
    changed in the element meanwhile are not taken for this configuration's own."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    shown = text("", hint="")
    nickname = text(gettext_lazy("Nickname"), hint=gettext_lazy("A few words that the team knows it by"))
    plain = text(gettext_lazy("In one plain sentence"), rows=2)
    statements = text(
        gettext_lazy("Statements that it spells out"),
        hint=gettext_lazy("Their labels, such as S3, S7"),
        autocomplete="off",
    )
    area = forms.ChoiceField(label=gettext_lazy("Theory area"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    narrative = text(gettext_lazy("Narrative"), rows=3, hint=gettext_lazy("How it works, told in full"))
    testing = text(gettext_lazy("Data planned to test it"), rows=2)
    reason = text(gettext_lazy("Why"), rows=1)
    rests_on = rests_field()

    def __init__(
        self,
        data: Any = None,
        *,
        programme: Programme,
        slots: Slots,
        areas: Any,
        used: Iterable[str] = (),
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.programme, self.slots = programme, slots
        say_when_needed(self, programme)
        self.typed_at: dict[Any, tuple[str, int]] = {}  # {element counted from 1: (its role, its line there)}
        self.fields["shown"].widget = forms.HiddenInput()
        current = self.initial.get("area")
        offered = [(area.slug, area.title) for area in areas if not area.retired or area.slug == current]
        self.fields["area"].choices = [("", _("Without an area")), *offered]  # type: ignore[attr-defined]
        sent = [name.removeprefix(PREFIX) for name in data or () if name.startswith(PREFIX)]
        inside = [slot.role.value for slot in slots.rows]
        beyond = [role for role in dict.fromkeys((*used, *sent)) if role in Slot.values and role not in inside]
        self.roles = sorted((*inside, *beyond), key=slots.order)
        for role in self.roles:
            self.fields[f"{PREFIX}{role}"] = text(slots.label(role), rows=2)
            self.fields[f"{PREFIX}{role}"].widget.attrs["class"] = "field__input serif"

    def add_error(self, field: str | None, error: Any) -> None:
        """What a rule refuses of one element stands at its slot, counted by the lines there."""
        for one in error if field is None and isinstance(error, list) else [error]:
            params = getattr(one, "params", None) or {}
            role, line = self.typed_at.get(params.get("at"), (params.get("slot"), 0))
            if f"{PREFIX}{role}" not in self.fields:
                super().add_error(field, one)
            elif line:
                said = _("Line %(line)s: %(said)s") % {"line": line, "said": params["said"]}
                super().add_error(f"{PREFIX}{role}", said)
            else:
                super().add_error(f"{PREFIX}{role}", one)

    @property
    def slot_fields(self) -> list[SlotField]:
        inside = {slot.role.value for slot in self.slots.rows}
        return [
            SlotField(Slot(role), self.slots.label(role), self[f"{PREFIX}{role}"], role not in inside)
            for role in self.roles
        ]

    def typed(self) -> Written:
        """What was typed, for putting it together with what somebody else saved; call it on a valid form."""
        given = self.cleaned_data
        return Written(
            self._lines(),
            {name: given.get(name, "").replace("\r\n", "\n") for name in (*WORDS, "area", "state")},
            labels_in(given.get("statements", "")),
        )

    def given(self, held: ConfigurationRow | None = None) -> dict[str, Any]:
        """What the rules take; `held` is the configuration as it stands. Raises ValidationError."""
        found = self.cleaned_data
        refuse_marks(found)
        words = {word: found.get(word, "").replace("\r\n", "\n") for word in WORDS}
        given: dict[str, Any] = {
            "words": words,
            "area": area_named(self.programme, found["area"]) if found.get("area") else None,
            "reason": found.get("reason", ""),
        }
        labels = labels_in(found.get("statements", ""))
        if held is None or set(labels) != {f"S{number}" for number, _wording in held.statements}:
            retired = kept_statements(held.configuration) if held else []
            given["statements"] = [*statements_named(self.programme, labels), *retired]
        if labels := rests_in(self):
            given["rests_on"] = rests_named(self.programme, labels)
        if found.get("state"):
            given["state"] = found["state"]
        if held is not None and "area" not in self.data:
            given["area"] = KEEP
        placed = self._placed(held)
        if held is None or placed != _by_role(held, self._every_role(held)):
            typed = [(role, line, one) for role in self._every_role(held)
                     for line, one in enumerate(placed.get(role, []), start=1)]  # fmt: skip
            given["elements"] = [one for _role, _line, one in typed]
            self.typed_at = {at: (role, line) for at, (role, line, _one) in enumerate(typed, start=1)}
        return given

    def _lines(self) -> dict[str, list[Line]]:
        """{role: its lines} of the fields that were sent; a form that was opened before may lack some."""
        sent = [role for role in self.roles if f"{PREFIX}{role}" in self.data]
        return {role: read_lines(self.cleaned_data[f"{PREFIX}{role}"]) for role in sent}

    def _every_role(self, held: ConfigurationRow | None) -> list[str]:
        """The roles of the form; one that stands in the configuration and not in the form keeps what it holds."""
        rest = [one.role.value for one in held.placed] if held else []
        return list(dict.fromkeys((*self.roles, *rest)))

    def _placed(self, held: ConfigurationRow | None) -> dict[str, list[Placed]]:
        """{role: elements as the rules take them} as typed."""
        lines = self._lines()
        elements = self._elements(lines)
        standing = {(one.role.value, one.element.number): one for one in held.placed} if held else {}
        shown = self.words_shown()
        placed = _by_role(held, [role for role in self._every_role(held) if role not in lines]) if held else {}
        for role, typed in lines.items():
            placed[role] = []
            for line in typed:
                if line.number is None:
                    placed[role].append(Placed(role=role, text=line.text, activation=line.activation))
                    continue
                element, now = elements[line.number], standing.get((role, line.number))
                unchanged = line.text == shown.get(f"{role}/{line.number}") or (now and line.text == one_line(now.text))
                if line.text == "" or line.text == one_line(element.text):
                    own = ""
                else:
                    own = now.wording if now and unchanged else line.text
                placed[role].append(Placed(role=role, element=element, wording=own, activation=line.activation))
        return {role: found for role, found in placed.items() if found}

    def _elements(self, lines: Mapping[str, Sequence[Line]]) -> dict[int, Any]:
        found: dict[int, Any] = {}
        named = {role: [line.number for line in typed if line.number is not None] for role, typed in lines.items()}
        for role, numbers in named.items():
            if missing := [number for number in numbers if number not in found]:
                labels = [f"E{number}" for number in missing]
                rows = elements_named(self.programme, labels, field=f"{PREFIX}{role}")
                found |= {row.number: row for row in rows}
        return found

    def words_shown(self) -> dict[str, str]:
        """{"context/12": words that the form showed for the element}."""
        try:
            found = json.loads(self.cleaned_data.get("shown") or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _by_role(held: ConfigurationRow, roles: Iterable[str]) -> dict[str, list[Placed]]:
    """{role: elements as they stand}, of those roles that hold any."""
    found: dict[str, list[Placed]] = {}
    for one in held.placed:
        if one.role.value in roles:
            placed = Placed(role=one.role.value, element=one.element, wording=one.wording, activation=one.activation)
            found.setdefault(one.role.value, []).append(placed)
    return found


def written_of(row: ConfigurationRow) -> Written:
    """A configuration as its form shows it before anybody types."""
    now = row.configuration
    lines: dict[str, list[Line]] = {}
    for one in row.placed:
        lines.setdefault(one.role.value, []).append(Line(one.element.number, one_line(one.text), one.activation))
    words = {word: getattr(now, word) for word in WORDS}
    words |= {"area": now.area.slug if now.area else "", "state": str(now.state)}
    return Written(lines, words, [f"S{number}" for number, _wording in row.statements])


def initial_of(row: ConfigurationRow) -> dict[str, Any]:
    shown = {f"{one.role.value}/{one.element.number}": one_line(one.text) for one in row.placed}
    return {
        **written_of(row).initial(),
        "base": row.configuration.revision_number,
        "shown": json.dumps(shown, ensure_ascii=False),
    }


__all__ = ["PREFIX", "ConfigurationForm", "SlotField", "Written", "initial_of", "written_of"]
