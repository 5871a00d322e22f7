"""Owns the API of one's own notices."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from programmes.api.base import PAGING, Acting, Door, paged
from programmes.api.documenting import creates, lists
from programmes.reading.notices import notice_json, notices_of
from programmes.reading.paging import asked, take
from programmes.rules.noticing import read_notices
from programmes.serializers import NoticeOut, ReadIn, ReadOut, read

UNREAD = OpenApiParameter("unread", str, description="`true`: only what waits to be read.")


@extend_schema_view(get=lists("List my notices", NoticeOut, query=[UNREAD], about="Newest first, of all programmes."))
class Notices(Door):
    query = frozenset({"unread", *PAGING})

    def get(self, request: Request) -> Response:
        page, size = asked(request.query_params, size=50)
        raw = request.query_params.get("unread", "false")
        if raw not in {"true", "false"}:
            raise ValidationError({"unread": _("Write true or false.")})
        mine = notices_of(self.actor, unread=raw == "true")

        def made(rows: list[Any]) -> list[dict[str, Any]]:
            return [notice_json(row) for row in rows]

        return paged(request, take(mine, count=mine.count(), page=page, size=size, make=made))


@extend_schema_view(
    post=creates("Mark notices as read", ReadIn, ReadOut, answer=200, about="Without `notices`: all that wait.")
)
class Read(Acting):
    def act(self, request: Request) -> Response:
        return Response({"read": read_notices(by=self.actor, which=read(ReadIn, request).get("notices"))})
