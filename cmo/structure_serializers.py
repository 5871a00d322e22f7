"""Owns the JSON of elements, configurations, links, what gathers them, and slots, in and out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cmo.json_fields import Flag, Labels, Place
from cmo.serializers import RESTS_ON, Codes, CountsOut, LineageOut, PhaseVerdictOut, RestsOut, WordsOut
from cmo.vocabulary import TRAITS, Change, Kept, Kind, LinkKind, RivalVerdict, Slot, State
from programmes.serializers import Body, Text


def _texts(said: str = "") -> Any:
    return serializers.ListField(child=serializers.CharField(), help_text=said)


# ---------------------------------------------------------------- in


class ElementPatch(Body):
    kind = Text(required=False, help_text="As it is; `retype/` changes it.")
    text = Text(required=False)
    polarity = Text(required=False, help_text="Of a context: facilitating or hindering; empty: not said.")
    mechanism = Text(required=False, help_text="Of a mechanism: resource or reasoning.")
    sign = Text(required=False, help_text="Of an outcome: positive, negative or mixed.")
    intended = Flag(required=False, help_text="Of an outcome; null: not said.")
    proximity = Text(required=False, help_text="Of an outcome: proximal or distal.")
    level = Text(required=False, help_text="micro, meso or macro")
    formal_theory = Text(required=False, help_text="The theory of the literature that it draws on.")
    themes = Codes(required=False, help_text="Codes, or ids of themes that have no code.")
    state = Text(required=False, help_text="draft or agreed")
    reason = Text(required=False)


class ElementIn(ElementPatch):
    kind = Text(help_text=", ".join(Kind.values))
    text = Text()


class RetypeIn(Body):
    kind = Text(help_text=", ".join(Kind.values))
    reason = Text(required=False)


class PlacedList(serializers.ListSerializer[Any]):
    """Elements in roles, with refusals in words that say what to send."""

    default_error_messages = {"not_a_list": gettext_lazy("Send a list of elements, each as a JSON object.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            for at, one in enumerate(data, start=1):
                if not isinstance(one, dict):
                    said = _("Element %(at)s: send it as a JSON object with a role and an element or a text.")
                    raise serializers.ValidationError([said % {"at": at}])
        return super().to_internal_value(data)


class PlacedIn(Body):
    """An element that is there, by its label, or the text of a new one."""

    class Meta:
        list_serializer_class = PlacedList

    element = Text(required=False, help_text="E12")
    text = Text(required=False, help_text="Of a new element; its kind is that of the role.")
    role = Text(help_text=", ".join(Slot.values))
    position = Place(required=False, help_text="Given for all: the order. Left out: the order of the list.")
    wording = Text(required=False, help_text="This configuration's own words for the element.")
    activation = Text(required=False, help_text="Of a mechanism: dormant, weak, moderate or strong.")


class ConfigurationIn(Body):
    """Everything may be missing: what a configuration lacks is shown as a gap."""

    nickname = Text(required=False)
    plain = Text(required=False, help_text="The whole in one plain sentence.")
    narrative = Text(required=False)
    testing = Text(required=False, help_text="The data planned to test it.")
    area = Text(required=False, allow_null=True, help_text="The slug of a theory area, or null.")
    elements = PlacedIn(many=True, required=False, help_text="All of them, in order.")
    statements = Labels(required=False, help_text="S7: all those in use that it spells out.")
    state = Text(required=False, help_text="draft or agreed")
    reason = Text(required=False)


class ConfigurationWritten(ConfigurationIn):
    """A configuration as it is made or changed, with what the new revision rests on."""

    rests_on = serializers.ListField(child=Text(), required=False, help_text=RESTS_ON)


class SpellOutIn(Body):
    elements = PlacedIn(many=True, required=False, help_text="Left out: what was found in the sentence.")
    nickname = Text(required=False)
    reason = Text(required=False)


class LinkPatch(Body):
    label = Text(required=False, help_text="What stands at the arrow.")
    note = Text(required=False)
    reason = Text(required=False)


class LinkIn(LinkPatch):
    kind = Text(help_text=", ".join(LinkKind.values))
    to = Text(help_text="CMO5")
    element = Text(required=False, allow_null=True, help_text="E12, of a ripple alone.")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so it joins here."""
        fields = super().get_fields()
        return {"kind": fields.pop("kind"), "from": Text(help_text="CMO3"), **fields}


