"""Owns the page of theory areas and the acts on it: add, rename, put in order, retire, restore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.forms.areas import AreaForm, NewArea, ShiftArea, TurnArea
from cmo.reading.areas import areas_shown, find_area
from cmo.rules.arranging import add_area, rename_area, shift_area, turn_area
from cmo.views.then import kept_page_then, theory_then
from programmes.access import may, require
from programmes.reading.team import role_shown
from programmes.refusals import Stale
from programmes.remembering import shown_of
from programmes.views.base import Page, take_refusal
from programmes.vocabulary import Verb

INVALID, CONFLICT = 422, 409


class _Areas(Page):
    """The page in all its states; an act that is refused shows it again with its form."""

    def shown(self, *, refused: Form | None = None, status: int = 200, **more: Any) -> HttpResponse:
        """`more` may hold `add` or `edit` as they came in, and `editing`, the address of the area being renamed."""
        edits = may(role_shown(self.programme), Verb.WRITE)
        whole = {
            "current": "workbench",
            "shown": areas_shown(self.programme),
            "edits": edits,
            "refused": refused,
            "add": NewArea(auto_id="add-%s") if edits else None,
            **more,
        }
        return self.show("cmo/areas.html", whole, status=status)

    def lead_to(self, said: str, at: str) -> HttpResponse:
        """Say what was done, and go where the reader goes on."""
        messages.success(self.request, said)
        return HttpResponseRedirect(f"{reverse('areas', args=[self.programme.slug])}#{at}")


class Areas(_Areas):
    """Look at the areas, or at the form of one."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return kept_page_then(self, theory, "areas")
        slug = request.GET.get("edit", "")
        if not slug:
            return self.shown()
        require(self.actor, Verb.WRITE, self.programme)
        area = find_area(self.programme, slug.replace("\x00", ""))
        initial = _initial(area)
        form = AreaForm(initial={**initial, "shown": shown_of(initial)}, auto_id="a-%s")
        return self.shown(editing=area.slug, edit=form)


def _initial(area: Any) -> dict[str, Any]:
    return {"title": area.title, "description": area.description, "base": area.revision_number}


class AddArea(_Areas):
    writes = Verb.WRITE

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewArea(request.POST, auto_id="add-%s")
        if form.is_valid():
            try:
                return self.done_once(lambda: self.add(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.shown(add=form, refused=form, status=INVALID)

    def add(self, form: NewArea) -> HttpResponse:
        area = add_area(self.programme, by=self.actor, **form.cleaned_data)
        return self.lead_to(_("“%(area)s” was added after the others.") % {"area": area}, f"area-{area.slug}")


class _Act(_Areas):
    """One act on one area."""

    writes = Verb.WRITE

    make: Any = TurnArea

    def post(self, request: HttpRequest, area: str) -> HttpResponse:
        found = find_area(self.programme, area)
        form = self.make(request.POST, auto_id="a-%s")
        if not form.is_valid():
            return self.again(found, form, INVALID)
        try:
            return self.done_once(lambda: self.do(found, form.cleaned_data))
        except ValidationError as refusal:
            take_refusal(form, refusal)
            return self.again(found, form, INVALID)
        except Stale as stale:
            return self.late(stale.record, form)

    def do(self, area: Any, given: dict[str, Any]) -> HttpResponse:
        raise ValidationError(_("Nothing was asked for."))

    def again(self, area: Any, form: Any, status: int) -> HttpResponse:
        return self.shown(refused=form, status=status)

    def late(self, area: Any, form: Any) -> HttpResponse:
        said = _("Somebody changed “%(area)s” while this page was open, so nothing was done. Look at it again below.")
        form.add_error(None, said % {"area": area})
        return self.again(area, form, CONFLICT)


class SaveArea(_Act):
    make = AreaForm

    def do(self, area: Any, given: dict[str, Any]) -> HttpResponse:
        saved = rename_area(area, by=self.actor, **{name: given[name] for name in given if name != "shown"})
        return self.lead_to(_("“%(area)s” was saved.") % {"area": saved}, f"area-{saved.slug}")

    def again(self, area: Any, form: Any, status: int, **more: Any) -> HttpResponse:
        return self.shown(refused=form, status=status, editing=area.slug, edit=form, **more)

    def late(self, area: Any, form: Any) -> HttpResponse:
        data, both = form.with_theirs(_initial(area))
        fresh = AreaForm(data, auto_id="a-%s")
        said = _("Somebody changed “%(area)s” while you were writing, so nothing was saved.")
        then = (
            _("What you typed is kept below: read it against what is saved now, and save again.")
            if both
            else _("What you typed is kept below and touches nothing of theirs: save again.")
        )
        fresh.add_error(None, f"{said % {'area': area}} {then}")
        return self.again(area, fresh, CONFLICT, meanwhile=area)


class ShiftAreaPage(_Act):
    make = ShiftArea

    def do(self, area: Any, given: dict[str, Any]) -> HttpResponse:
        shift_area(area, by=self.actor, **given)
        up = given["step"] < 0
        row = next(row for row in areas_shown(self.programme).rows if row.area.pk == area.pk)
        said = _("“%(area)s” was moved up.") if up else _("“%(area)s” was moved down.")
        way = ("up" if up else "down") if (row.may_rise if up else row.may_sink) else "area"
        return self.lead_to(said % {"area": area}, f"{way}-{area.slug}")


class RetireArea(_Act):
    def do(self, area: Any, given: dict[str, Any]) -> HttpResponse:
        turn_area(area, by=self.actor, retired=True, **given)
        return self.lead_to(_("“%(area)s” is retired and can be restored.") % {"area": area}, f"area-{area.slug}")


class RestoreArea(_Act):
    def do(self, area: Any, given: dict[str, Any]) -> HttpResponse:
        turn_area(area, by=self.actor, retired=False, **given)
        return self.lead_to(_("“%(area)s” is in use again.") % {"area": area}, f"area-{area.slug}")
