"""Owns the audit log: one row for every change of anything, in order, chained by hash, never changed again."""

from django.conf import settings
from django.db import models

from programmes.models.programme import Programme


class AuditHead(models.Model):
    """The end of one chain: `p12` for a programme's, `people` for accounts and tokens. Locked by each writer in turn,
    so that numbers are given without gaps and in the order of commits, and a feed read by number misses nothing."""

    scope = models.CharField(max_length=30, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class AuditEvent(models.Model):
    """Who did what to which record, when, why and by which way; `detail` holds what was before and after."""

    scope = models.CharField(max_length=30)
    number = models.PositiveBigIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    via = models.CharField(max_length=230)
    verb = models.CharField(max_length=40)
    record = models.CharField(max_length=230)
    detail = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    seals = models.CharField(max_length=64, blank=True)  # digest of the revision that the row tells of
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["scope", "number"], name="audit_number_once_per_chain")]
        indexes = [models.Index(fields=["programme", "at"], name="audit_by_time")]
