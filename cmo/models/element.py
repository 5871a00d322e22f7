"""Owns elements: the contexts, mechanisms and outcomes that configurations share, with their history."""

import uuid

from django.conf import settings
from django.db import models

from cmo.vocabulary import (
    Change,
    Intended,
    Kind,
    Level,
    MechanismPart,
    Polarity,
    Proximity,
    Sign,
    State,
)
from programmes.models import Phase, Programme, Theme


class ElementWords(models.Model):
    """What is said of an element; it and each of its revisions carry one."""

    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    polarity = models.CharField(max_length=12, choices=Polarity, blank=True)
    mechanism = models.CharField(max_length=12, choices=MechanismPart, blank=True)
    sign = models.CharField(max_length=12, choices=Sign, blank=True)
    intended = models.CharField(max_length=12, choices=Intended, blank=True)
    proximity = models.CharField(max_length=12, choices=Proximity, blank=True)
    level = models.CharField(max_length=12, choices=Level, blank=True)
    formal_theory = models.TextField(blank=True)  # the theory of the literature that it draws on
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)

    class Meta:
        abstract = True


class Element(ElementWords):
    """One context, mechanism or outcome. Its number is never given to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="elements")
    number = models.PositiveIntegerField()
    revision_number = models.PositiveIntegerField(default=1)
    folded = models.TextField(blank=True)  # the text without case and accents, for type-ahead and filters
    sameness = models.CharField(max_length=16, blank=True)  # digest of `folded` without punctuation, for equals
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="element_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="element_kind_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="element_state_is_known"),
        ]
        indexes = [models.Index(fields=["programme", "sameness"], name="element_by_sameness")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"E{self.number}"


class ElementTheme(models.Model):
    """A theme that an element carries now."""

    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="element_taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["element", "theme"], name="theme_once_per_element")]


class ElementRevision(ElementWords):
    """One immutable state of an element: number, change, reason, author, time, phase."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    restores = models.PositiveIntegerField(null=True)  # the revision number whose text came back
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["element", "number"], name="revision_number_once_per_element"),
            models.CheckConstraint(condition=models.Q(change__in=Change.values), name="element_change_is_known"),
        ]


class ElementRevisionTheme(models.Model):
    """A theme that an element carried in one revision."""

    revision = models.ForeignKey(ElementRevision, on_delete=models.PROTECT, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "theme"], name="theme_once_per_element_revision")]
