"""Owns a person's own pages: name and address, password, tokens, and how the pages look to them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View

from programmes.access import Actor
from programmes.forms import MAILS, NewToken, PasswordChange, Profile
from programmes.reading.team import find_token, tokens_of
from programmes.rules.accounts import change_profile, changed_password, set_scheme
from programmes.rules.issuing_tokens import issue_token, revoke_token
from programmes.rules.limiting import PASSWORD, WITHIN, give_back, take_try
from programmes.views.base import Page, sentences, take_refusal
from programmes.views.frame import SCHEME_COOKIE


class Account(Page):
    """Name, address, shortcuts; and the form of the password, which is sent elsewhere."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = Profile(request.POST, person=self.actor.person)
        mark = self.guess() if form.moves_mail else 0
        if mark is None:
            return self.too_often()
        if form.is_valid():
            self.right(mark)
            try:
                change_profile(by=self.actor, **form.cleaned_data)
            except ValidationError as refusal:
                take_refusal(form, refusal)
            else:
                messages.success(request, _("Your account is saved."))
                return HttpResponseRedirect(reverse("account"))
        return self.page(status=422, profile=form)

    def page(self, *, status: int = 200, **forms: Any) -> HttpResponse:
        person = self.actor.person
        shown = {"profile": Profile(person=person), "password": PasswordChange(person), "person": person}
        shown["mail_choices"] = MAILS
        return self.show("programmes/account.html", {**shown, **forms, "current": "account"}, status=status)

    def too_often(self) -> HttpResponse:
        messages.warning(self.request, _("Too many guesses of your password. Wait five minutes, then try again."))
        answer = self.page(status=429)
        answer["Retry-After"] = str(WITHIN.seconds)
        return answer

    def guess(self) -> int | None:
        """Somebody who found a session open may guess here; counted with the guesses at sign-in."""
        return take_try(PASSWORD, self.actor.person.username)

    def right(self, mark: int) -> None:
        """The password was right, so it was no guess."""
        if mark:
            give_back(PASSWORD, self.actor.person.username, mark)


class AccountPassword(Account):
    """Never remembered as "done once": what is remembered holds a fingerprint of what was sent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('account')}#password")

    def post(self, request: HttpRequest) -> HttpResponse:
        mark = self.guess()
        if mark is None:
            return self.too_often()
        form = PasswordChange(self.actor.person, request.POST)
        if form.is_valid():
            self.right(mark)
            try:
                changed_password(by=self.actor, new=form.cleaned_data["new_password1"])
            except ValidationError as refusal:
                take_refusal(form, refusal)
            else:
                update_session_auth_hash(request, self.actor.person)
                messages.success(request, _("Your password is changed. You are signed out everywhere else."))
                return HttpResponseRedirect(reverse("account"))
        return self.page(status=422, password=form)


class Tokens(Page):
    """The tokens of one person. A new one's secret stands in the answer to its form, and nowhere else, ever."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        answer = self.done_once(self.made)
        if answer.status_code == 302:
            said = _(
                "This form was sent twice. The token was made the first time and cannot be shown again; "
                "revoke it and make another if you have not copied it."
            )
            messages.warning(request, said)
        return answer

    def made(self) -> HttpResponse:
        form = NewToken(self.request.POST)
        if form.is_valid():
            words = form.cleaned_data
            try:
                token, secret = issue_token(
                    by=self.actor, name=words["name"], read_only=words["may"] == "read", days=int(words["days"])
                )
            except ValidationError as refusal:
                take_refusal(form, refusal)
            else:
                return self.page(made=token, secret=secret)
        return self.page(status=422, form=form)

    def page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        shown = {"tokens": tokens_of(self.actor.person), "form": NewToken(), "current": "tokens"}
        return self.show("programmes/tokens.html", {**shown, **more}, status=status)


class RevokeToken(Page):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("account-tokens"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = find_token(self.actor.person, pk)
        revoke_token(token, by=self.actor)
        messages.success(
            request, _("The token “%(name)s” is revoked; it is refused from now on.") % {"name": token.name}
        )
        return HttpResponseRedirect(reverse("account-tokens"))


@method_decorator(login_not_required, name="dispatch")
class Appearance(View):
    """Light, dark or as the system says; kept with the account, and in a cookie for when nobody is signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("home"))

    def post(self, request: HttpRequest) -> HttpResponse:
        scheme, wanted = request.POST.get("scheme", ""), request.POST.get("next", "")
        own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        answer = HttpResponseRedirect(wanted if own else reverse("home"))
        try:
            if request.user.is_authenticated:
                set_scheme(by=Actor(request.user), scheme=scheme)
        except ValidationError as refusal:
            messages.error(request, " ".join(sentences(refusal)))
            return answer
        if scheme in {"light", "dark"}:
            answer.set_cookie(
                SCHEME_COOKIE, scheme, max_age=365 * 24 * 60 * 60, httponly=True, samesite="Lax",
                secure=bool(settings.SESSION_COOKIE_SECURE),
            )  # fmt: skip
        else:
            answer.delete_cookie(SCHEME_COOKIE, samesite="Lax")
        return answer
