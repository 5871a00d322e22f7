"""Owns the words of phases: what a phase finds about a record, what became of it between two snapshots. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verdict(TextChoices):
    """What a phase found about a statement or a configuration. *Reviewed* counts: it was looked at and stands."""

    SUPPORTED = "supported", _("Supported")
    PARTLY_SUPPORTED = "partly_supported", _("Partly supported")
    REFINED = "refined", _("Refined")
    REFUTED = "refuted", _("Refuted")
    NOT_TESTED = "not_tested", _("Not tested")
    NEW = "new", _("New")
    REVIEWED = "reviewed", _("Reviewed without change")


UNJUDGED = "none"  # in a filter: what has no verdict yet
VERDICTS = [*Verdict.choices, (UNJUDGED, _("No verdict yet"))]


class Became(TextChoices):
    """What became of a record between two moments of a theory; the kinds of rows in a comparison, in their order."""

    UNCHANGED = "unchanged", _("Unchanged")
    RETAGGED = "retagged", _("Retagged")
    MOVED = "moved", _("Moved")
    REWORDED = "reworded", _("Reworded")
    REFINED = "refined", _("Refined")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")
    REPLACED = "replaced", _("Replaced")
    REFUTED = "refuted", _("Refuted")
    RETIRED = "retired", _("Retired")
    RESTORED = "restored", _("Restored")
    NEW = "new", _("New")


WORKING = "working"  # names the theory as it stands now where a snapshot can be named
