"""Owns theory areas: the named groups that statements stand in."""

from django.db import models

from programmes.models import Programme
from programmes.vocabulary import Limit


class TheoryArea(models.Model):
    """A named group of statements and configurations, such as "Implementation plans"."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="areas")
    slug = models.SlugField(max_length=Limit.SLUG)
    title = models.CharField(max_length=Limit.TITLE)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()
    retired = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="area_slug_once_per_programme")]

    def __str__(self) -> str:
        return self.title
