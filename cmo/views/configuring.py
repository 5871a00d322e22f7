"""Owns the writing of configurations: new ones, from a statement too, editing, and two edits of one put together."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.configuration import PREFIX, ConfigurationForm, Written, initial_of, written_of
from cmo.forms.configuration_conflict import put_together, written_then
from cmo.forms.gathering import labels_in
from cmo.lines import Line, written
from cmo.reading.areas import areas_of
from cmo.reading.configurations import configuration_row, find_configuration, statements_named
from cmo.reading.drafts import draft_of_configuration
from cmo.reading.slots import slots_of
from cmo.reading.structure_pages import near_ones
from cmo.rules.agreeing import goes_by_review
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.spelling_out import first_elements
from cmo.views.drafting import Drafting
from cmo.views.resting import resting
from cmo.views.saved import settled
from cmo.vocabulary import Drafted, State
from programmes.access import require
from programmes.refusals import Stale
from programmes.views.base import take_refusal
from programmes.vocabulary import Verb


class Configuring(Drafting):
    """What new and edited configurations share."""

    writes: Verb = Verb.WRITE
    drafted = Drafted.CONFIGURATION

    def form(self, data: Any = None, **more: Any) -> ConfigurationForm:
        return ConfigurationForm(
            data, programme=self.programme, slots=slots_of(self.programme), areas=areas_of(self.programme), **more
        )

    def form_page(self, form: ConfigurationForm, *, status: int = 200, **more: Any) -> HttpResponse:
        row = more.get("row")
        context = {
            "current": "configurations", "form": form, **resting(self, row.configuration if row else None, form), **more
        }  # fmt: skip
        return self.show("cmo/structure/configuration_form.html", context, status=status)

    def say_near(self, done: Any, held: set[int]) -> None:
        """Point out new elements that nearly repeat others."""
        row = configuration_row(done, slots_of(self.programme))
        joined = [one.element for one in row.placed if one.element.pk not in held]
        for near in near_ones(self.programme, joined):
            said = _("%(label)s says nearly the same as %(others)s; share one of them if they are one.")
            others = ", ".join(other.label for other in near.others)
            messages.info(self.request, said % {"label": near.element.label, "others": others})


class NewConfiguration(Configuring):
    """`?from=S7` begins with what was found in the sentence of a statement; `?area=` with an area."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, self.writes, self.programme)
        label = request.GET.get("from", "")
        draft = draft_of_configuration(self.actor.person, self.programme, None)
        if draft:  # before what the address asks for: nobody's words are written over by a link
            form = self.form(initial=draft.fields, used=_roles(draft))
            return self.form_page(form, draft=draft, wanted=_wanted(draft, label))
        if not label:
            return self.form_page(self.form(initial={"area": request.GET.get("area", ""), "state": "draft"}))
        try:
            statement = statements_named(self.programme, [label])[0]
        except ValidationError:
            messages.warning(request, _("There is no statement “%(label)s” in this programme.") % {"label": label[:60]})
            return self.form_page(self.form(initial={"state": "draft"}))
        lines: dict[str, list[Line]] = {}
        for one in first_elements(statement, slots_of(self.programme).split):
            lines.setdefault(one.role, []).append(Line(None, one.text))
        area = next((area.slug for area in areas_of(self.programme) if area.pk == statement.area_id), "")
        words = {"plain": statement.wording, "area": area, "state": State.DRAFT.value}
        begun = Written(lines, words, [statement.label])
        form = self.form(initial=begun.initial(), used=lines)
        return self.form_page(form, statement=statement, begun=True)

    def form_page(self, form: ConfigurationForm, *, status: int = 200, **more: Any) -> HttpResponse:
        """Above what was kept as a draft, or comes back, stands the sentence of the one statement that it names."""
        if "statement" not in more:
            more["statement"] = self._named_in(form)
        return super().form_page(form, status=status, **more)

    def _named_in(self, form: ConfigurationForm) -> Any:
        labels = labels_in(str(form["statements"].value() or ""))
        try:
            return statements_named(self.programme, labels)[0] if len(labels) == 1 else None
        except ValidationError:
            return None

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._configure(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _configure(self, form: ConfigurationForm) -> HttpResponse:
        given = form.given()
        shared = {one.element.pk for one in given["elements"] if one.element}
        made = configure(self.programme, by=self.actor, **given)
        messages.success(self.request, _("%(label)s is kept as version 1.") % {"label": made.label})
        self.drop(None)
        self.say_near(made, shared)
        return redirect("configuration", self.programme.slug, made.number)


class EditConfiguration(Configuring):
    """The form of a configuration, and where a save came too late the page that puts both edits together."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, self.writes, self.programme)
        row = self.row(number)
        if row.configuration.state == State.RETIRED:
            messages.warning(request, _("%(label)s is retired; restore it first.") % {"label": row.label})
            return redirect("configuration", self.programme.slug, number)
        if self.writes is Verb.WRITE and goes_by_review(self.programme, row.configuration):
            return redirect("configuration-propose", self.programme.slug, number)
        initial, draft = initial_of(row), draft_of_configuration(self.actor.person, self.programme, row.configuration)
        if draft:
            initial |= {**draft.fields, "base": draft.base or row.configuration.revision_number}
        form = self.form(None, used=[*(one.role.value for one in row.placed), *_roles(draft)], initial=initial)
        return self.form_page(form, row=row, draft=draft)

    def row(self, number: int) -> Any:
        return configuration_row(find_configuration(self.programme, number), slots_of(self.programme))

    def form_of(self, row: Any, data: Any, **more: Any) -> ConfigurationForm:
        return self.form(data, used=[one.role.value for one in row.placed], **more)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        row = self.row(number)
        form = self.form_of(row, request.POST)
        if goes_by_review(self.programme, row.configuration):
            form.add_error(None, _("%(label)s is agreed; propose the change.") % {"label": row.label})
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            if base < row.configuration.revision_number:
                return self.came_late(row, form, base)
            try:
                return self.done_once(lambda: self._revise(row, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self.came_late(self.row(number), form, base)
        return self.form_page(form, status=422, row=row)

    def _revise(self, row: Any, form: ConfigurationForm, base: int) -> HttpResponse:
        given = form.given(row)
        held = {one.element.pk for one in row.placed}
        shared = {one.element.pk for one in given.get("elements", []) if one.element}
        done = revise_configuration(row.configuration, by=self.actor, base=base, **given)
        said, _kept = settled(
            done, base, form.cleaned_data["reason"],
            keep=lambda: self.keep(row.configuration, base), drop=lambda: self.drop(row.configuration),
        )  # fmt: skip
        messages.success(self.request, said)
        self.say_near(done, held | shared)
        return redirect("configuration", self.programme.slug, done.number)

    def came_late(self, row: Any, form: ConfigurationForm, base: int) -> HttpResponse:
        """What was typed is kept as a draft before all else, then put together with what others saved."""
        wrong = self.keep(row.configuration, base)
        if wrong is not None:
            take_refusal(form, wrong)
            return self.form_page(form, status=422, row=row)
        return self.together(row, form, base)

    def together(self, row: Any, form: ConfigurationForm, base: int) -> HttpResponse:
        """Theirs, mine, and both in one form that starts from theirs; nothing is lost, nothing saved yet."""
        before = written_then(row.configuration, min(base, row.configuration.revision_number))
        areas = {area.slug: area.title for area in areas_of(self.programme)}
        merged = put_together(before, written_of(row), form.typed(), label=row.slots.label, areas=areas)
        shown = initial_of(row)["shown"]
        data = self.request.POST.copy()
        for name, value in merged.written.initial().items():
            data[name] = value
        for role in form.roles:
            data[f"{PREFIX}{role}"] = written(merged.written.lines.get(role, []))
        data["base"] = str(row.configuration.revision_number)
        data["shown"] = json.dumps({**form.words_shown(), **json.loads(shown)}, ensure_ascii=False)
        fresh = self.form_of(row, data)
        fresh.is_valid()
        retired = row.configuration.state == State.RETIRED
        return self.form_page(fresh, status=409, row=row, merged=merged, started=base, retired=retired)


def _wanted(draft: Any, label: str) -> str:
    """What somebody came for who finds a draft instead that they began for something else."""
    held = labels_in(str(draft.fields.get("statements", "")))
    return label[:20] if label and label.upper() not in held else ""


def _roles(draft: Any) -> list[str]:
    """The roles of which a draft holds a field."""
    return [name.removeprefix(PREFIX) for name in (draft.fields if draft else ()) if name.startswith(PREFIX)]
