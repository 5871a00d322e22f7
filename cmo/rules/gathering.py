"""Owns what gathers configurations: rival groups with their verdict, and demi-regularities."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Configuration, DemiRegularity, Element, RivalGroup
from cmo.rules.versioning import next_numbers
from cmo.vocabulary import Kind, RivalVerdict, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

MOST_MEMBERS = 200
PATTERN = ("text", "moderators", "boundaries", "counterexamples")


@transaction.atomic
def gather_rivals(
    programme: Programme,
    *,
    by: Actor,
    title: str,
    members: Sequence[Configuration] = (),
    outcome: Element | None = None,
    verdict: str = RivalVerdict.OPEN,
    favoured: Configuration | None = None,
    rationale: str = "",
    reason: str = "",
) -> RivalGroup:
    """A group of configurations that explain one outcome differently.

    A verdict other than *open* needs its rationale, *one* the favoured member.
    Raises ValidationError (title, outcome, configurations, verdict, favoured, rationale), PermissionDenied.
    """
    require(by, Verb.WRITE, programme)
    hold(programme)
    now = by.now()
    group = RivalGroup(programme=programme, created=now, updated=now, updated_by=by.person)
    joined = _members(programme, members, held=())
    _put_rivals(group, joined, title=title, outcome=outcome, verdict=verdict, favoured=favoured, rationale=rationale)
    group.number = next_numbers(programme, "rival group")
    group.save(force_insert=True)
    group.members.set(joined)
    _log(by, "rivals gathered", group, reason, verdict=group.verdict, members=_labels(joined))
    return group


@transaction.atomic
def revise_rivals(group: RivalGroup, *, by: Actor, base: int, reason: str = "", **given: Any) -> RivalGroup:
    """Change any of what `gather_rivals` takes; what is not given stays. Raises ValidationError, Stale."""
    require(by, Verb.WRITE, group.programme)
    now: RivalGroup = _seen(RivalGroup, group, base)
    held = list(now.members.order_by("number"))
    fields = ("title", "outcome", "verdict", "favoured", "rationale")
    was = ([getattr(now, field) for field in fields], held)
    joined = _members(now.programme, given.get("members", held), held=[one.pk for one in held])
    verdict = now.verdict
    _put_rivals(now, joined, **{field: given.get(field, getattr(now, field)) for field in fields})
    if ([getattr(now, field) for field in fields], joined) == was:
        return now
    _swap(now, by, base, **{field: getattr(now, field) for field in fields})
    now.members.set(joined)
    _log(by, "rivals changed", now, reason, before=verdict, after=now.verdict, members=_labels(joined))
    return now


@transaction.atomic
def note_pattern(
    programme: Programme, *, by: Actor, members: Sequence[Configuration] = (), reason: str = "", **words: str
) -> DemiRegularity:
    """A demi-regularity over several configurations; `words` are any of PATTERN, of which `text` is required."""
    require(by, Verb.WRITE, programme)
    hold(programme)
    now = by.now()
    pattern = DemiRegularity(programme=programme, created=now, updated=now, updated_by=by.person)
    joined = _members(programme, members, held=())
    _put_pattern(pattern, {"text": "", **words})
    pattern.number = next_numbers(programme, "demi-regularity")
    pattern.save(force_insert=True)
    pattern.members.set(joined)
    _log(by, "pattern noted", pattern, reason, text=pattern.text, members=_labels(joined))
    return pattern


@transaction.atomic
def revise_pattern(
    pattern: DemiRegularity,
    *,
    by: Actor,
    base: int,
    members: Sequence[Configuration] | None = None,
    reason: str = "",
    **words: str,
) -> DemiRegularity:
    """Change any of a demi-regularity's words and members; what is not given stays. Raises ValidationError, Stale."""
    require(by, Verb.WRITE, pattern.programme)
    now: DemiRegularity = _seen(DemiRegularity, pattern, base)
    held = list(now.members.order_by("number"))
    was = ({word: getattr(now, word) for word in PATTERN}, held)
    joined = held if members is None else _members(now.programme, members, held=[one.pk for one in held])
    _put_pattern(now, words)
    new = {word: getattr(now, word) for word in PATTERN}
    if (new, joined) == was:
        return now
    _swap(now, by, base, **new)
    now.members.set(joined)
    _log(by, "pattern changed", now, reason, before=was[0], after=new, members=_labels(joined))
    return now


