"""Owns configurations: the only rules that change their elements, words, statements, area and state.

Everything may be missing: a dyad is a configuration, and so is a sentence whose elements are still to be found.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import (
    Configuration,
    Statement,
    TheoryArea,
)
from cmo.rules.agreeing import require_direct, require_free_state
from cmo.rules.citing import NOTHING, Rests, cite_in
from cmo.rules.composing import KEEP, Keep, Shelf, known_state
from cmo.rules.making_up import (
    CONFIGURATIONS,
    WORDS,
    change_of,
    content,
    make_up,
    put_area,
    put_words,
    spelled_out,
    stood,
)
from cmo.rules.reasons import require_reason
from cmo.rules.standing import MakeUp, Placed, Standing, put_standing
from cmo.rules.versioning import Version
from cmo.vocabulary import Change, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.phasing import open_phase_of
from programmes.vocabulary import Limit, Verb


@transaction.atomic
def configure(
    programme: Programme,
    *,
    by: Actor,
    words: dict[str, str] | None = None,
    elements: Sequence[Placed] = (),
    statements: Sequence[Statement] = (),
    area: TheoryArea | None = None,
    state: str = State.DRAFT,
    reason: str = "",
    rests_on: Rests = NOTHING,
) -> Configuration:
    """A new configuration with the next number, as revision 1; elements given by text are made with it.

    `words` are any of WORDS. Raises ValidationError (each word, elements, statements, area, state, reason) or
    PermissionDenied.
    """
    require(by, Verb.WRITE, programme)
    require_free_state(programme, state, by=by)
    hold(programme)
    shelf = Shelf(programme)
    now = Configuration(programme=programme, origin=open_phase_of(programme))
    put_words(now, words or {})
    put_area(now, area, shelf)
    now.state = known_state(state, allowed=(State.DRAFT, State.AGREED))
    reason = clean(reason, field="reason", limit=Limit.REASON)
    hung = MakeUp(put_standing(shelf, by, elements, held=(), reason=reason), spelled_out(programme, statements))
    CONFIGURATIONS.write(programme, by=by, rows=[Version(now, Change.NEW, reason, hung)])
    cite_in(now, by=by, rests_on=rests_on, changed=True)
    return now


@transaction.atomic
def revise_configuration(
    configuration: Configuration,
    *,
    by: Actor,
    base: int,
    words: dict[str, str] | None = None,
    elements: Sequence[Placed] | None = None,
    statements: Sequence[Statement] | None = None,
    area: TheoryArea | Keep | None = KEEP,
    state: str | None = None,
    reason: str = "",
    rests_on: Rests = NOTHING,
) -> Configuration:
    """Change any of a configuration's words, elements (all of them, in order), statements, area and state.

    What is not given stays; nothing is written when nothing changed. The new revision cites `rests_on`.
    Raises ValidationError, PermissionDenied, or Stale with the configuration as it now is.
    """
    programme = configuration.programme
    require(by, Verb.WRITE, programme)
    now = _seen(configuration, base, by)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    if now.state != State.AGREED:
        require_free_state(programme, state, by=by)
    held, shelf = make_up(now), Shelf(programme)
    was = content(now, held)
    put_words(now, words or {})
    if not isinstance(area, Keep):
        put_area(now, area, shelf)
    if state is not None:
        now.state = known_state(state, allowed=(State.DRAFT, State.AGREED))
    reason = clean(reason, field="reason", limit=Limit.REASON)
    hung = held
    if elements is not None:
        hung = replace(hung, standing=put_standing(shelf, by, elements, held=held.standing, reason=reason))
    if statements is not None:
        hung = replace(hung, statements=spelled_out(programme, statements, held=held.statements))
    if (new := content(now, hung)) != was:
        if new[:2] != was[:2]:
            require_reason(programme, reason)
        CONFIGURATIONS.write(programme, by=by, rows=[Version(now, change_of(was, new), reason, hung, held)])
    cite_in(now, by=by, rests_on=rests_on, changed=new != was)
    return now


@transaction.atomic
def turn_configuration(
    configuration: Configuration, *, by: Actor, base: int, retired: bool, reason: str = ""
) -> Configuration:
    """Take a configuration out of the working theory, or bring a retired one back; its elements stay as they are."""
    require(by, Verb.WRITE, configuration.programme)
    now = _seen(configuration, base, by)
    if (now.state == State.RETIRED) == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    held = make_up(now)
    if not retired:
        _raise_if_retired(held.standing)
        area = Shelf(now.programme).area(now.area_id) if now.area_id else None
        if area is not None and area.retired:
            now.area = None  # nobody would find it there
    last = None if retired else now.revisions.exclude(state=State.RETIRED).first()
    now.state = State.RETIRED if retired else State(last.state) if last else State.DRAFT
    require_free_state(now.programme, now.state, by=by)
    change = Change.RETIRED if retired else Change.RESTORED
    reason = clean(reason, field="reason", limit=Limit.REASON)
    CONFIGURATIONS.write(now.programme, by=by, rows=[Version(now, change, reason, held, held)])
    return now


@transaction.atomic
def restore_configuration(
    configuration: Configuration, *, by: Actor, base: int, revision: int, reason: str = ""
) -> Configuration:
    """Bring back the words, elements and statements of an older revision; area and state stay as they are.

    An element that was retired since is left out, as it may not join. Raises ValidationError (revision), Stale.
    """
    require(by, Verb.WRITE, configuration.programme)
    now = _seen(configuration, base, by)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    old = now.revisions.filter(number=revision).first()
    if old is None:
        raise ValidationError({"revision": _("Say which revision to restore, between 1 and %(n)s.") % {"n": base}})
    held = make_up(now)
    was = content(now, held)
    for word in WORDS:
        setattr(now, word, getattr(old, word))
    standing = tuple(one for one in stood(old.placings) if one.element.state != State.RETIRED)
    spelled = tuple(sorted(old.spellings.values_list("statement_id", flat=True)))
    hung = MakeUp(standing, spelled)
    if (new := content(now, hung)) != was:
        reason = clean(reason, field="reason", limit=Limit.REASON)
        if new[:2] != was[:2]:
            require_reason(now.programme, reason)
        row = Version(now, Change.RESTORED, reason, hung, held, restores=revision)
        CONFIGURATIONS.write(now.programme, by=by, rows=[row])
    return now


def _seen(configuration: Configuration, base: int, by: Actor) -> Configuration:
    hold(configuration.programme)
    now = Configuration.objects.select_related("area").get(pk=configuration.pk)
    now.programme = configuration.programme
    if now.revision_number != base:
        raise Stale(now, base=base)
    require_direct(now.programme, now, by=by)
    return now


def _raise_if_retired(standing: Sequence[Standing]) -> None:
    gone = [one.element.label for one in standing if one.element.state == State.RETIRED]
    if gone:
        said = _("%(labels)s was retired meanwhile; restore it first.")
        raise ValidationError({"elements": said % {"labels": ", ".join(gone)}})
