"""Owns verdicts: what a member, and at last the team, finds about a record in the phase that is open.

Each member may hold one of their own on each record and phase, whatever the others hold; a lead states the team's. Both
may change while the phase is open, and every version of them stays. The log tells of each and repeats no rationale.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cmo.models import (
    Bearing,
    Configuration,
    ConfigurationElement,
    ConfigurationStatement,
    Statement,
    Verdict,
    VerdictBearing,
    VerdictRevision,
)
from cmo.phase_words import Verdict as Found
from cmo.reading.elements import number_in
from cmo.reading.lineage import family_of
from cmo.rules.evidencing import raise_if_out_of_use
from cmo.rules.versioning import move_structure, next_numbers
from programmes.access import Actor, require, sees_evidence
from programmes.gate import clean, is_blank
from programmes.models import Phase
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import record as log
from programmes.rules.recording import seal
from programmes.vocabulary import Limit, PhaseState, Verb

Record = Statement | Configuration
MOST_BEARINGS = 200


@transaction.atomic
def judge(
    record: Record,
    *,
    by: Actor,
    verdict: str,
    rationale: str = "",
    bearings: Sequence[str] = (),
    phase: Phase | None = None,
    team: bool = False,
) -> Verdict:
    """A verdict of one's own, or with `team` (a lead) the team's, on a record in `phase`, or in the one that is open.

    `bearings` are labels (B3) of what it rests on: what bears on this record, or on what is linked to it (see
    `_near`). Raises ValidationError (phase, verdict, rationale, bearings; record when there is one already),
    PermissionDenied.
    """
    programme = record.programme
    require(by, Verb.MANAGE if team else Verb.COMMENT, programme)
    hold(programme)
    now = type(record)._default_manager.get(pk=record.pk)
    given, rests = _said(verdict, rationale), _bearings(now, by, bearings)
    phase = _open(phase or open_phase_of(programme))
    on = {"statement" if isinstance(record, Statement) else "configuration": now}
    mine: dict[str, Any] = {} if team else {"by": by.person}
    held = Verdict.objects.filter(phase=phase, team=team, **on, **mine).first()
    if held is not None:
        said = _("There is a verdict already; change %(label)s.") % {"label": held.label}
        raise ValidationError({"record": said})
    at = by.now()
    made = Verdict(
        programme=programme, phase=phase, team=team, by=by.person, created=at, updated=at,
        made_against=now.revision_number, **on, **given,
    )  # fmt: skip
    made.number = next_numbers(programme, "verdict")
    made.save(force_insert=True)
    _keep(made, by, "verdict stated" if team else "verdict recorded", rests)
    return made


@transaction.atomic
def judge_again(
    verdict: Verdict,
    *,
    by: Actor,
    base: int,
    found: str | None = None,
    rationale: str | None = None,
    bearings: Sequence[str] | None = None,
) -> Verdict:
    """Change one's own verdict, or as a lead the team's, while its phase is open. It is made against the record as it
    now is. Raises ValidationError (phase, verdict, rationale), Stale, PermissionDenied."""
    require(by, Verb.MANAGE if verdict.team else Verb.COMMENT, verdict.programme)
    hold(verdict.programme)
    now = Verdict.objects.select_related("programme", "phase", "statement", "configuration", "by").get(pk=verdict.pk)
    if not now.team and now.by_id != by.person.pk:
        raise PermissionDenied(_("Only the one who holds a verdict changes it; record one of your own."))
    if now.revision_number != base:
        raise Stale(now, base=base)
    _open(now.phase)
    given = _said(found if found is not None else now.verdict, now.rationale if rationale is None else rationale)
    record = now.statement or now.configuration
    against = record.revision_number if record else now.made_against
    held = _resting(now)
    rests = held if bearings is None or record is None else _bearings(record, by, bearings, held=held)
    same = all(getattr(now, name) == value for name, value in given.items()) and now.made_against == against
    if same and {one.pk for one in rests} == {one.pk for one in held}:
        return now
    moved = Verdict.objects.filter(pk=now.pk, revision_number=base).update(
        **given, made_against=against, by=by.person, updated=by.now(), revision_number=base + 1
    )
    if not moved:
        raise Stale(now, base=base)
    after = Verdict.objects.select_related("programme", "phase", "statement", "configuration", "by").get(pk=now.pk)
    _keep(after, by, "verdict changed", rests)
    return after


def _open(phase: Phase | None) -> Phase:
    """The phase, read under the lock. Raises ValidationError (phase) when it is not open."""
    now = Phase.objects.filter(pk=phase.pk).first() if phase else None
    if now is None:
        raise ValidationError({"phase": _("No phase is open; a lead opens one before verdicts are recorded.")})
    if now.state != PhaseState.OPEN:
        said = _("%(phase)s is not open; verdicts are recorded while a phase is. A lead can open it again.")
        raise ValidationError({"phase": said % {"phase": now.title}})
    return now


def _said(verdict: str, rationale: str) -> dict[str, str]:
    if verdict not in Found.values:
        raise ValidationError({"verdict": _("Choose one of %(known)s.") % {"known": ", ".join(Found.values)}})
    text = clean(rationale, field="rationale", limit=Limit.LONG)
    if is_blank(text) and verdict != Found.NOT_TESTED:
        raise ValidationError({"rationale": _("Say why this is the verdict; ticking evidence is not enough.")})
    return {"verdict": verdict, "rationale": text}


def _bearings(
    record: Record, by: Actor, labels: Sequence[str], *, held: Sequence[Bearing] = ()
) -> list[Bearing]:
    """The bearings with these labels, by number; `held` may stay whatever they bear on. Raises ValidationError
    (bearings), also for a member who sees none."""
    programme = record.programme
    if len(labels) > MOST_BEARINGS:
        raise ValidationError({"bearings": _("Name at most %(n)s bearings.") % {"n": MOST_BEARINGS}})
    numbers = {number_in("B", label, field="bearings") for label in labels}
    sees = bool(numbers) and sees_evidence(by, programme)
    beside = Bearing.objects.of(programme).select_related("excerpt__source")
    found = list(beside.filter(number__in=numbers, retired=False)) if sees else []
    if missing := sorted(numbers - {one.number for one in found}):
        said = _("There is no bearing B%(n)s in this programme.")
        raise ValidationError({"bearings": said % {"n": missing[0]}})
    keys = [one.pk for one in found]
    near = {one.pk for one in held}
    if found:
        family = [record, *(one.record for one in family_of(record).ancestors)]
        near.update(Bearing.objects.filter(_near(family), pk__in=keys).values_list("pk", flat=True))
    stays = {one.pk for one in held}
    for one in found:
        if one.pk not in stays:
            raise_if_out_of_use(one.excerpt, field="bearings")
        if one.pk not in near:
            said = _("%(bearing)s does not bear on %(label)s, nor on what it came from or is linked to.")
            raise ValidationError({"bearings": said % {"bearing": one.label, "label": record.label}})
    return found


def _near(family: Sequence[Record]) -> Q:
    """What bears on a record, on those that it came from, or on what is linked to them: a statement's configurations;
    a configuration's statements, and its elements wherever else they stand."""
    keys = [one.pk for one in family]
    if isinstance(family[0], Statement):
        told = ConfigurationStatement.objects.filter(statement__in=keys)
        return Q(statement__in=keys) | Q(configuration__in=told.values("configuration"))
    elements = ConfigurationElement.objects.filter(configuration__in=keys).values("element")
    spelled = ConfigurationStatement.objects.filter(configuration__in=keys)
    return Q(configuration__in=keys) | Q(statement__in=spelled.values("statement")) | Q(element__in=elements)


def _resting(now: Verdict) -> list[Bearing]:
    return list(Bearing.objects.filter(verdicts__revision__of=now, verdicts__revision__number=now.revision_number))


def _keep(now: Verdict, by: Actor, verb: str, rests: Sequence[Bearing]) -> None:
    revision = VerdictRevision.objects.create(
        of=now, number=now.revision_number, verdict=now.verdict, rationale=now.rationale,
        made_against=now.made_against, author=by.person, at=now.updated,
    )  # fmt: skip
    VerdictBearing.objects.bulk_create(VerdictBearing(revision=revision, bearing=one) for one in rests)
    move_structure(now.programme)  # records show the team's verdicts beside their own words
    record = now.statement or now.configuration
    sealed = seal_of(revision, [one.number for one in rests])
    log(
        by, verb, f"verdict {now.number}", programme=now.programme, seals=sealed, revision=revision.number,
        of=record.label if record else "", phase=now.phase.slug, verdict=now.verdict,
    )  # fmt: skip


def seal_of(revision: VerdictRevision, bearings: Iterable[int]) -> str:
    """What the log keeps of a revision: its row, and the numbers of the bearings that it rests on."""
    return seal(revision, bearings=sorted(bearings))
