"""Owns the addresses of the team's pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from programmes.views import account, inviting, noticing, settings, signing

HERE = "p/<slug:slug>/settings"
INVITATION = f"{HERE}/invitations/<int:invitation>"
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
    path("account/mails", noticing.SetMails.as_view(), name="account-mails"),
    path("notices/read", noticing.ReadNotices.as_view(), name="notices-read"),
    path("p/<slug:slug>/notices/<int:notice>/open", noticing.OpenNotice.as_view(), name="notice-open"),
    path("invitations/<slug:secret>", inviting.InvitationPage.as_view(), name="invitation"),
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
    path(f"{HERE}/invitations", inviting.Invite.as_view(), name="invitations"),
    path(f"{INVITATION}/again", inviting.InviteAgain.as_view(), name="invitation-again"),
    path(f"{INVITATION}/withdraw", inviting.WithdrawInvitation.as_view(), name="invitation-withdraw"),
    path(f"{HERE}/about", settings.Describe.as_view(), name="programme-about"),
    path(f"{HERE}/agreement", settings.Agree.as_view(), name="programme-agreement"),
    path(f"{HERE}/evidence-kept", settings.KeepEvidence.as_view(), name="evidence-kept"),
    path(f"{HERE}/phases", settings.PlanPhase.as_view(), name="phase-plan"),
    path(f"{HERE}/phases/<slug:phase>/open", settings.OpenPhase.as_view(), name="phase-open"),
    path(f"{HERE}/log.csv", settings.LogFile.as_view(), {"kind": "csv"}, name="log-csv"),
    path(f"{HERE}/log.json", settings.LogFile.as_view(), {"kind": "json"}, name="log-json"),
]
