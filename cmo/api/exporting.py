"""Owns the exports over the API, of statements and of excerpts: `export/?as=json|csv` with the filters of the list."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cmo.api.excerpts import QUERY as OF_EXCERPTS
from cmo.api.statements import QUERY
from cmo.evidence_files import excerpts_file
from cmo.exports import FORMATS
from cmo.exports.assembling import assemble, assemble_then
from cmo.exports.excerpts import FORMATS as EXCERPT_FORMATS
from cmo.filters import StatementFilter
from cmo.reading.snapshots import snapshot_asked
from programmes.api.base import Door
from programmes.api.documenting import problems
from programmes.reading.codebook import Codes


class Export(Door):
    query = frozenset({"as", *(parameter.name for parameter in QUERY)})

    @extend_schema(
        operation_id="export_the_theory",
        summary="Export the theory",
        description="Statements with the codebook around them (json), or a table for spreadsheets (csv). Streamed.",
        parameters=[OpenApiParameter("as", str, description=", ".join(FORMATS)), *QUERY],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/csv"): OpenApiTypes.STR,
            **problems(400),
        },
    )
    def get(self, request: Request, slug: str) -> Any:
        query = request.query_params.copy()
        return exported(self.programme, query, known_format(query.pop("as", ["json"])[-1], FORMATS))


def exported(programme: Any, query: Any, wanted: str) -> StreamingHttpResponse:
    """The file as a streamed answer; raises ValidationError before its first byte."""
    exporter = FORMATS[wanted]
    theory = snapshot_asked(programme, query)
    if theory is None:
        dossier = assemble(programme, StatementFilter(query, programme=programme))
    else:
        codes = Codes(programme, theory.themes)
        dossier = assemble_then(theory, StatementFilter(query, programme=programme, codes=codes))
    answer = StreamingHttpResponse(exporter.write(dossier), content_type=exporter.content_type)
    called = f"{programme.slug}-{theory.slug}" if theory else f"{programme.slug}-statements"
    answer["Content-Disposition"] = f'attachment; filename="{called}.{exporter.suffix}"'
    return answer


class ExcerptsFile(Door):
    evidence = True
    query = frozenset({"as", *(parameter.name for parameter in OF_EXCERPTS)})

    @extend_schema(
        operation_id="export_excerpts",
        summary="Export excerpts",
        description="With themes and bearings: each as the list shows it with its bearings whole (json), or a table for"
        " spreadsheets (csv). The filters are those of the list. Streamed.",
        parameters=[OpenApiParameter("as", str, description=", ".join(EXCERPT_FORMATS)), *OF_EXCERPTS],
        responses={
            (200, "application/json"): {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
            (200, "text/csv"): OpenApiTypes.STR,
            **problems(400),
        },
    )
    def get(self, request: Request, slug: str) -> Any:
        query = request.query_params.copy()
        return excerpts_file(self.programme, query, known_format(query.pop("as", ["json"])[-1], EXCERPT_FORMATS))


def known_format(wanted: str, formats: Any) -> str:
    """The name of a format. Raises ValidationError (as)."""
    if wanted not in formats:
        known = ", ".join(formats)
        raise ValidationError({"as": _("There is no format “%(as)s”; known are: %(known)s.") % {
            "as": wanted[:60], "known": known}})
    return wanted
