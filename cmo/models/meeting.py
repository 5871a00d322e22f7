"""Owns meetings, which bundle decisions, and prioritisation rounds."""

from django.conf import settings
from django.db import models

from cmo.models.proposal import Proposal
from cmo.models.statement import Statement
from cmo.team_words import RoundKind
from programmes.models import Programme
from programmes.vocabulary import Limit


class MeetingWords(models.Model):
    """What is said of a meeting; it and each of its revisions carry one."""

    title = models.CharField(max_length=Limit.TITLE)
    held = models.DateField()
    notes = models.TextField(blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Meeting(MeetingWords):
    """A record of a meeting: who was there, what was decided, and what of the log lies before it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    until = models.PositiveBigIntegerField(default=0)  # the number in the programme's log that its digest ends with
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ["-held", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="meeting_number_once_per_programme")
        ]


class MeetingRevision(MeetingWords):
    """What was said of a meeting at one time."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="revision_number_once_per_meeting")]


class Attendance(models.Model):
    """Somebody who was at a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="there_once_per_meeting")]


class MeetingDecision(models.Model):
    """A proposal that was decided in a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="meetings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "proposal"], name="decision_once_per_meeting")]


class PriorityRound(models.Model):
    """A question on some statements, answered by members without seeing each other's answers until it closes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="priority_rounds")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=Limit.TITLE)
    question = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=RoundKind)
    steps = models.PositiveSmallIntegerField(default=5)  # of the scale, from 1 (low) to this
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revision_number = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="round_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(kind__in=RoundKind.values), name="round_kind_is_known"),
            models.CheckConstraint(condition=models.Q(steps__range=(2, 10)), name="round_has_2_to_10_steps"),
        ]


class PriorityItem(models.Model):
    """A statement in a round, in the wording that it had when the round opened."""

    round = models.ForeignKey(PriorityRound, on_delete=models.PROTECT, related_name="items")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "statement"], name="statement_once_per_round")]


class PriorityAnswer(models.Model):
    """What one member says of one statement in a round: a step of the scale, or its place in their order."""

    item = models.ForeignKey(PriorityItem, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="one_answer_per_person_and_item")]


class Priority(models.Model):
    """A statement that a round marked as a priority."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="priority")
    round = models.ForeignKey(PriorityRound, on_delete=models.PROTECT, related_name="priorities")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
