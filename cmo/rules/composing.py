"""Owns what a statement is made of before it is written: words with their parts, themes, area, state, what it lacks.

Nothing here writes. Areas and themes are read once for a whole batch, under the programme's lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.folding import fold, sameness
from cmo.models import ElementRevisionTheme, RevisionTheme, Statement, TheoryArea
from cmo.rules.arranging import NOWHERE
from cmo.vocabulary import Change, Lacks, State
from programmes.gate import clean
from programmes.models import Programme, Theme
from programmes.records import Columns
from programmes.vocabulary import Limit

PARTS = ("if", "then", "because")
MOST_THEMES = 100
BY_CHOICE = {Change.REWORDED, Change.REFINED}  # what the writer may call a new wording


class Keep:
    """Stands for "leave as it is" where None means "none"."""


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: a sentence, its three parts, or a sentence with its parts marked by hand."""

    wording: str | None = None
    parts: dict[str, str] = field(default_factory=dict)  # any of "if", "then", "because"

    def __bool__(self) -> bool:
        return self.wording is not None or bool(self.parts)


_THEME, _STATEMENT = Columns(Theme, "h"), Columns(Statement, "s")
_OF_PROGRAMME = f"SELECT h.id, {_THEME.sql} FROM programmes_theme h WHERE h.programme_id = %s"
_NOW = (
    f"SELECT {_STATEMENT.sql}, t.theme_id FROM cmo_statement s"
    " LEFT JOIN cmo_statementtheme t ON t.statement_id = s.id WHERE s.id = %s ORDER BY t.id"
)


class Shelf:
    """The areas and themes of a programme as they stand under its lock, each asked of the database once.

    They are read anew rather than taken as handed over: somebody may have retired or merged one since it was looked up.
    """

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._areas: dict[int, TheoryArea | None] = {}
        self._themes: dict[int, Theme] = {}

    def area(self, pk: int) -> TheoryArea | None:
        if pk not in self._areas:
            self._areas[pk] = TheoryArea.objects.filter(pk=pk, programme=self.programme).first()
        return self._areas[pk]

    def themes(self, pks: Iterable[int]) -> list[Theme]:
        """Those of this programme, in the order asked for; called once with all that a batch will ask for."""
        wanted = list(pks)
        if missing := [pk for pk in wanted if pk not in self._themes]:
            marks = ", ".join(["%s"] * len(missing))
            with connection.cursor() as cursor:
                cursor.execute(f"{_OF_PROGRAMME} AND h.id IN ({marks})", [self.programme.pk, *missing])
                self._themes.update((row[0], _THEME.make(row[1:])) for row in cursor.fetchall())
        return [self._themes[pk] for pk in wanted if pk in self._themes]


def worded(words: Words, now: Statement | None) -> tuple[str, list[Any], bool]:
    """The sentence, its packed parts and whether they were marked by hand."""
    parts = {key: clean(text, field=key, limit=Limit.WORDING) for key, text in words.parts.items()}
    if words.wording is not None:
        text = clean(words.wording, field="wording", limit=Limit.WORDING, required=True)
        if any(parts.values()):
            return text, _marked(text, parts), True
        if now is not None and text == now.wording and not parts:
            return text, now.parts, now.parts_by_hand
        return text, parsing.pack(parsing.find_parts(text)), False
    given = {f"{key}_" if key == "if" else key: text for key, text in parts.items()}
    text = parsing.compose(**given) if now is None else parsing.rewrite(now.wording, parsing.unpack(now.parts), **given)
    if now is not None and text == now.wording:
        return text, now.parts, now.parts_by_hand
    clean(text, field=next(iter(parts), "wording"), limit=Limit.WORDING, required=True)
    return text, parsing.pack(parsing.find_parts(text)), False


def _marked(text: str, parts: dict[str, str]) -> list[Any]:
    given = {f"{key}_" if key == "if" else key: words for key, words in parts.items()}
    try:
        return parsing.pack(parsing.mark(text, **given))
    except parsing.NotInWording as error:
        raise ValidationError(
            {error.part.value: _("These words do not stand in the wording; copy them from it exactly.")}
        ) from error
    except parsing.Overlap as error:
        raise ValidationError({"wording": _("Two parts share words; let each word belong to one part.")}) from error


