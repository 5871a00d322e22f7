"""Owns the API of comments: the list, one, its revisions, edits, and the end of threads."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import Records, cut
from cmo.discussion_serializers import CommentIn, CommentOut, CommentPatch, CommentRevisionOut, Nothing, ResolveIn
from cmo.reading.discussion import (
    comment_history,
    comment_json,
    comment_revision_json,
    comment_rows,
    comments_found,
    find_comment,
    record_named,
)
from cmo.rules.discussing import edit_comment, record_of, reopen, resolve, say
from programmes.api.base import PAGING, etag, paged
from programmes.api.documenting import changes, creates, lists, shows
from programmes.reading.paging import asked, take
from programmes.serializers import read
from programmes.vocabulary import Verb

QUERY = [
    OpenApiParameter("on", str, description="S3, CMO3 or P4."),
    OpenApiParameter("open", str, enum=["true", "false"], description="In threads that are open, or resolved."),
    OpenApiParameter("author", str, description="The name that somebody signs in with."),
    OpenApiParameter("since", str, description="A time in ISO 8601: said or edited since then."),
    OpenApiParameter("thread", str, description="The number of the comment that opened a thread: all of it."),
]
EXAMPLE = OpenApiExample(
    "About the mechanism of S3",
    request_only=True,
    value={"on": "S3", "part": "because", "text": "@nia does CMO3 not say this better? See S3 v2."},
)


class _Comments(Records):
    record_kind = "Comment"
    writes = Verb.COMMENT

    def find(self, number: int) -> Any:
        return find_comment(self.programme, self.actor.person, number)

    def json(self, found: Any) -> dict[str, Any]:
        return comment_json(found)

    def tag(self, found: Any) -> str:
        """Its own revision, where the thread stands, and where the record stands whose words it may quote."""
        opening, on = found.opening or found, record_of(found)
        ended = opening.resolved.timestamp() if opening.resolved else 0
        return etag(self.programme, found.revision_number, ended, getattr(on, "round", None) or on.revision_number)


@extend_schema_view(
    get=lists("List comments", CommentOut, query=QUERY, about="All that you may see, by number."),
    post=creates(
        "Comment", CommentIn, CommentOut, examples=[EXAMPLE],
        about="Opens a thread on a record, or answers in one; an answer opens a resolved thread again.",
    ),
)  # fmt: skip
class Comments(_Comments):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        found = comments_found(self.programme, self.actor.person, **self._asked(request.query_params))
        make = lambda rows: [comment_json(row) for row in rows]  # noqa: E731
        return paged(request, take(comment_rows(found), count=found.count(), page=page, size=size, make=make))

    def _asked(self, query: Any) -> dict[str, Any]:
        given: dict[str, Any] = {"author": query.get("author", "")[:150]}
        if "\0" in given["author"]:
            raise ValidationError({"author": _("Write the name that somebody signs in with.")})
        if query.get("on"):
            given["on"] = record_named(self.programme, self.actor.person, query["on"])
        if "open" in query:
            given["open"] = flag_in(query["open"], "open")
        if "since" in query:
            given["since"] = _time_in(query["since"])
        if "thread" in query:
            given["thread"] = _number_in(query["thread"])
        return given

    def act(self, request: Request) -> Response:
        given = read(CommentIn, request)
        answered = given.pop("reply_to", None)
        reply_to = self._answered(answered) if answered else None
        if "on" in given:
            on = record_named(self.programme, self.actor.person, given.pop("on"))
        elif reply_to is not None:
            on = record_of(reply_to)
        else:
            raise ValidationError({"on": _("Say what it is on: S3, CMO3 or P4.")})
        return self.created(request, say(on, by=self.actor, reply_to=reply_to, **given))

    def _answered(self, number: int) -> Any:
        found = comments_found(self.programme, self.actor.person).filter(number=number).first()
        if found is None:
            raise ValidationError({"reply_to": _("There is no comment %(n)s in this programme.") % {"n": number}})
        return self.find(number)


@extend_schema_view(
    get=shows("Show a comment", CommentOut),
    patch=changes(
        "Edit a comment", CommentPatch, CommentOut, about="One's own alone. What it said before stays in its revisions."
    ),
)
class OneComment(_Comments):
    http_method_names = ["get", "patch", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(CommentPatch, request)
        found, base = self.seen(request, number)
        return self.shown(edit_comment(found, by=self.actor, base=base, **given))


@extend_schema_view(
    post=creates(
        "Resolve a thread", ResolveIn, CommentOut, answer=200,
        about="Settles the thread that the comment stands in. With `seen`, a later answer keeps it open.",
    )
)  # fmt: skip
class Resolve(_Comments):
    def act(self, request: Request, number: int) -> Response:
        given = read(ResolveIn, request)
        return self.shown(resolve(self.find(number), by=self.actor, **given))


@extend_schema_view(post=creates("Reopen a thread", Nothing, CommentOut, answer=200))
class Reopen(_Comments):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        return self.shown(reopen(self.find(number), by=self.actor))


@extend_schema_view(get=lists("List the revisions of a comment", CommentRevisionOut, about="Newest first."))
class CommentRevisions(_Comments):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, comment_history(self.find(number)), comment_revision_json)


def flag_in(raw: str, field: str) -> bool:
    if raw not in ("true", "false"):
        raise ValidationError({field: _("Write true or false.")})
    return raw == "true"


def _number_in(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 9):
        raise ValidationError({"thread": _("Write the number of a comment.")})
    return int(raw)


def _time_in(raw: str) -> datetime:
    try:
        time = parse_datetime(raw.replace(" ", "+"))
        if time is not None:
            return (make_aware(time) if is_naive(time) else time).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValidationError({"since": _("Write a time such as 2026-11-23T09:00:00Z.")})
