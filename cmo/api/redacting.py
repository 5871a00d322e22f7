"""Owns the API of words taken out of the change feed."""

from typing import Any

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.rules.redacting import take_out
from programmes.api.base import Acting
from programmes.api.documenting import creates
from programmes.reading.log import event_json
from programmes.serializers import RedactedEventOut, RedactIn, read
from programmes.vocabulary import Verb


@extend_schema_view(
    post=creates(
        "Take words out of the log", RedactIn, RedactedEventOut, answer=200,
        about="Empties what one row says and keeps that it happened; the chain of digests holds. It cannot be undone."
        " Where the app repeated the words they go too (`taken_with`); rows `elsewhere` give the same reason still.",
    )
)  # fmt: skip
class TakeOutWords(Acting):
    writes = Verb.MANAGE

    def act(self, request: Request, row: int) -> Response:
        taken: Any = take_out(self.programme, by=self.actor, number=row, **read(RedactIn, request))
        return Response({**event_json(taken), "taken_with": taken.taken_with, "elsewhere": taken.elsewhere})
