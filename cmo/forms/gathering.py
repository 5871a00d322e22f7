"""Owns the forms of links, rival groups, demi-regularities and slots: how their fields are shown."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from cmo.forms.together import ONE, SEVERAL, Field, Merged, Side, put_fields_together, refuse_marks, value_of
from cmo.merging import merge_sets
from cmo.reading.configurations import configurations_named
from cmo.reading.elements import element_named
from cmo.vocabulary import LinkKind, RivalVerdict
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.models import Programme
from programmes.remembering import Remembering

STATED = [(kind.value, kind.label) for kind in LinkKind if kind != LinkKind.RIPPLE]
_LARGEST = 10**6


def _base() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_LARGEST)


class LinkForm(Dressed):
    """A link to another configuration; `label` is what stands at the arrow."""

    kind = forms.ChoiceField(label=gettext_lazy("This configuration is"), choices=STATED)
    to = typed(gettext_lazy("Which other configuration"), hint=gettext_lazy("A label such as CMO5"), autocomplete="off")
    label = typed(gettext_lazy("Words on the link, as the map shows them"), autocomplete="off")
    note = typed(gettext_lazy("Note"), rows=1)


class RelabelForm(Dressed):
    """What is said about a link or a ripple that is there. `element` and `to` name a ripple nobody described yet."""

    label = typed(gettext_lazy("Words on the link, as the map shows them"), autocomplete="off")
    note = typed(gettext_lazy("Note"), rows=1)
    was_label = typed("", hint="")  # what the form began with
    was_note = typed("", hint="")
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


class GatheringForm(Remembering):
    """What rival groups and demi-regularities share."""

    base = _base()
    merging: ClassVar[dict[str, Field]]  # the fields that are put together, and how

    def put_together(self, now: dict[str, Any]) -> Merged:
        """Both edits in one; `now` is what is saved. Call it on a valid form."""
        sides = [self._values(given) for given in (self.began(), now, self.cleaned_data)]
        return put_fields_together(self.merging, *sides)

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
        texts = {name: str(given.get(name) or "").replace("\r\n", "\n") for name in self.merging}
        several = {name for name, one in self.merging.items() if one.way == SEVERAL}
        return {name: labels_in(text) if name in several else text for name, text in texts.items()}


class RivalForm(GatheringForm):
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
    merging: ClassVar[dict[str, Field]] = {
        "title": Field(gettext_lazy("What they explain differently")),
        "configurations": Field(gettext_lazy("Configurations"), SEVERAL),
        "outcome": Field(gettext_lazy("Outcome"), ONE),
        "verdict": Field(
            gettext_lazy("Verdict"), ONE, {verdict.value: verdict.label for verdict in RivalVerdict}  # type: ignore[misc]
        ),
        "favoured": Field(gettext_lazy("The one that explains it better"), ONE),
        "rationale": Field(gettext_lazy("Reason of the verdict")),
    }

    def given(self, programme: Programme) -> dict[str, Any]:
        """What the rules take. Raises ValidationError."""
        found = self.cleaned_data
        refuse_marks(found)
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


class PatternForm(GatheringForm):
    text = typed(gettext_lazy("The pattern"), rows=2)
    configurations = typed(
        gettext_lazy("Configurations"), hint=gettext_lazy("Their labels, such as CMO4, CMO5"), autocomplete="off"
    )
    moderators = typed(gettext_lazy("What moderates it"), rows=2)
    boundaries = typed(gettext_lazy("Where it ends"), rows=2)
    counterexamples = typed(gettext_lazy("What speaks against it"), rows=2)
    reason = typed(gettext_lazy("Why this change"), rows=1)
    merging: ClassVar[dict[str, Field]] = {
        "text": Field(gettext_lazy("The pattern")),
        "configurations": Field(gettext_lazy("Configurations"), SEVERAL),
        "moderators": Field(gettext_lazy("What moderates it")),
        "boundaries": Field(gettext_lazy("Where it ends")),
        "counterexamples": Field(gettext_lazy("What speaks against it")),
    }

    def given(self, programme: Programme) -> dict[str, Any]:
        """What the rules take. Raises ValidationError."""
        found = self.cleaned_data
        refuse_marks(found)
        words = ("text", "moderators", "boundaries", "counterexamples", "reason")
        members = configurations_named(programme, labels_in(found["configurations"]), field="configurations")
        return {**{name: found[name] for name in words}, "members": members}


def wanted_slots(sent: Any) -> list[tuple[str, str]]:
    """(role, label) in order out of the fields `role` and `label` of the slot form, which come in pairs."""
    roles: Sequence[str] = sent.getlist("role")
    labels: Sequence[str] = sent.getlist("label")
    taken = set(sent.getlist("on"))
    return [(role, label) for role, label in zip(roles, labels, strict=False) if role in taken]


def put_slots_together(
    base: Sequence[tuple[str, str]],
    theirs: Sequence[tuple[str, str]],
    mine: Sequence[tuple[str, str]],
    usual: Mapping[str, str],
) -> tuple[list[tuple[str, str]], Merged]:
    """Two edits of the slots in one, (role, label) in order, a usual label empty: roles that either took or left out,
    the order that was changed, mine where both did; and what either changed."""
    labels = [dict(each) for each in (base, theirs, mine)]
    roles = merge_sets(*(frozenset(each) for each in labels))
    began, now, typed = ([role for role, _label in each] for each in (base, theirs, mine))
    moved = [role for role in typed if role in began] != [role for role in began if role in typed]
    order = dict.fromkeys([*typed, *now] if moved else [*now, *typed])
    written = [(role, value_of(*(each.get(role, "") for each in labels))) for role in order if role in roles]
    said = (", ".join(f"{usual.get(role, role)} “{own}”" if own else usual.get(role, role) for role, own in each)
            for each in (base, theirs, mine))  # fmt: skip
    side = Side(gettext("Slots of a configuration"), *said)
    return written, Merged(written, [side] if side.changed else [])


__all__ = [
    "STATED", "LinkForm", "PatternForm", "RelabelForm", "RivalForm", "TurnForm", "labels_in", "put_slots_together",
    "wanted_slots",
]  # fmt: skip