class RivalsPatch(Body):
    title = Text(required=False)
    configurations = Labels(required=False, help_text="CMO3: all that are in the group.")
    outcome = Text(required=False, allow_null=True, help_text="The outcome that they explain: E12, or null.")
    verdict = Text(required=False, help_text=", ".join(RivalVerdict.values))
    favoured = Text(required=False, allow_null=True, help_text="CMO3, with the verdict `one` alone.")
    rationale = Text(required=False, help_text="The reason of the verdict.")
    reason = Text(required=False)


class RivalsIn(RivalsPatch):
    title = Text()


class PatternPatch(Body):
    text = Text(required=False)
    moderators = Text(required=False)
    boundaries = Text(required=False)
    counterexamples = Text(required=False)
    configurations = Labels(required=False, help_text="CMO3: all that show the pattern.")
    reason = Text(required=False)


class PatternIn(PatternPatch):
    text = Text()


class SlotIn(Body):
    role = Text(help_text=", ".join(slot.value for slot in Slot if slot != Slot.UNSURE))
    label = Text(required=False, help_text="What the programme calls it; left out or empty: as usual.")


class SlotsIn(Body):
    """Either of the two."""

    preset = Text(required=False, help_text="cmo, resource-reasoning, icmo, scmo or icamo")
    slots = SlotIn(many=True, required=False)


# ---------------------------------------------------------------- out


class ElementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField(help_text="E12")
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField()
    polarity = serializers.CharField(allow_blank=True)
    mechanism = serializers.CharField(allow_blank=True)
    sign = serializers.CharField(allow_blank=True)
    intended = serializers.BooleanField(allow_null=True)
    proximity = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    formal_theory = serializers.CharField(allow_blank=True)
    themes = _texts("Codes, or ids of themes without a code.")
    state = serializers.ChoiceField(choices=State.choices)
    configurations = _texts("CMO3: those in use in which it stands.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    updated_by = serializers.CharField()


class SuggestedOut(ElementOut):
    near = serializers.BooleanField(help_text="Its words are nearly the same: share it rather than make another.")


class PlacedOut(serializers.Serializer[Any]):
    element = serializers.CharField(help_text="E12")
    role = serializers.ChoiceField(choices=Slot.choices)
    position = serializers.IntegerField()
    wording = serializers.CharField(allow_blank=True, help_text="This configuration's own words, or empty.")
    activation = serializers.CharField(allow_blank=True)
    text = serializers.CharField(help_text="The words as they stand here.")


class LinkOut(serializers.Serializer[Any]):
    number = serializers.IntegerField(allow_null=True, help_text="Null: a ripple of which nobody said anything yet.")
    kind = serializers.ChoiceField(choices=LinkKind.choices)
    to = serializers.CharField(help_text="CMO5")
    element = serializers.CharField(allow_null=True, help_text="E12, of a ripple.")
    label = serializers.CharField(allow_blank=True, help_text="What stands at the arrow.")
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=Kept.choices)
    revision = serializers.IntegerField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {
            "number": fields.pop("number"), "kind": fields.pop("kind"),
            "from": serializers.CharField(help_text="CMO3"), **fields,
        }  # fmt: skip


class ConfigurationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField(help_text="CMO3")
    nickname = serializers.CharField(allow_blank=True)
    plain = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_null=True)
    narrative = serializers.CharField(allow_blank=True)
    testing = serializers.CharField(allow_blank=True)
    statements = _texts("S7: those in use that it spells out.")
    elements = PlacedOut(many=True)
    links = LinkOut(many=True, help_text="From it and to it, ripples included; of ripples the first 50.")
    links_more = serializers.IntegerField(help_text="How many ripples are not among `links`: `links/` has them all.")
    lineage = LineageOut()
    evidence = CountsOut(allow_null=True, help_text="On it, its elements and its joins; null where it is not shown.")
    verdicts = PhaseVerdictOut(many=True, help_text="The team's, by phase.")
    incomplete = _texts("Roles with nothing in them.")
    state = serializers.ChoiceField(choices=State.choices)
    phase = serializers.CharField(allow_null=True, help_text="The phase it was first made in.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    updated_by = serializers.CharField()


@extend_schema_field({"type": ["string", "boolean", "null"]})
class Value(serializers.Field[Any, Any, Any, Any]):
    """A value as the record shows it."""

    def to_representation(self, value: Any) -> Any:
        return value


class FieldChange(serializers.Serializer[Any]):
    field = serializers.CharField()
    to = Value()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"field": fields.pop("field"), "from": Value(), **fields}


