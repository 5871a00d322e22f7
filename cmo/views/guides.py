"""Owns the page of the teacher–learner interview guide: choose statements, print it, write the answers down."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from cmo.forms.guide import AnswersForm
from cmo.reading.evidence import source_named
from cmo.reading.guides import answers_in, guide_for, kind_of_guide, offered
from cmo.rules.answering import keep_answers
from cmo.rules.evidencing import on_of
from programmes.reading.fieldwork import sources_of
from programmes.views.base import Page, sentences, take_refusal
from programmes.vocabulary import PhaseKind, Verb

MOST_LABELS = 100
MOST_SOURCES = 500  # offered while one types; any other is named by its label


def labels_asked(query: Any) -> list[str]:
    """The labels in `?statements=S1,S5&statements=S7`."""
    given = ",".join(query.getlist("statements")).replace(" ", ",").split(",")
    return [label.strip().upper() for label in given if label.strip()][:MOST_LABELS]


class InterviewGuide(Page):
    """`?statements=S1,S5 &kind=gleaning|refining|consolidating`; a POST brings the answers."""

    evidence = True
    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest) -> HttpResponse:
        labels, kind = labels_asked(request.GET), request.GET.get("kind", "")
        try:
            guide = guide_for(self.programme, labels, kind=kind)
        except ValidationError as refusal:
            return self.guide_page(None, None, labels, problems=sentences(refusal))
        initial = {"source": request.GET.get("source", "")[:20]}
        return self.guide_page(guide, AnswersForm(asked=guide.asked, initial=initial), labels)

    def post(self, request: HttpRequest) -> HttpResponse:
        labels = labels_asked(request.POST)
        try:
            guide = guide_for(self.programme, labels, kind=request.POST.get("kind", ""))
        except ValidationError as refusal:
            return self.guide_page(None, None, labels, status=422, problems=sentences(refusal))
        form = AnswersForm(request.POST, asked=guide.asked)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._keep(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.guide_page(guide, form, labels, status=422)

    def _keep(self, form: AnswersForm) -> HttpResponse:
        given = form.cleaned_data
        source = source_named(self.programme, given["source"])
        answers = answers_in(self.programme, form.answers(), locator=given["locator"])
        made = keep_answers(self.programme, by=self.actor, source=source, answers=answers)
        said = ngettext("%(n)s answer is kept as an excerpt.", "%(n)s answers are kept as excerpts.", len(made))
        messages.success(self.request, said % {"n": len(made)})
        return redirect("statement", self.programme.slug, on_of(made[0]).record.number)

    def guide_page(
        self, guide: Any, form: Any, labels: list[str], *, status: int = 200, problems: Any = ()
    ) -> HttpResponse:
        context = {
            "current": "evidence", "guide": guide, "form": form, "chosen": set(labels), "problems": problems,
            "sources": list(sources_of(self.programme)[:MOST_SOURCES]) if guide else [],
            "offered": offered(self.programme), "kinds": PhaseKind.choices,
            "kind": guide.kind.value if guide else kind_of_guide(self.programme, ""),
        }  # fmt: skip
        return self.show("cmo/weighed/guide.html", context, status=status)
