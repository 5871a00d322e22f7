"""Owns the JSON of weighed evidence: totals of a claim, maps, what lacks evidence, why, and the interview guide."""

from typing import Any

from rest_framework import serializers

from cmo.evidence_words import ClaimPart, ExcerptStatus, Stance
from cmo.guiding import Aim
from cmo.json_fields import Place
from cmo.phase_serializers import VerdictOut
from cmo.serializers import CountsOut, RevisionOut, StatementOut
from programmes.serializers import Body, Text
from programmes.vocabulary import PhaseKind

LIST: dict[str, Any] = {"many": True, "max_length": 400}  # longer than the rule takes, so that its refusal is heard

# ---------------------------------------------------------------- in


class GivenAnswerIn(Body):
    statement = Text(help_text="S4")
    revision = Place(help_text="The revision that was told; the bearing is made against it.")
    text = Text(help_text="What was said.")
    stance = Text(help_text=", ".join(Stance.values))
    part = Text(required=False, help_text="if, then, because: what the answer is about; the whole when left out.")
    aim = Text(required=False, help_text="confirm, falsify, refine: of the prompt that it answers; the note says so.")
    note = Text(required=False)
    locator = Text(required=False)


class GivenClosingIn(Body):
    question = Place(help_text="Which of the guide's `closing` it answers; from 1.")
    text = Text(help_text="What was said.")
    locator = Text(required=False)


class GuideAnswersIn(Body):
    source = Text(help_text="Q3: whose answers they are.")
    answers = GivenAnswerIn(**LIST, required=False)
    closing = GivenClosingIn(**LIST, required=False)


# ---------------------------------------------------------------- out


class _ByStance(serializers.Serializer[Any]):
    supports = serializers.IntegerField()
    challenges = serializers.IntegerField()
    nuances = serializers.IntegerField()
    unclear = serializers.IntegerField()


class _GroupOut(CountsOut):
    name = serializers.CharField(allow_blank=True)
    sources_by_stance = _ByStance()
    of_sources = serializers.IntegerField(help_text="Sources that there are of it in the programme.")
    small = serializers.BooleanField(help_text="Fewer sources than the programme's threshold speak here.")


class SiteGroupOut(_GroupOut):
    site = serializers.CharField(allow_null=True)


class RoleGroupOut(_GroupOut):
    role = serializers.CharField(allow_null=True)


class GroundsOut(CountsOut):
    on = serializers.CharField(help_text="S5 or CMO3")
    sources_by_stance = _ByStance()
    sites = SiteGroupOut(many=True, help_text="Every site of the programme, silent ones too.")
    roles = RoleGroupOut(many=True, help_text="The roles that say something.")


class ShownOut(serializers.Serializer[Any]):
    bearing = serializers.CharField(help_text="B7")
    on = serializers.CharField(help_text="S5, CMO3, CMO3/E12 or CMO3/C-M")
    part = serializers.CharField(allow_blank=True)
    stance = serializers.ChoiceField(choices=Stance.choices)
    note = serializers.CharField(allow_blank=True)
    inferred = serializers.BooleanField()
    confidence = serializers.CharField(allow_blank=True)
    confidence_reason = serializers.CharField(allow_blank=True)
    made_against = serializers.IntegerField()
    stale = serializers.BooleanField(help_text="Whether the claim says something else since it was judged.")
    by = serializers.CharField()
    at = serializers.DateTimeField()
    excerpt = serializers.CharField(help_text="X9")
    text = serializers.CharField()
    locator = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=ExcerptStatus.choices)
    source = serializers.CharField(help_text="Q2")
    role = serializers.CharField(allow_blank=True)
    site = serializers.CharField(allow_null=True)
    other_site = serializers.BooleanField(help_text="Whether it is signed with another site than its source's.")


class TotalOut(GroundsOut):
    excerpts_shown = ShownOut(many=True, help_text="The latest link first; at most 300.")


class _SaidOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    answer = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    then = serializers.CharField(allow_null=True, help_text="What they answered later, where this is earlier dissent.")


class StepOut(RevisionOut):
    proposal = serializers.CharField(allow_null=True, help_text="P4: the proposal that wrote it.")
    answers = _SaidOut(many=True, help_text="The last answer of each member to it, and dissent before that.")


