"""Owns the API of statements: the list, one, its revisions, differences, restore and retire."""

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import FROM_TO, HAS_EVIDENCE, evidence_tag, resting_versions, revision_in, versions_page
from cmo.api.then import SNAPSHOT, listed_then, one_then, theory_then
from cmo.filters import ORDERINGS, StatementFilter
from cmo.reading.areas import area_named
from cmo.reading.citing import rests_named
from cmo.reading.history import compare_versions, find_version, history_page, version_json
from cmo.reading.statements import (
    FIELDS,
    find_statement,
    made_spelled,
    revision_of,
    row_numbered,
    statement_to_change,
)
from cmo.reading.then import found_then
from cmo.rules.composing import KEEP, Words
from cmo.rules.stating import restore, retire, revise, state
from cmo.serializers import (
    DiffOut,
    RestoreIn,
    RevisionOut,
    StatementOut,
    StatementPatch,
    StatementWritten,
    area_in,
    words_in,
)
from programmes.api.base import PAGING, Acting, Door, etag, paged, revision_seen, unchanged
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.codebook import Codes, find_codes
from programmes.reading.paging import Page, asked, take
from programmes.reading.team import evidence_shown
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import NO_HISTORY_THEN, Verb

QUERY = [
    OpenApiParameter("search", str, description="Words that the wording holds: in any form, or a piece of them."),
    OpenApiParameter("theme", str, description="Codes, with commas; each with all themes below it."),
    OpenApiParameter("area", str, description="Slugs of theory areas, with commas; `none` for statements without one."),
    OpenApiParameter("state", str, description="draft, agreed, retired; retired ones are left out unless asked for."),
    OpenApiParameter("phase", str, description="Slugs of phases in which the statement was first stated."),
    OpenApiParameter("incomplete", str, description="because, themes: what it may lack."),
    OpenApiParameter("priority", str, enum=["yes", "no"], description="What a round marked as a priority, or not."),
    HAS_EVIDENCE,
    OpenApiParameter("verdict", str, description="What the team last found: a verdict, with commas; none: no verdict."),
    OpenApiParameter("ordering", str, description=", ".join(ORDERINGS)),
    SNAPSHOT,
]
EXAMPLE = OpenApiExample(
    "A statement in three parts",
    request_only=True,
    value={
        "if": "managers go through the guidance in team meetings",
        "then": "practitioners are readier to take it up",
        "because": "they see what it changes for them",
        "themes": ["O1", "O4"],
        "area": "implementation-plans",
        "reason": "From the May workshop",
    },
)


def _tag(programme: Any, revision: int) -> str:
    """The revision, then the versions of what else shows in a statement: codes of themes, labels of configurations, how
    much evidence it has."""
    return etag(programme, revision, programme.codebook_version, programme.structure_version, evidence_tag(programme))


