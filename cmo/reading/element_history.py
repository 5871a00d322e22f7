"""Owns how the history of elements is read: their revisions, and what changed between any two."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import Element, ElementRevision, ElementRevisionTheme
from cmo.reading.elements import JSON_INTENDED
from cmo.reading.statements import Tag, tag_order
from cmo.reading.versions import event_json, field_json, raise_unless_there, words_json
from cmo.vocabulary import TRAITS


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
            "described": [field_json(name, _plain(name, old), _plain(name, new)) for name, old, new in self.described],
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
    raise_unless_there(element, old, new)
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
        **event_json(revision),
        "kind": revision.kind,
        "text": revision.text,
        **{trait: getattr(revision, trait) for trait in TRAITS},
        "intended": JSON_INTENDED[revision.intended],
        "formal_theory": revision.formal_theory,
        "themes": [tag.label for tag in version.themes],
        "state": revision.state,
    }
