"""Owns the pages of meetings: the list, one with its digest, the digest as a file, writing, mail, retire, restore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.late import data_of, put_form_together, unanswered
from cmo.forms.meeting import MeetingForm, TurnMeetingForm
from cmo.forms.together import ONE, SEVERAL, WORDS, refuse_marks
from cmo.reading.digest_texts import as_mail, as_markdown, period_said
from cmo.reading.digests import digest_of, digest_since_last
from cmo.reading.discussion import compared
from cmo.reading.elements import number_in
from cmo.reading.meetings import (
    decisions_of,
    decisions_offered,
    find_meeting,
    has_come,
    meeting_history,
    meetings_found,
    people_offered,
)
from cmo.reading.naming import known_in
from cmo.rules.mailing_digests import mail_digest
from cmo.rules.meeting import change_meeting, conclude_meeting, held_in, record_meeting, turn_meeting
from programmes.access import require
from programmes.gate import clean
from programmes.reading.paging import asked, take
from programmes.refusals import Stale
from programmes.remembering import shown_of
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import Limit, Verb

SIZE = 20
TOGETHER = {  # how two edits of each are put together
    "title": WORDS, "held": ONE, "there": SEVERAL, "decided": SEVERAL, "notes": WORDS,
}  # fmt: skip
MARKDOWN = "text/markdown; charset=utf-8"


class Meetings(Page):
    """`?list=current|retired &search= &page=`"""

    def get(self, request: HttpRequest) -> HttpResponse:
        retired = request.GET.get("list") == "retired"
        context: dict[str, Any] = {"current": "threads", "which": "retired" if retired else "current", "search": ""}
        try:
            number, size = asked(request.GET, size=SIZE, largest=100)
            words = clean(request.GET.get("search", ""), field="search", limit=Limit.TITLE)
        except ValidationError as refusal:
            return self.show("cmo/meeting/meetings.html", {**context, "problems": sentences(refusal)})
        found = meetings_found(self.programme, retired=retired, words=words)
        page: Any = take(found, count=found.count(), page=number, size=size)
        said = _("%(start)s to %(end)s of %(count)s") % {"start": page.start, "end": page.end, "count": page.count}
        context |= {
            "meetings": page.rows, "search": words,
            "pager": pager(request, page, text=said if page.count else ""),
        }  # fmt: skip
        return self.show("cmo/meeting/meetings.html", context)


class MeetingPage(Page):
    """One meeting with its digest, and what was said of it before."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.meeting_page(number)

    def meeting_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        meeting = find_meeting(self.programme, number)
        digest = digest_of(meeting)
        history = meeting_history(meeting)
        for one in history:
            one.text = one.notes  # type: ignore[attr-defined]  # what is compared
        texts = [meeting.notes, *(one.opening.text for one in digest.threads)]
        context = {
            "current": "threads", "meeting": meeting, "digest": digest, "period": period_said(digest),
            "decided": decisions_of(meeting), "come": has_come(meeting), "history": compared(history),
            "known": known_in(self.programme, self.actor.person, texts), **more,
        }  # fmt: skip
        return self.show("cmo/meeting/meeting.html", context, status=status)


class NextMeeting(Page):
    """What changed since the last meeting, for whoever prepares the next one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        digest = digest_since_last(self.programme)
        known = known_in(self.programme, self.actor.person, [one.opening.text for one in digest.threads])
        context = {"current": "threads", "digest": digest, "period": period_said(digest), "known": known}
        return self.show("cmo/meeting/next.html", context)


class MeetingMarkdown(Page):
    """The digest as a file."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        meeting = find_meeting(self.programme, number)
        home = request.build_absolute_uri("/").rstrip("/")
        answer = HttpResponse(as_markdown(digest_of(meeting), meeting, home=home), content_type=MARKDOWN)
        answer["Content-Disposition"] = f'attachment; filename="{self.programme.slug}-meeting-{meeting.number}.md"'
        return answer


