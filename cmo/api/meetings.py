"""Owns the API of meetings: the list, one, its revisions and its digest, changes, mail, retire and restore."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import RETIRED, Records, cut, format_asked, retired_asked
from cmo.discussion_serializers import Nothing
from cmo.meeting_serializers import (
    DigestOut,
    MailedOut,
    MailIn,
    MeetingIn,
    MeetingOut,
    MeetingPatch,
    MeetingRevisionOut,
)
from cmo.reading.digest_texts import as_mail, as_markdown
from cmo.reading.digests import digest_of, digest_since_last
from cmo.reading.elements import number_in
from cmo.reading.meetings import find_meeting, meeting_history, meeting_json, meeting_revision_json, meetings_found
from cmo.rules.mailing_digests import mail_digest
from cmo.rules.meeting import change_meeting, conclude_meeting, held_in, record_meeting, turn_meeting
from programmes.api.base import PAGING, Door, paged
from programmes.api.documenting import acts, changes, creates, lists, problems, retires, shows
from programmes.gate import clean
from programmes.reading.paging import asked, take
from programmes.serializers import read
from programmes.vocabulary import Limit, Verb

QUERY = [OpenApiParameter("search", str, description="Words that stand in title or notes."), RETIRED]
AS = OpenApiParameter("as", str, enum=["json", "md"], description="json when left out.")


class _Meetings(Records):
    record_kind = "Meeting"
    writes = Verb.WRITE

    def find(self, number: int) -> Any:
        return find_meeting(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return meeting_json(found)

    def taken(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: labels as numbers, the day as a date."""
        if "decided" in given:
            given["decided"] = [number_in("P", label, field="decided") for label in given["decided"]]
        if "held" in given:
            given["held"] = held_in(given["held"])
        return given


@extend_schema_view(
    get=lists("List meetings", MeetingOut, query=QUERY, about="The latest day first."),
    post=creates(
        "Record a meeting", MeetingIn, MeetingOut,
        about="Its digest ends here; that of one on a day to come runs until it is concluded.",
    ),
)  # fmt: skip
class Meetings(_Meetings):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        words = clean(request.query_params.get("search", ""), field="search", limit=Limit.TITLE)
        found = meetings_found(self.programme, retired=retired_asked(request), words=words)
        make = lambda rows: [meeting_json(row) for row in rows]  # noqa: E731
        return paged(request, take(found, count=found.count(), page=page, size=size, make=make))

    def act(self, request: Request) -> Response:
        given = self.taken(read(MeetingIn, request))
        return self.created(request, record_meeting(self.programme, by=self.actor, **given))


@extend_schema_view(
    get=shows("Show a meeting", MeetingOut),
    patch=changes("Change a meeting", MeetingPatch, MeetingOut, about="What is not sent stays as it is."),
    delete=retires("Retire a meeting", MeetingOut),
)
class OneMeeting(_Meetings):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(MeetingPatch, request, partial=True)
        found, base = self.seen(request, number)
        return self.shown(change_meeting(found, by=self.actor, base=base, **self.taken(given)))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        if request.data:
            read(Nothing, request)
        return self.shown(turn_meeting(found, by=self.actor, base=base, retired=True))


@extend_schema_view(post=acts("Bring a meeting back", Nothing, MeetingOut))
class RestoreMeeting(_Meetings):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(turn_meeting(found, by=self.actor, base=base, retired=False))


@extend_schema_view(
    post=acts("Conclude a planned meeting", Nothing, MeetingOut, about="It took place: its digest ends here.")
)
class ConcludeMeeting(_Meetings):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(conclude_meeting(found, by=self.actor, base=base))


@extend_schema_view(
    post=creates(
        "Mail the digest of a meeting", MailIn, MailedOut, answer=200,
        about="Labels, kinds of change and links, and nothing that anybody wrote. Each member gets it once.",
    )
)  # fmt: skip
class MailDigest(_Meetings):
    def act(self, request: Request, number: int) -> Response:
        given = read(MailIn, request)
        found = self.find(number)
        subject, text = as_mail(digest_of(found), found)
        return Response({"mailed": mail_digest(found, by=self.actor, subject=subject, text=text, **given)})


@extend_schema_view(get=lists("List the revisions of a meeting", MeetingRevisionOut, about="Newest first."))
class MeetingRevisions(_Meetings):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, meeting_history(self.find(number)), meeting_revision_json)


def _digested(summary: str, about: str) -> Any:
    answers = {(200, "application/json"): DigestOut, (200, "text/markdown"): OpenApiResponse(OpenApiTypes.STR)}
    return extend_schema(
        operation_id=summary.lower().replace(" ", "_"), summary=summary, description=about, parameters=[AS],
        responses={**answers, **problems(400)},
    )  # fmt: skip


class _Digests(Door):
    query = frozenset({"as"})

    def digested(self, request: Request, digest: Any, meeting: Any) -> HttpResponseBase:
        wanted = format_asked(request)
        if wanted not in {"json", "md"}:
            raise ValidationError({"as": _("Choose one of %(known)s.") % {"known": "json, md"}})
        if wanted == "json":
            return Response(digest.as_json())
        home = request.build_absolute_uri("/").rstrip("/")
        return HttpResponse(as_markdown(digest, meeting, home=home), content_type="text/markdown; charset=utf-8")


@extend_schema_view(
    get=_digested(
        "Read the digest of a meeting",
        "What changed since the meeting before, with the words that differ, decisions and open threads.",
    )
)
class MeetingDigest(_Digests):
    def get(self, request: Request, slug: str, number: int) -> HttpResponseBase:
        meeting = find_meeting(self.programme, number)
        return self.digested(request, digest_of(meeting), meeting)


@extend_schema_view(get=_digested("Read what changed since the last meeting", "Up to now."))
class NextDigest(_Digests):
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        return self.digested(request, digest_since_last(self.programme), None)
