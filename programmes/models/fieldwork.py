"""Owns the fieldwork: sites, sources by pseudonym or citation with their append-only history, transcripts kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from programmes.models.phase import Phase
from programmes.models.programme import Programme
from programmes.vocabulary import EvidenceChange, Grade, Limit, SourceKind


class Site(models.Model):
    """Where fieldwork was done. Its slug stays when its name changes; the log keeps what it said before."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sites")
    slug = models.SlugField(max_length=Limit.SLUG)
    name = models.CharField(max_length=Limit.NAME)
    note = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)  # own order; equals fall back to the natural order of names
    retired = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="site_slug_once_per_programme"),
            models.UniqueConstraint("programme", Lower("name"), name="site_name_once_per_programme"),
            models.CheckConstraint(condition=~models.Q(name=""), name="site_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


def known(field: str, words: type[models.TextChoices], name: str, *, empty: bool = False) -> models.CheckConstraint:
    """The constraint that a field holds one of these words (or, with `empty`, none)."""
    values = [*words.values, ""] if empty else list(words.values)
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class SourceWords(models.Model):
    """What is said of a source; it and each of its revisions carry one."""

    kind = models.CharField(max_length=12, choices=SourceKind)
    pseudonym = models.CharField(max_length=Limit.NAME, blank=True)  # of a participant or group; never a real name
    citation = models.TextField(blank=True)  # of a document or publication
    role = models.CharField(max_length=Limit.NAME, blank=True)  # "Social worker"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    dated = models.CharField(max_length=10, blank=True)  # 2021, 2021-05 or 2021-05-12, as exactly as it is known
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    relevance = models.CharField(max_length=10, choices=Grade, blank=True)
    relevance_reason = models.TextField(blank=True)
    richness = models.CharField(max_length=10, choices=Grade, blank=True)
    richness_reason = models.TextField(blank=True)
    rigour = models.CharField(max_length=10, choices=Grade, blank=True)
    rigour_reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """What a page calls the source: its pseudonym, or the citation where it has none."""
        return self.pseudonym or self.citation


class Source(SourceWords):
    """An interview, document, observation and so on. Its number is never given to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sources")
    number = models.PositiveIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="sources")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="sources")
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="source_number_once_per_programme"),
            models.UniqueConstraint(
                "programme", Lower("pseudonym"), condition=~models.Q(pseudonym=""), name="pseudonym_once_per_programme"
            ),
            models.CheckConstraint(
                condition=~models.Q(pseudonym="") | ~models.Q(citation=""), name="source_has_a_pseudonym_or_citation"
            ),
            known("kind", SourceKind, "source_kind_is_known"),
            known("relevance", Grade, "relevance_is_a_grade", empty=True),
            known("richness", Grade, "richness_is_a_grade", empty=True),
            known("rigour", Grade, "rigour_is_a_grade", empty=True),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"Q{self.number}"


class SourceRevision(SourceWords):
    """What was said of a source at one time."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    transcript_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the transcript kept then, if any
    change = models.CharField(max_length=10, choices=EvidenceChange)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="revision_number_once_per_source"),
            known("change", EvidenceChange, "source_change_is_known"),
        ]


class Transcript(models.Model):
    """The whole text of a source, where the programme keeps them. No history: what is taken out is gone."""

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="transcript")
    text = models.TextField()
    updated = models.DateTimeField()
