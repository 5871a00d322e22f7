"""Owns the pages of comments: all threads of a programme, one thread, saying something, editing one's own."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.discussion import EditCommentForm, SeenForm
from cmo.reading.discussion import (
    PARTS,
    answers_to,
    find_comment,
    find_thread,
    place_of,
    record_named,
    said_before,
    thread_page,
    threads,
    threads_of,
    with_answers,
)
from cmo.reading.naming import known_in, record_url
from cmo.rules.discussing import FIELDS, edit_comment, record_of, reopen, resolve, say
from programmes.access import require
from programmes.reading.paging import asked, take
from programmes.refusals import Stale, messages_of
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import Verb

SIZE = 20
ANSWERS = 100  # of a thread on one page
TYPED = ("text", "part", "quote")
WHOSE = {"mine", "me"}
STATES = ("open", "resolved", "all")


class Saying(Page):
    """A POST that says something: kept, it goes to where it stands; refused, the page shows it again as it was typed.

    With htmx the answer is the thread, and the form empty again, or the form with what was wrong.
    """

    def said(self, on: Any, reply_to: Any = None) -> HttpResponse:
        typed = {name: self.request.POST.get(name, "") for name in TYPED}
        try:
            return self.done_once(lambda: self._say(on, typed, reply_to))
        except ValidationError as refusal:
            return self.refused(on, typed, messages_of(refusal), reply_to)

    def _say(self, on: Any, typed: dict[str, str], reply_to: Any) -> HttpResponse:
        made = say(on, by=self.actor, reply_to=reply_to, **typed)
        opening = reply_to or made
        thread_url = reverse("thread", args=[self.programme.slug, opening.number])
        said = _("Comment %(n)s stands on %(label)s.") % {"n": made.number, "label": on.label}
        if self.htmx:
            answer = thread_part(self, opening.number, said=made.number, fresh=on if reply_to is None else None)
            answer["Location"] = thread_url  # where the same form leads when it is sent twice
            answer["HX-Trigger"] = json.dumps({"said": said})
            return answer
        messages.success(self.request, said)
        record = record_url(self.programme.slug, FIELDS[type(on)], on.number)
        page = thread_url if self.request.POST.get("back") == "thread" else record
        return redirect(f"{page}#comment-{made.number}")

    def refused(self, on: Any, typed: dict[str, str], errors: dict[str, list[str]], reply_to: Any) -> HttpResponse:
        context = {
            "current": "threads", "on": on.label, "typed": typed, "errors": errors, "parts": PARTS[FIELDS[type(on)]],
            "reply": reply_to.number if reply_to else None, "back": self.request.POST.get("back", ""),
        }  # fmt: skip
        if not self.htmx:
            return self.show("cmo/team/say.html", context, status=422)
        answer = self.show("cmo/team/_say_alone.html", {**context, "inline": True, "refocus": True}, status=422)
        answer["HX-Retarget"] = f"#reply-{reply_to.number}" if reply_to else f"#say-{on.label}"
        answer["HX-Reswap"] = "outerHTML"
        return answer


class Threads(Saying):
    """All threads of a programme: `?state=open|resolved|all &kind= &whose=mine|me &on=S3 &page=`. A POST opens one."""

    writes = Verb.COMMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET
        given = {
            "state": query.get("state") if query.get("state") in STATES else "open",
            "kind": query.get("kind") if query.get("kind") in FIELDS.values() else "",
            "whose": query.get("whose") if query.get("whose") in WHOSE else "",
        }
        context: dict[str, Any] = {"current": "threads", "given": given, "on": ""}
        try:
            number, size = asked(query, size=SIZE, largest=100)
            on = record_named(self.programme, self.actor.person, query["on"]) if query.get("on") else None
        except ValidationError as refusal:
            return self.show("cmo/team/threads.html", {**context, "problems": sentences(refusal)})
        found = threads_of(
            self.programme, self.actor.person, kind=given["kind"] or "", whose=given["whose"] or "", on=on,
            state="" if given["state"] == "all" else given["state"] or "open",
        )  # fmt: skip
        make = lambda rows: threads(self.programme, rows)  # noqa: E731
        page = take(with_answers(found), count=found.count(), page=number, size=size, make=make)
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "threads": page.rows,
            "count": page.count,
            "pager": pager(request, page, text=said if page.count else ""),
            "known": known_in(self.programme, self.actor.person, [one.opening.text for one in page.rows]),
            "on": on.label if on is not None else "",
        }
        return self.show("cmo/team/threads.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            on = record_named(self.programme, self.actor.person, request.POST.get("on", ""))
        except ValidationError as refusal:
            typed = {name: request.POST.get(name, "") for name in TYPED}
            context = {"current": "threads", "typed": typed, "errors": messages_of(refusal), "ask": True}
            return self.show("cmo/team/say.html", {**context, "on": request.POST.get("on", "")[:60]}, status=422)
        return self.said(on)


class ThreadPage(Saying):
    """One thread, all of it; a POST answers in it."""

    writes = Verb.COMMENT

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        if self.htmx:
            return thread_part(self, number)
        return self.thread(number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        opening = find_thread(self.programme, self.actor.person, number)
        return self.said(record_of(opening), opening)

    def thread(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        opening = find_thread(self.programme, self.actor.person, number)
        answers = answers_to(opening)
        page: Any = take(answers, count=answers.count(), page=_page(self.request), size=ANSWERS)
        thread = thread_page(self.programme, opening, page.rows)
        texts = [opening.text, *(one.text for one in page.rows)]
        context = {
            "current": "threads",
            "thread": thread,
            "known": known_in(self.programme, self.actor.person, texts),
            "pager": pager(self.request, page, text=""),
            **more,
        }
        return self.show("cmo/team/thread.html", context, status=status)


class _Turn(ThreadPage):
    """Settle a thread, or open it again; `seen` is the last comment of it that was on the page."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        find_thread(self.programme, self.actor.person, number)
        return redirect("thread", self.programme.slug, number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        opening, form = find_thread(self.programme, self.actor.person, number), SeenForm(request.POST)
        if not form.is_valid():
            return self.thread(number, status=422, problems=[_("Load the page again: it does not say what you read.")])
        try:
            return self.done_once(lambda: self._turn(opening, form.cleaned_data["seen"]))
        except ValidationError as refusal:
            return self.thread(number, status=422, problems=sentences(refusal))

    def _turn(self, opening: Any, seen: int) -> HttpResponse:
        messages.success(self.request, self.turn(opening, seen))
        return redirect("thread", self.programme.slug, opening.number)

    turn: Callable[[Any, int], str]  # turn(opening, seen) ends or reopens the thread and says so; each view writes it


class ResolveThread(_Turn):
    def turn(self, opening: Any, seen: int) -> str:
        resolve(opening, by=self.actor, seen=seen)
        return _("The thread is resolved; an answer opens it again.")


class ReopenThread(_Turn):
    def turn(self, opening: Any, seen: int) -> str:
        reopen(opening, by=self.actor)
        return _("The thread is open again.")


class CommentPlace(Page):
    """Leads to a comment where it stands, in its thread."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        comment = find_comment(self.programme, self.actor.person, number)
        opening = comment.opening or comment
        page = place_of(comment, ANSWERS)
        url = reverse("thread", args=[self.programme.slug, opening.number])
        return redirect(f"{url}{f'?page={page}' if page > 1 else ''}#comment-{number}")


class CommentHistory(Page):
    """What a comment said before."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        comment = find_comment(self.programme, self.actor.person, number)
        context = {"current": "threads", "comment": comment, "history": said_before(comment)}
        return self.show("cmo/team/comment_history.html", context)


class EditComment(Page):
    """Other words of one's own comment; with what others, or another window, saved meanwhile beside them."""

    writes = Verb.COMMENT

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.COMMENT, self.programme)
        comment = self._own(number)
        initial = {"text": comment.text, "base": comment.revision_number}
        return self._page(comment, EditCommentForm(initial=initial))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        comment, form = self._own(number), EditCommentForm(request.POST)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            try:
                return self.done_once(lambda: self._edit(comment, form.cleaned_data["text"], base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale as stale:
                data: Any = request.POST.copy()
                data["base"] = str(stale.record.revision_number)
                return self._page(stale.record, EditCommentForm(data), status=409, stored=stale.record.text)
        return self._page(comment, form, status=422)

    def _own(self, number: int) -> Any:
        comment = find_comment(self.programme, self.actor.person, number)
        if comment.author_id != self.actor.person.pk:
            raise PermissionDenied(_("Only the one who wrote a comment changes it; answer it instead."))
        return comment

    def _edit(self, comment: Any, text: str, base: int) -> HttpResponse:
        edit_comment(comment, by=self.actor, base=base, text=text)
        messages.success(self.request, _("Comment %(n)s says so now.") % {"n": comment.number})
        return redirect("comment", self.programme.slug, comment.number)

    def _page(self, comment: Any, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {"current": "threads", "comment": comment, "form": form, "on": record_of(comment).label, **more}
        return self.show("cmo/team/comment_form.html", context, status=status)


def thread_part(view: Page, number: int, *, said: int = 0, fresh: Any = None) -> HttpResponse:
    """A thread for htmx, with the comment `said` in focus; with `fresh` (a record) the form for it, empty, goes along.

    Unless it was just opened it takes the place of the thread on the page.
    """
    opening = find_thread(view.programme, view.actor.person, number)
    thread = thread_page(view.programme, opening, list(answers_to(opening)[:ANSWERS]))
    texts = [opening.text, *(one.text for one in thread.replies)]
    context = {
        "thread": thread, "known": known_in(view.programme, view.actor.person, texts), "said": said,
        "fresh": fresh.label if fresh is not None else "", "parts": PARTS[thread.kind],
    }  # fmt: skip
    answer = view.show("cmo/team/_thread_alone.html", context)
    if fresh is None:
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#thread-{number}", "outerHTML"
    return answer


def _page(request: HttpRequest) -> int:
    try:
        return asked(request.GET, size=ANSWERS)[0]
    except ValidationError as refusal:
        raise Http404("There is no such page.") from refusal
