"""Owns the links between configurations: stated ones, and what is said about ripples, which are found.

A ripple stands wherever an element that is an outcome in one configuration is a context in another; nobody states it,
so its row is made when somebody first labels it. Ripples and most links may form loops; nesting may not.
"""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Configuration, ConfigurationElement, Element, Link
from cmo.rules.versioning import move_structure, next_numbers
from cmo.vocabulary import LinkKind, Slot, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Verb

BOTH_WAYS = frozenset({LinkKind.RIVAL, LinkKind.CONTRADICTS, LinkKind.CONTRASTS})


@transaction.atomic
def link(
    programme: Programme,
    *,
    by: Actor,
    kind: str,
    source: Configuration,
    target: Configuration,
    element: Element | None = None,
    name: str = "",
    note: str = "",
    reason: str = "",
) -> Link:
    """State a link from `source` to `target` or, for a ripple, say something about the one that is there.

    Raises ValidationError (kind, from, to, element, label, note) or PermissionDenied.
    """
    require(by, Verb.WRITE, programme)
    if kind not in LinkKind.values:
        raise ValidationError({"kind": _("Choose one of %(kinds)s.") % {"kinds": ", ".join(LinkKind.values)}})
    hold(programme)
    for field, found in (("from", source), ("to", target)):
        _raise_unless_current(programme, field, found)
    if source.pk == target.pk and kind != LinkKind.RIPPLE:
        raise ValidationError({"to": _("Link it to another configuration.")})
    if kind == LinkKind.RIPPLE:
        _raise_unless_ripple(source, target, element)
    elif element is not None:
        raise ValidationError({"element": _("Only a ripple runs through an element; leave it empty.")})
    _raise_if_stated(programme, kind, source, target, element)
    _raise_if_nested_round(programme, kind, source, target)
    now = by.now()
    made = Link(
        programme=programme, number=next_numbers(programme, "link"), kind=kind, source=source, target=target,
        element=element, created=now, updated=now, updated_by=by.person, **_words(name, note),
    )  # fmt: skip
    made.save(force_insert=True)
    _log(by, "linked", made, reason, kind=kind, name=made.name)
    return made


@transaction.atomic
def relabel_link(
    stated: Link, *, by: Actor, base: int, name: str | None = None, note: str | None = None, reason: str = ""
) -> Link:
    """Change what stands at the arrow or the note; what is not given stays. Raises ValidationError, Stale."""
    require(by, Verb.WRITE, stated.programme)
    now = _seen(stated, base)
    if now.retired:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    new = _words(now.name if name is None else name, now.note if note is None else note)
    if new == {"name": now.name, "note": now.note}:
        return now
    before = now.name
    _swap(now, by, base, **new)
    _log(by, "link described", now, reason, before=before, after=now.name)
    return now


@transaction.atomic
def turn_link(stated: Link, *, by: Actor, base: int, retired: bool, reason: str = "") -> Link:
    """Take a link out, or bring it back. A ripple goes on as long as its element stands where it stands."""
    require(by, Verb.WRITE, stated.programme)
    now = _seen(stated, base)
    if now.retired == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    if not retired:
        for field, found in (("from", now.source), ("to", now.target)):
            _raise_unless_current(now.programme, field, found)
        _raise_if_stated(now.programme, now.kind, now.source, now.target, now.element)
        _raise_if_nested_round(now.programme, now.kind, now.source, now.target)
    _swap(now, by, base, retired=retired)
    _log(by, "link retired" if retired else "link restored", now, reason)
    return now


def _words(name: str, note: str) -> dict[str, str]:
    return {
        "name": clean(name, field="label", limit=Limit.TITLE, one_line=True),
        "note": clean(note, field="note", limit=Limit.LONG),
    }


def _raise_unless_current(programme: Programme, field: str, found: Configuration) -> None:
    now = Configuration.objects.filter(pk=found.pk, programme=programme).first()
    if now is None:
        raise ValidationError({field: _("There is no such configuration in this programme.")})
    if now.state == State.RETIRED:
        raise ValidationError({field: _("%(label)s is retired; restore it first.") % {"label": now.label}})


def _raise_unless_ripple(source: Configuration, target: Configuration, element: Element | None) -> None:
    if element is None:
        raise ValidationError({"element": _("Name the element that is an outcome in one and a context in the other.")})
    ends = ((source, Slot.OUTCOME), (target, Slot.CONTEXT))
    for configuration, role in ends:
        standing = ConfigurationElement.objects.filter(configuration=configuration, element=element, role=role)
        if not standing.exists():
            said = _("%(element)s is no %(role)s of %(label)s, so nothing ripples there.")
            given = {"element": element.label, "role": role.value, "label": configuration.label}
            raise ValidationError({"element": said % given})


def _raise_if_stated(
    programme: Programme, kind: str, source: Configuration, target: Configuration, element: Element | None
) -> None:
    """A link that means the same both ways is stated once."""
    ways = [(source, target)] + ([(target, source)] if kind in BOTH_WAYS else [])
    for one, other in ways:
        found = Link.objects.filter(programme=programme, kind=kind, source=one, target=other, retired=False)
        if first := found.filter(element=element).first():
            said = _("%(link)s says this already; change it there.") % {"link": first.label}
            raise ValidationError({"to": said})


def _raise_if_nested_round(programme: Programme, kind: str, source: Configuration, target: Configuration) -> None:
    """Nothing is nested in itself, at any distance. Configurations out of use count too: they may come back."""
    if kind != LinkKind.NESTED:
        return
    outer: dict[int, set[int]] = defaultdict(set)
    stated = Link.objects.filter(programme=programme, kind=LinkKind.NESTED, retired=False)
    for inside, around in stated.values_list("source_id", "target_id"):
        outer[inside].add(around)
    seen, ahead = set(), [target.pk]
    while ahead:
        at = ahead.pop()
        if at == source.pk:
            said = _("%(target)s is nested in %(source)s already, at once or by way of others; it cannot be both ways.")
            raise ValidationError({"to": said % {"target": target.label, "source": source.label}})
        if at not in seen:
            seen.add(at)
            ahead.extend(outer[at])


def _seen(stated: Link, base: int) -> Link:
    hold(stated.programme)
    now = Link.objects.select_related("programme", "source", "target", "element").get(pk=stated.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _swap(now: Link, by: Actor, base: int, **new: Any) -> None:
    at = by.now()
    moved = Link.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=at, updated_by=by.person
    )
    if not moved:
        raise Stale(Link.objects.select_related("programme").get(pk=now.pk), base=base)
    now.refresh_from_db()


def _log(by: Actor, verb: str, made: Link, reason: str, **detail: Any) -> None:
    move_structure(made.programme)
    ends = {"from": made.source.label, "to": made.target.label}
    record(
        by, verb, made.label, programme=made.programme, revision=made.revision_number,
        reason=clean(reason, field="reason", limit=Limit.REASON), **detail, **ends,
    )  # fmt: skip
