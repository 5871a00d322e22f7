"""Owns the button that confirms a bearing again, on the page of the claim that said something else since."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.guide import ConfirmForm
from cmo.reading.grounds import bearing_to_confirm
from cmo.rules.evidencing import confirm_bearing, on_of
from cmo.views.configurations import ConfigurationPage
from cmo.views.statement import StatementPage
from programmes.refusals import Stale
from programmes.views.base import sentences
from programmes.vocabulary import Verb


class ConfirmAgain(StatementPage, ConfigurationPage):
    """Goes back to the claim, or shows it again with what was wrong."""

    then = False
    evidence = True
    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect(self._place(bearing_to_confirm(self.programme, number)))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        bearing, form = bearing_to_confirm(self.programme, number), ConfirmForm(request.POST)
        if not form.is_valid():
            return self._refused(bearing, [_("Load the page again: it does not say which revision you saw.")])
        try:
            return self.done_once(lambda: self._confirm(bearing, form.cleaned_data))
        except ValidationError as refusal:
            return self._refused(bearing, sentences(refusal))
        except Stale:
            said = _("%(label)s was saved meanwhile; look at it, then decide again.") % {"label": bearing.label}
            return self._refused(bearing, [said], status=409)

    def _confirm(self, bearing: Any, given: dict[str, Any]) -> HttpResponse:
        done = confirm_bearing(bearing, by=self.actor, base=given["base"], seen=given["seen"])
        said = _("%(label)s is confirmed for %(on)s as it now reads.")
        messages.success(self.request, said % {"label": done.label, "on": on_of(done).record.label})
        return redirect(self._place(bearing))

    def _place(self, bearing: Any) -> str:
        name = "statement" if bearing.statement else "configuration"
        address = reverse(name, args=[self.programme.slug, on_of(bearing).record.number])
        return f"{address}#b{bearing.number}"

    def _refused(self, bearing: Any, said: list[str], status: int = 422) -> HttpResponse:
        show = self.statement_page if bearing.statement else self.configuration_page
        return show(on_of(bearing).record.number, status=status, problems=said)
