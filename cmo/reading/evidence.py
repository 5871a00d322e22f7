"""Owns how sources, excerpts and bearings are listed with what stands beside them: a fixed number of queries each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import (
    Bearing,
    BearingRevision,
    ConfigurationElement,
    Excerpt,
    ExcerptRevision,
    ExcerptTheme,
)
from cmo.reading.configurations import configurations_named, statements_named
from cmo.reading.elements import element_named, number_in
from cmo.reading.statements import Tag
from cmo.rules.evidencing import On, on_of
from programmes.gate import clean
from programmes.models import Programme, Redaction, Source, Transcript
from programmes.natural import natural
from programmes.reading.fieldwork import words_json
from programmes.revealing import kinds_in
from programmes.vocabulary import Limit

ELSEWHERE = "site"  # the warning that an excerpt is signed with another site than its source's


# ---------------------------------------------------------------- sources


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with how much of it is in use."""

    source: Source
    excerpts: int
    bearings: int
    transcript: bool

    def as_json(self) -> dict[str, Any]:
        source = self.source
        return {
            "id": str(source.uid),
            "number": source.number,
            "label": source.label,
            **words_json(source),
            "transcript": self.transcript,
            "excerpts": self.excerpts,
            "bearings": self.bearings,
            "warnings": kinds_in(source.pseudonym, source.note),
            "revision": source.revision_number,
            "created": source.created,
            "updated": source.updated,
            "updated_by": source.updated_by.username,
        }


def source_rows(sources: Iterable[Source]) -> list[SourceRow]:
    """Rows for sources already cut to a page, in their order; two queries beside their own."""
    found = list(sources)
    keys = [source.pk for source in found]
    counted = Excerpt.objects.filter(source__in=keys, retired=False).values_list("source").annotate(
        said=Count("pk", distinct=True), linked=Count("bearings", filter=Q(bearings__retired=False), distinct=True)
    )  # fmt: skip
    counts = {source: (excerpts, bearings) for source, excerpts, bearings in counted}
    kept = set(Transcript.objects.filter(source__in=keys).values_list("source", flat=True))
    return [SourceRow(one, *counts.get(one.pk, (0, 0)), one.pk in kept) for one in found]


LABEL = re.compile(r"[Qq]\s*[0-9]{1,9}")


def source_named(programme: Programme, label: Any, *, field: str = "source") -> Source:
    """The source that a body or a form names ("Q2", or its pseudonym). Raises ValidationError (field)."""
    text = clean(str(label), field=field, limit=Limit.NAME, one_line=True)
    if not text:
        raise ValidationError({field: _("Choose or write the source, such as Q12.")})
    sources = Source.objects.select_related("site").filter(programme=programme)
    named = None if LABEL.fullmatch(text) else sources.filter(pseudonym__iexact=text).first()
    if named is None and not LABEL.fullmatch(text):
        said = _("There is no source with the pseudonym “%(name)s” here; write one that there is, or a label: Q12.")
        raise ValidationError({field: said % {"name": text[:60]}})
    number = named.number if named else number_in("Q", text, field=field)
    found = named or sources.filter(number=number).first()
    if found is None:
        raise ValidationError({field: _("There is no source Q%(n)s in this programme.") % {"n": number}})
    found.programme = programme
    return found


# ---------------------------------------------------------------- excerpts


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """An excerpt with its themes and the bearings in use."""

    excerpt: Excerpt
    themes: list[Tag]
    bearings: list["BearingRow"] = field(default_factory=list)

    @property
    def elsewhere(self) -> bool:
        """Whether it is signed with another site than its source's."""
        signed = self.excerpt.signed_site_id
        return signed is not None and signed != self.excerpt.source.site_id

    @property
    def warnings(self) -> list[str]:
        """What is worth a look: signs of who somebody is, another site; never an error."""
        said = kinds_in(self.excerpt.text, self.excerpt.original)
        return [*said, ELSEWHERE] if self.elsewhere else said

    def as_json(self) -> dict[str, Any]:
        one = self.excerpt
        return {
            "id": str(one.uid),
            "number": one.number,
            "label": one.label,
            "source": one.source.label,
            "site": one.source.site.slug if one.source.site else None,
            "role": one.source.role,
            "text": one.text,
            "original": one.original,
            "locator": one.locator,
            "themes": [tag.label for tag in self.themes],
            "status": one.status,
            "signed_site": one.signed_site.slug if one.signed_site else None,
            "start": one.start,
            "end": one.end,
            "bearings": [row.bearing.label for row in self.bearings],
            "warnings": self.warnings,
            "state": "retired" if one.retired else "current",
            "withdrawn": not one.text,
            "revision": one.revision_number,
            "created": one.created,
            "updated": one.updated,
            "updated_by": one.updated_by.username,
        }


