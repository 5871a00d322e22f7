"""Owns many statements at once: paste with a preview, and tagging."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.bulk import PasteForm
from cmo.reading.areas import areas_of
from cmo.reading.pasting import Read, ReadPaste, read_lines, taken
from cmo.rules.bulk import state_all, tag_all
from cmo.ticking import keep_ticks, shown_as
from cmo.views.editing import place_of
from cmo.views.workbench import Workbench
from programmes.access import require
from programmes.reading.codebook import Codes
from programmes.views.base import Page, sentences, take_refusal
from programmes.vocabulary import Verb


class Paste(Page):
    """`do=read` shows how the lines are read; `do=add` adds those of what was shown that are ticked, all or none."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        require(self.actor, Verb.WRITE, self.programme)
        return self._page(self._form(None, initial={"area": request.GET.get("area", "")}))

    def _form(self, data: Any, **more: Any) -> PasteForm:
        return PasteForm(data, areas=areas_of(self.programme), **more)

    def _page(self, form: PasteForm, found: ReadPaste | None = None, status: int = 200) -> HttpResponse:
        read, others = (found.lines, found.others) if found else (None, [])
        shown = shown_as(read or [])
        context = {"current": "workbench", "form": form, "read": read, "others": others, "shown": shown}
        return self.show("cmo/paste.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        found = None
        if form.is_valid():
            try:
                found = read_lines(self.programme, form.cleaned_data["text"])
                unseen = keep_ticks(found.lines, shown=request.POST.get("shown"), taken=request.POST.getlist("take"))
                if request.POST.get("do") == "add":
                    _refuse_unseen(unseen)
                    return self.done_once(lambda: self._add(form, found.lines))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self._page(form, found, status=422 if form.errors else 200)

    def _add(self, form: PasteForm, read: list[Read]) -> HttpResponse:
        lines = taken(self.programme, [line for line in read if line.take], area=form.cleaned_data["area"])
        if not lines:
            raise ValidationError({"text": _("No line is ticked; tick the statements to take in.")})
        made = state_all(self.programme, by=self.actor, lines=lines, reason=form.cleaned_data["reason"])
        first, last = made[0].label, made[-1].label
        said = _("%(n)s drafts added, %(first)s to %(last)s.") if len(made) > 1 else _("One draft added, %(first)s.")
        messages.success(self.request, said % {"n": len(made), "first": first, "last": last})
        return redirect(place_of(self.programme, made[0].number))


def _refuse_unseen(unseen: int) -> None:
    """Nobody has read these, so nobody has decided on them: they are shown first."""
    if unseen:
        said = ngettext(
            "The text changed since it was read: %(n)s statement is new and marked so; look at it, then add again.",
            "The text changed since it was read: %(n)s statements are new and marked so; look at them, then add again.",
            unseen,
        )
        raise ValidationError({"text": said % {"n": unseen}})


class TagMany(Workbench):
    """Add themes to the statements that are ticked in the workbench, or take them off."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Where a link of the page below leads, or Enter in the address bar."""
        back = reverse("workbench", args=[self.programme.slug])
        return redirect(f"{back}?{request.GET.urlencode()}" if request.GET else back)

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = request.POST
        asked = sent.get("query", "")
        request.GET = QueryDict(asked)  # the page's links are those of the list that was tagged
        back = reverse("workbench", args=[self.programme.slug])
        try:
            return self.done_once(lambda: self._tag(f"{back}?{asked}" if asked else back))
        except ValidationError as refusal:
            kept = {"open": True, "themes": sent.getlist("theme"), "reason": sent.get("reason", "")}
            kept |= {"picked": set(sent.getlist("pick")), "problems": sentences(refusal)}
            return self.list_page(QueryDict(asked), status=422, bulk=kept)

    def _tag(self, back: str) -> HttpResponse:
        sent = self.request.POST
        codes = Codes(self.programme)
        chosen = codes.find(sent.getlist("theme"))
        off = sent.get("do") == "remove"
        changed = tag_all(
            self.programme,
            by=self.actor,
            picked=_picked(sent.getlist("pick")),
            add=[] if off else chosen,
            remove=chosen if off else [],
            reason=sent.get("reason", ""),
        )
        said = _("%(n)s statements tagged.") if not off else _("Themes taken off %(n)s statements.")
        messages.success(self.request, said % {"n": len(changed)})
        return redirect(back)


def _picked(values: list[str]) -> list[tuple[int, int]]:
    """(number, revision) from "7:3"."""
    found = []
    for value in values:
        number, _colon, base = value.partition(":")
        if not (number.isdecimal() and base.isdecimal() and len(number) < 10 and len(base) < 10):
            raise ValidationError({"statements": _("Load the page again: it does not say which revision you saw.")})
        found.append((int(number), int(base)))
    return found
