"""Owns what the pages that write a statement share: where they go back to, what was typed, and the page of the form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from cmo.forms.resting import rests_kept
from cmo.forms.statement import StatementForm
from cmo.reading.workbench import picker_themes
from cmo.rules.drafting import KEPT_FIELDS
from cmo.views.picking import theme_wanted
from cmo.views.resting import resting
from programmes.reading.codebook import themes_of
from programmes.views.base import Page, sentences


class Writing(Page):
    def back_url(self, fallback: str) -> str:
        asked = self.request.POST.get("next") or self.request.GET.get("next") or ""
        safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={self.request.get_host()})
        return asked if safe and asked.startswith("/") else fallback

    def typed(self) -> dict[str, Any]:
        """The fields of the form as they were sent, for a draft."""
        sent = self.request.POST
        words = {name: sent[name] for name in KEPT_FIELDS if name in sent}
        return {**words, **rests_kept(sent), "theme": sent.getlist("theme")}

    def with_theme(self) -> tuple[QueryDict, dict[str, Any]]:
        """What was sent with the theme that the picker's fields ask for, and those fields as the picker shows them
        again: empty, or with what is wrong."""
        sent = self.request.POST.copy()
        try:
            sent.appendlist("theme", theme_wanted(self).label)
        except ValidationError as refusal:
            typed = {name: sent.get(f"new-{name}", "") for name in ("code", "name", "under")}
            return sent, {"open": True, "refused": " ".join(sentences(refusal)), **typed}
        return sent, {}

    def form_page(self, form: StatementForm, *, status: int = 200, **more: Any) -> HttpResponse:
        themes = themes_of(self.programme)
        context = {"form": form, "current": "workbench", "themes": picker_themes(themes, form.typed_themes), **more}
        context |= {"next": self.back_url(""), **resting(self, more.get("statement"), form)}
        part = "cmo/_statement_editing.html" if self.htmx and "row" in more else "cmo/statement_form.html"
        return self.show(part, context, status=status)
