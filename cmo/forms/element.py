"""Owns the forms of elements: how their fields are shown. What may be written is judged by the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.forms.codebook import base
from cmo.forms.reason import say_when_needed
from cmo.forms.statement import STATES
from cmo.forms.together import refuse_marks
from cmo.reading.elements import ElementRow
from cmo.reading.structure_pages import traits_of
from cmo.vocabulary import TRAITS, Kind
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.models import Programme
from programmes.reading.codebook import Codes

LABELS = {
    "polarity": gettext_lazy("It is"),
    "mechanism": gettext_lazy("Half of the mechanism"),
    "sign": gettext_lazy("Sign"),
    "intended": gettext_lazy("Meant or not"),
    "proximity": gettext_lazy("How far along"),
    "level": gettext_lazy("Level"),
}


class ElementForm(Dressed):
    """The words and traits of an element of one kind, those that fit the kind alone."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    text = typed(gettext_lazy("Text"), rows=2)
    formal_theory = typed(
        gettext_lazy("Formal theory that it draws on"), rows=1, hint=gettext_lazy("Such as diffusion of innovations")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    reason = typed(gettext_lazy("Why"), rows=1)

    def __init__(self, data: Any = None, *, programme: Programme, kind: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.programme = programme
        say_when_needed(self, programme)
        self.traits = traits_of(kind)
        for trait in self.traits:
            choices = [("", _("not said")), *TRAITS[trait][0].choices]
            self.fields[trait] = forms.ChoiceField(label=LABELS[trait], choices=choices, required=False)
            self.fields[trait].widget.attrs["class"] = "field__input"
        self.typed_themes: list[str] = (
            data.getlist("theme") if data is not None else list(self.initial.get("theme", []))
        )

    @property
    def trait_fields(self) -> list[Any]:
        return [self[trait] for trait in self.traits]

    def given(self) -> dict[str, Any]:
        """What the rules take. Raises ValidationError (themes, and texts in which a choice still stands open)."""
        found = self.cleaned_data
        refuse_marks(found)
        given: dict[str, Any] = {
            "text": found.get("text", "").replace("\r\n", "\n"),
            "traits": {trait: found.get(trait, "") for trait in self.traits},
            "formal_theory": found.get("formal_theory", ""),
            "themes": Codes(self.programme).find(self.typed_themes),
            "reason": found.get("reason", ""),
        }
        if found.get("state"):
            given["state"] = found["state"]
        return given


def initial_of(row: ElementRow) -> dict[str, Any]:
    """An element as the form shows it before anybody types."""
    element = row.element
    names = ("text", "formal_theory", "state", *TRAITS)
    return {
        **{name: getattr(element, name) for name in names},
        "base": element.revision_number,
        "theme": [tag.label for tag in row.themes],
    }


class RetypeForm(Dressed):
    kind = forms.ChoiceField(label=gettext_lazy("It is rather"), choices=Kind.choices)
    reason = typed(gettext_lazy("Why"), rows=1)
    base = base()
