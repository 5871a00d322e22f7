"""Owns the JSON of lineage, in and out: merge, split, replace, refine, undo, families and the timeline."""

from typing import Any

from rest_framework import serializers

from cmo.json_fields import Place
from cmo.serializers import StatementIn
from cmo.structure_serializers import ConfigurationIn
from cmo.team_words import DescentKind
from cmo.vocabulary import State
from programmes.serializers import Body, Text

# Lists of a body; longer than a rule takes, so that its refusal is heard.
LIST: dict[str, Any] = {"many": True, "max_length": 60}


class FromIn(Body):
    """A record and the revision of it that you saw."""

    record = Text(help_text="S4")
    base = Place(help_text="The revision that you saw.")


def _ancestors() -> Any:
    return FromIn(**LIST, help_text="They are retired, with their numbers and history.")


def _into() -> Any:
    return FromIn(required=False, allow_null=True, help_text="One that stays; left out or null: a new one.")


# ---------------------------------------------------------------- in


class StatementPieceIn(StatementIn):
    """What a new statement says. Themes and area that are not sent come from its ancestor."""

    cites = None  # type: ignore[assignment]
    reason = None  # type: ignore[assignment]


class MergeStatementsIn(StatementIn):
    """Themes that are not sent: those of the ancestors together. An area that is not sent: the one that all share."""

    cites = None  # type: ignore[assignment]
    ancestors = _ancestors()
    into = _into()


class SplitStatementIn(Body):
    pieces = StatementPieceIn(**LIST)
    reason = Text(required=False)


class RefineStatementIn(StatementIn):
    cites = None  # type: ignore[assignment]


class ReplaceStatementIn(RefineStatementIn):
    """Another statement, or the words of a new one."""

    def get_fields(self) -> dict[str, Any]:
        """`with` is a word of Python, so it joins here."""
        return {"with": Text(required=False, help_text="S9, one that is there."), **super().get_fields()}


class ConfigurationPieceIn(ConfigurationIn):
    """What a new configuration is made of. Elements, statements and area that are not sent come from its ancestor."""

    reason = None  # type: ignore[assignment]


class MergeConfigurationsIn(ConfigurationIn):
    """Elements and statements that are not sent: those of the ancestors in order, each once."""

    ancestors = _ancestors()
    into = _into()


class SplitConfigurationIn(Body):
    pieces = ConfigurationPieceIn(**LIST)
    reason = Text(required=False)


class ReplaceConfigurationIn(ConfigurationIn):
    """Another configuration, or what a new one is made of."""

    def get_fields(self) -> dict[str, Any]:
        return {"with": Text(required=False, help_text="CMO9, one that is there."), **super().get_fields()}


# ---------------------------------------------------------------- out


class ActRecordOut(serializers.Serializer[Any]):
    label = serializers.CharField(help_text="S4")
    revision = serializers.IntegerField(help_text="That the act wrote or found there.")
    state = serializers.ChoiceField(choices=State.choices, help_text="As it is now.")


class ActOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=DescentKind.choices)
    older = ActRecordOut(many=True)
    younger = ActRecordOut(many=True)
    reason = serializers.CharField(allow_blank=True)
    proposal = serializers.CharField(allow_null=True, help_text="P4: the proposal by which the team agreed on it.")
    by = serializers.CharField()
    at = serializers.DateTimeField()
    undone = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)


class RelativeOut(ActRecordOut):
    kind = serializers.ChoiceField(choices=DescentKind.choices)
    steps = serializers.IntegerField(help_text="How many acts away it is.")


class FamilyOut(serializers.Serializer[Any]):
    """All that a record came from and all that came from it, the nearest first, and the acts that it took part in."""

    label = serializers.CharField()
    ancestors = RelativeOut(many=True)
    descendants = RelativeOut(many=True)
    acts = ActOut(many=True, help_text="The latest first, undone ones too.")


class MomentRecordOut(ActRecordOut):
    words = serializers.CharField(allow_blank=True, help_text="What that revision said.")


class MomentOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    what = serializers.CharField(help_text="born, merged, split, replaced, refined, retired, restored or undone")
    record = serializers.CharField(allow_null=True, help_text="S4, where it happened to one record alone.")
    act = serializers.IntegerField(allow_null=True, help_text="The act's number, where it was one.")
    revision = serializers.IntegerField(allow_null=True, help_text="Of that record, which tells of it.")
    words = serializers.CharField(allow_blank=True, help_text="What that record said then; empty for an act.")
    older = MomentRecordOut(many=True)
    younger = MomentRecordOut(many=True)
    by = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
