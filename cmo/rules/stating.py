"""Owns statements: the only rules that change their wording, themes, area and state.

What a change is made of is worked out in composing, what it writes stands in keeping; here is what may be done.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Statement, TheoryArea
from cmo.rules.agreeing import require_direct, require_free_state
from cmo.rules.citing import NOTHING, Rests, cite_in
from cmo.rules.composing import (
    KEEP,
    Keep,
    Shelf,
    Words,
    as_it_is,
    as_now,
    checked_themes,
    content,
    kind,
    known_state,
    put_area,
    put_words,
    worded,
)
from cmo.rules.keeping import Written, write
from cmo.rules.reasons import require_reason
from cmo.rules.tallying import Place
from cmo.vocabulary import Change, State
from programmes.access import Actor
from programmes.gate import clean
from programmes.models import Phase, Programme, Theme
from programmes.refusals import Stale
from programmes.rules.holding import hold_for
from programmes.rules.phasing import open_phase_of
from programmes.vocabulary import Limit, Verb


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
    rests_on: Rests = NOTHING,
) -> Statement:
    """A new statement with the next number, as revision 1, which rests on that evidence.

    Raises ValidationError (wording, if, then, because, themes, area, state, reason, rests_on) or PermissionDenied.
    """
    hold_for(programme, by=by, verb=Verb.WRITE)
    require_free_state(programme, state, by=by)
    shelf, origin = Shelf(programme), open_phase_of(programme)
    row = drawn_up(
        shelf, by=by, origin=origin, words=words, themes=themes, area=area, state=state, reason=reason, cites=cites
    )
    write(programme, by=by, rows=[row])
    cite_in(row.now, by=by, rests_on=rests_on, changed=True)
    return row.now


def drawn_up(
    shelf: Shelf,
    *,
    by: Actor,
    origin: Phase | None,
    words: Words,
    themes: Sequence[Theme],
    area: TheoryArea | None,
    state: str = State.DRAFT,
    reason: str = "",
    cites: str = "",
) -> Written:
    """A new statement, checked and ready to be written. Raises ValidationError as `state` does."""
    now = by.now()
    statement = Statement(
        programme=shelf.programme,
        state=known_state(state, allowed=(State.DRAFT, State.AGREED)),
        origin=origin,
        cites=clean(cites, field="cites", limit=Limit.TITLE, one_line=True),
        created=now,
        updated=now,
        updated_by=by.author,
    )
    put_words(statement, *worded(words, None))
    put_area(statement, area, shelf)
    carried = checked_themes(themes, held=frozenset(), shelf=shelf)
    return Written(statement, Change.NEW, clean(reason, field="reason", limit=Limit.REASON), carried)


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
    rests_on: Rests = NOTHING,
) -> Statement:
    """Change any of wording, themes, area and state of a statement, starting from its revision `base`.

    `change` may call a new wording *reworded* (the same claim, said better; the default) or *refined* (another
    claim). What is not given stays. Nothing is written when nothing changed. The new revision cites `rests_on`.
    Raises ValidationError, PermissionDenied, or Stale with the statement as it now is.
    """
    programme = statement.programme
    now, held = _seen(statement, base, by)
    if now.state != State.AGREED:
        require_free_state(programme, state, by=by)
    row = redrawn(
        now, held, Shelf(programme), words=words, themes=themes, area=area, state=state, change=change,
        reason=reason,
    )  # fmt: skip
    write(programme, by=by, rows=[row] if row else [])
    cite_in(now, by=by, rests_on=rests_on, changed=row is not None)
    return now


def redrawn(
    now: Statement,
    held: Sequence[int],
    shelf: Shelf,
    *,
    words: Words | None = None,
    themes: Sequence[Theme] | None = None,
    area: TheoryArea | Keep | None = KEEP,
    state: str | None = None,
    change: str = "",
    reason: str = "",
) -> Written | None:
    """The statement with what is given put into it, ready to be written; None when nothing changed.

    `held` are the ids of the themes it carries. Raises ValidationError as `revise` does.
    """
    reason = clean(reason, field="reason", limit=Limit.REASON)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    before, was = Place.of(now), content(now, held)
    if words:
        put_words(now, *worded(words, now))
    if not isinstance(area, Keep):
        put_area(now, area, shelf)
    if state is not None:
        now.state = known_state(state, allowed=(State.DRAFT, State.AGREED))
    carried = held if themes is None else checked_themes(themes, held=frozenset(held), shelf=shelf)
    if content(now, carried) == was:
        return None
    if content(now, carried)[0] != was[0]:
        require_reason(now.programme, reason)
    return Written(now, kind(was, content(now, carried), change), reason, carried, before, held)


@transaction.atomic
def retire(statement: Statement, *, by: Actor, base: int, reason: str = "") -> Statement:
    """Take a statement out of the working theory. Its number, page and history stay. Raises Stale and the like."""
    now, held = _seen(statement, base, by)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired already.") % {"label": now.label}})
    return _turn(now, held, by, State.RETIRED, Change.RETIRED, reason)


@transaction.atomic
def restore(
    statement: Statement, *, by: Actor, base: int, revision: int | None = None, reason: str = ""
) -> Statement:
    """Bring back the wording and themes of an older revision or, without one, a retired statement.

    Raises ValidationError (revision, area, themes), PermissionDenied, Stale.
    """
    now, held = _seen(statement, base, by)
    if now.state == State.RETIRED:
        if revision is not None and revision != base:
            said = _("Restore %(label)s first, then its older wording.")
            raise ValidationError({"revision": said % {"label": now.label}})
        last = now.revisions.exclude(state=State.RETIRED).first()
        return _turn(now, held, by, last.state if last else State.DRAFT, Change.RESTORED, reason)
    old = now.revisions.filter(number=revision).first() if revision else None
    if old is None:
        raise ValidationError({"revision": _("Say which revision to restore, between 1 and %(n)s.") % {"n": base}})
    before, was = Place.of(now), content(now, held)
    put_words(now, old.wording, old.parts, old.parts_by_hand)
    carried = as_now(old.taggings.select_related("theme__merged_into").order_by("pk"), held=frozenset(held))
    if (new := content(now, carried)) != was:
        reason = clean(reason, field="reason", limit=Limit.REASON)
        if new[0] != was[0]:
            require_reason(now.programme, reason)
        row = Written(now, Change.RESTORED, reason, carried, before, held, restores=old.number)
        write(now.programme, by=by, rows=[row])
    return now


def _seen(statement: Statement, base: int, by: Actor) -> tuple[Statement, list[int]]:
    """The statement as it is, and stays until this transaction ends, with its themes.

    PermissionDenied for whoever may not write, and where only the team's decision changes it. Stale when `base` is not
    its latest revision.
    """
    hold_for(statement.programme, by=by, verb=Verb.WRITE)
    now, held = as_it_is(statement)
    if now.revision_number != base:
        raise Stale(now, base=base)
    require_direct(now.programme, now, by=by)
    return now, held


def _turn(now: Statement, held: list[int], by: Actor, state: str, change: Change, reason: str) -> Statement:
    reason = clean(reason, field="reason", limit=Limit.REASON)
    require_free_state(now.programme, state, by=by)
    before = Place.of(now)
    now.state = State(state)
    if state != State.RETIRED and now.area_id:
        _leave_if_retired(now)
    write(now.programme, by=by, rows=[Written(now, change, reason, held, before, held)])
    return now


def _leave_if_retired(now: Statement) -> None:
    """A statement that comes back into an area retired meanwhile comes back without one: nobody would find it there."""
    area = Shelf(now.programme).area(now.area_id) if now.area_id else None
    if area is not None and area.retired:
        put_area(now, None, Shelf(now.programme))
