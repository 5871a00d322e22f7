"""Owns the forms of what a programme says of itself and how it works; leads who save at once keep both."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms import text
from programmes.remembering import Remembering
from programmes.vocabulary import Agreement


class ProgrammeWords(Remembering):
    title = text(_("Name"), required=True)
    summary = text(_("The question, for your team and readers"), rows=3)
    intervention = text(_("What is put in place, and for whom"), rows=3)
    base = forms.IntegerField(widget=forms.HiddenInput)


class HowAgreed(Remembering):
    """How changes of the theory are agreed on."""

    agreement = forms.ChoiceField(label=_("Changes"), choices=Agreement.choices, widget=forms.RadioSelect)
    approvals = forms.IntegerField(label=_("Approvals that a proposal needs"), min_value=1, max_value=20)
    blind = forms.BooleanField(
        label=_("Reviewers see the answers of others only after their own"), required=False
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput)


class EvidenceKept(Remembering):
    """How a programme keeps its evidence."""

    transcripts = forms.BooleanField(
        label=_("Whole transcripts may be kept here"), required=False,
        help_text=_("Say yes only if consent and ethics approval cover it; excerpts need no transcript"),
    )  # fmt: skip
    delete_transcripts = forms.BooleanField(
        label=_("Delete those that are kept, for good"), required=False, help_text=_("When none may be kept any more")
    )
    small_group = forms.IntegerField(
        label=_("Mark counts of fewer sources than"), min_value=0, max_value=50,
        help_text=_("Few people of one role and site may be recognised; 0 marks none"),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput)
