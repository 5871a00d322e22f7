"""Owns verdicts: what a phase found about a statement or a configuration, in the eyes of one member or of the team."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.evidence import Bearing
from cmo.models.proposal import one_of
from cmo.models.statement import Statement
from cmo.phase_words import Verdict as Found
from programmes.models import Phase, Programme


class VerdictWords(models.Model):
    """What a verdict says; it and each of its revisions carry one."""

    verdict = models.CharField(max_length=20, choices=Found)
    rationale = models.TextField(blank=True)
    made_against = models.PositiveIntegerField()  # the record's revision that was judged

    class Meta:
        abstract = True


class Verdict(VerdictWords):
    """One verdict of one phase on one record. Each member may hold one of their own; the team holds one more."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveIntegerField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="verdicts")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="verdicts")
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="verdicts")
    team = models.BooleanField(default=False)  # stated by a lead for all; else the member's own
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who said it last
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="verdict_number_once_per_programme"),
            models.CheckConstraint(
                condition=one_of("statement", "configuration"), name="a_verdict_is_on_one_record"
            ),
            models.CheckConstraint(condition=models.Q(verdict__in=Found.values), name="verdict_is_known"),
            models.UniqueConstraint(
                fields=["phase", "statement"], condition=models.Q(team=True), name="one_verdict_of_the_team"
            ),
            models.UniqueConstraint(
                fields=["phase", "configuration"],
                condition=models.Q(team=True),
                name="one_verdict_of_the_team_on_a_configuration",
            ),
            models.UniqueConstraint(
                fields=["phase", "statement", "by"], condition=models.Q(team=False), name="one_verdict_per_member"
            ),
            models.UniqueConstraint(
                fields=["phase", "configuration", "by"],
                condition=models.Q(team=False),
                name="one_verdict_per_member_on_a_configuration",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"V{self.number}"


class VerdictRevision(VerdictWords):
    """What a verdict said at one time."""

    of = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="revision_number_once_per_verdict"),
            models.CheckConstraint(condition=models.Q(verdict__in=Found.values), name="verdict_of_a_revision_is_known"),
        ]


class VerdictBearing(models.Model):
    """A bearing that a verdict rests on, in one of its revisions."""

    revision = models.ForeignKey(VerdictRevision, on_delete=models.PROTECT, related_name="rests_on")
    bearing = models.ForeignKey(Bearing, on_delete=models.PROTECT, related_name="verdicts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "bearing"], name="bearing_once_per_verdict")]
