"""Owns the proposing of a change: from the forms in which records are written, to retire or restore one, or as a draft.

What was typed is never lost: a refused form comes back as it was, and where a record moved on meanwhile the words are
kept as a draft of the proposal, to be brought onto the new version there.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.configuration import PREFIX
from cmo.forms.configuration import initial_of as made_initial
from cmo.forms.element import ElementForm
from cmo.forms.element import initial_of as element_initial
from cmo.forms.proposing import (
    AroundForm,
    asked_again,
    configuration_change,
    configuration_typed,
    element_change,
    names_record,
    statement_change,
)
from cmo.forms.reason import say_why_proposed
from cmo.forms.resting import rests_in
from cmo.forms.statement import IN_PARTS, SENTENCE, ReasonForm, initial_of, wants_parts
from cmo.reading.citing import cited_with, rests_named
from cmo.reading.configurations import find_configuration
from cmo.reading.elements import element_row, find_element
from cmo.reading.proposals import find_proposal
from cmo.reading.review_queue import may_write_with, own_proposals
from cmo.reading.statements import find_statement, row_of
from cmo.reading.workbench import draft_of
from cmo.rules.agreeing import goes_by_review
from cmo.rules.carrying_out import Moved
from cmo.rules.citing import Rests
from cmo.rules.drafting import drop_draft
from cmo.rules.proposing import propose, rewrite_proposal, submit
from cmo.rules.reasons import with_reason
from cmo.team_words import ProposalState
from cmo.views.configuring import EditConfiguration, NewConfiguration
from cmo.views.editing import EditStatement, NewStatement
from cmo.views.elements import EditElement
from cmo.views.writing import AGAIN
from cmo.vocabulary import State
from programmes.access import require
from programmes.reading.codebook import themes_of
from programmes.refusals import Stale
from programmes.views.base import Page, take_refusal, whole_number
from programmes.vocabulary import Verb

LOOK = "look"  # come from the form of an edit, with all that was typed there
DRAFT = "draft"


class Proposing(Page):
    """What all ways to propose share; a POST with do=draft keeps it private, else it is laid before the team."""

    writes = Verb.PROPOSE

    def around(self, data: Any = None) -> AroundForm:
        to = self.request.GET.get("in", "")
        return AroundForm(
            data, members=may_write_with(self.actor.person, self.programme),
            own=own_proposals(self.actor.person, self.programme), initial={"to": to},
        )  # fmt: skip

    @transaction.atomic
    def put_forward(
        self, change: dict[str, Any], *, reason: str, around: AroundForm, drop: Callable[[], None] | None = None,
        rests: Sequence[str] = (),
    ) -> HttpResponse:
        """`rests` are labels of the evidence that the proposal cites, beside what it cites already."""
        given, cites = around.cleaned_data, rests_named(self.programme, rests)
        if given.get("to"):
            made = self._into(int(given["to"]), change, reason, given, cites)
        else:
            made = propose(
                self.programme, by=self.actor, changes=[change], title=given["title"], reason=reason,
                coauthors=given.get("coauthors", []), cites=cites,
            )  # fmt: skip
        if drop is not None:
            drop()
        self._lay(made)
        url = reverse("proposal", args=[self.programme.slug, made.number])
        if self.htmx:
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = answer["Location"] = url
            return answer
        return redirect(url)

    def _into(self, number: int, change: dict[str, Any], reason: str, given: dict[str, Any], cites: Rests) -> Any:
        """One's own proposal with this change in it, in the place of what it said of the same records.

        Its reason speaks for all that it changes, so what is said of this change joins what was said of the others.
        """
        into = find_proposal(self.actor.person, self.programme, number)
        named = set(names_record(change))
        kept = [asked_again(one) for one in into.content if not named & set(names_record(one))]
        why = with_reason(into.reason, reason, label=into.label)
        try:
            return rewrite_proposal(
                into, by=self.actor, base=into.revision_number, changes=[*kept, change], reason=why,
                title=given["title"] if given["title"].strip() else None,
                cites=cited_with(into, cites) if cites else None,
            )  # fmt: skip
        except Stale as stale:
            said = getattr(stale, "said", "") or _("It changed meanwhile; send this once more.")
            raise ValidationError({"to": said}) from stale

    def _lay(self, made: Any) -> None:
        """Lay it before the team, unless it is to stay a draft or lies there already."""
        label = {"label": made.label}
        if made.state == ProposalState.OPEN:
            messages.success(self.request, _("%(label)s lies before the team in its next round.") % label)
            return
        if self.request.POST.get("do") == DRAFT:
            said = _("%(label)s is kept as a draft that only its authors see, and whom they name.")
            messages.success(self.request, said % label)
            return
        try:
            submit(made, by=self.actor, base=made.revision_number)
        except Moved as moved:
            said = _("Your words are kept as the draft %(label)s. %(why)s")
            messages.warning(self.request, said % {**label, "why": moved.said})
            return
        messages.success(self.request, _("%(label)s lies before the team.") % label)

    def themes_with(self, ids: Sequence[str]) -> list[Any]:
        """The themes with these ids."""
        return [theme for theme in themes_of(self.programme) if str(theme.uid) in ids]

    def content_in(self, label: str) -> dict[str, Any]:
        """What `?in=4` says of this record already, for the form to begin with."""
        raw = self.request.GET.get("in", "")
        if not (raw.isascii() and raw.isdecimal() and len(raw) < 9):
            return {}
        for one in find_proposal(self.actor.person, self.programme, int(raw)).content:
            if one["change"] == "revise" and one["record"] == label:
                return dict(one["content"])
        return {}


class _Asked(Proposing):
    """What the forms of records share: what is said around the change stands under the form."""

    def form_page(self, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        again = self.request.POST if self.request.POST.get("do") in AGAIN else None
        around = more.pop("around", None) or self.around(again)
        page: Any = super()
        say_why_proposed(form)
        row = more.get("row")
        record = more.get("statement") or getattr(row, "configuration", None) or getattr(row, "element", None)
        more["reviewed"] = record is not None and goes_by_review(self.programme, record)
        return page.form_page(form, status=status, proposing=True, around=around, **more)  # type: ignore[no-any-return]

    def take(
        self, form: Any, change: Callable[[], dict[str, Any]], drop: Callable[[], None], **more: Any
    ) -> HttpResponse:
        """Propose what the form asks for, or show it again with what is wrong."""
        if self.request.POST.get("do") == LOOK:
            return self.form_page(form, **more)
        around = self.around(self.request.POST)
        if form.is_valid() and around.is_valid():
            try:
                asked, reason = change(), form.cleaned_data.get("reason", "")
                rests = rests_in(form) if "rests_on" in form.fields else []
                return self.done_once(
                    lambda: self.put_forward(asked, reason=reason, around=around, drop=drop, rests=rests)
                )
            except ValidationError as refusal:
                take_both(form, around, refusal)
        return self.form_page(form, status=422, around=around, **more)


def take_both(form: Any, around: AroundForm, refusal: ValidationError) -> None:
    """Put a refusal where its field is: in what is said around the change, or in the form of the change."""
    names = set(getattr(refusal, "error_dict", {}))
    take_refusal(around if names & set(around.fields) else form, refusal)


class ProposeNewStatement(_Asked, NewStatement):
    writes = Verb.PROPOSE

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") in AGAIN:
            return self.again()
        form = self.form(request.POST)
        return self.take(
            form, lambda: statement_change(form), lambda: drop_draft(self.programme, by=self.actor, statement=None)
        )


class ProposeStatement(_Asked, EditStatement):
    """`?in=4` changes what one's own P4 says of it."""

    writes = Verb.PROPOSE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        require(self.actor, Verb.PROPOSE, self.programme)
        statement = find_statement(self.programme, number)
        row = row_of(statement)
        if row.state == State.RETIRED:
            messages.warning(request, _("%(label)s is retired; propose to restore it first.") % {"label": row.label})
            return redirect("statement", self.programme.slug, number)
        content = self.content_in(row.label)
        mode = IN_PARTS if wants_parts(row) and not content else SENTENCE
        initial, draft = initial_of(row, mode), None
        if content:
            initial |= {name: value for name, value in content.items() if name in ("wording", "area", "state")}
            initial["theme"] = self._labels(content, initial["theme"])
        elif draft := draft_of(self.actor.person, self.programme, statement):
            initial |= {**draft.fields, "base": draft.base or row.revision}
        if request.GET.get("as") in (SENTENCE, IN_PARTS) and not content and not draft:
            initial["mode"] = request.GET["as"]
        return self.form_page(self.form(None, initial=initial), row=row, statement=statement, draft=draft)

    def _labels(self, content: dict[str, Any], held: list[str]) -> list[str]:
        if "themes" not in content:
            return held
        return [theme.label for theme in self.themes_with(content["themes"])]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        statement = find_statement(self.programme, number)
        row = row_of(statement)
        if request.POST.get("do") in AGAIN:
            return self.again(statement, row)
        form = self.form(request.POST)
        if form.is_valid() and not form.cleaned_data.get("base"):
            form.add_error(None, _("The form has lost the revision that it started from; load the page again."))
        return self.take(
            form, lambda: statement_change(form, row),
            lambda: drop_draft(self.programme, by=self.actor, statement=statement), row=row, statement=statement,
        )  # fmt: skip


