"""Owns the workbench: the statements of a programme, filtered, read and edited in one place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.filters import EVIDENCE, NOTHING, PRIORITY, StatementFilter
from cmo.forms.statement import IN_PARTS, StatementForm
from cmo.reading.nothing_found import near
from cmo.reading.statements import FIELDS, made_weighed
from cmo.reading.workbench import Panel, Tallied, drafted_numbers, grouped, panel_for, picker_themes
from cmo.views.then import theory_then, workbench_then
from programmes.reading.codebook import Codes, themes_of
from programmes.reading.paging import asked, take
from programmes.views.base import Page, pager, sentences

SIZE = 50


class Workbench(Page):
    """`?search= &theme= &area= &state= &phase= &incomplete= &ordering= &page=`; with htmx only the list is answered."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return workbench_then(self, theory)
        return self.list_page(request.GET)

    def list_page(self, query: Any, *, status: int = 200, bulk: dict[str, Any] | None = None) -> HttpResponse:
        """The list that `query` asks for; `bulk` is a refused tagging as it was sent, to be shown again."""
        bulk = bulk or {}
        themes = themes_of(self.programme)
        codes = Codes(self.programme, themes)
        filterset = StatementFilter(query, programme=self.programme, codes=codes, order="area")
        tallied = Tallied(self.programme)
        context: dict[str, Any] = {
            "current": "workbench",
            "filter": filterset,
            "total": tallied.total(),
            "q": query,
        }
        try:
            number, size = asked(query, size=SIZE)
            rows = filterset.rows().values_list(*FIELDS)
            page = take(rows, count=filterset.count(), page=number, size=size, make=made_weighed)
        except ValidationError as refusal:
            context["problems"] = sentences(refusal)
            page = take([], count=0, page=1, size=SIZE)
        given = filterset.asked if filterset.form.is_valid() else {}
        areas, phases = list(filterset.areas.values()), list(filterset.phases.values())
        nowhere = _("Without an area")
        context |= {
            "page": page,
            "pager": pager(self.request, page, text=_range(page)),
            "groups": grouped(page.rows, areas, tallied, nowhere) if given.get("ordering", "") in ("", "area") else [],
            "rows": page.rows,
            "chosen": _chosen(given, filterset, codes),
            "panel": panel_for(
                self.programme, asked=given, areas=areas, phases=phases, themes=themes, tallied=tallied
            ),
            "drafted": drafted_numbers(self.actor.person, self.programme),
            "retired": tallied.total(state="retired"),
            "agreed": tallied.total(state="agreed"),
            "drafts": tallied.total(state="draft"),
            "bulk": bulk,
            "bulk_themes": picker_themes(themes, bulk.get("themes", ())),
            "export_query": _without_pages(query),
        }
        if not page.count and given and context["chosen"]:
            context["instead"] = self._instead(filterset, given, codes, context["panel"])
        if not context["total"] and not context["retired"]:
            context["form"] = StatementForm(
                programme=self.programme, areas=areas, new=True, initial={"mode": IN_PARTS, "state": "draft"}
            )
        template = "cmo/_workbench_rows.html" if self.htmx else "cmo/workbench.html"
        return self.show(template, context, status=status)


    def _instead(
        self, filterset: StatementFilter, given: dict[str, Any], codes: Codes, panel: Panel
    ) -> dict[str, Any]:
        """What an empty list offers: other words, themes of that name, and how many there are without each filter."""
        labels: dict[str, list[str]] = {}
        for chip in _chosen(given, filterset, codes):
            labels.setdefault(chip["name"], []).append(chip["label"])
        here = reverse("workbench", args=[self.programme.slug])
        without = [
            {"label": ", ".join(labels[name]), "n": n, "url": f"{here}?{_but_for(filterset.data, name)}"}
            for name, n in filterset.without_each().items()
            if n
        ]
        meant = near(self.programme, given["search"], panel.themes)
        asked = filterset.data.copy()
        if not meant.words or not filterset.count_with(search=meant.words):
            asked = QueryDict(mutable=True)  # the other filters would leave nothing of it either
        asked["search"] = meant.words
        asked.pop("page", None)
        return {"near": meant, "words_url": f"{here}?{asked.urlencode()}", "without": without, "here": here}


def _range(page: Any) -> str:
    said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
    return said if page.count else ""


def _chosen(given: dict[str, Any], filterset: StatementFilter, codes: Codes) -> list[dict[str, str]]:
    """The filters in use as chips: {name, value, label}."""
    chips = []
    if given.get("search"):
        chips.append({"name": "search", "value": given["search"], "label": f"“{given['search']}”"})
    for name in ("theme", "area", "state", "phase", "incomplete", "verdict"):
        choices = dict(filterset.form.fields[name].choices) if name != "theme" else {}
        for value in given.get(name) or []:
            theme = codes.get(value) if name == "theme" else None
            label = str(theme) if theme else str(choices.get(value, value))
            chips.append({"name": name, "value": value, "label": label})
    if given.get("priority"):
        label = str(dict(PRIORITY)[given["priority"]])
        chips.append({"name": "priority", "value": given["priority"], "label": label})
    if given.get("has_evidence"):
        label = str(dict(EVIDENCE)[given["has_evidence"]])
        chips.append({"name": "has_evidence", "value": given["has_evidence"], "label": label})
    return chips


def _but_for(query: Any, name: str) -> str:
    """The query without one parameter, from page 1."""
    left = query.copy()
    for gone in (name, "page"):
        left.pop(gone, None)
    return str(left.urlencode())


def _without_pages(query: Any) -> str:
    """The filter as the export takes it: without what belongs to the page alone."""
    asked_for = query.copy()
    for name in list(asked_for):
        if name not in NOTHING or not asked_for[name]:
            asked_for.pop(name)
    return str(asked_for.urlencode())
