"""Owns the pages of proposals: the list, the page of one, and what its authors do: revise, send, withdraw, rebase."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.proposing import ANSWERS, AnswerForm, AroundForm, DecisionForm, asked_again
from cmo.forms.proposing import ReasonedForm as Reasoned
from cmo.reading.citing import evidence_named, labels_in
from cmo.reading.discussion import discussion_shown
from cmo.reading.naming import known_in
from cmo.reading.proposal_checks import checks_of
from cmo.reading.proposal_evidence import backing_of, uncited_shown
from cmo.reading.proposal_lines import TEXTS, lines_of
from cmo.reading.proposal_page import (
    NAMES,
    approvals_wanted,
    changes_shown,
    earlier_rounds,
    moved_records,
    neighbours_of,
)
from cmo.reading.proposals import filtered_proposals, find_proposal, proposals_for, whole
from cmo.reading.review_queue import may_write_with
from cmo.rules.carrying_out import Moved
from cmo.rules.citing_in_proposals import cite
from cmo.rules.proposed import record_named
from cmo.rules.proposing import answer_naming, rebase, rewrite_proposal, submit, withdraw
from cmo.team_words import DECIDED, ENDED, ProposalState
from programmes.access import require
from programmes.gate import clean
from programmes.reading.paging import Page as Paged
from programmes.reading.paging import asked, take
from programmes.reading.team import evidence_shown
from programmes.refusals import Stale
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import Limit, Verb

SIZE = 20
VIEWS = ("inline", "side", "clean")
SHOW = {
    "open": (ProposalState.OPEN,),
    "mine": tuple(ProposalState),
    "decided": (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.WITHDRAWN),
    "all": tuple(ProposalState),
}


class Proposals(Page):
    """`?show=open|mine|decided|all`, `?on=S3`, `?author=`, `?page=`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        query, me = request.GET, self.actor.person
        show = query.get("show") if query.get("show") in SHOW else "open"
        on, problems, author = None, [], ""
        try:
            author = me.username if show == "mine" else clean(query.get("author", ""), field="author", limit=150)
            on = record_named(self.programme, query["on"]) if query.get("on") else None
            number, size = asked(query, size=SIZE, largest=SIZE)
        except ValidationError as refusal:
            problems, number, size = sentences(refusal), 1, SIZE
        rows = filtered_proposals(me, self.programme, states=SHOW[str(show)], on=on, author=author)
        page: Paged[Any] = take(rows, count=rows.count(), page=number, size=size)
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context = {
            "current": "reviews", "show": show, "lines": lines_of(page.rows, me), "page": page, "problems": problems,
            "on": query.get("on", ""), "kinds": _kinds(),
            "pager": pager(request, page, text=said if page.count else ""),
        }  # fmt: skip
        return self.show("cmo/review/proposals.html", context, status=400 if problems else 200)


def _kinds() -> list[tuple[str, str]]:
    return [("open", _("Open")), ("mine", _("Mine")), ("decided", _("Decided")), ("all", _("All"))]