class ProposeNewConfiguration(_Asked, NewConfiguration):
    writes = Verb.PROPOSE

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        return self.take(form, lambda: configuration_change(form), lambda: self.drop(None))


class ProposeConfiguration(_Asked, EditConfiguration):
    writes = Verb.PROPOSE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        content = self.content_in(f"CMO{number}")
        if not content:
            return super().get(request, number)
        require(self.actor, Verb.PROPOSE, self.programme)
        row = self.row(number)
        initial = {**made_initial(row), **configuration_typed(content)}
        used = [name.removeprefix(PREFIX) for name in initial if name.startswith(PREFIX)]
        return self.form_page(self.form(None, used=used, initial=initial), row=row)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        row = self.row(number)
        form = self.form_of(row, request.POST)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if base and base < row.configuration.revision_number:
            return self.came_late(row, form, base)
        return self.take(
            form, lambda: configuration_change(form, row), lambda: self.drop(row.configuration), row=row
        )


class ProposeElement(_Asked, EditElement):
    writes = Verb.PROPOSE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        content = self.content_in(f"E{number}")
        if not content:
            return super().get(request, number)
        require(self.actor, Verb.PROPOSE, self.programme)
        row = element_row(find_element(self.programme, number))
        initial = {**element_initial(row), **{name: value for name, value in content.items() if name != "themes"}}
        if "themes" in content:
            initial["theme"] = [theme.label for theme in self.themes_with(content["themes"])]
        form = ElementForm(programme=self.programme, kind=row.element.kind, initial=initial)
        return self.form_page(form, row=row)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        element = find_element(self.programme, number)
        form, row = self.form_of(element, request.POST)
        base = form.cleaned_data.get("base") if form.is_valid() else None
        if base and base < element.revision_number:
            return self.came_late(number, form, base)
        return self.take(form, lambda: element_change(form, row), lambda: self.drop(element), row=row)


