"""Owns the forms of snapshots, comparisons and verdicts: how their fields are shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmo.forms.late import ask_again, data_of, put_form_together
from cmo.forms.resting import TICKED
from cmo.forms.together import ONE, SEVERAL, WORDS, Merged
from cmo.phase_words import Verdict
from cmo.reading.citing import Offered, labels_in
from cmo.reading.verdicts import bearings_of
from programmes.forms import Dressed
from programmes.forms import text as typed

_LARGEST = 10**9
TOGETHER = {"verdict": ONE, "rationale": WORDS, "bearings": SEVERAL}  # how two edits of each are put together


class SnapshotForm(Dressed):
    """What a snapshot is called and what it is for."""

    name = typed(gettext_lazy("Name"), hint=gettext_lazy("Such as “Initial programme theory”"), autocomplete="off")
    description = typed(gettext_lazy("What it is for"), rows=2)


class VerdictForm(Dressed):
    """A verdict of one's own, or of the team. Bearings on the record are ticked; any other is named by its label."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What this phase found"),
        choices=[("", gettext_lazy("Choose")), *Verdict.choices],
        error_messages={"required": gettext_lazy("Choose what was found.")},
    )
    rationale = typed(gettext_lazy("Why"), rows=4)
    bearings = typed(gettext_lazy("Other links, by label"), hint=gettext_lazy("Such as B3, B7"), autocomplete="off")
    team = forms.BooleanField(required=False, widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=_LARGEST)

    def __init__(
        self, *args: Any, offered: Sequence[Offered] | None = (), rests: Sequence[str] = (), **more: Any
    ) -> None:
        """`offered` are the bearings on the record, `rests` the labels that the kept verdict rests on; `offered` is
        None for a member who sees no evidence."""
        super().__init__(*args, **more)
        self.offered = offered or ()
        if offered is None:
            del self.fields["bearings"]
        known = {one.label for one in self.offered}
        sent: Any = self.data  # a QueryDict, once the form was sent
        self.ticked = sent.getlist(TICKED) if self.is_bound else [label for label in rests if label in known]
        self.initial["bearings"] = ", ".join(label for label in rests if label not in known)
        ask_again(self)

    @property
    def labels(self) -> list[str]:
        """What is ticked and typed."""
        return list(dict.fromkeys([*self.ticked, *labels_in(self.cleaned_data["bearings"])]))

    def put_together(self, then: Any, now: Any) -> Merged:
        """Both edits of a verdict in one: of a valid form that began with revision `then`, or with none, and `now`."""
        mine = {"bearings": self.labels} if "bearings" in self.fields else {}
        return put_form_together(self, TOGETHER, _said(then) if then else {}, _said(now), mine=mine)

    def data_with(self, merged: Merged, base: int) -> Any:
        """What the form holds with both edits in it."""
        data, known = data_of(self, merged, base=base), {one.label for one in self.offered}
        rests = merged.written.get("bearings", [])
        data.setlist(TICKED, [label for label in rests if label in known])
        data[self.add_prefix("bearings")] = ", ".join(label for label in rests if label not in known)
        return data


def _said(one: Any) -> dict[str, Any]:
    return {"verdict": one.verdict, "rationale": one.rationale, "bearings": bearings_of(one)}
