"""Owns statements as they now stand, and the themes they carry."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from cmo.models.area import TheoryArea
from cmo.vocabulary import State
from programmes.models import Phase, Programme, Theme


class Wording(models.Model):
    """A sentence exactly as typed, with the parts found or marked in it; a statement and each revision carry one."""

    wording = models.TextField()
    parts = models.JSONField(default=list)  # wording.pack(): [[part, key start, key end, start, end], …] in characters
    parts_by_hand = models.BooleanField(default=False)
    area = models.ForeignKey(TheoryArea, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)

    class Meta:
        abstract = True


class StatementQuerySet(models.QuerySet["Statement"]):
    def of(self, programme: Programme) -> "StatementQuerySet":
        return self.filter(programme=programme)

    def current(self) -> "StatementQuerySet":
        return self.exclude(state=State.RETIRED)

    def under(self, themes: "models.QuerySet[Theme] | list[int]") -> "StatementQuerySet":
        """Statements that carry at least one of `themes` (a query, or ids)."""
        asked: Any = themes if isinstance(themes, list) else themes.values("pk")
        carried = StatementTheme.objects.filter(theme__in=asked)
        return self.filter(pk__in=carried.values("statement"))


class Statement(Wording):
    """One claim of the theory. Its number is never given to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    origin = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    cites = models.CharField(max_length=200, blank=True)  # where the claim was first written down, such as a figure
    revision_number = models.PositiveIntegerField(default=1)
    # Kept so that no list counts or joins its way through the whole theory; one writer, rules/stating.py and its kin:
    area_position = models.PositiveSmallIntegerField(default=0)
    lacks = models.PositiveSmallIntegerField(default=0)  # bits of vocabulary.Lacks
    folded = models.TextField(blank=True)  # the wording without case and accents, for the words filter
    sameness = models.CharField(max_length=16, blank=True)  # digest of `folded` without punctuation, for equals
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="statement_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="statement_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["programme", "area_position", "number"], name="statement_in_area_order"),
            models.Index(fields=["programme", "-updated"], name="statement_by_change"),
            models.Index(fields=["programme", "-created", "-number"], name="statement_by_birth"),
            models.Index(fields=["programme", "sameness"], name="statement_by_sameness"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"S{self.number}"


class StatementTheme(models.Model):
    """A theme that a statement carries now."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "theme"], name="theme_once_per_statement")]
