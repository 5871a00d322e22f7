"""Owns what every page shares: the actor, the programme in the address, forms that take a rule's refusals, and
"sent twice, done once". One of the two files that translate refusals (the other is api/problems.py)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import View

from programmes.access import Actor, abilities, allow
from programmes.reading.team import evidence_shown, find_programme, role_shown
from programmes.refusals import KeyReused, Repeated
from programmes.rules.answering_once import fingerprint, form_key, is_nonce, once
from programmes.views.carrying import NONCE, lost_in
from programmes.vocabulary import NO_EVIDENCE_THEN, NO_WRITING_THEN, NOT_THEN

if TYPE_CHECKING:
    from programmes.models import Programme
    from programmes.vocabulary import Verb

REFUSED = (409, 422)  # what answers a form that was not taken
NOW = ("", "working")  # values of `?snapshot=` that ask for what stands now


class Page(View):
    """A page for people who are signed in; `self.actor` acts, `self.programme` is the one in the address, or 404.

    Who may not write is told so before anything that they sent is looked at.
    """

    writes: "Verb | None" = None  # what a POST asks for, in the programme of the address
    evidence = False  # whether it shows what members without evidence do not see: for them there is no such page
    then = False  # whether it shows, with `?snapshot=`, what stood then; else it says why not
    not_then: Any = None  # why not, where that is not the usual reason
    actor: Actor
    programme: "Programme"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = Actor(person=request.user)  # type: ignore[arg-type]
        slug = kwargs.pop("slug", None)
        if slug is not None:
            self.programme = find_programme(self.actor, slug)
            request.programme = self.programme  # type: ignore[attr-defined]  # for the frame around the page
            if self.evidence and not evidence_shown(self.programme):
                raise Http404("There is no such page.")
        if request.method == "POST" and self.writes is not None:
            allow(self.actor, self.writes, role_shown(self.programme))
        frozen = request.GET.get("snapshot", "").strip()
        if slug is not None and frozen not in NOW and not (self.then and request.method in {"GET", "HEAD"}):
            return self.show("not_then.html", {"said": self._why_not_then(), "frozen": frozen}, status=400)
        return super().dispatch(request, *args, **kwargs)

    def _why_not_then(self) -> Any:
        if self.request.method == "POST":
            return NO_WRITING_THEN
        if self.not_then is not None:
            return self.not_then
        if self.evidence:
            return NO_EVIDENCE_THEN
        return NOT_THEN if self.writes is None else NO_WRITING_THEN

    @property
    def htmx(self) -> bool:
        return bool(getattr(self.request, "htmx", False))

    def show(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200, **headers: str
    ) -> HttpResponse:
        """Render a page or a part of one; inside a programme with what its frame needs."""
        whole: dict[str, Any] = {"nonce": uuid4().hex, **(context or {})}
        if hasattr(self, "programme"):
            whole["programme"] = self.programme
            whole["sees_evidence"] = evidence_shown(self.programme)
            whole["may"] = abilities(role_shown(self.programme), evidence=whole["sees_evidence"])
        answer = render(self.request, template, whole, status=status)
        if self.request.method == "POST" and status in REFUSED and (lost := lost_in(answer, self.request)):
            # The form that it stood in is not on the page any more: its record was closed or retired meanwhile.
            return render(self.request, template, whole | {"lost": lost}, status=status)
        return answer

    def done_once(self, do: Callable[[], HttpResponse]) -> HttpResponse:
        """Do what this POST asks, once: a form sent twice (double click, lost answer) leads to where it led first.

        The same form with other words in it is another request, and is done.
        """
        nonce = self.request.POST.get(NONCE, "")
        if not is_nonce(nonce):
            return do()
        fields = self.request.POST.lists()
        typed = sorted((name, str(values)) for name, values in fields if name != "csrfmiddlewaretoken")
        mark = fingerprint("POST", self.request.path, str(typed))
        try:
            with once(self.actor.person, form_key(nonce), mark) as slot:
                answer = do()
                if answer.status_code >= 400:
                    slot.delete()  # nothing was done: sent again, the same form gets the same refusal, words and all
                    return answer
                slot.status, slot.headers = answer.status_code, {"Location": answer.get("Location", "")}
                slot.save()
                return answer
        except Repeated as repeated:
            return HttpResponseRedirect(repeated.answered.headers.get("Location") or self.request.path)
        except KeyReused:
            return do()


def take_refusal(form: BaseForm, refusal: ValidationError) -> None:
    """Put a rule's refusal into the form, under the field it names or over the whole."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def pager(request: HttpRequest, page: Any, *, text: str, anchor: str = "", name: str = "page") -> dict[str, Any]:
    """What components/_pager.html needs of a `reading.paging.Page`; the addresses keep the rest of the query. `name` is
    the parameter that turns it, where several stand on a page."""

    def at(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"{request.path}?{query.urlencode()}{anchor}"

    return {
        "number": page.number, "pages": page.pages, "has_previous": page.has_previous, "has_next": page.has_next,
        "first_url": at(1), "previous_url": at(page.number - 1), "next_url": at(page.number + 1),
        "last_url": at(page.pages), "text": text,
    }  # fmt: skip


def whole_number(raw: str | None, default: int) -> int:
    """The whole number that a form or a query names, `default` for anything else."""
    return int(raw) if raw and raw.isascii() and raw.isdecimal() and len(raw) <= 9 else default


def sentences(refusal: ValidationError) -> list[str]:
    """All sentences of a refusal, for pages that have no form to put them in."""
    if hasattr(refusal, "error_dict"):
        return [said for found in refusal.message_dict.values() for said in found]
    return list(refusal.messages)
