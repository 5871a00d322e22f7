"""Owns the undoing of an act of lineage: ancestors come back as they were, and the act stays to be read as undone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cmo.models import Configuration, Descent, DescentLine, Statement
from cmo.rules.agreeing import require_direct, require_free_state
from cmo.rules.composing import Shelf, as_now, put_area, put_words, themes_of
from cmo.rules.descent import UNDONE, named, sealed_act, sides
from cmo.rules.following import followed_the_codebook
from cmo.rules.keeping import Written, write
from cmo.rules.making_up import CONFIGURATIONS, WORDS, make_up, stood
from cmo.rules.standing import MakeUp
from cmo.rules.tallying import Place
from cmo.rules.versioning import Version, move_structure
from cmo.team_words import DescentKind
from cmo.vocabulary import Change, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

Record = Statement | Configuration


@transaction.atomic
def undo(act: Descent, *, by: Actor, reason: str = "") -> Descent:
    """Take an act back, while nothing that it wrote has moved on since.

    Ancestors come back as they were, with their themes as the codebook has them now; what it made is retired, and what
    it changed gets its former wording back.
    Raises ValidationError (lineage, elements, reason), or PermissionDenied: also for what is agreed, or would be again,
    where that goes by review.
    """
    programme = act.programme
    require(by, Verb.WRITE, programme)
    hold(programme)
    by = replace(by, at=by.now())  # one moment for all of it: so it is told which revisions the undoing wrote
    now = Descent.objects.select_related("programme").get(pk=act.pk)
    now.programme = programme
    if now.undone:
        raise ValidationError({"lineage": _("This was undone already.")})
    lines = list(
        now.lines.select_related("older", "younger", "older_configuration", "younger_configuration").order_by("pk")
    )
    older, younger = _ends(lines)
    retired, made, kept = _written(now, lines, older, younger)
    _raise_if_built_on(now, [one for one, _number in made + kept])
    _raise_if_moved(now, retired + made + kept)
    require_direct(programme, *(one for one, _number in made + kept), by=by)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    _take_back(programme, by, retired + kept, made, reason)
    now.undone, now.undone_by = by.now(), by.person
    now.save(update_fields=["undone", "undone_by"])
    move_structure(programme)
    record(
        by, UNDONE, named(now), programme=programme, reason=reason, seals=sealed_act(now, lines),
        **{"from": [one.label for one in older], "to": [one.label for one in younger]},
    )  # fmt: skip
    return now


Numbered = list[tuple[Any, int]]  # a record, and the revision that the act wrote there


def _ends(lines: Sequence[DescentLine]) -> tuple[dict[Any, int], dict[Any, int]]:
    """({older: revision}, {younger: revision}), each once and in order."""
    older: dict[Any, int] = {}
    younger: dict[Any, int] = {}
    for line in lines:
        older.setdefault(line.older or line.older_configuration, line.older_revision)
        younger.setdefault(line.younger or line.younger_configuration, line.younger_revision)
    return older, younger


def _written(
    act: Descent, lines: Sequence[DescentLine], older: dict[Any, int], younger: dict[Any, int]
) -> tuple[Numbered, Numbered, Numbered]:
    """What the act retired, made and changed; what it only found stays out of it."""
    retired = [] if act.kind == DescentKind.REFINED else list(older.items())
    if lines[0].made:
        return retired, list(younger.items()), []
    return retired, [], list(younger.items()) if act.kind == DescentKind.MERGED else []


def _raise_if_moved(act: Descent, written: Numbered) -> None:
    """What later acts wrote and their undoing took back counts as if it had never been, and so does what only followed
    the codebook."""
    taken_back, followed = _taken_back(act, [one for one, _number in written]), followed_the_codebook(written)
    for one, number in written:
        undone = 0  # acts whose undoing is still to come
        for later in range(number + 1, one.revision_number + 1):
            if later in taken_back.get(one.pk, ()):
                undone += 1
            elif later in followed.get(one.pk, ()):
                continue
            elif undone:
                undone -= 1
            else:
                said = _("%(label)s has moved on since, to version %(n)s; put it right by hand instead.")
                raise ValidationError({"lineage": said % {"label": one.label, "n": one.revision_number}})


def _taken_back(act: Descent, records: Sequence[Any]) -> dict[int, set[int]]:
    """{record: revisions that later acts wrote, which were undone}."""
    if not records:
        return {}
    older, younger = sides(type(records[0]))
    keys = [one.pk for one in records]
    later = DescentLine.objects.filter(
        Q(**{f"{older}__in": keys}) | Q(**{f"{younger}__in": keys}),
        act__programme=act.programme, act__number__gt=act.number, act__undone__isnull=False,
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    columns = (f"{older}_id", "older_revision", f"{younger}_id", "younger_revision", "act__kind", "made")
    for above, old, below, new, kind, made in later.values_list(*columns):
        if kind != DescentKind.REFINED:
            found.setdefault(above, set()).add(old)
        if kind == DescentKind.MERGED and not made:
            found.setdefault(below, set()).add(new)
    return found


def _raise_if_built_on(act: Descent, records: Sequence[Record]) -> None:
    """What came of the act may be an ancestor in a later one, which is undone first."""
    if not records:
        return
    column = sides(type(records[0]))[0]
    later = DescentLine.objects.filter(
        act__programme=act.programme, act__undone=None, act__number__gt=act.number,
        **{f"{column}__in": [one.pk for one in records]},
    )  # fmt: skip
    found = later.select_related("act", "older", "older_configuration", "younger", "younger_configuration")
    if line := found.order_by("-act__number", "pk").first():
        said = _("%(younger)s came from %(older)s since; undo that first.")
        given = {"older": line.older or line.older_configuration}
        given["younger"] = line.younger or line.younger_configuration
        raise ValidationError({"lineage": said % {name: one.label for name, one in given.items() if one}})


def _take_back(programme: Programme, by: Actor, changed: Numbered, made: Numbered, reason: str) -> None:
    """Bring back what stood before the revisions that the act wrote, and retire what it made."""
    for one, _number in changed + made:
        one.programme = programme
    shelf = Shelf(programme)
    if isinstance((changed + made)[0][0], Statement):
        rows = [_statement_back(one, shelf, number - 1, reason) for one, number in changed]
        _raise_if_agreed_again(programme, changed, by)
        write(programme, by=by, rows=[*rows, *(_statement_gone(one, reason) for one, _number in made)])
    else:
        versions = [_configuration_back(one, shelf, number - 1, reason) for one, number in changed]
        _raise_if_agreed_again(programme, changed, by)
        versions += [_configuration_gone(one, reason) for one, _number in made]
        CONFIGURATIONS.write(programme, by=by, rows=versions)


def _raise_if_agreed_again(programme: Programme, put_back: Numbered, by: Actor) -> None:
    """What comes back agreed would become so by this hand: where changes are reviewed, by the team's decision alone."""
    for one, _number in put_back:
        require_free_state(programme, one.state, by=by)


