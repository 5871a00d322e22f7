"""Owns the forms of snapshots, comparisons and verdicts: how their fields are shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmo.phase_words import Verdict
from programmes.forms import Dressed
from programmes.forms import text as typed

_LARGEST = 10**9


class SnapshotForm(Dressed):
    """What a snapshot is called and what it is for."""

    name = typed(gettext_lazy("Name"), hint=gettext_lazy("Such as “Initial programme theory”"), autocomplete="off")
    description = typed(gettext_lazy("What it is for"), rows=2)


class VerdictForm(Dressed):
    """A verdict of one's own, or of the team; the bearings that may be chosen are those on the record."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What this phase found"),
        choices=[("", gettext_lazy("Choose")), *Verdict.choices],
        error_messages={"required": gettext_lazy("Choose what was found.")},
    )
    rationale = typed(gettext_lazy("What it rests on"), rows=4)
    bearings = typed(
        gettext_lazy("Bearings it rests on"), hint=gettext_lazy("Labels with commas: B3, B7"), autocomplete="off"
    )
    team = forms.BooleanField(required=False, widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=_LARGEST)

    def __init__(self, *args: Any, offered: Sequence[str] | None = (), **more: Any) -> None:
        """`offered` are labels of bearings on the record; None for a member who sees no evidence."""
        super().__init__(*args, **more)
        if offered is None:
            del self.fields["bearings"]
        if offered:
            hint = gettext_lazy("Labels with commas. On this record: %(labels)s")
            self.fields["bearings"].help_text = str(hint) % {"labels": ", ".join(offered)}
