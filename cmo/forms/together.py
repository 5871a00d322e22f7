"""Owns two people's edits of one form put together field by field: what each changed, and what both come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.aligning import Changed, who_changed
from cmo.comparing import Change, compare
from cmo.merging import has_marks, marked_text, merge, merge_sets

WORDS, ONE, SEVERAL = "words", "one", "several"  # merged word by word, one value of few, a list of labels
HIDDEN = ("shown", "asked")  # fields that nobody types in
Values = Mapping[str, Any]  # {name: text, or a list of labels}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as people are told of it; `names` says what its values are called where they are not words."""

    label: Any
    way: str = WORDS
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that somebody changed, as it was, as they saved it and as I wrote it."""

    label: Any
    base: str
    theirs: str
    mine: str
    words: bool = field(default=False, kw_only=True)  # whether the changed words are shown
    kept: str = field(default="mine", kw_only=True)  # where both changed it, the form holds mine, both or a question

    @property
    def changed(self) -> Changed:
        return who_changed(self.base, self.theirs, self.mine)

    @property
    def their_words(self) -> list[Change]:
        return compare(self.base, self.theirs)

    @property
    def my_words(self) -> list[Change]:
        return compare(self.base, self.mine)


@dataclass(frozen=True, slots=True)
class Merged:
    """Both edits in one, as the form takes it, and the sides of each thing that either changed."""

    written: Any
    sides: list[Side]
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)  # {name: (theirs, mine)} to choose between

    @property
    def both(self) -> int:
        """How many things both changed, so that somebody must look."""
        return sum(side.changed == "both" for side in self.sides)


def put_fields_together(
    fields: Mapping[str, Field], base: Values, theirs: Values, mine: Values, *, asks: bool = False
) -> Merged:
    """What either changed; where both changed the same words, both readings stand in marks, of other values mine, or,
    with `asks`, neither: they are to be chosen between."""
    sides: list[Side] = []
    asked: dict[str, tuple[str, str]] = {}
    written: dict[str, Any] = {}
    for name, one in fields.items():
        empty: Any = [] if one.way == SEVERAL else ""
        three = [each.get(name, empty) for each in (base, theirs, mine)]
        if one.way == SEVERAL:
            written[name] = _in_order(merge_sets(*map(frozenset, three)), three)
            lists = (", ".join(one.names.get(v, v) for v in sorted(each)) for each in three)
            sides.append(Side(one.label, *lists, kept="both"))
            continue
        shown = [one.names.get(each, each) for each in three]
        if asks and one.way == ONE and who_changed(*three) == "both":
            asked[name] = (three[1], three[2])
            sides.append(Side(one.label, *shown, kept="asked"))
            continue
        written[name] = text_of(*three) if one.way == WORDS else value_of(*three)
        sides.append(Side(one.label, *shown, words=one.way == WORDS))
    return Merged(written, [side for side in sides if side.changed], asked)


def _in_order(members: frozenset[str], lists: list[list[str]]) -> list[str]:
    """The members as they were first written."""
    return [one for one in dict.fromkeys(label for each in lists for label in each) if one in members]


def text_of(base: str, theirs: str, mine: str) -> str:
    """Both edits of a text in one."""
    if who_changed(base, theirs, mine) == "both":
        return marked_text(merge(base, theirs, mine))
    return value_of(base, theirs, mine)


def value_of(base: str, theirs: str, mine: str) -> str:
    """The value that was changed; mine where both changed it."""
    return theirs if who_changed(base, theirs, mine) == "theirs" else mine


def refuse_marks(typed: Values) -> None:
    """Raises ValidationError under each field in which two readings still stand in marks."""
    marked = [
        name for name, value in typed.items() if name not in HIDDEN and isinstance(value, str) and has_marks(value)
    ]
    if marked:
        said = _("Choose between the two readings that are still marked in the text.")
        raise ValidationError(dict.fromkeys(marked, said))
