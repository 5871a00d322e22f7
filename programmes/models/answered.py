"""Owns the memory of requests that were carried out, so that one sent twice is done once."""

from django.conf import settings
from django.db import models

from programmes.models.programme import Programme


class AnsweredRequest(models.Model):
    """An acting POST and its answer, under the key that its sender chose (`Idempotency-Key`, or a form's nonce)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and body
    # of which programme the answer tells, and what its sender was there then: a role, and whether they saw evidence
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, related_name="+")
    sight = models.CharField(max_length=40, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="request_key_once_per_person")]
