"""Owns the addresses of comments and memos."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import discussion, memos

urlpatterns = [
    path("threads", discussion.Threads.as_view(), name="threads"),
    path("threads/<number:number>", discussion.ThreadPage.as_view(), name="thread"),
    path("threads/<number:number>/resolve", discussion.ResolveThread.as_view(), name="thread-resolve"),
    path("threads/<number:number>/reopen", discussion.ReopenThread.as_view(), name="thread-reopen"),
    path("comments/<number:number>", discussion.CommentPlace.as_view(), name="comment"),
    path("comments/<number:number>/edit", discussion.EditComment.as_view(), name="comment-edit"),
    path("comments/<number:number>/history", discussion.CommentHistory.as_view(), name="comment-history"),
    path("memos", memos.Memos.as_view(), name="memos"),
    path("memos/new", memos.NewMemo.as_view(), name="memo-new"),
    path("memos/<number:number>", memos.MemoPage.as_view(), name="memo"),
    path("memos/<number:number>/edit", memos.EditMemo.as_view(), name="memo-edit"),
    path("memos/<number:number>/turn", memos.TurnMemo.as_view(), name="memo-turn"),
]
