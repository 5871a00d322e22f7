"""Owns what a comparison sets side by side: a record as one of two theories has it, and what its themes are.

A theme is the same whatever it is called. It may be recoded, renamed, moved or merged into another between the two:
these are acts of the codebook, after which a statement carries what it carried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cmo.reading.configurations import ConfigurationRow
from cmo.reading.slots import Slots
from cmo.reading.statements import StatementRow
from cmo.reading.theory_at import TheoryAt
from cmo.vocabulary import State

KEPT, GONE, COME = "kept", "gone", "come"


@dataclass(frozen=True, slots=True)
class Carried:
    """A theme that a record carries."""

    key: int  # of the theme, or of the one that it was merged into by the time of the later theory
    label: str  # its code, or its id where it has none
    said: str  # its code, or its name where it has none


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """A theme on either side of a row: kept, gone or come."""

    kind: str
    label: str
    said: str
    once: str = ""  # what the earlier theory called a kept one, where that is something else


@dataclass(frozen=True, slots=True)
class Side:
    """A record as one of the two theories has it."""

    label: str
    number: int
    revision: int
    wording: str
    parts: list[Any]
    state: str
    area: str | None
    carried: tuple[Carried, ...] = ()

    @property
    def in_use(self) -> bool:
        return self.state != State.RETIRED

    @property
    def themes(self) -> list[str]:
        return [theme.label for theme in self.carried]

    @property
    def codes(self) -> list[str]:
        """Its themes as a reader knows them."""
        return [theme.said for theme in self.carried]

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(theme.key for theme in self.carried)

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label, "revision": self.revision, "wording": self.wording, "state": self.state,
            "area": self.area, "themes": self.themes,
        }  # fmt: skip


def themes_changed(before: Side, after: Side) -> list[ThemeChange]:
    """What became of the themes of a record, those of the earlier theory first; empty where it carries the same."""
    if before.keys == after.keys:
        return []
    now = {theme.key: theme for theme in after.carried}
    told: dict[int | str, ThemeChange] = {}
    for theme in before.carried:
        if theme.key not in now:
            told[theme.label] = ThemeChange(GONE, theme.label, theme.said)
        else:
            one = now[theme.key]
            once = theme.said if theme.said != one.said else ""
            told.setdefault(theme.key, ThemeChange(KEPT, one.label, one.said, once))
    come = [ThemeChange(COME, theme.label, theme.said) for theme in after.carried if theme.key not in before.keys]
    return [*told.values(), *come]


def merged_themes(theory: TheoryAt) -> dict[int, int]:
    """{theme: the one that it was merged into}; a merge takes with it whatever was merged into the theme before."""
    return {theme.pk: theme.merged_into_id for theme in theory.themes if theme.merged_into_id}


def sides_of_statements(theory: TheoryAt, merged: dict[int, int]) -> list[Side]:
    """The statements of a theory, retired ones too; their themes by `merged_themes` of the later of the two."""
    keys = {tag.label: key for key, tag in theory.tags.items()}
    return [_of_statement(row, keys, merged) for row in theory.statements]


def _of_statement(row: StatementRow, keys: dict[str, int], merged: dict[int, int]) -> Side:
    carried = tuple(
        Carried(merged.get(keys[tag.label], keys[tag.label]), tag.label, tag.code or tag.name) for tag in row.themes
    )
    return Side(row.label, row.number, row.revision, row.wording, row.parts, row.state, row.area, carried)


def sides_of_configurations(theory: TheoryAt, slots: Slots) -> list[Side]:
    """The configurations of a theory, retired ones too, in words that call roles as `slots` does."""
    return [_of_configuration(row, slots) for row in theory.configurations]


def _of_configuration(row: ConfigurationRow, slots: Slots) -> Side:
    one = row.configuration
    area = one.area.slug if one.area else None
    return Side(row.label, one.number, one.revision_number, in_words(row, slots), [], one.state, area)


def in_words(row: ConfigurationRow, slots: Slots) -> str:
    """All that a configuration says, a line for each thing: so that a difference of words shows any of it.

    Both sides take the same slots: a role that is called otherwise now is no change of the configuration.
    """
    one = row.configuration
    lines = [one.nickname, one.plain]
    placed: Sequence[Any] = sorted(row.placed, key=lambda each: (slots.order(each.role), each.position))
    lines += [f"{slots.label(each.role)}: {each.text}" for each in placed]
    return "\n".join(line for line in (*lines, one.narrative) if line)
