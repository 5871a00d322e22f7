"""Owns the JSON of proposals, answers and decisions, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cmo.team_words import Answer, Decision, ProposalState
from programmes.serializers import Body, Text

CHANGES = (
    "Each names `record` (S3, CMO2, E12) and `base`, the revision it starts from, and says `change`: reworded, refined,"
    " retagged, rearranged or described with any fields of the record; retyped with `kind`; retired; restored, with"
    " `revision` for an older one; new with `kind` statement or configuration and its fields, and `refines` where it"
    " refines another; merged with `records` and maybe `into`; split with `pieces`; replaced with `by` or with the"
    " fields of a new record."
)
NAMES = "Names of members who wrote with you; each is asked whether they did."
UNCONFIRMED = "Those of them who did not say yet that they wrote it; until then they may answer and decide."
CITES = "X9, B4: the evidence that it rests on; null for whoever sees none."
CITES_THEN = "X9, B4: what it cited then; null for whoever sees no evidence, and of rounds from before that was kept."


@extend_schema_field({"type": "array", "items": {"type": "object"}, "description": CHANGES})
class Changes(serializers.Field[Any, Any, Any, Any]):
    """A list of changes; the rule reads each and says what is wrong with it."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "array", "items": {"type": "string"}, "description": NAMES})
class Names(serializers.Field[Any, Any, Any, Any]):
    """A list of user names; the rule looks each up."""

    def to_internal_value(self, data: Any) -> Any:
        return data if isinstance(data, list) else [data]

    def to_representation(self, value: Any) -> Any:
        return value


# ---------------------------------------------------------------- in


class ProposalPatch(Body):
    changes = Changes(required=False)
    title = Text(required=False)
    reason = Text(required=False, help_text="Why; needed before it is laid before the team.")
    coauthors = Names(required=False)


class ProposalIn(ProposalPatch):
    changes = Changes()
    cites = serializers.ListField(child=Text(), required=False, help_text="X9, B4: the evidence that it rests on.")


class WithdrawIn(Body):
    reason = Text(required=False)


class NamingIn(Body):
    wrote = serializers.BooleanField(help_text="Whether you wrote it too.")


class ReviewIn(Body):
    answer = Text(help_text=", ".join(Answer.values))
    reason = Text(required=False, help_text="Needed but for abstain.")
    seen = Text(help_text="`seen` of the proposal that you read.")


class DecideIn(Body):
    decision = Text(help_text=", ".join(Decision.values))
    reason = Text(required=False, help_text="Needed to refuse, and to accept where that is your own answer too.")
    seen = Text(help_text="`seen` of the proposal that you read.")


# ---------------------------------------------------------------- out


class ProposalHead(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField(help_text="P4")
    title = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    author = serializers.CharField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    round = serializers.IntegerField(help_text="How often it was laid before the team.")
    seen = serializers.CharField(help_text="SHA-256 of its changes, title, reason and cites; an answer holds for it.")
    blind = serializers.BooleanField(help_text="Answers of others show only after one's own, or once it is decided.")


class ChangeOut(serializers.Serializer[Any]):
    """A change as it came in, what it would do to each field, and the records that went on since."""

    change = serializers.CharField()
    record = serializers.CharField(required=False)
    base = serializers.IntegerField(required=False)
    differences = serializers.ListField(
        child=serializers.DictField(), help_text="field, before, after, words; before is what stood in the base."
    )
    moved = serializers.ListField(child=serializers.CharField())


class NamedChange(serializers.Serializer[Any]):
    change = serializers.CharField()
    records = serializers.ListField(child=serializers.CharField())


class ApprovalsOut(serializers.Serializer[Any]):
    wanted = serializers.IntegerField()
    given = serializers.IntegerField(allow_null=True, help_text="null while answers are hidden from you.")


class CheckOut(serializers.Serializer[Any]):
    """One thing that was looked at before it is answered; checks inform, they do not block."""

    check = serializers.CharField(
        help_text="parts-stated, reason-given, base-current, sites-cited, challenges-cited; of the words also no-if,"
        " no-then, no-because, several-claims, unparsed, which never hold."
    )
    holds = serializers.BooleanField()
    record = serializers.CharField(allow_null=True, help_text="Whose proposed words it is about.")
    count = serializers.IntegerField(help_text="Sites cited, or challenging excerpts that stay uncited; else 0.")
    names = serializers.ListField(child=serializers.CharField(), help_text="Those sites.")


class OutcomeOut(serializers.Serializer[Any]):
    record = serializers.CharField()
    revision = serializers.IntegerField()


class ProposalTimes(serializers.Serializer[Any]):
    decided = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    sent = serializers.DateTimeField(allow_null=True)


class ProposalRow(ProposalHead, ProposalTimes):
    changes = NamedChange(many=True)


class ProposalOut(ProposalHead, ProposalTimes):
    coauthors = serializers.ListField(child=serializers.CharField())
    unconfirmed = serializers.ListField(child=serializers.CharField(), help_text=UNCONFIRMED)
    changes = ChangeOut(many=True)
    moved = serializers.ListField(child=serializers.CharField(), help_text="Records that went on since; rebase first.")
    cites = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text=CITES)
    approvals = ApprovalsOut()
    answers = serializers.IntegerField(help_text="How many people answered what is proposed now.")
    uncited = serializers.ListField(
        child=serializers.CharField(), allow_null=True,
        help_text="B4: what bears on its records and is not cited; null for who sees no evidence.",
    )  # fmt: skip
    checks = CheckOut(many=True, help_text="Of what is not decided; on evidence for those who see it.")
    outcomes = OutcomeOut(many=True)
    decided_by = serializers.CharField(allow_null=True)
    withdrawal_reason = serializers.CharField(allow_blank=True, help_text="Why its authors took it back.")


class ReviewOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    answer = serializers.ChoiceField(choices=Answer.choices)
    reason = serializers.CharField(allow_blank=True)
    seen = serializers.CharField()
    round = serializers.IntegerField()
    current = serializers.BooleanField(help_text="Whether it holds for what is proposed now.")
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ProposalRoundOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    changes = serializers.ListField(child=serializers.DictField())
    cites = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text=CITES_THEN)
    seen = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class WaitingChange(serializers.Serializer[Any]):
    change = serializers.CharField()
    records = serializers.ListField(child=serializers.CharField())
    differences = serializers.ListField(child=serializers.DictField())


class WaitingOut(ProposalHead):
    why = serializers.ChoiceField(choices=["answer", "decide", "revise", "waiting"])
    programme = serializers.SlugField()
    changes = WaitingChange(many=True)


class QueueOut(serializers.Serializer[Any]):
    mine = WaitingOut(many=True, help_text="What waits for you.")
    others = WaitingOut(many=True, help_text="What you wait for.")


