"""Owns the API of sites and sources, and of the sample table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import RETIRED, Records, cut, filtered, retired_asked
from cmo.evidence_filters import SourceFilter
from cmo.evidence_serializers import (
    SampleOut,
    SiteIn,
    SiteOut,
    SitePatch,
    SourceIn,
    SourceOut,
    SourcePatch,
    SourceRevisionOut,
    TranscriptIn,
    TranscriptOut,
)
from cmo.reading.evidence import source_rows
from cmo.rules.excerpting import keep_transcript, turn_source
from cmo.rules.withdrawing import withdraw_source
from programmes.api.base import PAGING, Acting, Door, etag, revision_seen, unchanged, whole
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.fieldwork import (
    find_site,
    find_source,
    kept_of,
    site_json,
    site_named,
    sites_of,
    source_history,
    source_revision_json,
)
from programmes.reading.sample import sample_of
from programmes.reading.team import phases_of
from programmes.rules.siting import add_site, change_site, turn_site
from programmes.rules.sourcing import add_source, change_source
from programmes.serializers import NothingIn, ReasonIn, TakeOutIn, read
from programmes.vocabulary import SourceKind, Verb

# ---------------------------------------------------------------- sites


class _Sites(Acting):
    record_kind = "Site"
    evidence = True
    writes = Verb.EVIDENCE

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        now = find_site(self.programme, record.slug)
        return site_json(now), etag(self.programme, now.revision_number)

    def shown(self, site: Any, status: int = 200) -> Response:
        body, tag = self.as_now(site)
        return Response(body, status=status, headers={"ETag": tag})


@extend_schema_view(
    get=lists("List the sites", SiteOut, query=[RETIRED]),
    post=creates("Add a site", SiteIn, SiteOut),
)
class Sites(_Sites):
    query = frozenset({"state", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        return whole(request, map(site_json, sites_of(self.programme, retired=retired_asked(request))))

    def act(self, request: Request) -> Response:
        made = add_site(self.programme, by=self.actor, **read(SiteIn, request))
        answer = self.shown(made, status=201)
        answer["Location"] = request.build_absolute_uri(f"{request.path}{made.slug}/")
        return answer


@extend_schema_view(
    get=shows("Show a site", SiteOut),
    patch=changes("Change a site", SitePatch, SiteOut),
    delete=retires("Retire a site", SiteOut, about="Refused while a source in use is of it."),
)
class OneSite(_Sites):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, site: str) -> Response:
        body, tag = self.as_now(find_site(self.programme, site))
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(body, headers={"ETag": tag})

    def patch(self, request: Request, slug: str, site: str) -> Response:
        given, found = read(SitePatch, request, partial=True), find_site(self.programme, site)
        return self.shown(change_site(found, by=self.actor, base=revision_seen(request, found), **given))

    def delete(self, request: Request, slug: str, site: str) -> Response:
        found = find_site(self.programme, site)
        if request.data:
            read(NothingIn, request)
        return self.shown(turn_site(found, by=self.actor, base=revision_seen(request, found), retired=True))


@extend_schema_view(post=acts("Bring a site back", NothingIn, SiteOut))
class RestoreSite(_Sites):
    def act(self, request: Request, site: str) -> Response:
        read(NothingIn, request)
        found = find_site(self.programme, site)
        return self.shown(turn_site(found, by=self.actor, base=revision_seen(request, found), retired=False))


# ---------------------------------------------------------------- sources

QUERY = [
    OpenApiParameter("search", str, description="Words in pseudonym, citation, role or note."),
    OpenApiParameter("kind", str, description=f"With commas: {', '.join(SourceKind.values)}."),
    OpenApiParameter("site", str, description="Slugs of sites, with commas; none: without a site."),
    OpenApiParameter("role", str, description="Roles, with commas, in any case."),
    OpenApiParameter("phase", str, description="Slugs of phases, with commas."),
    RETIRED,
    OpenApiParameter("ordering", str, description="number, name, site, dated, updated; with - the other way."),
]
NAMES = frozenset(parameter.name for parameter in QUERY)


class _Sources(Records):
    record_kind = "Source"
    evidence = True
    writes = Verb.EVIDENCE

    def find(self, number: int) -> Any:
        return find_source(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return source_rows([found])[0].as_json()

    def tag(self, found: Any) -> str:
        return etag(self.programme, found.revision_number, self.programme.evidence_version)

    def taken(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: names as records."""
        if "site" in given:
            given["site"] = site_named(self.programme, given["site"])
        if "phase" in given:
            given["phase"] = self._phase(given["phase"])
        return given

    def _phase(self, slug: str) -> Any:
        found = next((phase for phase in phases_of(self.programme) if phase.slug == slug), None)
        if slug and found is None:
            raise ValidationError({"phase": _("There is no phase “%(slug)s” here.") % {"slug": slug[:60]}})
        return found


