"""Owns the pages of prioritisation rounds: the list, one with its sheet to answer or its result, opening, closing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.filters import StatementFilter
from cmo.forms.meeting import BaseForm, RoundForm, answers_in, numbers_in, picked_in
from cmo.merging import merge_sets
from cmo.reading.prioritising import find_round, rounds_found, sheet_of
from cmo.reading.statements import FIELDS, made
from cmo.rules.prioritising import answer_round, close_round, mark_priorities, open_round
from programmes.access import require
from programmes.reading.paging import asked, take
from programmes.refusals import Stale
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import Verb

SIZE = 20
OFFERED = 200  # statements to pick from; a filter finds the others


class Rounds(Page):
    """`?page=`"""

    def get(self, request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {"current": "threads"}
        try:
            number, size = asked(request.GET, size=SIZE, largest=100)
        except ValidationError as refusal:
            return self.show("cmo/meeting/rounds.html", {**context, "problems": sentences(refusal)})
        found = rounds_found(self.programme, self.actor.person)
        page: Any = take(found, count=found.count(), page=number, size=size)
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {"rounds": page.rows, "pager": pager(request, page, text=said if page.count else "")}
        return self.show("cmo/meeting/rounds.html", context)


class NewRound(Page):
    """`?search= &area= &theme=` and the other filters of statements say which to pick from."""

    writes = Verb.MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.MANAGE, self.programme)
        return self.form_page(RoundForm())

    def form_page(self, form: RoundForm, *, status: int = 200, picked: Any = ()) -> HttpResponse:
        query = self.request.GET
        filterset = StatementFilter(query, programme=self.programme, order="area")
        context: dict[str, Any] = {"current": "threads", "form": form, "picked": set(picked), "search": ""}
        try:
            rows, count = made(list(filterset.rows().values_list(*FIELDS)[:OFFERED])), filterset.count()
            context["search"] = filterset.asked["search"]
        except ValidationError as refusal:
            rows, count = [], 0
            context["problems"] = sentences(refusal)
        areas = [(area.slug, area.title) for area in filterset.areas.values()]
        context |= {"rows": rows, "more": max(0, count - len(rows)), "areas": areas, "area": query.get("area", "")}
        return self.show("cmo/meeting/round_form.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RoundForm(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._open(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422, picked=request.POST.getlist("pick"))

    def _open(self, form: RoundForm) -> HttpResponse:
        picked = picked_in(self.request.POST)
        made_now = open_round(self.programme, by=self.actor, statements=picked, **form.cleaned_data)
        messages.success(self.request, _("Round %(n)s is open; the members are told.") % {"n": made_now.number})
        return redirect("round", self.programme.slug, made_now.number)


class RoundPage(Page):
    """A round as the reader may see it: their sheet while it is open, then the result."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.round_page(number)

    def round_page(self, number: int, *, status: int = 200, typed: Any = None, **more: Any) -> HttpResponse:
        around = find_round(self.programme, number)
        sheet = sheet_of(around, self.actor.person)
        rows = [(row, *_shown(row, typed)) for row in sheet.rows]
        context = {
            "current": "threads", "around": around, "sheet": sheet, "rows": rows,
            "values": range(1, sheet.steps + 1), **more,
        }  # fmt: skip
        return self.show("cmo/meeting/round.html", context, status=status)

    def leads_back(self, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("round", self.programme.slug, find_round(self.programme, number).number)


def _shown(row: Any, typed: Any) -> tuple[str, str]:
    """(value, note) as the sheet shows them: what was sent, or what one answered before."""
    if typed is not None:
        return typed.get(f"v-{row.number}", ""), typed.get(f"note-{row.number}", "")
    return (str(row.mine.value), row.mine.note) if row.mine else ("", "")


class AnswerRound(RoundPage):
    writes = Verb.COMMENT

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.leads_back(number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        around = find_round(self.programme, number)
        try:
            return self.done_once(lambda: self._answer(around))
        except ValidationError as refusal:
            return self.round_page(number, status=422, typed=request.POST, problems=sentences(refusal))

    def _answer(self, around: Any) -> HttpResponse:
        numbers = [row.number for row in sheet_of(around, self.actor.person).rows]
        answer_round(around, by=self.actor, answers=answers_in(self.request.POST, numbers))
        said = _("Your answers are kept; you can change them until the round closes.")
        messages.success(self.request, said)
        return redirect("round", self.programme.slug, around.number)


class _Deciding(RoundPage):
    writes = Verb.MANAGE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.leads_back(number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        around, form = find_round(self.programme, number), BaseForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.round_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._do(around, form.cleaned_data["base"]))
        except ValidationError as refusal:
            ticked = frozenset(numbers_in(request.POST)) or None
            return self.round_page(number, status=422, problems=sentences(refusal), ticked=ticked)
        except Stale:
            said = _("The round was changed meanwhile; look at it, then decide again.")
            return self.late(number, said)

    def late(self, number: int, said: str) -> HttpResponse:
        return self.round_page(number, status=409, problems=[said])

    _do: Callable[[Any, int], HttpResponse]  # _do(around, base) does it and goes on; each view writes it


class CloseRound(_Deciding):
    def _do(self, around: Any, base: int) -> HttpResponse:
        close_round(around, by=self.actor, base=base)
        messages.success(self.request, _("Round %(n)s is closed.") % {"n": around.number})
        return redirect("round", self.programme.slug, around.number)


class MarkPriorities(_Deciding):
    def late(self, number: int, said: str) -> HttpResponse:
        """What was ticked stays ticked, with what another lead ticked or took away meanwhile."""
        sheet = sheet_of(find_round(self.programme, number), self.actor.person)
        now = frozenset(row.number for row in sheet.rows if row.priority)
        began, mine = (frozenset(numbers_in(self.request.POST, name)) for name in ("was", "priority"))
        return self.round_page(number, status=409, problems=[said], ticked=merge_sets(began, now, mine))

    def _do(self, around: Any, base: int) -> HttpResponse:
        mark_priorities(around, by=self.actor, base=base, statements=numbers_in(self.request.POST))
        messages.success(self.request, _("The priorities of round %(n)s are kept.") % {"n": around.number})
        return redirect("round", self.programme.slug, around.number)
