"""Owns the list of configurations, the page of one, and the acts on it but editing: retire, restore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.gathering import LinkForm
from cmo.forms.statement import ReasonForm
from cmo.reading.attached import attached_to
from cmo.reading.citing import cites_of
from cmo.reading.configurations import configuration_row, configuration_rows, find_configuration
from cmo.reading.discussion import discussion_shown
from cmo.reading.elements import themes_on
from cmo.reading.grounds import asked_of, grounds_of
from cmo.reading.inherited import inherited
from cmo.reading.lineage import lineage_shown
from cmo.reading.links import patterns_of, rivals_of
from cmo.reading.matrices import structure_counts
from cmo.reading.naming import known_in
from cmo.reading.proposals import agreed_shown
from cmo.reading.review_queue import open_on
from cmo.reading.slots import slots_of
from cmo.reading.structure_history import compare_configuration, configuration_history
from cmo.reading.structure_pages import (
    by_area,
    links_shown,
    near_ones,
    neighbours_of,
    patterns_with,
    rivals_with,
)
from cmo.reading.workbench import picker_themes
from cmo.rules.agreeing import goes_by_review
from cmo.rules.configuring import restore_configuration, turn_configuration
from cmo.structure_filters import ConfigurationFilter
from cmo.views.elements import chosen_filters, compared, late
from cmo.views.then import configuration_then, configurations_page_then, theory_then
from cmo.views.writing import stuck_at
from cmo.vocabulary import Kind, Slot, State
from programmes.reading.codebook import Codes, themes_of
from programmes.reading.paging import asked, take
from programmes.reading.team import evidence_shown
from programmes.refusals import Stale
from programmes.views.base import Page, pager, sentences, whole_number
from programmes.vocabulary import Verb

SIZE = 20
SHOWN = 20  # revisions on the page; older ones are one link away
FILTERS = (
    "search", "theme", "area", "role", "incomplete", "statement", "element", "sign", "state", "phase", "has_evidence",
)  # fmt: skip


class Configurations(Page):
    """`?search= &theme= &area= &role= &incomplete= &statement= &element= &sign= &state= &phase=
    &has_evidence= &ordering= &page=`"""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return configurations_page_then(self, theory)
        query = request.GET
        themes, slots = themes_of(self.programme), slots_of(self.programme)
        codes = Codes(self.programme, themes)
        filterset = ConfigurationFilter(query, programme=self.programme, codes=codes, slots=slots, order="area")
        context: dict[str, Any] = {"current": "configurations", "q": query, "slots": slots}
        try:
            number, size = asked(query, size=SIZE, largest=100)
            rows = filterset.rows()
            make = lambda found: configuration_rows(found, slots)  # noqa: E731
            page = take(rows, count=rows.count(), page=number, size=size, make=make)
            given = filterset.asked
        except ValidationError as refusal:
            context["problems"] = sentences(refusal)
            page, given = take([], count=0, page=1, size=SIZE), {}
        grouped = given.get("ordering") in ("", "area", None)
        context |= {
            "page": page,
            "pager": pager(request, page, text=_range(page)),
            "groups": by_area(page.rows, _("Without an area")) if grouped else [],
            "rows": page.rows,
            "chosen": chosen_filters(given, filterset, codes, FILTERS),
            "areas": [area for area in filterset.areas.values() if not area.retired],
            "phases": list(filterset.phases.values()),
            "themes": picker_themes(themes, query.getlist("theme")),
            "roles": [(role.value, slots.label(role.value)) for role in Slot],
            "states": State.choices,
            "counts": structure_counts(self.programme),
            "rivals": rivals_of(self.programme).prefetch_related(None),
            "patterns": patterns_of(self.programme).prefetch_related(None),
        }
        return self.show("cmo/structure/configurations.html", context)


def _range(page: Any) -> str:
    said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
    return said if page.count else ""


class ConfigurationPage(Page):
    """`?from=1&to=3&view=side` compares two revisions; `?older=N` shows history before revision N."""

    then = True

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        theory = theory_then(self)
        return configuration_then(self, theory, number) if theory else self.configuration_page(number)

    def configuration_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        configuration = find_configuration(self.programme, number)
        has = attached_to(configuration, self.actor.person)
        slots = slots_of(self.programme)
        row = configuration_row(configuration, slots)
        before, after = neighbours_of(configuration)
        newest = whole_number(self.request.GET.get("older"), configuration.revision_number)
        history = configuration_history(configuration, newest - SHOWN + 1, newest)
        context = {
            "current": "configurations",
            "row": row,
            "configuration": configuration,
            "slots": slots,
            "before": before,
            "after": after,
            "near": near_ones(self.programme, [one.element for one in row.placed]),
            "links": links_shown(row),
            "direct": not goes_by_review(self.programme, configuration),
            "rivals": rivals_with(configuration),
            "patterns": patterns_with(configuration),
            "history": history,
            "named": known_in(self.programme, self.actor.person, [one.revision.reason for one in history]),
            "older": newest - SHOWN if newest > SHOWN else 0,
            **compared(self.request.GET, configuration, compare_configuration),
            "grounds": self._grounds(configuration),
            "element_themes": themes_on([one.element for one in row.placed]) if evidence_shown(self.programme) else [],
            **lineage_shown(configuration, row.lineage),
            "inherited": inherited(configuration, row.lineage) if evidence_shown(self.programme) else [],
            "discussion": discussion_shown(self.programme, self.actor.person, configuration, has),
            "proposals": open_on(self.actor.person, configuration) if has.proposals else [],
            **agreed_shown(configuration, has.outcomes),
            "cites": cites_of(configuration) if evidence_shown(self.programme) else {},
            "mechanism": Kind.MECHANISM.value,
            "link_form": LinkForm(auto_id="link-%s"),
            **more,
        }
        return self.show("cmo/structure/configuration.html", context, status=status)

    def _grounds(self, configuration: Any) -> Any:
        """What it rests on, for those who see evidence."""
        if not evidence_shown(self.programme):
            return None
        return grounds_of(configuration, **asked_of(self.request.GET))


class ActOnConfiguration(ConfigurationPage):
    """A POST on a configuration that goes back to its page, or shows it again with what was wrong."""

    then = False
    writes = Verb.WRITE
    form_class: type[Any] = ReasonForm

    def get(self, request: HttpRequest, number: int, **more: Any) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("configuration", self.programme.slug, find_configuration(self.programme, number).number)

    def post(self, request: HttpRequest, number: int, **more: Any) -> HttpResponse:
        configuration = find_configuration(self.programme, number)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.refused(number, form, [_("Load the page again: it does not say which revision you saw.")])
        try:
            return self.done_once(lambda: self.act(configuration, form.cleaned_data, **more))
        except ValidationError as refusal:
            return self.refused(number, form, sentences(refusal))
        except Stale as stale:
            return self.refused(number, form, [late(stale.record)], status=409)

    def here(self, number: int) -> Any:
        return find_configuration(self.programme, number)

    def refused(self, number: int, form: Any, said: list[str], status: int = 422) -> HttpResponse:
        return self.configuration_page(number, status=status, problems=said, **stuck_at(self.request.POST, said))

    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        raise ValidationError(_("Nothing was asked for."))

    def back(self, configuration: Any, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect("configuration", self.programme.slug, configuration.number)


class RetireConfiguration(ActOnConfiguration):
    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        done = turn_configuration(
            configuration, by=self.actor, base=given["base"], retired=True, reason=given["reason"]
        )
        return self.back(done, _("%(label)s is retired. Its number and history stay.") % {"label": done.label})


class RestoreConfiguration(ActOnConfiguration):
    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        old, base, reason = given.get("revision"), given["base"], given["reason"]
        if old:
            done = restore_configuration(configuration, by=self.actor, base=base, revision=old, reason=reason)
            said = _("%(label)s is made up as in version %(old)s again, as version %(n)s.")
        else:
            done = turn_configuration(configuration, by=self.actor, base=base, retired=False, reason=reason)
            said = _("%(label)s is back in the working theory, as version %(n)s.")
        return self.back(done, said % {"label": done.label, "old": old, "n": done.revision_number})
