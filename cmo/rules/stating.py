"""Owns statements: the only writer of their wording, themes, area and state, and of their history.

Every change is one conditional UPDATE (this writer saw the latest revision, or nothing is written), one revision and
one audit row, in one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.folding import fold, sameness
from cmo.models import RevisionTheme, Statement, StatementRevision, StatementTheme, TheoryArea
from cmo.rules.arranging import NOWHERE
from cmo.rules.tallying import Place, shift, shift_uses, uses_of
from cmo.vocabulary import Change, Lacks, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Phase, Programme, Theme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

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


@transaction.atomic
def state(
    programme: Programme,
    *,
    by: Actor,
    words: Words,
    themes: Sequence[Theme] = (),
    area: TheoryArea | None = None,
    state: str = State.DRAFT,
    reason: str = "",
    cites: str = "",
) -> Statement:
    """A new statement with the next number, as revision 1.

    Raises ValidationError (wording, if, then, because, themes, area, state, reason) or PermissionDenied.
    """
    require(by, Verb.WRITE, programme)
    hold(programme)
    now = by.now()
    statement = Statement(
        programme=programme,
        state=_known_state(state, allowed=(State.DRAFT, State.AGREED)),
        origin=open_phase_of(programme),
        cites=clean(cites, field="cites", limit=Limit.TITLE, one_line=True),
        created=now,
        updated=now,
        updated_by=by.person,
    )
    _put_words(statement, *_worded(words, None))
    _put_area(statement, area)
    carried = _checked_themes(programme, themes, held=frozenset())
    _put_lacks(statement, carried)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    statement.number = _next_number(programme)
    statement.save(force_insert=True)
    StatementTheme.objects.bulk_create(StatementTheme(statement=statement, theme_id=theme) for theme in carried)
    shift_uses((), uses_of(statement, carried))
    shift(programme.pk, None, Place.of(statement))
    _write(statement, by, Change.NEW, reason, carried, phase=statement.origin)
    return statement


@transaction.atomic
def revise(
    statement: Statement,
    *,
    by: Actor,
    base: int,
    words: Words | None = None,
    themes: Sequence[Theme] | None = None,
    area: TheoryArea | Keep | None = KEEP,
    state: str | None = None,
    change: str = "",
    reason: str = "",
    restores: int | None = None,
) -> Statement:
    """Change any of wording, themes, area and state of a statement, starting from its revision `base`.

    `change` may call a new wording *reworded* (the same claim, said better; the default) or *refined* (another
    claim). What is not given stays. Nothing is written when nothing changed.
    Raises ValidationError, PermissionDenied, or Stale with the statement as it now is.
    """
    programme = statement.programme
    require(by, Verb.WRITE, programme)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    now = _seen(statement, base)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    before, held = Place.of(now), _themes_of(now)
    was = _content(now, held)
    if words:
        _put_words(now, *_worded(words, now))
    if not isinstance(area, Keep):
        _put_area(now, area)
    if state is not None:
        now.state = _known_state(state, allowed=(State.DRAFT, State.AGREED))
    carried = held if themes is None else _checked_themes(programme, themes, held=frozenset(held))
    if _content(now, carried) == was:
        return now
    kind = _kind(was, _content(now, carried), change)
    _save(now, by, base, before, held, carried, kind, reason, restores)
    return now


@transaction.atomic
def retire(statement: Statement, *, by: Actor, base: int, reason: str = "") -> Statement:
    """Take a statement out of the working theory. Its number, page and history stay. Raises Stale and the like."""
    require(by, Verb.WRITE, statement.programme)
    now = _seen(statement, base)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired already.") % {"label": now.label}})
    return _turn(now, by, base, State.RETIRED, Change.RETIRED, reason)


@transaction.atomic
def restore(
    statement: Statement, *, by: Actor, base: int, revision: int | None = None, reason: str = ""
) -> Statement:
    """Bring back the wording and themes of an older revision or, without one, a retired statement.

    Raises ValidationError (revision), PermissionDenied, Stale.
    """
    require(by, Verb.WRITE, statement.programme)
    now = _seen(statement, base)
    if now.state == State.RETIRED:
        if revision is not None and revision != base:
            said = _("Restore %(label)s first, then its older wording.")
            raise ValidationError({"revision": said % {"label": now.label}})
        last = now.revisions.exclude(state=State.RETIRED).first()
        return _turn(now, by, base, last.state if last else State.DRAFT, Change.RESTORED, reason)
    old = now.revisions.filter(number=revision).first() if revision else None
    if old is None:
        raise ValidationError({"revision": _("Say which revision to restore, between 1 and %(n)s.") % {"n": base}})
    held = _themes_of(now)
    before, was = Place.of(now), _content(now, held)
    _put_words(now, old.wording, old.parts, old.parts_by_hand)
    carried = _as_now(old.taggings.select_related("theme").order_by("pk"))
    if _content(now, carried) == was:
        return now
    reason = clean(reason, field="reason", limit=Limit.REASON)
    _save(now, by, base, before, held, carried, Change.RESTORED, reason, old.number)
    return now


def retag_after_merge(statement: Statement, *, by: Actor, old: Theme, new: Theme, reason: str) -> None:
    """Put `new` where `old` was, in the statement and in its history; called by recoding inside its transaction."""
    now = Statement.objects.get(pk=statement.pk)
    now.programme = statement.programme
    held = _themes_of(now)
    carried = list(dict.fromkeys(new.pk if theme == old.pk else theme for theme in held))
    _save(now, by, now.revision_number, Place.of(now), held, carried, Change.RETAGGED, reason, None)


# ---------------------------------------------------------------- what a statement is made of


def _worded(words: Words, now: Statement | None) -> tuple[str, list[Any], bool]:
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


def _put_words(statement: Statement, text: str, parts: list[Any], by_hand: bool) -> None:
    statement.wording, statement.parts, statement.parts_by_hand = text, parts, by_hand
    statement.folded, statement.sameness = fold(text), sameness(text)


def _put_area(statement: Statement, area: TheoryArea | None) -> None:
    """Put a statement into an area, which is held until the transaction ends: nobody moves or retires it meanwhile."""
    now = TheoryArea.objects.select_for_update(no_key=True).filter(pk=area.pk).first() if area else None
    if area is not None:
        if now is None or now.programme_id != statement.programme_id:
            raise ValidationError({"area": _("There is no such theory area in this programme.")})
        if now.retired and now.pk != statement.area_id:
            raise ValidationError({"area": _("%(area)s is retired; choose another or restore it.") % {"area": area}})
    statement.area, statement.area_position = now, now.position if now else NOWHERE


def _put_lacks(statement: Statement, carried: Sequence[int]) -> None:
    spans = parsing.unpack(statement.parts)
    because = parsing.part_text(statement.wording, spans, parsing.Part.BECAUSE)
    statement.lacks = (0 if because else Lacks.BECAUSE) | (0 if carried else Lacks.THEMES)


def _checked_themes(programme: Programme, themes: Iterable[Theme], *, held: frozenset[int]) -> list[int]:
    """Ids without repetition, in the order given. A retired theme may stay but not join.

    Those that join are read anew: somebody may have retired or merged one since it was looked up.
    """
    unique = list({theme.pk: theme for theme in themes}.values())
    joining = [theme.pk for theme in unique if theme.pk not in held]
    for theme in Theme.objects.filter(pk__in=joining) if joining else ():
        if theme.programme_id != programme.pk:
            raise ValidationError({"themes": _("There is no such theme in this codebook.")})
        if theme.retired:
            raise ValidationError({"themes": _("%(theme)s is retired; choose another.") % {"theme": theme}})
    if len(unique) > MOST_THEMES:
        raise ValidationError({"themes": _("A statement may carry %(n)s themes.") % {"n": MOST_THEMES}})
    return [theme.pk for theme in unique]


def _known_state(state: str, allowed: tuple[State, ...]) -> State:
    if state not in allowed:
        raise ValidationError({"state": _("Choose draft or agreed; retire and restore are acts of their own.")})
    return State(state)


def _themes_of(statement: Statement) -> list[int]:
    return list(statement.taggings.order_by("pk").values_list("theme_id", flat=True))


def _as_now(taggings: Iterable[RevisionTheme]) -> list[int]:
    """The themes of an old revision as they are to be carried now: a merged one as what it was merged into."""
    return list(dict.fromkeys(tag.theme.merged_into_id or tag.theme_id for tag in taggings))


def _content(statement: Statement, themes: Sequence[int]) -> tuple[Any, ...]:
    """What a revision can change, for comparing before with after."""
    return (statement.wording, frozenset(themes), statement.area_id, str(statement.state), statement.parts)


def _kind(was: tuple[Any, ...], now: tuple[Any, ...], called: str) -> Change:
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


# ---------------------------------------------------------------- writing


def _next_number(programme: Programme) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_programme SET last_statement = last_statement + 1"
            " WHERE id = %s RETURNING last_statement",
            [programme.pk],
        )
        return int(cursor.fetchone()[0])


def _seen(statement: Statement, base: int) -> Statement:
    """The statement as it is, and stays until this transaction ends; Stale when `base` is not its latest revision."""
    hold(statement.programme)
    now = Statement.objects.get(pk=statement.pk)
    now.programme = statement.programme
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _turn(now: Statement, by: Actor, base: int, state: str, change: Change, reason: str) -> Statement:
    reason = clean(reason, field="reason", limit=Limit.REASON)
    held, before = _themes_of(now), Place.of(now)
    old_uses = uses_of(now, held)
    now.state = State(state)
    _save(now, by, base, before, held, held, change, reason, None, old_uses=old_uses)
    return now


def _save(
    now: Statement,
    by: Actor,
    base: int,
    before: Place,
    held: Sequence[int],
    carried: Sequence[int],
    change: Change,
    reason: str,
    restores: int | None,
    *,
    old_uses: set[tuple[int, int]] | None = None,
) -> None:
    if old_uses is None:
        old_uses = {(theme, before.area_key) for theme in held} if before.state != State.RETIRED else set()
    _put_lacks(now, carried)
    at = by.now()
    moved = Statement.objects.filter(pk=now.pk, revision_number=base).update(
        wording=now.wording,
        parts=now.parts,
        parts_by_hand=now.parts_by_hand,
        folded=now.folded,
        sameness=now.sameness,
        **({} if (now.area_id or 0) == before.area_key else {"area": now.area_id, "area_position": now.area_position}),
        state=now.state,
        lacks=now.lacks,
        revision_number=base + 1,
        updated=at,
        updated_by=by.person,
    )
    if not moved:
        raise Stale(Statement.objects.select_related("programme").get(pk=now.pk), base=base)
    now.revision_number, now.updated, now.updated_by = base + 1, at, by.person
    gone, come = set(held) - set(carried), [theme for theme in carried if theme not in set(held)]
    if gone:
        StatementTheme.objects.filter(statement=now, theme__in=gone).delete()
    StatementTheme.objects.bulk_create(StatementTheme(statement=now, theme_id=theme) for theme in come)
    shift_uses(old_uses, uses_of(now, carried))
    shift(now.programme_id, before, Place.of(now))
    _write(now, by, change, reason, carried, phase=open_phase_of(now.programme), restores=restores)


def _write(
    now: Statement,
    by: Actor,
    change: Change,
    reason: str,
    carried: Sequence[int],
    *,
    phase: Phase | None,
    restores: int | None = None,
) -> None:
    revision = StatementRevision(
        statement=now,
        number=now.revision_number,
        wording=now.wording,
        parts=now.parts,
        parts_by_hand=now.parts_by_hand,
        area_id=now.area_id,
        state=now.state,
        change=change,
        restores=restores,
        reason=reason,
        author=by.person,
        at=now.updated,
        phase=phase,
    )
    revision.save(force_insert=True)
    RevisionTheme.objects.bulk_create(RevisionTheme(revision=revision, theme_id=theme) for theme in carried)
    detail = {"revision": now.revision_number, "change": change.value}
    if restores:
        detail["restores"] = restores
    record(by, change.value, now.label, programme=now.programme, reason=reason, **detail)
