"""Owns answers and decisions, and the queue: what waits for me, what I wait for, several answered on one screen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.proposing import ANSWERS, AnswerForm, DecisionForm
from cmo.reading.proposal_lines import Line, lines_of
from cmo.reading.proposals import find_proposal
from cmo.reading.review_queue import next_for, queue_of
from cmo.reading.revised import round_read
from cmo.rules.carrying_out import Moved
from cmo.rules.reviewing import answer, decide
from cmo.team_words import ProposalState
from cmo.views.proposals import ProposalPage
from programmes.access import require
from programmes.refusals import Stale
from programmes.views.base import Page, sentences, take_refusal
from programmes.vocabulary import Verb

MOST = 30  # of each list on one screen


class _Reviewing(ProposalPage):
    """A POST that answers or decides; refused, the page comes back with the reason as it was typed."""

    writes = Verb.REVIEW
    form_class: type[Any]
    form_name: str
    prefix: str | None = None

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        find_proposal(self.actor.person, self.programme, number)
        return redirect("proposal", self.programme.slug, number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        proposal = find_proposal(self.actor.person, self.programme, number)
        form = self.form_class(request.POST, prefix=self.prefix)
        if not form.is_valid():
            return self.again(number, form, 422)
        try:
            return self.done_once(lambda: self.act(proposal, form.cleaned_data))
        except ValidationError as refusal:
            take_refusal(form, refusal)
            return self.again(number, form, 422)
        except Moved as moved:
            return self.again(number, form, 409, moved.said)
        except Stale:
            said = _(
                "It was revised while you read, so nothing was sent. Below is what is proposed now; what was revised "
                "stands open under “Earlier rounds”."
            )
            return self.again(number, form, 409, said)

    def again(self, number: int, form: Any, status: int, said: str = "") -> HttpResponse:
        """The page as it is now, with what was typed; the next answer holds for what it shows now."""
        proposal = find_proposal(self.actor.person, self.programme, number)
        was, read = 0, form.data.get(form.add_prefix("seen"), "")
        if said and read != proposal.seen:
            then = round_read(proposal, read)
            was = then.number if then else proposal.round - 1
        data = form.data.copy()
        data[form.add_prefix("seen")] = proposal.seen
        fresh = type(form)(data, prefix=self.prefix)
        if not said:
            fresh.is_valid()
            for name, errors in form.errors.as_data().items():
                for error in errors if name not in fresh.errors else []:
                    fresh.add_error(None if name == "__all__" else name, error)
        problems = [said] if said else []
        if not problems and proposal.state != ProposalState.OPEN:  # closed meanwhile: no form says it
            problems = [one for found in fresh.errors.values() for one in found]
        more = {self.form_name: fresh, "problems": problems, "queue": "next" in self.request.POST}
        return self.proposal_page(proposal, status=status, was=was, **more)

    act: Callable[[Any, dict[str, Any]], HttpResponse]  # act(proposal, given) does it and goes on; each view writes it

    def onward(self, proposal: Any, said: str) -> HttpResponse:
        """To the next that waits, where that was asked for; else back to its page."""
        after = next_for(self.actor.person, self.programme, proposal.number) if "next" in self.request.POST else None
        if after is None:
            messages.success(self.request, said)
            return redirect("proposal", self.programme.slug, proposal.number)
        messages.success(self.request, _("%(said)s This is the next that waits for you.") % {"said": said})
        return redirect(f"{reverse('proposal', args=[self.programme.slug, after])}?queue=1")


class AnswerProposal(_Reviewing):
    form_class, form_name = AnswerForm, "answer_form"

    def act(self, proposal: Any, given: dict[str, Any]) -> HttpResponse:
        answer(proposal, by=self.actor, answer=given["answer"], reason=given["reason"], seen=given["seen"])
        return self.onward(proposal, _("%(label)s is answered.") % {"label": proposal.label})


class DecideProposal(_Reviewing):
    form_class, form_name, prefix = DecisionForm, "decision_form", "d"

    def act(self, proposal: Any, given: dict[str, Any]) -> HttpResponse:
        decision, reason = given["decision"], given["reason"]
        done = decide(proposal, by=self.actor, decision=decision, reason=reason, seen=given["seen"])
        said = (
            _("%(label)s is accepted and carried out.")
            if done.state == ProposalState.ACCEPTED
            else _("%(label)s is refused; your reason stays with it.")
        )
        return self.onward(proposal, said % {"label": done.label})


class Reviews(Page):
    """The queue. A POST answers all rows in which an answer was chosen, each on its own: what one refuses stays.

    A row is answered where it stands only if it shows all that there is to see.
    """

    writes = Verb.REVIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.queue_page()

    def queue_page(self, *, status: int = 200, sent: Any = None, refused: dict[int, str] | None = None) -> HttpResponse:
        me = self.actor.person
        queue = queue_of(me, self.programme)
        parts = [queue.answer[:MOST], queue.decide[:MOST], queue.revise[:MOST], queue.waiting[:MOST]]
        lines = {line.proposal.pk: line for line in lines_of([one for part in parts for one in part], me)}
        answer_, decide_, revise_, waiting_ = ([lines[one.pk] for one in part] for part in parts)
        rows = [self._row(line, sent, refused or {}) for line in answer_]
        context = {
            "current": "reviews", "to_answer": rows, "any_here": any(row["here"] for row in rows),
            "to_decide": decide_, "to_revise": revise_, "waiting_for": waiting_, "answers": ANSWERS,
            "left": max(0, len(queue.answer) - MOST), "problems": list((refused or {}).values()),
        }  # fmt: skip
        return self.show("cmo/review/queue.html", context, status=status)

    def _row(self, line: Line, sent: Any, refused: dict[int, str]) -> dict[str, Any]:
        n = line.proposal.number
        given = sent or {}
        return {
            "line": line, "answer": given.get(f"answer-{n}", ""), "reason": given.get(f"reason-{n}", ""),
            "refused": refused.get(n, ""), "here": line.all_shown and not line.moved,
        }  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.REVIEW, self.programme)
        sent = request.POST
        chosen = [name.removeprefix("answer-") for name in sent if name.startswith("answer-") and sent[name]]
        numbers = [int(one) for one in chosen if one.isascii() and one.isdecimal() and len(one) < 9][:MOST]
        if not numbers:
            return self.queue_page(status=422, sent=sent, refused={0: _("Choose an answer in at least one row.")})
        refused: dict[int, str] = {}
        done = []
        for number in numbers:
            wrong = self._answer(number)
            if wrong:
                refused[number] = wrong
            else:
                done.append(f"P{number}")
        if done:
            messages.success(request, _("Answered: %(labels)s.") % {"labels": ", ".join(done)})
        if refused:
            return self.queue_page(status=422, sent=sent, refused=refused)
        return redirect("reviews", self.programme.slug)

    def _answer(self, number: int) -> str:
        """Answer one of them; what is wrong where it is refused."""
        sent, label = self.request.POST, {"label": f"P{number}"}
        proposal = find_proposal(self.actor.person, self.programme, number)
        try:
            answer(
                proposal, by=self.actor, answer=sent.get(f"answer-{number}", ""), seen=sent.get(f"seen-{number}", ""),
                reason=sent.get(f"reason-{number}", ""),
            )  # fmt: skip
        except ValidationError as refusal:
            return f"{proposal.label}: {' '.join(sentences(refusal))}"
        except PermissionDenied as refusal:
            return f"{proposal.label}: {refusal}"
        except Moved as moved:
            return f"{proposal.label}: {moved.said}"
        except Stale:
            return _("%(label)s was revised while you read. Look at it again.") % label
        return ""


