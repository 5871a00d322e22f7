"""Owns how lineage is read: the acts that a record took part in, its whole family, and one act by its number.

Each function asks a fixed number of queries, however long the lines are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from cmo.models import Configuration, Descent, DescentLine, Statement
from cmo.reading.kin import Lineage
from cmo.rules.descent import sides
from cmo.vocabulary import State
from programmes.models import Programme

MOST_KIN = 500  # of one family that is shown, up and down
AROUND = ("older", "younger", "older_configuration", "younger_configuration")
Record = Statement | Configuration


@dataclass(frozen=True, slots=True)
class Joined:
    """A record in an act or a family, and the revision that the act wrote or found there."""

    record: Record
    revision: int
    kind: str = ""  # of the act by which it stands there
    steps: int = 1  # how many acts away it is
    then: str | None = None  # what that revision said, where it was read

    @property
    def label(self) -> str:
        return self.record.label

    @property
    def number(self) -> int:
        return self.record.number

    @property
    def retired(self) -> bool:
        return self.record.state == State.RETIRED

    @property
    def words(self) -> str:
        return words_of(self.record) if self.then is None else self.then

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "revision": self.revision, "state": self.record.state}


def words_of(one: Any) -> str:
    """What a statement or a configuration says in short, as it is or as a revision of it was."""
    return str(one.wording if hasattr(one, "wording") else one.nickname or one.plain)


@dataclass(slots=True)
class ActRow:
    """An act of lineage with its records, each once."""

    act: Descent
    older: list[Joined] = field(default_factory=list)
    younger: list[Joined] = field(default_factory=list)
    made: bool = True
    of_statements: bool = True
    of: Record | None = None  # the record on whose page it is shown

    @property
    def kept_elsewhere(self) -> list[Joined]:
        """On the page of what it made: the ancestors, where the evidence and comments are that it took over."""
        here = any(one.record == self.of for one in self.younger) and not self.act.undone
        return self.older if here else []

    def as_json(self) -> dict[str, Any]:
        act = self.act
        return {
            "number": act.number,
            "kind": act.kind,
            "older": [one.as_json() for one in self.older],
            "younger": [one.as_json() for one in self.younger],
            "reason": act.reason,
            "proposal": act.proposal.label if act.proposal else None,
            "by": act.by.username,
            "at": act.at,
            "undone": act.undone,
            "undone_by": act.undone_by.username if act.undone_by else None,
        }


def acts_of(record: Record) -> list[ActRow]:
    """The acts that a record took part in, the latest first, undone ones too; one query."""
    older, younger = sides(type(record))
    touching = DescentLine.objects.filter(Q(**{older: record}) | Q(**{younger: record}))
    return _rows(DescentLine.objects.filter(act__in=touching.values("act")))


def acts_keyed(acts: Iterable[int]) -> dict[int, ActRow]:
    """{act: its row}, by their keys; one query."""
    return {row.act.pk: row for row in _rows(DescentLine.objects.filter(act__in=list(acts)))}


def acts_at(programme: Programme, numbers: Iterable[int]) -> list[ActRow]:
    """The acts with these numbers, the latest first; one query."""
    return _rows(DescentLine.objects.filter(act__programme=programme, act__number__in=list(numbers)))


def find_act(programme: Programme, number: int) -> ActRow:
    """The act with this number, or Http404."""
    rows = _rows(DescentLine.objects.filter(act__programme=programme, act__number=number))
    if not rows:
        raise Http404("There is no such act.")
    rows[0].act.programme = programme
    return rows[0]


def _rows(lines: "QuerySet[DescentLine]") -> list[ActRow]:
    found: dict[int, ActRow] = {}
    around = lines.select_related("act__by", "act__undone_by", "act__proposal", *AROUND)
    for line in around.order_by("-act__number", "pk"):
        row = found.setdefault(line.act_id, ActRow(line.act, made=line.made, of_statements=line.older_id is not None))
        older, younger = line.older or line.older_configuration, line.younger or line.younger_configuration
        ends = ((row.older, older, line.older_revision), (row.younger, younger, line.younger_revision))
        for side, one, revision in ends:
            if one is not None and all(joined.record != one for joined in side):
                side.append(Joined(one, revision, line.act.kind))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Family:
    """All that a record came from and all that came from it, the nearest first; `more` were left out."""

    ancestors: list[Joined]
    descendants: list[Joined]
    more: int = 0

    @property
    def numbers(self) -> list[int]:
        return [one.record.number for one in (*self.ancestors, *self.descendants)]

    def as_json(self) -> dict[str, Any]:
        def told(found: Sequence[Joined]) -> list[dict[str, Any]]:
            return [{**one.as_json(), "kind": one.kind, "steps": one.steps} for one in found]

        return {"ancestors": told(self.ancestors), "descendants": told(self.descendants)}


def family_of(record: Record, acts: Sequence[int] | None = None) -> Family:
    """Ancestors and descendants of a record by the acts that stand, or by those with these numbers; two queries.

    Lines may loop; nobody comes twice.
    """
    older, younger = sides(type(record))
    standing = {"act__undone": None} if acts is None else {"act__number__in": acts}
    lines = DescentLine.objects.filter(
        act__programme=record.programme_id, **standing, **{f"{older}__isnull": False}
    )
    up: dict[int, list[tuple[int, int, str]]] = {}
    down: dict[int, list[tuple[int, int, str]]] = {}
    columns = (f"{older}_id", f"{younger}_id", "older_revision", "younger_revision", "act__kind")
    for above, below, old, new, kind in lines.order_by("act__number", "pk").values_list(*columns):
        up.setdefault(below, []).append((above, old, kind))
        down.setdefault(above, []).append((below, new, kind))
    found = [_walked(ways, record.pk) for ways in (up, down)]
    wanted = [key for walk in found for key in walk]
    model: Any = type(record)
    known = model._default_manager.in_bulk(wanted[: 2 * MOST_KIN]) if wanted else {}
    shown = [[Joined(known[key], *walk[key]) for key in list(walk)[:MOST_KIN] if key in known] for walk in found]
    return Family(shown[0], shown[1], max(0, len(wanted) - len(shown[0]) - len(shown[1])))


def _walked(ways: dict[int, list[tuple[int, int, str]]], start: int) -> dict[int, tuple[int, str, int]]:
    """{record: (revision, kind of act, steps from `start`)}, the nearest first."""
    found: dict[int, tuple[int, str, int]] = {}
    here = [start]
    for steps in range(1, len(ways) + 2):
        nearer = [way for one in here for way in ways.get(one, [])]
        here = []
        for key, revision, kind in nearer:
            if key not in found and key != start:
                found[key] = (revision, kind, steps)
                here.append(key)
        if not here:
            break
    return found


def lineage_shown(record: Record, lineage: Lineage) -> dict[str, list[ActRow]]:
    """What the page of a record shows of its lineage; one query where there is any, else none."""
    acts = acts_of(record) if lineage.told else []
    for row in acts:
        row.of = record
    became = [row for row in acts if not row.act.undone and any(one.record == record for one in row.older)]
    return {"acts": acts, "became": became if record.state == State.RETIRED else []}
