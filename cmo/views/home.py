"""Owns home: my programmes and what I have not saved; and the start of a programme."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.comparing import compare
from cmo.reading.overview import cards_for
from cmo.reading.proposal_lines import lines_of
from cmo.reading.review_queue import queue_of
from cmo.reading.told import quote
from cmo.reading.workbench import drafts_waiting, typed_wording
from cmo.rules.beginning import begin, rehearse
from cmo.vocabulary import Drafted
from programmes.forms import NewProgramme
from programmes.reading.notices import unread_on_home
from programmes.reading.team import programmes_of, with_people
from programmes.views.base import Page, take_refusal

MOST = 20  # proposals on home; the queue of each programme shows the rest


class Home(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = with_people(programmes_of(self.actor)).prefetch_related("phases").order_by("title", "pk")
        drafts = [_draft_shown(draft) for draft in drafts_waiting(self.actor.person)]
        queue = queue_of(self.actor.person)
        notices, told = unread_on_home(self.actor, queue.labels())
        quote(notices, self.actor.person)
        lines = lines_of(queue.mine[:MOST], self.actor.person)
        waiting = {
            "drafts": drafts, "notices": notices, "told": told, "lines": lines, "asked": len(queue.mine),
            "to_answer": len(queue.answer) + len(queue.decide), "to_revise": len(queue.revise),
        }  # fmt: skip
        return self.show("cmo/home.html", {"cards": cards_for(list(mine)), **waiting})


def _draft_shown(draft: Any) -> dict[str, Any]:
    """A draft with its changed words, and where to carry on."""
    slug, record, kind = draft.programme.slug, draft.record, draft.kind
    whole = _typed_words(draft)
    changed = bool(draft.before) and whole != draft.before
    named = {
        "statement": _("%(label)s, a new wording") if record else _("A new statement"),
        "configuration": _("%(label)s, a new make-up") if record else _("A new configuration"),
        "element": _("%(label)s, a new wording") if record else _("A new element"),
    }
    at = [slug, record.number] if record else [slug]
    return {
        "draft": draft,
        "title": named[kind] % {"label": record.label} if record else named[kind],
        "whole": whole,
        "words": compare(draft.before, whole) if changed else [],
        "url": reverse(f"{kind}-edit" if record else f"{kind}-new", args=at),
        "discard": reverse(f"{kind}-draft" if record else f"{kind}-new-draft", args=at),
    }


def _typed_words(draft: Any) -> str:
    """What a draft says, in one text."""
    typed = draft.fields
    if draft.kind == Drafted.STATEMENT:
        return typed_wording(typed, draft.before)
    if draft.kind == Drafted.ELEMENT:
        return str(typed.get("text", ""))
    names = ("nickname", *(name for name in typed if name.startswith("slot-")), "plain")
    return "; ".join(line for name in names for line in str(typed.get(name, "")).splitlines() if line.strip())


class NewProgrammePage(Page):
    """Screen 13b. Everything is made in one transaction, or nothing; `do=look` shows what would be made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("cmo/programme_new.html", {"form": NewProgramme()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewProgramme(request.POST)
        if form.is_valid():
            try:
                if request.POST.get("do") == "look":
                    return self._look(form)
                return self.done_once(lambda: self._begin(form.cleaned_data))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.show("cmo/programme_new.html", {"form": form}, status=422)

    def _look(self, form: NewProgramme) -> HttpResponse:
        seen = rehearse(by=self.actor, **form.cleaned_data)
        return self.show("cmo/programme_new.html", {"form": form, "seen": seen})

    @transaction.atomic
    def _begin(self, given: dict[str, Any]) -> HttpResponse:
        programme, stated = begin(by=self.actor, **given)
        said = _("%(title)s is ready, with %(n)s statements.") if stated else _("%(title)s is ready.")
        messages.success(self.request, said % {"title": programme.title, "n": stated})
        return redirect("workbench" if stated else "overview", programme.slug)
