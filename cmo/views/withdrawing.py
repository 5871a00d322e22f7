"""Owns the acts by which a lead takes the words of an excerpt, or of all of a source, out for good."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmo.reading.evidence import find_excerpt
from cmo.rules.withdrawing import withdraw_excerpt, withdraw_source
from cmo.views.evidence import SourcePage
from cmo.views.excerpts import ExcerptPage
from programmes.log_forms import TakeOut
from programmes.reading.fieldwork import find_source
from programmes.views.base import take_refusal
from programmes.vocabulary import Verb


class WithdrawExcerpt(ExcerptPage):
    writes = Verb.MANAGE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("excerpt", self.programme.slug, find_excerpt(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        excerpt, form = find_excerpt(self.programme, number), TakeOut(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._withdraw(excerpt, form.cleaned_data["why"]))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.excerpt_page(number, status=422, withdrawing=form, wrong=form)

    def _withdraw(self, excerpt: Any, why: str) -> HttpResponse:
        withdraw_excerpt(excerpt, by=self.actor, why=why)
        messages.success(self.request, _("The words of %(label)s are taken out for good.") % {"label": excerpt.label})
        return redirect("excerpt", self.programme.slug, excerpt.number)


class WithdrawSource(SourcePage):
    writes = Verb.MANAGE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        return redirect("source", self.programme.slug, find_source(self.programme, number).number)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        source, form = find_source(self.programme, number), TakeOut(request.POST)
        if form.is_valid():
            try:
                return self.done_once(lambda: self._withdraw(source, form.cleaned_data["why"]))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.source_page(number, status=422, withdrawing=form, wrong=form)

    def _withdraw(self, source: Any, why: str) -> HttpResponse:
        withdraw_source(source, by=self.actor, why=why)
        said = _("The words of %(label)s, of all its excerpts too, are taken out for good.")
        messages.success(self.request, said % {"label": source.label})
        return redirect("source", self.programme.slug, source.number)
