"""Owns the API of words taken out of the change feed."""

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.rules.redacting import take_out
from programmes.api.base import Acting
from programmes.api.documenting import creates
from programmes.reading.log import event_json
from programmes.serializers import EventOut, TakeOutIn, read
from programmes.vocabulary import Verb


@extend_schema_view(
    post=creates(
        "Take words out of the log", TakeOutIn, EventOut, answer=200,
        about="Empties what one row says and keeps that it happened; the chain of digests holds. It cannot be undone.",
    )
)  # fmt: skip
class TakeOutWords(Acting):
    writes = Verb.MANAGE

    def act(self, request: Request, row: int) -> Response:
        return Response(event_json(take_out(self.programme, by=self.actor, number=row, **read(TakeOutIn, request))))
