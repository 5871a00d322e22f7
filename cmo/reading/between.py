"""Owns what was done to records between two moments of a theory, and which of it brought a change about.

A reason is told for a change if the revision that it was given for made that change: what a revision did is read from
its content and that of the one before, not from what the revision is called.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cmo.models import ConfigurationRevision, RevisionTheme, StatementRevision
from cmo.reading.cancelled import act_undone, cancelled
from cmo.reading.sides import Side
from cmo.reading.theory_at import TheoryAt
from cmo.vocabulary import Change, State

WORDS, THEMES, AREA, OUT, BACK, MADE = "words", "themes", "area", "out", "back", "made"
SAID_ANEW = {Change.REWORDED, Change.REFINED, Change.RESTORED, Change.MERGED, Change.REARRANGED, Change.DESCRIBED}


@dataclass(frozen=True, slots=True)
class Step:
    """One revision: what it is called, why it was written, and what it brought about."""

    change: str
    reason: str
    did: frozenset[str]


Steps = Mapping[str, list[Step]]  # {label: those after the earlier theory and up to the later}


def between(of: str, new: TheoryAt, was: Mapping[str, Side], now: Mapping[str, Side], merged: dict[int, int]) -> Steps:
    """What was done to each record; one query where any moved, two where any carries other themes.

    An act of lineage and its undoing, both between the two, leave no trace.
    """
    old = {label: side.revision for label, side in was.items()}
    moved = [side.number for label, side in now.items() if side.revision > old.get(label, 0)]
    if not moved:
        return {}
    retagged = [side.number for label, side in now.items() if label in was and was[label].keys != side.keys]
    themes = _themes(new, retagged, merged)
    letters, words = ("S", "wording") if of == "statement" else ("CMO", "plain")
    model: Any = StatementRevision if of == "statement" else ConfigurationRevision
    rows = model._default_manager.filter(**{f"{of}__programme": new.programme, f"{of}__number__in": moved})
    columns = (f"{of}__number", "number", "at", "undone", "change", "reason", words, "area", "state")
    rows = rows.annotate(undone=act_undone(of)).order_by(f"{of}__number", "number").values_list(*columns)
    found: dict[str, list[Any]] = {}
    before: tuple[Any, ...] | None = None
    for record, number, at, undone, change, reason, wording, area, state in rows:
        label = f"{letters}{record}"
        content = (wording, area, themes.get((record, number), frozenset()), state)
        did = _did(before if number > 1 else None, content)
        before = content
        if of != "statement" and change in SAID_ANEW:  # what it says stands in its elements too
            did |= {WORDS}
        if old.get(label, 0) < number <= now[label].revision:
            found.setdefault(label, []).append((number, at, undone, Step(change, reason, did)))
    told = {}
    for label, held in found.items():
        gone = cancelled((number, at, undone) for number, at, undone, _step in held)
        told[label] = [step for number, _at, _undone, step in held if number not in gone]
    return told


def _themes(new: TheoryAt, statements: list[int], merged: dict[int, int]) -> dict[tuple[int, int], frozenset[int]]:
    """{(statement, revision): the themes that it carried}, a merged theme as the one that it was merged into."""
    if not statements:
        return {}
    rows = RevisionTheme.objects.filter(
        revision__statement__programme=new.programme, revision__statement__number__in=statements
    )
    found: dict[tuple[int, int], set[int]] = {}
    for record, number, theme in rows.values_list("revision__statement__number", "revision__number", "theme"):
        found.setdefault((record, number), set()).add(merged.get(theme, theme))
    return {at: frozenset(themes) for at, themes in found.items()}


def _did(before: tuple[Any, ...] | None, after: tuple[Any, ...]) -> frozenset[str]:
    """What a revision with this content brought about after that one."""
    if before is None:
        return frozenset({MADE})
    did = {name for name, one, other in zip((WORDS, AREA, THEMES), before, after, strict=False) if one != other}
    if (before[-1] == State.RETIRED) != (after[-1] == State.RETIRED):
        did.add(OUT if after[-1] == State.RETIRED else BACK)
    return frozenset(did)


def reasons_for(what: str, steps: Iterable[Step]) -> list[str]:
    """Why this was brought about, each reason once, in order."""
    return list(dict.fromkeys(step.reason for step in steps if step.reason and what in step.did))
