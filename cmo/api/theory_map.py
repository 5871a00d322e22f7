"""Owns the map over the API: nodes and edges as JSON, and the same as a figure or for another program."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.figures.drawing import LAYOUTS
from cmo.figures.formats import as_json
from cmo.figures.graph import CROWD
from cmo.map_question import ASKED, FADE, FILES, HIDE, SHOW, MapQuestion
from cmo.vocabulary import Kind, LinkKind, Slot, State
from programmes.api.base import Door, unchanged
from programmes.api.documenting import problems

ABOUT = (
    "Elements as nodes, configurations, and edges: `leads` from element to element within a configuration, `ripple`"
    " from a configuration to another in which its outcome is a context, and the stated links. Where one element makes"
    f" more than {CROWD} ripples, they go through it: from each configuration to the element, from the element to each."
    " Retired configurations"
    " are left out unless `state` asks for them or `configuration` names one. All parameters must hold together."
    " The answer has an ETag in every format: sent back as If-None-Match, it brings 304 while nothing in the programme"
    " moved."
)
SAID = {
    "search": "Words that the configuration or its elements hold.",
    "role": "Roles; configurations that have an element in one of them.",
    "element": "Labels, such as E12; configurations in which one of them stands.",
    "sign": "positive, negative, mixed: of an outcome.",
    "theme": "Codes, with commas; each with all themes below it; of its elements or its statements.",
    "area": "Slugs of theory areas, with commas; `none` for configurations without one.",
    "statement": "Labels, such as S7; `none` for configurations without a statement.",
    "state": "draft, agreed, retired.",
    "phase": "Slugs of the phases in which the configuration was made.",
    "incomplete": "Roles; configurations in which one of them is empty.",
    "verdict": "What the team last found: a verdict, with commas; none: no verdict.",
    "snapshot": "The slug of a snapshot: the theory as it then was.",
    "focus": "E12 or CMO5: what stands within `depth` steps of it.",
    "depth": "1, 2 or 3 steps from configuration to configuration; 1 unless given.",
    "chain": "CMO5: all that ripples lead to from it, and all from which they lead to it.",
    "configuration": "CMO5: this one alone.",
    "layout": f"{', '.join(LAYOUTS)}: how svg and png are arranged.",
    "lone": f"{SHOW} (so it is when left out), or {HIDE}: elements in no configuration.",
    "rest": f"{HIDE}, or {FADE}: svg and png also show the rest, pale.",
}
QUERY = [
    OpenApiParameter("as", str, enum=["json", *(name for name in FILES if name != "json")]),
    *(OpenApiParameter(name, str, description=SAID.get(name, "")) for name in ASKED),
]


class MapNodeOut(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="E12")
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField()
    polarity = serializers.CharField(allow_blank=True)
    sign = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices)
    themes = serializers.ListField(child=serializers.CharField())
    configurations = serializers.ListField(child=serializers.CharField(), help_text="Those of this map: CMO3.")
    lone = serializers.BooleanField(help_text="Whether it stands in no configuration.")


class MapPlaceOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    role = serializers.ChoiceField(choices=Slot.choices)
    text = serializers.CharField(help_text="As it stands in this configuration.")
    activation = serializers.CharField(allow_blank=True)


class MapConfigurationOut(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="CMO3")
    nickname = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_null=True)
    phase = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    statements = serializers.ListField(child=serializers.CharField())
    elements = MapPlaceOut(many=True)


class MapEdgeOut(serializers.Serializer[Any]):
    to = serializers.CharField()
    kind = serializers.ChoiceField(choices=["leads", *LinkKind.values])
    configuration = serializers.CharField(allow_null=True, help_text="In which the edge leads, where it does.")
    element = serializers.CharField(allow_null=True, help_text="Through which a ripple goes.")

    def get_fields(self) -> dict[str, Any]:
        label = serializers.CharField(allow_blank=True, help_text="What stands at the arrow.")
        return {"from": serializers.CharField(help_text="E12 or CMO3"), **super().get_fields(), "label": label}


class MapOut(serializers.Serializer[Any]):
    """A theory as a graph."""

    nodes = MapNodeOut(many=True)
    configurations = MapConfigurationOut(many=True)
    edges = MapEdgeOut(many=True)


class Map(Door):
    query = frozenset({"as", *ASKED})

    @extend_schema(
        operation_id="show_the_map",
        summary="Show the map",
        description=ABOUT,
        parameters=QUERY,
        responses={
            (200, "application/json"): MapOut,
            (200, "image/svg+xml"): OpenApiTypes.STR,
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "application/graphml+xml"): OpenApiTypes.STR,
            (200, "text/vnd.graphviz"): OpenApiTypes.STR,
            (200, "text/plain"): OpenApiTypes.STR,
            (200, "text/csv"): OpenApiTypes.STR,
            **problems(400),
        },
    )
    def get(self, request: Request, slug: str) -> Any:
        query = request.query_params.copy()
        tag = MapQuestion(query.copy(), programme=self.programme).tag
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        name = query.pop("as", ["json"])[-1] or "json"
        question = MapQuestion(query, programme=self.programme)
        if name == "json":
            question.layout  # noqa: B018  (a layout that there is not is refused here too)
            return Response(as_json(question.shown().asked_for), headers={"ETag": tag})
        answer = question.answer(name)
        answer["ETag"] = tag
        return answer
