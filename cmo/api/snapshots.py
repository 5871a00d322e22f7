"""Owns the API of snapshots: taking one, the list, one with its canonical JSON, comparisons; and of closing a phase."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import cut, format_asked
from cmo.comparison_files import comparison_file
from cmo.exports.changes import FORMATS
from cmo.phase_serializers import CloseIn, ComparisonOut, SnapshotIn, SnapshotOut
from cmo.reading.canonical import canonical_bytes
from cmo.reading.comparison import Comparison
from cmo.reading.snapshots import find_snapshot, held_in_full, snapshot_json, snapshots_of, theory_named
from cmo.rules.snapshotting import close_and_keep, take_snapshot
from programmes.api.base import PAGING, Acting, Door, unchanged
from programmes.api.documenting import IF_NONE_MATCH, acts, creates, lists, problems
from programmes.api.programmes import TurnPhase
from programmes.reading.team import evidence_shown
from programmes.serializers import PhaseOut, read
from programmes.vocabulary import Verb

AS_ONE = OpenApiParameter("as", str, enum=["json", "canonical"], description="json when left out.")
AS = OpenApiParameter("as", str, enum=["json", *FORMATS, "svg"], description="json when left out; svg is the flow.")


@extend_schema_view(
    post=acts("Close the open phase", CloseIn, PhaseOut, about="It takes a snapshot of the theory, both or neither.")
)
class ClosePhase(TurnPhase):
    body = CloseIn
    turn = staticmethod(close_and_keep)


@extend_schema_view(
    get=lists("List snapshots", SnapshotOut, about="In the order in which they were taken."),
    post=creates("Take a snapshot", SnapshotIn, SnapshotOut, about="The whole theory as it stands. It never changes."),
)
class Snapshots(Acting):
    writes = Verb.MANAGE
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str) -> Response:
        sees = evidence_shown(self.programme)
        told = lambda one: snapshot_json(one, evidence=sees, at=request.build_absolute_uri)  # noqa: E731
        return cut(request, list(snapshots_of(self.programme)), told)

    def act(self, request: Request) -> Response:
        made = take_snapshot(self.programme, by=self.actor, **read(SnapshotIn, request))
        sees = evidence_shown(self.programme)
        kept = find_snapshot(self.programme, made.slug)
        told = snapshot_json(kept, evidence=sees, at=request.build_absolute_uri)
        answer = Response(told, status=201, headers={"ETag": _tag(made, sees)})
        answer["Location"] = request.build_absolute_uri(f"{request.path}{made.slug}/")
        return answer


class OneSnapshot(Door):
    query = frozenset({"as"})

    @extend_schema(
        operation_id="show_a_snapshot",
        summary="Show a snapshot",
        description="What it is. `?as=canonical` gives the bytes that its SHA-256 is of. All lists and exports take"
        " `?snapshot=` with its slug.",
        parameters=[AS_ONE, IF_NONE_MATCH],
        responses={200: SnapshotOut, **problems(400, 403)},
    )
    def get(self, request: Request, slug: str, snapshot: str) -> Any:
        found = find_snapshot(self.programme, snapshot)
        wanted = _as(request, ("json", "canonical"))
        sees = evidence_shown(self.programme)
        tag = _tag(found, sees)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        if wanted == "json":
            told = snapshot_json(found, evidence=sees, at=request.build_absolute_uri)
            return Response(told, headers={"ETag": tag})
        held_in_full(self.programme)
        return HttpResponse(canonical_bytes(found), content_type="application/json", headers={"ETag": tag})


class Compare(Door):
    query = frozenset({"as"})

    @extend_schema(
        operation_id="compare_two_snapshots",
        summary="Compare two snapshots",
        description="What became of each statement and configuration between two snapshots; `working` names the theory"
        " as it stands. The earlier is compared with the later, whichever is named first.",
        parameters=[AS],
        responses={
            (200, "application/json"): ComparisonOut,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "text/html"): OpenApiTypes.STR,
            (200, "image/svg+xml"): OpenApiTypes.STR,
            **problems(400),
        },
    )
    def get(self, request: Request, slug: str, snapshot: str, other: str) -> Any:
        wanted = _as(request, ("json", *FORMATS, "svg"))
        theories = (theory_named(self.programme, slug) for slug in (snapshot, other))
        found = Comparison(*theories, evidence=evidence_shown(self.programme))
        if wanted == "json":
            return Response(found.as_json())
        return comparison_file(self.programme.slug, found, wanted)


def _as(request: Request, known: tuple[str, ...]) -> str:
    wanted = format_asked(request)
    if wanted not in known:
        said = _("There is no format “%(as)s”; known are: %(known)s.")
        raise ValidationError({"as": said % {"as": wanted[:60], "known": ", ".join(known)}})
    return wanted


def _tag(snapshot: Any, sees: bool) -> str:
    """It never changes, but for whether the asker sees counts of evidence."""
    return f'"{snapshot.sha256}-{int(sees)}"'
