"""Owns the search over the API: records of every kind by their words, the best first."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.reading.searchable import KINDS, hit_json
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
)
QUERY = [
    OpenApiParameter("q", str, description="What to look for."),
    OpenApiParameter("kind", str, enum=[*KINDS], description="Records of one kind alone."),
]


@extend_schema_view(get=lists("Search a programme", SearchPage, whole=True, query=QUERY, about=ABOUT))
class Search(Door):
    query = frozenset({"q", "kind", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        text = clean(request.query_params.get("q", ""), field="q", limit=Limit.QUESTION)
        kind = known_kind(request.query_params.get("kind", ""))
        found = search(self.programme, text, kind=kind, page=page, size=size)
        rows = [hit_json(self.programme, hit, request.build_absolute_uri) for hit in found.page.rows]
        answer = paged(request, Page(rows, found.page.count, page, size))
        answer.data["complete"] = found.complete
        return answer


def known_kind(name: str) -> str:
    """A kind, or "" for all. Raises ValidationError (kind)."""
    if name and name not in KINDS:
        said = _("There is no kind “%(name)s”; known are: %(known)s.")
        raise ValidationError({"kind": said % {"name": name[:60], "known": ", ".join(KINDS)}})
    return name
