"""Owns the table of elements, the page of one, and the acts on it: add, edit, retype, retire, restore, suggest."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.element import ElementForm, RetypeForm, initial_of
from cmo.forms.element_conflict import element_then, element_typed, put_element_together
from cmo.forms.statement import ReasonForm
from cmo.reading.drafts import draft_of_element
from cmo.reading.element_history import compare_element, element_history
from cmo.reading.elements import element_row, element_rows, find_element, near_duplicates
from cmo.reading.proposals import agreed_shown
from cmo.reading.review_queue import open_on
from cmo.reading.slots import slots_of
from cmo.reading.structure_pages import lone_first, neighbours_of_element, standing_of, suggested
from cmo.reading.workbench import picker_themes
from cmo.rules.agreeing import goes_by_review
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.retyping import restore_element, retype
from cmo.structure_filters import ElementFilter
from cmo.views.drafting import Drafting
from cmo.views.saved import settled
from cmo.views.then import element_page_then, elements_page_then, theory_then
from cmo.views.writing import stuck_at
from cmo.vocabulary import Drafted, Kind, Slot, State
from programmes.access import require
from programmes.reading.codebook import Codes, themes_of
from programmes.reading.paging import asked, take
from programmes.refusals import Stale
from programmes.views.base import Page, pager, sentences, take_refusal, whole_number
from programmes.vocabulary import Verb

SIZE = 50
SHOWN = 20
VIEWS = ("inline", "side")  # how a difference is shown
FILTERS = ("search", "kind", "role", "theme", "area", "statement", "lone", "state")


def chosen_filters(given: dict[str, Any], filterset: Any, codes: Codes, names: tuple[str, ...]) -> list[dict[str, str]]:
    """The filters in use as chips: {name, value, label}."""
    chips = []
    for name in names:
        values = given.get(name) or []
        if not values:
            continue
        if isinstance(values, str):
            chips.append({"name": name, "value": values, "label": f"“{values}”"})
            continue
        known: dict[str, Any] = {}
        if name not in ("theme", "statement", "element"):
            known = {str(value): label for value, label in filterset.form.fields[name].choices}
        for value in values:
            theme = codes.get(value) if name == "theme" else None
            label = str(theme) if theme else str(known.get(value, value))
            if name == "incomplete":
                label = _("no %(slot)s") % {"slot": label}
            chips.append({"name": name, "value": value, "label": label})
    return chips


class Elements(Page):
    """`?search= &kind= &role= &theme= &area= &statement= &lone= &state= &ordering= &page=`; lone ones come first."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return elements_page_then(self, theory)
        query = request.GET
        themes, slots = themes_of(self.programme), slots_of(self.programme)
        codes = Codes(self.programme, themes)
        filterset = ElementFilter(query, programme=self.programme, codes=codes, slots=slots)
        context: dict[str, Any] = {"current": "configurations", "q": query, "slots": slots}
        try:
            number, size = asked(query, size=SIZE)
            rows = filterset.rows()
            given = filterset.asked
            found = rows if given.get("ordering") else lone_first(rows)
            page = take(found, count=rows.count(), page=number, size=size, make=element_rows)
        except ValidationError as refusal:
            context["problems"] = sentences(refusal)
            page, given = take([], count=0, page=1, size=SIZE), {}
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "page": page,
            "pager": pager(request, page, text=said if page.count else ""),
            "chosen": chosen_filters(given, filterset, codes, FILTERS),
            "areas": [area for area in filterset.areas.values() if not area.retired],
            "themes": picker_themes(themes, query.getlist("theme")),
            "kinds": Kind.choices,
            "roles": [(role.value, slots.label(role.value)) for role in Slot],
            "states": State.choices,
        }
        return self.show("cmo/structure/elements.html", context)


class ElementPage(Page):
    """`?from=1&to=3&view=side` compares two revisions; `?older=N` shows history before revision N."""

    then = True

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        theory = theory_then(self)
        return element_page_then(self, theory, number) if theory else self.element_page(number)

    def element_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        element = find_element(self.programme, number)
        row, slots = element_row(element), slots_of(self.programme)
        before, after = neighbours_of_element(element)
        newest = whole_number(self.request.GET.get("older"), element.revision_number)
        standing = standing_of(element)
        context = {
            "current": "configurations",
            "row": row,
            "element": element,
            "before": before,
            "after": after,
            "standing": [(one, slots.label(one.role)) for one in standing],
            "near": near_duplicates(element),
            "history": element_history(element, newest - SHOWN + 1, newest),
            "older": newest - SHOWN if newest > SHOWN else 0,
            "proposals": open_on(self.actor.person, element),
            **agreed_shown(element),
            "direct": not goes_by_review(self.programme, element),
            **compared(self.request.GET, element, compare_element),
            "retype_form": RetypeForm(initial={"base": element.revision_number, "kind": element.kind}, auto_id="re-%s"),
            "following": [one for one in standing if one.follows],
            **more,
        }
        return self.show("cmo/structure/element.html", context, status=status)


