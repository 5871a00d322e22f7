"""Owns how the history of a statement is read: its revisions, and the difference between any two."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import RevisionTheme, Statement, StatementRevision
from cmo.reading.statements import Tag, tag_order


@dataclass(slots=True)
class Version:
    """A revision with its themes, and the words that it changed against the one before."""

    revision: StatementRevision
    themes: list[Tag]
    before: "Version | None" = None

    @property
    def words(self) -> list[Words]:
        return compare(self.before.revision.wording if self.before else "", self.revision.wording)

    @property
    def reworded(self) -> bool:
        return self.before is not None and self.before.revision.wording != self.revision.wording

    @property
    def themes_added(self) -> list[Tag]:
        return [tag for tag in self.themes if self.before and tag not in self.before.themes]

    @property
    def themes_removed(self) -> list[Tag]:
        return [tag for tag in self.before.themes if tag not in self.themes] if self.before else []


def history_of(statement: Statement) -> list[Version]:
    """All revisions, newest first; two queries."""
    found = StatementRevision.objects.filter(statement=statement).select_related("author", "phase", "area")
    return _linked(list(found))


def history_page(statement: Statement, first: int, last: int) -> list[Version]:
    """Revisions with numbers from `first` to `last`, newest first, each linked to the one before it."""
    found = StatementRevision.objects.filter(statement=statement, number__range=(max(1, first - 1), last))
    versions = _linked(list(found.select_related("author", "phase", "area")))
    return [version for version in versions if version.revision.number >= first]


def find_version(statement: Statement, number: int) -> Version:
    found = history_page(statement, number, number)
    if not found:
        raise Http404(f"{statement.label} has no revision {number}.")
    return found[0]


def _linked(revisions: list[StatementRevision]) -> list[Version]:
    tags: dict[int, list[Tag]] = {}
    carried = RevisionTheme.objects.filter(revision__in=[revision.pk for revision in revisions])
    for pk, code, name, uid in carried.values_list("revision_id", "theme__code", "theme__name", "theme__uid"):
        tags.setdefault(pk, []).append(Tag(code or str(uid), code, name))
    versions = [Version(revision, sorted(tags.get(revision.pk, []), key=tag_order)) for revision in revisions]
    for newer, older in pairwise(versions):
        newer.before = older
    return versions


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of one statement side by side."""

    old: Version
    new: Version

    @property
    def words(self) -> list[Words]:
        return compare(self.old.revision.wording, self.new.revision.wording)

    @property
    def counted(self) -> tuple[int, int]:
        """(words added, words removed)."""
        return summary(self.words)

    def as_json(self) -> dict[str, Any]:
        added, removed = self.counted
        old, new = ([tag.label for tag in version.themes] for version in (self.old, self.new))
        return {
            "from": self.old.revision.number,
            "to": self.new.revision.number,
            "words": [{"kind": change.kind, "old": change.old, "new": change.new} for change in self.words],
            "added": added,
            "removed": removed,
            "themes_added": [label for label in new if label not in old],
            "themes_removed": [label for label in old if label not in new],
        }


def compare_versions(statement: Statement, old: int, new: int) -> Comparison:
    """Raises ValidationError (from, to) when there is no such revision."""
    for name, number in (("from", old), ("to", new)):
        if not 1 <= number <= statement.revision_number:
            said = _("%(label)s has revisions 1 to %(n)s.") % {"label": statement.label, "n": statement.revision_number}
            raise ValidationError({name: said})
    both = StatementRevision.objects.filter(statement=statement, number__in={old, new})
    found = {found.revision.number: found for found in _linked(list(both.select_related("author", "phase", "area")))}
    return Comparison(found[old], found[new])


def version_json(version: Version) -> dict[str, Any]:
    """A revision as the API shows it."""
    revision = version.revision
    spans = parsing.unpack(revision.parts)
    return {
        "number": revision.number,
        "change": revision.change,
        "restores": revision.restores,
        "wording": revision.wording,
        "if": parsing.part_text(revision.wording, spans, parsing.Part.IF),
        "then": parsing.part_text(revision.wording, spans, parsing.Part.THEN),
        "because": parsing.part_text(revision.wording, spans, parsing.Part.BECAUSE),
        "themes": [tag.label for tag in version.themes],
        "area": revision.area.slug if revision.area else None,
        "state": revision.state,
        "phase": revision.phase.slug if revision.phase else None,
        "reason": revision.reason,
        "author": revision.author.username,
        "at": revision.at,
    }
