"""Owns the words of evidence: how an excerpt was said, how it bears on a claim, and on which part of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExcerptStatus(TextChoices):
    """Whether what an excerpt tells was seen to happen, is expected, or only follows from what was said."""

    OBSERVED = "observed", _("Observed")
    ANTICIPATED = "anticipated", _("Anticipated")
    IMPLIED = "implied", _("Implied")


class Stance(TextChoices):
    """How an excerpt bears on a claim. It sits on the bearing: one source may support one claim and oppose another."""

    SUPPORTS = "supports", _("Supports")
    CHALLENGES = "challenges", _("Challenges")
    NUANCES = "nuances", _("Nuances")
    UNCLEAR = "unclear", _("Unclear")


class Join(TextChoices):
    """One step of a configuration, which an excerpt may bear on by itself."""

    CONTEXT_MECHANISM = "C-M", _("from context to mechanism")
    MECHANISM_OUTCOME = "M-O", _("from mechanism to outcome")


class ClaimPart(TextChoices):
    """The part of a statement that an excerpt bears on, where it is not the whole."""

    IF = "if", _("If")
    THEN = "then", _("Then")
    BECAUSE = "because", _("Because")
