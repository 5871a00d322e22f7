"""Owns the addresses of the team's side of the API."""

from django.urls import path

from programmes.api import members, notices
from programmes.api import programmes as api

urlpatterns = [
    path("", api.Index.as_view(), name="index"),
    path("programmes/", api.Programmes.as_view(), name="programmes"),
    path("programmes/<slug:slug>/", api.OneProgramme.as_view(), name="programme"),
    path("programmes/<slug:slug>/phases/", api.Phases.as_view(), name="phases"),
    path("programmes/<slug:slug>/phases/<slug:phase>/", api.OnePhase.as_view(), name="phase"),
    path("programmes/<slug:slug>/phases/<slug:phase>/open/", api.OpenPhase.as_view(), name="phase-open"),
    path("programmes/<slug:slug>/members/", members.Members.as_view(), name="members"),
    path("programmes/<slug:slug>/members/<str:username>/", members.OneMember.as_view(), name="member"),
    path("programmes/<slug:slug>/invitations/", members.Invitations.as_view(), name="invitations"),
    path(
        "programmes/<slug:slug>/invitations/<int:invitation>/", members.OneInvitation.as_view(), name="invitation"
    ),
    path(
        "programmes/<slug:slug>/invitations/<int:invitation>/send/",
        members.InviteAgain.as_view(),
        name="invitation-send",
    ),
    path("invitations/accept/", members.AcceptInvitation.as_view(), name="invitation-accept"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/read/", notices.Read.as_view(), name="notices-read"),
    path("programmes/<slug:slug>/changes/", api.Changes.as_view(), name="changes"),
]
