"""Owns the search in a theory of the past: the same words, forms of words and ranking as in the one that stands now.

The index holds what stands now, so the documents of a snapshot are made as it is read, of statements, configurations,
elements and themes.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeVar

from django.http import Http404
from django.utils import timezone

from cmo.reading.searchable import KINDS, Beside, Kind, Shown, shown_of
from cmo.reading.theory_at import TheoryAt
from cmo.rules.indexing import CONFIGURATION, ELEMENT, STATEMENT, configuration_entry, element_entry
from cmo.vocabulary import State
from programmes.lexing import sought_in
from programmes.ranking import BREAK, Sought, indexed
from programmes.reading.paging import Page
from programmes.reading.searching import (
    MOST_WORDS,
    Found,
    Hit,
    bore_until,
    fitting,
    hit_of,
    labels_in,
    last_bearers,
    question_of,
    ranked,
)
from programmes.rules.indexing import THEME, Entry, label_folded, theme_entry, vocabulary

KINDS_THEN: dict[str, Kind] = {name: KINDS[name] for name in (STATEMENT, CONFIGURATION, ELEMENT, THEME)}
Row = TypeVar("Row")


def entries_then(theory: TheoryAt, kind: str) -> list[Entry]:
    """The records of one kind as a search sees them, by number."""
    if kind == STATEMENT:
        return [
            Entry(STATEMENT, row.pk, str(row.number), row.label, "", row.wording, row.state == State.RETIRED)
            for row in theory.statements
        ]
    if kind == CONFIGURATION:
        return [configuration_entry(row.configuration) for row in theory.configurations]
    if kind == ELEMENT:
        return [element_entry(row.element) for row in theory.elements]
    return [theme_entry(theme) for theme in sorted(theory.themes, key=lambda one: one.pk)]


class Documents:
    """Records as a search sees them, with the stems of their words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)

    @cached_property
    def words(self) -> list[str]:
        """The stems of each, as the index holds them."""
        return [indexed((), (entry.label, entry.title), entry.body) for entry in self.entries]

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [frozenset(words.split()) - {BREAK} for words in self.words]

    @cached_property
    def vocabulary(self) -> list[str]:
        """All words of them, the shortest first."""
        found = set(chain.from_iterable(vocabulary(entry) for entry in self.entries))
        return sorted(found, key=lambda word: (len(word), word))

    def question(self, text: str) -> list[Sought]:
        words = sought_in(text, MOST_WORDS)
        return question_of(words, [one for one in self.vocabulary if one.startswith(tuple(words))] if words else [])

    def with_all(self, wanted: Sequence[Collection[str]]) -> list[int]:
        """The places of those that hold a stem of each."""
        return [at for at, stems in enumerate(self._stems) if all(not stems.isdisjoint(some) for some in wanted)]


def holding_then(rows: Sequence[Row], entries: Sequence[Entry], text: str) -> list[Row]:
    """Of `rows`, told by `entries`, those that hold every word of `text` in any form, or a word it is a piece of.

    A text without words is held by nothing.
    """
    words = sought_in(text, MOST_WORDS)
    if not words:
        return []
    documents = Documents(entries)
    known = [one for one in documents.vocabulary if any(word in one for word in words)]
    wanted = [stems for stems in fitting(words, known) if stems]
    return [rows[at] for at in documents.with_all(wanted)]


def search_then(theory: TheoryAt, text: str, *, kind: str = "", page: int = 1, size: int = 50) -> Found:
    """The records of a theory that hold every word of `text`, the best first and the retired last.

    Raises Http404 for a page that is not there.
    """
    kinds = [kind] if kind else [*reversed(KINDS_THEN)]  # of equals the later come first: statements, and the newest
    documents = Documents(chain.from_iterable(entries_then(theory, one) for one in kinds))
    question, labels = documents.question(text), labels_in(text)
    folded = [label_folded(entry.label) for entry in documents.entries]
    named = [at for label in labels for at, own in enumerate(folded) if own and own == label]
    holding = documents.with_all([one.stems for one in question]) if question else []
    keys = dict.fromkeys(named, "")
    if THEME in kinds:
        for at, code in _bearers(theory, documents, text):
            keys.setdefault(at, code)
    for retired in (False, True):
        rows = [(at, documents.words[at]) for at in holding if documents.entries[at].retired == retired]
        keys |= dict.fromkeys((at for at in ranked(rows, question) if at not in keys), "")
    first = (page - 1) * size
    if page > 1 and first >= len(keys):
        raise Http404("There is no such page.")
    hits = [_hit(documents.entries[at], question, former) for at, former in list(keys.items())[first : first + size]]
    return Found(question, Page(hits, len(keys), page, size), complete=True)


def _bearers(theory: TheoryAt, documents: Documents, text: str) -> list[tuple[int, str]]:
    """(place of a theme, the code named in `text` that it bore before that moment)."""
    places = {entry.key: at for at, entry in enumerate(documents.entries) if entry.kind == THEME}
    held = {label_folded(documents.entries[at].label) for at in places.values()}
    moment = theory.snapshot.taken if theory.snapshot else timezone.now()
    bore = bore_until(theory.programme, text, moment)
    return last_bearers([(pk, places[theme], code) for pk, theme, code in bore if theme in places], held)


def _hit(one: Entry, question: Sequence[Sought], former: str) -> Hit:
    return hit_of((one.kind, one.key, one.at, one.label, one.title, one.body, one.retired), question, former)


def shown_then(theory: TheoryAt, found: Found) -> list[Shown]:
    """The records of the page with what a list shows of each, and addresses that stay in the snapshot."""
    kinds = {hit.kind for hit in found.page.rows}
    known = Beside(
        {row.pk: row for row in theory.statements} if STATEMENT in kinds else {},
        {row.element.pk: row.element.kind for row in theory.elements} if ELEMENT in kinds else {},
    )
    return [shown_of(theory.programme, hit, found, known, then=theory.slug) for hit in found.page.rows]
