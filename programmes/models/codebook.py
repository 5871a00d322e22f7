"""Owns the codebook: a tree of themes of any depth, and the append-only history of each theme."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from programmes.models.phase import Phase
from programmes.models.programme import Programme
from programmes.vocabulary import Limit, ThemeChange


class ThemeWords(models.Model):
    """What is written about a theme; a theme and each of its revisions carry the same fields."""

    code = models.CharField(max_length=Limit.CODE, blank=True)
    name = models.CharField(max_length=Limit.NAME, blank=True)
    definition = models.TextField(blank=True)
    use_when = models.TextField(blank=True)
    not_when = models.TextField(blank=True)
    example = models.TextField(blank=True)
    colour = models.CharField(max_length=7, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True


class ThemeQuerySet(models.QuerySet["Theme"]):
    def current(self) -> "ThemeQuerySet":
        return self.filter(retired=False)

    def under(self, theme: "Theme") -> "ThemeQuerySet":
        """The theme itself and all that stands below it, at any depth."""
        return self.filter(programme=theme.programme_id, path__startswith=theme.path)


class Theme(ThemeWords):
    """One entry of the codebook. A top theme is a category.

    `path` holds the ids from the top theme down, "/12/40/": one prefix finds a whole branch on both databases.
    It is written by rules/classifying.py alone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="themes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=800, db_index=True)
    position = models.PositiveIntegerField(default=0)  # own order among siblings; equals fall back to natural order
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="aliases")
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    objects = ThemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "programme", Lower("code"), condition=~models.Q(code=""), name="theme_code_once_per_programme"
            ),
            models.CheckConstraint(
                condition=~models.Q(code="") | ~models.Q(name=""), name="theme_has_a_code_or_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def label(self) -> str:
        """What names the theme in addresses and JSON: its code, or its id where it has none."""
        return self.code or str(self.uid)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class ThemeRevision(ThemeWords):
    """One immutable state of a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.CharField(max_length=12, choices=ThemeChange)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "number"], name="theme_revision_number_once"),
            models.CheckConstraint(condition=models.Q(change__in=ThemeChange.values), name="theme_change_is_known"),
        ]
