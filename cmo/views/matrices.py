"""Owns the page of matrices: themes and elements by configuration, and what in the structure is worth a look."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.reading.matrices import COLUMNS, matrices_of
from cmo.reading.matrices_then import matrices_then
from cmo.views.then import theory_then
from programmes.reading.paging import asked
from programmes.views.base import Page, pager, sentences


class Matrices(Page):
    """`?page=` turns to further configurations."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        context: dict[str, Any] = {"current": "configurations" if theory is None else "phases"}
        try:
            number, _size = asked(request.GET, size=COLUMNS)
        except ValidationError as refusal:
            number, context["problems"] = 1, sentences(refusal)
        found = matrices_of(self.programme, number) if theory is None else matrices_then(theory, number)
        page = found.page
        said = _("%(start)s to %(end)s of %(count)s configurations") % {
            "start": page.start, "end": page.end, "count": page.count}  # fmt: skip
        context |= {
            "snapshot": theory.snapshot if theory else None,
            "found": found,
            "pager": pager(request, page, text=said) if page.pages > 1 else None,
        }
        return self.show("cmo/structure/matrices.html", context, status=400 if "problems" in context else 200)
