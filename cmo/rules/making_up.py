"""Owns what hangs on a configuration and the words put on it: read, checked, compared and written with its history."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import (
    Configuration,
    ConfigurationElement,
    ConfigurationRevision,
    ConfigurationRevisionElement,
    ConfigurationRevisionStatement,
    ConfigurationStatement,
    Statement,
    TheoryArea,
)
from cmo.rules.composing import Shelf
from cmo.rules.indexing import configuration_entry
from cmo.rules.standing import MakeUp, Standing
from cmo.rules.versioning import Version, Versioned
from cmo.vocabulary import Change, Slot, State
from programmes.gate import clean
from programmes.models import Programme
from programmes.rules.indexing import Entry as Found
from programmes.vocabulary import Limit

MOST_STATEMENTS = 100
WORDS = ("nickname", "plain", "narrative", "testing")
LIMITS = {"nickname": Limit.TITLE, "plain": Limit.WORDING, "narrative": Limit.WORDING, "testing": Limit.LONG}


class _Configurations(Versioned[Configuration, MakeUp]):
    counter, record, revision, owner = "configuration", Configuration, ConfigurationRevision, "configuration"
    fields = (*WORDS, "area_id", "state")

    def hang(self, row: Version[Configuration, MakeUp]) -> None:
        held = row.held or MakeUp()
        if [one.key() for one in held.standing] != [one.key() for one in row.hung.standing]:
            ConfigurationElement.objects.filter(configuration=row.now).delete()
            ConfigurationElement.objects.bulk_create(
                [ConfigurationElement(configuration=row.now, **_placing(one, at)) for at, one in _counted(row.hung)]
            )
        if gone := set(held.statements) - set(row.hung.statements):
            ConfigurationStatement.objects.filter(configuration=row.now, statement__in=gone).delete()
        joined = sorted(set(row.hung.statements) - set(held.statements))
        ConfigurationStatement.objects.bulk_create(
            [ConfigurationStatement(configuration=row.now, statement_id=statement) for statement in joined]
        )

    def hang_history(self, pairs: Sequence[tuple[ConfigurationRevision, Version[Configuration, MakeUp]]]) -> None:
        ConfigurationRevisionElement.objects.bulk_create(
            [
                ConfigurationRevisionElement(
                    revision=revision, element_revision=one.element.revision_number, **_placing(one, at)
                )
                for revision, row in pairs
                for at, one in _counted(row.hung)
            ],
            batch_size=1000,
        )
        ConfigurationRevisionStatement.objects.bulk_create(
            [
                ConfigurationRevisionStatement(revision=revision, statement_id=statement)
                for revision, row in pairs
                for statement in row.hung.statements
            ],
            batch_size=1000,
        )

    def sealed(self, row: Version[Configuration, MakeUp]) -> dict[str, Any]:
        return sealed_make_up(
            [(one.element.pk, str(one.role), at, one.wording, str(one.activation), one.element.revision_number)
             for at, one in _counted(row.hung)],
            row.hung.statements,
        )  # fmt: skip

    def found(self, record: Configuration) -> Found:
        return configuration_entry(record)


def sealed_make_up(elements: Sequence[tuple[Any, ...]], statements: Sequence[int]) -> dict[str, Any]:
    """What is sealed with a revision: (element, role, position, wording, activation, its revision) each, and ids."""
    return {"elements": [list(one) for one in elements], "statements": sorted(statements)}


def _counted(make_up: MakeUp) -> list[tuple[int, Standing]]:
    return list(enumerate(make_up.standing, start=1))


def _placing(one: Standing, at: int) -> dict[str, Any]:
    return {"element": one.element, "role": one.role, "position": at, "wording": one.wording,
            "activation": one.activation}  # fmt: skip


CONFIGURATIONS = _Configurations()


def make_up(configuration: Configuration) -> MakeUp:
    """What hangs on a configuration now."""
    spelled = configuration.spellings.order_by("statement_id").values_list("statement_id", flat=True)
    return MakeUp(stood(configuration.placings), tuple(spelled))


def stood(placings: Any) -> tuple[Standing, ...]:
    rows = placings.select_related("element").order_by("position")
    return tuple(Standing(row.element, Slot(row.role), row.wording, row.activation) for row in rows)


def put_words(now: Configuration, words: dict[str, str]) -> None:
    for word, text in words.items():
        setattr(now, word, clean(text, field=word, limit=LIMITS[word], one_line=word == "nickname"))


def put_area(now: Configuration, area: TheoryArea | None, shelf: Shelf) -> None:
    found = shelf.area(area.pk) if area else None
    if area is not None and found is None:
        raise ValidationError({"area": _("There is no such theory area in this programme.")})
    if found is not None and found.retired and found.pk != now.area_id:
        raise ValidationError({"area": _("%(area)s is retired; choose another or restore it.") % {"area": found}})
    now.area = found


def spelled_out(programme: Programme, statements: Sequence[Statement], held: Sequence[int] = ()) -> tuple[int, ...]:
    wanted = {statement.pk for statement in statements}
    if len(wanted) > MOST_STATEMENTS:
        raise ValidationError({"statements": _("A configuration may spell out %(n)s.") % {"n": MOST_STATEMENTS}})
    found = Statement.objects.filter(programme=programme, pk__in=wanted) if wanted else Statement.objects.none()
    known = {statement.pk: statement for statement in found}
    for statement in statements:
        now = known.get(statement.pk)
        if now is None:
            raise ValidationError({"statements": _("There is no such statement in this programme.")})
        if now.state == State.RETIRED and now.pk not in held:
            said = _("%(label)s is retired; choose another or restore it.") % {"label": now.label}
            raise ValidationError({"statements": said})
    return tuple(sorted(known))


def content(now: Configuration, hung: MakeUp) -> tuple[Any, ...]:
    words = tuple(getattr(now, word) for word in WORDS)
    return (words, [one.key() for one in hung.standing], hung.statements, now.area_id, str(now.state))


def change_of(was: tuple[Any, ...], now: tuple[Any, ...]) -> Change:
    if was[1] != now[1]:
        return Change.REARRANGED
    if was[0][:2] != now[0][:2]:
        return Change.REWORDED
    if was[4] != now[4]:
        return Change.AGREED if now[4] == State.AGREED else Change.REOPENED
    return Change.MOVED if was[3] != now[3] and was[0] == now[0] and was[2] == now[2] else Change.DESCRIBED
