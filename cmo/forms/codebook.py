"""Owns the forms of the codebook page: how its fields are shown. What may be written is judged by the rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cmo.reading.codebook_page import WORDS
from programmes.forms import Dressed, text

LARGEST = 2**31 - 1
Places = Sequence[tuple[str, str]]


def base() -> forms.IntegerField:
    """The revision that the form started from."""
    lost = _("The form has lost the revision that it started from; load the page again.")
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), lost)
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST, error_messages=errors)


class _Place(forms.CharField):
    """One theme of the codebook, by id; whether it is there is judged when it is looked up."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.Select)
        self.validators = []


class _InTree(Dressed):
    """A form with a choice among the themes in use; `none` is what the choice of no theme is called."""

    choice = "parent"
    none: Any = _("Nothing: it is a category")

    def __init__(self, *args: Any, places: Places = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields[self.choice].widget
        widget.choices = [("", self.none), *places]  # type: ignore[attr-defined]


def _why() -> forms.CharField:
    return text(_("Why"), hint=_("One sentence for the history; you may leave it empty"))


class ThemeForm(Dressed):
    """The words of a theme that is there."""

    code = text(WORDS["code"], autocomplete="off", spellcheck="false")
    name = text(WORDS["name"], autocomplete="off")
    definition = text(WORDS["definition"], rows=3)
    use_when = text(WORDS["use_when"], rows=3)
    not_when = text(WORDS["not_when"], rows=3)
    example = text(WORDS["example"], rows=2)
    reason = _why()
    base = base()

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS}


class NewTheme(_InTree, ThemeForm):
    """The words of a theme to be added, and where."""

    parent = _Place(_("Stands under"))
    base = None  # type: ignore[assignment]


class MoveTheme(_InTree):
    parent = _Place(_("Stands under"))
    reason = _why()
    base = base()


class MergeTheme(_InTree):
    """`seen` is the theme whose preview was shown: a merge is done only with what was seen."""

    choice = "into"
    none = _("Choose a theme")
    into = _Place(_("Merge it into"))
    reason = _why()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    base = base()


class TurnTheme(Dressed):
    """Retire or restore."""

    reason = _why()
    base = base()


class ShiftTheme(Dressed):
    """One place up or down."""

    step = forms.TypedChoiceField(choices=[(-1, _("up")), (1, _("down"))], coerce=int)
    base = base()