def excerpts_of(programme: Programme) -> "QuerySet[Excerpt]":
    """All excerpts of a programme by number with their sources, retired ones too."""
    beside = ("source__site", "signed_site", "updated_by")
    return Excerpt.objects.filter(programme=programme).select_related(*beside).order_by("number")


def excerpt_rows(excerpts: Iterable[Excerpt]) -> list[ExcerptRow]:
    """Rows for excerpts already cut to a page, in their order; two queries beside their own."""
    found = list(excerpts)
    keys = [excerpt.pk for excerpt in found]
    tags: dict[int, list[Tag]] = {}
    carried = ExcerptTheme.objects.filter(excerpt__in=keys).values_list(
        "excerpt", "theme__code", "theme__uid", "theme__name"
    )
    for excerpt, code, uid, name in carried:
        tags.setdefault(excerpt, []).append(Tag(code or str(uid), code, name))
    for some in tags.values():
        some.sort(key=lambda tag: (not tag.code, natural(tag.code or tag.name)))
    bearing: dict[int, list[BearingRow]] = {}
    for one in _beside(Bearing.objects.filter(excerpt__in=keys, retired=False).with_stale()).order_by("number"):
        bearing.setdefault(one.excerpt_id, []).append(BearingRow(one))
    return [ExcerptRow(one, tags.get(one.pk, []), bearing.get(one.pk, [])) for one in found]


