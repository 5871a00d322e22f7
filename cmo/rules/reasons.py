"""Owns when a change must say why: from a programme's first snapshot on, every change of wording carries a reason.

What a snapshot holds is compared with what came after it, and a comparison without reasons explains nothing.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Snapshot
from programmes.models import Programme


def require_reason(programme: Programme, reason: str) -> None:
    """ValidationError (reason) for a change of wording without one, once there is a snapshot.

    Call it under the programme's lock; asks the database only where no reason was given.
    """
    if not reason.strip() and Snapshot.objects.filter(programme=programme).exists():
        said = _("Say why; since this programme took its first snapshot, every change of wording carries a reason.")
        raise ValidationError({"reason": said})
