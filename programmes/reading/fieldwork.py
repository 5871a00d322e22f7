"""Owns how sites and sources are found, and what is said of them. The doors keep members without evidence out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Min, QuerySet, TextField, Value, When
from django.http import Http404
from django.utils.translation import gettext as _

from programmes.models import Programme, Site, Source, SourceRevision, Transcript
from programmes.natural import natural
from programmes.rules.sourcing import WORDS
from programmes.source_roles import role_order, spellings

NONE = "none"


def sites_of(programme: Programme, *, retired: bool | None = None) -> list[Site]:
    """The sites of a programme in their order; those in use, the retired ones or (None) all; one query."""
    found = Site.objects.filter(programme=programme)
    if retired is not None:
        found = found.filter(retired=retired)
    return sorted(found, key=lambda site: (site.position, natural(site.name)))


def sites_offered(programme: Programme, held: Site | None = None) -> list[Site]:
    """The sites that somebody may choose: those in use, and the one that the record has already."""
    found = sites_of(programme, retired=False)
    return [*found, held] if held is not None and held.retired else found


def roles_used(programme: Programme) -> list[str]:
    """The roles that sources have, each in one spelling, for suggestions; one query."""
    return sorted(spellings(roles_written(programme)).values(), key=role_order)[:200]


def roles_written(programme: Programme) -> list[str]:
    """Every spelling of the roles that sources have, the earliest first; one query."""
    found = Source.objects.filter(programme=programme).exclude(role="")
    return list(found.values_list("role", flat=True).annotate(first=Min("number")).order_by("first"))


def find_site(programme: Programme, slug: str) -> Site:
    found = Site.objects.select_related("programme").filter(programme=programme, slug=slug).first()
    if found is None:
        raise Http404("There is no such site.")
    return found


def site_named(programme: Programme, given: str | None, *, field: str = "site") -> Site | None:
    """The site that a body or a form names by its slug or name; None for nothing. Raises ValidationError (field)."""
    text = (given or "").strip()
    if not text:
        return None
    for site in Site.objects.filter(programme=programme):
        if text.casefold() in (site.slug, site.name.casefold()):
            return site
    raise ValidationError({field: _("There is no site “%(name)s” in this programme.") % {"name": text[:60]}})


def site_json(site: Site) -> dict[str, Any]:
    return {
        "slug": site.slug,
        "name": site.name,
        "note": site.note,
        "position": site.position,
        "state": "retired" if site.retired else "current",
        "revision": site.revision_number,
        "created": site.created,
        "updated": site.updated,
    }


def sources_of(programme: Programme) -> "QuerySet[Source]":
    """All sources of a programme by number, retired ones too."""
    beside = ("site", "phase", "updated_by")
    return Source.objects.filter(programme=programme).select_related(*beside).order_by("number")


def find_source(programme: Programme, number: int) -> Source:
    found = sources_of(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such source.")
    found.programme = programme
    return found


def transcripts_left(programme: Programme) -> int:
    """How many transcripts stand here from when the programme kept them, where it keeps none any more; one query at
    most."""
    if programme.transcripts or not programme.last_source:
        return 0
    return Source.objects.filter(programme=programme, transcript__isnull=False).count()


def transcript_of(source: Source) -> str:
    """The whole text of a source that is kept, or "" where there is none or where the programme keeps none by now."""
    return kept_of(source)[0]


def kept_of(source: Source) -> tuple[str, bool]:
    """(the transcript that may be shown, whether one stands here that may not: the programme keeps none by now)."""
    shown = Case(When(source__programme__transcripts=True, then="text"), default=Value(""), output_field=TextField())
    text = Transcript.objects.filter(source=source).values_list(shown, flat=True).first()
    return text or "", text == ""


def source_history(source: Source) -> list[SourceRevision]:
    """What was said of a source, the latest first; one query."""
    return list(SourceRevision.objects.filter(source=source).select_related("author", "site", "phase"))


def words_json(said: Source | SourceRevision) -> dict[str, Any]:
    """What is said of a source, or was in one revision."""
    shown = {name: getattr(said, name) for name in WORDS if name not in ("site_id", "phase_id", "retired")}
    return {
        **shown,
        "site": said.site.slug if said.site else None,
        "phase": said.phase.slug if said.phase else None,
        "state": "retired" if said.retired else "current",
    }


def source_revision_json(revision: SourceRevision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "change": revision.change,
        "reason": revision.reason,
        "by": revision.author.username,
        "at": revision.at,
        **words_json(revision),
        "transcript": bool(revision.transcript_digest),
    }
