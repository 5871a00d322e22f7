"""Owns the forms of meetings and prioritisation rounds: how their fields are shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cmo.forms.late import ask_again
from cmo.rules.prioritising import STEPS, Given
from cmo.team_words import RoundKind
from programmes.forms import Dressed
from programmes.forms import text as typed
from programmes.remembering import Remembering

_LARGEST = 10**9
NAMES = gettext_lazy("Name people with @, records by their label: S7, CMO3, S7 v2.")


def _base() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_LARGEST)


class _AnyOf(forms.MultipleChoiceField):
    """Boxes to tick; what is ticked is judged by the rules."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Sequence[str]) -> None:
        """Nothing is refused here."""


class MeetingForm(Remembering):
    """A meeting: who was there and what was decided are ticked."""

    title = typed(gettext_lazy("Title"), autocomplete="off")
    held = typed(
        gettext_lazy("Day"), hint=gettext_lazy("Such as 2026-11-23; empty means today. A day to come plans it."),
        autocomplete="off",
    )  # fmt: skip
    there = _AnyOf(label=gettext_lazy("Who was there"), required=False)
    decided = _AnyOf(
        label=gettext_lazy("Decided there"), required=False, help_text=gettext_lazy("Proposals that the team decided")
    )
    notes = typed(gettext_lazy("Notes"), rows=10, hint=NAMES)
    base = _base()

    def __init__(
        self, data: Any = None, *, people: Sequence[tuple[str, str]], proposals: Sequence[Any], **more: Any
    ) -> None:
        super().__init__(data, **more)
        there, decided = self.fields["there"], self.fields["decided"]
        there.choices = list(people)  # type: ignore[attr-defined]
        decided.choices = [(one.label, f"{one.label} {one.title}".strip()) for one in proposals]  # type: ignore[attr-defined]
        if not proposals:
            del self.fields["decided"]
        ask_again(self)


class TurnMeetingForm(forms.Form):
    """Retire, bring back or conclude."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)
    to = forms.ChoiceField(choices=[(name, name) for name in ("retired", "current", "concluded")])


class RoundForm(Dressed):
    """What a round asks; which statements it asks about is ticked in the list beside."""

    title = typed(gettext_lazy("Title"), autocomplete="off")
    question = typed(
        gettext_lazy("Question"), rows=3, hint=gettext_lazy("Such as: which of these should we test first?")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("How to answer"), choices=RoundKind.choices, widget=forms.RadioSelect,
        initial=RoundKind.SCALE,
    )  # fmt: skip
    steps = forms.TypedChoiceField(
        label=gettext_lazy("Steps of the scale"), choices=[(n, str(n)) for n in range(STEPS[0], STEPS[1] + 1)],
        coerce=int, initial=5, required=False, empty_value=5,  # type: ignore[arg-type]
        help_text=gettext_lazy("From 1 (low); not read for an order"),
    )  # fmt: skip


class BaseForm(forms.Form):
    """The revision that was seen."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)


def picked_in(sent: Any) -> list[tuple[int, int]]:
    """(number, revision seen) of each statement that is ticked, as `StatementRow.pick` writes them."""
    found = []
    for pick in sent.getlist("pick"):
        number, _colon, revision = pick.partition(":")
        found.append((_whole(number), _whole(revision)))
    return found


def numbers_in(sent: Any, name: str = "priority") -> list[int]:
    """The numbers of the statements that are ticked."""
    return [_whole(number) for number in sent.getlist(name)]


def answers_in(sent: Any, numbers: Sequence[int]) -> dict[int, Given]:
    """{statement: what is said of it} out of the fields v-7 and note-7; a note without a value is an answer as well, so
    that it is refused rather than lost."""
    found = {}
    for number in numbers:
        value, note = sent.get(f"v-{number}", "").strip(), sent.get(f"note-{number}", "")
        if value or note.strip():
            found[number] = Given(_whole(value), note)
    return found


def _whole(text: str) -> int:
    """0, which nothing has, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
