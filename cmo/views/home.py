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
from cmo.reading.workbench import drafts_waiting, typed_wording
from cmo.rules.beginning import begin, rehearse
from programmes.forms import NewProgramme
from programmes.reading.team import programmes_of, with_people
from programmes.views.base import Page, take_refusal


class Home(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = with_people(programmes_of(self.actor)).prefetch_related("phases").order_by("title", "pk")
        drafts = [_draft_shown(draft) for draft in drafts_waiting(self.actor.person)]
        return self.show("cmo/home.html", {"cards": cards_for(list(mine)), "drafts": drafts})


def _draft_shown(draft: Any) -> dict[str, Any]:
    """A draft with its changed words, and where to carry on."""
    slug, statement = draft.programme.slug, draft.statement
    whole = typed_wording(draft.fields, draft.before)
    changed = bool(draft.before) and whole != draft.before
    return {
        "draft": draft,
        "title": _("%(label)s, a new wording") % {"label": statement.label} if statement else _("A new statement"),
        "whole": whole,
        "words": compare(draft.before, whole) if changed else [],
        "url": reverse("statement-edit", args=[slug, statement.number])
        if statement
        else reverse("statement-new", args=[slug]),
    }


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
