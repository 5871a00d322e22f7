"""Owns prioritisation rounds: a lead asks, members answer without seeing each other's answers, a lead closes.

While a round is open nothing tells what somebody answered: no page, no log row, no digest of it, as values from 1 to 5
are soon guessed. With its end the log seals all answers, and every member sees who answered what.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Priority, PriorityAnswer, PriorityItem, PriorityRound, Statement
from cmo.rules.versioning import move_structure, next_numbers
from cmo.team_words import RoundKind
from cmo.vocabulary import State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Membership, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.noticing import asked_no_more, notice
from programmes.rules.recording import record, seal
from programmes.vocabulary import MAY, Limit, Verb

MOST = 100  # statements of one round
FEWEST = {RoundKind.SCALE: 1, RoundKind.RANKING: 2}
STEPS = (2, 10)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of one statement: a step of the scale or a place in their order, and why."""

    value: int
    note: str = ""


def given_once(pairs: Iterable[tuple[int, Given]]) -> dict[int, Given]:
    """{number of the statement: what is said of it}. Raises ValidationError (answers) for one that comes twice."""
    found: dict[int, Given] = {}
    for number, given in pairs:
        if number in found:
            said = _("S%(n)s is answered twice; answer once.") % {"n": number}
            raise ValidationError({"answers": said})
        found[number] = given
    return found


@transaction.atomic
def open_round(
    programme: Programme,
    *,
    by: Actor,
    title: str,
    kind: str,
    statements: Sequence[tuple[int, int]],
    question: str = "",
    steps: int = 5,
) -> PriorityRound:
    """Ask the members about these statements ((number, revision seen) each), in this order.

    Raises ValidationError (title, question, kind, steps, statements) or PermissionDenied.
    """
    require(by, Verb.MANAGE, programme)
    hold(programme)
    made = PriorityRound(
        programme=programme, author=by.person, opened=by.now(),
        title=clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True),
        question=clean(question, field="question", limit=Limit.LONG),
        kind=_kind(kind), steps=_steps(steps),
    )  # fmt: skip
    found = _statements(programme, made.kind, statements)
    made.number = next_numbers(programme, "round")
    made.save(force_insert=True)
    PriorityItem.objects.bulk_create(
        PriorityItem(round=made, statement=one, revision=one.revision_number, position=at)
        for at, one in enumerate(found, start=1)
    )
    _tell(made, by, "opened")
    asked = [f"{one.label} v{one.revision_number}" for one in found]
    record(
        by, "round opened", named(made), programme=programme, seals=seal(made, items=asked), statements=asked,
        kind=made.kind, steps=made.steps if made.kind == RoundKind.SCALE else None,
    )  # fmt: skip
    return made


@transaction.atomic
def answer_round(around: PriorityRound, *, by: Actor, answers: Mapping[int, Given]) -> PriorityRound:
    """Answer with {number of the statement: what is said of it}; it takes the place of one's earlier answer.

    On a scale some may be left out; in an order each has its place. Raises ValidationError (answers, state).
    """
    require(by, Verb.COMMENT, around.programme)
    hold(around.programme)
    now = _open(around)
    items = {item.statement.number: item for item in now.items.select_related("statement")}
    said = {number: _checked(now, items, number, given) for number, given in answers.items()}
    if now.kind == RoundKind.RANKING:
        _raise_unless_order(items, said)
    if not said:
        raise ValidationError({"answers": _("Answer for at least one statement.")})
    mine = PriorityAnswer.objects.filter(item__round=now, person=by.person)
    was = {one.item.statement.number: Given(one.value, one.note) for one in mine.select_related("item__statement")}
    if was == said:
        return now
    mine.delete()
    at = by.now()
    PriorityAnswer.objects.bulk_create(
        PriorityAnswer(item=items[number], person=by.person, value=given.value, note=given.note, at=at)
        for number, given in said.items()
    )
    asked_no_more(now.programme, by=by, kind="round", on=named(now).capitalize(), of=[by.person.pk])
    record(by, "round answered", named(now), programme=now.programme, changed=bool(was))
    return now


@transaction.atomic
def close_round(around: PriorityRound, *, by: Actor, base: int) -> PriorityRound:
    """End a round: from now on nobody answers, and every member sees who answered what."""
    require(by, Verb.MANAGE, around.programme)
    hold(around.programme)
    now = _swap(_open(around), by, base, closed=by.now(), closed_by=by.person)
    given = PriorityAnswer.objects.filter(item__round=now).order_by("item__position", "person")
    rows = [list(row) for row in given.values_list("item__statement__number", "person", "value", "note")]
    asked_no_more(now.programme, by=by, kind="round", on=named(now).capitalize())
    _tell(now, by, "closed")
    record(
        by, "round closed", named(now), programme=now.programme, seals=seal(now, answers=rows),
        answers=len({row[1] for row in rows}),
    )  # fmt: skip
    return now