def compared(query: Any, record: Any, compare: Callable[[Any, int, int], Any]) -> dict[str, Any]:
    """{comparison, view}: the difference of the two revisions that the address asks for, if it asks."""
    view = query.get("view") if query.get("view") in VIEWS else VIEWS[0]
    if not query.get("from") and not query.get("to"):
        return {"comparison": None, "view": view}
    new = whole_number(query.get("to"), record.revision_number)
    try:
        found = compare(record, whole_number(query.get("from"), max(1, new - 1)), new)
    except ValidationError as refusal:
        found = {"problem": " ".join(sentences(refusal))}
    return {"comparison": found, "view": view}


def late(record: Any) -> str:
    """What is said when somebody else was faster."""
    said = _("%(who)s changed %(label)s meanwhile, so nothing was done. Look at it below, then decide again.")
    return said % {"who": record.updated_by.name, "label": record.label}


class _Writing(Drafting):
    writes: Verb = Verb.WRITE
    drafted = Drafted.ELEMENT

    def form_page(self, form: ElementForm, *, status: int = 200, **more: Any) -> HttpResponse:
        themes = picker_themes(themes_of(self.programme), form.typed_themes)
        context = {"current": "configurations", "form": form, "themes": themes, **more}
        return self.show("cmo/structure/element_form.html", context, status=status)


