"""Owns the search over the API, in one programme and in all of a person: records of every kind by their words, the best
first."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.then import SNAPSHOT, theory_then
from cmo.reading.search_then import KINDS_THEN, search_then
from cmo.reading.searchable import KINDS, hit_json, kinds_for
from cmo.reading.searching_mine import found_in_json, kinds_among, mine_of, search_mine
from cmo.serializers import SearchAllPage, SearchPage
from programmes.api.base import PAGING, Door, paged
from programmes.api.documenting import lists
from programmes.gate import clean
from programmes.reading.paging import Page, asked
from programmes.reading.searching import search
from programmes.vocabulary import Limit

ABOUT = (
    "Records that hold every word of `q` in any of its forms, with or without accents; the last word may be the"
    " beginning of one. A label such as S7 or O3.10 comes first, retired records come last. Any text is a question."
    " With `snapshot` statements, configurations, elements and themes are found as they then were."
)
MINE = (
    "The programmes of which you are a member and in which records hold every word of `q`, by title; of each the first"
    " five records, as its own search finds, ranks and marks them, and in `url` the address of that search for the"
    " rest. `count` and pages are of programmes."
)
QUERY = [
    OpenApiParameter("q", str, description="What to look for."),
    OpenApiParameter("search", str, description="The same, under the name that lists have for it."),
    OpenApiParameter("kind", str, enum=[*KINDS], description="Records of one kind alone."),
    SNAPSHOT,
]


@extend_schema_view(get=lists("Search a programme", SearchPage, whole=True, query=QUERY, about=ABOUT))
class Search(Door):
    query = frozenset({"q", "search", "kind", "snapshot", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        given = request.query_params
        _name, text = text_asked(given)
        theory = theory_then(self.programme, request)
        kinds = KINDS_THEN if theory else kinds_for(self.programme)
        kind = known_kind(given["kind"], kinds) if "kind" in given else ""
        if theory is not None:
            found = search_then(theory, text, kind=kind, page=page, size=size)
        else:
            found = search(self.programme, text, kind=kind, page=page, size=size, among=kinds)
        then = theory.slug if theory else ""
        rows = [hit_json(self.programme, hit, request.build_absolute_uri, then) for hit in found.page.rows]
        answer = paged(request, Page(rows, found.page.count, page, size))
        answer.data["complete"] = found.complete
        return answer


@extend_schema_view(
    get=lists("Search all my programmes", SearchAllPage, whole=True, query=QUERY[:3], about=MINE)
)
class SearchAll(Door):
    query = frozenset({"q", "search", "kind", *PAGING})

    def get(self, request: Request) -> Response:
        page, size = asked(request.query_params, size=10, largest=50)
        name, text = text_asked(request.query_params)
        mine = mine_of(self.actor)
        kind = known_kind(request.query_params["kind"], kinds_among(mine)) if "kind" in request.query_params else ""
        found = search_mine(mine, text, kind=kind, page=page, size=size)
        question = {name: text, **({"kind": kind} if kind else {})}
        rows = [found_in_json(one, question, request.build_absolute_uri) for one in found.rows]
        return paged(request, Page(rows, found.count, page, size))


def text_asked(given: Any) -> tuple[str, str]:
    """(the parameter that holds the question, the question). Raises ValidationError under its name."""
    name = "search" if "search" in given and "q" not in given else "q"
    return name, clean(given.get(name, ""), field=name, limit=Limit.QUESTION)


def known_kind(name: str, kinds: Collection[str]) -> str:
    """A kind. Raises ValidationError (kind)."""
    if name not in kinds:
        said = _("There is no kind “%(name)s”; known are: %(known)s.")
        raise ValidationError({"kind": said % {"name": name[:60], "known": ", ".join(kinds)}})
    return name
