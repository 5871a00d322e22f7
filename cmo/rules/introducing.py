"""Owns elements: the only rules that change their text, kind, traits, themes and state."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.folding import fold, sameness
from cmo.models import Element, ElementRevision, ElementRevisionTheme, ElementTheme
from cmo.rules.agreeing import require_direct, require_free_state
from cmo.rules.composing import Shelf, as_now, checked_themes, known_state
from cmo.rules.indexing import element_entry
from cmo.rules.reasons import require_reason
from cmo.rules.versioning import Version, Versioned
from cmo.vocabulary import TRAITS, Change, Kind, State
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme, Theme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.indexing import Entry as Found
from programmes.vocabulary import Limit, Verb

Themes = Sequence[int]  # ids, in their order


class _Elements(Versioned[Element, Themes]):
    counter, record, revision, owner = "element", Element, ElementRevision, "element"
    fields = ("kind", "text", *TRAITS, "formal_theory", "state")
    kept = ("folded", "sameness")

    def hang(self, row: Version[Element, Themes]) -> None:
        held = set(row.held or ())
        if gone := held - set(row.hung):
            ElementTheme.objects.filter(element=row.now, theme__in=gone).delete()
        joined = [theme for theme in row.hung if theme not in held]
        ElementTheme.objects.bulk_create([ElementTheme(element=row.now, theme_id=theme) for theme in joined])

    def hang_history(self, pairs: Sequence[tuple[ElementRevision, Version[Element, Themes]]]) -> None:
        ElementRevisionTheme.objects.bulk_create(
            [ElementRevisionTheme(revision=revision, theme_id=theme) for revision, row in pairs for theme in row.hung],
            batch_size=2000,
        )

    def sealed(self, row: Version[Element, Themes]) -> dict[str, Any]:
        return {"themes": sorted(row.hung)}

    def found(self, record: Element) -> Found:
        return element_entry(record)


ELEMENTS = _Elements()


@transaction.atomic
def introduce(
    programme: Programme,
    *,
    by: Actor,
    kind: str,
    text: str,
    traits: Mapping[str, str] | None = None,
    formal_theory: str = "",
    themes: Sequence[Theme] = (),
    state: str = State.DRAFT,
    reason: str = "",
) -> Element:
    """A new element with the next number, as revision 1.

    `traits` are any of vocabulary.TRAITS. Raises ValidationError (kind, text, each trait, themes, …), PermissionDenied.
    """
    require(by, Verb.WRITE, programme)
    require_free_state(programme, state, by=by)
    hold(programme)
    row = drawn_element(
        Shelf(programme), kind=kind, text=text, traits=traits or {}, formal_theory=formal_theory, themes=themes,
        state=state, reason=reason,
    )  # fmt: skip
    ELEMENTS.write(programme, by=by, rows=[row])
    return row.now


def drawn_element(
    shelf: Shelf,
    *,
    kind: str,
    text: str,
    traits: Mapping[str, str] | None = None,
    formal_theory: str = "",
    themes: Sequence[Theme] = (),
    state: str = State.DRAFT,
    reason: str = "",
) -> Version[Element, Themes]:
    """A new element, checked and ready to be written. Raises ValidationError as `introduce` does."""
    element = Element(programme=shelf.programme, kind=known_kind(kind))
    _put_text(element, text)
    _put_traits(element, traits or {})
    element.formal_theory = clean(formal_theory, field="formal_theory", limit=Limit.LONG)
    element.state = known_state(state, allowed=(State.DRAFT, State.AGREED))
    carried = checked_themes(themes, held=frozenset(), shelf=shelf)
    return Version(element, Change.NEW, clean(reason, field="reason", limit=Limit.REASON), carried)


@transaction.atomic
def revise_element(
    element: Element,
    *,
    by: Actor,
    base: int,
    text: str | None = None,
    traits: Mapping[str, str] | None = None,
    formal_theory: str | None = None,
    themes: Sequence[Theme] | None = None,
    state: str | None = None,
    reason: str = "",
) -> Element:
    """Change any of text, traits, formal theory, themes and state, starting from revision `base`.

    What is not given stays; nothing is written when nothing changed. The kind is changed by retyping.
    Raises ValidationError, PermissionDenied, or Stale with the element as it now is.
    """
    require(by, Verb.WRITE, element.programme)
    now = seen_element(element, base, by)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    held = element_themes(now)
    was = _content(now, held)
    if text is not None:
        _put_text(now, text)
    _put_traits(now, traits or {})
    if formal_theory is not None:
        now.formal_theory = clean(formal_theory, field="formal_theory", limit=Limit.LONG)
    if state is not None:
        require_free_state(now.programme, state, by=by)
        now.state = known_state(state, allowed=(State.DRAFT, State.AGREED))
    shelf = Shelf(now.programme)
    carried = held if themes is None else checked_themes(themes, held=frozenset(held), shelf=shelf)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    if (new := _content(now, carried)) != was:
        if new[0] != was[0]:
            require_reason(now.programme, reason)
        ELEMENTS.write(now.programme, by=by, rows=[Version(now, _change(was, new), reason, carried, held)])
    return now


@transaction.atomic
def turn_element(element: Element, *, by: Actor, base: int, retired: bool, reason: str = "") -> Element:
    """Retire an element that stands in no current configuration, or bring a retired one back."""
    require(by, Verb.WRITE, element.programme)
    now = seen_element(element, base, by)
    if (now.state == State.RETIRED) == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    if retired and (used := _standing_in(now)):
        said = _("%(label)s stands in %(used)s; take it out there first.")
        raise ValidationError({"state": said % {"label": now.label, "used": ", ".join(used)}})
    last = None if retired else now.revisions.exclude(state=State.RETIRED).first()
    now.state = State.RETIRED if retired else State(last.state) if last else State.DRAFT
    require_free_state(now.programme, now.state, by=by)
    held = element_themes(now)
    change = Change.RETIRED if retired else Change.RESTORED
    reason = clean(reason, field="reason", limit=Limit.REASON)
    ELEMENTS.write(now.programme, by=by, rows=[Version(now, change, reason, held, held)])
    return now


def put_back(element: Element, *, by: Actor, base: int, revision: int, reason: str) -> tuple[Element, Kind]:
    """The element with the text, kind, traits and themes of an older revision, and the kind it had until now; see
    retyping's `restore_element`, which lets configurations follow."""
    require(by, Verb.WRITE, element.programme)
    now = seen_element(element, base, by)
    kind = Kind(now.kind)
    if now.state == State.RETIRED:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    old = now.revisions.filter(number=revision).first()
    if old is None:
        raise ValidationError({"revision": _("Say which revision to restore, between 1 and %(n)s.") % {"n": base}})
    held = element_themes(now)
    was = _content(now, held)
    for field in ELEMENTS.fields:
        if field != "state":
            setattr(now, field, getattr(old, field))
    _put_text(now, old.text)
    carried = as_now(old.taggings.select_related("theme__merged_into").order_by("pk"), held=frozenset(held))
    if (new := _content(now, carried)) != was:
        reason = clean(reason, field="reason", limit=Limit.REASON)
        if new[0] != was[0]:
            require_reason(now.programme, reason)
        row = Version(now, Change.RESTORED, reason, carried, held, restores=revision)
        ELEMENTS.write(now.programme, by=by, rows=[row])
    return now, kind