class NewElement(_Writing):
    """An element outside every configuration; `?kind=` says which."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        draft = draft_of_element(self.actor.person, self.programme, None)
        typed = draft.fields if draft else {}
        kind = self._kind(request.GET if request.GET.get("kind") else typed)
        form = ElementForm(programme=self.programme, kind=kind, initial={"state": "draft", **typed})
        return self.form_page(form, kind=kind, kinds=Kind.choices, draft=draft)

    def _kind(self, sent: Any) -> str:
        kind = sent.get("kind", "")
        return kind if kind in Kind.values else Kind.CONTEXT.value

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = self._kind(request.POST)
        form = ElementForm(request.POST, programme=self.programme, kind=kind)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._introduce(form, request.POST.get("kind", kind)))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422, kind=kind, kinds=Kind.choices)

    def _introduce(self, form: ElementForm, kind: str) -> HttpResponse:
        made = introduce(self.programme, by=self.actor, kind=kind, **form.given())
        self.drop(None)
        messages.success(self.request, _("%(label)s is kept as version 1.") % {"label": made.label})
        return redirect("element", self.programme.slug, made.number)


class EditElement(_Writing):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, self.writes, self.programme)
        element = find_element(self.programme, number)
        if element.state == State.RETIRED:
            messages.warning(request, _("%(label)s is retired; restore it first.") % {"label": element.label})
            return redirect("element", self.programme.slug, number)
        if self.writes is Verb.WRITE and goes_by_review(self.programme, element):
            return redirect("element-propose", self.programme.slug, number)
        row = element_row(element)
        initial, draft = initial_of(row), draft_of_element(self.actor.person, self.programme, element)
        if draft:
            initial |= {**draft.fields, "base": draft.base or element.revision_number}
        form = ElementForm(programme=self.programme, kind=element.kind, initial=initial)
        return self.form_page(form, row=row, draft=draft)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        element = find_element(self.programme, number)
        form, row = self.form_of(element, request.POST)
        if goes_by_review(self.programme, element):
            form.add_error(None, _("%(label)s is agreed; propose the change.") % {"label": element.label})
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            try:
                return self.done_once(lambda: self._revise(element, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self.came_late(number, form, base)
        return self.form_page(form, status=422, row=row)

    def form_of(self, element: Any, data: Any) -> tuple[ElementForm, Any]:
        return ElementForm(data, programme=self.programme, kind=element.kind), element_row(element)

    def _revise(self, element: Any, form: ElementForm, base: int) -> HttpResponse:
        done = revise_element(element, by=self.actor, base=base, **form.given())
        said, _kept = settled(
            done, base, form.cleaned_data["reason"],
            keep=lambda: self.keep(element, base), drop=lambda: self.drop(element),
        )  # fmt: skip
        messages.success(self.request, said)
        return redirect("element", self.programme.slug, done.number)

    def came_late(self, number: int, form: ElementForm, base: int) -> HttpResponse:
        """Theirs, mine, and both in one form that starts from theirs. Mine is kept as a draft before all else."""
        element = find_element(self.programme, number)
        row, sent = element_row(element), self.request.POST
        wrong = self.keep(element, base)
        if wrong is not None:
            take_refusal(form, wrong)
            return self.form_page(form, status=422, row=row)
        before = element_then(element, min(base, element.revision_number))
        now = element_then(element, element.revision_number)
        themes = {theme.label: str(theme) for theme in themes_of(self.programme)}
        merged = put_element_together(before, now, element_typed(sent, before), themes=themes)
        data = sent.copy()
        for name, value in merged.written.items():
            if name == "theme":
                data.setlist(name, value)
            else:
                data[name] = value
        data["base"] = str(element.revision_number)
        fresh = ElementForm(data, programme=self.programme, kind=element.kind)
        fresh.is_valid()
        retired = element.state == State.RETIRED
        return self.form_page(fresh, status=409, row=row, merged=merged, started=base, retired=retired)


class _Act(ElementPage):
    """A POST on an element that goes back to its page, or shows it again with what was wrong."""

    then = False
    writes = Verb.WRITE
    form_class: type[Any] = ReasonForm

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return redirect("element", self.programme.slug, find_element(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        form = self.form_class(request.POST)
        element = find_element(self.programme, number)
        if not form.is_valid():
            said = [words for found in form.errors.values() for words in found]
            return self.refused(number, form, said)
        try:
            return self.done_once(lambda: self.act(element, form.cleaned_data))
        except ValidationError as refusal:
            return self.refused(number, form, sentences(refusal))
        except Stale as stale:
            return self.refused(number, form, [late(stale.record)], status=409)

    def refused(self, number: int, form: Any, said: list[str], status: int = 422) -> HttpResponse:
        return self.element_page(number, status=status, problems=said, **stuck_at(self.request.POST, said))

    def act(self, element: Any, given: dict[str, Any]) -> HttpResponse:
        raise ValidationError(_("Nothing was asked for."))

    def back(self, element: Any, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect("element", self.programme.slug, element.number)


class Retype(_Act):
    form_class = RetypeForm

    def refused(self, number: int, form: Any, said: list[str], status: int = 422) -> HttpResponse:
        """The page with what was chosen and typed, to be sent again over the element as it now is."""
        data = self.request.POST.copy()
        data["base"] = str(find_element(self.programme, number).revision_number)
        return self.element_page(number, status=status, problems=said, retype_form=RetypeForm(data, auto_id="re-%s"))

    def act(self, element: Any, given: dict[str, Any]) -> HttpResponse:
        done = retype(element, by=self.actor, base=given["base"], kind=given["kind"], reason=given["reason"])
        said = _("%(label)s is of the kind %(kind)s now, in every configuration where it stood as what it was.")
        return self.back(done, said % {"label": done.label, "kind": Kind(done.kind).label})


class RetireElement(_Act):
    def act(self, element: Any, given: dict[str, Any]) -> HttpResponse:
        done = turn_element(element, by=self.actor, base=given["base"], retired=True, reason=given["reason"])
        return self.back(done, _("%(label)s is retired. Its number and history stay.") % {"label": done.label})


class RestoreElement(_Act):
    def act(self, element: Any, given: dict[str, Any]) -> HttpResponse:
        old, base, reason = given.get("revision"), given["base"], given["reason"]
        if old:
            done = restore_element(element, by=self.actor, base=base, revision=old, reason=reason)
            said = _("%(label)s says what it said in version %(old)s again, as version %(n)s.")
        else:
            done = turn_element(element, by=self.actor, base=base, retired=False, reason=reason)
            said = _("%(label)s is in use again, as version %(n)s.")
        return self.back(done, said % {"label": done.label, "old": old, "n": done.revision_number})


class Suggest(Page):
    """`?text= &role=`: elements like what somebody types, as a fragment for the form of a configuration."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("text", "")[:400]
        found = suggested(self.programme, typed, role=request.GET.get("role", ""))
        return self.show("cmo/structure/_suggested.html", {"found": found})
