"""Owns the append-only history of statements: typed rows, each with the themes it carried."""

from django.conf import settings
from django.db import models

from cmo.models.statement import Statement, Wording
from cmo.vocabulary import TURNS, Change
from programmes.models import Phase, Theme


class StatementRevision(Wording):
    """One immutable wording of a statement: number, change, reason, author, time, phase."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    restores = models.PositiveIntegerField(null=True)  # the revision number whose wording came back
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="revision_number_once_per_statement"),
            models.CheckConstraint(condition=models.Q(change__in=Change.values), name="statement_change_is_known"),
        ]
        indexes = [models.Index(fields=["-at"], condition=models.Q(change__in=TURNS), name="statement_turns_by_time")]


class RevisionTheme(models.Model):
    """A theme that a statement carried in one revision."""

    revision = models.ForeignKey(StatementRevision, on_delete=models.PROTECT, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "theme"], name="theme_once_per_revision")]