class ProposalPage(Page):
    """`?view=inline|side|clean` shows the change in one of three ways; `?queue=1` says that it was opened in turn."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.proposal_page(find_proposal(self.actor.person, self.programme, number))

    def proposal_page(self, proposal: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        me, query = self.actor.person, self.request.GET
        found = whole(proposal, me)
        before, after = neighbours_of(proposal, proposals_for(me, self.programme))
        mine, opened = found.mine(me), proposal.state == ProposalState.OPEN
        wanted = approvals_wanted(self.programme)
        given = {"seen": proposal.seen}
        said = {"answer": mine.answer, "reason": mine.reason} if mine else {}
        backing = backing_of(found) if evidence_shown(self.programme) else None
        reasons = [proposal.reason, proposal.decision_reason, found.withdrawn, *(one.reason for one in found.reviews)]
        context = {
            "current": "reviews", "proposal": proposal, "whole": found, "changes": changes_shown(found),
            "since": moved_records(proposal) if found.moved else [], "rounds": earlier_rounds(found),
            "view": query.get("view") if query.get("view") in VIEWS else VIEWS[0], "before": before, "after": after,
            "mine": mine, "open": opened, "decided": proposal.state in DECIDED, "ended": proposal.state in ENDED,
            "wanted": wanted, "missing": max(0, wanted - found.given), "answers": ANSWERS,
            "answer_form": AnswerForm(initial={**given, **said}),
            "decision_form": DecisionForm(initial=given, prefix="d"),
            "named": known_in(self.programme, me, reasons),
            "discussion": discussion_shown(self.programme, me, proposal), "queue": query.get("queue") == "1",
            "backing": backing, "cited": backing.cited if backing else [], "checks": checks_of(found, backing),
            "uncited": uncited_shown(found, backing) if backing else [],
            **more,
        }  # fmt: skip
        return self.show("cmo/review/proposal.html", context, status=status)


class _Act(ProposalPage):
    """A POST of its authors that goes back to its page, or shows it with what was wrong."""

    writes = Verb.PROPOSE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        find_proposal(self.actor.person, self.programme, number)
        return redirect("proposal", self.programme.slug, number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        proposal = find_proposal(self.actor.person, self.programme, number)
        base = request.POST.get("base", "")
        if not (base.isascii() and base.isdecimal() and len(base) < 7):
            lost = _("Load the page again: it does not say which revision you saw.")
            return self.proposal_page(proposal, status=422, problems=[lost])
        try:
            return self.done_once(lambda: self.act(proposal, int(base)))
        except ValidationError as refusal:
            return self.refused(number, sentences(refusal))
        except Moved as moved:
            return self.refused(number, [moved.said], status=409)
        except Stale:
            said = _("It changed meanwhile, so nothing was done. Look at it below, then decide again.")
            return self.refused(number, [said], status=409)

    def refused(self, number: int, said: list[str], status: int = 422) -> HttpResponse:
        proposal = find_proposal(self.actor.person, self.programme, number)
        typed = self.request.POST.get("reason", "")
        return self.proposal_page(proposal, status=status, problems=said, typed_why=typed)

    act: Callable[[Any, int], HttpResponse]  # act(proposal, base) does it and goes on; each view writes it

    def back(self, proposal: Any, said: str) -> HttpResponse:
        messages.success(self.request, said % {"label": proposal.label})
        return redirect("proposal", self.programme.slug, proposal.number)


class SubmitProposal(_Act):
    def act(self, proposal: Any, base: int) -> HttpResponse:
        return self.back(submit(proposal, by=self.actor, base=base), _("%(label)s lies before the team."))


class WithdrawProposal(_Act):
    def act(self, proposal: Any, base: int) -> HttpResponse:
        done = withdraw(proposal, by=self.actor, base=base, reason=self.request.POST.get("reason", ""))
        return self.back(done, _("%(label)s is withdrawn. It can be laid before the team again."))


class RebaseProposal(_Act):
    """The answer that was typed beside it comes along, and waits to be sent."""

    def act(self, proposal: Any, base: int) -> HttpResponse:
        done, sent = rebase(proposal, by=self.actor, base=base), self.request.POST
        said = _("%(label)s starts from what stands there now.")
        if not sent.get("answer") and not sent.get("reason"):
            return self.back(done, said)
        messages.success(self.request, said % {"label": done.label})
        return self.proposal_page(find_proposal(self.actor.person, self.programme, done.number))

    def proposal_page(self, proposal: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        sent = self.request.POST
        typed = {"seen": proposal.seen, "answer": sent.get("answer", ""), "reason": sent.get("reason", "")}
        if typed["answer"] or typed["reason"]:
            more |= {"answer_form": AnswerForm(initial=typed), "queue": "next" in sent}
        return super().proposal_page(proposal, status=status, **more)


class AnswerNaming(_Act):
    """`wrote=yes|no`, of whom the authors named."""

    def act(self, proposal: Any, base: int) -> HttpResponse:
        wrote = self.request.POST.get("wrote")
        if wrote not in ("yes", "no"):
            raise ValidationError(_("Say whether you wrote it too."))
        done = answer_naming(proposal, by=self.actor, base=base, wrote=wrote == "yes")
        if wrote == "yes":
            return self.back(done, _("You are one of the authors of %(label)s."))
        messages.success(self.request, _("You are not named in %(label)s any more.") % {"label": done.label})
        if done.sent is None:  # a draft is its authors' alone
            return redirect("reviews", self.programme.slug)
        return redirect("proposal", self.programme.slug, done.number)


class CiteEvidence(_Act):
    """All that a proposal rests on, by its labels."""

    evidence = True

    def act(self, proposal: Any, base: int) -> HttpResponse:
        labels = labels_in(clean(self.request.POST.get("cites", ""), field="cites", limit=Limit.LONG))
        done = cite(proposal, by=self.actor, **evidence_named(self.programme, labels))
        if done.round == proposal.round:
            return self.back(done, _("What %(label)s cites is saved."))
        return self.back(done, _("What %(label)s cites is saved; it lies before the team in its next round."))

    def refused(self, number: int, said: list[str], status: int = 422) -> HttpResponse:
        proposal = find_proposal(self.actor.person, self.programme, number)
        typed = self.request.POST.get("cites", "")
        return self.proposal_page(proposal, status=status, problems=said, typed_cites=typed)


# ---------------------------------------------------------------- its authors revise it


class EditProposal(Page):
    """Every text of a proposal in one form; its changes start from what stands there now, as the page shows it."""

    writes = Verb.PROPOSE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.PROPOSE, self.programme)
        proposal = find_proposal(self.actor.person, self.programme, number)
        found = whole(proposal, self.actor.person)
        if not found.is_author:
            raise PermissionDenied(_("Only its authors change a proposal; comment on it or answer it instead."))
        form = Reasoned(initial={"title": proposal.title, "reason": proposal.reason})
        names = [person.username for person in [*found.coauthors, *found.named]]
        return self.edit_page(proposal, form, self._around(None, names), self._texts(proposal, None))

    def _around(self, data: Any, names: list[str] | None = None) -> AroundForm:
        members = may_write_with(self.actor.person, self.programme)
        return AroundForm(data, members=members, initial={"coauthors": names or []})

    def edit_page(
        self, proposal: Any, form: Reasoned, around: AroundForm, rows: list[dict[str, Any]], *, status: int = 200
    ) -> HttpResponse:
        context = {
            "current": "reviews", "proposal": proposal, "form": form, "around": around, "rows": rows,
            "base": self.request.POST.get("base") or proposal.revision_number,
            "since": moved_records(proposal), "open": proposal.state == ProposalState.OPEN,
        }  # fmt: skip
        return self.show("cmo/review/edit.html", context, status=status)

    def _texts(self, proposal: Any, sent: Any) -> list[dict[str, Any]]:
        """Each change with its texts as fields, as they stand or as they were sent."""
        shown = changes_shown(whole(proposal, self.actor.person))
        rows = []
        for at, (change, one) in enumerate(zip(proposal.content, shown, strict=True)):
            fields = []
            for n, piece in enumerate([change.get("content") or {}, *change.get("pieces", [])]):
                for name in TEXTS:
                    if name in piece:
                        key = f"c{at}.{n}-{name}"
                        value = sent.get(key, piece[name]) if sent is not None else piece[name]
                        fields.append({"key": key, "label": NAMES[name](), "value": value, "piece": n})
            rows.append(
                {"at": at, "said": one.said, "fields": fields, "label": one.label, "kind": one.kind,
                 "revises": change["change"] == "revise", "dropped": sent is not None and f"drop-{at}" in sent}
            )  # fmt: skip
        return rows

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        proposal, sent = find_proposal(self.actor.person, self.programme, number), request.POST
        form, around = Reasoned(sent), self._around(sent)
        base = sent.get("base", "")
        status = 422
        if not (base.isascii() and base.isdecimal() and len(base) < 7):
            form.add_error(None, _("Load the page again: it does not say which revision you saw."))
        elif form.is_valid() and around.is_valid():
            try:
                return self.done_once(lambda: self._rewrite(proposal, int(base), form, around))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Moved as moved:
                form.add_error(None, moved.said)
                status = 409
            except Stale:
                form.add_error(None, _("Another author changed it meanwhile; look at it, then load this page again."))
                status = 409
        return self.edit_page(proposal, form, around, self._texts(proposal, sent), status=status)

    def _rewrite(self, proposal: Any, base: int, form: Reasoned, around: AroundForm) -> HttpResponse:
        given, names = form.cleaned_data, around.cleaned_data.get("coauthors")
        done = rewrite_proposal(
            proposal, by=self.actor, base=base, changes=self._changes(proposal), title=given["title"],
            reason=given["reason"], coauthors=names if proposal.author_id == self.actor.person.pk else None,
        )  # fmt: skip
        if done.revision_number == base:
            said = _("%(label)s reads so already; nothing was changed.")
        elif done.round == proposal.round and done.state == ProposalState.OPEN:
            said = _("%(label)s is saved; its words stay as the team saw them.")
        elif done.state == ProposalState.OPEN:
            said = _("%(label)s lies before the team in its next round.")
        elif done.state == ProposalState.WITHDRAWN:
            said = _("%(label)s is saved. It is withdrawn until you lay it before the team again.")
        else:
            said = _("%(label)s is saved as a draft.")
        messages.success(self.request, said % {"label": done.label})
        return redirect("proposal", self.programme.slug, done.number)

    def _changes(self, proposal: Any) -> list[dict[str, Any]]:
        """The changes as the form says them, each from the revision that the page showed as what stands there now."""
        sent, asked_for = self.request.POST, []
        for at, change in enumerate(proposal.content):
            if f"drop-{at}" in sent:
                continue
            raw = asked_again(change)
            pieces = [raw, *[dict(piece) for piece in change.get("pieces", [])]]
            for n, piece in enumerate(pieces):
                for name in TEXTS:
                    key = f"c{at}.{n}-{name}"
                    if key in sent and sent[key].replace("\r\n", "\n") != piece.get(name):
                        piece[name] = sent[key]
                        for part in ("if", "then", "because") if name == "wording" else ():
                            piece.pop(part, None)  # marks by hand belong to the words that they were made in
            if len(pieces) > 1:
                raw["pieces"] = pieces[1:]
            self._onto(raw)
            asked_for.append(raw)
        return asked_for

    def _onto(self, raw: dict[str, Any]) -> None:
        """Take the revision of each record that the page showed for the base."""
        for row in (raw, *raw.get("records", []), raw.get("into"), raw.get("by"), raw.get("refines")):
            if isinstance(row, dict) and row.get("record"):
                now = self.request.POST.get(f"now-{row['record']}", "")
                if now.isascii() and now.isdecimal() and len(now) < 7:
                    row["base"] = int(now)
