"""Owns the form of a paste."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.forms import Dressed
from programmes.forms import text as typed


class PasteForm(Dressed):
    text = typed(
        gettext_lazy("One statement to a line"),
        rows=8,
        hint=gettext_lazy(
            "Or a table copied from Word or a spreadsheet. Codes may stand before or after the words, or in a column "
            "of their own. “If”, “then”, “because”, “so that” and “when” are recognised, in English and in Welsh."
        ),
    )
    area = forms.ChoiceField(label=gettext_lazy("Theory area, where a line names none"), required=False)
    reason = typed(gettext_lazy("Where they come from"), rows=1)

    def __init__(self, data: Any = None, *, areas: Any, **more: Any) -> None:
        super().__init__(data, **more)
        offered = [(area.slug, area.title) for area in areas if not area.retired]
        self.fields["area"].choices = [("", _("Without an area")), *offered]  # type: ignore[attr-defined]
