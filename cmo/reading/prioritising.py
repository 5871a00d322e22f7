"""Owns how prioritisation rounds are read. While one is open, a member sees the question and their own answers, and of
those of others only how many there are; once it is closed, the spread and who answered what.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import Http404

from cmo.models import PriorityAnswer, PriorityItem, PriorityRound, StatementRevision
from cmo.team_words import RoundKind
from cmo.vocabulary import State
from programmes.models import Membership, Person, Programme
from programmes.vocabulary import MAY, Verb


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers to one statement lie; places of a ranking are values as steps of a scale are."""

    n: int
    median: float
    low: float  # the first quartile and the third
    high: float
    mean: float
    least: int
    most: int
    counts: list[int]  # how often each value was given, from 1 on

    @property
    def iqr(self) -> float:
        return self.high - self.low

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n, "median": self.median, "quartiles": [self.low, self.high], "iqr": self.iqr,
            "mean": round(self.mean, 2), "least": self.least, "most": self.most, "counts": self.counts,
        }  # fmt: skip


def spread(values: Sequence[int], steps: int) -> Spread | None:
    """The spread of some values from 1 to `steps`; None without any. Quartiles are those of spreadsheets."""
    if not values:
        return None
    low, _middle, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [float(values[0])] * 3
    return Spread(
        len(values), float(median(values)), low, high, sum(values) / len(values), min(values), max(values),
        [values.count(step) for step in range(1, steps + 1)],
    )  # fmt: skip


@dataclass(slots=True)
class Asked:
    """One statement of a round."""

    item: PriorityItem
    wording: str  # in which it was asked
    parts: list[Any]
    mine: PriorityAnswer | None = None
    answers: dict[int, PriorityAnswer] = field(default_factory=dict)  # {person: answer}, once it is closed
    spread: Spread | None = None
    priority: bool = False

    @property
    def number(self) -> int:
        return self.item.statement.number

    @property
    def label(self) -> str:
        return self.item.statement.label

    @property
    def changed(self) -> bool:
        """Whether its wording may be another by now."""
        return self.item.revision != self.item.statement.revision_number

    @property
    def retired(self) -> bool:
        return self.item.statement.state == State.RETIRED


@dataclass(slots=True)
class Sheet:
    """A round as one member sees it."""

    around: PriorityRound
    rows: list[Asked]
    people: list[Person]  # who answered, once it is closed
    answered: int  # how many people did
    may_answer: int  # how many members may

    @property
    def steps(self) -> int:
        """The highest value that an answer may have."""
        return self.around.steps if self.around.kind == RoundKind.SCALE else len(self.rows)

    @property
    def ranked(self) -> list[Asked]:
        """The statements as the answers put them: on a scale the highest median first, in an order the first place."""
        sign = -1 if self.around.kind == RoundKind.SCALE else 1

        def place(row: Asked) -> tuple[float, ...]:
            if row.spread is None:
                return (1, 0, 0, row.item.position)
            middle = (row.spread.median, row.spread.mean) if sign < 0 else (row.spread.mean, row.spread.median)
            return (0, *(sign * one for one in middle), row.item.position)

        return sorted(self.rows, key=place)

    @property
    def answered_by_me(self) -> bool:
        return any(row.mine is not None for row in self.rows)


def rounds_found(programme: Programme, person: Person, *, open: bool | None = None) -> "QuerySet[PriorityRound]":
    """Rounds, the latest first, each with `.asked` (statements), `.people` (who answered) and `.mine` (whether one did
    oneself); one query."""
    found = PriorityRound.objects.filter(programme=programme)
    if open is not None:
        found = found.filter(closed__isnull=open)
    items = PriorityItem.objects.filter(round=OuterRef("pk")).order_by().values("round")
    given = PriorityAnswer.objects.filter(item__round=OuterRef("pk")).order_by().values("item__round")
    people = given.annotate(n=Count("person", distinct=True)).values("n")
    mine = given.filter(person=person).annotate(n=Count("pk")).values("n")
    return (
        found.select_related("author", "closed_by", "programme")
        .annotate(asked=Subquery(items.annotate(n=Count("pk")).values("n")))
        .annotate(people=Subquery(people), mine=Subquery(mine))
        .order_by("-number")
    )


