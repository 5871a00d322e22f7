"""Owns the words of the theory's side: states of a record and what a change did."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a statement stands with the team."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")
    RETIRED = "retired", _("Retired")


class Change(TextChoices):
    """What one revision did. The last four are for changes that touch neither words nor themes."""

    NEW = "new", _("New")
    REWORDED = "reworded", _("Reworded")
    REFINED = "refined", _("Refined")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    RETAGGED = "retagged", _("Retagged")
    RETIRED = "retired", _("Retired")
    RESTORED = "restored", _("Restored")
    REVIEWED = "reviewed", _("Reviewed without change")
    AGREED = "agreed", _("Agreed")
    REOPENED = "reopened", _("Back to draft")
    MOVED = "moved", _("Moved to another theory area")
    MARKED = "marked", _("Parts marked by hand")


class Gap(TextChoices):
    """What a statement may lack; shown as worth a look, never as an error."""

    BECAUSE = "because", _("No mechanism stated")
    THEMES = "themes", _("No themes")


class Lacks:
    """The two gaps as bits, as statements and tallies store them."""

    BECAUSE = 1
    THEMES = 2
    BIT = {Gap.BECAUSE: BECAUSE, Gap.THEMES: THEMES}
