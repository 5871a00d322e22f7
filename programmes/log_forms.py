"""Owns the forms of the log: what of it is shown, and why words are taken out of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms import Dressed, text
from programmes.gate import clean
from programmes.reading.log import GROUPS


class TakeOut(Dressed):
    why = text(_("Why"), rows=2, required=True, hint=_("Everybody reads this; do not repeat the words here"))
    everywhere = forms.BooleanField(
        label=_("Also out of the other rows that give the very same reason, 200 at most"), required=False
    )
    why.error_messages["required"] = _("Say why these words are taken out.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date such as 2026-11-23.")},
    )


class LogFilter(Dressed):
    """What of the audit log is shown; page, CSV and JSON read the same query."""

    who = text(_("Who"), hint=_("The name they sign in with"), list="people", autocomplete="off")
    what = forms.ChoiceField(label=_("What"), choices=[("", _("Everything")), *GROUPS.items()], required=False)
    record = text(_("On"), hint=_("A record, such as S3"), autocomplete="off")
    since = _day(_("From"))
    until = _day(_("To"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        lines = {"who": given.get("who"), "record": given.get("record")}
        return given | {name: clean(line, field=name, limit=230, one_line=True) for name, line in lines.items()}
