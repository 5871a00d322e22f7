"""Owns the addresses of the team's pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from programmes.views import account, settings, signing

HERE = "p/<slug:slug>/settings"
urlpatterns = [
    path("sign-in", signing.SignInPage.as_view(), name="sign-in"),
    path("sign-out", signing.SignOut.as_view(), name="sign-out"),
    path("password/forgotten", signing.ForgottenPassword.as_view(), name="password-forgotten"),
    path("password/asked", signing.PasswordAsked.as_view(), name="password-asked"),
    path("password/new/<uidb64>/<token>", signing.NewPassword.as_view(), name="password-new"),
    path("account", account.Account.as_view(), name="account"),
    path("account/password", account.AccountPassword.as_view(), name="account-password"),
    path("account/tokens", account.Tokens.as_view(), name="account-tokens"),
    path("account/tokens/<int:pk>/revoke", account.RevokeToken.as_view(), name="token-revoke"),
    path("appearance", account.Appearance.as_view(), name="appearance"),
    path("help", login_not_required(TemplateView.as_view(template_name="help.html")), name="help"),
    path(
        "accessibility",
        login_not_required(TemplateView.as_view(template_name="accessibility.html")),
        name="accessibility",
    ),
    path(HERE, settings.Settings.as_view(), name="settings"),
    path(f"{HERE}/members", settings.AddMember.as_view(), name="members"),
    path(f"{HERE}/roles", settings.ChangeRoles.as_view(), name="roles"),
    path(f"{HERE}/remove", settings.RemoveMember.as_view(), name="member-remove"),
    path(f"{HERE}/about", settings.Describe.as_view(), name="programme-about"),
    path(f"{HERE}/phases", settings.PlanPhase.as_view(), name="phase-plan"),
    path(f"{HERE}/phases/<slug:phase>/open", settings.OpenPhase.as_view(), name="phase-open"),
    path(f"{HERE}/phases/<slug:phase>/close", settings.ClosePhase.as_view(), name="phase-close"),
    path(f"{HERE}/log.csv", settings.LogFile.as_view(), {"kind": "csv"}, name="log-csv"),
    path(f"{HERE}/log.json", settings.LogFile.as_view(), {"kind": "json"}, name="log-json"),
]