def find_excerpt(programme: Programme, number: int) -> Excerpt:
    found = excerpts_of(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such excerpt.")
    found.programme = programme
    return found


def excerpts_named(
    programme: Programme, labels: Sequence[Any], *, field: str = "excerpt", sees: bool = True
) -> list[Excerpt]:
    """The excerpts with these labels ("X9"), in this order, in one query; for who does not see evidence there are none.
    Raises ValidationError (field)."""
    numbers = [number_in("X", label, field=field) for label in labels]
    found = {one.number: one for one in excerpts_of(programme).filter(number__in=numbers)} if sees else {}
    for number in numbers:
        if number not in found:
            raise ValidationError({field: _("There is no excerpt X%(n)s in this programme.") % {"n": number}})
    for one in found.values():
        one.programme = programme
    return [found[number] for number in numbers]


def excerpt_history(excerpt: Excerpt) -> list[ExcerptRevision]:
    """What an excerpt said, the latest first; two queries."""
    beside = ("author", "source", "signed_site", "phase")
    found = ExcerptRevision.objects.filter(excerpt=excerpt).select_related(*beside)
    return list(found.prefetch_related("taggings__theme"))


def taken_out(excerpt: Excerpt) -> Redaction | None:
    """Who took the words of an excerpt out, when and why; no query where they stand."""
    if excerpt.text:
        return None
    of = ExcerptRevision.objects.filter(excerpt=excerpt).values("pk")
    told = Redaction.objects.filter(revision_table=ExcerptRevision._meta.db_table, revision_row__in=of)
    return told.select_related("by").order_by("-pk").first()


def excerpt_revision_json(revision: ExcerptRevision) -> dict[str, Any]:
    words = {name: getattr(revision, name) for name in ("text", "original", "locator", "status")}
    themes = sorted((tag.theme.label for tag in revision.taggings.all()), key=natural)
    return {
        **_when(revision), "source": revision.source.label, **words, "themes": themes,
        "signed_site": revision.signed_site.slug if revision.signed_site else None,
    }  # fmt: skip


def _when(revision: ExcerptRevision | BearingRevision) -> dict[str, Any]:
    return {
        "number": revision.number, "change": revision.change, "reason": revision.reason,
        "by": revision.author.username, "at": revision.at, "phase": revision.phase.slug if revision.phase else None,
        "state": "retired" if revision.retired else "current",
    }  # fmt: skip


# ---------------------------------------------------------------- bearings


@dataclass(frozen=True, slots=True)
class BearingRow:
    """A bearing with what it is on."""

    bearing: Bearing

    @property
    def on(self) -> On:
        return on_of(self.bearing)

    @property
    def stale(self) -> bool:
        """Whether its claim says something else since it was judged."""
        return bool(self.bearing.stale)  # type: ignore[attr-defined]

    def as_json(self) -> dict[str, Any]:
        one = self.bearing
        words = ("stance", "note", "inferred", "confidence", "confidence_reason", "made_against")
        return {
            "id": str(one.uid),
            "number": one.number,
            "label": one.label,
            "excerpt": one.excerpt.label,
            "source": one.excerpt.source.label,
            "on": self.on.label,
            "part": one.part,
            **{name: getattr(one, name) for name in words},
            "stale": self.stale,
            "by": one.author.username,
            "judged": one.judged,
            "state": "retired" if one.retired else "current",
            "revision": one.revision_number,
            "created": one.created,
            "updated": one.updated,
            "updated_by": one.updated_by.username,
        }


def _beside(bearings: "QuerySet[Bearing]") -> "QuerySet[Bearing]":
    found = bearings.select_related(
        "excerpt__source__site", "statement", "configuration", "element", "author", "updated_by"
    )
    return found


def bearings_of(programme: Programme) -> "QuerySet[Bearing]":
    """All bearings of a programme by number with what they are on and `stale`, retired ones too."""
    return _beside(Bearing.objects.of(programme).with_stale()).order_by("number")


def find_bearing(programme: Programme, number: int) -> Bearing:
    found = bearings_of(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such bearing.")
    found.programme = programme
    return found


def bearings_named(
    programme: Programme, labels: Sequence[Any], *, field: str = "bearings", sees: bool = True
) -> list[Bearing]:
    """The bearings with these labels ("B3"), in this order, in one query; for who does not see evidence there are none.
    Raises ValidationError (field)."""
    numbers = [number_in("B", label, field=field) for label in labels]
    beside = Bearing.objects.of(programme).select_related("excerpt__source")
    found = {one.number: one for one in beside.filter(number__in=numbers)} if sees else {}
    for number in numbers:
        if number not in found:
            raise ValidationError({field: _("There is no bearing B%(n)s in this programme.") % {"n": number}})
    return [found[number] for number in numbers]


def bearing_history(bearing: Bearing) -> list[BearingRevision]:
    """How a bearing was judged, the latest first; one query."""
    return list(BearingRevision.objects.filter(bearing=bearing).select_related("author", "phase"))


def bearing_revision_json(revision: BearingRevision) -> dict[str, Any]:
    words = ("stance", "note", "inferred", "confidence", "confidence_reason", "made_against", "judged")
    return {**_when(revision), **{name: getattr(revision, name) for name in words}}


def on_named(programme: Programme, given: Any, part: str = "", *, field: str = "on") -> On:
    """What S5, CMO3, CMO3/E12 or CMO3/C-M names; S5/because names a part. Raises ValidationError (field)."""
    label, _slash, below = str(given or "").strip().partition("/")
    below = below.strip()
    if label.upper().startswith("CMO"):
        (configuration,) = configurations_named(programme, [label], field=field)
        if below.upper().startswith("E"):
            return On(configuration, part, element_named(programme, below, field=field))
        return On(configuration, part, join=below.upper())
    (statement,) = statements_named(programme, [label], field=field)
    if below and part and below != part:
        raise ValidationError({field: _("Name the part of a statement once.")})
    return On(statement, part or below.lower())


def on_condition(programme: Programme, labels: Sequence[str], *, field: str = "on") -> Q:
    """The condition on bearings that they are on one of these: S5, CMO3 (with all that is in it), CMO3/E12, CMO3/C-M,
    S5/because, or E12 wherever it stands. Raises ValidationError (field)."""
    found = Q(pk__in=[])
    for label in labels:
        if label.upper().startswith("E"):
            found |= Q(element=element_named(programme, label, field=field))
            continue
        on = on_named(programme, label, field=field)
        if hasattr(on.record, "wording"):
            found |= Q(statement=on.record, part=on.part) if on.part else Q(statement=on.record)
        elif on.element or on.join:
            found |= Q(configuration=on.record, element=on.element, join=on.join)
        else:
            found |= Q(configuration=on.record)
    return found


def elements_in(configuration: Any) -> list[Any]:
    """The elements that stand in a configuration, in order, each once; one query."""
    placed = ConfigurationElement.objects.filter(configuration=configuration).select_related("element")
    return list({one.element_id: one.element for one in placed.order_by("position")}.values())
