"""Owns the keeping of what somebody types in the forms of configurations and elements, until it is saved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.resting import rests_kept
from cmo.reading.configurations import find_configuration
from cmo.reading.elements import find_element
from cmo.rules.drafting import KEPT, drop_draft, keep_draft
from cmo.views.writing import Writing
from cmo.vocabulary import Drafted
from programmes.views.base import Page


class Drafting(Page):
    """What a form with a draft of its own shares; a subclass says of what, in `drafted`."""

    drafted: Drafted

    def named(self, record: Any) -> dict[str, Any]:
        """The record as the rules of drafts name it."""
        return {"kind": self.drafted, **({self.drafted.value: record} if record is not None else {})}

    def typed(self) -> dict[str, Any]:
        """The fields of the form as they were sent."""
        sent = self.request.POST
        words = {name: sent[name] for name in KEPT[self.drafted] if name in sent}
        rests = rests_kept(sent) if "rests_on" in KEPT[self.drafted] else {}
        return {**words, **rests, "theme": sent.getlist("theme")}

    def keep(self, record: Any, base: int | None) -> ValidationError | None:
        """Keep what was sent as a draft; what is wrong with it when it cannot be kept."""
        try:
            keep_draft(
                self.programme, by=self.actor, base=base, fields=self.typed(),
                nonce=self.request.POST.get("nonce", ""), **self.named(record),
            )  # fmt: skip
        except ValidationError as refusal:
            return refusal
        return None

    def drop(self, record: Any) -> None:
        drop_draft(self.programme, by=self.actor, **self.named(record))


class _KeepDraft(Drafting, Writing):
    """Keeps what is being typed; answers 204. With `discard` it is dropped, and the page goes where it came from."""

    http_method_names = ["post"]
    find: Any

    def post(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        record = type(self).find(self.programme, number) if number else None
        if "discard" in request.POST:
            self.drop(record)
            messages.success(request, _("The draft is discarded."))
            return redirect(self.back_url(reverse("home")))
        raw = request.POST.get("base", "")
        wrong = self.keep(record, int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else None)
        if wrong is not None:
            return HttpResponse(" ".join(wrong.messages), status=422, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=204)


class KeepConfigurationDraft(_KeepDraft):
    drafted, find = Drafted.CONFIGURATION, staticmethod(find_configuration)


class KeepElementDraft(_KeepDraft):
    drafted, find = Drafted.ELEMENT, staticmethod(find_element)
