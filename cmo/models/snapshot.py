"""Owns snapshots: the whole theory frozen at a moment. Rows only point at immutable revisions; nothing is copied but
what has no revisions of its own (areas, links, groups and patterns, slots, phases), which is kept as it was shown."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import ConfigurationRevision
from cmo.models.element import ElementRevision
from cmo.models.revision import StatementRevision
from cmo.models.verdict import VerdictRevision
from programmes.models import Phase, Programme, ThemeRevision
from programmes.vocabulary import Limit


class Snapshot(models.Model):
    """A theory at one moment: all that the log of its programme tells up to row `log_number`, and nothing after it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="snapshots")
    slug = models.SlugField(max_length=Limit.SLUG)
    name = models.CharField(max_length=Limit.TITLE)
    description = models.TextField(blank=True)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="snapshots")
    closes = models.BooleanField(default=False)  # taken as the phase was closed
    taken = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    log_number = models.PositiveBigIntegerField()
    log_digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["log_number", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="snapshot_slug_once_per_programme")]

    def __str__(self) -> str:
        return self.name


class SnapshotStatement(models.Model):
    """A statement as it stood, and whether it was marked as a priority."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="statements")
    revision = models.ForeignKey(StatementRevision, on_delete=models.PROTECT, related_name="frozen")
    priority = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "revision"], name="statement_once_per_snapshot")]


class SnapshotConfiguration(models.Model):
    """A configuration as it stood."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="configurations")
    revision = models.ForeignKey(ConfigurationRevision, on_delete=models.PROTECT, related_name="frozen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "revision"], name="configuration_once_per_snapshot")]


class SnapshotElement(models.Model):
    """An element as it stood."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="elements")
    revision = models.ForeignKey(ElementRevision, on_delete=models.PROTECT, related_name="frozen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "revision"], name="element_once_per_snapshot")]


class SnapshotTheme(models.Model):
    """A theme as it stood, and its place among its siblings, which has no history of its own."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="themes")
    revision = models.ForeignKey(ThemeRevision, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "revision"], name="theme_once_per_snapshot")]


class SnapshotVerdict(models.Model):
    """A verdict as it stood."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="verdicts")
    revision = models.ForeignKey(VerdictRevision, on_delete=models.PROTECT, related_name="frozen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "revision"], name="verdict_once_per_snapshot")]


class SnapshotPart(models.Model):
    """What has no revisions, as it was shown: areas, links, rival groups, patterns, lineage, slots, phases, and
    how much evidence bore on what."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=20)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "kind"], name="part_once_per_snapshot")]
