"""Owns lineage: which records came from which, by merging, splitting, replacing or refining."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.proposal import Proposal, one_of
from cmo.models.statement import Statement
from cmo.team_words import DescentKind
from programmes.models import Programme


class Descent(models.Model):
    """One act that made records from others. Undone, it stays to be read and joins them no longer."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="descents")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=DescentKind)
    reason = models.TextField(blank=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="descents")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="descent_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(kind__in=DescentKind.values), name="descent_kind_is_known"),
        ]


class DescentLine(models.Model):
    """One ancestor and one descendant of an act, each with the revision that the act wrote (or found) there."""

    act = models.ForeignKey(Descent, on_delete=models.PROTECT, related_name="lines")
    older = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="descendants")
    younger = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="ancestors")
    older_configuration = models.ForeignKey(
        Configuration, on_delete=models.PROTECT, null=True, related_name="descendants"
    )
    younger_configuration = models.ForeignKey(
        Configuration, on_delete=models.PROTECT, null=True, related_name="ancestors"
    )
    older_revision = models.PositiveIntegerField()
    younger_revision = models.PositiveIntegerField()
    made = models.BooleanField(default=True)  # the act made the younger; if not, it was there

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("older", "older_configuration") & one_of("younger", "younger_configuration"),
                name="a_line_joins_two_records_of_a_kind",
            ),
        ]
