"""Owns the API of excerpts: the list, one, many at once, changes, retire and restore, revisions."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.fieldwork import QUERY as OF_SOURCES
from cmo.api.shared import Records, cut, filtered
from cmo.evidence_filters import ExcerptFilter
from cmo.evidence_serializers import ExcerptIn, ExcerptOut, ExcerptPatch, ExcerptRevisionOut, PastedIn, PastedOut
from cmo.evidence_words import ExcerptStatus, Stance
from cmo.reading.evidence import (
    excerpt_history,
    excerpt_revision_json,
    excerpt_rows,
    find_excerpt,
    source_named,
)
from cmo.reading.pasted_excerpts import read_pasted
from cmo.rules.excerpting import Said, add_excerpt, add_excerpts, change_excerpt, check_excerpts, turn_excerpt
from cmo.rules.withdrawing import withdraw_excerpt
from programmes.api.base import PAGING, etag
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.codebook import find_codes
from programmes.reading.fieldwork import site_named
from programmes.serializers import ReasonIn, TakeOutIn, read
from programmes.vocabulary import Verb

OF_A_SOURCE = [parameter for parameter in OF_SOURCES if parameter.name not in ("search", "ordering")]
SHARED = [
    OpenApiParameter("search", str, description="Words of the excerpt or of its original."),
    OpenApiParameter("source", str, description="Q2, with commas."),
    *OF_A_SOURCE,
    OpenApiParameter("theme", str, description="Codes, with commas; all below them count."),
    OpenApiParameter("stance", str, description=f"With commas: {', '.join(Stance.values)}."),
    OpenApiParameter("on", str, description="S5, S5/because, CMO3 with all in it, CMO3/E12, CMO3/C-M or E12."),
]
QUERY = [
    *SHARED,
    OpenApiParameter("status", str, description=f"With commas: {', '.join(ExcerptStatus.values)}."),
    OpenApiParameter("linked", str, description="true, false: whether it bears on anything."),
    OpenApiParameter("ordering", str, description="number, source, updated; with - the other way."),
]
EXAMPLE = OpenApiExample(
    "A passage of an interview", request_only=True,
    value={"source": "Q2", "text": "We hear of it late.", "locator": "p. 4", "themes": ["O1.1"]},
)  # fmt: skip


class _Excerpts(Records):
    record_kind = "Excerpt"
    evidence = True
    writes = Verb.EVIDENCE

    def find(self, number: int) -> Any:
        return find_excerpt(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return excerpt_rows([found])[0].as_json()

    def tag(self, found: Any) -> str:
        now = self.programme
        return etag(now, found.revision_number, now.codebook_version, now.evidence_version)

    def taken(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: labels, codes and names as records."""
        if "source" in given:
            given["source"] = source_named(self.programme, given["source"])
        if "themes" in given:
            given["themes"] = find_codes(self.programme, given["themes"])
        if "signed_site" in given:
            given["signed_site"] = site_named(self.programme, given["signed_site"], field="signed_site")
        return given


@extend_schema_view(
    get=lists("List excerpts", ExcerptOut, query=QUERY),
    post=creates("Add an excerpt", ExcerptIn, ExcerptOut, examples=[EXAMPLE]),
)
class Excerpts(_Excerpts):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        asked = ExcerptFilter(request.query_params, programme=self.programme)
        return filtered(request, asked, lambda rows: [row.as_json() for row in excerpt_rows(rows)])

    def act(self, request: Request) -> Response:
        given = self.taken(read(ExcerptIn, request))
        source, reason = given.pop("source"), given.pop("reason", "")
        return self.created(request, add_excerpt(source, by=self.actor, said=Said(**given), reason=reason))


DRY = OpenApiParameter("dry_run", OpenApiTypes.INT, enum=[0, 1], description="1: say what would be added, no more.")


@extend_schema_view(
    post=creates(
        "Paste excerpts", PastedIn, PastedOut, query=[DRY],
        about="Many passages of one source, all or none. Those that say what is there already are left out; 200 where"
        " nothing was added.",
    )
)  # fmt: skip
class PasteExcerpts(_Excerpts):
    query_of_posts = frozenset({"dry_run"})

    def act(self, request: Request) -> Response:
        given = read(PastedIn, request)
        source = source_named(self.programme, given["source"])
        found = read_pasted(source, given["text"])
        dry = request.query_params.get("dry_run", "0") not in ("", "0")
        wanted: dict[str, Any] = {"by": self.actor, "said": found.chosen, "reason": given.get("reason", "")}
        if dry and found.chosen:
            check_excerpts(source, **wanted)
        made = [] if dry or not found.chosen else add_excerpts(source, **wanted)
        shown = {
            "dry_run": dry, "read": [one.as_json() for one in found.rows], "columns": found.columns,
            "known": found.known, "excerpts": [one.label for one in made],
        }  # fmt: skip
        return Response(shown, status=201 if made else 200)


@extend_schema_view(
    get=shows("Show an excerpt", ExcerptOut),
    patch=changes("Change an excerpt", ExcerptPatch, ExcerptOut, about="What is not sent stays as it is."),
    delete=retires("Retire an excerpt", ExcerptOut, about="Its bearings count no longer."),
)
class OneExcerpt(_Excerpts):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.taken(read(ExcerptPatch, request, partial=True))
        found, base = self.seen(request, number)
        return self.shown(change_excerpt(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_excerpt(found, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(post=acts("Bring an excerpt back", ReasonIn, ExcerptOut))
class RestoreExcerpt(_Excerpts):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReasonIn, request)
        found, base = self.seen(request, number)
        return self.shown(turn_excerpt(found, by=self.actor, base=base, retired=False, **given))


@extend_schema_view(
    post=creates(
        "Take the words of an excerpt out", TakeOutIn, ExcerptOut, answer=200,
        about="Of its history, the notes on its links and the transcript too; leads alone. It cannot be undone.",
    )
)  # fmt: skip
class WithdrawExcerpt(_Excerpts):
    writes = Verb.MANAGE

    def act(self, request: Request, number: int) -> Response:
        found = self.find(number)
        return self.shown(withdraw_excerpt(found, by=self.actor, **read(TakeOutIn, request)))


@extend_schema_view(get=lists("List the revisions of an excerpt", ExcerptRevisionOut, about="Newest first."))
class ExcerptRevisions(_Excerpts):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, excerpt_history(self.find(number)), excerpt_revision_json)
