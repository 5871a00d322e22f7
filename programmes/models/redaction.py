"""Owns what was taken out of the audit log, and why: the tombstones."""

from django.conf import settings
from django.db import models

from programmes.models.audit import AuditEvent


class Redaction(models.Model):
    """Texts of one log row that a lead took out. Their digests stay, so that the chain can still be verified.

    A digest that is empty says that this text was left as it was. Where the row told of a revision, whose reason said
    the same, `revision_table` and `revision_row` name it: the guards let that one reason be emptied.
    """

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="redaction")
    detail_digest = models.CharField(max_length=64, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    revision_table = models.CharField(max_length=60, blank=True)
    revision_row = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField()
