"""Owns the JSON of meetings, digests and prioritisation rounds, in and out."""

from typing import Any

from rest_framework import serializers

from cmo.json_fields import Labels, Place
from cmo.team_words import Answer, ProposalState, RoundKind
from programmes.serializers import Body, Text

# Lists of a body; longer than a rule takes, so that its refusal is heard.
LIST: dict[str, Any] = {"many": True, "max_length": 300}

# ---------------------------------------------------------------- in


class MeetingPatch(Body):
    title = Text(required=False)
    held = Text(required=False, help_text="2026-11-23; today when left out. A day to come: the meeting is planned.")
    notes = Text(required=False)
    there = Labels(required=False, help_text="The names that those who were there sign in with.")
    decided = Labels(required=False, help_text="P4: proposals that were decided there, accepted or refused.")


class MeetingIn(MeetingPatch):
    title = Text()


class MailIn(Body):
    to = Text(help_text="there, or all. Not to yourself, to nobody twice, to nobody who wants no mails.")


class AskedIn(Body):
    """A statement and the revision of it that you saw."""

    statement = Text(help_text="S4")
    revision = Place(help_text="The revision that you saw.")


class PriorityRoundIn(Body):
    title = Text()
    question = Text(required=False)
    kind = Text(help_text="scale: each gets a value; ranking: they are put in order.")
    steps = Place(required=False, help_text="Of a scale: 2 to 10, 5 when left out. 1 is low.")
    statements = AskedIn(**LIST)


class GivenIn(Body):
    statement = Text(help_text="S4")
    value = Place(help_text="A step of the scale from 1 (low), or the place in your order from 1 (first).")
    note = Text(required=False)


class AnswerIn(Body):
    answers = GivenIn(**LIST)


class PrioritiesIn(Body):
    statements = Labels(help_text="S4: those of the round's that are priorities from now on; its others are none.")


# ---------------------------------------------------------------- out


class _MeetingWords(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    held = serializers.DateField()
    notes = serializers.CharField(allow_blank=True)
    state = serializers.CharField(help_text="current or retired")


class MeetingOut(_MeetingWords):
    there = serializers.ListField(child=serializers.CharField())
    decided = serializers.ListField(child=serializers.CharField(), help_text="P4")
    planned = serializers.BooleanField()
    until = serializers.IntegerField(allow_null=True, help_text="The row of the log that its digest ends with.")
    by = serializers.CharField()
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class MeetingRevisionOut(_MeetingWords):
    author = serializers.CharField()
    at = serializers.DateTimeField()


class MailedOut(serializers.Serializer[Any]):
    mailed = serializers.IntegerField(help_text="To how many people.")


class _StretchOut(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="equal, insert, delete, replace")
    old = serializers.CharField(allow_blank=True, trim_whitespace=False)
    new = serializers.CharField(allow_blank=True, trim_whitespace=False)


class _WhyOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    reason = serializers.CharField()


class DigestLineOut(serializers.Serializer[Any]):
    record = serializers.CharField()
    changes = serializers.ListField(child=serializers.CharField(), help_text="What was done, in order, each once.")
    words = _StretchOut(many=True, help_text="The difference; empty where there was nothing before.")
    text = serializers.CharField(allow_blank=True, help_text="What it said at the end.")
    reasons = _WhyOut(many=True)
    themes_added = serializers.ListField(child=serializers.CharField())
    themes_removed = serializers.ListField(child=serializers.CharField())
    revision = serializers.IntegerField(allow_null=True)


class _ActOut(serializers.Serializer[Any]):
    change = serializers.CharField()
    to = serializers.ListField(child=serializers.CharField())
    undone = serializers.BooleanField(help_text="Whether this act was undone before the end of the digest.")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.ListField(child=serializers.CharField())}


class _BesideOut(serializers.Serializer[Any]):
    record = serializers.CharField()
    changes = serializers.ListField(child=serializers.CharField())


class _DissentOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    answer = serializers.ChoiceField(choices=Answer.choices)
    reason = serializers.CharField(allow_blank=True)
    then = serializers.CharField(allow_null=True, help_text="What they answered later, where it was not this.")


class _DecidedOut(serializers.Serializer[Any]):
    proposal = serializers.CharField(help_text="P4")
    title = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=ProposalState.choices)
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    here = serializers.BooleanField(help_text="Whether the record of the meeting names it.")
    dissent = _DissentOut(many=True)


class _ThreadOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    on = serializers.CharField()
    text = serializers.CharField()
    author = serializers.CharField()
    at = serializers.DateTimeField()
    answers = serializers.IntegerField()


class DigestOut(serializers.Serializer[Any]):
    after = serializers.IntegerField(help_text="The row of the log that it begins after.")
    until = serializers.IntegerField(help_text="The row of the log that it ends with.")
    since = serializers.DateTimeField(allow_null=True)
    end = serializers.DateTimeField(help_text="Now, where it runs until now.")
    statements = DigestLineOut(many=True)
    configurations = DigestLineOut(many=True)
    elements = DigestLineOut(many=True)
    themes = DigestLineOut(many=True)
    lineage = _ActOut(many=True)
    beside = _BesideOut(many=True, help_text="Links, patterns, rivals, theory areas.")
    decided = _DecidedOut(many=True)
    open_threads = _ThreadOut(many=True)
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="How many more there are of each.")


class _RoundHead(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    question = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=RoundKind.choices)
    steps = serializers.IntegerField(allow_null=True, help_text="Of a scale.")
    state = serializers.CharField(help_text="open or closed")
    by = serializers.CharField()
    opened = serializers.DateTimeField()
    closed = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField()


class PriorityRoundLineOut(_RoundHead):
    statements = serializers.IntegerField(help_text="How many.")
    answered = serializers.IntegerField(help_text="How many people did.")
    answered_by_me = serializers.BooleanField()


class _GivenOut(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)


class _WhoGaveOut(_GivenOut):
    by = serializers.CharField()


class _SpreadOut(serializers.Serializer[Any]):
    n = serializers.IntegerField()
    median = serializers.FloatField()
    quartiles = serializers.ListField(child=serializers.FloatField())
    iqr = serializers.FloatField()
    mean = serializers.FloatField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="How often each value from 1 on.")


class _AskedOut(serializers.Serializer[Any]):
    statement = serializers.CharField(help_text="S4")
    revision = serializers.IntegerField(help_text="That was asked about.")
    wording = serializers.CharField()
    changed = serializers.BooleanField(help_text="Whether it moved on since.")
    mine = _GivenOut(allow_null=True)
    spread = _SpreadOut(allow_null=True, help_text="Null while the round is open.")
    answers = _WhoGaveOut(many=True, help_text="Empty while the round is open.")
    priority = serializers.BooleanField()


class PriorityRoundOut(_RoundHead):
    answered = serializers.IntegerField(help_text="How many people did.")
    may_answer = serializers.IntegerField()
    people = serializers.ListField(child=serializers.CharField(), help_text="Who did; empty while it is open.")
    statements = _AskedOut(many=True, help_text="As asked; once closed, as the answers put them.")
