"""Owns comments on records and proposals, and memos: what the team says beside the theory."""

import uuid

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.proposal import Proposal, one_of
from cmo.models.statement import Statement
from programmes.models import Programme
from programmes.vocabulary import Limit

ON = one_of("statement", "configuration", "proposal")


class Comment(models.Model):
    """What somebody said. One without `opening` opens a thread; replies name the comment that opened theirs."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="comments")
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="comments")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="comments")
    opening = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    part = models.CharField(max_length=8, blank=True)  # "if", "then" or "because" that an opening one hangs on
    quote = models.TextField(blank=True)  # the words it is about, so that it survives their rewording
    made_against = models.PositiveIntegerField()  # the record's revision, or the proposal's round, at the time
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revision_number = models.PositiveIntegerField(default=1)
    edited = models.DateTimeField(null=True)
    resolved = models.DateTimeField(null=True)  # of an opening one
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    latest = models.DateTimeField()  # when something was last said in the thread that it opens

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="comment_number_once_per_programme"),
            models.CheckConstraint(condition=ON, name="a_comment_is_on_one_record"),
        ]
        indexes = [models.Index(fields=["programme", "-latest"], name="thread_by_latest")]


class CommentRevision(models.Model):
    """What a comment said at one time."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="revision_number_once_per_comment")]


class Mention(models.Model):
    """Somebody named in a comment with @."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once_per_comment")]


class MemoWords(models.Model):
    """What a memo says; it and each of its revisions carry one."""

    title = models.CharField(max_length=Limit.TITLE)
    text = models.TextField(blank=True)
    dated = models.DateField()
    shared = models.BooleanField(default=False)  # otherwise its author's alone
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Memo(MemoWords):
    """An analytic note, dated and linked."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memos")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ["-dated", "-number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="memo_number_once_per_programme")]


class MemoRevision(MemoWords):
    """What a memo said at one time."""

    memo = models.ForeignKey(Memo, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["memo", "number"], name="revision_number_once_per_memo")]


class MemoLink(models.Model):
    """A record that a memo is about."""

    memo = models.ForeignKey(Memo, on_delete=models.CASCADE, related_name="links")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="memo_links")
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="memo_links")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="memo_links")

    class Meta:
        constraints = [models.CheckConstraint(condition=ON, name="a_memo_link_is_on_one_record")]
