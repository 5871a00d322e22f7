"""Owns two people's edits of one configuration put together: field by field, the elements of each role line by line."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from cmo.forms.configuration import Written
from cmo.forms.together import Merged, Side, text_of, value_of
from cmo.lines import Line, merge_lines, one_line, written
from cmo.merging import merge_sets
from cmo.reading.structure_history import SAID as TEXTS
from cmo.reading.structure_history import configuration_version
from cmo.vocabulary import State


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


def put_together(
    base: Written,
    theirs: Written,
    mine: Written,
    *,
    label: Callable[[str], str],
    areas: Mapping[str, str] | None = None,
) -> Merged:
    """What either changed; where both changed the same words, both readings stand in marks.

    `label` says what a role is called, `areas` {slug: title} what the areas are.
    """
    said = {
        "nickname": _("Nickname"), "plain": _("In one plain sentence"), "narrative": _("Narrative"),
        "testing": _("Data planned to test it"), "area": _("Theory area"), "state": _("State"),
    }  # fmt: skip
    names: Mapping[str, str] = {**(areas or {}), **{state.value: str(state.label) for state in State}}
    sides, words, lines = [], {}, {}
    for name, title in said.items():
        three = [each.words.get(name, "") for each in (base, theirs, mine)]
        words[name] = text_of(*three) if name in TEXTS else value_of(*three)
        shown = three if name in TEXTS else [names.get(each, each) for each in three]
        sides.append(Side(title, *shown, words=name in TEXTS))
    if words["state"] == State.RETIRED:  # which a form does not ask for
        words["state"] = mine.words.get("state", "")
    for role in dict.fromkeys((*theirs.lines, *mine.lines, *base.lines)):
        was = base.lines.get(role, [])  # which a form without the role leaves alone
        three_lines = [was, theirs.lines.get(role, []), mine.lines.get(role, was)]
        lines[role] = merge_lines(*three_lines)
        sides.append(Side(label(role), *map(written, three_lines), words=True))
    seen = frozenset(theirs.statements) | frozenset(mine.statements)  # retired ones stand in the base alone
    spelled = [frozenset(each.statements) & seen for each in (base, theirs, mine)]
    statements = sorted(merge_sets(*spelled), key=lambda each: (len(each), each))
    sides.append(Side(_("Statements that it spells out"), *(", ".join(sorted(each)) for each in spelled)))
    return Merged(Written(lines, words, statements), [side for side in sides if side.changed])
