"""Owns when a change must say why, and how reasons that are given one after another stand together.

From a programme's first snapshot on, every change of wording carries a reason.

What a snapshot holds is compared with what came after it, and a comparison without reasons explains nothing.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Snapshot
from programmes.gate import clean, is_blank
from programmes.models import Programme
from programmes.vocabulary import Limit


def require_reason(programme: Programme, reason: str) -> None:
    """ValidationError (reason) for a change of wording without one, once there is a snapshot.

    Call it under the programme's lock; asks the database only where no reason was given.
    """
    if is_blank(reason) and reason_is_needed(programme):
        said = _("Say why; since this programme took its first snapshot, every change of wording carries a reason.")
        raise ValidationError({"reason": said})


def reason_is_needed(programme: Programme) -> bool:
    """Whether every change of wording must say why; one query."""
    return Snapshot.objects.filter(programme=programme).exists()


def with_reason(held: str, given: str, *, label: str) -> str:
    """What was said already and what is said now, as paragraphs of one text; what stands there is not said twice.

    Raises ValidationError (reason) where both together are too long: neither is cut, and neither takes the place of
    the other.
    """
    given = clean(given, field="reason", limit=Limit.REASON).strip()
    if not given or f"\n\n{given}\n\n" in f"\n\n{held.strip()}\n\n":
        return held
    both = f"{held.rstrip()}\n\n{given}" if held.strip() else given
    if len(both) > Limit.REASON:
        said = _(
            "%(label)s gives reasons already; with yours they would be %(n)s characters long, and %(limit)s fit. "
            "Shorten yours here, or those on its page."
        )
        raise ValidationError({"reason": said % {"label": label, "n": len(both), "limit": int(Limit.REASON)}})
    return both
