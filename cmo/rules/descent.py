"""Owns what all acts of lineage share: what was seen, what may not be, the act's rows and their place in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Configuration, Descent, DescentLine, Proposal, Statement
from cmo.rules.versioning import move_structure, next_numbers
from cmo.team_words import DescentKind
from cmo.vocabulary import State
from programmes.access import Actor
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.recording import record, seal

R = TypeVar("R", Statement, Configuration)
MOST = 50  # records that one act takes or makes
LOGGED_AS = {
    DescentKind.MERGED: "merged into one",
    DescentKind.SPLIT: "split into several",
    DescentKind.REPLACED: "replaced",
    DescentKind.REFINED: "refined into another",
}
UNDONE = "lineage undone"


@dataclass(frozen=True, slots=True)
class Seen(Generic[R]):
    """A record and the revision of it that the writer started from."""

    record: R
    base: int


@dataclass(frozen=True, slots=True)
class Descended(Generic[R]):
    """What an act wrote: itself, the older and the younger records as they now are."""

    act: Descent
    older: list[R]
    younger: list[R]


def raise_unless_fit(programme: Programme, now: R, seen: Seen[R], field: str) -> None:
    """ValidationError (field) for a record of another programme or a retired one; Stale when it moved on."""
    if now.revision_number != seen.base:
        now.programme = programme
        raise Stale(now, base=seen.base)
    if now.state == State.RETIRED:
        raise ValidationError({field: _("%(label)s is retired; restore it first.") % {"label": now.label}})


def raise_unless_several(ancestors: Sequence[Seen[R]], into: Seen[R] | None) -> None:
    """ValidationError (ancestors, into) unless these can become one."""
    keys = [seen.record.pk for seen in ancestors]
    for seen in ancestors:
        if keys.count(seen.record.pk) > 1:
            raise ValidationError(
                {"ancestors": _("%(label)s is named twice; name it once.") % {"label": seen.record.label}}
            )
    if into is not None and into.record.pk in keys:
        said = _("%(label)s cannot be merged into itself; take it out of the others.")
        raise ValidationError({"into": said % {"label": into.record.label}})
    if len(keys) < (2 if into is None else 1):
        raise ValidationError({"ancestors": _("Choose at least two to merge, or one and what it is merged into.")})
    if len(keys) > MOST:
        raise ValidationError({"ancestors": _("Merge at most %(n)s at once.") % {"n": MOST}})


def raise_unless_pieces(pieces: Sequence[Any]) -> None:
    if len(pieces) < 2:
        raise ValidationError({"pieces": _("Split it into at least two; to say it anew, edit or replace it.")})
    if len(pieces) > MOST:
        raise ValidationError({"pieces": _("Split it into at most %(n)s.") % {"n": MOST}})


def raise_if_circle(programme: Programme, older: Iterable[R], younger: R, field: str) -> None:
    """ValidationError (field) when `younger` is an ancestor of one of `older`: nothing descends from itself."""
    above = ancestry(programme, type(younger))
    for one in older:
        if younger.pk == one.pk or younger.pk in climbed(above, one.pk):
            said = _("%(older)s came from %(younger)s itself; undo that first, or make a new one of them.")
            raise ValidationError({field: said % {"older": one.label, "younger": younger.label}})


def ancestry(programme: Programme, kind: type[Any]) -> dict[int, list[int]]:
    """{record: those that it came from}, by the acts that stand; one query."""
    older, younger = sides(kind)
    lines = DescentLine.objects.filter(act__programme=programme, act__undone=None, **{f"{older}__isnull": False})
    found: dict[int, list[int]] = {}
    for above, below in lines.values_list(f"{older}_id", f"{younger}_id"):
        found.setdefault(below, []).append(above)
    return found


def climbed(above: dict[int, list[int]], start: int) -> set[int]:
    """All that stand above `start`, however the lines run."""
    seen: set[int] = set()
    waiting = list(above.get(start, []))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += above.get(one, [])
    return seen


def sides(kind: type[Any]) -> tuple[str, str]:
    """The columns of a line that join records of this kind."""
    return ("older", "younger") if kind is Statement else ("older_configuration", "younger_configuration")


def join(
    programme: Programme,
    *,
    by: Actor,
    kind: DescentKind,
    older: Sequence[R],
    younger: Sequence[R],
    made: bool,
    reason: str,
    proposal: Proposal | None,
) -> Descended[R]:
    """Write the act that made `younger` of `older`, each line with the revisions that they are at now.

    `made` is False when the younger was there before. Call it last, under the programme's lock.
    """
    above, below = sides(type(older[0]))
    act = Descent.objects.create(
        programme=programme, number=next_numbers(programme, "descent"), kind=kind, reason=reason, proposal=proposal,
        by=by.person, at=by.now(),
    )  # fmt: skip
    lines = DescentLine.objects.bulk_create(
        [
            DescentLine(
                act=act, older_revision=one.revision_number, younger_revision=other.revision_number, made=made,
                **{above: one, below: other},
            )
            for one in older
            for other in younger
        ]
    )  # fmt: skip
    move_structure(programme)  # statements and configurations show what they came from and what became of them
    record(
        by, LOGGED_AS[kind], named(act), programme=programme, reason=reason, seals=sealed_act(act, lines),
        **{"from": [one.label for one in older], "to": [one.label for one in younger]},
    )  # fmt: skip
    return Descended(act, list(older), list(younger))


def named(act: Descent) -> str:
    """How the log names an act."""
    return f"lineage {act.number}"


def sealed_act(act: Descent, lines: Iterable[DescentLine]) -> str:
    """The digest of an act with its lines, as the log keeps it; that it was undone is sealed anew."""
    return seal(act, **sealed_with(lines))


def sealed_with(lines: Iterable[DescentLine]) -> dict[str, Any]:
    """What is sealed with an act."""
    joined = [
        [line.older_id, line.older_configuration_id, line.older_revision,
         line.younger_id, line.younger_configuration_id, line.younger_revision, line.made]
        for line in lines
    ]  # fmt: skip
    return {"lines": sorted(joined, key=str)}
