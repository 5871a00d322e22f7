"""Owns the page of one statement: its words, checks, themes, history, and the acts on it but editing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.forms.statement import PartsForm, ReasonForm
from cmo.reading.attached import attached_to
from cmo.reading.citing import cites_of
from cmo.reading.discussion import discussion_shown
from cmo.reading.grounds import asked_of, grounds_of
from cmo.reading.history import compare_versions, find_version, versions_among
from cmo.reading.inherited import inherited
from cmo.reading.lineage import lineage_shown
from cmo.reading.naming import known_in
from cmo.reading.proposals import agreed_shown
from cmo.reading.review_queue import open_on
from cmo.reading.statements import find_statement, statement_and_row
from cmo.reading.structure_pages import configurations_spelling
from cmo.reading.workbench import draft_of, neighbours, same_wording
from cmo.rules.agreeing import goes_by_review
from cmo.rules.composing import PARTS, Words
from cmo.rules.stating import restore, retire, revise
from cmo.views.then import statement_then, theory_then
from cmo.views.writing import stuck_at
from cmo.vocabulary import State
from programmes.reading.team import evidence_shown
from programmes.refusals import Stale
from programmes.views.base import Page, sentences, whole_number
from programmes.vocabulary import Verb

SHOWN = 20  # revisions on the page; older ones are one link away
VIEWS = ("inline", "side", "clean")
CAME_BACK = {
    "words": lambda: _("%(label)s has the words of version %(old)s again, as version %(n)s."),
    "words_themes": lambda: _("%(label)s has the words and themes of version %(old)s again, as version %(n)s."),
    "parts": lambda: _("%(label)s has its parts marked as in version %(old)s again, as version %(n)s."),
    "parts_themes": lambda: _("%(label)s has the marked parts and themes of version %(old)s again, as version %(n)s."),
    "themes": lambda: _("%(label)s has the themes of version %(old)s again, as version %(n)s."),
}


class StatementPage(Page):
    """`?from=1&to=3&view=inline|side|clean` compares two revisions; `?older=N` shows history before revision N;
    `?stance=challenges&shown=2` shows that evidence."""

    then = True

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        theory = theory_then(self)
        return statement_then(self, theory, number) if theory else self.statement_page(number)

    def statement_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        statement, row = statement_and_row(self.programme, number)
        has = attached_to(statement, self.actor.person)
        same = same_wording(self.programme, statement)
        checks = parsing.checks(row.wording, row.spans, theme_count=len(row.themes))
        before, after = neighbours(statement)
        newest = whole_number(self.request.GET.get("older"), statement.revision_number)
        numbers = range(1, statement.revision_number + 1) if statement.revision_number <= 200 else range(0)
        compared, oldest = self._compared(statement), newest - SHOWN + 1
        known = versions_among(statement, oldest, newest, compared or ())
        history = [version for number, version in known.items() if oldest <= number <= newest]
        context = {
            "current": "workbench",
            "statement": statement,
            "row": row,
            "checks": [*checks, *(["same-wording"] if same else [])],
            "same": same,
            "before": before,
            "after": after,
            "history": history,
            "named": known_in(self.programme, self.actor.person, [one.revision.reason for one in history]),
            "older": newest - SHOWN if newest > SHOWN else 0,
            "numbers": numbers[::-1],
            "numbers_up": numbers,
            "comparison": _comparison(statement, compared, known) if compared else None,
            "view": self.request.GET.get("view") if self.request.GET.get("view") in VIEWS else "inline",
            "draft": draft_of(self.actor.person, self.programme, statement) if has.draft else None,
            "configurations": configurations_spelling(statement) if row.configurations else [],
            "grounds": grounds_of(statement, **asked_of(self.request.GET)) if evidence_shown(self.programme) else None,
            **lineage_shown(statement, row.lineage),
            "inherited": inherited(statement, row.lineage) if evidence_shown(self.programme) else [],
            "discussion": discussion_shown(self.programme, self.actor.person, statement, has),
            "proposals": open_on(self.actor.person, statement) if has.proposals else [],
            **agreed_shown(statement, has.outcomes),
            "cites": cites_of(statement) if evidence_shown(self.programme) else {},
            "direct": not goes_by_review(self.programme, statement),
            "parts_form": PartsForm(initial={"base": row.revision, **_single_parts(row)}),
            **more,
        }
        return self.show("cmo/statement_detail.html", context, status=status)

    def _compared(self, statement: Any) -> tuple[int, int] | None:
        """The numbers of the revisions that the address asks to compare, whether there are such or not."""
        query = self.request.GET
        if not query.get("from") and not query.get("to"):
            return None
        new = whole_number(query.get("to"), statement.revision_number)
        return whole_number(query.get("from"), max(1, new - 1)), new


def _comparison(statement: Any, compared: tuple[int, int], known: dict[int, Any]) -> Any:
    try:
        return compare_versions(statement, *compared, known.values())
    except ValidationError as refusal:
        return {"problem": " ".join(sentences(refusal))}


def _single_parts(row: Any) -> dict[str, str]:
    """The parts as a form can offer them: one that stands in several places is left to be copied by hand."""
    found = [span.part for span in row.spans]
    return {part: row.part(parsing.Part(part)) for part in PARTS if found.count(parsing.Part(part)) == 1}


class _Act(StatementPage):
    """A POST on a statement that goes back to its page, or shows it again with what was wrong."""

    then = False
    writes = Verb.WRITE
    form_class: type[Any] = ReasonForm
    form_name = "reason_form"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("statement", self.programme.slug, find_statement(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.refused(number, form, [_("Load the page again: it does not say which revision you saw.")])
        statement = find_statement(self.programme, number)
        try:
            return self.done_once(lambda: self.act(statement, form.cleaned_data))
        except ValidationError as refusal:
            return self.refused(number, form, sentences(refusal))
        except Stale as stale:
            said = _("%(who)s saved %(label)s as version %(n)s meanwhile. Look at it below, then decide again.") % {
                "who": stale.record.updated_by.name, "label": stale.record.label, "n": stale.record.revision_number,
            }  # fmt: skip
            return self.refused(number, form, [said], status=409)

    def refused(self, number: int, form: Any, said: list[str], status: int = 422) -> HttpResponse:
        more = {self.form_name: form, **(stuck_at(self.request.POST, said) if self.form_class is ReasonForm else {})}
        return self.statement_page(number, status=status, problems=said, **more)

    def act(self, statement: Any, given: dict[str, Any]) -> HttpResponse:
        raise ValidationError(_("Nothing was asked for."))

    def back(self, statement: Any, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect("statement", self.programme.slug, statement.number)


class Retire(_Act):
    def act(self, statement: Any, given: dict[str, Any]) -> HttpResponse:
        done = retire(statement, by=self.actor, base=given["base"], reason=given["reason"])
        return self.back(done, _("%(label)s is retired. Its number and history stay.") % {"label": done.label})


class Restore(_Act):
    def act(self, statement: Any, given: dict[str, Any]) -> HttpResponse:
        revision, base = given.get("revision"), given["base"]
        done = restore(statement, by=self.actor, base=base, revision=revision, reason=given["reason"])
        if not revision or statement.state == State.RETIRED:
            said = _("%(label)s is back in the working theory, as version %(n)s.")
        elif done.revision_number == base:
            said = _("Nothing changed in %(label)s: it has the words and themes of version %(old)s.")
        else:
            said = CAME_BACK[find_version(done, done.revision_number).came_back]()
        return self.back(done, said % {"label": done.label, "old": revision, "n": done.revision_number})


class MarkParts(_Act):
    form_class = PartsForm
    form_name = "parts_form"

    def act(self, statement: Any, given: dict[str, Any]) -> HttpResponse:
        words = Words(wording=statement.wording, parts={part: given.get(part, "") for part in PARTS})
        done = revise(statement, by=self.actor, base=given["base"], words=words, reason=given["reason"])
        return self.back(done, _("The parts of %(label)s are marked as you said.") % {"label": done.label})
