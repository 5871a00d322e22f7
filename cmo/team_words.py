"""Owns the words of the team's argument: proposals, answers, lineage, ratings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProposalState(TextChoices):
    """Where a proposal stands. Only its authors see a draft."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ENDED = frozenset({ProposalState.ACCEPTED, ProposalState.REFUSED})
DECIDED = ENDED | {ProposalState.WITHDRAWN}  # lies before the team no more; its authors may send a withdrawn one again


class Answer(TextChoices):
    """One member's answer to a proposal, as in a Delphi round. Only *agree* counts as an approval."""

    AGREE = "agree", _("Agree")
    AGREE_WITH_CHANGES = "agree_with_changes", _("Agree with changes")
    DISAGREE = "disagree", _("Disagree")
    ABSTAIN = "abstain", _("Abstain")


class Decision(TextChoices):
    """What becomes of a proposal."""

    ACCEPT = "accept", _("Accept")
    REFUSE = "refuse", _("Refuse")


class DescentKind(TextChoices):
    """How one record came from another; read from the younger to the older."""

    REFINED = "refined", _("Refined from")
    MERGED = "merged", _("Merged from")
    SPLIT = "split", _("Split from")
    REPLACED = "replaced", _("Replaces")


class RoundKind(TextChoices):
    """How members answer in a prioritisation round."""

    SCALE = "scale", _("Rate each on a scale")
    RANKING = "ranking", _("Put them in order")
