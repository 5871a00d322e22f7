"""Owns how the history of configurations is read: their revisions, and what changed between any two.

Elements are shown in the words that they had at the time: a configuration's own, or those of the element's revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rapidfuzz.distance import Indel

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.models import (
    Configuration,
    ConfigurationRevision,
    ConfigurationRevisionElement,
    ConfigurationRevisionStatement,
    ElementRevision,
)
from cmo.reading.versions import event_json, field_json, raise_unless_there, words_json
from cmo.vocabulary import KIND_OF, Kind, Slot

SAID = ("nickname", "plain", "narrative", "testing")  # the words of a configuration


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
    def reworded_here(self) -> list[tuple[PlacedThen, list[Words]]]:
        """Of these, those to which the configuration gave other words of its own."""
        return self._reworded(own=True)

    @property
    def reworded_meanwhile(self) -> list[tuple[PlacedThen, list[Words]]]:
        """Of these, those whose own words were changed by a save of the element itself, with a reason of its own."""
        return self._reworded(own=False)

    def _reworded(self, *, own: bool) -> list[tuple[PlacedThen, list[Words]]]:
        here = {new.key for old, new in self.stayed if old.wording != new.wording}
        return [(one, words) for one, words in self.reworded if (one.key in here) is own]

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

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.joined or self.left or self.reworded or self.reordered or self.refired or self.words
            or self.statements_added or self.statements_removed or self.described
        )  # fmt: skip

    @property
    def old_column(self) -> list[tuple[PlacedThen, list[Words]]]:
        """The elements of the old version in its order, each with what became of its words."""
        after = {one.key: one.text for one in self.new.placed}
        return [(one, compare(one.text, after.get(one.key, ""))) for one in self.old.placed]

    @property
    def new_column(self) -> list[tuple[PlacedThen, list[Words]]]:
        """The elements of the new version in its order, each with what its words were."""
        before = {one.key: one.text for one in self.old.placed}
        return [(one, compare(before.get(one.key, ""), one.text)) for one in self.new.placed]

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
                field_json(name, getattr(old, "slug", old), getattr(new, "slug", new))
                for name, old, new in self.described
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
    raise_unless_there(configuration, old, new)
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
        **event_json(revision),
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


def _missing(those: Sequence[PlacedThen], among: Sequence[PlacedThen]) -> list[PlacedThen]:
    keys = {one.key for one in among}
    return [one for one in those if one.key not in keys]
