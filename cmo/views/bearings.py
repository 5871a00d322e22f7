"""Owns the page of a bearing and the acts on it, and the evidence planned for a configuration."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.evidence import BearingForm, ConfirmForm, PlanLineForm, TurnForm
from cmo.forms.evidence_conflict import PLANNED, Line, as_line, planned_in, put_bearing_together, put_plan_together
from cmo.forms.late import called_in, data_of, revision_then, unanswered
from cmo.forms.together import refuse_marks
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
from programmes.views.base import sentences, take_refusal, whole_number
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
            except Stale:
                return self._came_late(number, form, base)
        return self.form_page(form, status=422, row=BearingRow(one))

    def _came_late(self, number: int, form: BearingForm, base: int) -> HttpResponse:
        one = find_bearing(self.programme, number)
        history = bearing_history(one)
        then, now = revision_then(history, base), history[0]
        merged = put_bearing_together(form, then, now)
        fresh = unanswered(BearingForm(data_of(form, merged, base=now.number)))
        return self.form_page(fresh, status=409, row=BearingRow(one), merged=merged, then=then, now=now)

    def _change(self, one: Any, form: BearingForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
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
        held = _lines(plan)
        context = {
            "current": "configurations", "configuration": configuration, "plan": plan,
            "base": plan.revision_number, "shown": json.dumps(held, ensure_ascii=False), **more,
        }  # fmt: skip
        context["forms"] = more.get("forms") or self._fresh(plan, held)
        return self.show(self.template, context, status=status)

    def _sites(self, plan: Any) -> list[Any]:
        """Those in use, and those that the plan names already."""
        named = [row.line.site for row in plan.rows if row.line.site]
        return list(dict.fromkeys([*sites_of(self.programme, retired=False), *named]))

    def _fresh(self, plan: Any, lines: Sequence[Line]) -> list[PlanLineForm]:
        sites = self._sites(plan)
        rows = [*(dict(zip(PLANNED, line, strict=True)) for line in lines), *({} for _at in range(EMPTY_LINES))]
        return [PlanLineForm(prefix=str(at), sites=sites, initial=row) for at, row in enumerate(rows)]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        configuration, sent = find_configuration(self.programme, number), request.POST
        n, sites = sum(name.endswith("-sources") for name in sent), self._sites(plan_of(configuration))
        forms = [PlanLineForm(sent, prefix=str(at), sites=sites) for at in range(min(n, 60))]
        base = whole_number(sent.get("base"), -1)
        again: dict[str, Any] = {"forms": forms, "base": max(base, 0), "shown": sent.get("shown", "")}
        if base < 0 or not all(form.is_valid() for form in forms):
            said = _("Load the page again: it does not say which revision you saw.")
            wrong = [error for form in forms for errors in form.errors.values() for error in errors]
            return self.plan_page(number, status=422, problems=wrong or [said], **again)
        try:
            return self.done_once(lambda: self._plan(configuration, forms, base))
        except ValidationError as refusal:
            return self.plan_page(number, status=422, problems=sentences(refusal), **again)
        except Stale:
            given = [form.cleaned_data for form in forms]
            return self._came_late(number, [as_line(one) for one in given if one["sources"]])

    def _came_late(self, number: int, mine: Sequence[Line]) -> HttpResponse:
        """Both edits of the plan in one form that starts from theirs; nothing is lost, nothing saved yet."""
        plan = plan_of(find_configuration(self.programme, number))
        fields = PlanLineForm(sites=self._sites(plan)).fields
        called = {name: called_in(fields[name]) for name in ("kind", "site")}
        merged = put_plan_together(planned_in(self.request.POST.get("shown")), _lines(plan), mine, called)
        return self.plan_page(number, status=409, forms=self._fresh(plan, merged.written), merged=merged)

    def _plan(self, configuration: Any, forms: list[PlanLineForm], base: int) -> HttpResponse:
        lines = []
        for at, form in enumerate(forms, start=1):
            given = dict(form.cleaned_data)
            if any(given.values()):
                given |= {"sources": given["sources"] or 0, "site": site_named(self.programme, given["site"])}
                lines.append(Planned(**given, at=at))
        plan_evidence(configuration, by=self.actor, base=base, lines=lines)
        messages.success(self.request, _("The plan of %(label)s is saved.") % {"label": configuration.label})
        return redirect("evidence-plan", self.programme.slug, configuration.number)


def _lines(plan: Any) -> list[Line]:
    held = [row.line for row in plan.rows]
    return [as_line({**vars(line), "site": line.site.slug if line.site else ""}) for line in held]