@transaction.atomic
def turn_gathering(
    found: RivalGroup | DemiRegularity, *, by: Actor, base: int, retired: bool, reason: str = ""
) -> RivalGroup | DemiRegularity:
    """Retire a rival group or a demi-regularity, or bring it back."""
    require(by, Verb.WRITE, found.programme)
    now: RivalGroup | DemiRegularity = _seen(type(found), found, base, retired_too=True)
    if now.retired == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    _swap(now, by, base, retired=retired)
    what = "rivals" if isinstance(found, RivalGroup) else "pattern"
    _log(by, f"{what} retired" if retired else f"{what} restored", now, reason)
    return now


def _put_rivals(
    group: RivalGroup,
    members: Sequence[Configuration],
    *,
    title: str,
    outcome: Element | None,
    verdict: str,
    favoured: Configuration | None,
    rationale: str,
) -> None:
    group.title = clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True)
    group.rationale = clean(rationale, field="rationale", limit=Limit.LONG)
    if outcome is not None and (outcome.programme_id != group.programme_id):
        raise ValidationError({"outcome": _("There is no such element in this programme.")})
    if outcome is not None and outcome.kind not in {Kind.OUTCOME, Kind.UNSURE}:
        said = _("%(label)s is no outcome; retype it, or name another.") % {"label": outcome.label}
        raise ValidationError({"outcome": said})
    if verdict not in RivalVerdict.values:
        said = _("Choose one of %(verdicts)s.") % {"verdicts": ", ".join(RivalVerdict.values)}
        raise ValidationError({"verdict": said})
    if verdict != RivalVerdict.OPEN and not group.rationale:
        raise ValidationError({"rationale": _("Give the reason of the verdict.")})
    if (verdict == RivalVerdict.ONE) != (favoured is not None):
        said = _("Name the configuration that explains it better, for this verdict alone.")
        raise ValidationError({"favoured": said})
    if favoured is not None and favoured not in members:
        raise ValidationError({"favoured": _("%(label)s is not in the group.") % {"label": favoured.label}})
    group.outcome, group.verdict, group.favoured = outcome, verdict, favoured


def _put_pattern(pattern: DemiRegularity, words: dict[str, str]) -> None:
    for word, text in words.items():
        setattr(pattern, word, clean(text, field=word, limit=Limit.LONG, required=word == "text"))


def _members(programme: Programme, members: Sequence[Configuration], *, held: Sequence[int]) -> list[Configuration]:
    wanted = {one.pk for one in members}
    if len(wanted) > MOST_MEMBERS:
        raise ValidationError({"configurations": _("Name at most %(n)s configurations.") % {"n": MOST_MEMBERS}})
    found = list(Configuration.objects.filter(programme=programme, pk__in=wanted).order_by("number"))
    if len(found) < len(wanted):
        raise ValidationError({"configurations": _("There is no such configuration in this programme.")})
    for one in found:
        if one.state == State.RETIRED and one.pk not in held:
            said = _("%(label)s is retired; choose another or restore it.") % {"label": one.label}
            raise ValidationError({"configurations": said})
    return found


def _labels(members: Sequence[Configuration]) -> list[str]:
    return [one.label for one in members]


def _seen(model: Any, found: Any, base: int, *, retired_too: bool = False) -> Any:
    hold(found.programme)
    now = model.objects.select_related("programme").get(pk=found.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    if now.retired and not retired_too:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    return now


def _swap(now: Any, by: Actor, base: int, **new: Any) -> None:
    at = by.now()
    moved = type(now).objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=at, updated_by=by.person
    )
    if not moved:
        raise Stale(type(now).objects.select_related("programme").get(pk=now.pk), base=base)
    now.refresh_from_db()


def _log(by: Actor, verb: str, made: Any, reason: str, **detail: Any) -> None:
    record(
        by, verb, made.label, programme=made.programme, revision=made.revision_number,
        reason=clean(reason, field="reason", limit=Limit.REASON), **detail,
    )  # fmt: skip
