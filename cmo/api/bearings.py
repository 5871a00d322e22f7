"""Owns the API of bearings, of the evidence planned for a configuration, and of what a proposal cites."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.excerpts import SHARED
from cmo.api.shared import Records, cut, filtered
from cmo.evidence_filters import BearingFilter
from cmo.evidence_serializers import (
    BearingIn,
    BearingOut,
    BearingPatch,
    BearingRevisionOut,
    CitesIn,
    CitesOut,
    ConfirmIn,
    PlanIn,
    PlanOut,
)
from cmo.reading.citing import cited_by, evidence_named
from cmo.reading.configurations import find_configuration
from cmo.reading.evidence import (
    BearingRow,
    bearing_history,
    bearing_revision_json,
    excerpts_named,
    find_bearing,
    on_named,
)
from cmo.reading.evidence_plan import plan_of
from cmo.reading.proposals import find_proposal
from cmo.rules.citing_in_proposals import cite
from cmo.rules.evidencing import change_bearing, confirm_bearing, link_excerpt, on_of, turn_bearing
from cmo.rules.planning_evidence import Planned, plan_evidence
from programmes.api.base import PAGING, Acting, Door, etag, revision_seen, unchanged
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.fieldwork import site_named
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import Grade, Verb

QUERY = [
    *SHARED,
    OpenApiParameter("excerpt", str, description="X9, with commas."),
    OpenApiParameter("stale", str, enum=["true", "false"], description="Whether the wording changed since."),
    OpenApiParameter("inferred", str, enum=["true", "false"]),
    OpenApiParameter("confidence", str, description=f"With commas: {', '.join(Grade.values)}, none."),
    OpenApiParameter("ordering", str, description="number, excerpt, updated; with - the other way."),
]
EXAMPLE = OpenApiExample(
    "It challenges the mechanism of S5", request_only=True,
    value={"excerpt": "X9", "on": "S5", "part": "because", "stance": "challenges", "note": "Habit, not trust."},
)  # fmt: skip


class _Bearings(Records):
    record_kind = "Bearing"
    evidence = True
    writes = Verb.EVIDENCE

    def find(self, number: int) -> Any:
        return find_bearing(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return BearingRow(found).as_json()

    def tag(self, found: Any) -> str:
        """Whether it is stale hangs on what it bears on."""
        claim = on_of(found).record.revision_number
        now = self.programme
        return etag(self.programme, found.revision_number, claim, now.structure_version, now.evidence_version)


@extend_schema_view(
    get=lists("List bearings", BearingOut, query=QUERY),
    post=creates("Link an excerpt to a claim", BearingIn, BearingOut, examples=[EXAMPLE]),
)
class Bearings(_Bearings):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        asked = BearingFilter(request.query_params, programme=self.programme)
        return filtered(request, asked, lambda rows: [BearingRow(row).as_json() for row in rows])

    def act(self, request: Request) -> Response:
        given = read(BearingIn, request)
        (excerpt,) = excerpts_named(self.programme, [given.pop("excerpt")])
        on = on_named(self.programme, given.pop("on"), given.pop("part", ""))
        return self.created(request, link_excerpt(excerpt, by=self.actor, on=on, **given))


@extend_schema_view(
    get=shows("Show a bearing", BearingOut),
    patch=changes("Change a bearing", BearingPatch, BearingOut, about="What is not sent stays as it is."),
    delete=retires("Retire a bearing", BearingOut),
)
class OneBearing(_Bearings):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(BearingPatch, request, partial=True)
        found, base = self.seen(request, number)
        return self.shown(change_bearing(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_bearing(found, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(
    post=acts("Confirm a bearing", ConfirmIn, BearingOut, about="It still holds for its claim as that now stands.")
)
class ConfirmBearing(_Bearings):
    def act(self, request: Request, number: int) -> Response:
        given = read(ConfirmIn, request)
        found, base = self.seen(request, number)
        return self.shown(confirm_bearing(found, by=self.actor, base=base, **given))


@extend_schema_view(post=acts("Bring a bearing back", ReasonIn, BearingOut))
class RestoreBearing(_Bearings):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReasonIn, request)
        found, base = self.seen(request, number)
        return self.shown(turn_bearing(found, by=self.actor, base=base, retired=False, **given))


@extend_schema_view(get=lists("List the revisions of a bearing", BearingRevisionOut, about="Newest first."))
class BearingRevisions(_Bearings):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, bearing_history(self.find(number)), bearing_revision_json)


# ---------------------------------------------------------------- planned and cited


@extend_schema_view(
    get=shows("Show the evidence planned for a configuration", PlanOut, about="And what of it was collected."),
    patch=changes(
        "Plan evidence for a configuration", PlanIn, PlanOut,
        about="All lines, in place of those before; revision 0 where nothing was planned.",
    ),
)  # fmt: skip
class EvidencePlanned(Door):
    evidence = True
    writes = Verb.EVIDENCE
    http_method_names = ["get", "patch", "head", "options"]

    def _plan(self) -> Any:
        return plan_of(find_configuration(self.programme, self.kwargs["number"]))

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        plan = self._plan()
        return plan.as_json(), etag(self.programme, plan.revision_number, self.programme.evidence_version)

    def get(self, request: Request, slug: str, number: int) -> Response:
        body, tag = self.as_now(None)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(body, headers={"ETag": tag})

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(PlanIn, request)
        configuration = find_configuration(self.programme, number)
        base = revision_seen(request, self._plan())
        lines = [Planned(**{**row, "site": site_named(self.programme, row.get("site"))}) for row in given["lines"]]
        plan_evidence(configuration, by=self.actor, base=base, lines=lines)
        body, tag = self.as_now(None)
        return Response(body, headers={"ETag": tag})


@extend_schema_view(
    get=shows("Show what a proposal cites", CitesOut),
    post=creates(
        "Say what a proposal cites", CitesIn, CitesOut, answer=200, stale=True,
        about="Its authors do, until somebody has answered it. An open one goes into its next round with that.",
    ),
)
class Cites(Acting):
    evidence = True
    writes = Verb.PROPOSE

    def get(self, request: Request, slug: str, number: int) -> Response:
        proposal = find_proposal(self.actor.person, self.programme, number)
        tag = etag(self.programme, proposal.revision_number, self.programme.evidence_version)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response({"proposal": proposal.label, "cites": cited_by(proposal)}, headers={"ETag": tag})

    def act(self, request: Request, number: int) -> Response:
        given = read(CitesIn, request)
        proposal = find_proposal(self.actor.person, self.programme, number)
        cite(proposal, by=self.actor, **evidence_named(self.programme, given["cites"]))
        return Response({"proposal": proposal.label, "cites": cited_by(proposal)})
