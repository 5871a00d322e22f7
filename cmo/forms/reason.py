"""Owns what the forms of records say of the reason that they ask for."""

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cmo.rules.reasons import reason_is_needed
from programmes.models import Programme


def say_when_needed(form: Any, programme: Programme) -> None:
    """Put under the reason of a form whether its change needs one. Asks the database only once that is shown, and only
    of a form that changes something: what is new needs none."""

    def said() -> str:
        if form["base"].value() and reason_is_needed(programme):
            return _("Kept in history; a change of wording needs one, as there is a snapshot")
        return _("Kept in history")

    form.fields["reason"].help_text = SimpleLazyObject(said)


def say_why_proposed(form: Any) -> None:
    """The reason of what is proposed is needed in any case, before the team reads it."""
    form.fields["reason"].help_text = _("The team decides on your reason too; a draft may go without")
