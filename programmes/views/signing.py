"""Owns sign-in and sign-out, and the promise that words typed in a page that lost its session come back."""

import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from programmes.access import Actor
from programmes.forms import PasswordReset, PasswordSet, SignIn
from programmes.rules.accounts import changed_password
from programmes.rules.limiting import PASSWORD, RESET, WITHIN, forget_tries, give_back, take_try
from programmes.signing_in import account_name
from programmes.views.base import take_refusal
from programmes.views.carrying import Kept, kept_of, words_of

PREFIX = "kept:"
log = logging.getLogger(__name__)  # without names: what is typed there by mistake may be a password


def _held(request: HttpRequest) -> tuple[str, Kept]:
    """(path, fields) that the sign-in page carried along, empty when it carried nothing or a strange path."""
    path = request.POST.get("kept_path", "")
    fields = [(name[len(PREFIX) :], value) for name, value in kept_of(request) if name.startswith(PREFIX)]
    try:
        resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return "", []
    return (path, fields) if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ("", [])


def _is_ours(request: HttpRequest) -> bool:
    """Whether the form stood on a page of ours; what another site sends is never offered to be sent again.

    Browsers say it in three ways, older ones in the last alone. Over https one of them always comes from our pages.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return _names_us(request, said) if said else not request.is_secure()


def _names_us(request: HttpRequest, address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return f"{parts.scheme}://{parts.netloc}" in ours


def _carry_on(request: HttpRequest, path: str, kept: Kept, *, status: int = 200) -> HttpResponse:
    """The form as it was sent, ready to be sent again; its longer texts are shown."""
    slug = resolve(urlsplit(path).path).kwargs.get("slug", "")
    context = {"kept_path": path, "kept": kept, "words": words_of(kept), "slug": slug, "signed_in": status == 200}
    return render(request, "programmes/carry_on.html", context, status=status)


def _ask_to_sign_in(request: HttpRequest, path: str, kept: Kept, *, status: int) -> HttpResponse:
    context = {"form": SignIn(request), "kept_path": path if kept else "", "kept": kept, "next": path}
    return render(request, "programmes/sign_in.html", context, status=status)


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise; a form sent without a session keeps its words."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)  # the page keeps the form and sends it as a whole page, see app.js
        if request.method == "POST":
            return _ask_to_sign_in(request, request.get_full_path(), kept_of(request), status=401)
        return super().handle_no_permission(request, view_func)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF failure: the form is older than the sign-in. Its words come back in a form that can be sent."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    signing_in = request.path == reverse("sign-in")
    path, kept = _held(request) if signing_in else (request.get_full_path(), kept_of(request))
    if not _is_ours(request) or (not kept and not signing_in):
        return render(request, "403.html", {"expired": True}, status=403)
    if not request.user.is_authenticated:
        return _ask_to_sign_in(request, path, kept, status=403)
    return _carry_on(request, path, kept, status=403) if kept else HttpResponseRedirect(reverse("home"))


def too_many_guesses(request: HttpRequest) -> HttpResponse:
    """The answer to the guess that was one too many, whether the account exists or not."""
    form = SignIn(request, {"username": request.POST.get("username", "")}, locked=True)
    path, kept = _held(request)
    context = {"form": form, "kept_path": path, "kept": kept, "next": _next(request)}
    answer = render(request, "programmes/sign_in.html", context, status=429)
    answer["Retry-After"] = str(WITHIN.seconds)
    return answer


def home_address(request: HttpRequest) -> str:
    """Where people find this server, for mails; never as the request names it, which anybody may write as they like."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    # A local first look answers to its own machine alone; the port is the one that it listens at.
    name, _port = split_domain_port(request.get_host())
    port = request.META.get("SERVER_PORT", "")
    usual = "443" if request.is_secure() else "80"
    return f"{request.scheme}://{name}{'' if port in ('', usual) else f':{port}'}"


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, None) else ""


@method_decorator(login_not_required, name="dispatch")
class SignInPage(auth.LoginView):
    """Sign in; afterwards to where one wanted to go, or on with the form that was sent without a session."""

    form_class = SignIn
    template_name = "programmes/sign_in.html"
    redirect_authenticated_user = True
    taken: tuple[str, int] | None = None  # (account, mark) of the try that this request makes

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:  # in another tab, meanwhile
            path, kept = _held(request)
            if kept:
                return _carry_on(request, path, kept)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")
        if name.strip() and request.POST.get("password"):  # else no password is looked at
            account = account_name(name)
            mark = take_try(PASSWORD, account)
            if mark is None:
                log.warning("Sign-in refused: too many guesses.")
                return too_many_guesses(request)
            self.taken = account, mark
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        log.warning("Sign-in refused: name and password do not belong together.")
        return super().form_invalid(form)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        path, kept = _held(self.request) if self.request.method == "POST" else ("", [])
        return super().get_context_data(kept_path=path, kept=kept, **context)

    def form_valid(self, form: Any) -> HttpResponse:
        if self.taken:
            account, mark = self.taken
            give_back(PASSWORD, account, mark)
        path, kept = _held(self.request)
        answer = super().form_valid(form)
        return _carry_on(self.request, path, kept) if kept else answer


class SignOut(auth.LogoutView):
    """Sign out, by POST only."""


@method_decorator(login_not_required, name="dispatch")
class ForgottenPassword(auth.PasswordResetView):
    """Ask for a mail with a link. The answer is the same whether the address is known or not."""

    form_class = PasswordReset
    template_name = "programmes/password_forgotten.html"
    email_template_name = "programmes/mail_password.txt"
    subject_template_name = "programmes/mail_password_subject.txt"
    success_url = reverse_lazy("password-asked")

    def form_valid(self, form: Any) -> HttpResponse:
        if take_try(RESET, account_name(form.cleaned_data["email"])) is None:
            return HttpResponseRedirect(str(self.success_url))
        self.extra_email_context = {"home": home_address(self.request)}
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class PasswordAsked(auth.PasswordResetDoneView):
    template_name = "programmes/password_asked.html"


@method_decorator(login_not_required, name="dispatch")
class NewPassword(auth.PasswordResetConfirmView):
    """The page behind the link: works once, for two hours. A new password also ends the wait after wrong guesses."""

    form_class = PasswordSet
    template_name = "programmes/password_new.html"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            person: Any = self.user  # the view's dispatch let nobody else through
            changed_password(by=Actor(person, via="mail"), new=form.cleaned_data["new_password1"])
        except ValidationError as refusal:
            take_refusal(form, refusal)
            return self.form_invalid(form)
        self.request.session.pop(auth.INTERNAL_RESET_SESSION_TOKEN, None)
        forget_tries(PASSWORD, person.username)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return HttpResponseRedirect(str(self.success_url))
