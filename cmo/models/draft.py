"""Owns drafts: what somebody typed and has not saved. A draft never changes what others see."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.element import Element
from cmo.models.statement import Statement
from cmo.vocabulary import Drafted
from programmes.models import Programme


class Draft(models.Model):
    """One per person and record; where no record is named it is that of a new one of its kind."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=13, choices=Drafted, default=Drafted.STATEMENT)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, related_name="+")
    configuration = models.ForeignKey(Configuration, on_delete=models.CASCADE, null=True, related_name="+")
    element = models.ForeignKey(Element, on_delete=models.CASCADE, null=True, related_name="+")
    base = models.PositiveIntegerField(null=True)
    fields = models.JSONField(default=dict)  # the form as typed: {name: text or list of texts}
    kept = models.DateTimeField()

    class Meta:
        ordering = ["-kept"]
        constraints = [
            models.UniqueConstraint(fields=["person", "statement"], name="one_draft_per_person_and_statement"),
            models.UniqueConstraint(fields=["person", "configuration"], name="one_draft_per_person_and_configuration"),
            models.UniqueConstraint(fields=["person", "element"], name="one_draft_per_person_and_element"),
            models.UniqueConstraint(
                fields=["person", "programme", "kind"],
                condition=models.Q(statement__isnull=True, configuration__isnull=True, element__isnull=True),
                name="one_new_draft_per_person_and_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="statement", configuration__isnull=True, element__isnull=True)
                | models.Q(kind="configuration", statement__isnull=True, element__isnull=True)
                | models.Q(kind="element", statement__isnull=True, configuration__isnull=True),
                name="draft_is_of_its_kind",
            ),
        ]

    @property
    def record(self) -> Statement | Configuration | Element | None:
        """What it is a draft of; None for a new record."""
        return self.statement or self.configuration or self.element
