"""Owns the API of prioritisation rounds: the list, one, answering, closing, and what becomes a priority by it."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.discussion import flag_in
from cmo.api.shared import Records
from cmo.discussion_serializers import Nothing
from cmo.meeting_serializers import AnswerIn, PrioritiesIn, PriorityRoundIn, PriorityRoundLineOut, PriorityRoundOut
from cmo.reading.elements import number_in
from cmo.reading.prioritising import find_round, round_json, round_line_json, rounds_found, sheet_of
from cmo.rules.prioritising import Given, answer_round, close_round, given_once, mark_priorities, open_round
from programmes.api.base import PAGING, etag, paged, unchanged
from programmes.api.documenting import acts, creates, lists, shows
from programmes.reading.paging import asked, take
from programmes.serializers import read
from programmes.vocabulary import Verb

QUERY = [OpenApiParameter("open", str, enum=["true", "false"], description="Open ones, or closed ones.")]
BLIND = (
    "Until it closes you see your own answers alone, and how many people answered; from then on every member sees who"
    " answered what."
)


class _Rounds(Records):
    record_kind = "PriorityRound"
    writes = Verb.MANAGE

    def find(self, number: int) -> Any:
        return find_round(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return round_json(sheet_of(found, self.actor.person))

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        return self.numbered(record.number)

    def numbered(self, number: int) -> tuple[dict[str, Any], str]:
        """The round, and its tag: the revision, then all that shows, as answers have no revision of their own."""
        found = self.find(number)
        body = self.json(found)
        shown = json.dumps(body, cls=DjangoJSONEncoder, sort_keys=True)
        return body, etag(self.programme, found.revision_number, hashlib.sha256(shown.encode()).hexdigest()[:16])


@extend_schema_view(
    get=lists("List prioritisation rounds", PriorityRoundLineOut, query=QUERY, about="The latest first."),
    post=creates(
        "Open a prioritisation round", PriorityRoundIn, PriorityRoundOut, about="Those who may comment are told of it."
    ),
)  # fmt: skip
class Rounds(_Rounds):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        wanted = flag_in(request.query_params["open"], "open") if "open" in request.query_params else None
        found = rounds_found(self.programme, self.actor.person, open=wanted)
        make = lambda rows: [round_line_json(row) for row in rows]  # noqa: E731
        return paged(request, take(found, count=found.count(), page=page, size=size, make=make))

    def act(self, request: Request) -> Response:
        given = read(PriorityRoundIn, request)
        given["statements"] = [
            (number_in("S", one["statement"], field="statements"), one["revision"]) for one in given["statements"]
        ]
        return self.created(request, open_round(self.programme, by=self.actor, **given))


@extend_schema_view(get=shows("Show a prioritisation round", PriorityRoundOut, about=BLIND))
class OneRound(_Rounds):
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        body, tag = self.numbered(number)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(body, headers={"ETag": tag})


@extend_schema_view(
    post=creates(
        "Answer a prioritisation round", AnswerIn, PriorityRoundOut, answer=200,
        about=f"All of your answers; they take the place of those you gave before. {BLIND}",
    )
)  # fmt: skip
class AnswerRound(_Rounds):
    writes = Verb.COMMENT

    def act(self, request: Request, number: int) -> Response:
        given = read(AnswerIn, request)["answers"]
        pairs = [
            (number_in("S", one["statement"], field="answers"), Given(one["value"], one.get("note", "")))
            for one in given
        ]
        return self.shown(answer_round(self.find(number), by=self.actor, answers=given_once(pairs)))


@extend_schema_view(
    post=acts(
        "Close a prioritisation round", Nothing, PriorityRoundOut, about="Nobody answers any more; all see all answers."
    )
)  # fmt: skip
class CloseRound(_Rounds):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(close_round(found, by=self.actor, base=base))


@extend_schema_view(
    post=acts(
        "Mark priorities by a round", PrioritiesIn, PriorityRoundOut, about="Of the round's statements exactly these."
    )
)  # fmt: skip
class MarkPriorities(_Rounds):
    def act(self, request: Request, number: int) -> Response:
        given = read(PrioritiesIn, request)
        found, base = self.seen(request, number)
        numbers = [number_in("S", label, field="statements") for label in given["statements"]]
        return self.shown(mark_priorities(found, by=self.actor, base=base, statements=numbers))
