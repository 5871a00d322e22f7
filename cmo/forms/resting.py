"""Owns what the forms of statements, configurations and proposals share about evidence: a field, and boxes to tick."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cmo.reading.citing import labels_in
from programmes.forms import text

TICKED = "rests"


def rests_field() -> forms.CharField:
    hint = _("Labels such as X9, B4; the new version cites them")
    return text(_("Other excerpts and links"), hint=hint, autocomplete="off")


def rests_in(form: Any) -> list[str]:
    """The labels that are ticked and typed, in a form that was sent or in one that begins with a draft."""
    if not form.is_bound:
        return labels_in(str(form["rests_on"].value() or ""))
    ticked = form.data.getlist(TICKED) if hasattr(form.data, "getlist") else []
    return [*ticked, *labels_in(str(form["rests_on"].value() or ""))]


def rests_kept(sent: Any) -> dict[str, str]:
    """What is ticked and typed, as a draft keeps it."""
    labels = [*sent.getlist(TICKED), *labels_in(sent.get("rests_on", ""))]
    return {"rests_on": ", ".join(dict.fromkeys(labels))} if labels else {}
