"""Owns the forms of the theory areas page: how its fields are shown. What may be written is judged by the rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cmo.forms.codebook import base
from programmes.forms import Dressed, text
from programmes.remembering import Remembering


class NewArea(Dressed):
    title = text(_("Name"), autocomplete="off")
    description = text(_("What belongs here"), rows=2)


class AreaForm(NewArea, Remembering):
    """The words of an area that is there."""

    reason = text(_("Why"), hint=_("One sentence for the history; you may leave it empty"))
    base = base()


class ShiftArea(Dressed):
    """One place up or down."""

    step = forms.TypedChoiceField(choices=[(-1, _("up")), (1, _("down"))], coerce=int)
    base = base()


class TurnArea(Dressed):
    """Retire or restore."""

    base = base()
