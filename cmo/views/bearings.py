"""Owns the page of a bearing and the acts on it, and the evidence planned for a configuration."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.evidence import BearingForm, ConfirmForm, PlanLineForm, TurnForm
from cmo.reading.configurations import find_configuration
from cmo.reading.evidence import BearingRow, bearing_history, find_bearing
from cmo.reading.evidence_pages import claim_url, judgements, moved_since, said_of
from cmo.reading.evidence_plan import plan_of
from cmo.rules.evidencing import change_bearing, confirm_bearing, turn_bearing
from cmo.rules.planning_evidence import Planned, plan_evidence
from cmo.views.evidence import EvidencePage
from cmo.views.sources import Editing
from programmes.reading.fieldwork import site_named, sites_of
from programmes.refusals import Stale
from programmes.views.base import sentences, take_refusal
from programmes.vocabulary import Verb

JUDGED = ("stance", "note", "inferred", "confidence", "confidence_reason")
EMPTY_LINES = 3  # at the end of a plan


class BearingPage(EvidencePage):
    """One bearing: the passage, the claim, what changed in the claim since, and how it was judged before."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.bearing_page(number)

    def bearing_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        row = BearingRow(find_bearing(self.programme, number))
        context = {
            "current": "evidence", "row": row, "bearing": row.bearing, "on": row.on, "moved": moved_since(row),
            "claim_url": claim_url(self.programme.slug, row.on), "claim": row.on.record, "said_of": said_of(row.on),
            "history": judgements(bearing_history(row.bearing)), **more,
        }  # fmt: skip
        return self.show("cmo/evidence/bearing.html", context, status=status)


class EditBearing(Editing):
    template = "cmo/evidence/bearing_form.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        self.allowed()
        one = find_bearing(self.programme, number)
        initial = {name: getattr(one, name) for name in JUDGED}
        return self.form_page(BearingForm(initial={**initial, "base": one.revision_number}), row=BearingRow(one))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        one, form = find_bearing(self.programme, number), BearingForm(request.POST)
        base = self.based(form)
        if base is not None:
            try:
                return self.done_once(lambda: self._change(one, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale as stale:
                again, stored = BearingForm(self.rebased(stale.record)), find_bearing(self.programme, number)
                return self.form_page(again, status=409, row=BearingRow(stored), stored=stored)
        return self.form_page(form, status=422, row=BearingRow(one))

    def _change(self, one: Any, form: BearingForm, base: int) -> HttpResponse:
        said = {name: form.cleaned_data[name] for name in JUDGED}
        done = change_bearing(one, by=self.actor, base=base, reason=form.cleaned_data["reason"], **said)
        messages.success(self.request, _("%(label)s is saved.") % {"label": done.label})
        return redirect("bearing", self.programme.slug, done.number)


class _Acts(BearingPage):
    """A button on the page of a bearing."""

    writes = Verb.EVIDENCE
    form: Any = TurnForm

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("bearing", self.programme.slug, find_bearing(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        one, form = find_bearing(self.programme, number), self.form(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.bearing_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self.act(one, form.cleaned_data))
        except ValidationError as refusal:
            return self.bearing_page(number, status=422, problems=sentences(refusal))
        except Stale:
            said = _("%(label)s was saved meanwhile; look at it, then decide again.") % {"label": one.label}
            return self.bearing_page(number, status=409, problems=[said])

    act: Callable[[Any, dict[str, Any]], HttpResponse]  # act(bearing, given) does it and goes on; each view writes it

    def back(self, one: Any, said: str) -> HttpResponse:
        messages.success(self.request, said % {"label": one.label})
        return redirect("bearing", self.programme.slug, one.number)


class TurnBearing(_Acts):
    def act(self, one: Any, given: dict[str, Any]) -> HttpResponse:
        retired = given["to"] == "retired"
        done = turn_bearing(one, by=self.actor, base=given["base"], retired=retired, reason=given["reason"])
        return self.back(done, _("%(label)s is retired.") if retired else _("%(label)s is in use again."))


class ConfirmBearing(_Acts):
    form = ConfirmForm

    def act(self, one: Any, given: dict[str, Any]) -> HttpResponse:
        done = confirm_bearing(one, by=self.actor, **given)
        return self.back(done, _("%(label)s is confirmed for the present wording."))


class EvidencePlanPage(Editing):
    """What evidence a configuration is to be tested with, and what of it was collected."""

    template = "cmo/evidence/plan.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.plan_page(number)

    def plan_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        configuration = find_configuration(self.programme, number)
        plan = plan_of(configuration)
        forms = more.pop("forms", None) or self._fresh(plan)
        context = {
            "current": "configurations", "configuration": configuration, "plan": plan, "forms": forms,
            "base": more.pop("base", plan.revision_number), **more,
        }  # fmt: skip
        return self.show(self.template, context, status=status)

    def _fresh(self, plan: Any) -> list[PlanLineForm]:
        sites = sites_of(self.programme, retired=False)
        held = [
            {"sources": row.line.sources, "kind": row.line.kind, "role": row.line.role, "note": row.line.note,
             "site": row.line.site.slug if row.line.site else ""}
            for row in plan.rows
        ]  # fmt: skip
        lines: list[dict[str, Any]] = [*held, *({} for _at in range(EMPTY_LINES))]
        return [PlanLineForm(prefix=str(at), sites=sites, initial=line) for at, line in enumerate(lines)]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        configuration, sites = find_configuration(self.programme, number), sites_of(self.programme, retired=False)
        n = sum(name.endswith("-sources") for name in request.POST)
        forms = [PlanLineForm(request.POST, prefix=str(at), sites=sites) for at in range(min(n, 60))]
        raw = request.POST.get("base", "")
        base = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else None
        if base is None or not all(form.is_valid() for form in forms):
            said = _("Load the page again: it does not say which revision you saw.")
            wrong = [error for form in forms for errors in form.errors.values() for error in errors]
            return self.plan_page(number, status=422, forms=forms, problems=wrong or [said], base=base or 0)
        try:
            return self.done_once(lambda: self._plan(configuration, forms, base))
        except ValidationError as refusal:
            return self.plan_page(number, status=422, forms=forms, problems=sentences(refusal), base=base)
        except Stale as stale:
            said = _("The plan was saved meanwhile; look at it above, then save yours in its place.")
            now = stale.record.revision_number
            return self.plan_page(number, status=409, forms=forms, problems=[said], base=now)

    def _plan(self, configuration: Any, forms: list[PlanLineForm], base: int) -> HttpResponse:
        lines = []
        for form in forms:
            given = dict(form.cleaned_data)
            if given["sources"]:
                lines.append(Planned(**{**given, "site": site_named(self.programme, given["site"])}))
        plan_evidence(configuration, by=self.actor, base=base, lines=lines)
        messages.success(self.request, _("The plan of %(label)s is saved.") % {"label": configuration.label})
        return redirect("evidence-plan", self.programme.slug, configuration.number)


