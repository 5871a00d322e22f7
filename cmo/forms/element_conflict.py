"""Owns two people's edits of one element put together: its words, traits, themes, formal theory and state."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cmo.forms.element import LABELS
from cmo.forms.together import ONE, SEVERAL, Field, Merged, put_fields_together
from cmo.reading.element_history import element_version
from cmo.vocabulary import TRAITS, State

VALUES = ("text", "formal_theory", "state", *TRAITS)


def element_then(element: Any, number: int) -> dict[str, Any]:
    """An element as its form showed it at a revision."""
    version = element_version(element, number)
    return {
        **{name: str(getattr(version.revision, name)) for name in VALUES},
        "theme": [tag.label for tag in version.themes],
    }


def element_typed(sent: Any, base: Mapping[str, Any]) -> dict[str, Any]:
    """An element as it was typed; what the form did not ask for is as in `base`."""
    typed = {name: sent.get(name, base.get(name, "")).replace("\r\n", "\n") for name in VALUES}
    return {**typed, "theme": sent.getlist("theme")}


def put_element_together(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], *, themes: Mapping[str, str]
) -> Merged:
    """What either changed; where both changed the same words, both readings stand in marks. `themes` {label: said}."""
    fields = {"text": Field(_("Text"))}
    for trait, (choices, _kinds) in TRAITS.items():
        fields[trait] = Field(LABELS[trait], ONE, {"": _("not said"), **{c.value: str(c.label) for c in choices}})
    fields["theme"] = Field(_("Themes"), SEVERAL, themes)
    fields["formal_theory"] = Field(_("Formal theory that it draws on"))
    fields["state"] = Field(_("State"), ONE, {state.value: str(state.label) for state in State})
    merged = put_fields_together(fields, base, theirs, mine)
    if merged.written["state"] == State.RETIRED:  # which a form does not ask for
        merged.written["state"] = mine["state"]
    return merged
