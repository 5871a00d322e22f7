"""Owns the tokens that scripts sign in with."""

from django.conf import settings
from django.db import models

from programmes.vocabulary import Limit


class ApiToken(models.Model):
    """A key for scripts. Only its SHA-256 and its last four letters are kept; it is shown once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=Limit.NAME)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    read_only = models.BooleanField(default=True)
    created = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
