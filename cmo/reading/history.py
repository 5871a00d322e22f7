"""Owns how the history of a statement is read: its revisions, and the difference between any two."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import Statement, StatementRevision, TheoryArea
from cmo.reading.statements import Tag, tag_order
from programmes.models import Person, Phase
from programmes.records import Columns


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

    @property
    def came_back(self) -> str:
        """What a restore changed: "words", "parts" (marked in the same words) or "themes", the last after the others
        with "_themes"."""
        same = self.before is None or self.reworded or self.before.revision.parts == self.revision.parts
        what = "words" if self.reworded or self.before is None else "" if same else "parts"
        themes = "themes" if self.themes_added or self.themes_removed else ""
        return "_".join(filter(None, (what, themes))) or "themes"


def history_of(statement: Statement) -> list[Version]:
    """All revisions, newest first; two queries."""
    return history_page(statement, 1, statement.revision_number)


def history_page(statement: Statement, first: int, last: int) -> list[Version]:
    """Revisions with numbers from `first` to `last`, newest first, each linked to the one before it."""
    found = versions_among(statement, first, last)
    return [version for number, version in found.items() if first <= number <= last]


def versions_among(
    statement: Statement, first: int, last: int, also: Collection[int] = ()
) -> dict[int, Version]:
    """{number: revision}, newest first: those that `history_page` gives with the one before, and those in `also`.

    Two queries, whatever is asked for.
    """
    read, given = _READ, [statement.pk, max(1, first - 1), last]
    if also:
        read = f"{_READ} OR r.number IN ({', '.join(['%s'] * len(also))})"
        given += also
    with connection.cursor() as cursor:
        cursor.execute(f"{read}) ORDER BY r.number DESC", given)
        return {version.revision.number: version for version in _linked(_made(cursor.fetchall()))}


_REVISION, _AUTHOR, _PHASE, _AREA = (
    Columns(StatementRevision, "r"), Columns(Person, "p"), Columns(Phase, "f"), Columns(TheoryArea, "a")
)  # fmt: skip
_READ = (
    f"SELECT {_REVISION.sql}, {_AUTHOR.sql}, {_PHASE.sql}, {_AREA.sql} FROM cmo_statementrevision r"
    " JOIN programmes_person p ON p.id = r.author_id LEFT JOIN programmes_phase f ON f.id = r.phase_id"
    " LEFT JOIN cmo_theoryarea a ON a.id = r.area_id WHERE r.statement_id = %s AND (r.number BETWEEN %s AND %s"
)


def _made(rows: Iterable[Sequence[Any]]) -> list[StatementRevision]:
    """Revisions with author, phase and area: a few of each stand behind many revisions, and are made once."""
    known: dict[tuple[type, int], Any] = {}
    revisions = []
    for row in rows:
        revision, left = _REVISION.make(row[: len(_REVISION)]), row[len(_REVISION) :]
        for name, columns in (("author", _AUTHOR), ("phase", _PHASE), ("area", _AREA)):
            key = getattr(revision, f"{name}_id")
            if key is not None:
                of = (columns.model, key)
                if of not in known:
                    known[of] = columns.make(left[: len(columns)])
                setattr(revision, name, known[of])
            left = left[len(columns) :]
        revisions.append(revision)
    return revisions


def find_version(statement: Statement, number: int) -> Version:
    found = history_page(statement, number, number)
    if not found:
        raise Http404(f"{statement.label} has no revision {number}.")
    return found[0]


def _linked(revisions: list[StatementRevision]) -> list[Version]:
    tags = _tags_of([revision.pk for revision in revisions])
    versions = [Version(revision, sorted(tags.get(revision.pk, []), key=tag_order)) for revision in revisions]
    for newer, older in pairwise(versions):
        if newer.revision.number == older.revision.number + 1:
            newer.before = older
    return versions


def _tags_of(revisions: list[int]) -> dict[int, list[Tag]]:
    """{revision: the themes that it carried}."""
    if not revisions:
        return {}
    marks = ", ".join(["%s"] * len(revisions))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.revision_id, h.code, h.name, h.uid FROM cmo_revisiontheme t"
            f" JOIN programmes_theme h ON h.id = t.theme_id WHERE t.revision_id IN ({marks})",
            revisions,
        )
        tags: dict[int, list[Tag]] = {}
        for pk, code, name, uid in cursor.fetchall():
            tags.setdefault(pk, []).append(Tag(code or str(UUID(str(uid))), code, name))
    return tags


@dataclass(frozen=True)
class Comparison:
    """Two versions of one statement side by side."""

    old: Version
    new: Version

    @cached_property
    def words(self) -> list[Words]:
        return compare(self.old.revision.wording, self.new.revision.wording)

    @cached_property
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


def compare_versions(statement: Statement, old: int, new: int, known: Iterable[Version] = ()) -> Comparison:
    """Raises ValidationError (from, to) when there is no such revision. Those among `known` are not read again."""
    for name, number in (("from", old), ("to", new)):
        if not 1 <= number <= statement.revision_number:
            said = _("%(label)s has revisions 1 to %(n)s.") % {"label": statement.label, "n": statement.revision_number}
            raise ValidationError({name: said})
    found = {version.revision.number: version for version in known}
    if not {old, new} <= found.keys():
        found |= versions_among(statement, new, new, {old, new})
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
