"""Owns the search over the API: records of every kind by their words, the best first."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.then import SNAPSHOT, theory_then
from cmo.reading.search_then import KINDS_THEN, search_then
from cmo.reading.searchable import KINDS, hit_json, kinds_for
from cmo.serializers import SearchPage
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
        name = "search" if "search" in given and "q" not in given else "q"
        text = clean(given.get(name, ""), field=name, limit=Limit.QUESTION)
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


def known_kind(name: str, kinds: Collection[str]) -> str:
    """A kind. Raises ValidationError (kind)."""
    if name not in kinds:
        said = _("There is no kind “%(name)s”; known are: %(known)s.")
        raise ValidationError({"kind": said % {"name": name[:60], "known": ", ".join(kinds)}})
    return name