class StatementRecords(Acting):
    """Statements found by number: shown, changed from the revision seen."""

    record_kind = "Statement"
    writes = Verb.WRITE

    def told(self, row: Any) -> dict[str, Any]:
        """The statement, with the counts of its evidence for whoever sees it."""
        shown: dict[str, Any] = row.as_json(evidence=evidence_shown(self.programme))
        return shown

    def shown(self, statement: Any, status: int = 200) -> Response:
        body = self.told(row_numbered(self.programme, statement.number))
        return Response(body, status=status, headers={"ETag": _tag(self.programme, body["revision"])})

    def seen(self, request: Request, number: int) -> tuple[Any, int]:
        """The statement and the revision that If-Match names, or 428 or 412."""
        statement = statement_to_change(self.programme, number)
        return statement, revision_seen(request, statement)

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        now = self.told(row_numbered(self.programme, record.number))
        return now, _tag(self.programme, now["revision"])

    def made_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: codes as themes, a slug as an area."""
        if "themes" in given:
            given["themes"] = find_codes(self.programme, given["themes"])
        if "rests_on" in given:
            given["rests_on"] = rests_named(self.programme, given["rests_on"])
        area = area_in(given)
        return {**given, "area": area if area is KEEP else area_named(self.programme, area)}


@extend_schema_view(
    get=lists("List statements", StatementOut, query=QUERY, about="Retired ones are left out unless `state` asks."),
    post=creates("State something", StatementWritten, StatementOut, examples=[EXAMPLE]),
)
class Statements(StatementRecords):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            codes = Codes(self.programme, theory.themes)
            given = StatementFilter(request.query_params, programme=self.programme, codes=codes).asked
            return listed_then(request, found_then(given, theory), self.told)
        page, size = asked(request.query_params, size=50)
        filterset = StatementFilter(request.query_params, programme=self.programme)
        rows = filterset.rows().values_list(*FIELDS)
        make = partial(made_spelled, weighed=bool(self.programme.last_source))
        found = take(rows, count=filterset.count(), page=page, size=size, make=make)
        shown = [self.told(row) for row in found.rows]
        return paged(request, Page(shown, found.count, found.number, found.size))

    def act(self, request: Request) -> Response:
        given = self.made_of(read(StatementWritten, request))
        words = words_in(given) or Words(wording="")
        area = given.pop("area")
        made_now = state(self.programme, by=self.actor, words=words, area=None if area is KEEP else area, **given)
        answer = self.shown(made_now, status=201)
        answer["Location"] = request.build_absolute_uri(f"{request.path}{made_now.number}/")
        return answer


@extend_schema_view(
    get=shows("Show a statement", StatementOut, query=[SNAPSHOT]),
    patch=changes("Change a statement", StatementPatch, StatementOut, about="What is not sent stays as it is."),
    delete=retires("Retire a statement", StatementOut),
)
class OneStatement(StatementRecords):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return one_then(request, theory, theory.statements, f"S{number}", self.told, kind="statement")
        if "HTTP_IF_NONE_MATCH" in request.META:
            tag = _tag(self.programme, revision_of(self.programme, number))
            if unchanged(request, tag):
                return Response(status=304, headers={"ETag": tag})
        row = row_numbered(self.programme, number)
        return Response(self.told(row), headers={"ETag": _tag(self.programme, row.revision)})

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.made_of(read(StatementPatch, request, partial=True))
        statement, base = self.seen(request, number)
        return self.shown(revise(statement, by=self.actor, base=base, words=words_in(given), **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        statement, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(retire(statement, by=self.actor, base=base, **given))


@extend_schema_view(post=acts("Restore an older wording or a retired statement", RestoreIn, StatementOut))
class Restore(StatementRecords):
    def act(self, request: Request, number: int) -> Response:
        given = read(RestoreIn, request)
        statement, base = self.seen(request, number)
        return self.shown(restore(statement, by=self.actor, base=base, **given))


@extend_schema_view(get=lists("List the revisions of a statement", RevisionOut, about="Newest first."))
class Revisions(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        statement = find_statement(self.programme, number)
        told = resting_versions(statement, version_json)
        return versions_page(
            request, statement.revision_number, lambda first, last: history_page(statement, first, last), told
        )


@extend_schema_view(get=lists("Read the history of a statement", RevisionOut, about="The same as its revisions."))
class History(Revisions):
    """`history/`, the other name of the list of revisions."""


@extend_schema_view(get=shows("Show a revision", RevisionOut))
class OneRevision(Door):
    not_then = NO_HISTORY_THEN

    def get(self, request: Request, slug: str, number: int, revision: int) -> Response:
        statement = find_statement(self.programme, number)
        version = find_version(statement, revision)
        tag = etag(self.programme, revision, self.programme.codebook_version, int(evidence_shown(self.programme)))
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(resting_versions(statement, version_json)(version), headers={"ETag": tag})


@extend_schema_view(get=shows("Compare two revisions by words", DiffOut, query=FROM_TO))
class Diff(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset({"from", "to"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        statement = find_statement(self.programme, number)
        new = revision_in(request, "to", statement.revision_number)
        old = revision_in(request, "from", max(1, new - 1))
        return Response(compare_versions(statement, old, new).as_json())
