"""Owns proposals: changes that wait for the team's agreement, the rounds they went through, answers and outcome."""

import uuid
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.element import Element
from cmo.models.statement import Statement
from cmo.team_words import Answer, ProposalState
from programmes.models import Programme
from programmes.vocabulary import Limit


class OnRecord(models.Model):
    """Points at exactly one statement, configuration or element."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="+")
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="+")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def record(self) -> Statement | Configuration | Element | None:
        return self.statement or self.configuration or self.element


def one_of(*fields: str) -> models.Q:
    """Exactly one of these foreign keys is set."""
    cases = [models.Q(**{f"{name}__isnull": name != chosen for name in fields}) for chosen in fields]
    return reduce(or_, cases)


ONE_RECORD = one_of("statement", "configuration", "element")


class Proposal(models.Model):
    """Changes of one or several records, agreed or refused as one. Its number is never given to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=Limit.TITLE, blank=True)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.DRAFT)
    content = models.JSONField(default=list)  # the changes, in the canonical form of rules/proposed.py
    seen = models.CharField(max_length=64, blank=True)  # SHA-256 of all that an answer holds for
    round = models.PositiveSmallIntegerField(default=0)  # how often it was laid before the team
    blind = models.BooleanField(default=False)  # answers are hidden until one's own is given or it is decided
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    sent = models.DateTimeField(null=True)  # the first time
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="proposal_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state_is_known"),
        ]
        indexes = [models.Index(fields=["programme", "state", "-number"], name="proposal_by_state")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"P{self.number}"


class CoAuthors(models.QuerySet["CoAuthor"]):
    def agreed(self) -> "CoAuthors":
        """Those who said themselves that they wrote it; to be named alone binds nobody."""
        return self.filter(agreed__isnull=False)

    def people(self) -> set[int]:
        return set(self.values_list("person_id", flat=True))


class CoAuthor(models.Model):
    """Somebody who is named as having written a proposal with its author. Once they agreed to that they write at it,
    and do not decide on it; until then they read it and may answer and decide."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="coauthors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed = models.DateTimeField(null=True)

    objects = CoAuthors.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="coauthor_once_per_proposal")]


class ProposalTarget(OnRecord):
    """A record that a proposal would change, and the revision that it starts from."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="targets")
    base = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=ONE_RECORD, name="a_target_is_one_record")]
        indexes = [
            models.Index(fields=["statement"], name="target_statement"),
            models.Index(fields=["configuration"], name="target_configuration"),
            models.Index(fields=["element"], name="target_element"),
        ]


class ProposalRound(models.Model):
    """What lay before the team in one round, as it was."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=Limit.TITLE, blank=True)
    reason = models.TextField(blank=True)
    content = models.JSONField()
    seen = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="round_number_once_per_proposal")]


class RoundCites(models.Model):
    """Which evidence a proposal cited in one round, by labels, which are never given to another. Rounds from before
    that was kept have none of it; a round that cited nothing has an empty one."""

    round = models.OneToOneField(ProposalRound, on_delete=models.PROTECT, related_name="cited")
    labels = models.JSONField(default=list)


class Review(models.Model):
    """One member's answer to what they saw. A later one of theirs counts instead; the earlier stays to be read."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()  # within the proposal
    round = models.PositiveSmallIntegerField()
    seen = models.CharField(max_length=64)
    answer = models.CharField(max_length=20, choices=Answer)
    reason = models.TextField(blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="review_number_once_per_proposal"),
            models.CheckConstraint(condition=models.Q(answer__in=Answer.values), name="answer_is_known"),
        ]


class Outcome(OnRecord):
    """A revision that an accepted proposal wrote."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="outcomes")
    revision = models.PositiveIntegerField()  # number of the record's revision

    class Meta:
        constraints = [models.CheckConstraint(condition=ONE_RECORD, name="an_outcome_is_one_record")]
        indexes = [
            models.Index(fields=["statement", "revision"], name="outcome_statement"),
            models.Index(fields=["configuration", "revision"], name="outcome_configuration"),
            models.Index(fields=["element", "revision"], name="outcome_element"),
        ]
