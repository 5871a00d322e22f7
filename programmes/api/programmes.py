"""Owns the API of programmes, phases, members and the change feed."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from programmes.access import abilities
from programmes.api.base import PAGING, Acting, Door, etag, paged, revision_seen, unchanged, whole
from programmes.api.documenting import acts, changes, creates, lists, problems, shows
from programmes.gate import clean
from programmes.reading.log import GROUPS, count_events, event_json, find_events
from programmes.reading.paging import asked, take
from programmes.reading.team import (
    evidence_shown,
    find_phase,
    find_programme,
    phase_now,
    phases_of,
    programmes_of,
    role_shown,
)
from programmes.rules.founding import describe, found
from programmes.rules.phasing import open_phase, plan_phase
from programmes.serializers import (
    EventOut,
    IndexOut,
    PhaseIn,
    PhaseOut,
    ProgrammeIn,
    ProgrammeOut,
    ProgrammePatch,
    ReasonIn,
    read,
)
from programmes.vocabulary import Verb


def _programme_json(programme: Any, open_slug: str | None) -> dict[str, Any]:
    role = role_shown(programme)
    return {
        "slug": programme.slug,
        "title": programme.title,
        "summary": programme.summary,
        "intervention": programme.intervention,
        "agreement": programme.agreement,
        "approvals": programme.approvals,
        "blind": programme.blind,
        "transcripts": programme.transcripts,
        "small_group": programme.small_group,
        "role": role,
        "evidence": evidence_shown(programme),
        "may": abilities(role, evidence=evidence_shown(programme)),
        "phase": open_slug,
        "statements": programme.last_statement,
        "revision": programme.revision_number,
        "created": programme.created,
        "updated": programme.updated,
    }


def _phase_json(phase: Any) -> dict[str, Any]:
    shown = {name: getattr(phase, name) for name in ("slug", "kind", "title", "about", "state", "opened", "closed")}
    return {**shown, "revision": phase.revision_number}


def _open_slug(programme: Any) -> str | None:
    now = phase_now(phases_of(programme))
    return now[1].slug if now else None


@extend_schema_view(
    get=extend_schema(
        operation_id="find_the_way",
        summary="Find the way",
        description="Where to begin: the addresses of the programmes, of the schema and of its page.",
        responses={200: IndexOut, **problems(400)},
    )
)
class Index(Door):
    def get(self, request: Request) -> Response:
        begin = {"programmes": "api:programmes", "search": "api:search-all", "schema": "api:schema", "docs": "api-docs"}
        return Response({name: request.build_absolute_uri(reverse(route)) for name, route in begin.items()})


@extend_schema_view(
    get=lists("List my programmes", ProgrammeOut),
    post=creates("Start a programme", ProgrammeIn, ProgrammeOut, about="You become its first lead."),
)
class Programmes(Acting):
    query = frozenset(PAGING)

    def get(self, request: Request) -> Response:
        page, size = asked(request.query_params, size=50)
        mine = programmes_of(self.actor).prefetch_related("phases").order_by("title", "pk")

        def made(rows: list[Any]) -> list[dict[str, Any]]:
            return [_programme_json(row, _slug_of(phase_now(list(row.phases.all())))) for row in rows]

        return paged(request, take(mine, count=mine.count(), page=page, size=size, make=made))

    def act(self, request: Request) -> Response:
        programme = found(by=self.actor, **read(ProgrammeIn, request))
        shown = self.programme = find_programme(self.actor, programme.slug)
        answer = Response(_programme_json(shown, None), status=201)
        answer["Location"] = request.build_absolute_uri(f"{request.path}{programme.slug}/")
        answer["ETag"] = etag(self.programme, shown.revision_number)
        return answer


def _slug_of(now: tuple[int, Any] | None) -> str | None:
    return now[1].slug if now else None


@extend_schema_view(
    get=shows("Show a programme", ProgrammeOut),
    patch=changes("Change what is said about a programme", ProgrammePatch, ProgrammeOut),
)
class OneProgramme(Door):
    writes = Verb.MANAGE

    def get(self, request: Request, slug: str) -> Response:
        shown = _programme_json(self.programme, _open_slug(self.programme))
        seen = shown["role"] if shown["evidence"] else f"{shown['role']}-without-evidence"
        now = self.programme
        tag = etag(now, now.revision_number, now.last_statement, seen, shown["phase"] or "")
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(shown, headers={"ETag": tag})

    def patch(self, request: Request, slug: str) -> Response:
        given = read(ProgrammePatch, request, partial=True)
        base = revision_seen(request, self.programme)
        shown, tag = self.as_now(describe(self.programme, by=self.actor, base=base, **given))
        return Response(shown, headers={"ETag": tag})

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        return _programme_json(record, _open_slug(record)), etag(self.programme, record.revision_number)


@extend_schema_view(
    get=lists("List the phases", PhaseOut),
    post=creates("Plan a phase", PhaseIn, PhaseOut),
)
class Phases(Acting):
    writes = Verb.MANAGE
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str) -> Response:
        return whole(request, (_phase_json(phase) for phase in phases_of(self.programme)))

    def act(self, request: Request) -> Response:
        phase = plan_phase(self.programme, by=self.actor, **read(PhaseIn, request))
        return Response(_phase_json(phase), status=201, headers={"ETag": etag(self.programme, phase.revision_number)})


@extend_schema_view(get=shows("Show a phase", PhaseOut))
class OnePhase(Door):
    def get(self, request: Request, slug: str, phase: str) -> Response:
        found_phase = find_phase(self.programme, phase)
        tag = etag(self.programme, found_phase.revision_number)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(_phase_json(found_phase), headers={"ETag": tag})


class TurnPhase(Acting):
    """Opens or closes a phase whose revision was seen; `body` is what may be said with it."""

    writes = Verb.MANAGE
    body: Any = ReasonIn
    turn: Any

    def act(self, request: Request, phase: str) -> Response:
        given = read(type(self).body, request)
        found_phase = find_phase(self.programme, phase)
        base = revision_seen(request, found_phase)
        shown, tag = self.as_now(type(self).turn(found_phase, by=self.actor, base=base, **given))
        return Response(shown, headers={"ETag": tag})

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        return _phase_json(record), etag(self.programme, record.revision_number)


@extend_schema_view(
    post=acts("Open a phase", ReasonIn, PhaseOut, about="At most one is open; a closed one needs a reason.")
)
class OpenPhase(TurnPhase):
    turn = staticmethod(open_phase)


SINCE = OpenApiParameter("since", str, description="A number of the feed (what came after it) or a time in ISO 8601.")
FEED = [
    SINCE,
    OpenApiParameter("until", str, description="A time in ISO 8601."),
    OpenApiParameter("who", str, description="The name somebody signs in with."),
    OpenApiParameter("what", str, enum=[*GROUPS], description="A kind of change."),
    OpenApiParameter("record", str, description="One record by its name in the feed, such as S3."),
]


@extend_schema_view(get=lists("Read the change feed", EventOut, query=FEED, about="Every change, oldest first."))
class Changes(Door):
    query = frozenset({"since", "until", "who", "what", "record", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=100)
        since = _since(request.query_params.get("since", ""))
        more = _filters(request.query_params)
        events = find_events(self.programme, oldest_first=True, **since, **more)
        made = lambda rows: [event_json(row) for row in rows]  # noqa: E731
        count = events.count() if more else count_events(self.programme, **since)
        return paged(request, take(events, count=count, page=page, size=size, make=made))


def _filters(query: Any) -> dict[str, Any]:
    """What is asked for beside `since`; a kind that is not known is refused."""
    given = {name: clean(query[name], field=name, limit=230, one_line=True)
             for name in ("who", "what", "record") if query.get(name)}  # fmt: skip
    if given.get("what", "theory") not in GROUPS:
        raise ValidationError({"what": _("Choose one of %(kinds)s.") % {"kinds": ", ".join(GROUPS)}})
    return given | ({"until": _time("until", query["until"])} if query.get("until") else {})


def _since(raw: str) -> dict[str, Any]:
    if not raw:
        return {}
    if raw.isascii() and raw.isdecimal() and len(raw) <= 15:
        return {"after": int(raw)}
    return {"since": _time("since", raw)}


def _time(name: str, raw: str) -> datetime:
    try:
        time = parse_datetime(raw.replace(" ", "+"))
    except ValueError:
        time = None
    if time is None:
        said = _("Write a number of the feed, or a time such as 2026-11-23T09:00:00Z.")
        other = _("Write a time such as 2026-11-23T09:00:00Z.")
        raise ValidationError({name: said if name == "since" else other})
    try:
        return (make_aware(time) if is_naive(time) else time).astimezone(UTC)
    except OverflowError as error:
        raise ValidationError({name: _("This time is out of range.")}) from error
