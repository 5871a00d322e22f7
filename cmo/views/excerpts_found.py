"""Owns the list of excerpts that a cell of a heat map opens, or from which one is chosen for a claim: the same filter
as the API's list."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from cmo.evidence_files import excerpts_file
from cmo.evidence_filters import ExcerptFilter
from cmo.evidence_words import Stance
from cmo.reading.evidence import excerpt_rows
from cmo.reading.evidence_pages import claim_asked, claim_url, evidence_counts
from programmes.reading.codebook import Codes
from programmes.reading.paging import asked, take
from programmes.views.base import Page, pager, sentences

SIZE = 20
FILTERS = ("search", "theme", "site", "role", "on", "stance", "kind", "phase", "source", "status", "linked")


class ExcerptsFound(Page):
    """`?search= &theme= &site= &role= &on= &stance= &kind= &phase= &source= &status= &linked= &page=`

    `for=S10` offers to link each to that claim.
    """

    evidence = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.found(request)

    def found(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        codes = Codes(self.programme)
        filterset = ExcerptFilter(request.GET, programme=self.programme, codes=codes)
        context: dict[str, Any] = {"current": "evidence", "q": request.GET}
        try:
            number, size = asked(request.GET, size=SIZE, largest=100)
            rows = filterset.rows()
            page = take(rows, count=rows.count(), page=number, size=size, make=excerpt_rows)
            chosen = _chips(filterset, codes)
        except ValidationError as refusal:
            context["problems"] = sentences(refusal)
            page, chosen = take([], count=0, page=1, size=SIZE), []
        else:
            filtered = any(value for name, value in filterset.asked.items() if name != "ordering")
            context["filtered"] = filtered
            if not page.count and not filtered:
                context["sources"] = evidence_counts(self.programme).sources
        on = claim_asked(self.programme, request.GET.get("for", ""))
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "page": page, "rows": page.rows, "chosen": chosen, "sites": list(filterset.sites.values()),
            "on": on, "claim_url": claim_url(self.programme.slug, on) if on else "",
            "stances": Stance.choices, "pager": pager(request, page, text=said if page.count else ""),
        }  # fmt: skip
        kept = request.GET.copy()
        kept.pop("page", None)
        kept.pop("for", None)
        return self.show("cmo/weighed/excerpts.html", {**context, "export_query": kept.urlencode()}, status=status)


class ExcerptsFile(ExcerptsFound):
    """The excerpts as a file, with the filters of the page; `kind` is csv or json."""

    kind = "csv"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return excerpts_file(self.programme, request.GET, self.kind)
        except ValidationError:
            return self.found(request, status=400)


def _chips(filterset: ExcerptFilter, codes: Codes) -> list[dict[str, str]]:
    """The filters in use: {name, value, label}."""
    chips, given = [], filterset.asked
    for name in FILTERS:
        values = given.get(name) or []
        known: dict[str, Any] = {}
        if name in ("site", "stance", "kind", "phase", "status", "linked") and values:
            known = {str(value): label for value, label in filterset.form.fields[name].choices}
        for value in [values] if isinstance(values, str) else values:
            theme = codes.get(value) if name == "theme" else None
            label = str(theme) if theme else f"“{value}”" if name == "search" else str(known.get(value, value))
            chips.append({"name": name, "value": value, "label": label})
    return chips