class _KinOut(serializers.Serializer[Any]):
    label = serializers.CharField()
    revision = serializers.IntegerField()
    state = serializers.CharField()
    kind = serializers.CharField()
    steps = serializers.IntegerField()


class _FamilyOut(serializers.Serializer[Any]):
    ancestors = _KinOut(many=True)
    descendants = _KinOut(many=True)


class BelievedOut(CountsOut):
    on = serializers.CharField(help_text="S5 or CMO3")
    sources_by_stance = _ByStance()
    sites = SiteGroupOut(many=True, allow_null=True, help_text="Every site of the programme; null of a snapshot.")
    roles = RoleGroupOut(many=True, allow_null=True, help_text="The roles that say something; null of a snapshot.")
    excerpts_shown = ShownOut(
        many=True, allow_null=True, help_text="The latest link first; at most 300. Null of a snapshot."
    )


class WhyOut(serializers.Serializer[Any]):
    statement = StatementOut()
    evidence = BelievedOut(allow_null=True, help_text="Null for members who do not see evidence.")
    revisions = StepOut(many=True, help_text="Newest first; at most 100.")
    verdicts = VerdictOut(many=True, help_text="By phase, the team's and members' own.")
    lineage = _FamilyOut()


class _ColumnOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField(allow_null=True, help_text="Sources that there are of it.")


class _CellOut(serializers.Serializer[Any]):
    excerpts = serializers.IntegerField()
    sources = serializers.IntegerField()
    small = serializers.BooleanField()


class _RowOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    cells = _CellOut(many=True)


class _MapOut(serializers.Serializer[Any]):
    columns = _ColumnOut(many=True)
    rows = _RowOut(many=True)


class HeatOut(serializers.Serializer[Any]):
    sites = _MapOut(help_text="Themes by site: excerpts that carry the theme or one below it.")
    roles = _MapOut(help_text="Roles by statement: excerpts that bear on it.")
    statements = serializers.IntegerField(help_text="Statements in use, of which `page` shows 40 side by side.")


class LackOut(serializers.Serializer[Any]):
    statement = serializers.CharField(help_text="S7")
    evidence = CountsOut()
    silent_sites = serializers.ListField(child=serializers.CharField())
    ancestors = serializers.ListField(
        child=serializers.CharField(help_text="S6"),
        help_text="Of one without evidence: what it came from that has some. Acts of lineage move none.",
    )


class LackingOut(serializers.Serializer[Any]):
    none = LackOut(many=True)
    more = serializers.BooleanField(help_text="Whether others are without any; `?has_evidence=no` finds all.")
    one_source = LackOut(many=True)
    contested = LackOut(many=True, help_text="Contested or challenged.")
    thin = LackOut(many=True)
    unheard = LackOut(many=True, help_text="At least one site says nothing of it.")


class PromptOut(serializers.Serializer[Any]):
    aim = serializers.ChoiceField(choices=Aim.choices)
    ask = serializers.CharField()
    stance = serializers.ChoiceField(choices=Stance.choices, help_text="What an answer usually is.")


class AskedOut(serializers.Serializer[Any]):
    statement = serializers.CharField(help_text="S7")
    revision = serializers.IntegerField(help_text="To be sent back with the answers.")
    wording = serializers.CharField()
    plainly = serializers.CharField()
    otherwise = serializers.ListField(child=serializers.CharField())
    prompts = PromptOut(many=True)


class GuideOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PhaseKind.choices)
    opening = serializers.ListField(child=serializers.CharField())
    statements = AskedOut(many=True)
    closing = serializers.ListField(child=serializers.CharField())


class KeptAnswerOut(serializers.Serializer[Any]):
    statement = serializers.CharField(help_text="S7")
    excerpt = serializers.CharField(help_text="X9")
    bearing = serializers.CharField(help_text="B12")
    stance = serializers.ChoiceField(choices=Stance.choices)
    part = serializers.ChoiceField(choices=[*ClaimPart.choices, ("", "")])
    made_against = serializers.IntegerField()


class KeptAnswersOut(serializers.Serializer[Any]):
    source = serializers.CharField(help_text="Q3")
    answers = KeptAnswerOut(many=True)
    closing = serializers.ListField(
        child=serializers.CharField(help_text="X9"), help_text="Excerpts that bear on nothing yet."
    )
    warnings = serializers.ListField(child=serializers.CharField(help_text="X9 may hold a name."))
