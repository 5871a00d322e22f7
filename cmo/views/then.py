"""Owns the pages of a theory as it was in a snapshot: what pages of the theory show with `?snapshot=`, read-only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.filters import StatementFilter
from cmo.phase_words import WORKING
from cmo.reading.snapshots import citation, find_snapshot
from cmo.reading.then import configurations_then, elements_then, found_then, grouped_then, page_then, themes_then
from cmo.reading.theory_at import TheoryAt
from cmo.structure_filters import ConfigurationFilter, ElementFilter
from programmes.reading.codebook import Codes
from programmes.reading.paging import asked
from programmes.reading.team import evidence_shown
from programmes.views.base import Page, pager, sentences

SIZE = 100


def theory_then(page: Page) -> TheoryAt | None:
    """The theory that `?snapshot=` asks a page for, or None for the working one; Http404 where there is no such."""
    slug = page.request.GET.get("snapshot", "").strip()
    if not slug or slug == WORKING:
        return None
    return TheoryAt(page.programme, find_snapshot(page.programme, slug))


def workbench_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """The workbench of a snapshot, with what it is and how it is cited."""
    one, request = theory.snapshot, page.request
    assert one is not None
    codes = Codes(page.programme, theory.themes)
    filterset = StatementFilter(request.GET, programme=page.programme, codes=codes, order="area")
    context = _listed(page, lambda: found_then(filterset.asked, theory, order="area"))
    address = request.build_absolute_uri(reverse("snapshot", args=[page.programme.slug, one.slug]))
    context |= {
        "snapshot": one, "groups": grouped_then(context["rows"], theory), "citation": citation(one, address),
        "address": address,
    }  # fmt: skip
    return page.show("cmo/phase/snapshot.html", {"current": "phases", **context})


def statement_then(page: Page, theory: TheoryAt, number: int) -> HttpResponse:
    row = theory.by_number.get(number)
    if row is None:
        raise Http404(f"S{number} is not in this snapshot.")
    spelled = [one for one in theory.configurations if one.label in row.configurations]
    context = {
        "current": "phases", "snapshot": theory.snapshot, "row": row, "spelled": spelled,
        "evidence": row.evidence if evidence_shown(page.programme) else None,
        "verdicts": [line for line in theory.verdicts if line.record == row.label],
    }  # fmt: skip
    return page.show("cmo/phase/statement.html", context)


def configurations_page_then(page: Page, theory: TheoryAt) -> HttpResponse:
    codes = Codes(page.programme, theory.themes)
    filterset = ConfigurationFilter(page.request.GET, programme=page.programme, codes=codes, slots=theory.slots)
    context = _listed(page, lambda: configurations_then(filterset.asked, theory))
    return page.show("cmo/phase/configurations.html", {"current": "phases", "snapshot": theory.snapshot, **context})


def configuration_then(page: Page, theory: TheoryAt, number: int) -> HttpResponse:
    row = next((row for row in theory.configurations if row.configuration.number == number), None)
    if row is None:
        raise Http404(f"CMO{number} is not in this snapshot.")
    context = {
        "current": "phases", "snapshot": theory.snapshot, "row": row,
        "evidence": row.evidence if evidence_shown(page.programme) else None,
        "verdicts": [line for line in theory.verdicts if line.record == row.label],
    }  # fmt: skip
    return page.show("cmo/phase/configuration.html", context)


def elements_page_then(page: Page, theory: TheoryAt) -> HttpResponse:
    codes = Codes(page.programme, theory.themes)
    filterset = ElementFilter(page.request.GET, programme=page.programme, codes=codes, slots=theory.slots)
    context = _listed(page, lambda: elements_then(filterset.asked, theory))
    return page.show("cmo/phase/elements.html", {"current": "phases", "snapshot": theory.snapshot, **context})


def element_page_then(page: Page, theory: TheoryAt, number: int) -> HttpResponse:
    row = next((row for row in theory.elements if row.element.number == number), None)
    if row is None:
        raise Http404(f"E{number} is not in this snapshot.")
    context = {"current": "phases", "snapshot": theory.snapshot, "rows": [row], "q": page.request.GET, "count": 1}
    return page.show("cmo/phase/elements.html", context)


def codebook_then(page: Page, theory: TheoryAt) -> HttpResponse:
    rows = themes_then(page.request.GET.get("q", "")[:200], theory)
    context = {"current": "phases", "snapshot": theory.snapshot, "rows": rows, "q": page.request.GET}
    return page.show("cmo/phase/codebook.html", context)


def _listed(page: Page, find: Any) -> dict[str, Any]:
    """Rows of one page of a list with its pager; what is wrong with the question is said in its place."""
    context: dict[str, Any] = {"q": page.request.GET}
    found: list[Any] = []
    number, size = 1, SIZE
    try:
        number, size = asked(page.request.GET, size=SIZE)
        found = find()
    except ValidationError as refusal:
        context["problems"] = sentences(refusal)
    cut = page_then(found, number, size)
    said = _("%(start)s to %(end)s of %(count)s") % {"start": cut.start, "end": cut.end, "count": cut.count}
    text = said if cut.count else ""
    return context | {"rows": cut.rows, "count": cut.count, "pager": pager(page.request, cut, text=text)}
