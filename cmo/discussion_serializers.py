"""Owns the JSON of comments and memos, in and out."""

from typing import Any

from rest_framework import serializers

from cmo.json_fields import Flag, Labels, Place
from programmes.serializers import Body, Text

# ---------------------------------------------------------------- in


class CommentIn(Body):
    text = Text(help_text="Plain text. S7, CMO3, E12, P4, S7 v3 become links, @name tells a member.")
    on = Text(required=False, help_text="S3, CMO3 or P4; may be left out with `reply_to`.")
    part = Text(required=False, help_text="if, then or because: the part that it is about.")
    quote = Text(required=False, help_text="The words that it is about, as they stand in the record.")
    reply_to = Place(required=False, help_text="The number of a comment of the thread to answer in.")


class CommentPatch(Body):
    text = Text()


class ResolveIn(Body):
    seen = Place(required=False, help_text="The last comment that you read in the thread; later ones keep it open.")


class Nothing(Body):
    """An empty object."""


class MemoPatch(Body):
    title = Text(required=False)
    text = Text(required=False)
    dated = Text(required=False, help_text="2026-11-23; today when left out.")
    on = Labels(required=False, help_text="S3, CMO3, P4: beside those that the text names.")


class MemoIn(MemoPatch):
    title = Text()
    shared = Flag(required=False, help_text="true: every member reads it. Left out: only you.")


class ShareIn(Body):
    shared = Flag(help_text="true: every member reads it. false: only you.")


# ---------------------------------------------------------------- out


class CommentOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    on = serializers.CharField()
    reply_to = serializers.IntegerField(allow_null=True, help_text="The comment that opened the thread.")
    part = serializers.CharField(allow_blank=True)
    quote = serializers.CharField(allow_blank=True)
    made_against = serializers.IntegerField(help_text="The record's revision, or the proposal's round, then.")
    stale = serializers.BooleanField(help_text="Whether the words that it quotes changed since.")
    text = serializers.CharField()
    mentions = serializers.ListField(child=serializers.CharField())
    author = serializers.CharField()
    at = serializers.DateTimeField()
    edited = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()
    resolved = serializers.BooleanField(help_text="Of the thread that it stands in.")
    resolved_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)


class CommentRevisionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class _MemoWords(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    dated = serializers.DateField()
    shared = serializers.BooleanField()
    state = serializers.CharField(help_text="current or retired")


class MemoOut(_MemoWords):
    on = serializers.ListField(child=serializers.CharField())
    author = serializers.CharField()
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class MemoRevisionOut(_MemoWords):
    at = serializers.DateTimeField()
