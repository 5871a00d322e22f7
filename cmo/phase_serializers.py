"""Owns the JSON of verdicts, snapshots and comparisons, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cmo.json_fields import Flag, Labels
from cmo.phase_words import Became, Verdict
from cmo.serializers import CountsOut, WordsOut
from cmo.vocabulary import State
from programmes.serializers import Body, ReasonIn, Text

# ---------------------------------------------------------------- in


class CloseIn(ReasonIn):
    reason = Text(required=False, help_text="Why now; a phase is not closed without.")
    name = Text(required=False, help_text="Of the snapshot that closing takes; named after the phase when left out.")
    description = Text(required=False, help_text="What the snapshot is for.")


class SnapshotIn(Body):
    name = Text(help_text="Initial programme theory")
    description = Text(required=False, help_text="What it is for.")
    slug = Text(required=False, help_text="Its address; worked out from the name when left out.")


class VerdictPatch(Body):
    verdict = Text(required=False, help_text=", ".join(Verdict.values))
    rationale = Text(required=False, help_text="What it rests on; needed unless it was not tested.")
    bearings = Labels(required=False, help_text="B3: bearings that it rests on.")


class VerdictIn(VerdictPatch):
    record = Text(help_text="S5 or CMO3")
    verdict = Text(help_text=", ".join(Verdict.values))
    phase = Text(required=False, help_text="The open one; it may be named.")
    team = Flag(required=False, help_text="true: the team's, which a lead states; else your own.")


# ---------------------------------------------------------------- out


def _texts(said: str) -> Any:
    return serializers.ListField(child=serializers.CharField(), help_text=said)


class VerdictOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField(help_text="V3")
    record = serializers.CharField(help_text="S5 or CMO3")
    phase = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    rationale = serializers.CharField(allow_blank=True)
    bearings = _texts("B3")
    team = serializers.BooleanField(help_text="Whether a lead stated it for the team.")
    by = serializers.CharField()
    made_against = serializers.IntegerField(help_text="The revision of the record that was judged.")
    stale = serializers.BooleanField(help_text="Whether the record says something else since it was judged.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class VerdictRevisionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    rationale = serializers.CharField(allow_blank=True)
    bearings = _texts("B3")
    made_against = serializers.IntegerField()
    author = serializers.CharField()
    at = serializers.DateTimeField()


class _LogPlaceOut(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="The last row of the change feed that it holds.")
    digest = serializers.CharField(allow_blank=True)


class SnapshotOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    phase = serializers.CharField(allow_null=True)
    closes = serializers.BooleanField(help_text="Whether it was taken as its phase was closed.")
    taken = serializers.DateTimeField()
    by = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of its canonical JSON: `?as=canonical`.")
    log = _LogPlaceOut()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Records in use of each kind.")
    address = serializers.CharField(help_text="Its page, an address that never changes.")
    citation = serializers.CharField(help_text="How it is cited.")


class _SideOut(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    wording = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    area = serializers.CharField(allow_null=True)
    themes = _texts("Codes")

    def get_fields(self) -> dict[str, Any]:
        return {"label": serializers.CharField(help_text="S5"), **super().get_fields()}


@extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/PhaseVerdict"}, {"type": "null"}]})
class _VerdictOrNone(serializers.ChoiceField):
    """A verdict, or null: the shared enumeration of the schema would lose the null."""


class _EvidenceOnOut(CountsOut):
    on = serializers.CharField(help_text="S6")


class _ChangeRowOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Became.choices)
    before = _SideOut(many=True, help_text="Empty where there was none; several where they were merged.")
    after = _SideOut(many=True)
    shared = serializers.BooleanField(
        help_text="Whether `before` has a row of its own as well: this is the row of what was refined from it."
    )
    diff = WordsOut(many=True, help_text="By words, where one record stands on either side.")
    themes_gone = _texts(
        "Codes, as they were, of the themes that it carries no longer. One that was recoded or merged"
        " into another is neither gone nor come."
    )
    themes_come = _texts("Codes of the themes that it did not carry.")
    verdict = _VerdictOrNone(choices=Verdict.choices, allow_null=True)
    rationale = serializers.CharField(allow_blank=True)
    phase = serializers.CharField(allow_null=True, help_text="Whose verdict it is.")
    reason = serializers.CharField(allow_blank=True)
    evidence = CountsOut(
        allow_null=True,
        help_text="Of the first record in `evidence_on`. Null for members who do not see evidence.",
    )
    evidence_on = _EvidenceOnOut(
        many=True,
        allow_null=True,
        help_text="What bears on each record of the row, of those that have any. An act of lineage moves no evidence:"
        " that of what was merged stays with the ancestors. One excerpt may bear on several, so do not add up.",
    )


class _TableOut(serializers.Serializer[Any]):
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows of each kind.")
    before = serializers.IntegerField(help_text="Records in use in the earlier theory.")
    after = serializers.IntegerField()
    rows = _ChangeRowOut(many=True)


class ComparisonOut(_TableOut):
    """Of the statements; those of the configurations stand beside."""

    to = serializers.CharField()
    configurations = _TableOut()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.CharField(help_text="The earlier of the two."), **super().get_fields()}
