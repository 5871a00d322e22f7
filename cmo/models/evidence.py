"""Owns the evidence: excerpts, how they bear on the theory, what is planned, what proposals and revisions cite."""

import uuid

from django.conf import settings
from django.db import models

from cmo.evidence_words import ClaimPart, ExcerptStatus, Join, Stance
from cmo.models.configuration import Configuration, ConfigurationRevision
from cmo.models.element import Element
from cmo.models.proposal import Proposal, one_of
from cmo.models.revision import StatementRevision
from cmo.models.saying import configuration_moved, element_moved, statement_moved
from cmo.models.statement import Statement
from programmes.models import Phase, Programme, Site, Source, Theme
from programmes.models.fieldwork import known
from programmes.vocabulary import EvidenceChange, Grade, Limit, SourceKind


class ExcerptWords(models.Model):
    """What an excerpt says and where it stands; it and each of its revisions carry one."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()  # as it is read here; a translation where `original` holds what was said
    original = models.TextField(blank=True)
    locator = models.CharField(max_length=Limit.TITLE, blank=True)  # page, paragraph or time
    status = models.CharField(max_length=11, choices=ExcerptStatus, default=ExcerptStatus.OBSERVED)
    signed_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")  # if not its source's
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Excerpt(ExcerptWords):
    """A passage of a source. Its number is never given to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="excerpts")
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="excerpts")
    themes = models.ManyToManyField(Theme, through="ExcerptTheme", related_name="excerpts")
    start = models.PositiveIntegerField(null=True)  # characters of the transcript kept, from 0
    end = models.PositiveIntegerField(null=True)  # the one after the last
    sameness = models.CharField(max_length=16, blank=True)  # digest of the folded text, to find what came twice
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="excerpt_number_once_per_programme"),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(retired=True), name="excerpt_has_a_text_or_was_withdrawn"
            ),
            models.CheckConstraint(
                condition=models.Q(start__isnull=True, end__isnull=True) | models.Q(start__lt=models.F("end")),
                name="excerpt_ends_after_it_starts",
            ),
            known("status", ExcerptStatus, "excerpt_status_is_known"),
        ]
        indexes = [models.Index(fields=["source", "sameness"], name="excerpt_by_sameness")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"X{self.number}"


class ExcerptTheme(models.Model):
    """A theme that an excerpt carries now."""

    excerpt = models.ForeignKey(Excerpt, on_delete=models.CASCADE, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="excerpt_taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["excerpt", "theme"], name="theme_once_per_excerpt")]


class EvidenceRevision(models.Model):
    """What every revision of an excerpt or a bearing says beside what was written: change, reason, who, when."""

    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=EvidenceChange)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["-number"]


class ExcerptRevision(ExcerptWords, EvidenceRevision):
    """What an excerpt said at one time."""

    excerpt = models.ForeignKey(Excerpt, on_delete=models.PROTECT, related_name="revisions")

    class Meta(EvidenceRevision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["excerpt", "number"], name="revision_number_once_per_excerpt"),
            known("change", EvidenceChange, "excerpt_change_is_known"),
        ]


