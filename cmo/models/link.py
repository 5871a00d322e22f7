"""Owns what joins configurations: stated links, labels of ripples, rival groups and demi-regularities."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from cmo.models.element import Element
from cmo.vocabulary import LinkKind, RivalVerdict
from programmes.models import Programme
from programmes.vocabulary import Limit


class Numbered(models.Model):
    """A record with a number of its programme's own, changed by the rules alone; the log keeps what it said before."""

    number = models.PositiveIntegerField()
    retired = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Link(Numbered):
    """How one configuration stands to another. A ripple is found, not stated: its row holds what is said about it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=12, choices=LinkKind)
    source = models.ForeignKey(Configuration, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Configuration, on_delete=models.PROTECT, related_name="links_in")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, null=True, related_name="+")  # of a ripple alone
    name = models.CharField(max_length=Limit.TITLE, blank=True)  # what stands at the arrow
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="link_number_once_per_programme"),
            models.UniqueConstraint(
                fields=["kind", "source", "target"],
                condition=models.Q(element=None, retired=False),
                name="link_stated_once",
            ),
            models.UniqueConstraint(
                fields=["source", "target", "element"],
                condition=models.Q(kind=LinkKind.RIPPLE, retired=False),
                name="ripple_described_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=LinkKind.values), name="link_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind=LinkKind.RIPPLE, element__isnull=False)
                | (~models.Q(kind=LinkKind.RIPPLE) & models.Q(element__isnull=True)),
                name="a_ripple_has_its_element",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"L{self.number}"


class RivalGroup(Numbered):
    """Configurations that explain one outcome differently, with what the team made of it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rival_groups")
    title = models.CharField(max_length=Limit.TITLE)
    outcome = models.ForeignKey(Element, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=RivalVerdict, default=RivalVerdict.OPEN)
    favoured = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="+")
    rationale = models.TextField(blank=True)  # the reason of the verdict
    members = models.ManyToManyField(Configuration, related_name="rival_groups")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="rival_group_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(verdict__in=RivalVerdict.values), name="rival_verdict_is_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"RG{self.number}"


class DemiRegularity(Numbered):
    """A pattern over several configurations, with what moderates it, where it ends and what speaks against it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="demi_regularities")
    text = models.TextField()
    moderators = models.TextField(blank=True)
    boundaries = models.TextField(blank=True)
    counterexamples = models.TextField(blank=True)
    members = models.ManyToManyField(Configuration, related_name="demi_regularities")

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "demi-regularities"
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="demi_regularity_number_once_per_programme")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"DR{self.number}"
