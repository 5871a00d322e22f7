"""Owns drafts: what somebody typed and has not saved. A draft never changes what others see."""

from django.conf import settings
from django.db import models

from cmo.models.statement import Statement
from programmes.models import Programme


class Draft(models.Model):
    """One per person and record (`statement` is null for a new statement)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, related_name="+")
    base = models.PositiveIntegerField(null=True)
    fields = models.JSONField(default=dict)  # the form as typed: {name: text or list of texts}
    kept = models.DateTimeField()

    class Meta:
        ordering = ["-kept"]
        constraints = [
            models.UniqueConstraint(fields=["person", "statement"], name="one_draft_per_person_and_statement"),
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=models.Q(statement__isnull=True),
                name="one_new_draft_per_person_and_programme",
            ),
        ]
