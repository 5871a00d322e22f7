"""Owns the forms of lineage: what a descendant says or is made of, and what it comes from."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.forms.statement import STATES
from cmo.reading.lineage_offers import Offer
from cmo.rules.composing import KEEP, Words
from cmo.rules.descending import Piece
from cmo.rules.descending_configurations import MadeOf
from cmo.rules.making_up import WORDS
from programmes.forms import Dressed, text

SAME = "~"  # "as its ancestors have it"
ASKED = {
    "nickname": gettext_lazy("Nickname"),
    "plain": gettext_lazy("In one plain sentence"),
    "narrative": gettext_lazy("Narrative"),
    "testing": gettext_lazy("Data planned to test it"),
}
ROWS = {"plain": 3, "narrative": 3, "testing": 2}


def _ticks(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class PieceForm(Dressed):
    """One descendant. It begins with all that its ancestors have; what is not ticked is not handed on."""

    area = forms.ChoiceField(label=gettext_lazy("Theory area"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any = None, *, offer: Offer, wording: str = "", **more: Any) -> None:
        super().__init__(data, **more)
        self.offer = offer
        areas = [(area.slug, area.title) for area in offer.areas]
        self._offer("area", [(SAME, _("The area that its ancestors share")), ("", _("Without an area")), *areas])
        states = [(value, str(label)) for value, label in STATES]
        self._offer("state", [("", _("Draft; one that is there stays as it is")), *states])
        self._put(wording)

    def _offer(self, name: str, choices: list[tuple[str, str]], ticked: bool = False) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields[name].initial = [value for value, _label in choices] if ticked else choices[0][0]

    _put: Callable[[str], None]  # _put(wording) fills the form of a kind; each kind writes it

    @property
    def empty(self) -> bool:
        """Whether nothing was written in it: it is then no piece at all."""
        return not any(str(self[name].value() or "").strip() for name in self.typed)

    typed: tuple[str, ...] = ()

    def take_over(self, before: "PieceForm") -> None:
        """Begin with what was written in the form of fewer records: its words where they were changed, and what was
        ticked in it, beside all that the others bring."""
        for name, field in self.fields.items():
            if name not in before.fields:
                continue
            value, began = before[name].value(), before.fields[name].initial
            if not isinstance(field, forms.MultipleChoiceField):
                if value is not None and value != began:
                    self.initial[name] = value
                continue
            old: Any = before.fields[name].choices  # type: ignore[attr-defined]
            new: Any = field.choices
            left = {said for key, said in old if key not in value}
            self.initial[name] = [key for key, said in new if said not in left]

    def area_given(self) -> Any:
        chosen = self.cleaned_data.get("area") or ""
        areas = {area.slug: area for area in self.offer.areas}
        return KEEP if chosen == SAME else areas.get(chosen)


class StatementPiece(PieceForm):
    typed = ("wording",)

    def _put(self, wording: str) -> None:
        self.fields["wording"] = text(gettext_lazy("The statement, in one sentence"), rows=4)
        self.fields["wording"].widget.attrs["class"] = "field__input serif"
        self.fields["wording"].initial = wording
        self.fields["theme"] = _ticks(gettext_lazy("Themes that it takes over"))
        self._offer("theme", [(theme.label, str(theme)) for theme in self.offer.themes], ticked=True)
        if not self.offer.themes:
            del self.fields["theme"]
        self.order_fields(["wording", "theme", "area", "state"])

    def content(self) -> Piece:
        given = self.cleaned_data
        ticked = set(given.get("theme", []))
        themes = [theme for theme in self.offer.themes if theme.label in ticked]
        words = Words(wording=given["wording"]) if given.get("wording", "").strip() else Words()
        return Piece(words, themes, self.area_given(), given.get("state") or None)


class ConfigurationPiece(PieceForm):
    typed = ("nickname", "plain")

    def _put(self, wording: str) -> None:
        for word in WORDS:
            self.fields[word] = text(ASKED[word], rows=ROWS.get(word, 0))
            self.fields[word].widget.attrs["class"] = "field__input"
            self.fields[word].initial = self.offer.words[word] if wording else ""
        self.fields["element"] = _ticks(gettext_lazy("Elements that it takes over"))
        placed = [
            (str(at), f"{one.element.label} ({one.role}) {one.wording or one.element.text}")
            for at, one in enumerate(self.offer.placed)
            if one.element
        ]
        self._offer("element", placed, ticked=True)
        self.fields["spelled"] = _ticks(gettext_lazy("Statements that it spells out"))
        spelled = [(one.label, f"{one.label} {one.wording}") for one in self.offer.statements]
        self._offer("spelled", spelled, ticked=True)
        for name in ("element", "spelled"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]
        self.order_fields(["nickname", "plain", "element", "spelled", "narrative", "testing", "area", "state"])

    def content(self) -> MadeOf:
        given = self.cleaned_data
        ticked, spelled = set(given.get("element", [])), set(given.get("spelled", []))
        return MadeOf(
            {word: given.get(word, "") for word in WORDS},
            [one for at, one in enumerate(self.offer.placed) if str(at) in ticked],
            [one for one in self.offer.statements if one.label in spelled],
            self.area_given(),
            given.get("state") or None,
        )


class ActForm(Dressed):
    """What is asked of an act beside its descendants; `into` and `with` stand in some forms only."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)
    into = forms.ChoiceField(label=gettext_lazy("What becomes of them"), required=False, widget=forms.RadioSelect)
    reason = text(gettext_lazy("Why"), rows=2, hint=gettext_lazy("Kept with every record that it touches"))

    def __init__(self, data: Any = None, *, into: list[str] | None = None, other: str = "", **more: Any) -> None:
        super().__init__(data, **more)
        if into is None:
            del self.fields["into"]
        else:
            stays = [(label, _("The others go into %(label)s, which stays") % {"label": label}) for label in into]
            self.fields["into"].choices = [("", _("They become a new one")), *stays]  # type: ignore[attr-defined]
        if other:
            hint = _("A label such as %(label)s. Leave it empty to write a new one below.") % {"label": other}
            self.fields["with"] = text(gettext_lazy("One that is there"), hint=hint, autocomplete="off")
            self.fields["with"].widget.attrs["class"] = "field__input"
        self.order_fields(["base", "into", "with", "reason"])
