"""Owns what is done to many statements at once: each as by its own rule, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cmo.models import Statement, StatementTheme, TheoryArea
from cmo.rules.agreeing import require_direct
from cmo.rules.composing import Shelf, Words
from cmo.rules.keeping import write
from cmo.rules.stating import drawn_up, redrawn
from programmes.access import Actor, require
from programmes.models import Programme, Theme
from programmes.rules.holding import hold
from programmes.rules.phasing import open_phase_of
from programmes.vocabulary import Verb

MOST = 2000


@dataclass(frozen=True, slots=True)
class Taken:
    """One statement of a paste, ready to be stated."""

    wording: str
    themes: list[Theme]
    area: TheoryArea | None


@transaction.atomic
def state_all(programme: Programme, *, by: Actor, lines: Sequence[Taken], reason: str = "") -> list[Statement]:
    """New drafts, in the order given. Raises ValidationError naming the line, counted from 1; then none is kept."""
    require(by, Verb.WRITE, programme)
    if len(lines) > MOST:
        raise ValidationError({"text": _("Paste at most %(n)s statements at once.") % {"n": MOST}})
    hold(programme)
    shelf, origin = Shelf(programme), open_phase_of(programme)
    shelf.themes({theme.pk for line in lines for theme in line.themes})
    rows = []
    for at, line in enumerate(lines, start=1):
        try:
            words = Words(wording=line.wording)
            rows.append(
                drawn_up(shelf, by=by, origin=origin, words=words, themes=line.themes, area=line.area, reason=reason)
            )
        except ValidationError as error:
            said = " ".join(error.messages)
            raise ValidationError({"text": _("Statement %(at)s: %(said)s") % {"at": at, "said": said}}) from error
    write(programme, by=by, rows=rows)
    return [row.now for row in rows]


@transaction.atomic
def tag_all(
    programme: Programme,
    *,
    by: Actor,
    picked: Sequence[tuple[int, int]],
    add: Sequence[Theme],
    remove: Sequence[Theme] = (),
    reason: str = "",
) -> list[Statement]:
    """Add and remove themes on the statements `picked` ((number, revision seen) each).

    Raises ValidationError (statements, themes) when one is missing, retired or moved on; then none is changed.
    """
    require(by, Verb.WRITE, programme)
    if not picked:
        raise ValidationError({"statements": _("Pick at least one statement.")})
    if not add and not remove:
        raise ValidationError({"themes": _("Choose at least one theme to add or to take off.")})
    hold(programme)
    shelf, gone = Shelf(programme), {theme.pk for theme in remove}
    found = _found(programme, [number for number, _base in picked])
    rows = []
    for number, base in dict(picked).items():
        if number not in found:
            raise ValidationError({"statements": _("S%(n)s is not in this programme.") % {"n": number}})
        now = found[number]
        if now.revision_number != base:
            said = _("S%(n)s was changed meanwhile; look at it again, then tag.") % {"n": number}
            raise ValidationError({"statements": said})
        held = [tag.theme for tag in now.taggings.all()]
        themes = [theme for theme in [*held, *add] if theme.pk not in gone]
        row = redrawn(now, [theme.pk for theme in held], shelf, themes=themes, reason=reason)
        if row:
            require_direct(programme, now, by=by)
            rows.append(row)
    write(programme, by=by, rows=rows)
    return [found[number] for number in dict(picked)]


def _found(programme: Programme, numbers: list[int]) -> dict[int, Statement]:
    """{number: statement with its themes}, as they stand under the lock."""
    tags = Prefetch("taggings", StatementTheme.objects.select_related("theme").order_by("pk"))
    rows = Statement.objects.filter(programme=programme, number__in=numbers).prefetch_related(tags)
    found = {row.number: row for row in rows}
    for row in found.values():
        row.programme = programme
    return found
