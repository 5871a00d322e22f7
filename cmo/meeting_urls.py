"""Owns the addresses of meetings and prioritisation rounds."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import meetings, rounds

urlpatterns = [
    path("meetings", meetings.Meetings.as_view(), name="meetings"),
    path("meetings/new", meetings.NewMeeting.as_view(), name="meeting-new"),
    path("meetings/next", meetings.NextMeeting.as_view(), name="meetings-next"),
    path("meetings/<number:number>", meetings.MeetingPage.as_view(), name="meeting"),
    path("meetings/<number:number>/digest.md", meetings.MeetingMarkdown.as_view(), name="meeting-markdown"),
    path("meetings/<number:number>/edit", meetings.EditMeeting.as_view(), name="meeting-edit"),
    path("meetings/<number:number>/turn", meetings.TurnMeeting.as_view(), name="meeting-turn"),
    path("meetings/<number:number>/mail", meetings.MailMeeting.as_view(), name="meeting-mail"),
    path("rounds", rounds.Rounds.as_view(), name="rounds"),
    path("rounds/new", rounds.NewRound.as_view(), name="round-new"),
    path("rounds/<number:number>", rounds.RoundPage.as_view(), name="round"),
    path("rounds/<number:number>/answer", rounds.AnswerRound.as_view(), name="round-answer"),
    path("rounds/<number:number>/close", rounds.CloseRound.as_view(), name="round-close"),
    path("rounds/<number:number>/priorities", rounds.MarkPriorities.as_view(), name="round-priorities"),
]
