"""Owns the words of the theory's side: states of a record, what a change did, what a configuration is made of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a statement stands with the team."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")
    RETIRED = "retired", _("Retired")


class Change(TextChoices):
    """What one revision did. Those after *reviewed* are for changes that touch neither words nor themes."""

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
    RETYPED = "retyped", _("Retyped")
    REARRANGED = "rearranged", _("Elements changed")
    DESCRIBED = "described", _("Described anew")


TURNS = [Change.RETIRED.value, Change.RESTORED.value]  # what takes a record out of use, and brings it back


class Gap(TextChoices):
    """What a statement may lack; shown as worth a look, never as an error."""

    BECAUSE = "because", _("No mechanism stated")
    THEMES = "themes", _("No themes")


class Lacks:
    """The two gaps as bits, as statements and tallies store them."""

    BECAUSE = 1
    THEMES = 2
    BIT = {Gap.BECAUSE: BECAUSE, Gap.THEMES: THEMES}


# ---------------------------------------------------------------- elements and configurations


class Kind(TextChoices):
    """What an element is. Realists disagree often enough, so that "unsure" is an answer."""

    CONTEXT = "context", _("Context")
    MECHANISM = "mechanism", _("Mechanism")
    OUTCOME = "outcome", _("Outcome")
    INTERVENTION = "intervention", _("Intervention")
    SETTING = "setting", _("Setting")
    ACTOR = "actor", _("Actor")
    UNSURE = "unsure", _("Unsure")


class Slot(TextChoices):
    """The role an element plays in one configuration; its kind may be another (an outcome here, a context there)."""

    CONTEXT = "context", _("Context")
    MECHANISM = "mechanism", _("Mechanism")
    RESOURCE = "resource", _("Resource")
    REASONING = "reasoning", _("Reasoning")
    OUTCOME = "outcome", _("Outcome")
    INTERVENTION = "intervention", _("Intervention")
    SETTING = "setting", _("Setting")
    ACTOR = "actor", _("Actor")
    UNSURE = "unsure", _("Unsure")


KIND_OF: dict[Slot, Kind] = {slot: Kind(slot.value) for slot in Slot if slot.value in Kind.values} | {
    Slot.RESOURCE: Kind.MECHANISM,
    Slot.REASONING: Kind.MECHANISM,
}
MECHANISMS = frozenset({Slot.MECHANISM, Slot.RESOURCE, Slot.REASONING})

# The usual make-ups of a configuration (Pawson and Tilley 1997; resource and reasoning after Dalkin et al. 2015, doi
# 10.1186/s13012-015-0237-x; ICAMO after Mukumbang et al. 2018, doi 10.1177/1356389018785332).
PRESETS: dict[str, tuple[Slot, ...]] = {
    "cmo": (Slot.CONTEXT, Slot.MECHANISM, Slot.OUTCOME),
    "resource-reasoning": (Slot.CONTEXT, Slot.RESOURCE, Slot.REASONING, Slot.OUTCOME),
    "icmo": (Slot.INTERVENTION, Slot.CONTEXT, Slot.MECHANISM, Slot.OUTCOME),
    "scmo": (Slot.SETTING, Slot.CONTEXT, Slot.MECHANISM, Slot.OUTCOME),
    "icamo": (Slot.INTERVENTION, Slot.CONTEXT, Slot.ACTOR, Slot.MECHANISM, Slot.OUTCOME),
}


class Polarity(TextChoices):
    """How a context bears on what follows."""

    FACILITATING = "facilitating", _("Facilitating")
    HINDERING = "hindering", _("Hindering")


class MechanismPart(TextChoices):
    """Which half of a mechanism an element is."""

    RESOURCE = "resource", _("Resource")
    REASONING = "reasoning", _("Reasoning")


class Sign(TextChoices):
    """Which way an outcome goes."""

    POSITIVE = "positive", _("Positive")
    NEGATIVE = "negative", _("Negative")
    MIXED = "mixed", _("Mixed")


class Intended(TextChoices):
    """Whether an outcome was meant."""

    INTENDED = "intended", _("Intended")
    UNINTENDED = "unintended", _("Unintended")


class Proximity(TextChoices):
    """How far along an outcome lies."""

    PROXIMAL = "proximal", _("Proximal")
    DISTAL = "distal", _("Distal")


class Level(TextChoices):
    """At which level of the social system an element works."""

    MICRO = "micro", _("Micro")
    MESO = "meso", _("Meso")
    MACRO = "macro", _("Macro")


# What describes an element, and the kinds that it fits; an unsure one may carry anything.
TRAITS: dict[str, tuple[type[TextChoices], frozenset[Kind]]] = {
    "polarity": (Polarity, frozenset({Kind.CONTEXT, Kind.SETTING})),
    "mechanism": (MechanismPart, frozenset({Kind.MECHANISM})),
    "sign": (Sign, frozenset({Kind.OUTCOME})),
    "intended": (Intended, frozenset({Kind.OUTCOME})),
    "proximity": (Proximity, frozenset({Kind.OUTCOME})),
    "level": (Level, frozenset(Kind)),
}


class Activation(TextChoices):
    """How strongly a mechanism fires in one configuration, from dormant to strong."""

    DORMANT = "dormant", _("Dormant")
    WEAK = "weak", _("Weak")
    MODERATE = "moderate", _("Moderate")
    STRONG = "strong", _("Strong")


class LinkKind(TextChoices):
    """How two configurations stand to each other."""

    RIPPLE = "ripple", _("Ripple")
    RIVAL = "rival", _("Rival of")
    NESTED = "nested", _("Nested in")
    CONTRADICTS = "contradicts", _("Contradicts")
    CONTRASTS = "contrasts", _("Contrasts with")


class RivalVerdict(TextChoices):
    """What became of rival explanations of one outcome."""

    OPEN = "open", _("Open")
    ONE = "one", _("One explains it better")
    BOTH = "both", _("Each holds in its own contexts")
    NONE = "none", _("No explanation holds")


class Kept(TextChoices):
    """Where a link, a rival group or a demi-regularity stands."""

    CURRENT = "current", _("Current")
    RETIRED = "retired", _("Retired")


class Drafted(TextChoices):
    """What a draft is a draft of."""

    STATEMENT = "statement", _("statement")
    CONFIGURATION = "configuration", _("configuration")
    ELEMENT = "element", _("element")