@transaction.atomic
def mark_priorities(around: PriorityRound, *, by: Actor, base: int, statements: Sequence[int]) -> PriorityRound:
    """Of a closed round's statements make exactly these (by number) priorities; others keep what they are.

    Raises ValidationError (statements, state), Stale or PermissionDenied.
    """
    require(by, Verb.MANAGE, around.programme)
    hold(around.programme)
    now = _now(around)
    if now.closed is None:
        raise ValidationError({"state": _("Round %(n)s is open; close it first.") % {"n": now.number}})
    items = {item.statement.number: item.statement for item in now.items.select_related("statement")}
    for number in statements:
        if number not in items:
            raise ValidationError({"statements": _not_asked(now, number)})
        if items[number].state == State.RETIRED:
            said = _("S%(n)s is retired; it cannot be a priority.") % {"n": number}
            raise ValidationError({"statements": said})
    if now.revision_number != base:
        raise Stale(now, base=base)
    held = Priority.objects.filter(statement__in=[one.pk for one in items.values()])
    was, chosen = set(held.values_list("statement__number", flat=True)), set(statements)
    if was == chosen:
        return now
    held.exclude(statement__number__in=chosen).delete()
    at = by.now()
    Priority.objects.bulk_create(
        Priority(statement=items[number], round=now, by=by.person, at=at) for number in sorted(chosen - was)
    )
    now = _swap(now, by, base)
    move_structure(now.programme)  # statements show it
    marked, unmarked = ([f"S{n}" for n in sorted(found)] for found in (chosen - was, was - chosen))
    record(by, "priorities marked", named(now), programme=now.programme, marked=marked, unmarked=unmarked)
    return now


def named(around: PriorityRound) -> str:
    """How the log and notices name a round."""
    return f"round {around.number}"


def _kind(given: str) -> RoundKind:
    if given not in RoundKind.values:
        raise ValidationError({"kind": _("Choose one of %(known)s.") % {"known": ", ".join(RoundKind.values)}})
    return RoundKind(given)


def _steps(given: int) -> int:
    if not STEPS[0] <= given <= STEPS[1]:
        said = _("A scale has %(least)s to %(most)s steps.") % {"least": STEPS[0], "most": STEPS[1]}
        raise ValidationError({"steps": said})
    return given


def _statements(programme: Programme, kind: str, picked: Sequence[tuple[int, int]]) -> list[Statement]:
    """The statements as they now stand, each of them in the wording that the lead saw."""
    fewest = FEWEST[RoundKind(kind)]
    if len(picked) < fewest:
        said = _("Pick at least two statements to put in order.") if fewest > 1 else _("Pick at least one statement.")
        raise ValidationError({"statements": said})
    if len(picked) > MOST:
        raise ValidationError({"statements": _("Ask about at most %(n)s statements at once.") % {"n": MOST}})
    numbers = [number for number, _seen in picked]
    rows = Statement.objects.filter(programme=programme, number__in=numbers)
    found = {one.number: one for one in rows}
    for number, seen in picked:
        one = found.get(number)
        if one is None:
            raise ValidationError({"statements": _("S%(n)s is not in this programme.") % {"n": number}})
        if numbers.count(number) > 1:
            raise ValidationError({"statements": _("S%(n)s is picked twice; pick it once.") % {"n": number}})
        if one.state == State.RETIRED:
            raise ValidationError({"statements": _("S%(n)s is retired; restore it first.") % {"n": number}})
        if one.revision_number != seen:
            said = _("S%(n)s was changed meanwhile; look at it again, then ask.") % {"n": number}
            raise ValidationError({"statements": said})
    return [found[number] for number in numbers]


def _now(around: PriorityRound) -> PriorityRound:
    return PriorityRound.objects.select_related("programme", "author", "closed_by").get(pk=around.pk)


def _open(around: PriorityRound) -> PriorityRound:
    now = _now(around)
    if now.closed is not None:
        raise ValidationError({"state": _("Round %(n)s is closed.") % {"n": now.number}})
    return now


def _checked(now: PriorityRound, items: Mapping[int, Any], number: int, given: Given) -> Given:
    if number not in items:
        raise ValidationError({"answers": _not_asked(now, number)})
    most = now.steps if now.kind == RoundKind.SCALE else len(items)
    if not 1 <= given.value <= most:
        said = _("S%(n)s: choose a number from 1 to %(most)s.") % {"n": number, "most": most}
        raise ValidationError({"answers": said})
    return Given(given.value, clean(given.note, field="answers", limit=Limit.REASON))


def _raise_unless_order(items: Mapping[int, Any], said: Mapping[int, Given]) -> None:
    """Every statement has a place, and no two have the same."""
    missing = [f"S{number}" for number in items if number not in said]
    if missing:
        raise ValidationError({"answers": _("Give a place to %(labels)s.") % {"labels": ", ".join(missing)}})
    at: dict[int, int] = {}
    for number, given in said.items():
        if given.value in at:
            told = {"one": f"S{at[given.value]}", "other": f"S{number}", "place": given.value}
            said_so = _("%(one)s and %(other)s both have place %(place)s; give each its own.") % told
            raise ValidationError({"answers": said_so})
        at[given.value] = number


def _not_asked(now: PriorityRound, number: int) -> str:
    return _("S%(n)s is not in round %(round)s.") % {"n": number, "round": now.number}


def _swap(now: PriorityRound, by: Actor, base: int, **new: Any) -> PriorityRound:
    moved = PriorityRound.objects.filter(pk=now.pk, revision_number=base).update(**new, revision_number=base + 1)
    if not moved:
        raise Stale(_now(now), base=base)
    return _now(now)


def _tell(around: PriorityRound, by: Actor, what: str) -> None:
    """Whoever may answer hears that a round opened, and that it closed."""
    told = Membership.objects.filter(programme=around.programme, role__in=MAY[Verb.COMMENT])
    notice(
        around.programme, by=by, event=f"{named(around)} {what}", kind="round" if what == "opened" else "round closed",
        on=named(around).capitalize(), path=f"rounds/{around.number}", to=told.values_list("person_id", flat=True),
    )  # fmt: skip
