"""Owns the forms of comments and memos: how their fields are shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmo.forms.late import ask_again
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.remembering import Remembering

_LARGEST = 10**9
NAMES = gettext_lazy("Name people with @, records by their label: S7, CMO3, S7 v2.")


def _base() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_LARGEST)


class EditCommentForm(Dressed):
    """Other words of one's own comment."""

    text = typed(gettext_lazy("Comment"), rows=5, hint=NAMES)
    base = _base()


class MemoForm(Remembering):
    """A memo; `shared` is asked when it is written, later it is an act of its own."""

    title = typed(gettext_lazy("Title"), autocomplete="off")
    text = typed(gettext_lazy("Text"), rows=12, hint=NAMES)
    dated = typed(gettext_lazy("Day"), hint=gettext_lazy("Such as 2026-11-23; empty means today"), autocomplete="off")
    on = typed(
        gettext_lazy("About"), hint=gettext_lazy("Labels such as S3, CMO5; those in the text are added"),
        autocomplete="off",
    )  # fmt: skip
    shared = forms.BooleanField(label=gettext_lazy("Share it with the team"), required=False)
    base = _base()

    def __init__(self, data: Any = None, *, new: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        if not new:
            del self.fields["shared"]
        ask_again(self)


class TurnMemoForm(forms.Form):
    """Share, make private, retire or restore."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)
    to = forms.ChoiceField(choices=[(name, name) for name in ("shared", "private", "retired", "current")])


class SeenForm(forms.Form):
    """The last comment that was read before a thread is settled or opened again."""

    seen = forms.IntegerField(min_value=1, max_value=_LARGEST)
