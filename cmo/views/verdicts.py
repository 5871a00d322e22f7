"""Owns the pages of verdicts: all of a phase at a look, and those on one record, where they are recorded."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.late import revision_then, unanswered
from cmo.forms.phase import VerdictForm
from cmo.forms.together import refuse_marks
from cmo.reading.citing import Offered, offered_on
from cmo.reading.configurations import find_configuration
from cmo.reading.naming import known_in
from cmo.reading.statements import find_statement
from cmo.reading.verdicts import resting_on, verdict_history, verdict_table, verdicts_by_phase
from cmo.rules.judging import judge, judge_again
from cmo.views.then import record_verdicts_then, theory_then, verdicts_page_then
from programmes.access import may
from programmes.reading.team import evidence_shown, phases_of, role_shown
from programmes.refusals import Stale
from programmes.views.base import Page, take_refusal
from programmes.vocabulary import Verb

FIND = {"statement": find_statement, "configuration": find_configuration}


class Verdicts(Page):
    """`?phase=refining`: each statement and configuration in use with the team's verdict and the members' own;
    `&only=unjudged`: those without one of the team."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return verdicts_page_then(self, theory)
        phases = phases_of(self.programme)
        begun = [phase for phase in phases if phase.state != "planned"]
        asked = request.GET.get("phase")
        found = next((phase for phase in phases if phase.slug == asked), None)
        if found is None:
            found = next((phase for phase in begun if phase.state == "open"), begun[-1] if begun else None)
        table = verdict_table(self.programme, found) if found else None
        unjudged = table.unjudged if table else None
        only = request.GET.get("only") == "unjudged"
        context = {
            "current": "phases", "phases": phases, "phase": found, "table": table, "unjudged": unjudged, "only": only,
            "shown": unjudged if only else table,
        }  # fmt: skip
        return self.show("cmo/phase/verdicts.html", context)


class OnRecord(Page):
    """The verdicts on one record, by phase; a POST records or changes one's own or, with `team`, the team's."""

    writes = Verb.COMMENT
    then = True

    def get(self, request: HttpRequest, number: int, of: str) -> HttpResponse:
        theory = theory_then(self)
        return self.record_page(number, of) if theory is None else record_verdicts_then(self, theory, number, of)

    def record_page(self, number: int, of: str, *, status: int = 200, **more: Any) -> HttpResponse:
        record: Any = FIND[of](self.programme, number)
        record.programme = self.programme
        phases = phases_of(self.programme)
        rows = verdicts_by_phase(record, phases, self.actor.person)
        now = next((row for row in rows if row.phase.state == "open"), None)
        texts = [one.rationale for row in rows for one in (*row.members, row.team) if one]
        sees = evidence_shown(self.programme)
        offered = offered_on(record) if sees else None
        forms: dict[str, Any] = {}
        if now is not None:
            forms["mine"] = self._form(now.mine, offered, team=False)
            if may(role_shown(self.programme), Verb.MANAGE):
                forms["team"] = self._form(now.team, offered, team=True)
        context = {
            "current": "workbench" if of == "statement" else "configurations", "record": record, "of": of, "rows": rows,
            "now": now, "named": known_in(self.programme, self.actor.person, texts), **forms, **more,
        }  # fmt: skip
        return self.show("cmo/phase/on_record.html", context, status=status)

    def _form(self, held: Any, offered: list[Offered] | None, *, team: bool) -> VerdictForm:
        initial: dict[str, Any] = {"team": "1" if team else "", "base": held.revision_number if held else 0}
        rests: list[str] = []
        if held is not None:
            initial |= {"verdict": held.verdict, "rationale": held.rationale}
            rests = resting_on(held)
        return VerdictForm(initial=initial, offered=offered, rests=rests, auto_id="team-%s" if team else "mine-%s")

    def post(self, request: HttpRequest, number: int, of: str) -> HttpResponse:
        record: Any = FIND[of](self.programme, number)
        team = bool(request.POST.get("team"))
        offered = offered_on(record) if evidence_shown(self.programme) else None
        form = VerdictForm(request.POST, offered=offered, auto_id="team-%s" if team else "mine-%s")
        which = "team" if team else "mine"
        if form.is_valid():
            try:
                return self.done_once(lambda: self._judge(record, form, of, team))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale as stale:
                history = verdict_history(stale.record)
                base, now = form.cleaned_data["base"], history[0]
                merged = form.put_together(revision_then(history, base) if base else None, now)
                data = form.data_with(merged, now.number)
                again = unanswered(VerdictForm(data, offered=offered, auto_id=form.auto_id))
                late = {"merged": merged, "who": now.author.name, which: again}
                return self.record_page(number, of, status=409, **late)
        return self.record_page(number, of, status=422, wrong=form, **{which: form})

    def _judge(self, record: Any, form: VerdictForm, of: str, team: bool) -> HttpResponse:
        given = form.cleaned_data
        refuse_marks(given)
        words: dict[str, Any] = {"rationale": given["rationale"]}
        if evidence_shown(self.programme):
            words["bearings"] = form.labels
        rows = verdicts_by_phase(record, phases_of(self.programme), self.actor.person)
        now = next((row for row in rows if row.phase.state == "open"), None)
        held = (now.team if team else now.mine) if now else None
        if held is not None:
            held.programme = self.programme
            judge_again(held, by=self.actor, base=given["base"] or 0, found=given["verdict"], **words)
        else:
            judge(record, by=self.actor, verdict=given["verdict"], team=team, **words)
        said = _("The verdict of the team on %(label)s is kept.") if team else _("Your verdict on %(label)s is kept.")
        messages.success(self.request, said % {"label": record.label})
        return redirect(f"{of}-verdicts", self.programme.slug, record.number)
