"""Owns the API of memos: the list, one, its revisions, changes, sharing, retire and restore."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.discussion import flag_in
from cmo.api.shared import RETIRED, Records, cut, retired_asked
from cmo.discussion_serializers import MemoIn, MemoOut, MemoPatch, MemoRevisionOut, Nothing, ShareIn
from cmo.reading.discussion import record_named
from cmo.reading.memos import find_memo, memo_history, memo_json, memo_revision_json, memos_found
from cmo.rules.noting import change_memo, day_in, share_memo, turn_memo, write_memo
from programmes.api.base import PAGING, paged
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.gate import clean
from programmes.reading.paging import asked, take
from programmes.serializers import read
from programmes.vocabulary import Limit, Verb

QUERY = [
    OpenApiParameter("on", str, description="S3, CMO3 or P4: memos on it."),
    OpenApiParameter("shared", str, enum=["true", "false"], description="Shared ones, or your private ones."),
    OpenApiParameter("author", str, description="The name that somebody signs in with."),
    OpenApiParameter("search", str, description="Words that stand in title or text."),
    RETIRED,
]


class _Memos(Records):
    record_kind = "Memo"
    writes = Verb.COMMENT

    def find(self, number: int) -> Any:
        return find_memo(self.programme, self.actor.person, number)

    def json(self, found: Any) -> dict[str, Any]:
        return memo_json(found)

    def taken(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: labels as records, the day as a date."""
        if "on" in given:
            given["on"] = [record_named(self.programme, self.actor.person, label) for label in given["on"]]
        if "dated" in given:
            given["dated"] = day_in(given["dated"])
        return given


@extend_schema_view(
    get=lists("List memos", MemoOut, query=QUERY, about="Shared ones and your own, the latest day first."),
    post=creates("Write a memo", MemoIn, MemoOut, about="Only you read it until it is shared."),
)
class Memos(_Memos):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        query = request.query_params
        found = memos_found(
            self.programme, self.actor.person, retired=retired_asked(request),
            shared=flag_in(query["shared"], "shared") if "shared" in query else None,
            author=clean(query.get("author", ""), field="author", limit=Limit.NAME),
            words=clean(query.get("search", ""), field="search", limit=Limit.REASON),
            on=record_named(self.programme, self.actor.person, query["on"]) if query.get("on") else None,
        )  # fmt: skip
        make = lambda rows: [memo_json(row) for row in rows]  # noqa: E731
        return paged(request, take(found, count=found.count(), page=page, size=size, make=make))

    def act(self, request: Request) -> Response:
        given = self.taken(read(MemoIn, request))
        given["shared"] = bool(given.get("shared"))
        return self.created(request, write_memo(self.programme, by=self.actor, **given))


@extend_schema_view(
    get=shows("Show a memo", MemoOut, about="A private one of somebody else is not there."),
    patch=changes("Change a memo", MemoPatch, MemoOut, about="One's own alone. What is not sent stays as it is."),
    delete=retires("Retire a memo", MemoOut),
)
class OneMemo(_Memos):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(MemoPatch, request, partial=True)
        found, base = self.seen(request, number)
        return self.shown(change_memo(found, by=self.actor, base=base, **self.taken(given)))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        if request.data:
            read(Nothing, request)
        return self.shown(turn_memo(found, by=self.actor, base=base, retired=True))


@extend_schema_view(post=acts("Bring a memo back", Nothing, MemoOut))
class RestoreMemo(_Memos):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(turn_memo(found, by=self.actor, base=base, retired=False))


@extend_schema_view(
    post=acts(
        "Share a memo", ShareIn, MemoOut,
        about="Lets every member read it from now on, or you alone again. What it said while private stays yours.",
    )
)  # fmt: skip
class ShareMemo(_Memos):
    def act(self, request: Request, number: int) -> Response:
        given = read(ShareIn, request)
        if given["shared"] is None:
            raise ValidationError({"shared": _("Write true or false.")})
        found, base = self.seen(request, number)
        return self.shown(share_memo(found, by=self.actor, base=base, **given))


@extend_schema_view(get=lists("List the revisions of a memo", MemoRevisionOut, about="Newest first."))
class MemoRevisions(_Memos):
    http_method_names = ["get", "head", "options"]
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        return cut(request, memo_history(self.find(number), self.actor.person), memo_revision_json)