class ExcerptRevisionTheme(models.Model):
    """A theme that an excerpt carried in one revision."""

    revision = models.ForeignKey(ExcerptRevision, on_delete=models.PROTECT, related_name="taggings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "theme"], name="theme_once_per_excerpt_revision")]


# ---------------------------------------------------------------- bearings


class BearingWords(models.Model):
    """How an excerpt bears on its claim; a bearing and each of its revisions carry one."""

    stance = models.CharField(max_length=10, choices=Stance)
    note = models.TextField(blank=True)
    inferred = models.BooleanField(default=False)  # the analyst's reading, not said in the excerpt
    confidence = models.CharField(max_length=10, choices=Grade, blank=True)
    confidence_reason = models.TextField(blank=True)
    made_against = models.PositiveIntegerField()  # revision of the statement or configuration that was judged
    judged = models.DateTimeField()  # when it was linked, changed or confirmed again
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True


class BearingQuerySet(models.QuerySet["Bearing"]):
    def of(self, programme: Programme) -> "BearingQuerySet":
        return self.filter(programme=programme)

    def current(self) -> "BearingQuerySet":
        """Those that count: neither they nor their excerpt nor its source is retired."""
        return self.filter(retired=False, excerpt__retired=False, excerpt__source__retired=False)

    def with_stale(self) -> "BearingQuerySet":
        """Each with `stale`: whether what it bears on says something else since it was judged.

        Not every revision does: a claim that was agreed on, retagged or moved, or merged and brought back as it was,
        still says the same.
        """
        return self.annotate(
            stale=models.Case(
                models.When(statement__isnull=False, then=statement_moved()),
                models.When(element__isnull=False, then=element_moved("judged")),
                default=configuration_moved("judged"),
                output_field=models.BooleanField(),
            )
        )


class Bearing(BearingWords):
    """How one excerpt bears on a statement (or a part of it), a configuration, an element in it, or a join of it.

    What it bears on never changes: on another claim it is another bearing. Its number is never given to another.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="bearings")
    number = models.PositiveIntegerField()
    excerpt = models.ForeignKey(Excerpt, on_delete=models.PROTECT, related_name="bearings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="bearings")
    part = models.CharField(max_length=8, choices=ClaimPart, blank=True)  # of the statement; empty: the whole
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, null=True, related_name="bearings")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, null=True, related_name="bearings")
    join = models.CharField(max_length=4, choices=Join, blank=True)  # of the configuration
    revision_number = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = BearingQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="bearing_number_once_per_programme"),
            models.CheckConstraint(condition=one_of("statement", "configuration"), name="a_bearing_is_on_one_record"),
            models.CheckConstraint(
                condition=models.Q(statement__isnull=True, part="")
                | models.Q(statement__isnull=False, element__isnull=True, join=""),
                name="a_bearing_names_a_part_of_its_record",
            ),
            models.CheckConstraint(
                condition=models.Q(element__isnull=True) | models.Q(join=""), name="a_bearing_is_on_element_or_join"
            ),
            # Two people may judge the same passage differently; one person links it to a claim once.
            models.UniqueConstraint(
                fields=["excerpt", "statement", "part", "author"],
                condition=models.Q(statement__isnull=False, retired=False),
                name="linked_once_to_a_statement",
            ),
            models.UniqueConstraint(
                fields=["excerpt", "configuration", "join", "author"],
                condition=models.Q(configuration__isnull=False, element__isnull=True, retired=False),
                name="linked_once_to_a_configuration",
            ),
            models.UniqueConstraint(
                fields=["excerpt", "configuration", "element", "author"],
                condition=models.Q(element__isnull=False, retired=False),
                name="linked_once_to_an_element",
            ),
            known("stance", Stance, "stance_is_known"),
            known("part", ClaimPart, "part_is_of_a_claim", empty=True),
            known("join", Join, "join_is_known", empty=True),
            known("confidence", Grade, "confidence_is_a_grade", empty=True),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"B{self.number}"


class BearingRevision(BearingWords, EvidenceRevision):
    """How an excerpt was judged to bear on its claim at one time."""

    bearing = models.ForeignKey(Bearing, on_delete=models.PROTECT, related_name="revisions")

    class Meta(EvidenceRevision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["bearing", "number"], name="revision_number_once_per_bearing"),
            known("change", EvidenceChange, "bearing_change_is_known"),
        ]


# ---------------------------------------------------------------- planned and cited


class EvidencePlan(models.Model):
    """What evidence a configuration is to be tested with; the lines hang on it, the log keeps that it changed."""

    configuration = models.OneToOneField(Configuration, on_delete=models.PROTECT, related_name="evidence_plan")
    revision_number = models.PositiveIntegerField(default=1)
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class PlannedEvidence(models.Model):
    """One line of a plan: how many sources of which kind, role and site; what is left open counts all."""

    plan = models.ForeignKey(EvidencePlan, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=SourceKind, blank=True)
    role = models.CharField(max_length=Limit.NAME, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    sources = models.PositiveSmallIntegerField()  # how many are wanted
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_planned_line_per_position"),
            models.CheckConstraint(condition=models.Q(sources__gte=1), name="at_least_one_source_is_planned"),
            known("kind", SourceKind, "planned_kind_is_known", empty=True),
        ]


class Citation(models.Model):
    """An excerpt or a bearing that a proposal rests on."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="citations")
    excerpt = models.ForeignKey(Excerpt, on_delete=models.PROTECT, null=True, related_name="citations")
    bearing = models.ForeignKey(Bearing, on_delete=models.PROTECT, null=True, related_name="citations")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("excerpt", "bearing"), name="a_citation_is_of_one_record"),
            models.UniqueConstraint(fields=["proposal", "excerpt"], name="excerpt_once_per_proposal"),
            models.UniqueConstraint(fields=["proposal", "bearing"], name="bearing_once_per_proposal"),
        ]


class RevisionCitation(models.Model):
    """An excerpt or a bearing that one revision of a statement or a configuration cites; never changed."""

    statement_revision = models.ForeignKey(
        StatementRevision, on_delete=models.PROTECT, null=True, related_name="citations"
    )
    configuration_revision = models.ForeignKey(
        ConfigurationRevision, on_delete=models.PROTECT, null=True, related_name="citations"
    )
    excerpt = models.ForeignKey(Excerpt, on_delete=models.PROTECT, null=True, related_name="+")
    bearing = models.ForeignKey(Bearing, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("statement_revision", "configuration_revision"), name="one_revision_cites"
            ),
            models.CheckConstraint(condition=one_of("excerpt", "bearing"), name="a_revision_cites_one_record_each"),
        ]
