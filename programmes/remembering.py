"""Owns forms that remember what they began with, so that one who saves late does not take back what others saved."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms

from programmes.forms import Dressed
from programmes.forms import text as typed


class Remembering(Dressed):
    """A form that carries what it began with in `shown`, for a record that keeps no revisions, or not of all of it."""

    shown = typed("", hint="")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["shown"].widget = forms.HiddenInput()

    def began(self) -> dict[str, Any]:
        """What the form began with; nothing where it does not say. Call it on a valid form."""
        return object_in(self.cleaned_data.get("shown"))

    def with_theirs(self, now: Mapping[str, Any]) -> tuple[Any, list[str]]:
        """What to show again of a valid form that came too late, where `now` is saved: what was typed, with theirs in
        the fields that were left alone; and the fields that both changed, in which what was typed stays."""
        data: Any = cast(Any, self.data).copy()
        began, both = self.began(), []
        for name in shown_in(now):
            base, theirs, mine = (as_typed(each.get(name)) for each in (began, now, self.cleaned_data))
            if mine == base:
                data[self.add_prefix(name)] = theirs
            elif theirs not in (base, mine):
                both.append(name)
        data[self.add_prefix("base")], data[self.add_prefix("shown")] = str(now["base"]), shown_of(now)
        return data, both


def shown_in(initial: Mapping[str, Any]) -> list[str]:
    """The fields of which a form remembers what they began with."""
    return [name for name in initial if name not in ("base", "shown")]


def shown_of(initial: Mapping[str, Any]) -> str:
    """What a form began with, for its field `shown`."""
    return json.dumps({name: as_typed(initial[name]) for name in shown_in(initial)}, ensure_ascii=False)


def object_in(text: str | None) -> dict[str, Any]:
    """The JSON object that a hidden field holds; an empty one where it holds anything else."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def as_typed(value: Any) -> Any:
    """A value as a form holds it: yes is "on", nothing is empty, lines end in one way."""
    if isinstance(value, list):
        return [str(one) for one in value]
    if value is None or isinstance(value, bool):
        return "on" if value else ""
    return str(value).replace("\r\n", "\n")
