"""Owns the forms of evidence: how their fields are shown. What may be written is judged by the rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cmo.evidence_words import ClaimPart, ExcerptStatus, Stance
from cmo.forms.late import ask_again
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.remembering import Remembering
from programmes.vocabulary import Grade, SourceKind

_LARGEST = 10**9
NOT_SAID = ("", _("not said"))


def _hidden(said: Any) -> forms.IntegerField:
    """A number that a person does not see; where it cannot be read, `said` tells what to do."""
    wrong = dict.fromkeys(("invalid", "min_value", "max_value"), said)
    return forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=_LARGEST, error_messages=wrong
    )


def _base() -> forms.IntegerField:
    return _hidden(_("The form has lost the revision that it started from; load the page again."))


def _place() -> forms.IntegerField:
    return _hidden(_("The place in the transcript cannot be read; select the words anew, or write them."))


class _Choice(forms.ChoiceField):
    """A choice that is judged by the rules, in their words."""

    def validate(self, value: Any) -> None:
        """Nothing is refused here."""


def _choice(label: Any, choices: Any, **more: Any) -> _Choice:
    return _Choice(label=label, choices=choices, required=False, **more)


class SiteForm(Remembering):
    name = typed(_("Name"), hint=_("Such as LA1: a pseudonym where the site is not to be known"), autocomplete="off")
    note = typed(_("Note"), rows=2)
    position = forms.IntegerField(
        label=_("Place in the order"), required=False, min_value=1, max_value=200
    )  # fmt: skip
    base = _base()

    def __init__(self, data: Any = None, *, new: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        if new:
            del self.fields["position"]
        ask_again(self)


class SourceForm(Dressed):
    """What is said of a source; sites and phases are offered by the view."""

    kind = _choice(_("Kind"), SourceKind.choices, initial=SourceKind.INTERVIEW)
    pseudonym = typed(
        _("Pseudonym"), hint=_("Such as LA2-SW3: site, role, number. Never a real name"), autocomplete="off"
    )
    citation = typed(_("Citation"), rows=2, hint=_("Of a document or publication; empty for a participant"))
    role = typed(_("Role"), hint=_("Such as social worker, team manager"), list="roles", autocomplete="off")
    site = _choice(_("Site"), [])
    dated = typed(_("Date"), hint=_("2021, 2021-05 or 2021-05-12, as exactly as it is known"), autocomplete="off")
    phase = _choice(_("Phase"), [])
    relevance = _choice(_("Relevance"), [NOT_SAID, *Grade.choices])
    relevance_reason = typed(_("Why"))
    richness = _choice(_("Richness"), [NOT_SAID, *Grade.choices])
    richness_reason = typed(_("Why"))
    rigour = _choice(_("Rigour"), [NOT_SAID, *Grade.choices])
    rigour_reason = typed(_("Why"))
    note = typed(_("Note"), rows=3, hint=_("Consent, length, who was there; no names"))
    reason = typed(_("Reason for the change"))
    base = _base()

    def __init__(
        self, data: Any = None, *, sites: Sequence[Any], phases: Sequence[Any], new: bool = False, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["site"].choices = [("", _("no site")), *((one.slug, one.name) for one in sites)]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [("", _("no phase")), *((one.slug, one.title) for one in phases)]  # type: ignore[attr-defined]
        if new:
            del self.fields["reason"]
        ask_again(self)

    def appraised(self) -> list[tuple[Any, Any]]:
        """(grade, reason) for each thing that a source is appraised for."""
        return [(self[name], self[f"{name}_reason"]) for name in ("relevance", "richness", "rigour")]


class ExcerptForm(Dressed):
    """One passage; `start` and `end` come with a selection in the transcript."""

    text = typed(_("Words"), rows=4, hint=_("Copy them exactly; in translation where the original stands below"))
    original = typed(_("In the original language"), rows=3)
    locator = typed(_("Where it stands"), hint=_("Page, paragraph or time"), autocomplete="off")
    themes = typed(_("Themes"), hint=_("Codes with commas, such as O1.1, P2"), list="codes", autocomplete="off")
    status = _choice(_("What it tells was"), ExcerptStatus.choices, widget=forms.RadioSelect, initial="observed")
    signed_site = _choice(
        _("Signed with another site"), [], help_text=_("Where the passage names another site than its source")
    )
    reason = typed(_("Reason for the change"))
    start = _place()
    end = _place()
    base = _base()

    def __init__(self, data: Any = None, *, sites: Sequence[Any], new: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["signed_site"].choices = [("", _("no, its source’s")), *((one.slug, one.name) for one in sites)]  # type: ignore[attr-defined]
        for name in ("reason",) if new else ("start", "end"):
            del self.fields[name]
        ask_again(self)


class PasteExcerptsForm(Dressed):
    text = typed(
        _("Passages"), rows=12,
        hint=_(
            "An empty line between two, or a table with a row of heads: text, original, page, codes, site, status, with"
            " tabs, semicolons or commas between. A bracket at the end may hold where it stands, a site and codes:"
            " (p. 4, LA2, O1.1)."
        ),
    )  # fmt: skip
    reason = typed(_("Reason"), hint=_("Kept with each of them"))


class TranscriptForm(Dressed):
    text = typed(_("Transcript"), rows=18, hint=_("Pseudonyms only. Saved empty, it is taken out for good."))
    base = _base()


class BearingForm(Dressed):
    """How an excerpt bears on a claim, as a sentence: this passage supports the mechanism of S5."""

    on = typed(
        _("Statement or configuration"), hint=_("S5, CMO3, CMO3/E12 for an element, CMO3/C-M for a join"),
        list="claims", autocomplete="off",
    )  # fmt: skip
    part = _choice(_("Which part"), [("", _("whole")), *ClaimPart.choices], widget=forms.RadioSelect)
    stance = _choice(_("This passage"), Stance.choices, widget=forms.RadioSelect)
    note = typed(_("How, in a few words"), rows=2)
    inferred = forms.BooleanField(label=_("Inferred: read out of it rather than said in it"), required=False)
    confidence = _choice(_("Confidence"), [NOT_SAID, *Grade.choices])
    confidence_reason = typed(_("Why so"))
    reason = typed(_("Reason for the change"))
    base = _base()

    def __init__(self, data: Any = None, *, new: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        for name in ("reason",) if new else ("on", "part"):
            del self.fields[name]
        ask_again(self)


class TurnForm(forms.Form):
    """Retire or bring back, from the revision that was seen."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)
    to = forms.ChoiceField(choices=[(name, name) for name in ("retired", "current")])
    reason = forms.CharField(required=False, strip=False, max_length=4000)


class ConfirmForm(forms.Form):
    """Confirm a bearing for the revision of its claim that was read."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)
    seen = forms.IntegerField(min_value=1, max_value=_LARGEST)
    reason = forms.CharField(required=False, strip=False, max_length=4000)


class PlanLineForm(Dressed):
    sources = forms.IntegerField(label=_("Sources"), required=False, min_value=0, max_value=_LARGEST)
    kind = _choice(_("Kind"), [("", _("any kind")), *SourceKind.choices])
    role = typed(_("Role"), autocomplete="off", placeholder=_("any role"))
    site = _choice(_("Site"), [])
    note = typed(_("Note"))

    def __init__(self, *args: Any, sites: Sequence[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["site"].choices = [("", _("any site")), *((one.slug, one.name) for one in sites)]  # type: ignore[attr-defined]


def codes_in(text: str) -> list[str]:
    """Codes as somebody lists them, with commas, semicolons or blanks between."""
    return [code for code in text.replace(";", " ").replace(",", " ").split() if code][:300]
