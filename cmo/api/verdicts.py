"""Owns the API of verdicts: the list, one, its revisions, recording and changing."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.discussion import flag_in
from cmo.api.shared import Records, cut
from cmo.api.then import SNAPSHOT, listed_then, one_then, theory_then
from cmo.phase_serializers import VerdictIn, VerdictOut, VerdictPatch, VerdictRevisionOut
from cmo.phase_words import Verdict
from cmo.reading.judged_then import line_json, verdict_then, verdicts_then
from cmo.reading.verdicts import (
    find_verdict,
    judged_record,
    known_phase,
    known_verdict,
    verdict_history,
    verdict_json,
    verdict_revision_json,
    verdicts_found,
)
from cmo.rules.judging import judge, judge_again
from programmes.api.base import PAGING, etag, paged
from programmes.api.documenting import changes, creates, lists, shows
from programmes.gate import clean
from programmes.reading.paging import asked, take
from programmes.reading.team import evidence_shown
from programmes.serializers import read
from programmes.vocabulary import NO_HISTORY_THEN, Limit, Verb

QUERY = [
    OpenApiParameter("record", str, description="S5 or CMO3: verdicts on it."),
    OpenApiParameter("phase", str, description="The slug of a phase."),
    OpenApiParameter("verdict", str, enum=Verdict.values, description="Of this kind."),
    OpenApiParameter("team", str, enum=["true", "false"], description="The team's, or members' own."),
    OpenApiParameter("by", str, description="The name that somebody signs in with."),
    SNAPSHOT,
]


class _Verdicts(Records):
    record_kind = "Verdict"
    writes = Verb.COMMENT

    def find(self, number: int) -> Any:
        return find_verdict(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return verdict_json(found, evidence=evidence_shown(self.programme))

    def tag(self, found: Any) -> str:
        """Whether the record says something else by now shows too."""
        return etag(self.programme, found.revision_number, int(found.stale), int(evidence_shown(self.programme)))


@extend_schema_view(
    get=lists("List verdicts", VerdictOut, query=QUERY, about="By phase; the team's and members' own."),
    post=creates(
        "Record a verdict", VerdictIn, VerdictOut,
        about="Of the open phase. Your own, one on each record; with `team` the team's, which a lead states.",
    ),
)  # fmt: skip
class Verdicts(_Verdicts):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        query = request.query_params
        record = judged_record(self.programme, query["record"]) if query.get("record") else None
        wanted: dict[str, Any] = {
            "phase": known_phase(self.programme, query["phase"]).slug if query.get("phase") else "",
            "verdict": known_verdict(query["verdict"]) if "verdict" in query else "",
            "team": flag_in(query["team"], "team") if "team" in query else None,
            "by": clean(query.get("by", ""), field="by", limit=Limit.NAME),
        }
        theory = theory_then(self.programme, request)
        if theory is not None:
            sees = evidence_shown(self.programme)
            lines = verdicts_then(theory, record=record.label if record else "", **wanted)
            return listed_then(request, lines, lambda line: line_json(line, theory, evidence=sees))
        found = verdicts_found(self.programme, record=record, **wanted)
        make = lambda rows: [self.json(row) for row in rows]  # noqa: E731
        return paged(request, take(found, count=found.count(), page=page, size=size, make=make))

    def act(self, request: Request) -> Response:
        given = read(VerdictIn, request)
        record = judged_record(self.programme, given.pop("record"))
        if given.get("phase"):
            given["phase"] = known_phase(self.programme, given["phase"])
        else:
            given.pop("phase", None)
        given["team"] = bool(given.get("team"))
        return self.created(request, judge(record, by=self.actor, **given))


@extend_schema_view(
    get=shows("Show a verdict", VerdictOut, query=[SNAPSHOT]),
    patch=changes("Change a verdict", VerdictPatch, VerdictOut, about="Your own; the team's, as a lead."),
)
class OneVerdict(_Verdicts):
    http_method_names = ["get", "patch", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            told = line_json(verdict_then(theory, number), theory, evidence=evidence_shown(self.programme))
            return one_then(request, theory, [told], f"V{number}", lambda row: row)
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(VerdictPatch, request, partial=True)
        if "verdict" in given:
            given["found"] = given.pop("verdict")
        found, base = self.seen(request, number)
        return self.shown(judge_again(found, by=self.actor, base=base, **given))


@extend_schema_view(get=lists("List the revisions of a verdict", VerdictRevisionOut, about="Newest first."))
class VerdictRevisions(_Verdicts):
    not_then = NO_HISTORY_THEN
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        sees = evidence_shown(self.programme)
        shown = lambda one: verdict_revision_json(one, evidence=sees)  # noqa: E731
        return cut(request, verdict_history(self.find(number)), shown)
