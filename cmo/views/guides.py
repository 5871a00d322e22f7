"""Owns the page of the teacher–learner interview guide: choose statements, print it, write the answers down."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.guide import AnswersForm
from cmo.reading.evidence import source_named
from cmo.reading.guides import answers_in, guide_for, kind_of_guide, offered, others_in
from cmo.reading.warned import excerpts_warned
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
        if not labels and not kind:
            return self.guide_page(None, None, labels)
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
        others = others_in(form.others(), locator=given["locator"])
        made = keep_answers(self.programme, by=self.actor, source=source, answers=answers, others=others)
        messages.success(self.request, self._said(source, made))
        for warning in excerpts_warned(made.excerpts):
            messages.warning(self.request, _("%(warning)s Read it again.") % {"warning": warning})
        return redirect("source", self.programme.slug, source.number)

    def _said(self, source: Any, made: Any) -> str:
        """2 answers of Q3 are kept: X30 on S5, X31 on no statement yet."""
        n = len(made.excerpts)
        said = ngettext(
            "%(n)s answer of %(source)s is kept: %(kept)s.", "%(n)s answers of %(source)s are kept: %(kept)s.", n
        )
        on = [_("%(label)s on %(claim)s") % {"label": one.excerpt.label, "claim": on_of(one).label}
              for one in made.bearings]  # fmt: skip
        beside = [_("%(label)s on no statement yet") % {"label": one.label} for one in made.others]
        return said % {"n": n, "source": source.label, "kept": ", ".join([*on, *beside])}

    def guide_page(
        self, guide: Any, form: Any, labels: list[str], *, status: int = 200, problems: Any = ()
    ) -> HttpResponse:
        context = {
            "current": "evidence", "guide": guide, "form": form, "chosen": set(labels), "problems": problems,
            "sources": list(sources_of(self.programme)[:MOST_SOURCES]) if guide else [],
            "offered": offered(self.programme), "kinds": PhaseKind.choices,
            "kind": guide.kind.value if guide else self._kind_asked(),
        }  # fmt: skip
        return self.show("cmo/weighed/guide.html", context, status=status)

    def _kind_asked(self) -> str:
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        given = str(sent.get("kind", ""))
        return kind_of_guide(self.programme, given if given in PhaseKind.values else "").value
