"""Owns the kinds of records that a search finds: how each is called, where its pages are, how all of them are told.

A new kind is one function in cmo/rules/indexing.py, called by the rule that writes it, and one line in KINDS.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmo.reading.elements import kinds_with_keys
from cmo.reading.statements import StatementRow, rows_with_keys
from cmo.rules.indexing import (
    COMMENT,
    CONFIGURATION,
    ELEMENT,
    EXCERPT,
    MEMO,
    STATEMENT,
    comment_entries,
    configuration_entries,
    element_entries,
    excerpt_entries,
    memo_entries,
    statement_entries,
)
from programmes.models import Programme
from programmes.ranking import Mark, marks_in
from programmes.reading.searching import Found, Hit
from programmes.reading.team import evidence_shown
from programmes.rules.indexing import SOURCE, THEME, Entry, source_entries, theme_entries


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `page` and `api` take the programme's slug and what names the record in an address."""

    name: str
    one: Any  # what people call it, translated when shown
    many: Any
    page: Callable[[str, str], str]
    api: Callable[[str, str], str]
    entries: Callable[[Programme], Iterator[Entry]]
    evidence: bool = False  # not there for members without evidence


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            STATEMENT, _("Statement"), _("Statements"),
            lambda slug, at: reverse("statement", args=[slug, int(at)]),
            lambda slug, at: reverse("api:statement", args=[slug, int(at)]),
            statement_entries,
        ),
        Kind(
            CONFIGURATION, _("Configuration"), _("Configurations"),
            lambda slug, at: reverse("configuration", args=[slug, int(at)]),
            lambda slug, at: reverse("api:configuration", args=[slug, int(at)]),
            configuration_entries,
        ),
        Kind(
            ELEMENT, _("Element"), _("Elements"),
            lambda slug, at: reverse("element", args=[slug, int(at)]),
            lambda slug, at: reverse("api:element", args=[slug, int(at)]),
            element_entries,
        ),
        Kind(
            THEME, _("Theme"), _("Themes"),
            lambda slug, at: f"{reverse('codebook', args=[slug])}?code={quote(at)}",
            lambda slug, at: reverse("api:theme", args=[slug, at]),
            theme_entries,
        ),
        Kind(
            COMMENT, _("Comment"), _("Comments"),
            lambda slug, at: reverse("comment", args=[slug, int(at)]),
            lambda slug, at: reverse("api:comment", args=[slug, int(at)]),
            comment_entries,
        ),
        Kind(
            MEMO, _("Memo"), _("Memos"),
            lambda slug, at: reverse("memo", args=[slug, int(at)]),
            lambda slug, at: reverse("api:memo", args=[slug, int(at)]),
            memo_entries,
        ),
        Kind(
            EXCERPT, _("Excerpt"), _("Excerpts"),
            lambda slug, at: reverse("excerpt", args=[slug, int(at)]),
            lambda slug, at: reverse("api:excerpt", args=[slug, int(at)]),
            excerpt_entries, evidence=True,
        ),
        Kind(
            SOURCE, _("Source"), _("Sources"),
            lambda slug, at: reverse("source", args=[slug, int(at)]),
            lambda slug, at: reverse("api:source", args=[slug, int(at)]),
            source_entries, evidence=True,
        ),
    )
}  # fmt: skip


THEORY = {name: kind for name, kind in KINDS.items() if not kind.evidence}


def kinds_for(programme: Programme) -> dict[str, Kind]:
    """The kinds that there are for whoever asked for the programme."""
    return KINDS if evidence_shown(programme) else THEORY


def all_entries(programme: Programme) -> Iterator[Entry]:
    """Every record of a programme that a search finds, kind by kind."""
    return (entry for kind in KINDS.values() for entry in kind.entries(programme))


# ---- what a page or the API shows of what was found

WHOLE = 700  # characters of a statement that is shown in its parts; of a longer one the piece that was found


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that was found, with what its kind shows beside its words."""

    hit: Hit
    kind: Kind
    url: str
    row: StatementRow | None = None  # of a statement
    element_kind: str = ""  # of an element
    marks: Sequence[Mark] = ()  # in the wording of `row`
    whole: bool = False  # whether the wording is short enough to be shown in its parts


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the words of records that were found, by their keys: statements, and kinds of elements."""

    statements: Mapping[int, StatementRow] = field(default_factory=dict)
    elements: Mapping[int, str] = field(default_factory=dict)


def beside(hits: Iterable[Hit]) -> Beside:
    """The same for the hits of a page, of one programme or of several; two queries when statements are among them, and
    one when elements are."""
    keys: dict[str, list[int]] = {STATEMENT: [], ELEMENT: []}
    for hit in hits:
        if hit.kind in keys:
            keys[hit.kind].append(hit.key)
    return Beside(
        rows_with_keys(keys[STATEMENT]) if keys[STATEMENT] else {},
        kinds_with_keys(keys[ELEMENT]) if keys[ELEMENT] else {},
    )


def shown(programme: Programme, found: Found, known: Beside | None = None) -> list[Shown]:
    """The records of the page with what a list shows of each; what `beside` gives is read when it is not at hand."""
    known = known or beside(found.page.rows)
    return [shown_of(programme, hit, found, known) for hit in found.page.rows]


def shown_of(programme: Programme, hit: Hit, found: Found, known: Beside, then: str = "") -> Shown:
    """One of them; `then` is the slug of the snapshot that was searched."""
    kind = KINDS[hit.kind]
    url = _in_snapshot(kind.page(programme.slug, hit.at), then)
    row = known.statements.get(hit.key) if hit.kind == STATEMENT else None
    if row is None:
        return Shown(hit, kind, url, element_kind=known.elements.get(hit.key, "") if hit.kind == ELEMENT else "")
    marks = marks_in(row.wording, found.question)
    return Shown(hit, kind, url, row, marks=marks, whole=len(row.wording) <= WHOLE)


def _in_snapshot(address: str, then: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}snapshot={then}" if then else address


def hit_json(programme: Programme, hit: Hit, at: Callable[[str], str], then: str = "") -> dict[str, Any]:
    """A record that was found as the API shows it; `at` makes a whole address of a path, `then` names a snapshot."""
    kind = KINDS[hit.kind]
    return {
        "kind": hit.kind,
        "label": hit.label or hit.at,
        "title": hit.title,
        "title_marks": [list(mark) for mark in hit.title_marks],
        "excerpt": hit.excerpt,
        "excerpt_marks": [list(mark) for mark in hit.excerpt_marks],
        "retired": hit.retired,
        "former_code": hit.former,
        "url": at(_in_snapshot(kind.api(programme.slug, hit.at), then)),
        "page": at(_in_snapshot(kind.page(programme.slug, hit.at), then)),
    }
