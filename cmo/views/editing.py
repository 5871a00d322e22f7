"""Owns the writing of statements: new, edit in place, the draft kept meanwhile, and what saving would change so far."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.statement import IN_PARTS, SENTENCE, StatementForm, initial_of, wants_parts
from cmo.reading.areas import areas_of
from cmo.reading.counts import theory_size
from cmo.reading.statements import find_statement, row_of
from cmo.reading.workbench import draft_of
from cmo.rules.agreeing import goes_by_review
from cmo.rules.drafting import drop_draft, keep_draft
from cmo.rules.stating import revise, state
from cmo.views.conflict import Together
from cmo.views.saved import settled
from cmo.views.workbench import SIZE
from cmo.views.writing import AGAIN, Writing
from cmo.vocabulary import State
from programmes.access import require
from programmes.refusals import Stale
from programmes.views.base import Page, take_refusal
from programmes.vocabulary import Verb


class NewStatement(Writing):
    writes = Verb.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, self.writes, self.programme)
        draft = draft_of(self.actor.person, self.programme, None)
        initial = {"mode": IN_PARTS, "state": "draft", "area": request.GET.get("area", "")}
        if draft:
            initial |= draft.fields
        if request.GET.get("as") in (SENTENCE, IN_PARTS):
            initial["mode"] = request.GET["as"]
        area = request.GET.get("area", "")
        elsewhere = bool(draft and area and area != draft.fields.get("area", ""))
        return self.form_page(self.form(None, initial=initial), draft=draft, elsewhere=elsewhere)

    def form(self, data: Any, **more: Any) -> StatementForm:
        return StatementForm(data, programme=self.programme, areas=areas_of(self.programme), new=True, **more)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") in AGAIN:
            return self.again()
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._state(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _state(self, form: StatementForm) -> HttpResponse:
        given = form.given()
        given["area"] = None if not form.cleaned_data.get("area") else given["area"]
        made = state(self.programme, by=self.actor, **given)
        drop_draft(self.programme, by=self.actor, statement=None)
        messages.success(self.request, _("%(label)s is kept as version 1.") % {"label": made.label})
        return redirect(place_of(self.programme, made.number))


def place_of(programme: Any, number: int) -> str:
    """Where the workbench shows a statement that was just made: in its place, or at the head of a long theory."""
    url = reverse("workbench", args=[programme.slug])
    return f"{url}#s{number}" if theory_size(programme) <= SIZE else f"{url}?ordering=-number#s{number}"


class EditStatement(Together):
    """The same address gives the page of the form, or with htmx the row of the workbench that holds it."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        statement = find_statement(self.programme, number)
        row = row_of(statement)
        if row.state == State.RETIRED:
            messages.warning(request, _("%(label)s is retired; restore it first.") % {"label": row.label})
            return redirect("statement", self.programme.slug, number)
        if goes_by_review(self.programme, statement):
            return redirect("statement-propose", self.programme.slug, number)
        draft = draft_of(self.actor.person, self.programme, statement)
        mode = IN_PARTS if wants_parts(row) else SENTENCE
        initial = initial_of(row, mode)
        if draft:
            initial |= {**draft.fields, "base": draft.base or row.revision}
        elif request.GET.get("as") in (SENTENCE, IN_PARTS):
            initial["mode"] = request.GET["as"]
        return self.form_page(self.form(None, initial=initial), row=row, statement=statement, draft=draft)

    def form(self, data: Any, **more: Any) -> StatementForm:
        return StatementForm(data, programme=self.programme, areas=areas_of(self.programme), **more)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        statement = find_statement(self.programme, number)
        if request.POST.get("do") in AGAIN:
            return self.again(statement, row_of(statement))
        form = self.form(request.POST)
        if goes_by_review(self.programme, statement):
            form.add_error(None, _("%(label)s is agreed; propose the change.") % {"label": statement.label})
        if form.is_valid() and form.cleaned_data.get("base"):
            try:
                return self.done_once(lambda: self._revise(statement, form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                base = form.cleaned_data["base"]
                return self.came_late(statement, form, base=base, words=form.words(), draft=self.typed())
        return self.form_page(form, status=422, row=row_of(statement), statement=statement)

    def _revise(self, statement: Any, form: StatementForm) -> HttpResponse:
        base = form.cleaned_data["base"]
        done = revise(statement, by=self.actor, base=base, **form.given())
        said, kept = settled(
            done, base, form.cleaned_data["reason"],
            keep=lambda: keep_draft(
                self.programme, by=self.actor, statement=statement, base=base, fields=self.typed()
            ),
            drop=lambda: drop_draft(self.programme, by=self.actor, statement=statement),
        )  # fmt: skip
        if self.htmx:
            context = {"rows": [row_of(done)], "refocus": True, "drafted": {done.number} if kept else ()}
            answer = self.show("cmo/_statement_row.html", context)
            answer["HX-Trigger"] = _said(said)
            return answer
        messages.success(self.request, said)
        return redirect(self.back_url(reverse("statement", args=[self.programme.slug, done.number])))


class ShowRow(Page):
    """One statement as the workbench shows it, for htmx when an edit stops; without it, its page."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        statement = find_statement(self.programme, number)
        if not self.htmx:
            return redirect("statement", self.programme.slug, number)
        kept = draft_of(self.actor.person, self.programme, statement) is not None
        context = {"rows": [row_of(statement)], "refocus": True, "drafted": {number} if kept else ()}
        answer = self.show("cmo/_statement_row.html", context)
        if kept:
            answer["HX-Trigger"] = _said(_("Your draft of %(label)s is kept.") % {"label": statement.label})
        return answer


class KeepDraft(Writing):
    """Keeps what is being typed; answers 204. With `discard` it is dropped, and the page goes where it came from."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        statement = find_statement(self.programme, number) if number else None
        if "discard" in request.POST:
            drop_draft(self.programme, by=self.actor, statement=statement)
            messages.success(request, _("The draft is discarded."))
            return redirect(self.back_url(reverse("home")))
        raw = request.POST.get("base", "")
        base = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else None
        try:
            nonce = request.POST.get("nonce", "")
            keep_draft(
                self.programme, by=self.actor, statement=statement, base=base, fields=self.typed(), nonce=nonce
            )
        except ValidationError as refusal:
            return HttpResponse(" ".join(refusal.messages), status=422, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=204)


class Preview(Writing):
    """What saving would change so far, as a fragment: the words against the statement, and how they are read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        sent = {name: request.POST[name][:20_000] for name in request.POST}
        statement = find_statement(self.programme, number) if number else None
        return self.show("cmo/_preview.html", self.so_far(sent, statement))


def _said(text: str) -> str:
    """An HX-Trigger that app.js speaks; headers are ASCII, so other letters go as escapes."""
    return json.dumps({"said": text})
