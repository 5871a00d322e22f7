"""Owns two people's edits of one configuration put together: field by field, the elements of each role line by line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cmo.aligning import Changed, who_changed
from cmo.forms.configuration import Written
from cmo.lines import Line, merge_lines, one_line, written
from cmo.merging import marked_text, merge, merge_sets
from cmo.reading.structure_history import SAID as TEXTS
from cmo.reading.structure_history import configuration_version


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that somebody changed, as it was, as they saved it and as I wrote it."""

    label: str
    base: str
    theirs: str
    mine: str

    @property
    def changed(self) -> Changed:
        return who_changed(self.base, self.theirs, self.mine)


@dataclass(frozen=True, slots=True)
class Merged:
    """Both edits in one, and the sides of each thing that either changed."""

    written: Written
    sides: list[Side]

    @property
    def both(self) -> int:
        """How many things both changed, so that somebody must look."""
        return sum(side.changed == "both" for side in self.sides)


def written_then(configuration: Any, number: int) -> Written:
    """A configuration as its form showed it at a revision."""
    version = configuration_version(configuration, number)
    revision = version.revision
    lines: dict[str, list[Line]] = {}
    for one in version.placed:
        lines.setdefault(one.role.value, []).append(Line(one.element, one_line(one.text), one.activation))
    words = {name: getattr(revision, name) for name in TEXTS}
    words |= {"area": revision.area.slug if revision.area else "", "state": str(revision.state)}
    return Written(lines, words, [f"S{number}" for number in version.statements])


def put_together(base: Written, theirs: Written, mine: Written, *, label: Callable[[str], str]) -> Merged:
    """What either changed; where both changed the same words, both readings stand in marks."""
    said = {
        "nickname": _("Nickname"), "plain": _("In one plain sentence"), "narrative": _("Narrative"),
        "testing": _("Data planned to test it"), "area": _("Theory area"), "state": _("State"),
    }  # fmt: skip
    sides, words, lines = [], {}, {}
    for name, title in said.items():
        side = Side(title, *(each.words.get(name, "") for each in (base, theirs, mine)))
        words[name] = _text(side) if name in TEXTS else side.theirs if side.changed == "theirs" else side.mine
        sides.append(side)
    for role in dict.fromkeys((*theirs.lines, *mine.lines, *base.lines)):
        was = base.lines.get(role, [])  # which a form without the role leaves alone
        three = [was, theirs.lines.get(role, []), mine.lines.get(role, was)]
        lines[role] = merge_lines(*three)
        sides.append(Side(label(role), *map(written, three)))
    seen = frozenset(theirs.statements) | frozenset(mine.statements)  # retired ones stand in the base alone
    spelled = [frozenset(each.statements) & seen for each in (base, theirs, mine)]
    statements = sorted(merge_sets(*spelled), key=lambda each: (len(each), each))
    sides.append(Side(_("Statements that it spells out"), *(", ".join(sorted(each)) for each in spelled)))
    return Merged(Written(lines, words, statements), [side for side in sides if side.changed])


def _text(side: Side) -> str:
    if side.changed == "both":
        return marked_text(merge(side.base, side.theirs, side.mine))
    return side.theirs if side.changed == "theirs" else side.mine
