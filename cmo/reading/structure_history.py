"""Owns how the history of elements and configurations is read: their revisions, and what changed between any two.

Elements are shown in the words that they had at the time: a configuration's own, or those of the element's revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rapidfuzz.distance import Indel

from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import (
    Configuration,
    ConfigurationRevision,
    ConfigurationRevisionElement,
    ConfigurationRevisionStatement,
    Element,
    ElementRevision,
    ElementRevisionTheme,
)
from cmo.reading.elements import JSON_INTENDED
from cmo.reading.statements import Tag, tag_order
from cmo.vocabulary import KIND_OF, TRAITS, Kind, Slot

SAID = ("nickname", "plain", "narrative", "testing")  # the words of a configuration


# ---------------------------------------------------------------- elements


@dataclass(slots=True)
class ElementVersion:
    """A revision of an element with its themes, and what it changed against the one before."""

    revision: ElementRevision
    themes: list[Tag]
    before: "ElementVersion | None" = None

    @property
    def changed(self) -> "ElementChange | None":
        """What changed against the revision before; None for the first."""
        return ElementChange(self.before, self) if self.before else None


@dataclass(frozen=True, slots=True)
class ElementChange:
    """Two versions of one element side by side."""

    old: ElementVersion
    new: ElementVersion

    @property
    def words(self) -> list[Words]:
        return compare(self.old.revision.text, self.new.revision.text)

    @property
    def reworded(self) -> bool:
        return self.old.revision.text != self.new.revision.text

    @property
    def counted(self) -> tuple[int, int]:
        """(words added, words removed)."""
        return summary(self.words)

    @property
    def themes_added(self) -> list[Tag]:
        return [tag for tag in self.new.themes if tag not in self.old.themes]

    @property
    def themes_removed(self) -> list[Tag]:
        return [tag for tag in self.old.themes if tag not in self.new.themes]

    @property
    def described(self) -> list[tuple[str, str, str]]:
        """(what, before, after) of kind, traits, formal theory and state, as stored, where they differ."""
        fields = ("kind", *TRAITS, "formal_theory", "state")
        pairs = ((name, getattr(self.old.revision, name), getattr(self.new.revision, name)) for name in fields)
        return [(name, str(old), str(new)) for name, old, new in pairs if old != new]

    def as_json(self) -> dict[str, Any]:
        added, removed = self.counted
        return {
            "from": self.old.revision.number,
            "to": self.new.revision.number,
            "words": words_json(self.words),
            "added": added,
            "removed": removed,
            "themes_added": [tag.label for tag in self.themes_added],
            "themes_removed": [tag.label for tag in self.themes_removed],
            "described": [_field(name, _plain(name, old), _plain(name, new)) for name, old, new in self.described],
        }


def _plain(name: str, value: str) -> str | bool | None:
    return JSON_INTENDED[value] if name == "intended" else value


def element_history(element: Element, first: int = 1, last: int | None = None) -> list[ElementVersion]:
    """Revisions from `first` to `last` (all without them), newest first, each with the one before; two queries."""
    until = element.revision_number if last is None else last
    found = ElementRevision.objects.filter(element=element, number__range=(max(1, first - 1), until))
    versions = _element_versions(found)
    for newer, older in pairwise(versions):
        newer.before = older
    return [version for version in versions if version.revision.number >= first]


def element_version(element: Element, number: int) -> ElementVersion:
    """Raises Http404."""
    found = element_history(element, number, number)
    if not found:
        raise Http404(f"{element.label} has no revision {number}.")
    return found[0]


def compare_element(element: Element, old: int, new: int) -> ElementChange:
    """Raises ValidationError (from, to) when there is no such revision."""
    _raise_unless_there(element, old, new)
    both = _element_versions(ElementRevision.objects.filter(element=element, number__in={old, new}))
    by_number = {version.revision.number: version for version in both}
    return ElementChange(by_number[old], by_number[new])


def _element_versions(revisions: "QuerySet[ElementRevision]") -> list[ElementVersion]:
    found = list(revisions.select_related("author", "phase").order_by("-number"))
    tags: dict[int, list[Tag]] = {}
    carried = ElementRevisionTheme.objects.filter(revision__in=[revision.pk for revision in found])
    for pk, code, name, uid in carried.values_list("revision_id", "theme__code", "theme__name", "theme__uid"):
        tags.setdefault(pk, []).append(Tag(code or str(uid), code, name))
    return [ElementVersion(revision, sorted(tags.get(revision.pk, []), key=tag_order)) for revision in found]


def element_version_json(version: ElementVersion) -> dict[str, Any]:
    """A revision of an element as the API shows it."""
    revision = version.revision
    return {
        **_event_json(revision),
        "kind": revision.kind,
        "text": revision.text,
        **{trait: getattr(revision, trait) for trait in TRAITS},
        "intended": JSON_INTENDED[revision.intended],
        "formal_theory": revision.formal_theory,
        "themes": [tag.label for tag in version.themes],
        "state": revision.state,
    }


# ---------------------------------------------------------------- configurations


@dataclass(frozen=True, slots=True)
class PlacedThen:
    """An element as it stood in one revision of a configuration."""

    element: int  # its number
    role: Slot
    wording: str
    activation: str
    own_text: str  # the element's at the time
    revision: int  # the element's at the time

    @property
    def label(self) -> str:
        return f"E{self.element}"

    @property
    def key(self) -> tuple[int, Slot]:
        return (self.element, self.role)

    @property
    def text(self) -> str:
        """The words as they stood."""
        return self.wording or self.own_text

    @property
    def kind(self) -> Kind:
        """The kind whose mark the role bears."""
        return KIND_OF[self.role]

    def as_json(self) -> dict[str, Any]:
        return {"element": self.label, "role": self.role.value, "text": self.text}


@dataclass(slots=True)
class ConfigurationVersion:
    """A revision of a configuration with what hung on it, and what it changed against the one before."""

    revision: ConfigurationRevision
    placed: list[PlacedThen] = field(default_factory=list)  # in their order
    statements: list[int] = field(default_factory=list)  # numbers, rising
    before: "ConfigurationVersion | None" = None

    @property
    def changed(self) -> "ConfigurationChange | None":
        """What changed against the revision before; None for the first."""
        return ConfigurationChange(self.before, self) if self.before else None


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """Two versions of one configuration side by side."""

    old: ConfigurationVersion
    new: ConfigurationVersion

    @property
    def joined(self) -> list[PlacedThen]:
        return _missing(self.new.placed, self.old.placed)

    @property
    def left(self) -> list[PlacedThen]:
        return _missing(self.old.placed, self.new.placed)

    @property
    def stayed(self) -> list[tuple[PlacedThen, PlacedThen]]:
        """(before, after) of each element that stands in the same role in both, in the new order."""
        before = {one.key: one for one in self.old.placed}
        return [(before[one.key], one) for one in self.new.placed if one.key in before]

    @property
    def reworded(self) -> list[tuple[PlacedThen, list[Words]]]:
        """Elements that stayed and say something else now, in words of the configuration or of their own."""
        return [(new, compare(old.text, new.text)) for old, new in self.stayed if old.text != new.text]

    @property
    def refired(self) -> list[tuple[PlacedThen, str, str]]:
        """(element, before, after) of mechanisms that stayed and fire otherwise."""
        pairs = ((new, old.activation, new.activation) for old, new in self.stayed)
        return [(one, old, new) for one, old, new in pairs if old != new]

    @property
    def reordered(self) -> list[PlacedThen]:
        """The fewest elements that need moving to make the new order of the old, of those that stayed."""
        after = [new for _old, new in self.stayed]
        place = {one.key: at for at, one in enumerate(self.old.placed)}
        now = [place[one.key] for one in after]
        kept = {at for op in Indel.opcodes(sorted(now), now) if op.tag == "equal"
                for at in range(op.dest_start, op.dest_end)}  # fmt: skip
        return [one for at, one in enumerate(after) if at not in kept]

    @property
    def words(self) -> dict[str, list[Words]]:
        """{nickname, plain, narrative or testing: what changed in it}, of those that changed."""
        pairs = ((name, getattr(self.old.revision, name), getattr(self.new.revision, name)) for name in SAID)
        return {name: compare(old, new) for name, old, new in pairs if old != new}

    @property
    def statements_added(self) -> list[int]:
        return [number for number in self.new.statements if number not in self.old.statements]

    @property
    def statements_removed(self) -> list[int]:
        return [number for number in self.old.statements if number not in self.new.statements]

    @property
    def described(self) -> list[tuple[str, Any, Any]]:
        """(what, before, after) of area and state, where they differ; an area as itself or None."""
        old, new = self.old.revision, self.new.revision
        found: list[tuple[str, Any, Any]] = []
        if old.area_id != new.area_id:
            found.append(("area", old.area, new.area))
        if old.state != new.state:
            found.append(("state", old.state, new.state))
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.old.revision.number,
            "to": self.new.revision.number,
            "joined": [one.as_json() for one in self.joined],
            "left": [one.as_json() for one in self.left],
            "reworded": [{**one.as_json(), "words": words_json(words)} for one, words in self.reworded],
            "reordered": [one.as_json() for one in self.reordered],
            "refired": [{**one.as_json(), "from": old, "to": new} for one, old, new in self.refired],
            "words": {name: words_json(words) for name, words in self.words.items()},
            "statements_added": [f"S{number}" for number in self.statements_added],
            "statements_removed": [f"S{number}" for number in self.statements_removed],
            "described": [
                _field(name, getattr(old, "slug", old), getattr(new, "slug", new)) for name, old, new in self.described
            ],
        }


def configuration_history(
    configuration: Configuration, first: int = 1, last: int | None = None
) -> list[ConfigurationVersion]:
    """Revisions from `first` to `last` (all without them), newest first, each with the one before; four queries."""
    until = configuration.revision_number if last is None else last
    found = ConfigurationRevision.objects.filter(configuration=configuration, number__range=(max(1, first - 1), until))
    versions = _configuration_versions(found)
    for newer, older in pairwise(versions):
        newer.before = older
    return [version for version in versions if version.revision.number >= first]


def configuration_version(configuration: Configuration, number: int) -> ConfigurationVersion:
    """Raises Http404."""
    found = configuration_history(configuration, number, number)
    if not found:
        raise Http404(f"{configuration.label} has no revision {number}.")
    return found[0]


def compare_configuration(configuration: Configuration, old: int, new: int) -> ConfigurationChange:
    """Raises ValidationError (from, to) when there is no such revision."""
    _raise_unless_there(configuration, old, new)
    both = ConfigurationRevision.objects.filter(configuration=configuration, number__in={old, new})
    by_number = {version.revision.number: version for version in _configuration_versions(both)}
    return ConfigurationChange(by_number[old], by_number[new])


def _configuration_versions(revisions: "QuerySet[ConfigurationRevision]") -> list[ConfigurationVersion]:
    found = [
        ConfigurationVersion(revision)
        for revision in revisions.select_related("author", "phase", "area").order_by("-number")
    ]
    by_pk = {version.revision.pk: version for version in found}
    stood = list(
        ConfigurationRevisionElement.objects.filter(revision__in=by_pk)
        .order_by("revision", "position")
        .values_list("revision", "element", "element__number", "role", "wording", "activation", "element_revision")
    )
    texts = _texts((element, at) for _revision, element, _number, _role, _wording, _fires, at in stood)
    for revision, element, number, role, wording, activation, at in stood:
        text = texts.get((element, at), "")
        by_pk[revision].placed.append(PlacedThen(number, Slot(role), wording, activation, text, at))
    spelled = ConfigurationRevisionStatement.objects.filter(revision__in=by_pk).order_by("statement__number")
    for revision, number in spelled.values_list("revision", "statement__number"):
        by_pk[revision].statements.append(number)
    return found


def _texts(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """{(element, revision): its text}; one query."""
    keys = set(wanted)
    found = ElementRevision.objects.filter(
        element__in={element for element, _at in keys}, number__in={at for _element, at in keys}
    )
    return {(element, at): text for element, at, text in found.values_list("element", "number", "text")}


def configuration_version_json(version: ConfigurationVersion) -> dict[str, Any]:
    """A revision of a configuration as the API shows it."""
    revision = version.revision
    return {
        **_event_json(revision),
        **{name: getattr(revision, name) for name in SAID},
        "area": revision.area.slug if revision.area else None,
        "statements": [f"S{number}" for number in version.statements],
        "elements": [
            {
                **one.as_json(), "position": at, "wording": one.wording, "activation": one.activation,
                "element_revision": one.revision,
            }
            for at, one in enumerate(version.placed, start=1)
        ],
        "state": revision.state,
    }  # fmt: skip


# ---------------------------------------------------------------- what both share


def words_json(words: Sequence[Words]) -> list[dict[str, str]]:
    return [{"kind": change.kind, "old": change.old, "new": change.new} for change in words]


def _field(name: str, old: Any, new: Any) -> dict[str, Any]:
    return {"field": name, "from": old, "to": new}


def _event_json(revision: ElementRevision | ConfigurationRevision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "change": revision.change,
        "restores": revision.restores,
        "phase": revision.phase.slug if revision.phase else None,
        "reason": revision.reason,
        "author": revision.author.username,
        "at": revision.at,
    }


def _missing(those: Sequence[PlacedThen], among: Sequence[PlacedThen]) -> list[PlacedThen]:
    keys = {one.key for one in among}
    return [one for one in those if one.key not in keys]


def _raise_unless_there(record: Element | Configuration, old: int, new: int) -> None:
    for name, number in (("from", old), ("to", new)):
        if not 1 <= number <= record.revision_number:
            said = _("%(label)s has revisions 1 to %(n)s.") % {"label": record.label, "n": record.revision_number}
            raise ValidationError({name: said})
