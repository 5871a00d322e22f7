"""Owns bearings: the only rules that link an excerpt to a claim, change what is said of it, confirm and retire it.

Editors and leads link. A bearing remembers which revision of its claim was judged; when the claim says something else
since, it stays and is shown as stale until somebody confirms it again.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.evidence_words import ClaimPart, Join, Stance
from cmo.models import Bearing, Configuration, ConfigurationElement, Element, Excerpt, Statement
from cmo.rules.chronicling import BEARINGS, Row
from cmo.vocabulary import State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.sourcing import known_grade
from programmes.vocabulary import EvidenceChange, Limit, Verb


@dataclass(frozen=True, slots=True)
class On:
    """What an excerpt bears on: a statement or a part of it, a configuration, one element in it or one join of it."""

    record: Statement | Configuration
    part: str = ""  # if, then or because, of a statement
    element: Element | None = None  # of a configuration
    join: str = ""  # C-M or M-O, of a configuration

    @property
    def label(self) -> str:
        """S5, CMO3, CMO3/E12 or CMO3/C-M; the part of a statement is said beside."""
        below = self.element.label if self.element else self.join
        return f"{self.record.label}/{below}" if below else self.record.label


def on_of(bearing: Bearing) -> On:
    """What a bearing is on; with its statement, configuration and element at hand it asks nothing."""
    record = bearing.statement or bearing.configuration
    assert record is not None
    return On(record, bearing.part, bearing.element, bearing.join)


@transaction.atomic
def link_excerpt(
    excerpt: Excerpt,
    *,
    by: Actor,
    on: On,
    stance: str,
    note: str = "",
    inferred: bool = False,
    confidence: str = "",
    confidence_reason: str = "",
    made_against: int | None = None,
    reason: str = "",
) -> Bearing:
    """Say how an excerpt bears on a claim, as revision 1 of a new bearing.

    `made_against` is the revision of the claim that was read, the present one when left out. Raises ValidationError
    (excerpt, on, part, stance, note, confidence, confidence_reason, made_against), PermissionDenied.
    """
    programme = excerpt.programme
    require(by, Verb.EVIDENCE, programme)
    hold(programme)
    found = Excerpt.objects.select_related("source").filter(programme=programme, pk=excerpt.pk).first()
    if found is None or on.record.programme_id != programme.pk:
        raise ValidationError({"on": _("There is no %(label)s in this programme.") % {"label": on.label}})
    raise_if_out_of_use(found)
    claim = _claim_now(on)
    _check_place(on, claim)
    now = Bearing(
        programme=programme, excerpt=found, part=on.part, element=on.element, join=on.join, author=by.person,
        statement=claim if isinstance(claim, Statement) else None,
        configuration=claim if isinstance(claim, Configuration) else None,
        judged=by.now(), made_against=_read(claim, made_against),
    )  # fmt: skip
    _put(
        now, stance=stance, note=note, inferred=inferred, confidence=confidence, confidence_reason=confidence_reason
    )
    _raise_if_linked(now)
    why = clean(reason, field="reason", limit=Limit.REASON)
    BEARINGS.write(programme, by=by, rows=[Row(now, EvidenceChange.NEW, why)])
    return now


@transaction.atomic
def change_bearing(bearing: Bearing, *, by: Actor, base: int, reason: str = "", **said: Any) -> Bearing:
    """Change any of stance, note, inferred, confidence and its reason, from revision `base` of the bearing.

    With `made_against` it says which revision of the claim was judged anew; without, that stays. What it bears on never
    changes. Raises ValidationError, PermissionDenied, Stale.
    """
    now = _seen(bearing, by, base)
    if now.retired:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    raise_if_out_of_use(now.excerpt)
    was = _content(now)
    anew = said.pop("made_against", None)
    if anew is not None:
        now.made_against, now.judged = _read(_claim_now(on_of(now)), anew), by.now()
    _put(now, **said)
    why = clean(reason, field="reason", limit=Limit.REASON)
    if _content(now) != was:
        _write(now, by, EvidenceChange.EDITED, why)
    return now


@transaction.atomic
def confirm_bearing(bearing: Bearing, *, by: Actor, base: int, seen: int | None = None, reason: str = "") -> Bearing:
    """Say that a bearing still holds for its claim as that now stands.

    `seen` is the revision of the claim that was read; where the claim moved on meanwhile, ValidationError (seen).
    """
    now = _seen(bearing, by, base)
    if now.retired:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    raise_if_out_of_use(now.excerpt)
    claim = _claim_now(on_of(now))
    if seen is not None and seen != claim.revision_number:
        said = _("%(label)s was changed meanwhile; read it again, then confirm.")
        raise ValidationError({"seen": said % {"label": claim.label}})
    now.made_against, now.judged = claim.revision_number, by.now()
    _write(now, by, EvidenceChange.CONFIRMED, clean(reason, field="reason", limit=Limit.REASON))
    return now


@transaction.atomic
def turn_bearing(bearing: Bearing, *, by: Actor, base: int, retired: bool, reason: str = "") -> Bearing:
    """Take a link out of use, or bring it back. Raises ValidationError (state), PermissionDenied, Stale."""
    now = _seen(bearing, by, base)
    if now.retired == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    now.retired = retired
    if not retired:
        raise_if_out_of_use(now.excerpt)
        _raise_if_linked(now)
    change = EvidenceChange.RETIRED if retired else EvidenceChange.RESTORED
    _write(now, by, change, clean(reason, field="reason", limit=Limit.REASON))
    return now


def _write(now: Bearing, by: Actor, change: EvidenceChange, why: str) -> None:
    BEARINGS.write(now.programme, by=by, rows=[Row(now, change, why, held=())])


def _seen(bearing: Bearing, by: Actor, base: int) -> Bearing:
    require(by, Verb.EVIDENCE, bearing.programme)
    hold(bearing.programme)
    beside = ("programme", "excerpt__source", "statement", "configuration", "element")
    now = Bearing.objects.select_related(*beside).get(pk=bearing.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def raise_if_out_of_use(excerpt: Excerpt, *, field: str = "excerpt") -> None:
    """Nothing new rests on what was retired or taken out. Raises ValidationError (field)."""
    if not excerpt.text:
        raise ValidationError({field: _("The words of %(label)s were taken out for good.") % {"label": excerpt.label}})
    for one in (excerpt, excerpt.source):
        if one.retired:
            raise ValidationError({field: _("%(label)s is retired; restore it first.") % {"label": one.label}})


def _claim_now(on: On) -> Statement | Configuration:
    """The claim as it stands under the lock. Raises ValidationError (on) when it is retired."""
    model: Any = type(on.record)
    now: Statement | Configuration = model.objects.select_related("programme").get(pk=on.record.pk)
    if now.state == State.RETIRED:
        raise ValidationError({"on": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    return now


def _check_place(on: On, claim: Statement | Configuration) -> None:
    if on.part and on.part not in ClaimPart.values:
        said = _("Choose one of %(choices)s, or leave it empty.") % {"choices": ", ".join(ClaimPart.values)}
        raise ValidationError({"part": said})
    if on.join and on.join not in Join.values:
        raise ValidationError({"on": _("Name a join as %(joins)s.") % {"joins": ", ".join(Join.values)}})
    if isinstance(claim, Statement):
        if on.element is not None or on.join:
            raise ValidationError({"on": _("A statement has no elements and joins; name its part.")})
        return
    if on.part:
        raise ValidationError({"part": _("Only a statement has parts; name an element or a join after a slash.")})
    if on.element is not None and on.join:
        raise ValidationError({"on": _("Name one element or one join.")})
    placed = ConfigurationElement.objects.filter(configuration=claim, element=on.element)
    if on.element is not None and not placed.exists():
        said = _("%(element)s does not stand in %(label)s.") % {"element": on.element.label, "label": claim.label}
        raise ValidationError({"on": said})


def _read(claim: Statement | Configuration, given: int | None) -> int:
    now = claim.revision_number
    if given is None:
        return now
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= now:
        said = _("Say which revision of %(label)s you read, between 1 and %(n)s.")
        raise ValidationError({"made_against": said % {"label": claim.label, "n": now}})
    return given


def _put(now: Bearing, **said: Any) -> None:
    if "stance" in said:
        if said["stance"] not in Stance.values:
            choices = ", ".join(Stance.values)
            raise ValidationError({"stance": _("Choose one of %(choices)s.") % {"choices": choices}})
        now.stance = said["stance"]
    if "note" in said:
        now.note = clean(said["note"], field="note", limit=Limit.LONG)
    if "inferred" in said:
        if not isinstance(said["inferred"], bool):
            raise ValidationError({"inferred": _("Say yes or no.")})
        now.inferred = said["inferred"]
    if "confidence" in said:
        now.confidence = known_grade(said["confidence"], field="confidence")
    if "confidence_reason" in said:
        now.confidence_reason = clean(said["confidence_reason"], field="confidence_reason", limit=Limit.REASON)


def _raise_if_linked(now: Bearing) -> None:
    """One person links a passage to the same place once; another may judge it otherwise."""
    same = Bearing.objects.filter(
        excerpt=now.excerpt, statement=now.statement, configuration=now.configuration, element=now.element,
        part=now.part, join=now.join, author_id=now.author_id, retired=False,
    ).exclude(pk=now.pk)  # fmt: skip
    if other := same.first():
        said = _("%(label)s links this excerpt to the same place already; change that.")
        raise ValidationError({"on": said % {"label": other.label}})


def _content(now: Bearing) -> tuple[Any, ...]:
    return (now.stance, now.note, now.inferred, now.confidence, now.confidence_reason, now.made_against, now.judged)