@extend_schema_view(
    get=lists("List sources", SourceOut, query=QUERY),
    post=creates("Add a source", SourceIn, SourceOut, about="By pseudonym or citation; no real names."),
)
class Sources(_Sources):
    query = NAMES | PAGING

    def get(self, request: Request, slug: str) -> Response:
        asked = SourceFilter(request.query_params, programme=self.programme)
        return filtered(request, asked, lambda rows: [row.as_json() for row in source_rows(rows)])

    def act(self, request: Request) -> Response:
        given = self.taken(read(SourceIn, request))
        return self.created(request, add_source(self.programme, by=self.actor, **given))


@extend_schema_view(get=shows("Show the sample table", SampleOut, query=QUERY, about="Sources by role and site."))
class SampleTable(Door):
    evidence = True
    query = NAMES

    def get(self, request: Request, slug: str) -> Response:
        rows = SourceFilter(request.query_params, programme=self.programme).rows()
        tag = etag(self.programme, self.programme.evidence_version, self.programme.revision_number)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(sample_of(self.programme, rows).as_json(), headers={"ETag": tag})


@extend_schema_view(
    get=shows("Show a source", SourceOut),
    patch=changes("Change a source", SourcePatch, SourceOut, about="What is not sent stays as it is."),
    delete=retires("Retire a source", SourceOut, about="Its excerpts count no longer."),
)
class OneSource(_Sources):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.taken(read(SourcePatch, request, partial=True))
        found, base = self.seen(request, number)
        return self.shown(change_source(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_source(found, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(post=acts("Bring a source back", ReasonIn, SourceOut))
class RestoreSource(_Sources):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReasonIn, request)
        found, base = self.seen(request, number)
        return self.shown(turn_source(found, by=self.actor, base=base, retired=False, **given))


@extend_schema_view(
    post=creates(
        "Take all words of a source out", TakeOutIn, SourceOut, answer=200,
        about="Of all its excerpts, its transcript and its notes; leads alone. It cannot be undone.",
    )
)  # fmt: skip
class WithdrawSource(_Sources):
    writes = Verb.MANAGE

    def act(self, request: Request, number: int) -> Response:
        found = self.find(number)
        return self.shown(withdraw_source(found, by=self.actor, **read(TakeOutIn, request)))


@extend_schema_view(get=lists("List the revisions of a source", SourceRevisionOut, about="Newest first."))
class SourceRevisions(_Sources):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, source_history(self.find(number)), source_revision_json)


@extend_schema_view(
    get=shows("Show the transcript of a source", TranscriptOut, about="Empty where none is kept."),
    patch=changes(
        "Keep the transcript of a source", TranscriptIn, TranscriptOut,
        about="Refused unless the programme allows it. Excerpts are found again in the new text.",
    ),
)  # fmt: skip
class TranscriptOfSource(_Sources):
    http_method_names = ["get", "patch", "head", "options"]

    def json(self, found: Any) -> dict[str, Any]:
        text, hidden = kept_of(found)
        return {"source": found.label, "text": text, "hidden": hidden, "revision": found.revision_number}

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(TranscriptIn, request)
        found, base = self.seen(request, number)
        return self.shown(keep_transcript(found, by=self.actor, base=base, **given))
