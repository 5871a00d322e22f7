"""Owns what is done to many statements at once: each as by its own rule, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Statement, TheoryArea
from cmo.rules.stating import Words, revise, state
from programmes.access import Actor, require
from programmes.models import Programme, Theme
from programmes.refusals import Stale
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
    made = []
    for at, line in enumerate(lines, start=1):
        try:
            words = Words(wording=line.wording)
            made.append(state(programme, by=by, words=words, themes=line.themes, area=line.area, reason=reason))
        except ValidationError as error:
            said = " ".join(error.messages)
            raise ValidationError({"text": _("Statement %(at)s: %(said)s") % {"at": at, "said": said}}) from error
    return made


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
    wanted = [number for number, _base in picked]
    found = {row.number: row for row in Statement.objects.filter(programme=programme, number__in=wanted)}
    gone = {theme.pk for theme in remove}
    changed = []
    for number, base in picked:
        if number not in found:
            raise ValidationError({"statements": _("S%(n)s is not in this programme.") % {"n": number}})
        statement = found[number]
        statement.programme = programme
        held = [tag.theme for tag in statement.taggings.select_related("theme").order_by("pk")]
        themes = [theme for theme in [*held, *add] if theme.pk not in gone]
        try:
            changed.append(revise(statement, by=by, base=base, themes=themes, reason=reason))
        except Stale as stale:
            said = _("S%(n)s was changed meanwhile; look at it again, then tag.") % {"n": number}
            raise ValidationError({"statements": said}) from stale
    return changed
