"""Owns what the pages that write a statement share: where they go back to, what was typed, and the page of the form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from cmo import wording as parsing
from cmo.comparing import compare
from cmo.forms.resting import rests_kept
from cmo.forms.statement import IN_PARTS, SENTENCE, StatementForm, turned
from cmo.reading.history import find_version
from cmo.reading.workbench import picker_themes, typed_wording
from cmo.rules.composing import PARTS
from cmo.rules.drafting import KEPT_FIELDS
from cmo.views.picking import ADD, theme_wanted
from cmo.views.resting import resting
from programmes.reading.codebook import themes_of
from programmes.views.base import Page, sentences, take_refusal, whole_number

AGAIN = (ADD, SENTENCE, IN_PARTS)  # buttons of a form that show it once more


def stuck_at(sent: QueryDict, said: list[str]) -> dict[str, Any]:
    """What a page shows again of a refused act: the reason that was typed; of the restore of a version also at which it
    stands open, and what is wrong."""
    number, reason = whole_number(sent.get("revision"), 0), sent.get("reason", "")
    return {"stuck": {"n": number, "reason": reason, "said": " ".join(said)}} if number else {"typed_why": reason}


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

    def again(self, statement: Any = None, row: Any = None) -> HttpResponse:
        """The form once more with all that was typed: with the theme that was asked for, or as one sentence or in
        parts, as its other way was."""
        more: dict[str, Any] = {"statement": statement, "row": row} if statement is not None else {}
        asked = self.request.POST["do"]
        if asked == ADD:
            sent, new = self.with_theme()
            return self.form_page(self.form(sent), status=422 if new else 200, new_theme=new, **more)
        try:
            form = self.form(turned(self.request.POST, asked, *self.before(statement, self.request.POST)))
        except ValidationError as refusal:
            form = self.form(self.request.POST)
            take_refusal(form, refusal)
        return self.form_page(form, status=422 if form.errors else 200, **more)

    form: Callable[..., StatementForm]  # form(data, **more) is the form of what was sent; each view writes it

    def before(self, statement: Any, typed: Mapping[str, Any]) -> tuple[str, Sequence[parsing.Span]]:
        """The words that the form started from, and their parts; none of a new statement."""
        if statement is None:
            return "", ()
        base = whole_number(typed.get("base"), 0)
        older = 0 < base < statement.revision_number
        words = find_version(statement, base).revision if older else statement
        return words.wording, parsing.unpack(words.parts)

    def so_far(self, typed: Mapping[str, Any], statement: Any) -> dict[str, Any]:
        """What saving would change so far: the words against the statement, and how they are read."""
        before, spans = self.before(statement, typed)
        text = typed_wording(typed, before, spans).replace("\r\n", "\n")
        parts = parsing.pack(parsing.find_parts(text))
        return {"changes": compare(before, text), "text": text, "parts": parts, "before": before}

    def form_page(self, form: StatementForm, *, status: int = 200, **more: Any) -> HttpResponse:
        themes = themes_of(self.programme)
        context = {"form": form, "current": "workbench", "themes": picker_themes(themes, form.typed_themes), **more}
        context |= {"next": self.back_url(""), **resting(self, more.get("statement"), form)}
        if form.is_bound or more.get("draft"):  # a script shows it after the next key
            typed = {name: str(form[name].value() or "")[:20_000] for name in ("mode", "base", "wording", *PARTS)}
            context["so_far"] = self.so_far(typed, more.get("statement"))
        part = "cmo/_statement_editing.html" if self.htmx and "row" in more else "cmo/statement_form.html"
        return self.show(part, context, status=status)
