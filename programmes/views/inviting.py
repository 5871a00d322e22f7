"""Owns invitations on pages: what leads send and withdraw on the settings page, and what the link of the mail opens."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.forms import InvitedAccount, NewInvitations
from programmes.reading.inviting import find_invitation, invitation_behind
from programmes.reading.team import evidence_shown
from programmes.rules.inviting import (
    DEAD,
    NewAccount,
    accept,
    invite_again,
    invite_all,
    is_for,
    withdraw_invitation,
)
from programmes.rules.limiting import INVITATION, INVITED, WITHIN, give_back, take_try
from programmes.views.base import Page, sentences, take_refusal
from programmes.views.settings import Part


class Invite(Part):
    part = "invitations"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewInvitations(request.POST, evidence=evidence_shown(self.programme), prefix="i")
        if not form.is_valid():
            return self.page(status=422, wrong=form, new_invitations=form)
        emails = form.cleaned_data["emails"]
        if any(take_try(INVITED, email) is None for email in emails[:20]):
            form.add_error("email", _("Too many mails to one address. Wait five minutes, then try again."))
            return self.page(status=429, wrong=form, new_invitations=form)
        said = ngettext("The invitation is on its way.", "The invitations are on their way.", len(emails))
        do = lambda: invite_all(self.programme, by=self.actor, **form.cleaned_data)  # noqa: E731
        return self.take("new_invitations", form, do, said)


class OneInvitation(Part):
    """A button beside an open invitation."""

    part = "invitations"

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        find_invitation(self.programme, address["invitation"])
        return super().get(request)

    def post(self, request: HttpRequest, invitation: int) -> HttpResponse:
        found = find_invitation(self.programme, invitation)
        return self.done_once(lambda: self.act(found))

    act: Callable[[Any], HttpResponse]  # act(invitation) does it and goes on; each view writes it

    def back(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return HttpResponseRedirect(self.url(self.part))


class InviteAgain(OneInvitation):
    def act(self, invitation: Any) -> HttpResponse:
        if take_try(INVITED, invitation.email) is None:
            messages.warning(self.request, _("Too many mails to one address. Wait five minutes, then try again."))
            return HttpResponseRedirect(self.url(self.part))
        invite_again(invitation, by=self.actor)
        return self.back(_("The invitation is sent again; the link of the first mail works no more."))


class WithdrawInvitation(OneInvitation):
    def act(self, invitation: Any) -> HttpResponse:
        withdraw_invitation(invitation, by=self.actor)
        return self.back(_("The invitation is withdrawn; its link works no more."))


@method_decorator(login_not_required, name="dispatch")
class InvitationPage(Page):
    """Behind the link of the mail. Reading it changes nothing; whatever is wrong with the link is said in one way."""

    invitation: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.request = request
        who = guesser(request)
        mark = take_try(INVITATION, who)
        if mark is None:
            return self.too_often()
        self.invitation = invitation_behind(kwargs["secret"])
        if self.invitation is None:
            return self.show("programmes/invitation.html", {"dead": DEAD}, status=404)
        give_back(INVITATION, who, mark)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        if request.user.is_authenticated:
            return self.done_once(lambda: self.joined(secret))
        if take_try(INVITATION, f"account {self.invitation.digest}") is None:  # names could be tried out here
            return self.too_often()
        form = InvitedAccount(request.POST)
        if form.is_valid():
            try:
                member = accept(secret, account=NewAccount(**form.cleaned_data))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            else:
                login(request, member.person, backend=settings.AUTHENTICATION_BACKENDS[0])
                return self.welcome(member)
        return self.page(status=422, form=form)

    def joined(self, secret: str) -> HttpResponse:
        try:
            return self.welcome(accept(secret, by=self.actor))
        except ValidationError as refusal:
            return self.page(status=422, wrong=sentences(refusal))

    def welcome(self, member: Any) -> HttpResponse:
        messages.success(self.request, _("You are a member of “%(title)s” now.") % {"title": member.programme.title})
        return HttpResponseRedirect(reverse("overview", args=[member.programme.slug]))

    def page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """What is asked is told to whom it is for; another account that is signed in learns no more than that."""
        person: Any = self.request.user
        shown = {"invitation": self.invitation, "mine": not person.is_authenticated or is_for(self.invitation, person)}
        form = {} if person.is_authenticated else {"form": InvitedAccount()}
        return self.show("programmes/invitation.html", {**shown, **form, **more}, status=status)

    def too_often(self) -> HttpResponse:
        said = _("Too many tries at invitations from here. Wait five minutes, then open the link again.")
        answer = self.show("programmes/invitation.html", {"dead": said}, status=429)
        answer["Retry-After"] = str(WITHIN.seconds)
        return answer


def guesser(request: Any) -> str:
    """Whose wrong links are counted together: the account's, else the network address's.

    Behind a proxy that this server trusts, the address is the one that the proxy names last.
    """
    if request.user.is_authenticated:
        return f"account {request.user.pk}"
    named = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return f"from {named.rpartition(',')[2].strip() or request.META.get('REMOTE_ADDR', '')}"
