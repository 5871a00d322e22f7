"""Owns the API of many statements at once: paste, with a dry run, and tagging. All of it, or nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.reading.pasting import Read, read_lines, taken
from cmo.reading.statements import rows_with_numbers
from cmo.rules.bulk import state_all, tag_all
from cmo.serializers import PasteIn, PasteOut, TaggedOut, TagIn
from programmes.api.base import Acting
from programmes.api.documenting import IDEMPOTENCY_KEY, problems
from programmes.reading.codebook import Codes
from programmes.reading.team import evidence_shown
from programmes.serializers import read
from programmes.vocabulary import Verb

ANSWERS = problems(400, 403, 410, 413, 415, 422)
DRY_RUN = OpenApiParameter(
    "dry_run", OpenApiTypes.INT, description="1: answer how the lines are read, and change nothing."
)


def _line_json(read_line: Read) -> dict[str, Any]:
    if_, then, because = read_line.parts
    return {
        "line": read_line.line.at,
        "wording": read_line.line.wording,
        "if": if_,
        "then": then,
        "because": because,
        "themes": [theme.label for theme in read_line.themes],
        "unknown": read_line.line.unknown,
        "area": read_line.line.area,
        "unknown_area": read_line.line.unknown_area or None,
        "left_out": read_line.line.left_out,
        "loose": read_line.line.loose,
        "same_as": f"S{read_line.twin}" if read_line.twin else None,
        "taken": read_line.take,
    }


@extend_schema_view(
    post=extend_schema(
        operation_id="paste_statements",
        summary="Paste many statements",
        description="One a line, or a table. Lines worded as one in use, and those that stand between the rows of "
        "a table in none of its columns, are left out unless `lines` names them. What is no statement stands under "
        "`others`.",
        request=PasteIn,
        parameters=[DRY_RUN, IDEMPOTENCY_KEY],
        responses={200: OpenApiResponse(PasteOut, description="A dry run."), 201: PasteOut, **ANSWERS},
    )
)
class Paste(Acting):
    writes = Verb.WRITE

    query_of_posts = frozenset({"dry_run"})

    def act(self, request: Request) -> Response:
        given = read(PasteIn, request)
        dry = request.query_params.get("dry_run", "0")
        if dry not in {"0", "1"}:
            raise ValidationError({"dry_run": _("Write 1 for a dry run, or leave it out.")})
        found = read_lines(self.programme, given["text"])
        lines = found.lines
        if "lines" in given:
            for line in lines:
                line.take = line.line.at in given["lines"]
        shown = {
            "lines": [_line_json(line) for line in lines],
            "others": [{"line": row.at, "cells": row.cells, "read_as": row.read_as} for row in found.others],
        }
        if dry == "1":
            return Response({**shown, "statements": []})
        ready = taken(self.programme, [line for line in lines if line.take], area=given.get("area") or "")
        if not ready:
            raise ValidationError({"text": _("No line is to be taken in.")})
        made = state_all(self.programme, by=self.actor, lines=ready, reason=given.get("reason", ""))
        return Response({**shown, "statements": [statement.label for statement in made]}, status=201)


@extend_schema_view(
    post=extend_schema(
        operation_id="tag_statements",
        summary="Tag many statements",
        description="Adds and removes themes; each statement with the revision you saw. One that moved on stops all.",
        request=TagIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: TaggedOut, **ANSWERS},
    )
)
class Tag(Acting):
    writes = Verb.WRITE

    def act(self, request: Request) -> Response:
        given = read(TagIn, request)
        codes = Codes(self.programme)
        changed = tag_all(
            self.programme,
            by=self.actor,
            picked=[(pick["number"], pick["revision"]) for pick in given["statements"]],
            add=codes.find(given.get("add", []), field_name="add"),
            remove=codes.find(given.get("remove", []), field_name="remove"),
            reason=given.get("reason", ""),
        )
        rows = rows_with_numbers(self.programme, [statement.number for statement in changed], spelled=True)
        sees = evidence_shown(self.programme)
        return Response({"statements": [row.as_json(evidence=sees) for row in rows]})
