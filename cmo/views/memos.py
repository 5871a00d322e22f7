"""Owns the pages of memos: the list, one with its history, writing, sharing, retire and restore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.forms.discussion import MemoForm, TurnMemoForm
from cmo.forms.gathering import labels_in
from cmo.forms.late import data_of, put_form_together, unanswered
from cmo.forms.together import ONE, SEVERAL, WORDS, refuse_marks
from cmo.reading.discussion import compared, record_named
from cmo.reading.memos import find_memo, linked_to, memo_history, memos_found
from cmo.reading.naming import known_in
from cmo.rules.noting import change_memo, day_in, share_memo, turn_memo, write_memo
from programmes.access import require
from programmes.gate import clean
from programmes.reading.paging import asked, take
from programmes.refusals import Stale
from programmes.remembering import shown_of
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import Limit, Verb

SIZE = 20
TOGETHER = {"title": WORDS, "text": WORDS, "on": SEVERAL, "dated": ONE}  # how two edits of each are put together
LISTS = ("all", "mine", "shared", "retired")


class Memos(Page):
    """`?list=all|mine|shared|retired &search= &on=S3 &page=`"""

    def get(self, request: HttpRequest) -> HttpResponse:
        query, person = request.GET, self.actor.person
        which = query.get("list") if query.get("list") in LISTS else "all"
        context: dict[str, Any] = {"current": "threads", "which": which, "search": "", "on": ""}
        try:
            number, size = asked(query, size=SIZE, largest=100)
            words = clean(query.get("search", ""), field="search", limit=Limit.REASON)
            on = record_named(self.programme, person, query["on"]) if query.get("on") else None
        except ValidationError as refusal:
            return self.show("cmo/team/memos.html", {**context, "problems": sentences(refusal)})
        found = memos_found(
            self.programme, person, retired=which == "retired", on=on, words=words,
            shared=True if which == "shared" else None, author=person.username if which == "mine" else "",
        )  # fmt: skip
        page = take(found, count=found.count(), page=number, size=size, make=_linked)
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "memos": page.rows, "search": words, "on": on.label if on is not None else "",
            "pager": pager(request, page, text=said if page.count else ""),
        }  # fmt: skip
        return self.show("cmo/team/memos.html", context)


def _linked(memos: list[Any]) -> list[tuple[Any, list[tuple[str, str]]]]:
    return [(memo, linked_to(memo)) for memo in memos]


class MemoPage(Page):
    """One memo, with what it said before."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.memo_page(number)

    def memo_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        person = self.actor.person
        memo = find_memo(self.programme, person, number)
        context = {
            "current": "threads", "memo": memo, "links": linked_to(memo), "own": memo.author_id == person.pk,
            "known": known_in(self.programme, person, [memo.text]), "history": compared(memo_history(memo, person)),
            **more,
        }  # fmt: skip
        return self.show("cmo/team/memo.html", context, status=status)


class _Writing(Page):
    writes = Verb.COMMENT

    def form_page(self, form: MemoForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.show("cmo/team/memo_form.html", {"current": "threads", "form": form, **more}, status=status)

    def taken(self, form: MemoForm) -> dict[str, Any]:
        """What the form says as the rules take it."""
        given = {name: form.cleaned_data[name] for name in ("title", "text")}
        labels = labels_in(form.cleaned_data["on"])[:300]
        on = [record_named(self.programme, self.actor.person, label) for label in labels]
        return {**given, "dated": day_in(form.cleaned_data["dated"]), "on": on}


class NewMemo(_Writing):
    """`?on=S3` begins with the record."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.COMMENT, self.programme)
        return self.form_page(MemoForm(new=True, initial={"on": request.GET.get("on", "")[:200]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MemoForm(request.POST, new=True)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._write(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _write(self, form: MemoForm) -> HttpResponse:
        shared = form.cleaned_data["shared"]
        made = write_memo(self.programme, by=self.actor, shared=shared, **self.taken(form))
        said = _("Memo %(n)s is kept and shared.") if shared else _("Memo %(n)s is kept; only you see it.")
        messages.success(self.request, said % {"n": made.number})
        return redirect("memo", self.programme.slug, made.number)


class EditMemo(_Writing):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.COMMENT, self.programme)
        memo = self._own(number)
        initial = self._initial(memo)
        return self.form_page(MemoForm(initial={**initial, "shown": shown_of(initial)}), memo=memo)

    def _initial(self, memo: Any) -> dict[str, Any]:
        labels = ", ".join(label for label, _url in linked_to(memo))
        said = {"title": memo.title, "text": memo.text, "dated": memo.dated.isoformat(), "on": labels}
        return {**said, "base": memo.revision_number}

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        memo, form = self._own(number), MemoForm(request.POST)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            try:
                return self.done_once(lambda: self._change(memo, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form)
        return self.form_page(form, status=422, memo=memo)

    def _came_late(self, number: int, form: MemoForm) -> HttpResponse:
        """What was written in another window and in this one, in one form; nothing is lost, nothing saved yet."""
        memo = self._own(number)
        now = self._initial(memo)
        three: list[dict[str, Any]] = [
            {**said, "on": labels_in(str(said.get("on", "")))} for said in (form.began(), now, form.cleaned_data)
        ]
        merged = put_form_together(form, TOGETHER, three[0], three[1], mine=three[2])
        fresh = unanswered(MemoForm(data_of(form, merged, base=now["base"], shown=shown_of(now))))
        return self.form_page(fresh, status=409, memo=memo, merged=merged)

    def _own(self, number: int) -> Any:
        memo = find_memo(self.programme, self.actor.person, number)
        if memo.author_id != self.actor.person.pk:
            raise PermissionDenied(_("Only the one who wrote a memo changes it; comment on the record instead."))
        return memo

    def _change(self, memo: Any, form: MemoForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
        done = change_memo(memo, by=self.actor, base=base, **self.taken(form))
        messages.success(self.request, _("Memo %(n)s is saved.") % {"n": done.number})
        return redirect("memo", self.programme.slug, done.number)


class TurnMemo(MemoPage):
    """`to=shared`, `private`, `retired` or `current`."""

    writes = Verb.COMMENT

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("memo", self.programme.slug, find_memo(self.programme, self.actor.person, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        memo, form = find_memo(self.programme, self.actor.person, number), TurnMemoForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.memo_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(memo, form.cleaned_data))
        except ValidationError as refusal:
            return self.memo_page(number, status=422, problems=sentences(refusal))
        except Stale:
            said = _("The memo was saved meanwhile; look at it, then decide again.")
            return self.memo_page(number, status=409, problems=[said])

    def _turn(self, memo: Any, given: dict[str, Any]) -> HttpResponse:
        to, base = given["to"], given["base"]
        if to in ("shared", "private"):
            done = share_memo(memo, by=self.actor, base=base, shared=to == "shared")
            said = _("Memo %(n)s is shared.") if done.shared else _("Memo %(n)s is yours alone.")
        else:
            done = turn_memo(memo, by=self.actor, base=base, retired=to == "retired")
            said = _("Memo %(n)s is retired.") if done.retired else _("Memo %(n)s is in use again.")
        messages.success(self.request, said % {"n": done.number})
        return redirect("memo", self.programme.slug, done.number)
