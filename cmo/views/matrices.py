"""Owns the page of matrices: themes and elements by configuration, and what in the structure is worth a look."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.reading.matrices import COLUMNS, columns_of, element_matrix, theme_matrix, worth_a_look
from programmes.reading.paging import asked
from programmes.views.base import Page, pager, sentences


class Matrices(Page):
    """`?page=` turns to further configurations."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {"current": "configurations"}
        try:
            number, _size = asked(request.GET, size=COLUMNS)
        except ValidationError as refusal:
            number, context["problems"] = 1, sentences(refusal)
        columns, count = columns_of(self.programme, number)
        if number > 1 and not columns:
            raise Http404("There is no such page.")
        elements, more = element_matrix(self.programme, columns)
        first = (number - 1) * COLUMNS + 1
        said = _("%(start)s to %(end)s of %(count)s configurations") % {
            "start": first, "end": first + len(columns) - 1, "count": count}  # fmt: skip
        context |= {
            "count": count,
            "themes": theme_matrix(self.programme, columns),
            "elements": elements,
            "more": more,
            "look": worth_a_look(self.programme),
            "pager": pager(request, _Turned(number, -(-count // COLUMNS)), text=said) if count > COLUMNS else None,
        }
        return self.show("cmo/structure/matrices.html", context)


class _Turned:
    """What a pager needs of a page of columns."""

    def __init__(self, number: int, pages: int) -> None:
        self.number, self.pages = number, pages
        self.has_previous, self.has_next = number > 1, number < pages
