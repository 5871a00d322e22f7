"""Owns the pages of a theory as it was in a snapshot: what pages of the theory show with `?snapshot=`, read-only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.filters import StatementFilter
from cmo.phase_words import WORKING
from cmo.reading.judged_then import phases_on, table_then
from cmo.reading.not_then import not_then
from cmo.reading.search_then import KINDS_THEN, search_then, shown_then
from cmo.reading.snapshots import citation, find_snapshot
from cmo.reading.statements import find_statement
from cmo.reading.then import (
    configurations_then,
    elements_then,
    found_then,
    grouped_then,
    page_then,
    theme_then,
    themes_then,
)
from cmo.reading.theory_at import TheoryAt
from cmo.reading.told_then import belief_then, figures_then, matrix_then, timeline_then
from cmo.structure_filters import ConfigurationFilter, ElementFilter
from cmo.team_words import DescentKind
from programmes.gate import clean
from programmes.reading.codebook import Codes
from programmes.reading.paging import asked
from programmes.reading.team import evidence_shown
from programmes.views.base import Page, pager, sentences
from programmes.vocabulary import Limit

SIZE = 100
FOUND = 20  # of a search, as of the search in what stands now


def theory_then(page: Page) -> TheoryAt | None:
    """The theory that `?snapshot=` asks a page for, or None for the working one; Http404 where there is no such."""
    slug = page.request.GET.get("snapshot", "").strip()
    if not slug or slug == WORKING:
        return None
    return TheoryAt(page.programme, find_snapshot(page.programme, slug))


def workbench_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """The workbench of a snapshot, with what it is and how it is cited."""
    one: Any = theory.snapshot
    request = page.request
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
        raise not_then(page.programme, "statement", number)
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
        raise not_then(page.programme, "configuration", number)
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
        raise not_then(page.programme, "element", number)
    context = {"current": "phases", "snapshot": theory.snapshot, "rows": [row], "q": page.request.GET, "count": 1}
    return page.show("cmo/phase/elements.html", context)


def codebook_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """`?q= &code=O4`: one theme where a code or an id is named."""
    code = page.request.GET.get("code", "")
    rows = [theme_then(theory, code)] if code else themes_then(page.request.GET.get("q", "")[:200], theory)
    context = {"current": "phases", "snapshot": theory.snapshot, "rows": rows, "q": page.request.GET}
    return page.show("cmo/phase/codebook.html", context)


def verdicts_page_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """`?phase=refining`: what one phase had said; without it the last that had begun."""
    phases = theory.part("phases")
    begun = [phase for phase in phases if phase["state"] != "planned"]
    wanted = page.request.GET.get("phase")
    found = next((phase for phase in phases if phase["slug"] == wanted), begun[-1] if begun else None)
    context = {
        "current": "phases", "snapshot": theory.snapshot, "phases": phases, "phase": found,
        "table": table_then(theory, found["slug"]) if found else None,
    }  # fmt: skip
    return page.show("cmo/phase/verdicts_then.html", context)


def record_verdicts_then(page: Page, theory: TheoryAt, number: int, of: str) -> HttpResponse:
    """What the phases had said of one statement or configuration."""
    label, words = f"{'S' if of == 'statement' else 'CMO'}{number}", ""
    if label not in theory.states:
        raise not_then(page.programme, of, number)
    if of == "statement":
        words = theory.by_number[number].wording
    else:
        one = next(row.configuration for row in theory.configurations if row.label == label)
        words = one.nickname or one.plain
    context = {
        "current": "phases", "snapshot": theory.snapshot, "label": label, "of": of, "number": number, "words": words,
        "rows": phases_on(theory, label),
    }  # fmt: skip
    return page.show("cmo/phase/on_record_then.html", context)


def overview_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """The figures of the theory as it was, its themes across statements, what the phases had found."""
    retired = page.request.GET.get("columns") == "all"
    told = theory.part("programme")
    context = {
        "current": "overview", "snapshot": theory.snapshot, "told": told, "phases": theory.part("phases"),
        "figures": figures_then(theory), "matrix": matrix_then(theory, retired=retired), "retired": retired,
    }  # fmt: skip
    return page.show("cmo/phase/overview.html", context)


def why_then(page: Page, theory: TheoryAt, number: int) -> HttpResponse:
    sees = evidence_shown(page.programme)
    belief = belief_then(theory, find_statement(page.programme, number), evidence=sees)
    context = {
        "current": "phases", "snapshot": theory.snapshot, "row": belief.row, "belief": belief,
        "evidence": belief.row.evidence if sees else None, "verdicts": belief.verdicts, "cites": belief.cites,
        "called": theory.part("programme")["title"],
    }  # fmt: skip
    return page.show("cmo/phase/why.html", context)


def lineage_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """`?what=merged &before=`: the acts that stood, the latest first."""
    query = page.request.GET
    what, before = query.get("what", ""), query.get("before", "")
    context: dict[str, Any] = {"current": "phases", "snapshot": theory.snapshot, "before": before}
    try:
        stretch, count = timeline_then(theory, what=what, before=before)
    except ValidationError as refusal:
        context["problems"] = sentences(refusal)
        (stretch, count), what = timeline_then(theory), ""
    kinds = [("", _("All")), *((one.value, str(one.label)) for one in DescentKind)]
    context |= {"stretch": stretch, "count": count, "what": what, "kinds": kinds}
    return page.show("cmo/phase/lineage.html", context, status=400 if "problems" in context else 200)


def search_page_then(page: Page, theory: TheoryAt) -> HttpResponse:
    """`?q= &kind= &page=` in the records as they were; a kind that there is not means every kind."""
    query = page.request.GET
    kind = query.get("kind", "") if query.get("kind", "") in KINDS_THEN else ""
    context: dict[str, Any] = {
        "current": "search", "q": query.get("q", ""), "kind": kind, "kinds": KINDS_THEN.values(),
        "snapshot": theory.snapshot,
    }  # fmt: skip
    try:
        number, size = asked(query, size=FOUND)
        found = search_then(
            theory, clean(context["q"], field="q", limit=Limit.QUESTION), kind=kind, page=number, size=size
        )
    except ValidationError as refusal:
        return page.show("cmo/search.html", context | {"q": "", "problems": sentences(refusal)})
    cut = found.page
    said = _("%(start)s to %(end)s of %(count)s") % {"start": cut.start, "end": cut.end, "count": cut.count}
    context |= {
        "found": found, "rows": shown_then(theory, found), "words": [one.word for one in found.question],
        "pager": pager(page.request, cut, text=said if cut.count else ""),
    }  # fmt: skip
    return page.show("cmo/search.html", context)


def kept_page_then(page: Page, theory: TheoryAt, kind: str, number: int | None = None) -> HttpResponse:
    """What has no revisions of its own: all of a kind, or the one with this number; or Http404."""
    rows = theory.part(kind)["slots"] if kind == "slots" else theory.part(kind)
    if number is not None:
        rows = [row for row in rows if row["number"] == number]
        if not rows:
            raise Http404("There is no such record in this snapshot.")
    context = {"current": "phases", "snapshot": theory.snapshot, "kind": kind, "rows": rows, "slots": theory.slots}
    return page.show("cmo/phase/kept.html", context)


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
