"""Owns the codebook page and the acts on it: add, edit, move, put in order, merge, retire, restore."""

import json
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.codebook import MergeTheme, MoveTheme, NewTheme, ShiftTheme, ThemeForm, TurnTheme
from cmo.reading.codebook import Carried, carried_in
from cmo.reading.codebook_page import (
    NEW,
    WORDS,
    address_of,
    choose,
    detail,
    find_by_uid,
    listing,
    meanwhile,
    places,
    short,
    with_uid,
)
from cmo.reading.theme_merge import MergePlan, merge_plan
from cmo.rules.recoding import merge_theme
from cmo.views.then import codebook_then, theory_then
from programmes.access import may, require
from programmes.reading.codebook import bearer_of, history_of, themes_of
from programmes.reading.team import evidence_shown, role_shown
from programmes.refusals import Stale
from programmes.rules.classifying import (
    add_theme,
    check_merge,
    edit_theme,
    move_theme,
    restore_theme,
    retire_theme,
    shift_theme,
)
from programmes.views.base import Page, take_refusal
from programmes.vocabulary import Verb

INVALID, CONFLICT = 422, 409


class _Codebook(Page):
    """The page in all its states; an act that is refused shows it again with its form."""

    @cached_property
    def themes(self) -> list[Any]:
        return themes_of(self.programme)

    @property
    def here(self) -> str:
        return reverse("codebook", args=[self.programme.slug])

    @property
    def edits(self) -> bool:
        return may(role_shown(self.programme), Verb.CLASSIFY)

    def now(self, theme: Any) -> Any:
        """The theme among those of the page, with its parent and the like filled in."""
        return with_uid(self.themes, theme.uid)

    def place(self, label: str, field: str) -> Any:
        """The theme that a select names, or None. Raises ValidationError under the name `field`."""
        found = with_uid(self.themes, label)
        if label and found is None:
            raise ValidationError({field: _("There is no such theme in this codebook.")})
        return found

    def shown(
        self, theme: Any = None, *, refused: Form | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        """The page with `theme` chosen. `more` may hold forms as they came in, and what goes with them."""
        query = self.request.GET
        carried = carried_in(self.programme, evidence=evidence_shown(self.programme))
        words, retired = query.get("q", "")[:200], query.get("retired") == "1"
        code_like = any(map(str.isdecimal, words))
        bore = bearer_of(self.programme, words.strip()) if code_like else None
        rows = listing(self.themes, carried, chosen=theme, words=words, retired=retired, bore=bore)
        kept = {name: value for name, value in (("q", words), ("retired", "1" if retired else "")) if value}
        whole = {
            "current": "codebook",
            "here": self.here,
            "kept": f"&{urlencode(kept)}" if kept else "",
            "q": words,
            "with_retired": retired,
            "listing": rows,
            "refused": refused,
            "edits": self.edits,
            **(self._chosen(theme, carried) if theme is not None else {}),
            **more,
        }
        answer = self.show("cmo/codebook.html", whole, status=status)
        if self.htmx:
            said = ngettext("%(n)s theme found", "%(n)s themes found", rows.found) % {"n": rows.found}
            answer["HX-Trigger"] = json.dumps({"said": said})
        return answer

    def _chosen(self, theme: Any, carried: Carried) -> dict[str, Any]:
        shown = detail(theme, self.themes, carried, whole_story=self.request.GET.get("history") == "all")
        if not self.edits:
            return {"chosen": shown}
        base = {"base": theme.revision_number}
        elsewhere = places(self.themes, but=theme)
        above = {"parent": str(theme.parent.uid) if theme.parent else ""}
        return {
            "chosen": shown,
            "edit": ThemeForm(initial={**base, **{name: getattr(theme, name) for name in WORDS}}, auto_id="c-%s"),
            "move": MoveTheme(initial={**base, **above}, places=elsewhere, auto_id="move-%s"),
            "merge": MergeTheme(initial=base, places=elsewhere, auto_id="merge-%s"),
            "turn": TurnTheme(initial=base, auto_id="turn-%s"),
        }

    def lead_to(self, theme: Any, said: str, at: str = "code") -> HttpResponse:
        """Say what was done, and go where the reader goes on."""
        messages.success(self.request, said)
        return HttpResponseRedirect(f"{self.here}?{urlencode({'code': address_of(theme)})}#{at}")


class Codebook(_Codebook):
    """Look at the codebook, at one theme, or at the form for a new one."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return codebook_then(self, theory)
        label = request.GET.get("code", "")
        if label.casefold() != NEW:
            return self.shown(choose(self.programme, self.themes, label) if label else None)
        require(self.actor, Verb.CLASSIFY, self.programme)
        under = request.GET.get("under", "")
        parent = {"parent": str(choose(self.programme, self.themes, under).uid)} if under else {}
        return self.shown(new=NewTheme(initial=parent, places=places(self.themes), auto_id="c-%s"))


class AddTheme(_Codebook):
    writes = Verb.CLASSIFY

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewTheme(request.POST, places=places(self.themes), auto_id="c-%s")
        if form.is_valid():
            try:
                return self.done_once(lambda: self.add(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.shown(new=form, refused=form, status=INVALID)

    def add(self, form: NewTheme) -> HttpResponse:
        parent, reason = self.place(form.cleaned_data["parent"], "parent"), form.cleaned_data["reason"]
        theme = add_theme(self.programme, by=self.actor, parent=parent, reason=reason, **dict[str, Any](form.words))
        if parent is None:
            return self.lead_to(theme, _("%(theme)s was added as a category.") % {"theme": theme})
        said = _("%(theme)s was added under %(parent)s.")
        return self.lead_to(theme, said % {"theme": theme, "parent": short(parent)})


class _Act(_Codebook):
    """One act on one theme: `slot` is the name of its form on the page, `make` its form."""

    writes = Verb.CLASSIFY

    slot = ""
    make: Any = TurnTheme

    def post(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        theme = find_by_uid(self.programme, uid)
        form = self.form(theme, request.POST)
        if not form.is_valid():
            return self.again(theme, form)
        try:
            return self.answer(theme, form)
        except ValidationError as refusal:
            take_refusal(form, refusal)
            return self.again(theme, form)
        except Stale:
            return self.late(theme, form)

    def form(self, theme: Any, data: Any) -> Any:
        more = {"places": places(self.themes, but=theme)} if self.make in (MoveTheme, MergeTheme) else {}
        return self.make(data, auto_id=f"{'c' if self.slot == 'edit' else self.slot}-%s", **more)

    def answer(self, theme: Any, form: Any) -> HttpResponse:
        return self.done_once(lambda: self.do(theme, form.cleaned_data))

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        raise ValidationError(_("Nothing was asked for."))

    def again(self, theme: Any, form: Any, status: int = INVALID, **more: Any) -> HttpResponse:
        """The page with the form as it was sent, refused."""
        now = self.now(theme)
        return self.shown(now, refused=form, status=status, **{self.slot: form}, **more)

    def late(self, theme: Any, form: Any) -> HttpResponse:
        """Somebody was first: the form comes back as typed, ready to be sent on what is saved now."""
        self.__dict__.pop("themes", None)  # read before it was known
        now = find_by_uid(self.programme, theme.uid)
        fresh = self.form(now, _with(form.data, base=now.revision_number))
        said = _("%(who)s changed %(theme)s while this page was open, so nothing was done. Look at it again below.")
        fresh.add_error(None, said % {"who": history_of(now)[0].author.name, "theme": short(now)})
        return self.again(now, fresh, CONFLICT)


def _with(data: Any, **changes: Any) -> Any:
    data = data.copy()
    for name, value in changes.items():
        data[name] = str(value)
    return data


class SaveTheme(_Act):
    slot, make = "edit", ThemeForm

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        words = {name: given[name] for name in WORDS}
        saved = edit_theme(theme, by=self.actor, base=given["base"], reason=given["reason"], **words)
        if saved.revision_number == given["base"]:
            said = _("Nothing in %(theme)s differed, so nothing was saved.")
            return self.lead_to(saved, said % {"theme": short(saved)})
        said = _("%(theme)s was saved as version %(n)s.")
        return self.lead_to(saved, said % {"theme": short(saved), "n": saved.revision_number})

    def late(self, theme: Any, form: Any) -> HttpResponse:
        self.__dict__.pop("themes", None)
        now = find_by_uid(self.programme, theme.uid)
        words, clashes = meanwhile(now, form.cleaned_data["base"], form.words)
        fresh = self.form(now, _with(form.data, base=now.revision_number, **words))
        latest = history_of(now)[0]
        said = _("%(who)s changed %(theme)s while you were writing, so nothing was saved.")
        then = (
            _("What you typed is kept below: read it against what is saved now, and save again.")
            if clashes
            else _("What you typed is kept below and touches nothing of theirs: save again.")
        )
        fresh.add_error(None, f"{said % {'who': latest.author.name, 'theme': short(now)}} {then}")
        return self.again(now, fresh, CONFLICT, clashes=clashes, latest=latest)


class MoveThemePage(_Act):
    slot, make = "move", MoveTheme

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        parent = self.place(given["parent"], "parent")
        moved = move_theme(theme, by=self.actor, base=given["base"], parent=parent, reason=given["reason"])
        words = {"theme": short(theme), "parent": short(parent) if parent else ""}
        if moved.revision_number == theme.revision_number:
            return self.lead_to(moved, _("%(theme)s stands there already; nothing was changed.") % words)
        if parent is None:
            return self.lead_to(moved, _("%(theme)s is now a category.") % words)
        return self.lead_to(moved, _("%(theme)s was moved under %(parent)s; all below it came along.") % words)


class ShiftThemePage(_Act):
    slot, make = "shift", ShiftTheme

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        up = given["step"] < 0
        shift_theme(theme, by=self.actor, base=given["base"], step=given["step"])
        now = detail(self.now(theme), self.themes, Carried({}))
        beyond, behind = (now.earlier, now.later) if up else (now.later, now.earlier)
        if behind is None:
            said = _("%(theme)s stands alone here; there is nothing to pass.")
            return self.lead_to(theme, said % {"theme": now.short})
        said = _("%(theme)s now stands before %(other)s.") if up else _("%(theme)s now stands after %(other)s.")
        words = {"theme": now.short, "other": short(behind)}
        return self.lead_to(theme, said % words, ("up" if up else "down") if beyond else "code")


class MergeThemePage(_Act):
    """Asked once, it shows what would happen; asked again with the same theme, it does that."""

    slot, make = "merge", MergeTheme

    def answer(self, theme: Any, form: Any) -> HttpResponse:
        plan = self.plan(theme, form.cleaned_data)
        if form.cleaned_data["seen"] == str(plan.into.uid):
            return self.done_once(lambda: self.merge(theme, plan, form.cleaned_data))
        now = self.now(theme)
        seen = self.form(now, _with(form.data, seen=plan.into.uid, base=now.revision_number))
        return self.shown(now, merge=seen, plan=plan)

    def plan(self, theme: Any, given: dict[str, Any]) -> MergePlan:
        into = self.place(given["into"], "into")
        if into is None:
            raise ValidationError({"into": _("Choose the theme that %(theme)s goes into.") % {"theme": short(theme)}})
        check_merge(theme, into)
        return merge_plan(theme, into, self.themes, evidence=evidence_shown(self.programme))

    def merge(self, theme: Any, plan: MergePlan, given: dict[str, Any]) -> HttpResponse:
        merge_theme(theme, by=self.actor, base=given["base"], into=plan.into, reason=given["reason"])
        n, more = plan.statements.following, plan.excerpts.following if plan.excerpts else 0
        said = _("%(theme)s was merged into %(into)s.") % {"theme": short(theme), "into": short(plan.into)}
        follow = [ngettext("%(n)s statement follows.", "%(n)s statements follow.", n) % {"n": n}] if n else []
        follow += [ngettext("%(n)s excerpt follows.", "%(n)s excerpts follow.", more) % {"n": more}] if more else []
        return self.lead_to(plan.into, " ".join([said, *(follow or [_("No statement carried it.")])]))


class RetireTheme(_Act):
    slot = "turn"

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        retire_theme(theme, by=self.actor, base=given["base"], reason=given["reason"])
        said = _("%(theme)s is retired: nothing new can carry it, and what carries it keeps it.")
        return self.lead_to(theme, said % {"theme": short(theme)})


class RestoreTheme(_Act):
    slot = "turn"

    def do(self, theme: Any, given: dict[str, Any]) -> HttpResponse:
        restore_theme(theme, by=self.actor, base=given["base"], reason=given["reason"])
        return self.lead_to(theme, _("%(theme)s is in use again.") % {"theme": short(theme)})