class _Writing(Page):
    writes = Verb.WRITE

    def form_of(self, data: Any = None, *, meeting: Any = None, **more: Any) -> MeetingForm:
        people, proposals = people_offered(self.programme, meeting), decisions_offered(self.programme, meeting)
        return MeetingForm(data, people=people, proposals=proposals, **more)

    def form_page(self, form: MeetingForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.show("cmo/meeting/meeting_form.html", {"current": "threads", "form": form, **more}, status=status)

    def taken(self, form: MeetingForm) -> dict[str, Any]:
        """What the form says as the rules take it."""
        given = form.cleaned_data
        decided = [number_in("P", label, field="decided") for label in given.get("decided", [])]
        words = {name: given[name] for name in ("title", "notes", "there")}
        return {**words, "held": held_in(given["held"]), "decided": decided}


class NewMeeting(_Writing):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        return self.form_page(self.form_of(initial={"there": [self.actor.person.username]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_of(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._record(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.form_page(form, status=422)

    def _record(self, form: MeetingForm) -> HttpResponse:
        made = record_meeting(self.programme, by=self.actor, **self.taken(form))
        said = _("Meeting %(n)s is recorded.") if made.until else _("Meeting %(n)s is planned.")
        messages.success(self.request, said % {"n": made.number})
        return redirect("meeting", self.programme.slug, made.number)


class EditMeeting(_Writing):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        meeting = find_meeting(self.programme, number)
        initial = self._initial(meeting)
        form = self.form_of(meeting=meeting, initial={**initial, "shown": shown_of(initial)})
        return self.form_page(form, meeting=meeting)

    def _initial(self, meeting: Any) -> dict[str, Any]:
        return {
            "title": meeting.title, "held": meeting.held.isoformat(), "notes": meeting.notes,
            "there": [one.person.username for one in meeting.attendances.all()],
            "decided": [one.proposal.label for one in meeting.decisions.all()], "base": meeting.revision_number,
        }  # fmt: skip

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        meeting = find_meeting(self.programme, number)
        form = self.form_of(request.POST, meeting=meeting)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if form.is_valid() and not base:
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        if base:
            try:
                return self.done_once(lambda: self._change(meeting, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form)
        return self.form_page(form, status=422, meeting=meeting)

    def _came_late(self, number: int, form: MeetingForm) -> HttpResponse:
        """Theirs and mine in one form; nothing is lost, nothing saved yet."""
        meeting = find_meeting(self.programme, number)
        now, latest = self._initial(meeting), meeting_history(meeting)[0]
        merged = put_form_together(form, TOGETHER, form.began(), now)
        data = data_of(form, merged, base=now["base"], shown=shown_of(now))
        fresh = unanswered(self.form_of(data, meeting=meeting))
        return self.form_page(fresh, status=409, meeting=meeting, merged=merged, who=latest.author.name)

    def _change(self, meeting: Any, form: MeetingForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
        done = change_meeting(meeting, by=self.actor, base=base, **self.taken(form))
        messages.success(self.request, _("Meeting %(n)s is saved.") % {"n": done.number})
        return redirect("meeting", self.programme.slug, done.number)


class TurnMeeting(MeetingPage):
    """`to=retired`, `current` or `concluded`."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("meeting", self.programme.slug, find_meeting(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        meeting, form = find_meeting(self.programme, number), TurnMeetingForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.meeting_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(meeting, form.cleaned_data))
        except ValidationError as refusal:
            return self.meeting_page(number, status=422, problems=sentences(refusal))
        except Stale:
            said = _("The meeting was saved meanwhile; look at it, then decide again.")
            return self.meeting_page(number, status=409, problems=[said])

    def _turn(self, meeting: Any, given: dict[str, Any]) -> HttpResponse:
        to, base = given["to"], given["base"]
        if to == "concluded":
            done = conclude_meeting(meeting, by=self.actor, base=base)
            said = _("Meeting %(n)s took place; its digest ends here.")
        else:
            done = turn_meeting(meeting, by=self.actor, base=base, retired=to == "retired")
            said = _("Meeting %(n)s is retired.") if done.retired else _("Meeting %(n)s is in use again.")
        messages.success(self.request, said % {"n": done.number})
        return redirect("meeting", self.programme.slug, done.number)


class MailMeeting(MeetingPage):
    """`to=there` or `all`."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("meeting", self.programme.slug, find_meeting(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        meeting = find_meeting(self.programme, number)
        try:
            return self.done_once(lambda: self._mail(meeting, request.POST.get("to", "")))
        except ValidationError as refusal:
            return self.meeting_page(number, status=422, problems=sentences(refusal))

    def _mail(self, meeting: Any, to: str) -> HttpResponse:
        subject, text = as_mail(digest_of(meeting), meeting)
        n = mail_digest(meeting, by=self.actor, to=to, subject=subject, text=text)
        said = ngettext("The digest goes to %(n)s person.", "The digest goes to %(n)s people.", n)
        messages.success(self.request, said % {"n": n})
        return redirect("meeting", self.programme.slug, meeting.number)
