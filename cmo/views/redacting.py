"""Owns the page on which a lead takes words out of one row of the audit log; the log itself stands on the settings."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.rules.redacting import repeated_in, take_out
from programmes.access import allow
from programmes.log_forms import TakeOut
from programmes.reading.log import find_event, say
from programmes.reading.team import role_shown
from programmes.views.base import Page, take_refusal
from programmes.vocabulary import Verb


class TakeOutWords(Page):
    writes = Verb.MANAGE

    def get(self, request: HttpRequest, row: int) -> HttpResponse:
        allow(self.actor, Verb.MANAGE, role_shown(self.programme))
        return self.page(row, TakeOut())

    def post(self, request: HttpRequest, row: int) -> HttpResponse:
        return self.done_once(lambda: self.act(row))

    def act(self, number: int) -> HttpResponse:
        find_event(self.programme, number)
        form = TakeOut(self.request.POST)
        if form.is_valid():
            try:
                take_out(self.programme, by=self.actor, number=number, **form.cleaned_data)
            except ValidationError as refusal:
                take_refusal(form, refusal)
            else:
                messages.success(self.request, _("The words are taken out; the row says so, and why."))
                return HttpResponseRedirect(f"{reverse('settings', args=[self.programme.slug])}#log")
        return self.page(number, form, status=422)

    def page(self, number: int, form: TakeOut, *, status: int = 200) -> HttpResponse:
        event: Any = find_event(self.programme, number)
        possible, copies, others = repeated_in(self.programme, event)
        for one in (*copies, *others):
            say(one)
        shown = {
            "event": event, "form": form, "possible": possible and event.holds_words, "copies": copies,
            "others": others, "current": "settings",
        }  # fmt: skip
        return self.show("programmes/log_take_out.html", shown, status=status)