def find_round(programme: Programme, number: int) -> PriorityRound:
    """The round with this number, or Http404."""
    found = PriorityRound.objects.select_related("author", "closed_by").filter(programme=programme, number=number)
    around = found.first()
    if around is None:
        raise Http404("There is no such round.")
    around.programme = programme
    return around


def sheet_of(around: PriorityRound, person: Person) -> Sheet:
    """A round as `person` may see it; four queries."""
    said = StatementRevision.objects.filter(statement=OuterRef("statement"), number=OuterRef("revision"))
    items = around.items.select_related("statement").annotate(
        wording=Subquery(said.values("wording")[:1]), parts=Subquery(said.values("parts")[:1]),
        marked=F("statement__priority__id"),
    )  # fmt: skip
    rows = [
        Asked(item, item.wording or "", item.parts or [], priority=item.marked is not None)
        for item in items.order_by("position")
    ]
    given = PriorityAnswer.objects.filter(item__round=around).select_related("person").order_by("person__username")
    closed = around.closed is not None
    seen = list(given if closed else given.filter(person=person))
    by_item = {row.item.pk: row for row in rows}
    for one in seen:
        row = by_item[one.item_id]
        row.answers |= {one.person_id: one} if closed else {}
        if one.person_id == person.pk:
            row.mine = one
    people = {one.person_id: one.person for one in seen} if closed else {}
    steps = around.steps if around.kind == RoundKind.SCALE else len(rows)
    for row in rows:
        row.spread = spread([one.value for one in row.answers.values()], steps)
    answered, may = _counts(around)
    return Sheet(around, rows, list(people.values()), answered, may)


def _counts(around: PriorityRound) -> tuple[int, int]:
    """(how many people answered, how many members may); two queries."""
    answered = PriorityAnswer.objects.filter(item__round=around).aggregate(n=Count("person", distinct=True))["n"]
    may = Membership.objects.filter(programme=around.programme_id, role__in=MAY[Verb.COMMENT], person__is_active=True)
    return answered, may.count()


# ---------------------------------------------------------------- the API


def round_json(sheet: Sheet) -> dict[str, Any]:
    around = sheet.around
    closed = around.closed is not None
    return {
        **_head(around),
        "answered": sheet.answered,
        "may_answer": sheet.may_answer,
        "people": [person.username for person in sheet.people],
        "statements": [
            {
                "statement": row.label,
                "revision": row.item.revision,
                "wording": row.wording,
                "changed": row.changed,
                "mine": _answer_json(row.mine),
                "spread": row.spread.as_json() if row.spread else None,
                "answers": [
                    {"by": one.person.username, "value": one.value, "note": one.note} for one in row.answers.values()
                ],
                "priority": row.priority,
            }
            for row in (sheet.ranked if closed else sheet.rows)
        ],
    }


def round_line_json(around: Any) -> dict[str, Any]:
    """A round in a list, as `rounds_found` gives it."""
    return {
        **_head(around),
        "statements": around.asked or 0,
        "answered": around.people or 0,
        "answered_by_me": bool(around.mine),
    }


def _head(around: PriorityRound) -> dict[str, Any]:
    return {
        "number": around.number,
        "title": around.title,
        "question": around.question,
        "kind": around.kind,
        "steps": around.steps if around.kind == RoundKind.SCALE else None,
        "state": "open" if around.closed is None else "closed",
        "by": around.author.username,
        "opened": around.opened,
        "closed": around.closed,
        "closed_by": around.closed_by.username if around.closed_by else None,
        "revision": around.revision_number,
    }


def _answer_json(answer: PriorityAnswer | None) -> dict[str, Any] | None:
    return {"value": answer.value, "note": answer.note} if answer else None
