"""Owns the overview of a programme."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cmo.reading.counts import codebook_size
from cmo.reading.grounds import people_of
from cmo.reading.heat import by_site_and_theme
from cmo.reading.lacking import lacking_in
from cmo.reading.overview import figures, incomplete, latest, matrix_of
from cmo.views.evidence_maps import counted_by
from cmo.views.then import overview_then, theory_then
from cmo.vocabulary import Gap
from programmes.reading.team import evidence_shown, phases_of
from programmes.views.base import Page


class Overview(Page):
    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return overview_then(self, theory)
        retired = request.GET.get("columns") == "all"
        summary, _gap, about = self.programme.summary.partition("\n\n")
        return self.show(
            "cmo/overview.html",
            {
                "current": "overview",
                "dek": summary,
                "about": about,
                "phases": phases_of(self.programme),
                "figures": figures(self.programme, codebook_size(self.programme)),
                "matrix": matrix_of(self.programme, retired=retired),
                "retired": retired,
                "no_because": incomplete(self.programme, Gap.BECAUSE),
                "no_themes": incomplete(self.programme, Gap.THEMES),
                "events": latest(self.programme),
                **self._evidence(),
            },
        )

    def _evidence(self) -> dict[str, Any]:
        """The sections of evidence, where there is any and it is shown to who asks."""
        if not (self.programme.last_source and evidence_shown(self.programme)):
            return {}
        by, people = counted_by(self.request.GET), people_of(self.programme)
        heat = by_site_and_theme(self.programme, by=by, people=people)
        lacking = lacking_in(self.programme, most=3, people=people)
        sizes = {"sources": sum(people.at.values()), "sites": len(people.sites)}
        return {"by": by, "heat": heat, "uneven": heat.uneven, "lacking": lacking, "gathered": sizes}
