"""Owns the pages that look at evidence as a whole: heat maps and what lacks evidence, and why one statement is
believed."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cmo.reading.believing import belief_in
from cmo.reading.grounds import people_of
from cmo.reading.heat import COLUMNS, by_role_and_statement, by_site_and_theme
from cmo.reading.inherited import inherited
from cmo.reading.lacking import lacking_in
from cmo.reading.lineage import lineage_shown
from cmo.reading.naming import known_in
from cmo.reading.statements import statement_and_row
from cmo.views.then import theory_then, why_then
from programmes.reading.paging import Page as Rows
from programmes.reading.team import evidence_shown
from programmes.views.base import Page, pager

COUNTED = ("excerpts", "sources")


def counted_by(query: Any) -> str:
    """What the cells of a heat map count, as the query asks."""
    return "sources" if query.get("by") == "sources" else "excerpts"


def whole_number(query: Any, name: str) -> int:
    """A number from 1 in the query; 1 for anything else."""
    raw = query.get(name, "")
    return max(1, int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) <= 6 else 1


class EvidenceMaps(Page):
    """`?by=excerpts|sources &page=` of statements side by side."""

    evidence = True

    def get(self, request: HttpRequest) -> HttpResponse:
        by, number = counted_by(request.GET), whole_number(request.GET, "page")
        people = people_of(self.programme)
        roles, count = by_role_and_statement(self.programme, by=by, page=number, people=people)
        context = {
            "current": "evidence",
            "by": by,
            "sites": by_site_and_theme(self.programme, by=by, people=people),
            "roles": roles,
            "statements": count,
            "sources": sum(people.at.values()),
            "lacking": lacking_in(self.programme, people=people),
            "pager": pager(request, Rows([], count, number, COLUMNS), text="") if count > COLUMNS else None,
        }
        return self.show("cmo/weighed/maps.html", context)


class Why(Page):
    """One statement down to its excerpts and up to its revisions and decisions, to be read and printed."""

    then = True

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return why_then(self, theory, number)
        statement, row = statement_and_row(self.programme, number)
        sees = evidence_shown(self.programme)
        belief = belief_in(statement, row, evidence=sees)
        context = {"current": "workbench", "statement": statement, "row": row, "belief": belief,
                   "inherited": inherited(statement, row.lineage) if sees else [],
                   "cites": belief.cites or {}, "named": known_in(self.programme, self.actor.person, belief.texts),
                   **lineage_shown(statement, row.lineage)}  # fmt: skip
        return self.show("cmo/weighed/why.html", context)
