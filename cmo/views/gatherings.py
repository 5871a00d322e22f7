"""Owns the pages of rival groups and demi-regularities: each its own address, add, edit, retire and restore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.gathering import PatternForm, RivalForm, TurnForm
from cmo.reading.links import find_pattern, find_rivals, members_of
from cmo.rules.gathering import gather_rivals, note_pattern, revise_pattern, revise_rivals, turn_gathering
from cmo.views.elements import late
from cmo.views.then import kept_page_then, theory_then
from programmes.access import require
from programmes.refusals import Stale
from programmes.remembering import shown_of
from programmes.views.base import Page, sentences, take_refusal
from programmes.vocabulary import Verb


class _Gathering(Page):
    """What a rival group and a demi-regularity share; a subclass says which it is."""

    kind: str  # "rival" or "pattern", as its addresses and templates are called
    form_class: Any
    find: Any

    def found(self, number: int) -> Any:
        return type(self).find(self.programme, number)

    def page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        found = self.found(number)
        context = {"current": "configurations", "found": found, "members": members_of(found), **more}
        return self.show(f"cmo/structure/{self.kind}.html", context, status=status)

    def form_page(self, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {"current": "configurations", "form": form, "kind": self.kind, **more}
        return self.show(f"cmo/structure/{self.kind}_form.html", context, status=status)

    def initial(self, found: Any) -> dict[str, Any]:
        labels = ", ".join(one.label for one in members_of(found))
        return {"base": found.revision_number, "configurations": labels}


class _Rivals(_Gathering):
    kind, form_class, find = "rival", RivalForm, staticmethod(find_rivals)

    def initial(self, found: Any) -> dict[str, Any]:
        words = {name: getattr(found, name) for name in ("title", "verdict", "rationale")}
        ends = {name: getattr(found, name).label if getattr(found, name) else "" for name in ("outcome", "favoured")}
        return {**super().initial(found), **words, **ends}


class _Patterns(_Gathering):
    kind, form_class, find = "pattern", PatternForm, staticmethod(find_pattern)

    def initial(self, found: Any) -> dict[str, Any]:
        words = {name: getattr(found, name) for name in ("text", "moderators", "boundaries", "counterexamples")}
        return {**super().initial(found), **words}


class _Show(_Gathering):
    then = True

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return kept_page_then(self, theory, f"{self.kind}s", number)
        return self.page(number)


class _New(_Gathering):
    """`?with=CMO4,CMO5` begins with these configurations."""

    writes = Verb.WRITE
    add: Any

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        return self.form_page(self.form_class(initial={"configurations": request.GET.get("with", "")[:400]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._add(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _add(self, form: Any) -> HttpResponse:
        made = type(self).add(self.programme, by=self.actor, **form.given(self.programme))
        messages.success(self.request, _("%(label)s is kept.") % {"label": made.label})
        return redirect(self.kind, self.programme.slug, made.number)


class _Edit(_Gathering):
    writes = Verb.WRITE
    revise: Any

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        found = self.found(number)
        if found.retired:
            messages.warning(request, _("%(label)s is retired; restore it first.") % {"label": found.label})
            return redirect(self.kind, self.programme.slug, number)
        initial = self.initial(found)
        return self.form_page(self.form_class(initial={**initial, "shown": shown_of(initial)}), found=found)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found = self.found(number)
        form = self.form_class(request.POST)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            try:
                return self.done_once(lambda: self._revise(found, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form)
        return self.form_page(form, status=422, found=found)

    def _revise(self, found: Any, form: Any, base: int) -> HttpResponse:
        done = type(self).revise(found, by=self.actor, base=base, **form.given(self.programme))
        messages.success(self.request, _("%(label)s is saved.") % {"label": done.label})
        return redirect(self.kind, self.programme.slug, done.number)

    def _came_late(self, number: int, form: Any) -> HttpResponse:
        """Theirs, mine, and both in one form that starts from theirs; nothing is lost, nothing saved yet."""
        found = self.found(number)
        now = self.initial(found)
        merged = form.put_together(now)
        data = form.data.copy()
        for name, value in merged.written.items():
            data[name] = ", ".join(value) if isinstance(value, list) else value
        data["base"], data["shown"] = str(found.revision_number), shown_of(now)
        fresh = self.form_class(data)
        fresh.is_valid()
        return self.form_page(fresh, status=409, found=found, merged=merged)


class _Turn(_Gathering):
    """`to=retired` or `to=current`."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return redirect(self.kind, self.programme.slug, self.found(number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found, form = self.found(number), TurnForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(found, form.cleaned_data))
        except ValidationError as refusal:
            return self.page(number, status=422, problems=sentences(refusal))
        except Stale as stale:
            return self.page(number, status=409, problems=[late(stale.record)])

    def _turn(self, found: Any, given: dict[str, Any]) -> HttpResponse:
        retired = self.request.POST.get("to") != "current"
        done = turn_gathering(found, by=self.actor, base=given["base"], retired=retired, reason=given["reason"])
        said = _("%(label)s is retired and can be restored.") if retired else _("%(label)s is in use again.")
        messages.success(self.request, said % {"label": done.label})
        return redirect(self.kind, self.programme.slug, done.number)


class RivalPage(_Rivals, _Show):
    """A rival group."""


class NewRivals(_Rivals, _New):
    add = staticmethod(gather_rivals)


class EditRivals(_Rivals, _Edit):
    revise = staticmethod(revise_rivals)


class TurnRivals(_Rivals, _Turn):
    """Retire or restore."""


class PatternPage(_Patterns, _Show):
    """A demi-regularity."""


class NewPattern(_Patterns, _New):
    add = staticmethod(note_pattern)


class EditPattern(_Patterns, _Edit):
    revise = staticmethod(revise_pattern)


class TurnPattern(_Patterns, _Turn):
    """Retire or restore."""