def retagged_elements(old: Theme, new: Theme, why: str) -> Iterator[Version[Element, Themes]]:
    """Every element that carries `old`, with `new` in its place; for recoding."""
    for now in Element.objects.filter(taggings__theme=old).order_by("number"):
        held = element_themes(now)
        carried: Themes = list(dict.fromkeys(new.pk if theme == old.pk else theme for theme in held))
        yield Version(now, Change.RETAGGED, why, carried, held)


# ---------------------------------------------------------------- what an element is made of


def known_kind(kind: str) -> Kind:
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose one of %(kinds)s.") % {"kinds": ", ".join(Kind.values)}})
    return Kind(kind)


def seen_element(element: Element, base: int, by: Actor) -> Element:
    """The element as it is, and stays until this transaction ends; Stale when `base` is not its latest revision."""
    hold(element.programme)
    now = Element.objects.get(pk=element.pk)
    now.programme = element.programme
    if now.revision_number != base:
        raise Stale(now, base=base)
    require_direct(now.programme, now, by=by)
    return now


def element_themes(element: Element) -> Themes:
    return list(element.taggings.order_by("pk").values_list("theme_id", flat=True))


def fitting(kind: str, trait: str) -> bool:
    """Whether a trait says something about elements of this kind."""
    return kind == Kind.UNSURE or kind in TRAITS[trait][1]


def drop_unfitting(element: Element) -> None:
    """Empty the traits that do not fit the element's kind; its history keeps them."""
    for trait in TRAITS:
        if not fitting(element.kind, trait):
            setattr(element, trait, "")


def _put_text(element: Element, text: str) -> None:
    element.text = clean(text, field="text", limit=Limit.ELEMENT, required=True)
    element.folded, element.sameness = fold(element.text), sameness(element.text)


def _put_traits(element: Element, traits: Mapping[str, str]) -> None:
    for trait, value in traits.items():
        choices, _kinds = TRAITS[trait]
        if value and value not in choices.values:
            said = _("Choose one of %(choices)s, or leave it empty.") % {"choices": ", ".join(choices.values)}
            raise ValidationError({trait: said})
        if value and not fitting(element.kind, trait):
            said = _("This does not describe elements of the kind %(kind)s; leave it empty.")
            raise ValidationError({trait: said % {"kind": Kind(element.kind).label}})
        setattr(element, trait, value)


def _standing_in(element: Element) -> list[str]:
    standing = element.placings.exclude(configuration__state=State.RETIRED).order_by("configuration__number")
    return [f"CMO{number}" for number in dict.fromkeys(standing.values_list("configuration__number", flat=True))]


def _content(element: Element, themes: Sequence[int]) -> tuple[Any, ...]:
    traits = tuple(getattr(element, trait) for trait in TRAITS)
    return (element.text, frozenset(themes), str(element.state), (*traits, element.formal_theory))


def _change(was: tuple[Any, ...], now: tuple[Any, ...]) -> Change:
    if was[0] != now[0]:
        return Change.REWORDED
    if was[1] != now[1]:
        return Change.RETAGGED
    if was[2] != now[2]:
        return Change.AGREED if now[2] == State.AGREED else Change.REOPENED
    return Change.DESCRIBED
