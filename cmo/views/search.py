"""Owns the pages that show what a search found, of every kind: in one programme, and in all of a person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.reading.searchable import kinds_for, shown
from cmo.reading.searching_mine import kinds_among, mine_of, search_mine, shown_in
from cmo.views.then import search_page_then, theory_then
from programmes.gate import clean
from programmes.reading.paging import asked
from programmes.reading.searching import search, words_in
from programmes.views.base import Page, pager, sentences
from programmes.vocabulary import Limit

SIZE = 20
PROGRAMMES = 10  # on a page of the search in all


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


class SearchAll(Page):
    """`?q= &kind= &page=` in all programmes of the person; the pages are of programmes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text, kind = request.GET.get("q", ""), request.GET.get("kind", "")
        mine = mine_of(self.actor)
        kinds = kinds_among(mine)
        kind = kind if kind in kinds else ""
        context: dict[str, Any] = {"q": text, "kind": kind, "kinds": kinds.values(), "mine": len(mine)}
        try:
            number, _size = asked(request.GET, size=PROGRAMMES)
            text = clean(text, field="q", limit=Limit.QUESTION)
            found = search_mine(mine, text, kind=kind, page=number, size=PROGRAMMES)
        except ValidationError as refusal:
            return self.show("cmo/search_all.html", {**context, "q": "", "problems": sentences(refusal)})
        said = _("%(start)s to %(end)s of %(count)s programmes") % {
            "start": found.start, "end": found.end, "count": found.count}  # fmt: skip
        context |= {
            "groups": shown_in(found.rows),
            "words": words_in(text),
            "pager": pager(request, found, text=said) if found.pages > 1 else None,
        }
        return self.show("cmo/search_all.html", context)
