"""Owns the form in which the answers of an interview come back from its guide, and that of confirming a bearing."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.evidence_words import Stance
from cmo.guiding import Aim, closing
from programmes.forms import Dressed, dressed
from programmes.forms import text as typed

_LARGEST = 10**9


class ConfirmForm(forms.Form):
    """The revision of the bearing, and that of the claim which was read."""

    base = forms.IntegerField(min_value=1, max_value=_LARGEST)
    seen = forms.IntegerField(min_value=1, max_value=_LARGEST)


class AnswersForm(Dressed):
    """Whose answers they are, then for each statement what was said to each end; what is left empty was not said.

    `asked` are the statements of the guide; the hidden revision of each is the one that was told.
    """

    source = typed(
        gettext_lazy("Whose answers"), hint=gettext_lazy("A source by its label or pseudonym, such as Q3"),
        list="sources", autocomplete="off",
    )  # fmt: skip
    locator = typed(gettext_lazy("Where in the source"), hint=gettext_lazy("Such as a time; may be empty"))

    def __init__(self, data: Any = None, *, asked: Any, **more: Any) -> None:
        super().__init__(data, **more)
        self.asked = asked
        for one in asked:
            n = one.number
            told = _("Say which revision of %(label)s was told; load the page again.") % {"label": one.label}
            self.fields[f"revision-{n}"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=1, max_value=_LARGEST, initial=one.revision,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), told),
            )  # fmt: skip
            for aim in Aim:
                said = _("What was said of %(label)s: %(aim)s") % {"label": one.label, "aim": aim.label}
                self.fields[f"answer-{n}-{aim.value}"] = typed(said, rows=4)
                stances = [("", _("choose: unclear if left so")), *Stance.choices]
                self.fields[f"stance-{n}-{aim.value}"] = forms.ChoiceField(
                    label=_("It"), choices=stances, required=False
                )
        for at, ask in enumerate(closing(), start=1):
            self.fields[f"closing-{at}"] = typed(_("What was said to: %(ask)s") % {"ask": ask}, rows=4)
        dressed(self)

    def closing_with_fields(self) -> list[tuple[str, Any]]:
        """(question, field of what was said) of the questions at the end."""
        return [(ask, self[f"closing-{at}"]) for at, ask in enumerate(closing(), start=1)]

    def others(self) -> list[dict[str, Any]]:
        """What was said to the questions at the end, of each not left empty."""
        said = ((at, self.cleaned_data.get(f"closing-{at}", "")) for at in range(1, len(closing()) + 1))
        return [{"question": at, "text": text} for at, text in said if text.strip()]

    def asked_with_fields(self) -> Iterator[tuple[Any, Any, list[tuple[Any, Any, Any, list[str]]]]]:
        """(statement, hidden revision, [(aim, field of the words, field of the stance, what is asked)]) to be shown."""
        for one in self.asked:
            rows = [
                (aim, self[f"answer-{one.number}-{aim.value}"], self[f"stance-{one.number}-{aim.value}"],
                 [prompt.ask for prompt in one.told.prompts if prompt.aim == aim])
                for aim in Aim
            ]  # fmt: skip
            yield one, self[f"revision-{one.number}"], rows

    def answers(self) -> list[dict[str, Any]]:
        """What was said, as the rule takes it: statement, revision, stance, text and what the question was after, of
        each answer not left empty.

        A stance that nobody chose is unclear: an answer says what it says, whatever it was asked for.
        """
        given = self.cleaned_data
        return [
            {
                "statement": one.label,
                "revision": given.get(f"revision-{one.number}") or one.revision,
                "stance": given.get(f"stance-{one.number}-{aim.value}") or Stance.UNCLEAR.value,
                "text": given[f"answer-{one.number}-{aim.value}"],
                "aim": aim.value,
            }
            for one in self.asked
            for aim in Aim
            if given.get(f"answer-{one.number}-{aim.value}", "").strip()
        ]