# ---------------------------------------------------------------- to retire, and to bring back

FOUND: dict[str, tuple[str, Callable[..., Any]]] = {
    "S": ("statement", find_statement), "CMO": ("configuration", find_configuration), "E": ("element", find_element),
}  # fmt: skip


class ProposeTurn(Proposing):
    """Propose to retire a record, to bring it back, or (`?revision=2`) to bring back what it said."""

    def get(self, request: HttpRequest, of: str, number: int) -> HttpResponse:
        require(self.actor, Verb.PROPOSE, self.programme)
        record = FOUND[of][1](self.programme, number)
        initial = {"base": record.revision_number, "revision": whole_number(request.GET.get("revision"), 0) or None}
        return self.turn_page(of, record, ReasonForm(initial=initial), self.around())

    def turn_page(self, of: str, record: Any, form: Any, around: AroundForm, *, status: int = 200) -> HttpResponse:
        restores = record.state == State.RETIRED or form["revision"].value()
        context = {
            "current": "workbench" if of == "S" else "configurations", "record": record, "page": FOUND[of][0],
            "form": form, "around": around, "restores": restores, "revision": form["revision"].value(),
        }  # fmt: skip
        return self.show("cmo/review/turn.html", context, status=status)

    def post(self, request: HttpRequest, of: str, number: int) -> HttpResponse:
        record = FOUND[of][1](self.programme, number)
        form, around = ReasonForm(request.POST), self.around(request.POST)
        if form.is_valid() and around.is_valid():
            given = form.cleaned_data
            back = record.state == State.RETIRED or given.get("revision")
            change = {"record": record.label, "base": given["base"], "change": "restored" if back else "retired"}
            if given.get("revision"):
                change["revision"] = given["revision"]
            try:
                return self.done_once(lambda: self.put_forward(change, reason=given["reason"], around=around))
            except ValidationError as refusal:
                take_both(form, around, refusal)
            except PermissionDenied as refusal:
                form.add_error(None, str(refusal))
        return self.turn_page(of, record, form, around, status=422)