class _Event(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    change = serializers.ChoiceField(choices=Change.choices)
    restores = serializers.IntegerField(allow_null=True)
    phase = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    author = serializers.CharField()
    at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=State.choices)


class ElementRevisionOut(_Event):
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField()
    themes = _texts()
    formal_theory = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        traits: dict[str, Any] = {trait: serializers.CharField(allow_blank=True) for trait in TRAITS}
        return {**super().get_fields(), **traits, "intended": serializers.BooleanField(allow_null=True)}


class PlacedThenOut(PlacedOut):
    element_revision = serializers.IntegerField(help_text="The element's revision at the time.")


class ConfigurationRevisionOut(RestsOut, _Event):
    nickname = serializers.CharField(allow_blank=True)
    plain = serializers.CharField(allow_blank=True)
    narrative = serializers.CharField(allow_blank=True)
    testing = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_null=True)
    statements = _texts()
    elements = PlacedThenOut(many=True)


class _Diff(serializers.Serializer[Any]):
    to = serializers.IntegerField()
    described = FieldChange(many=True, help_text="What else changed.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.IntegerField(), **super().get_fields()}


class ElementDiffOut(_Diff):
    words = WordsOut(many=True)
    added = serializers.IntegerField(help_text="Words.")
    removed = serializers.IntegerField(help_text="Words.")
    themes_added = _texts()
    themes_removed = _texts()


class StoodOut(serializers.Serializer[Any]):
    element = serializers.CharField(help_text="E12")
    role = serializers.ChoiceField(choices=Slot.choices)
    text = serializers.CharField(help_text="The words as they stood.")


class RewordedOut(StoodOut):
    words = WordsOut(many=True)


class RefiredOut(StoodOut):
    to = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {**fields, "from": serializers.CharField(allow_blank=True)}


class SaidDiffOut(serializers.Serializer[Any]):
    """Of those that changed."""

    nickname = WordsOut(many=True, required=False)
    plain = WordsOut(many=True, required=False)
    narrative = WordsOut(many=True, required=False)
    testing = WordsOut(many=True, required=False)


class ConfigurationDiffOut(_Diff):
    joined = StoodOut(many=True)
    left = StoodOut(many=True)
    reworded = RewordedOut(many=True, help_text="In words of the configuration's own, or of the element's.")
    reordered = StoodOut(many=True)
    refired = RefiredOut(many=True, help_text="Mechanisms that fire more or less strongly.")
    words = SaidDiffOut()
    statements_added = _texts()
    statements_removed = _texts()


class _Gathering(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField()
    configurations = _texts("CMO3")
    state = serializers.ChoiceField(choices=Kept.choices)
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    updated_by = serializers.CharField()


class RivalsOut(_Gathering):
    title = serializers.CharField()
    outcome = serializers.CharField(allow_null=True, help_text="E12")
    verdict = serializers.ChoiceField(choices=RivalVerdict.choices)
    favoured = serializers.CharField(allow_null=True, help_text="CMO3")
    rationale = serializers.CharField(allow_blank=True)


class PatternOut(_Gathering):
    text = serializers.CharField()
    moderators = serializers.CharField(allow_blank=True)
    boundaries = serializers.CharField(allow_blank=True)
    counterexamples = serializers.CharField(allow_blank=True)


class SlotOut(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Slot.choices)
    label = serializers.CharField()


class SlotsOut(serializers.Serializer[Any]):
    preset = serializers.CharField(allow_null=True, help_text="The usual make-up that this is, or null.")
    slots = SlotOut(many=True)
    revision = serializers.IntegerField()
