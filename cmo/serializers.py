"""Owns the JSON of the theory's side, in and out."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cmo.pasting import ReadAs
from cmo.phase_words import Verdict
from cmo.rules.composing import KEEP, PARTS, Words
from cmo.team_words import DescentKind
from cmo.vocabulary import Change, State
from cmo.weighing import Weight
from programmes.serializers import Body, Text
from programmes.vocabulary import ThemeChange


class Codes(serializers.ListField):
    """Codes of themes; each is looked up in the codebook by the view."""

    child = Text()
    default_error_messages = {"not_a_list": gettext_lazy('Send a list of codes, such as ["O4", "P6"].')}

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, **more)


# ---------------------------------------------------------------- in


RESTS_ON = "X9, B4: excerpts and bearings that the new revision cites."


class StatementIn(Body):
    """`wording`, or any of `if`, `then`, `because`. Both: the parts are marked in the wording by hand."""

    wording = Text(required=False, help_text="The sentence, kept exactly as written.")
    then = Text(required=False)
    because = Text(required=False)
    themes = Codes(required=False, help_text="Codes, or ids of themes that have no code.")
    area = Text(required=False, allow_null=True, help_text="The slug of a theory area, or null.")
    state = Text(required=False, help_text="draft or agreed")
    reason = Text(required=False)
    cites = Text(required=False, help_text="Where the claim was first written down, such as a figure.")

    def get_fields(self) -> dict[str, Any]:
        """`if` is a word of Python, so it joins here, in its place before `then`."""
        fields = super().get_fields()
        ordered = {"wording": fields.pop("wording"), "if": Text(required=False)}
        return {**ordered, **fields}


class StatementWritten(StatementIn):
    """A statement as it is stated or changed, with what the new revision rests on."""

    rests_on = serializers.ListField(child=Text(), required=False, help_text=RESTS_ON)


class StatementPatch(StatementWritten):
    cites = None  # type: ignore[assignment]
    change = Text(required=False, help_text="What to call a new wording: reworded (default) or refined.")


class RestoreIn(Body):
    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=1_000_000, help_text="Whose wording and themes come back."
    )
    reason = Text(required=False)


class AreaIn(Body):
    title = Text()
    description = Text(required=False)


class ThemeIn(Body):
    code = Text(required=False)
    name = Text(required=False)
    parent = Text(required=False, allow_null=True, help_text="Code or id of the theme above; null: a category.")
    definition = Text(required=False)
    use_when = Text(required=False)
    not_when = Text(required=False)
    example = Text(required=False)
    colour = Text(required=False)
    reason = Text(required=False)


class MergeIn(Body):
    into = Text(help_text="Code or id of the theme that stays.")
    reason = Text(required=False)


class PasteIn(Body):
    text = Text()
    area = Text(required=False, allow_null=True, help_text="The slug of the area for lines that name none.")
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=1_000_000), required=False, max_length=2000,
        help_text="Numbers of the lines to take in, as the dry run shows them.",
    )  # fmt: skip
    reason = Text(required=False)


class Pick(Body):
    number = serializers.IntegerField(min_value=1, max_value=999_999_999)
    revision = serializers.IntegerField(min_value=1, max_value=999_999_999)


class TagIn(Body):
    statements = Pick(many=True, allow_empty=True)
    add = Codes(required=False)
    remove = Codes(required=False)
    reason = Text(required=False)


def words_in(given: dict[str, Any]) -> Words | None:
    """The words of a body, taken out of it; None when it brought none."""
    words = Words(given.pop("wording", None), {part: given.pop(part) for part in PARTS if part in given})
    return words or None


def area_in(given: dict[str, Any]) -> Any:
    """The area of a body, taken out of it; KEEP when it brought none."""
    return given.pop("area", KEEP)


# ---------------------------------------------------------------- out


class KinOut(serializers.Serializer[Any]):
    label = serializers.CharField(help_text="S4")
    kind = serializers.ChoiceField(choices=DescentKind.choices, help_text="By which act it stands next in line.")


class LineageOut(serializers.Serializer[Any]):
    """The next of kin, by the acts that stand; `lineage/` of the record has the whole family."""

    ancestors = KinOut(many=True)
    descendants = KinOut(many=True)


class CountsOut(serializers.Serializer[Any]):
    """How much evidence there is: distinct excerpts by stance and in all, distinct sources, and what they amount to."""

    supports = serializers.IntegerField()
    challenges = serializers.IntegerField()
    nuances = serializers.IntegerField()
    unclear = serializers.IntegerField()
    excerpts = serializers.IntegerField()
    sources = serializers.IntegerField()
    weight = serializers.ChoiceField(choices=Weight.choices)


class PhaseVerdictOut(serializers.Serializer[Any]):
    """The team's verdict of one phase, beside a record; `verdicts/` has the rest of it."""

    phase = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)


class StatementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField(help_text="S7")
    area = serializers.CharField(allow_null=True)
    wording = serializers.CharField()
    then = serializers.CharField(allow_blank=True)
    because = serializers.CharField(allow_blank=True)
    rest = serializers.CharField(allow_blank=True, help_text="What was not parsed.")
    parts_by_hand = serializers.BooleanField()
    themes = serializers.ListField(child=serializers.CharField(), help_text="Codes, or ids of themes without a code.")
    state = serializers.ChoiceField(choices=State.choices)
    phase = serializers.CharField(allow_null=True, help_text="The phase it was first stated in.")
    cites = serializers.CharField(allow_blank=True)
    configurations = serializers.ListField(
        child=serializers.CharField(), help_text="CMO3: those in use that spell it out."
    )
    lineage = LineageOut()
    evidence = CountsOut(allow_null=True, help_text="Null for members who do not see evidence.")
    priority = serializers.BooleanField(help_text="Whether a prioritisation round marked it as one.")
    verdicts = PhaseVerdictOut(many=True, help_text="The team's, by phase.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    updated_by = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"if": serializers.CharField(allow_blank=True), **fields}


class RestsOut(serializers.Serializer[Any]):
    rests_on = serializers.ListField(
        child=serializers.CharField(), allow_null=True,
        help_text="X9, B4: what it cites, or the proposal that wrote it; null for members who do not see evidence.",
    )  # fmt: skip


class RevisionOut(RestsOut):
    number = serializers.IntegerField()
    change = serializers.ChoiceField(choices=Change.choices)
    restores = serializers.IntegerField(allow_null=True)
    wording = serializers.CharField()
    then = serializers.CharField(allow_blank=True)
    because = serializers.CharField(allow_blank=True)
    themes = serializers.ListField(child=serializers.CharField())
    area = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    phase = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    author = serializers.CharField()
    at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"if": serializers.CharField(allow_blank=True), **fields}


class WordsOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["equal", "insert", "delete", "replace"])
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class DiffOut(serializers.Serializer[Any]):
    to = serializers.IntegerField()
    words = WordsOut(many=True)
    added = serializers.IntegerField(help_text="Words added.")
    removed = serializers.IntegerField(help_text="Words removed.")
    themes_added = serializers.ListField(child=serializers.CharField())
    themes_removed = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.IntegerField(), **super().get_fields()}


class AreaOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()
    retired = serializers.BooleanField()
    revision = serializers.IntegerField()


class ThemeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.CharField(help_text="The code, or the id where there is none: names the theme everywhere.")
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    parent = serializers.CharField(allow_null=True)
    depth = serializers.IntegerField(help_text="0 for a category.")
    definition = serializers.CharField(allow_blank=True)
    use_when = serializers.CharField(allow_blank=True)
    not_when = serializers.CharField(allow_blank=True)
    example = serializers.CharField(allow_blank=True)
    colour = serializers.CharField(allow_blank=True)
    retired = serializers.BooleanField()
    merged_into = serializers.CharField(allow_null=True)
    statements = serializers.IntegerField(help_text="Statements in use that carry exactly this theme.")
    excerpts = serializers.IntegerField(
        required=False,
        help_text="Excerpts in use that carry exactly this theme; not there without evidence, nor in a snapshot.",
    )
    sources = serializers.IntegerField(required=False, help_text="Of how many sources in use those excerpts are.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class ThemeRevisionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    change = serializers.ChoiceField(choices=ThemeChange.choices)
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    parent = serializers.CharField(allow_null=True)
    definition = serializers.CharField(allow_blank=True)
    retired = serializers.BooleanField()
    merged_into = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    author = serializers.CharField()
    at = serializers.DateTimeField()
    phase = serializers.CharField(allow_null=True)


class LineOut(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    wording = serializers.CharField()
    then = serializers.CharField(allow_blank=True)
    because = serializers.CharField(allow_blank=True)
    themes = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Read as codes, but not in the codebook.")
    area = serializers.CharField(allow_null=True)
    unknown_area = serializers.CharField(allow_null=True, help_text="Read as an area, but the programme has none such.")
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="Cells of its row of which nothing is taken."
    )
    loose = serializers.BooleanField(help_text="Stands between the rows of a table, in none of its columns.")
    same_as = serializers.CharField(allow_null=True)
    taken = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        return {"if": serializers.CharField(allow_blank=True), **super().get_fields()}


class OtherLineOut(serializers.Serializer[Any]):
    """A row of a paste that is no statement."""

    line = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField())
    read_as = serializers.ChoiceField(
        choices=[kind.value for kind in ReadAs],
        help_text="heads: of the columns; area: for the lines below that name none; unknown_area: the programme has "
        "none such; codes: without a statement; nothing: no words of a statement.",
    )


class PasteOut(serializers.Serializer[Any]):
    lines = LineOut(many=True)
    others = OtherLineOut(many=True)
    statements = serializers.ListField(child=serializers.CharField(), help_text="Labels of the statements made.")


class TaggedOut(serializers.Serializer[Any]):
    statements = StatementOut(many=True)


class HitOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    label = serializers.CharField(help_text="What names the record: S7, O3.10, or an id where there is none.")
    title = serializers.CharField(allow_blank=True)
    title_marks = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    excerpt = serializers.CharField(allow_blank=True, help_text="The text, or the piece of it that holds most words.")
    excerpt_marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="[start, end] of each word found, in characters of the excerpt.",
    )
    retired = serializers.BooleanField()
    former_code = serializers.CharField(
        allow_blank=True, help_text="The code by which a theme was found that bore it before; empty for all others."
    )
    url = serializers.URLField(help_text="The record over the API.")
    page = serializers.URLField()


class FoundInOut(serializers.Serializer[Any]):
    """What was found in one programme: the best of it."""

    programme = serializers.CharField(help_text="The slug.")
    title = serializers.CharField()
    count = serializers.IntegerField(help_text="Records of this programme.")
    complete = serializers.BooleanField(help_text="Whether all that hold the words were ranked; if not, add a word.")
    url = serializers.URLField(help_text="The search in this programme alone, with all that it finds.")
    page = serializers.URLField()
    results = HitOut(many=True)


class SearchAllPage(serializers.Serializer[Any]):
    """The programmes in which something was found, by title."""

    count = serializers.IntegerField(help_text="Programmes.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FoundInOut(many=True)


class SearchPage(serializers.Serializer[Any]):
    """What was found, the best first."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HitOut(many=True)
    complete = serializers.BooleanField(help_text="Whether all that hold the words were ranked; if not, add a word.")
