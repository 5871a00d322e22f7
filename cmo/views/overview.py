"""Owns the overview of a programme."""

from django.http import HttpRequest, HttpResponse

from cmo.reading.counts import codebook_size
from cmo.reading.overview import figures, incomplete, latest, matrix_of
from cmo.vocabulary import Gap
from programmes.reading.team import phases_of
from programmes.views.base import Page


class Overview(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
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
            },
        )
