"""Owns the API of elements: the list, one, its revisions, differences, restore, retype, and what is like it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import FROM_TO, Records, filtered, revision_in, versions_page
from cmo.api.then import SNAPSHOT, listed_then, one_then, theory_then
from cmo.reading.element_history import compare_element, element_history, element_version, element_version_json
from cmo.reading.elements import (
    alike,
    element_row,
    element_rows,
    find_element,
    near_duplicates,
    suggestions,
    with_writers,
)
from cmo.reading.then import elements_then
from cmo.rules.introducing import introduce, known_kind, revise_element, turn_element
from cmo.rules.retyping import restore_element, retype
from cmo.serializers import RestoreIn
from cmo.structure_filters import ElementFilter
from cmo.structure_serializers import (
    ElementDiffOut,
    ElementIn,
    ElementOut,
    ElementPatch,
    ElementRevisionOut,
    RetypeIn,
    SuggestedOut,
)
from cmo.vocabulary import TRAITS, Intended, Kind, Slot, State
from programmes.api.base import PAGING, Door, etag, unchanged, whole
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.gate import clean
from programmes.reading.codebook import Codes, find_codes
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import NO_HISTORY_THEN, Limit

QUERY = [
    OpenApiParameter("search", str, description="Words, or pieces of words, that the text holds."),
    OpenApiParameter("kind", str, description=", ".join(Kind.values)),
    OpenApiParameter("role", str, description=f"It stands in this role in a configuration: {', '.join(Slot.values)}."),
    OpenApiParameter("theme", str, description="Codes, with commas; each with all themes below it."),
    OpenApiParameter("area", str, description="It stands in a configuration of this theory area; `none`: of no area."),
    OpenApiParameter("statement", str, description="S7: it stands in a configuration that spells this statement out."),
    OpenApiParameter("state", str, description="draft, agreed, retired; retired ones are left out unless asked for."),
    OpenApiParameter("lone", str, description="true: those that stand in no configuration in use; false: the others."),
    OpenApiParameter("ordering", str, description="number, kind, text, updated; with - the other way round."),
    SNAPSHOT,
]
EXAMPLE = OpenApiExample(
    "An outcome",
    request_only=True,
    value={
        "kind": "outcome", "text": "practitioners take the guidance up", "sign": "positive", "intended": True,
        "proximity": "proximal", "level": "meso", "themes": ["P4"], "reason": "From the May workshop",
    },
)  # fmt: skip
INTENDED = {None: "", True: Intended.INTENDED.value, False: Intended.UNINTENDED.value}


class _Elements(Records):
    record_kind = "Element"

    def find(self, number: int) -> Any:
        return find_element(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return element_row(found).as_json()

    def tag(self, found: Any) -> str:
        """Codes of its themes and labels of its configurations show in an element too."""
        now = self.programme
        return etag(now, found.revision_number, now.codebook_version, now.structure_version)

    def made_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: codes as themes, traits together."""
        if "themes" in given:
            given["themes"] = find_codes(self.programme, given["themes"])
        if "intended" in given:
            given["intended"] = INTENDED[given["intended"]]
        traits = {trait: given.pop(trait) for trait in TRAITS if trait in given}
        return {**given, "traits": traits}


@extend_schema_view(
    get=lists("List elements", ElementOut, query=QUERY, about="Retired ones are left out unless `state` asks."),
    post=creates("Introduce an element", ElementIn, ElementOut, examples=[EXAMPLE]),
)
class Elements(_Elements):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            codes = Codes(self.programme, theory.themes)
            asked = ElementFilter(request.query_params, programme=self.programme, codes=codes, slots=theory.slots).asked
            return listed_then(request, elements_then(asked, theory), lambda row: row.as_json())
        filterset = ElementFilter(request.query_params, programme=self.programme)
        return filtered(request, filterset, lambda rows: [row.as_json() for row in element_rows(rows)])

    def act(self, request: Request) -> Response:
        made = introduce(self.programme, by=self.actor, **self.made_of(read(ElementIn, request)))
        return self.created(request, made)


