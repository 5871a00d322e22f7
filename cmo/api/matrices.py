"""Owns the matrices over the API: themes and elements by configuration, and what is worth a look."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.then import SNAPSHOT, theory_then
from cmo.reading.matrices import COLUMNS, matrices_of
from cmo.reading.matrices_then import matrices_then
from cmo.vocabulary import Kind
from programmes.api.base import Door, turned
from programmes.api.documenting import lists
from programmes.reading.paging import asked

PAGE = OpenApiParameter("page", OpenApiTypes.INT, description=f"Of {COLUMNS} configurations side by side; from 1.")


class MatrixColumnOut(serializers.Serializer[Any]):
    configuration = serializers.CharField(help_text="CMO3")
    nickname = serializers.CharField(allow_blank=True)


class MatrixRowOut(serializers.Serializer[Any]):
    cells = serializers.ListField(child=serializers.IntegerField(), help_text="One for each of `configurations`.")
    total = serializers.IntegerField()


class MatrixThemeRowOut(MatrixRowOut):
    theme = serializers.CharField(help_text="Its code, or its id where it has none.")
    name = serializers.CharField(allow_blank=True)


class MatrixElementRowOut(MatrixRowOut):
    element = serializers.CharField(help_text="E12")
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField()


class MatrixLookOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    records = serializers.ListField(child=serializers.CharField(), help_text="The first 30, by number.")


class MatrixWorthALookOut(serializers.Serializer[Any]):
    lone = MatrixLookOut(help_text="Elements outside every configuration.")
    unexplained = MatrixLookOut(help_text="Outcomes that stand beside no mechanism.")
    nowhere = MatrixLookOut(help_text="Contexts that stand beside no outcome.")
    without_configuration = MatrixLookOut(help_text="Statements that no configuration spells out.")
    without_statement = MatrixLookOut(help_text="Configurations that spell out no statement.")


class MatricesOut(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="Configurations in use.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    configurations = MatrixColumnOut(many=True)
    themes = MatrixThemeRowOut(many=True, help_text="How many of its elements and statements carry the theme.")
    elements = MatrixElementRowOut(many=True, help_text="In how many roles it stands there; the most shared first.")
    elements_more = serializers.IntegerField(help_text="Elements of these configurations beyond the rows.")
    worth_a_look = MatrixWorthALookOut()


@extend_schema_view(
    get=lists(
        "Read the matrices", MatricesOut, query=[PAGE, SNAPSHOT], pages=False, whole=True,
        about="Themes and elements by configuration, with counts; and what is worth a look, which is no error.",
    )
)  # fmt: skip
class Matrices(Door):
    query = frozenset({"page", "snapshot"})

    def get(self, request: Request, slug: str) -> Response:
        number, _size = asked(request.query_params, size=COLUMNS)
        theory = theory_then(self.programme, request)
        found = matrices_of(self.programme, number) if theory is None else matrices_then(theory, number)
        return Response({"count": found.page.count, **turned(request, found.page), **found.as_json()})
