"""Owns invitations: a way into a programme for whoever reads the mail of one address."""

from django.conf import settings
from django.db import models

from programmes.models.programme import Programme
from programmes.vocabulary import Role


class Invitation(models.Model):
    """Single use, expiring, bound to its address. Only the SHA-256 of its secret is kept."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    no_evidence = models.BooleanField(default=False)  # they join without seeing any excerpt
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField()
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invited_role_is_known")]
