"""Owns which revisions cancel each other: one that an act of lineage wrote, and one that the undoing of the act wrote.

Whoever reads a stretch of a history leaves out such a pair if both lie in it: nothing came of it. If one of them lies
outside, the other changed something and is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from cmo.models import DescentLine
from cmo.team_words import DescentKind


def act_undone(of: str) -> Subquery:
    """For revisions of statements or configurations (`of`): when the act that wrote this one was undone, if it was.

    What an act only found it did not write: what was refined, and what something was replaced by that was there.
    """
    column = "" if of == "statement" else "_configuration"
    older = Q(**{f"older{column}": OuterRef(of), "older_revision": OuterRef("number")})
    younger = Q(**{f"younger{column}": OuterRef(of), "younger_revision": OuterRef("number")})
    wrote = older & ~Q(act__kind=DescentKind.REFINED) | younger & (Q(made=True) | Q(act__kind=DescentKind.MERGED))
    lines = DescentLine.objects.filter(wrote, act__undone__isnull=False)
    return Subquery(lines.order_by("-act__number").values("act__undone")[:1])


def cancelled(revisions: Iterable[tuple[int, datetime, datetime | None]]) -> set[int]:
    """The numbers among these revisions of one record, (number, at, `act_undone`) each, that cancel.

    An undoing writes all its revisions at the moment that the act keeps.
    """
    rows = sorted(revisions, key=lambda row: row[0])
    gone: set[int] = set()
    for number, _at, undone in rows:
        if undone is None:
            continue
        back = next((later for later, at, _undone in rows if later > number and at == undone and later not in gone), 0)
        gone |= {number, back} if back else set()
    return gone


def with_undoing(of: str, rows: Any) -> Any:
    """The same query of revisions, each with `act_undone`; elements are in no act."""
    return rows.annotate(act_undone=act_undone(of)) if of != "element" else rows
