"""Owns the page that shows what a search found, of every kind."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.reading.searchable import kinds_for, shown
from cmo.views.then import search_page_then, theory_then
from programmes.gate import clean
from programmes.reading.paging import asked
from programmes.reading.searching import search
from programmes.views.base import Page, pager, sentences
from programmes.vocabulary import Limit

SIZE = 20


class Search(Page):
    """`?q= &kind= &page=`; a kind that there is not means every kind."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return search_page_then(self, theory)
        text = request.GET.get("q", "")
        kind = request.GET.get("kind", "")
        kinds = kinds_for(self.programme)
        kind = kind if kind in kinds else ""
        context: dict[str, Any] = {"current": "search", "q": text, "kind": kind, "kinds": kinds.values()}
        try:
            number, size = asked(request.GET, size=SIZE)
            text = clean(text, field="q", limit=Limit.QUESTION)
            found = search(self.programme, text, kind=kind, page=number, size=size, among=kinds)
        except ValidationError as refusal:
            return self.show("cmo/search.html", {**context, "q": "", "problems": sentences(refusal)})
        page = found.page
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "found": found,
            "rows": shown(self.programme, found),
            "words": [one.word for one in found.question],
            "pager": pager(request, page, text=said if page.count else ""),
        }
        return self.show("cmo/search.html", context)
