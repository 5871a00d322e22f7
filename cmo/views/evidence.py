"""Owns the pages that show evidence: sources with the sample table (also as CSV), one source with its transcript."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.evidence_filters import SourceFilter
from cmo.exports.sample import sample_csv
from cmo.forms.evidence import BearingForm, ExcerptForm
from cmo.reading.evidence import source_rows
from cmo.reading.evidence_pages import claims_offered, evidence_counts, excerpts_in, script_of
from programmes.reading.codebook import themes_of
from programmes.reading.fieldwork import find_source, kept_of, sites_of, source_history, sources_of
from programmes.reading.paging import asked, take
from programmes.reading.sample import sample_of
from programmes.views.base import Page, pager, sentences
from programmes.vocabulary import APPRAISED, SourceKind

SIZE = 50
ASKED = ("search", "site", "kind", "role", "phase", "state")


class EvidencePage(Page):
    """A page of evidence; for members without it there is none."""

    evidence = True

    def listed(self, request: HttpRequest) -> dict[str, Any]:
        """The list of sources as the query asks for it; what cannot be read is said, and nothing is listed."""
        query = request.GET
        filterset = SourceFilter(query, programme=self.programme)
        context: dict[str, Any] = {
            "current": "evidence", "q": query, "sites": list(filterset.sites.values()), "kinds": SourceKind.choices,
            "counts": evidence_counts(self.programme),
        }  # fmt: skip
        try:
            number, size = asked(query, size=SIZE, largest=200)
            rows = filterset.rows()
            page = take(rows, count=rows.count(), page=number, size=size, make=source_rows)
        except ValidationError as refusal:
            return {**context, "problems": sentences(refusal), "rows": [], "filterset": None}
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        kept = query.copy()
        for name in ("page", "link", "view"):
            kept.pop(name, None)
        return {
            **context, "rows": page.rows, "found": page.count, "asked": any(query.get(name) for name in ASKED),
            "pager": pager(request, page, text=said if page.count else ""), "filterset": filterset,
            "kept": f"?{kept.urlencode()}" if kept else "",
        }  # fmt: skip


class Evidence(EvidencePage):
    """`?search= &site= &kind= &role= &phase= &state= &page=`: sources, sites and the sample table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = self.listed(request)
        filterset = context.pop("filterset")
        rows = filterset.rows() if filterset is not None else sources_of(self.programme).none()
        context |= {"sample": sample_of(self.programme, rows), "whole": sites_of(self.programme, retired=False)}
        return self.show("cmo/evidence/sources.html", context)


class SampleFile(EvidencePage):
    """The sample table as CSV, with the filter of the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            rows = SourceFilter(request.GET, programme=self.programme).rows()
        except ValidationError as refusal:
            context = {**self.listed(request), "problems": sentences(refusal)}
            return self.show("cmo/evidence/sources.html", context, status=400)
        answer = HttpResponse(sample_csv(sample_of(self.programme, rows)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.programme.slug}-sample.csv"'
        return answer


class SourcePage(EvidencePage):
    """One source: `?view=excerpts` leaves the transcript out, `?link=9` brings the form that links X9."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.source_page(number)

    def source_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, with forms that were refused in place of fresh ones: `adding`, `linking`; and `problems`."""
        source = find_source(self.programme, number)
        rows, (text, hidden) = excerpts_in(source), kept_of(source)
        chosen = more.pop("link", self.request.GET.get("link", ""))
        linked = next((row for row in rows if str(row.excerpt.number) == str(chosen)), None)
        context = {
            **self.listed(self.request), "row": source_rows([source])[0], "source": source,
            "appraisal": [(name, getattr(source, name), getattr(source, f"{name}_reason")) for name in APPRAISED],
            "excerpts": rows, "history": source_history(source), "transcript": bool(text), "hidden": hidden,
            "script": script_of(text, rows) if text and self.request.GET.get("view") != "excerpts" else None,
            "linked": linked, "claims": claims_offered(self.programme) if linked or more.get("linking") else [],
            "codes": [theme for theme in themes_of(self.programme) if theme.code and not theme.retired],
            **more,
        }  # fmt: skip
        context.pop("filterset")
        context.setdefault("adding", ExcerptForm(new=True, sites=context["sites"], prefix="x"))
        context.setdefault("linking", BearingForm(new=True, prefix="b") if linked else None)
        if more.get("problems") is None:
            context["problems"] = context.get("problems") or []
        return self.show("cmo/evidence/source.html", context, status=status)
