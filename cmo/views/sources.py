"""Owns the acts on sources and sites: add, edit, retire, bring back, keep a transcript."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.evidence import SiteForm, SourceForm, TranscriptForm, TurnForm
from cmo.forms.evidence_conflict import SITE, put_site_together, put_source_together
from cmo.forms.late import data_of, revision_then, unanswered
from cmo.forms.together import refuse_marks
from cmo.merging import both_marked
from cmo.rules.excerpting import keep_transcript, turn_source
from cmo.views.evidence import EvidencePage, SourcePage
from programmes.access import require
from programmes.reading.fieldwork import (
    find_site,
    find_source,
    roles_used,
    site_named,
    sites_of,
    sites_offered,
    source_history,
    transcript_of,
)
from programmes.reading.team import phases_of
from programmes.refusals import Stale
from programmes.remembering import as_typed, shown_of
from programmes.rules.siting import add_site, change_site, turn_site
from programmes.rules.sourcing import add_source, change_source
from programmes.views.base import sentences, take_refusal
from programmes.vocabulary import Verb

WORDS = (
    "kind", "pseudonym", "citation", "role", "dated", "relevance", "relevance_reason", "richness", "richness_reason",
    "rigour", "rigour_reason", "note",
)  # fmt: skip


class Editing(EvidencePage):
    """A form of evidence: read it, call the rule once, or show it again with what was refused."""

    writes: Verb | None = Verb.EVIDENCE
    template = ""

    def allowed(self) -> None:
        require(self.actor, Verb.EVIDENCE, self.programme)

    def form_page(self, form: BaseForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.show(self.template, {"current": "evidence", "form": form, **more}, status=status)

    def based(self, form: BaseForm) -> int | None:
        """The revision that the form started from; None, said in the form, where it has lost that."""
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and base is None:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        return base

    def rebased(self, base: int) -> Any:
        """What was typed, to be saved over revision `base`, which somebody else saved meanwhile."""
        data: Any = self.request.POST.copy()
        data["base"] = str(base)
        return data


class _SourceForms(Editing):
    template = "cmo/evidence/source_form.html"

    def form(self, data: Any = None, *, held: Any = None, **more: Any) -> SourceForm:
        sites = sites_offered(self.programme, held)
        return SourceForm(data, sites=sites, phases=phases_of(self.programme), **more)

    def form_page(self, form: BaseForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return super().form_page(form, status=status, roles=roles_used(self.programme), **more)

    def taken(self, form: SourceForm) -> dict[str, Any]:
        """What the form says as the rules take it."""
        said = {name: form.cleaned_data[name] for name in WORDS}
        phases = {phase.slug: phase for phase in phases_of(self.programme)}
        said["site"] = site_named(self.programme, form.cleaned_data["site"])
        slug = form.cleaned_data["phase"]
        if slug and slug not in phases:
            raise ValidationError({"phase": _("There is no phase “%(phase)s” here.") % {"phase": slug[:60]}})
        return {**said, "phase": phases.get(slug)}


class NewSource(_SourceForms):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.allowed()
        now = next((phase.slug for phase in phases_of(self.programme) if phase.state == "open"), "")
        return self.form_page(self.form(new=True, initial={"phase": now, "kind": "interview"}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, new=True)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._add(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _add(self, form: SourceForm) -> HttpResponse:
        made = add_source(self.programme, by=self.actor, **self.taken(form))
        messages.success(self.request, _("%(label)s is added; now add what was said.") % {"label": made.label})
        return redirect("source", self.programme.slug, made.number)


class EditSource(_SourceForms):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        self.allowed()
        source = find_source(self.programme, number)
        initial = {name: getattr(source, name) for name in WORDS}
        initial |= {
            "site": source.site.slug if source.site else "", "phase": source.phase.slug if source.phase else "",
            "base": source.revision_number,
        }  # fmt: skip
        return self.form_page(self.form(initial=initial, held=source.site), source=source)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source = find_source(self.programme, number)
        form = self.form(request.POST, held=source.site)
        base = self.based(form)
        if base is not None:
            try:
                return self.done_once(lambda: self._change(source, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form, base)
        return self.form_page(form, status=422, source=source)

    def _came_late(self, number: int, form: SourceForm, base: int) -> HttpResponse:
        source = find_source(self.programme, number)
        history = source_history(source)
        then, now = revision_then(history, base), history[0]
        merged = put_source_together(form, then, now)
        fresh = self.form(data_of(form, merged, base=now.number), held=source.site)
        return self.form_page(unanswered(fresh), status=409, source=source, merged=merged, then=then, now=now)

    def _change(self, source: Any, form: SourceForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
        reason = form.cleaned_data["reason"]
        done = change_source(source, by=self.actor, base=base, reason=reason, **self.taken(form))
        messages.success(self.request, _("%(label)s is saved.") % {"label": done.label})
        return redirect("source", self.programme.slug, done.number)


class TurnSource(SourcePage):
    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("source", self.programme.slug, find_source(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source, form = find_source(self.programme, number), TurnForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.source_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(source, form.cleaned_data))
        except ValidationError as refusal:
            return self.source_page(number, status=422, problems=sentences(refusal))
        except Stale:
            said = _("%(label)s was saved meanwhile; look at it, then decide again.") % {"label": source.label}
            return self.source_page(number, status=409, problems=[said])

    def _turn(self, source: Any, given: dict[str, Any]) -> HttpResponse:
        retired = given["to"] == "retired"
        done = turn_source(source, by=self.actor, base=given["base"], retired=retired, reason=given["reason"])
        gone = _("%(label)s is retired, and its excerpts count no longer.")
        said = gone if retired else _("%(label)s is in use again.")
        messages.success(self.request, said % {"label": done.label})
        return redirect("source", self.programme.slug, done.number)


class KeepTranscript(Editing):
    template = "cmo/evidence/transcript_form.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        self.allowed()
        source = find_source(self.programme, number)
        form = TranscriptForm(initial={"text": transcript_of(source), "base": source.revision_number})
        return self.form_page(form, source=source)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source, form = find_source(self.programme, number), TranscriptForm(request.POST)
        base = self.based(form)
        if base is not None:
            try:
                return self.done_once(lambda: self._keep(source, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form, base)
        return self.form_page(form, status=422, source=source)

    def _came_late(self, number: int, form: TranscriptForm, base: int) -> HttpResponse:
        """What was typed; where the transcript itself was saved meanwhile, each place that differs is marked, as a
        transcript has no history out of which to tell who changed it."""
        source = find_source(self.programme, number)
        history, theirs = source_history(source), transcript_of(source)
        then, now = revision_then(history, base), history[0]
        data, mine = self.rebased(now.number), as_typed(form.cleaned_data["text"])
        said = _("The source was saved meanwhile; save again to keep this transcript.")
        moved = then.transcript_digest != now.transcript_digest and theirs != mine
        if moved and theirs:
            data["text"] = both_marked(theirs, mine)
            said = _("%(who)s saved another transcript meanwhile. Where they differ both readings are marked; choose.")
        elif moved:
            said = _("%(who)s took the transcript out meanwhile. Save again only if this one is to be kept.")
        again = TranscriptForm(data)
        again.add_error(None, said % {"who": now.author.name})
        return self.form_page(again, status=409, source=source)

    def _keep(self, source: Any, form: TranscriptForm, base: int) -> HttpResponse:
        text = form.cleaned_data["text"]
        refuse_marks(form.cleaned_data)
        done = keep_transcript(source, by=self.actor, base=base, text=text)
        said = _("The transcript of %(label)s is kept.") if text.strip() else _("%(label)s has no transcript here now.")
        messages.success(self.request, said % {"label": done.label})
        return redirect("source", self.programme.slug, done.number)


# ---------------------------------------------------------------- sites


class Sites(Editing):
    """The sites in their order; each with a form, and one for a new one."""

    template = "cmo/evidence/sites.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.sites_page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SiteForm(request.POST, new=True, prefix="new")
        if form.is_valid():
            try:
                return self.done_once(lambda: self._add(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.sites_page(status=422, form=form)

    def _add(self, form: SiteForm) -> HttpResponse:
        said = {name: form.cleaned_data[name] for name in ("name", "note")}
        made = add_site(self.programme, by=self.actor, **said)
        messages.success(self.request, _("%(site)s is added.") % {"site": made.name})
        return redirect("sites", self.programme.slug)

    def sites_page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        form = more.pop("form", None) or SiteForm(new=True, prefix="new")
        sites = sites_of(self.programme)
        return self.form_page(form, status=status, sites=sites, **more)


class EditSite(Sites):
    template = "cmo/evidence/site_form.html"

    def get(self, request: HttpRequest, site: str) -> HttpResponse:  # type: ignore[override]
        self.allowed()
        found = find_site(self.programme, site)
        initial = self.initial(found)
        return self.form_page(SiteForm(initial={**initial, "shown": shown_of(initial)}), site=found)

    def initial(self, site: Any) -> dict[str, Any]:
        return {**{name: getattr(site, name) for name in SITE}, "base": site.revision_number}

    def post(self, request: HttpRequest, site: str) -> HttpResponse:  # type: ignore[override]
        found, form = find_site(self.programme, site), SiteForm(request.POST)
        base = self.based(form)
        if base is not None:
            try:
                return self.done_once(lambda: self._change(found, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale as stale:
                now = self.initial(stale.record)
                merged = put_site_together(form, now)
                fresh = SiteForm(data_of(form, merged, base=now["base"], shown=shown_of(now)))
                return self.form_page(unanswered(fresh), status=409, site=stale.record, merged=merged)
        return self.form_page(form, status=422, site=found)

    def _change(self, site: Any, form: SiteForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
        said = {name: form.cleaned_data[name] for name in SITE}
        done = change_site(site, by=self.actor, base=base, **said)
        messages.success(self.request, _("%(site)s is saved.") % {"site": done.name})
        return redirect("sites", self.programme.slug)


class TurnSite(Sites):
    def get(self, request: HttpRequest, site: str) -> HttpResponse:  # type: ignore[override]
        find_site(self.programme, site)
        return redirect("sites", self.programme.slug)

    def post(self, request: HttpRequest, site: str) -> HttpResponse:  # type: ignore[override]
        found, form = find_site(self.programme, site), TurnForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.sites_page(status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(found, form.cleaned_data))
        except ValidationError as refusal:
            return self.sites_page(status=422, problems=sentences(refusal))
        except Stale:
            said = _("%(label)s was saved meanwhile; look at it, then decide again.") % {"label": found.name}
            return self.sites_page(status=409, problems=[said])

    def _turn(self, site: Any, given: dict[str, Any]) -> HttpResponse:
        done = turn_site(site, by=self.actor, base=given["base"], retired=given["to"] == "retired")
        said = _("%(label)s is retired.") if done.retired else _("%(label)s is in use again.")
        messages.success(self.request, said % {"label": done.name})
        return redirect("sites", self.programme.slug)
