"""Owns the adding of a theme from the theme picker, in the middle of writing a statement: by a script, or without one
by a button of the form that is being written."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.reading.codebook import theme_above, theme_meant
from programmes.reading.codebook import Codes
from programmes.rules.classifying import add_theme
from programmes.views.base import Page, sentences
from programmes.vocabulary import Verb

ADD = "add-theme"  # what the button of a form says


def theme_wanted(page: Page) -> Any:
    """The theme that the picker's fields describe: one of that code or name, else a new one. Raises ValidationError."""
    sent = page.request.POST
    code, name, under = (sent.get(f"new-{field}", "").strip() for field in ("code", "name", "under"))
    codes = Codes(page.programme)
    known = theme_meant(codes, code, name)
    if known is not None:
        return known
    parent = codes.get(under) if under else theme_above(codes, code)
    if under and parent is None:
        raise ValidationError({"parent": _("There is no code “%(code)s” to put it under.") % {"code": under[:60]}})
    return add_theme(page.programme, by=page.actor, parent=parent, code=code, name=name)


class AddThemeHere(Page):
    """For the script of the picker: the theme as a line of its list, ticked; or 422 with what is wrong."""

    http_method_names = ["post"]
    writes = Verb.CLASSIFY

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            theme = theme_wanted(self)
        except ValidationError as refusal:
            return HttpResponse(" ".join(sentences(refusal)), status=422, content_type="text/plain; charset=utf-8")
        shown = {"id": theme.label, "code": theme.code, "name": theme.name, "chosen": True}
        return self.show("components/_picker_theme.html", {"themes": [shown], "name": "theme"})
