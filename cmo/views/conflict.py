"""Owns the conflict of two writers: theirs, mine and the two put together, until one sentence is saved or kept."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.forms.conflict import MergeForm
from cmo.forms.statement import StatementForm
from cmo.reading.areas import areas_of
from cmo.reading.conflict import Conflict, conflict_between
from cmo.reading.statements import find_statement
from cmo.reading.workbench import picker_themes
from cmo.rules.composing import Words
from cmo.rules.drafting import drop_draft, keep_draft
from cmo.rules.stating import revise
from cmo.views.picking import ADD
from cmo.views.saved import settled
from cmo.views.writing import Writing
from programmes.reading.codebook import Codes, themes_of
from programmes.refusals import Stale
from programmes.views.base import take_refusal, whole_number
from programmes.vocabulary import Verb


class Together(Writing):
    """Shows theirs, mine, base and merged, to the edit that came too late and to what was chosen on this page."""

    def came_late(self, statement: Any, form: StatementForm, *, base: int, words: Words, draft: Any) -> HttpResponse:
        """409 for what was written from revision `base` while others saved. It is kept as a draft before all else."""
        wrong = self.keep(statement, base, draft)
        statement = find_statement(self.programme, statement.number)
        codes = Codes(self.programme)
        conflict = conflict_between(
            statement, base=base, words=words, themes=form.typed_themes, area=form.data.get("area"),
            state=form.data.get("state") or None, codes=codes,
        )  # fmt: skip
        merging = self.merge_form(None, conflict, first=form)
        if wrong is not None:  # it cannot be stored, but it comes back on the page with what is wrong
            take_refusal(merging, wrong)
        return self.conflict_page(statement, merging, status=409 if wrong is None else 422)

    def keep(self, statement: Any, base: int, fields: dict[str, Any]) -> ValidationError | None:
        """Keep these fields as a draft; what is wrong with them when they cannot be kept."""
        try:
            nonce = self.request.POST.get("nonce", "")
            keep_draft(self.programme, by=self.actor, statement=statement, base=base, fields=fields, nonce=nonce)
        except ValidationError as refusal:
            return refusal
        return None

    def merge_form(self, data: Any, conflict: Conflict, **more: Any) -> MergeForm:
        areas = areas_of(self.programme)
        return MergeForm(data, conflict=conflict, programme=self.programme, areas=areas, **more)

    def conflict_page(
        self,
        statement: Any,
        form: MergeForm,
        *,
        status: int,
        problems: list[tuple[str, str]] | None = None,
        **more: Any,
    ) -> HttpResponse:
        conflict = form.conflict
        text = str(form["wording"].value() or "")
        at = "mg-fin" if form.aligned else "id_wording"
        wrong = [(at, said) for found in form.errors.values() for said in found] if status == 422 else []
        context = {
            "current": "workbench",
            "statement": statement,
            "conflict": conflict,
            "form": form,
            "text": text,
            "parts": parsing.pack(parsing.find_parts(text)),
            "themes": picker_themes(themes_of(self.programme), form.typed_themes),
            "next": self.back_url(""),
            "problems": [*(problems or []), *wrong],
            **more,
        }
        answer = self.show("cmo/conflict.html", context, status=status)
        if self.htmx:  # the whole page takes the place of the whole page
            answer["HX-Retarget"] = answer["HX-Reselect"] = "#main"
            answer["HX-Reswap"] = "outerHTML show:top"
            answer["HX-Push-Url"] = reverse("statement-edit", args=[self.programme.slug, statement.number])
        return answer


class PutTogether(Together):
    """What was chosen on the conflict page: to be saved, looked at first, proposed to the team, or left as a draft."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads."""
        return redirect("statement-edit", self.programme.slug, find_statement(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        statement = find_statement(self.programme, number)
        do, new = request.POST.get("do", ""), dict[str, Any]()
        sent: QueryDict = request.POST
        if do == ADD:
            sent, new = self.with_theme()
        form = self.sent(statement, sent)
        if form is None:
            return redirect("statement-edit", self.programme.slug, statement.number)
        if self.htmx:
            return self.result(form)
        if do == "later":
            return self.later(statement, form)
        if do in ("show", "whole", ADD):
            self.keep(statement, form.conflict.started, form.draft())
            return self.conflict_page(statement, form, status=422 if new else 200, new_theme=new)
        if do == "propose":
            return self.to_propose(statement, form)
        return self.settle(statement, form)

    def sent(self, statement: Any, sent: QueryDict) -> MergeForm | None:
        """The form as it was sent, against the two revisions that it was made for; None when it does not say which."""
        base, seen = whole_number(sent.get("started"), 0), whole_number(sent.get("base"), 0)
        if not base or not seen:
            return None
        conflict = conflict_between(
            statement, base=base, seen=seen, words=Words(wording=sent.get("mine", "")),
            themes=sent.getlist("mine-theme"), area=sent.get("mine-area"), state=sent.get("mine-state"),
            codes=Codes(self.programme),
        )  # fmt: skip
        return self.merge_form(sent, conflict, whole=sent.get("do") == "whole")

    def result(self, form: MergeForm) -> HttpResponse:
        """The sentence as it would be saved, as a fragment."""
        text = str(form["wording"].value() or "")
        context = {"text": text, "parts": parsing.pack(parsing.find_parts(text)), "form": form}
        return self.show("cmo/_conflict_result.html", context)

    def later(self, statement: Any, form: MergeForm) -> HttpResponse:
        wrong = self.keep(statement, form.conflict.started, form.draft())
        if wrong is not None:
            take_refusal(form, wrong)
            return self.conflict_page(statement, form, status=422)
        messages.success(self.request, _("Your words are kept as a draft; nothing was saved."))
        return redirect("statement", self.programme.slug, statement.number)

    def to_propose(self, statement: Any, form: MergeForm) -> HttpResponse:
        """What was chosen goes along, as a draft from the version that was seen here, to the form of a proposal."""
        problems = form.unchosen()
        if problems or not form.is_valid():
            return self.not_yet(statement, form, problems)
        wrong = self.keep(statement, form.conflict.seen, form.draft())
        if wrong is not None:
            take_refusal(form, wrong)
            return self.conflict_page(statement, form, status=422)
        return redirect("statement-propose", self.programme.slug, statement.number)

    def settle(self, statement: Any, form: MergeForm) -> HttpResponse:
        problems = form.unchosen()
        if not problems and form.is_valid():
            try:
                return self.done_once(lambda: self._revise(statement, form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:  # somebody saved again: what was chosen is mine now, and the page looks at the rest
                words = Words(wording=form.words().wording)
                return self.came_late(statement, form, base=form.conflict.seen, words=words, draft=form.draft())
        return self.not_yet(statement, form, problems)

    def not_yet(self, statement: Any, form: MergeForm, problems: list[tuple[str, str]]) -> HttpResponse:
        """The page again, with what is wrong or still to be chosen; so far it is kept as a draft."""
        wrong = self.keep(statement, form.conflict.started, form.draft())
        if wrong is not None and not form.errors:
            take_refusal(form, wrong)
        return self.conflict_page(statement, form, status=422, problems=problems)

    def _revise(self, statement: Any, form: MergeForm) -> HttpResponse:
        base = form.conflict.seen
        done = revise(statement, by=self.actor, base=base, **form.given())
        said, _kept = settled(
            done, base, form.cleaned_data["reason"],
            keep=lambda: self.keep(statement, base, form.draft()),
            drop=lambda: drop_draft(self.programme, by=self.actor, statement=statement),
        )  # fmt: skip
        messages.success(self.request, said)
        return redirect(self.back_url(reverse("statement", args=[self.programme.slug, done.number])))


class KeepTogether(PutTogether):
    """Keeps what is chosen so far while it is being chosen; answers 204."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        statement = find_statement(self.programme, number)
        form = self.sent(statement, request.POST)
        wrong = self.keep(statement, form.conflict.started, form.draft()) if form is not None else None
        if form is None or wrong is not None:
            said = " ".join(wrong.messages) if wrong else _("Load the page again: it does not say what it began with.")
            return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=204)
