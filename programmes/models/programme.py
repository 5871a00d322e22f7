"""Owns the programme and who belongs to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.vocabulary import Agreement, Limit, Role


class Programme(models.Model):
    """What is being evaluated, together with its evaluation."""

    slug = models.SlugField(max_length=Limit.SLUG, unique=True)
    title = models.CharField(max_length=Limit.TITLE)
    summary = models.TextField(blank=True)
    intervention = models.TextField(blank=True)
    agreement = models.CharField(max_length=10, choices=Agreement, default=Agreement.DIRECT)
    approvals = models.PositiveSmallIntegerField(default=1)
    blind = models.BooleanField(default=False)  # reviewers see no answer of others before they gave their own
    transcripts = models.BooleanField(default=False)  # whether whole transcripts of sources may be kept here
    small_group = models.PositiveSmallIntegerField(default=5)  # counts of fewer sources are marked as small; 0: none
    revision_number = models.PositiveIntegerField(default=1)
    last_statement = models.PositiveIntegerField(default=0)  # numbers are given out here and never again
    last_source = models.PositiveIntegerField(default=0)  # likewise
    codebook_version = models.PositiveIntegerField(default=1)  # moves with every change; also the codebook's one lock
    structure_version = models.PositiveIntegerField(default=1)  # moves with elements, configurations, links and slots
    evidence_version = models.PositiveIntegerField(default=1)  # moves with sites, sources, excerpts and bearings
    redactions = models.PositiveIntegerField(default=0)  # moves whenever words are taken out for good
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(agreement__in=Agreement.values), name="agreement_is_known"),
            models.CheckConstraint(condition=models.Q(approvals__range=(1, 20)), name="approvals_between_1_and_20"),
            models.CheckConstraint(condition=models.Q(small_group__range=(0, 50)), name="small_group_is_at_most_50"),
        ]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """One person's role in one programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    no_evidence = models.BooleanField(default=False)  # sees the theory without any excerpt
    joined = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="one_role_per_person_and_programme"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]
