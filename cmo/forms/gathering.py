"""Owns the forms of links, rival groups, demi-regularities and slots: how their fields are shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmo.reading.configurations import configurations_named
from cmo.reading.elements import element_named
from cmo.vocabulary import LinkKind, RivalVerdict
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.models import Programme

STATED = [(kind.value, kind.label) for kind in LinkKind if kind != LinkKind.RIPPLE]
_LARGEST = 10**6


def _base() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_LARGEST)


class LinkForm(Dressed):
    """A link to another configuration; `label` is what stands at the arrow."""

    kind = forms.ChoiceField(label=gettext_lazy("It is"), choices=STATED)
    to = typed(gettext_lazy("of or with"), hint=gettext_lazy("A label such as CMO5"), autocomplete="off")
    label = typed(gettext_lazy("What stands at the link"), autocomplete="off")
    note = typed(gettext_lazy("Note"), rows=1)


class RelabelForm(Dressed):
    """What is said about a link or a ripple that is there. `element` and `to` name a ripple nobody described yet."""

    label = typed(gettext_lazy("What stands at the link"), autocomplete="off")
    note = typed(gettext_lazy("Note"), rows=1)
    element = typed("", hint="")
    to = typed("", hint="")
    source = typed("", hint="")
    base = _base()


class TurnForm(Dressed):
    """Retire or restore."""

    reason = typed(gettext_lazy("Why"), rows=1)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=_LARGEST)


def labels_in(given: str) -> list[str]:
    """The labels in a list such as "CMO3, CMO5"."""
    return list(dict.fromkeys(part.upper() for part in given.replace(",", " ").replace(";", " ").split()))


class RivalForm(Dressed):
    base = _base()
    title = typed(gettext_lazy("What they explain differently"), autocomplete="off")
    configurations = typed(
        gettext_lazy("Configurations"), hint=gettext_lazy("Their labels, such as CMO4, CMO5"), autocomplete="off"
    )
    outcome = typed(
        gettext_lazy("Outcome"), hint=gettext_lazy("The element's label, such as E12; optional"), autocomplete="off"
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), choices=RivalVerdict.choices, required=False)
    favoured = typed(
        gettext_lazy("The one that explains it better"), hint=gettext_lazy("For that verdict alone"), autocomplete="off"
    )
    rationale = typed(gettext_lazy("Reason of the verdict"), rows=2)
    reason = typed(gettext_lazy("Why this change"), rows=1)

    def given(self, programme: Programme) -> dict[str, Any]:
        """What the rules take. Raises ValidationError."""
        found = self.cleaned_data
        favoured, outcome = labels_in(found["favoured"])[:1], found["outcome"].strip()
        return {
            "title": found["title"],
            "members": configurations_named(programme, labels_in(found["configurations"]), field="configurations"),
            "outcome": element_named(programme, outcome, field="outcome") if outcome else None,
            "verdict": found["verdict"] or RivalVerdict.OPEN.value,
            "favoured": configurations_named(programme, favoured, field="favoured")[0] if favoured else None,
            "rationale": found["rationale"],
            "reason": found["reason"],
        }


class PatternForm(Dressed):
    base = _base()
    text = typed(gettext_lazy("The pattern"), rows=2)
    configurations = typed(
        gettext_lazy("Configurations"), hint=gettext_lazy("Their labels, such as CMO4, CMO5"), autocomplete="off"
    )
    moderators = typed(gettext_lazy("What moderates it"), rows=2)
    boundaries = typed(gettext_lazy("Where it ends"), rows=2)
    counterexamples = typed(gettext_lazy("What speaks against it"), rows=2)
    reason = typed(gettext_lazy("Why this change"), rows=1)

    def given(self, programme: Programme) -> dict[str, Any]:
        """What the rules take. Raises ValidationError."""
        found = self.cleaned_data
        words = ("text", "moderators", "boundaries", "counterexamples", "reason")
        members = configurations_named(programme, labels_in(found["configurations"]), field="configurations")
        return {**{name: found[name] for name in words}, "members": members}


def wanted_slots(sent: Any) -> list[tuple[str, str]]:
    """(role, label) in order out of the fields `role` and `label` of the slot form, which come in pairs."""
    roles: Sequence[str] = sent.getlist("role")
    labels: Sequence[str] = sent.getlist("label")
    taken = set(sent.getlist("on"))
    return [(role, label) for role, label in zip(roles, labels, strict=False) if role in taken]


__all__ = ["STATED", "LinkForm", "PatternForm", "RelabelForm", "RivalForm", "TurnForm", "labels_in", "wanted_slots"]