def _statement_back(now: Statement, shelf: Shelf, number: int, reason: str) -> Written:
    """The statement as its revision `number` had it, as far as that can be now."""
    old = now.revisions.select_related("area").get(number=number)
    held, before = themes_of(now), Place.of(now)
    put_words(now, old.wording, old.parts, old.parts_by_hand)
    _put_back(now, old, shelf)
    carried = as_now(old.taggings.select_related("theme__merged_into").order_by("pk"), held=frozenset(held))
    return Written(now, Change.RESTORED, reason, carried, before, held, restores=number)


def _statement_gone(now: Statement, reason: str) -> Written:
    held, before = themes_of(now), Place.of(now)
    now.state = State.RETIRED
    return Written(now, Change.RETIRED, reason, held, before, held)


def _configuration_back(now: Configuration, shelf: Shelf, number: int, reason: str) -> Version[Configuration, MakeUp]:
    old = now.revisions.select_related("area").get(number=number)
    held = make_up(now)
    for word in WORDS:
        setattr(now, word, getattr(old, word))
    _put_back(now, old, shelf)
    hung = MakeUp(stood(old.placings), tuple(sorted(old.spellings.values_list("statement_id", flat=True))))
    gone = [one.element.label for one in hung.standing if one.element.state == State.RETIRED]
    if gone:
        said = _("%(labels)s was retired meanwhile; restore it first.")
        raise ValidationError({"elements": said % {"labels": ", ".join(gone)}})
    return Version(now, Change.RESTORED, reason, hung, held, restores=number)


def _configuration_gone(now: Configuration, reason: str) -> Version[Configuration, MakeUp]:
    held = make_up(now)
    now.state = State.RETIRED
    return Version(now, Change.RETIRED, reason, held, held)


def _put_back(now: Any, old: Any, shelf: Shelf) -> None:
    """State and area of an old revision; an area that was retired since is left out, as nobody would find it there."""
    now.state = State(old.state)
    area = shelf.area(old.area_id) if old.area_id else None
    area = None if area is not None and area.retired else area
    if isinstance(now, Statement):
        put_area(now, area, shelf)
    else:
        now.area = area