def put_words(statement: Statement, text: str, parts: list[Any], by_hand: bool) -> None:
    statement.wording, statement.parts, statement.parts_by_hand = text, parts, by_hand
    statement.folded, statement.sameness = fold(text), sameness(text)


def put_area(statement: Statement, area: TheoryArea | None, shelf: Shelf) -> None:
    """Put a statement into an area. A retired one may stay but not be moved into."""
    now = shelf.area(area.pk) if area else None
    if area is not None:
        if now is None:
            raise ValidationError({"area": _("There is no such theory area in this programme.")})
        if now.retired and now.pk != statement.area_id:
            raise ValidationError({"area": _("%(area)s is retired; choose another or restore it.") % {"area": area}})
    statement.area, statement.area_position = now, now.position if now else NOWHERE


def put_lacks(statement: Statement, carried: Sequence[int]) -> None:
    spans = parsing.unpack(statement.parts)
    because = parsing.part_text(statement.wording, spans, parsing.Part.BECAUSE)
    statement.lacks = (0 if because else Lacks.BECAUSE) | (0 if carried else Lacks.THEMES)


def checked_themes(themes: Iterable[Theme], *, held: frozenset[int], shelf: Shelf) -> list[int]:
    """Ids without repetition, in the order given. A retired theme may stay but not join."""
    unique = list({theme.pk: theme for theme in themes}.values())
    joining = [theme.pk for theme in unique if theme.pk not in held]
    found = shelf.themes(joining)
    if len(found) < len(joining):
        raise ValidationError({"themes": _("There is no such theme in this codebook.")})
    for theme in found:
        if theme.retired:
            raise ValidationError({"themes": _("%(theme)s is retired; choose another.") % {"theme": theme}})
    if len(unique) > MOST_THEMES:
        raise ValidationError({"themes": _("A statement may carry %(n)s themes.") % {"n": MOST_THEMES}})
    return [theme.pk for theme in unique]


def known_state(state: str, allowed: tuple[State, ...]) -> State:
    if state not in allowed:
        raise ValidationError({"state": _("Choose draft or agreed; retire and restore are acts of their own.")})
    return State(state)


def themes_of(statement: Statement) -> list[int]:
    return list(statement.taggings.order_by("pk").values_list("theme_id", flat=True))


def as_it_is(statement: Statement) -> tuple[Statement, list[int]]:
    """A statement and the ids of its themes in the order they came, as they stand under the lock; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [statement.pk])
        rows = cursor.fetchall()
    if not rows:
        raise Statement.DoesNotExist
    now = _STATEMENT.make(rows[0][:-1])
    now.programme = statement.programme
    return now, [row[-1] for row in rows if row[-1] is not None]


def as_now(taggings: Iterable[RevisionTheme | ElementRevisionTheme], *, held: frozenset[int]) -> list[int]:
    """The themes of an old revision as they can be carried now.

    A merged one as what it was merged into; a retired one only where it is carried still (`held`): it may not join.
    """
    themes = (tag.theme.merged_into or tag.theme for tag in taggings)
    return list(dict.fromkeys(theme.pk for theme in themes if not theme.retired or theme.pk in held))


def content(statement: Statement, themes: Sequence[int]) -> tuple[Any, ...]:
    """What a revision can change, for comparing before with after."""
    return (statement.wording, frozenset(themes), statement.area_id, str(statement.state), statement.parts)


def kind(was: tuple[Any, ...], now: tuple[Any, ...], called: str) -> Change:
    changed = [index for index, (old, new) in enumerate(zip(was, now, strict=True)) if old != new]
    if called and called not in BY_CHOICE:
        raise ValidationError({"change": _("Call a new wording reworded or refined.")})
    if 0 in changed:
        return Change(called) if called else Change.REWORDED
    if 1 in changed:
        return Change.RETAGGED
    if 3 in changed:
        return Change.AGREED if now[3] == State.AGREED else Change.REOPENED
    return Change.MOVED if 2 in changed else Change.MARKED
