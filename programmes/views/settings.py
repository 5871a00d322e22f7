"""Owns the settings of a programme: members and roles, what is said about it, its phases, its audit log."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.access import may
from programmes.forms import (
    NewInvitations,
    NewMember,
    NewPhase,
    Roles,
    TurnPhase,
)
from programmes.log_forms import LogFilter
from programmes.reading.fieldwork import transcripts_left
from programmes.reading.inviting import open_invitations
from programmes.reading.log import find_events, log_page
from programmes.reading.log_files import FORMATS
from programmes.reading.team import evidence_shown, find_phase, members_of, phases_of, role_shown, what_roles_may
from programmes.refusals import Stale
from programmes.remembering import Remembering, as_typed, shown_of
from programmes.rules.founding import describe
from programmes.rules.limiting import MEMBER, give_back, take_try
from programmes.rules.membering import add_member, change_roles, remove_member
from programmes.rules.phasing import open_phase, plan_phase
from programmes.settings_forms import EvidenceKept, HowAgreed, ProgrammeWords
from programmes.views.base import Page, pager, sentences, take_refusal
from programmes.vocabulary import PhaseState, Role, Verb

WORDS = ("title", "summary", "intervention")
AGREED = ("agreement", "approvals", "blind")
KEPT = ("transcripts", "small_group")


def _initial(programme: Any, names: Sequence[str]) -> dict[str, Any]:
    """What a form begins with, and what it remembers of that."""
    said = {name: getattr(programme, name) for name in names}
    return {**said, "base": programme.revision_number, "shown": shown_of(said)}


class Settings(Page):
    """The whole page. Members see all of it; forms stand on it for leads only."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, *, status: int = 200, **given: Any) -> HttpResponse:
        """The page with fresh forms, or with the `given` one that was refused."""
        shown = {
            "current": "settings",
            "me": self.actor.person.pk,
            "roles_table": what_roles_may(),
            "roles": [role.label for role in Role],
            **self.log(),
        }
        if may(role_shown(self.programme), Verb.MANAGE):
            shown |= self.forms(given)
        else:
            shown |= {"members": members_of(self.programme), "phases": phases_of(self.programme)}
        return self.show("programmes/settings.html", {**shown, **given}, status=status)

    def forms(self, given: dict[str, Any]) -> dict[str, Any]:
        turned, sees = given.get("turned"), evidence_shown(self.programme)
        return {
            "roles_form": Roles(members=members_of(self.programme), evidence=sees, prefix="r"),
            "new_member": NewMember(evidence=sees, prefix="m"),
            "new_invitations": NewInvitations(evidence=sees, prefix="i"),
            "invitations": open_invitations(self.programme),
            "words": ProgrammeWords(prefix="about", initial=_initial(self.programme, WORDS)),
            "how_agreed": HowAgreed(prefix="agree", initial=_initial(self.programme, AGREED)),
            "evidence_kept": EvidenceKept(prefix="kept", initial=_initial(self.programme, KEPT)),
            "transcripts_left": transcripts_left(self.programme) if sees else 0,
            "new_phase": NewPhase(prefix="phase"),
            "phase_forms": [
                turned
                if turned and turned.phase.pk == phase.pk
                else TurnPhase(phase=phase, closing=phase.state == PhaseState.OPEN)
                for phase in phases_of(self.programme)
            ],
        }

    def log(self) -> dict[str, Any]:
        """The audit log as the query asks for it; a query that cannot be read shows all and says why."""
        form = LogFilter(self.request.GET or None, prefix=None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        raw = self.request.GET.get("page", "1")
        page = log_page(
            self.programme, page=max(1, int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else 1, **asked
        )
        text = _("%(start)s to %(end)s of %(count)s, newest first") % {
            "start": page.start, "end": page.end, "count": page.count}  # fmt: skip
        query = self.request.GET.copy()
        query.pop("page", None)
        return {
            "log_form": form,
            "log": page,
            "pager": pager(self.request, page, text=text, anchor="#log"),
            "log_query": query.urlencode(),
        }

    def url(self, part: str) -> str:
        return f"{reverse('settings', args=[self.programme.slug])}#{part}"


class Part(Settings):
    """A form of the page that is sent to an address of its own; read there, it leads back to its part of the page."""

    part = ""
    writes: Verb | None = Verb.MANAGE

    def describe(self, form: Remembering) -> None:
        """Change what the form says of the programme."""
        describe(self.programme, by=self.actor, **{n: said for n, said in form.cleaned_data.items() if n != "shown"})

    def late(self, name: str, form: Remembering, now: Any, names: Sequence[str]) -> HttpResponse:
        """The form with both edits in it; where both changed the same, it says what theirs is and keeps mine."""
        data, both = form.with_theirs(_initial(now, names))
        again = type(form)(data, prefix=form.prefix)
        again.add_error(None, _("Another lead changed the settings meanwhile; look again, then save."))
        for one in both:
            theirs = dict(getattr(again.fields[one], "choices", ())).get(getattr(now, one), getattr(now, one))
            again.add_error(one, _("Theirs is “%(value)s”; yours stands here.") % {"value": theirs})
        return self.page(status=409, wrong=again, **{name: again})

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url(self.part))

    def take(self, name: str, form: BaseForm, do: Callable[[], object], said: str) -> HttpResponse:
        """Check the form, call the rule, once, and go back to the part; refused, the page shows the form."""

        def act() -> HttpResponse:
            if form.is_valid():
                try:
                    do()
                except ValidationError as refusal:
                    take_refusal(form, refusal)
                else:
                    messages.success(self.request, said)
                    return HttpResponseRedirect(self.url(self.part))
            return self.page(status=422, wrong=form, **{name: form})

        return self.done_once(act)


class AddMember(Part):
    part = "members"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewMember(request.POST, evidence=evidence_shown(self.programme), prefix="m")
        mark = take_try(MEMBER, self.actor.person.username)
        if mark is None:  # whoever founds a programme could try out every name that there may be
            form.is_valid()
            form.add_error("who", _("Too many names that could not be added. Wait five minutes, then try again."))
            return self.page(status=429, wrong=form, new_member=form)
        said = _("They are a member now and find the programme on their home page.")
        do = lambda: add_member(self.programme, by=self.actor, **form.cleaned_data)  # noqa: E731
        answer = self.take("new_member", form, do, said)
        if answer.status_code < 400:
            give_back(MEMBER, self.actor.person.username, mark)
        return answer


class ChangeRoles(Part):
    part = "members"

    def post(self, request: HttpRequest) -> HttpResponse:
        members, sees = members_of(self.programme), evidence_shown(self.programme)
        form = Roles(request.POST, members=members, evidence=sees, prefix="r")
        do = lambda: change_roles(  # noqa: E731
            self.programme, by=self.actor, wanted=form.wanted(), withheld=form.withheld()
        )
        return self.take("roles_form", form, do, _("The roles are saved; they hold from the next page on."))


class RemoveMember(Part):
    """Leads take others out; everybody may leave, so the rule alone asks who may."""

    part = "members"
    writes = None

    def post(self, request: HttpRequest) -> HttpResponse:
        username = request.POST.get("username", "")
        leaving = username == self.actor.person.username

        def act() -> HttpResponse:
            try:
                remove_member(self.programme, by=self.actor, username=username)
            except ValidationError as refusal:
                return self.page(status=422, wrong_members=sentences(refusal))
            if leaving:
                messages.success(request, _("You have left “%(title)s”.") % {"title": self.programme.title})
                return HttpResponseRedirect(reverse("home"))
            messages.success(request, _("They are no longer a member; what they wrote stays."))
            return HttpResponseRedirect(self.url(self.part))

        return self.done_once(act)


class Describe(Part):
    part = "about"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProgrammeWords(request.POST, prefix="about")
        try:
            return self.take("words", form, lambda: self.describe(form), _("Saved."))
        except Stale as stale:
            return self.compare(form, stale.record)

    def compare(self, form: ProgrammeWords, now: Any) -> HttpResponse:
        """What was typed stays in the form, with the rest as another lead saved it meanwhile; where both changed the
        same, theirs stands beside it. Saving again starts from that."""
        data, both = form.with_theirs(_initial(now, WORDS))
        again = ProgrammeWords(data, prefix="about")
        theirs = {name: getattr(now, name) for name in both}
        same = all(as_typed(again[name].value()) == getattr(now, name) for name in WORDS)
        return self.page(status=409, words=again, theirs=theirs, moved_on="same" if same else "other")


class Agree(Part):
    """How changes are agreed on: directly or by review, by how many, openly or blind."""

    part = "agreement"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = HowAgreed(request.POST, prefix="agree")
        try:
            said = _("Saved. It holds from the next change on.")
            return self.take("how_agreed", form, lambda: self.describe(form), said)
        except Stale as stale:
            return self.late("how_agreed", form, stale.record, AGREED)


class KeepEvidence(Part):
    """Whether whole transcripts may be kept, and which counts are small."""

    part = "evidence"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EvidenceKept(request.POST, prefix="kept")
        try:
            return self.take("evidence_kept", form, lambda: self.describe(form), _("Saved."))
        except Stale as stale:
            return self.late("evidence_kept", form, stale.record, KEPT)


class PlanPhase(Part):
    part = "phases"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPhase(request.POST, prefix="phase")
        do = lambda: plan_phase(self.programme, by=self.actor, **form.cleaned_data)  # noqa: E731
        return self.take("new_phase", form, do, _("The phase is planned."))


class TurnOne(Part):
    """Opens or closes a phase, by the address; refused, the form of the same act stands beside the phase as it is."""

    part = "phases"
    closing = False
    turn: Callable[..., Any]
    said: Any = ""

    def post(self, request: HttpRequest, phase: str) -> HttpResponse:
        found = find_phase(self.programme, phase)
        form = TurnPhase(request.POST, phase=found, closing=self.closing)
        # the rule writes into a copy: what it is refused at the end must not look as if it were done
        do = lambda: type(self).turn(copy(found), by=self.actor, **form.cleaned_data)  # noqa: E731
        try:
            return self.take("turned", form, do, str(type(self).said))
        except Stale as stale:
            typed = request.POST.copy()
            typed["base"] = stale.record.revision_number
            again = TurnPhase(typed, phase=stale.record, closing=self.closing)
            again.add_error(None, self._moved_on(stale.record))
            return self.page(status=409, turned=again, wrong=again)

    def _moved_on(self, phase: Any) -> str:
        if self.closing and phase.state != PhaseState.OPEN:
            said = _("Somebody closed %(phase)s meanwhile. What you wrote stands in its form.")
        elif not self.closing and phase.state == PhaseState.OPEN:
            said = _("Somebody opened %(phase)s meanwhile. What you wrote stands in its form.")
        else:
            said = _("Somebody else changed %(phase)s meanwhile; look again before you go on.")
        return said % {"phase": phase.title}


class OpenPhase(TurnOne):
    turn = staticmethod(open_phase)
    said = gettext_lazy("The phase is open.")


class LogFile(Page):
    """The audit log as a file, with the filters of the page."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        form = LogFilter(request.GET)
        if not form.is_valid():
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse('settings', args=[self.programme.slug])}?{query}#log")
        content_type, write = FORMATS[kind]
        events = find_events(self.programme, oldest_first=True, **form.cleaned_data)
        answer = StreamingHttpResponse(write(events.iterator(chunk_size=500)), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="{self.programme.slug}-audit-log.{kind}"'
        return answer
