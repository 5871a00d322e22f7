"""Owns the acts on excerpts: add one, paste many, edit, retire, bring back; the page of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.evidence import BearingForm, ExcerptForm, PasteExcerptsForm, TurnForm, codes_in
from cmo.forms.evidence_conflict import put_excerpt_together
from cmo.forms.late import data_of, revision_then, unanswered
from cmo.forms.together import refuse_marks
from cmo.reading.evidence import excerpt_history, excerpt_rows, find_excerpt, on_named, taken_out
from cmo.reading.evidence_pages import claim_asked, claim_url, claims_offered, linked_from, next_unlinked
from cmo.reading.pasted_excerpts import ReadPaste, read_pasted
from cmo.rules.evidencing import link_excerpt
from cmo.rules.excerpting import Said, add_excerpt, add_excerpts, change_excerpt, turn_excerpt
from cmo.ticking import keep_ticks, shown_as
from cmo.views.evidence import EvidencePage, SourcePage
from cmo.views.sources import Editing
from programmes.gate import clean
from programmes.reading.codebook import Codes, find_codes, themes_of
from programmes.reading.fieldwork import find_source, site_named, sites_of, sites_offered
from programmes.refusals import Stale
from programmes.views.base import sentences, take_refusal
from programmes.vocabulary import Limit, Verb

SAID = ("text", "original", "locator", "status")


def said_in(programme: Any, form: ExcerptForm) -> dict[str, Any]:
    """What a form says of an excerpt as the rules take it."""
    said = {name: form.cleaned_data[name] for name in SAID}
    return {
        **said, "themes": find_codes(programme, codes_in(form.cleaned_data["themes"])),
        "signed_site": site_named(programme, form.cleaned_data["signed_site"], field="signed_site"),
    }  # fmt: skip


class NewExcerpt(SourcePage):
    """Adds one passage of a source; refused, the source's page shows the form again."""

    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("source", self.programme.slug, find_source(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source = find_source(self.programme, number)
        sites = sites_of(self.programme, retired=False)
        form = ExcerptForm(request.POST, new=True, sites=sites, prefix="x")
        if form.is_valid():
            try:
                return self.done_once(lambda: self._add(source, form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.source_page(number, status=422, adding=form, wrong=form)

    def _add(self, source: Any, form: ExcerptForm) -> HttpResponse:
        given = {**said_in(self.programme, form), **{name: form.cleaned_data[name] for name in ("start", "end")}}
        made = add_excerpt(source, by=self.actor, said=Said(**given))
        messages.success(self.request, _("%(label)s is added; say what it bears on.") % {"label": made.label})
        return redirect(f"{reverse('source', args=[self.programme.slug, source.number])}?link={made.number}#link")


class PasteMany(Editing):
    """`do=read` shows how the passages are read; `do=add` adds those of what was shown that are ticked, all or none."""

    template = "cmo/evidence/paste.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        self.allowed()
        return self.form_page(PasteExcerptsForm(), source=find_source(self.programme, number), read=None)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source, form, read = find_source(self.programme, number), PasteExcerptsForm(request.POST), None
        if form.is_valid():
            try:
                read = read_pasted(source, form.cleaned_data["text"])
                unseen = keep_ticks(read.rows, shown=request.POST.get("shown"), taken=request.POST.getlist("take"))
                if request.POST.get("do") == "add":
                    self._refuse_unseen(unseen)
                    return self.done_once(lambda: self._add(source, form, read))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        shown = shown_as(read.rows) if read else ""
        return self.form_page(form, status=422 if form.errors else 200, source=source, read=read, shown=shown)

    def _refuse_unseen(self, unseen: int) -> None:
        """Nobody has read these, so nobody has decided on them: they are shown first."""
        if unseen:
            said = ngettext(
                "The text changed since it was read: %(n)s passage is new and marked so; look at it, then add again.",
                "The text changed since it was read: %(n)s passages are new and marked so; look at them, then add"
                " again.",
                unseen,
            )
            raise ValidationError({"text": said % {"n": unseen}})

    def _add(self, source: Any, form: PasteExcerptsForm, read: ReadPaste) -> HttpResponse:
        if not read.chosen:
            said = _("No passage is ticked; tick those to take in.")
            if read.nothing_new:
                said = _("All of this is there already, as %(known)s; tick what is to be added again.")
                said %= {"known": ", ".join(read.known)}
            raise ValidationError({"text": said})
        made = add_excerpts(source, by=self.actor, said=read.chosen, reason=form.cleaned_data["reason"])
        said = ngettext("One excerpt added, %(first)s.", "%(n)s excerpts added, %(first)s to %(last)s.", len(made))
        messages.success(
            self.request, said % {"n": len(made), "first": made[0].label, "last": made[-1].label}
        )
        return redirect(f"{reverse('source', args=[self.programme.slug, source.number])}?link={made[0].number}#link")


class ExcerptPage(EvidencePage):
    """One excerpt: what it says, what it bears on, what it said before. `?for=S10` offers to link it to that claim."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.excerpt_page(number)

    def excerpt_page(self, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
        excerpt = find_excerpt(self.programme, number)
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        on = claim_asked(self.programme, asked.get("for", ""))
        chosen = {"on": on.label, "part": on.part} if on else {}
        context = {
            "current": "evidence", "row": excerpt_rows([excerpt])[0], "excerpt": excerpt, "source": excerpt.source,
            "bearings": linked_from(excerpt), "taken_out": taken_out(excerpt), "history": excerpt_history(excerpt),
            "claims": claims_offered(self.programme), "linking": BearingForm(new=True, prefix="b", initial=chosen),
            "link_for": on.label if on else "", "on": on, **more,
        }  # fmt: skip
        return self.show("cmo/evidence/excerpt.html", context, status=status)


class ClaimWords(EvidencePage):
    """What the label names that somebody typed into a link form (`b-on`), as a fragment: they see that it is the one.
    As a page of its own, that of the claim."""

    def get(self, request: HttpRequest) -> HttpResponse:
        on, refused = None, []
        try:
            typed = clean(request.GET.get("b-on"), field="on", limit=Limit.TITLE)
            on = on_named(self.programme, typed) if typed.strip() else None
        except ValidationError as refusal:
            refused = sentences(refusal)
        if not self.htmx:
            slug = self.programme.slug
            return redirect(claim_url(slug, on) if on else reverse("evidence", args=[slug]))
        return self.show("cmo/evidence/_claim_words.html", {"on": on, "refused": refused})


class LinkExcerpt(ExcerptPage):
    """Says how an excerpt bears on a claim; `next` leads to the next excerpt of its source that bears on nothing."""

    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("excerpt", self.programme.slug, find_excerpt(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        excerpt, form = find_excerpt(self.programme, number), BearingForm(request.POST, new=True, prefix="b")
        if form.is_valid():
            try:
                return self.done_once(lambda: self._link(excerpt, form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        named = claim_asked(self.programme, request.POST.get("b-on", ""))
        return self.excerpt_page(number, status=422, linking=form, wrong=form, on=named)

    def _link(self, excerpt: Any, form: BearingForm) -> HttpResponse:
        given = dict(form.cleaned_data)
        given.pop("base", None)
        on = on_named(self.programme, given.pop("on"), given.pop("part"))
        made = link_excerpt(excerpt, by=self.actor, on=on, **given)
        said = _("%(label)s links %(excerpt)s to %(on)s.")
        messages.success(self.request, said % {"label": made.label, "excerpt": excerpt.label, "on": on.label})
        if self.request.POST.get("for") == on.label and not self.request.POST.get("next"):
            return redirect(f"{claim_url(self.programme.slug, on)}#evidence")
        to = reverse("source", args=[self.programme.slug, excerpt.source.number])
        if not self.request.POST.get("next"):
            return redirect(f"{to}#x{excerpt.number}")
        rest = next_unlinked(excerpt)
        return redirect(f"{to}?link={rest}#link" if rest else f"{to}#x{excerpt.number}")


class EditExcerpt(Editing):
    template = "cmo/evidence/excerpt_form.html"

    def form(self, data: Any = None, *, held: Any = None, **more: Any) -> ExcerptForm:
        return ExcerptForm(data, sites=sites_offered(self.programme, held), **more)

    def form_page(self, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        codes = [theme for theme in themes_of(self.programme) if theme.code and not theme.retired]
        return super().form_page(form, status=status, codes=codes, **more)

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        self.allowed()
        row = excerpt_rows([find_excerpt(self.programme, number)])[0]
        one = row.excerpt
        initial = {name: getattr(one, name) for name in SAID}
        initial |= {
            "themes": ", ".join(tag.label for tag in row.themes), "base": one.revision_number,
            "signed_site": one.signed_site.slug if one.signed_site else "",
        }  # fmt: skip
        return self.form_page(self.form(initial=initial, held=one.signed_site), excerpt=one)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        excerpt = find_excerpt(self.programme, number)
        form = self.form(request.POST, held=excerpt.signed_site)
        base = self.based(form)
        if base is not None:
            try:
                return self.done_once(lambda: self._change(excerpt, form, base))
            except ValidationError as refusal:
                take_refusal(form, refusal)
            except Stale:
                return self._came_late(number, form, base)
        return self.form_page(form, status=422, excerpt=excerpt)

    def _came_late(self, number: int, form: ExcerptForm, base: int) -> HttpResponse:
        excerpt = find_excerpt(self.programme, number)
        history = excerpt_history(excerpt)
        then, now = revision_then(history, base), history[0]
        merged = put_excerpt_together(form, then, now, codes=Codes(self.programme))
        fresh = self.form(data_of(form, merged, base=now.number), held=excerpt.signed_site)
        return self.form_page(unanswered(fresh), status=409, excerpt=excerpt, merged=merged, then=then, now=now)

    def _change(self, excerpt: Any, form: ExcerptForm, base: int) -> HttpResponse:
        refuse_marks(form.cleaned_data)
        said, reason = said_in(self.programme, form), form.cleaned_data["reason"]
        done = change_excerpt(excerpt, by=self.actor, base=base, reason=reason, **said)
        messages.success(self.request, _("%(label)s is saved.") % {"label": done.label})
        return redirect("excerpt", self.programme.slug, done.number)


class TurnExcerpt(ExcerptPage):
    writes = Verb.EVIDENCE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("excerpt", self.programme.slug, find_excerpt(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        excerpt, form = find_excerpt(self.programme, number), TurnForm(request.POST)
        if not form.is_valid():
            said = _("Load the page again: it does not say which revision you saw.")
            return self.excerpt_page(number, status=422, problems=[said])
        try:
            return self.done_once(lambda: self._turn(excerpt, form.cleaned_data))
        except ValidationError as refusal:
            return self.excerpt_page(number, status=422, problems=sentences(refusal))
        except Stale:
            said = _("%(label)s was saved meanwhile; look at it, then decide again.") % {"label": excerpt.label}
            return self.excerpt_page(number, status=409, problems=[said])

    def _turn(self, excerpt: Any, given: dict[str, Any]) -> HttpResponse:
        retired = given["to"] == "retired"
        done = turn_excerpt(excerpt, by=self.actor, base=given["base"], retired=retired, reason=given["reason"])
        said = _("%(label)s is retired.") if retired else _("%(label)s is in use again.")
        messages.success(self.request, said % {"label": done.label})
        return redirect("excerpt", self.programme.slug, done.number)
