"""Owns the steps of an evaluation."""

from django.db import models

from programmes.models.programme import Programme
from programmes.vocabulary import Limit, PhaseKind, PhaseState


class Phase(models.Model):
    """A step of the evaluation. At most one of a programme is open; the database holds that."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="phases")
    slug = models.SlugField(max_length=Limit.SLUG)
    kind = models.CharField(max_length=15, choices=PhaseKind)
    title = models.CharField(max_length=Limit.TITLE)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=PhaseState, default=PhaseState.PLANNED)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    revision_number = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="phase_slug_once_per_programme"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(state=PhaseState.OPEN), name="at_most_one_open_phase"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=PhaseKind.values), name="phase_kind_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=PhaseState.values), name="phase_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.title
