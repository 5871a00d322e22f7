"""Owns what can be done with notices: go where one leads, which reads it, or mark them as read; and how mails come."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.reading.notices import address_of, find_notice
from programmes.rules.accounts import set_mails
from programmes.rules.noticing import read_notices
from programmes.views.base import Page, sentences


class OpenNotice(Page):
    """Marks one as read, and goes where it is told or back home."""

    def post(self, request: HttpRequest, notice: int) -> HttpResponse:
        found = find_notice(self.actor, self.programme, notice)
        read_notices(by=self.actor, which=[found.pk])
        return HttpResponseRedirect(reverse("home") if "stay" in request.POST else address_of(found))


class ReadNotices(Page):
    """Marks all that wait as read, what came meanwhile among them."""

    def post(self, request: HttpRequest) -> HttpResponse:
        read_notices(by=self.actor)
        messages.success(request, _("All notices are marked as read."))
        return HttpResponseRedirect(reverse("home"))


class SetMails(Page):
    """How mails come: at once, once a day, never; one click each."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            set_mails(by=self.actor, mails=request.POST.get("mails", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(sentences(refusal)))
        else:
            messages.success(request, _("Saved: this is how mails come to you from now on."))
        return HttpResponseRedirect(f"{reverse('account')}#mails")