SUGGEST = [
    OpenApiParameter("q", str, description="What somebody types; without it, the first elements."),
    OpenApiParameter("kind", str, description="Elements of this kind alone, and unsure ones."),
]


@extend_schema_view(
    get=lists(
        "Suggest elements to share", SuggestedOut, query=SUGGEST,
        about="Elements in use that hold what is typed or are like it, the likest first; at most 12.",
    )
)  # fmt: skip
class Suggest(Door):
    query = frozenset({"q", "kind", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        typed = clean(request.query_params.get("q", ""), field="q", limit=Limit.LONG)
        kind = request.query_params.get("kind", "")
        found = suggestions(self.programme, typed, kind=known_kind(kind).value if kind else "")
        return whole(request, _suggested(found, typed))


@extend_schema_view(
    get=lists(
        "List elements that say nearly the same", SuggestedOut,
        about="Other elements in use, the likest first; worth a look, never an error.",
    )
)  # fmt: skip
class Near(Door):
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        element = find_element(self.programme, number)
        return whole(request, _suggested(near_duplicates(element), element.text))


def _suggested(found: list[Any], typed: str) -> list[dict[str, Any]]:
    return [{**row.as_json(), "near": alike(typed, row.element)} for row in element_rows(with_writers(found))]


@extend_schema_view(
    get=shows("Show an element", ElementOut, query=[SNAPSHOT]),
    patch=changes(
        "Change an element", ElementPatch, ElementOut,
        about="What is not sent stays as it is. The new text shows in every configuration without words of its own.",
    ),
    delete=retires("Retire an element", ElementOut, about="Refused while it stands in a configuration in use."),
)  # fmt: skip
class OneElement(_Elements):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            label, rows = f"E{number}", theory.elements
            return one_then(request, theory, rows, label, lambda row: row.as_json(), kind="element")
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.made_of(read(ElementPatch, request, partial=True))
        element, base = self.seen(request, number)
        if given.pop("kind", element.kind) != element.kind:
            raise ValidationError({"kind": _("The kind changes by retyping: POST it to retype/, with a reason.")})
        return self.shown(revise_element(element, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        element, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_element(element, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(post=acts("Restore an older text or a retired element", RestoreIn, ElementOut))
class RestoreElement(_Elements):
    def act(self, request: Request, number: int) -> Response:
        given = read(RestoreIn, request)
        element, base = self.seen(request, number)
        revision, reason = given.get("revision"), given.get("reason", "")
        if element.state == State.RETIRED and revision in (None, base):
            return self.shown(turn_element(element, by=self.actor, base=base, retired=False, reason=reason))
        return self.shown(restore_element(element, by=self.actor, base=base, revision=revision or 0, reason=reason))


@extend_schema_view(
    post=acts(
        "Retype an element", RetypeIn, ElementOut,
        about="It moves to the role of its new kind wherever it stood in that of the old one, in one step.",
    )
)  # fmt: skip
class Retype(_Elements):
    def act(self, request: Request, number: int) -> Response:
        given = read(RetypeIn, request)
        element, base = self.seen(request, number)
        return self.shown(retype(element, by=self.actor, base=base, **given))


@extend_schema_view(get=lists("List the revisions of an element", ElementRevisionOut, about="Newest first."))
class ElementRevisions(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        element = find_element(self.programme, number)
        return versions_page(
            request, element.revision_number, lambda first, last: element_history(element, first, last),
            element_version_json,
        )  # fmt: skip


@extend_schema_view(get=shows("Show a revision of an element", ElementRevisionOut))
class OneElementRevision(Door):
    not_then = NO_HISTORY_THEN

    def get(self, request: Request, slug: str, number: int, revision: int) -> Response:
        version = element_version(find_element(self.programme, number), revision)
        tag = etag(self.programme, revision, self.programme.codebook_version)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(element_version_json(version), headers={"ETag": tag})


@extend_schema_view(get=shows("Compare two revisions of an element", ElementDiffOut, query=FROM_TO))
class ElementDiff(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset({"from", "to"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        element = find_element(self.programme, number)
        new = revision_in(request, "to", element.revision_number)
        old = revision_in(request, "from", max(1, new - 1))
        return Response(compare_element(element, old, new).as_json())
