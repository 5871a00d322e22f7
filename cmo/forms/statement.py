"""Owns the form that statements are written and edited in: as one sentence, or as its three parts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo import wording as parsing
from cmo.forms.reason import say_when_needed
from cmo.forms.resting import rests_field, rests_in
from cmo.merging import has_marks
from cmo.reading.areas import area_named
from cmo.reading.citing import rests_named
from cmo.reading.statements import StatementRow
from cmo.reading.workbench import typed_wording
from cmo.rules.composing import KEEP, PARTS, Words
from cmo.vocabulary import State
from programmes.forms import Dressed, text
from programmes.models import Programme
from programmes.reading.codebook import Codes

SENTENCE, IN_PARTS = "sentence", "parts"
CHANGES = [
    ("reworded", gettext_lazy("reworded: the same claim, said better")),
    ("refined", gettext_lazy("refined: the claim itself has changed")),
]
STATES = [(State.DRAFT.value, State.DRAFT.label), (State.AGREED.value, State.AGREED.label)]


class StatementForm(Dressed):
    """Fields as typed; `words`, `themes` and `area` give them as the rules take them."""

    mode = forms.CharField(widget=forms.HiddenInput, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    started = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    wording = text(gettext_lazy("The statement, in one sentence"), rows=3)
    then = text(gettext_lazy("then"), rows=2)
    because = text(gettext_lazy("because"), rows=2)
    area = forms.ChoiceField(label=gettext_lazy("Theory area"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    change = forms.ChoiceField(label=gettext_lazy("This change is"), choices=CHANGES, required=False)
    cites = text(
        gettext_lazy("Where it was first written"), hint=gettext_lazy("Such as a figure or a meeting; optional")
    )
    reason = text(gettext_lazy("Why the wording changes"), rows=2)
    rests_on = rests_field()

    def __init__(self, data: Any = None, *, programme: Programme, areas: Any, new: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        self.programme = programme
        self.new = new
        say_when_needed(self, programme)
        self.fields["if"] = text(gettext_lazy("If"), rows=2)
        self.fields["if"].widget.attrs["class"] = "field__input"
        current = (self.initial or {}).get("area")
        offered = [(area.slug, area.title) for area in areas if not area.retired or area.slug == current]
        self.fields["area"].choices = [("", _("Without an area")), *offered]  # type: ignore[attr-defined]
        if new:
            del self.fields["change"]
            self.fields["reason"].label = _("Why it joins the theory")
        else:
            del self.fields["cites"]
        self.typed_themes: list[str] = (
            data.getlist("theme") if data is not None else list(self.initial.get("theme", []))
        )

    @property
    def in_parts(self) -> bool:
        return bool(self["mode"].value() == IN_PARTS)

    def words(self) -> Words:
        given = self.cleaned_data
        if self.in_parts:
            return Words(parts={part: given.get(part, "") for part in PARTS})
        return Words(wording=self._picked(given.get("wording", "")))

    def _picked(self, written: str) -> str:
        """The text that the conflict page's choice means. Without a script the choice does not change the text field,
        so "theirs" and "mine" take their own text, unless something else was written in the field meanwhile."""
        pick, offered = self.data.get("pick"), self.data.get("offered", "")
        chosen = {"theirs": self.data.get("theirs", ""), "mine": self.data.get("mine", "")}.get(pick or "", "")
        return chosen if chosen and written.split() == offered.split() else written

    def given(self) -> dict[str, Any]:
        """What the rules take. Raises ValidationError (themes, area, wording)."""
        found = self.cleaned_data
        if has_marks(found.get("wording", "")):
            raise ValidationError({"wording": _("Choose between the two readings that are still marked in the text.")})
        given: dict[str, Any] = {
            "words": self.words(),
            "themes": Codes(self.programme).find(self.typed_themes),
            "area": area_named(self.programme, found["area"]) if "area" in self.data else KEEP,
            "reason": found.get("reason", ""),
        }
        if found.get("state"):
            given["state"] = found["state"]
        if labels := rests_in(self):
            given["rests_on"] = rests_named(self.programme, labels)
        name = "cites" if self.new else "change"
        if found.get(name):
            given[name] = found[name]
        return given


def wants_parts(row: StatementRow) -> bool:
    """Whether a statement reads as one if, one then and one because with nothing between: then three fields serve."""
    spans = row.spans
    once = len({span.part for span in spans}) == len(spans) > 0
    rest = parsing.remainder(row.wording, spans)
    return once and not any(letter.isalnum() for letter in rest) and not row.parts_by_hand


def initial_of(row: StatementRow, mode: str) -> dict[str, Any]:
    """A statement as the form shows it before anybody types."""
    spans = row.spans
    parts = {part: parsing.part_text(row.wording, spans, parsing.Part(part)) for part in PARTS}
    return {
        **parts,
        "mode": mode,
        "base": row.revision,
        "wording": row.wording,
        "area": row.area or "",
        "state": row.state,
        "theme": [tag.label for tag in row.themes],
    }


def turned(sent: QueryDict, to: str, before: str, spans: Sequence[parsing.Span]) -> QueryDict:
    """What was typed of a statement that reads `before`, to be written on with as one sentence or in parts.

    Raises ValidationError (wording) where the sentence holds words that the parts would lose.
    """
    given = sent.copy()
    given["mode"] = to
    text = typed_wording(sent, before, spans).replace("\r\n", "\n")
    if to == SENTENCE:
        given["wording"] = text
        return given
    if text != before:
        spans = parsing.find_parts(text)
        rest = parsing.remainder(text, spans)
        if len({span.part for span in spans}) < len(spans):
            raise ValidationError({"wording": _("It has more than one if, then or because; keep it as one sentence.")})
        if any(map(str.isalnum, rest)):
            said = _("No part takes “%(rest)s”; put it into one of them first, or keep it as one sentence.")
            raise ValidationError({"wording": said % {"rest": rest}})
    for part in parsing.Part:
        words = parsing.part_text(text, spans, part)
        opened = parsing.with_openings(text, spans, part)
        given[str(part)] = opened if text != before and parsing.opens(part, opened) else words
    return given


class ReasonForm(Dressed):
    """For retire and restore."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    reason = text(gettext_lazy("Why"), rows=2)


class PartsForm(Dressed):
    """Parts marked by hand: each text must stand in the wording."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    then = text(gettext_lazy("then (outcome)"), rows=2)
    because = text(gettext_lazy("because (mechanism)"), rows=2)
    reason = text(gettext_lazy("Why"), rows=1)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["if"] = text(gettext_lazy("If (context)"), rows=2)
        self.fields["if"].widget.attrs["class"] = "field__input"
        self.order_fields(["base", "if", "then", "because", "reason"])
