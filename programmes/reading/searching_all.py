"""Owns the search in all programmes of a person at once: each found, ranked and marked as its own search does it.

However many programmes there are, the questions to the database are as many: what differs stands in one of them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import Http404

from programmes.lexing import sought_in
from programmes.models import Programme
from programmes.ranking import Sought
from programmes.reading.paging import Page
from programmes.reading.searching import (
    MOST_FORMS,
    MOST_WORDS,
    Found,
    candidates,
    codes_in,
    documents_of,
    hit_of,
    in_order,
    labels_in,
    newest_of,
    question_of,
)
from programmes.rules.indexing import THEME
from programmes.search_index import DOCUMENTS, WORDS

SHOWN = 5  # records of each programme; its own search has the rest
AT_ONCE = 100  # parts of one union: SQLite takes five hundred
Kinds = Callable[[Programme], Collection[str]]


@dataclass(frozen=True, slots=True)
class FoundIn:
    """What was found in one programme: the best of it, and how much there is."""

    programme: Programme
    found: Found

    @property
    def more(self) -> int:
        return self.found.page.count - len(self.found.page.rows)


def search_all(
    programmes: Sequence[Programme], text: str, *, kinds: Kinds, page: int = 1, size: int = 10
) -> Page[FoundIn]:
    """The programmes in which records hold every word of `text`, in the order given, each with its best; four queries.

    `kinds` says of which kinds the records of a programme may be, for the one who asks. Raises Http404 for a page that
    is not there.
    """
    words = sought_in(text, MOST_WORDS)
    known = _beginning(programmes, words) if words else {}
    questions = {one.pk: question_of(words, known.get(one.pk, [])) for one in programmes}
    holding = _holding(programmes, questions, text, kinds)
    those = [one for one in programmes if one.pk in holding]
    if page > 1 and (page - 1) * size >= len(those):
        raise Http404("There is no such page.")
    return Page(_found(those[(page - 1) * size : page * size], questions, text, kinds), len(those), page, size)


def _beginning(programmes: Sequence[Programme], words: Sequence[str]) -> dict[int, list[str]]:
    """{programme: its words that begin as one of these, the shortest first}, as many as its own search reads."""
    if not programmes:
        return {}
    as_bytes = "" if connection.vendor == "sqlite" else ' COLLATE "C"'
    ranges = " OR ".join([f"(word{as_bytes} >= %s AND word{as_bytes} < %s)"] * len(words))
    keys = [one.pk for one in programmes]
    ends = [end for word in words for end in (word, f"{word}\U0010ffff")]
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT programme_id, word FROM (SELECT programme_id, word, ROW_NUMBER() OVER"
            f" (PARTITION BY programme_id ORDER BY LENGTH(word), word{as_bytes}) AS place FROM {WORDS}"
            f" WHERE programme_id IN ({_marks(keys)}) AND ({ranges})) AS known"
            f" WHERE place <= {MOST_WORDS * MOST_FORMS} ORDER BY programme_id, place",
            [*keys, *ends],
        )
        for programme, word in cursor.fetchall():
            found.setdefault(programme, []).append(word)
    return found


def _holding(
    programmes: Sequence[Programme], questions: dict[int, list[Sought]], text: str, kinds: Kinds
) -> set[int]:
    """The programmes in which there is anything to be found; one query, which reads one record of each."""
    parts, given = list[str](), list[Any]()
    keys, labels, codes = [one.pk for one in programmes], labels_in(text), codes_in(text)
    if keys and labels:
        parts.append(
            f"SELECT programme_id, kind FROM {DOCUMENTS}"
            f" WHERE programme_id IN ({_marks(keys)}) AND label_folded IN ({_marks(labels)})"
        )
        given += [*keys, *labels]
    if keys and codes:
        parts.append(
            f"SELECT h.programme_id, '{THEME}' AS kind FROM programmes_themerevision r"
            " JOIN programmes_theme h ON h.id = r.theme_id"
            f" WHERE h.programme_id IN ({_marks(keys)}) AND UPPER(r.code) IN ({_marks(codes)})"
        )
        given += [*keys, *codes]
    texts = list[str]()
    for one in programmes:
        for retired in (False, True) if questions[one.pk] else ():
            sql, asked = newest_of(one, questions[one.pk], kinds(one), retired=retired, most=1)
            texts.append(f"SELECT {one.pk:d} AS programme_id, '' AS kind FROM ({sql}) AS found")
            given += asked
    parts += [f"SELECT * FROM ({' UNION ALL '.join(some)}) AS texts" for some in _cut(texts)]
    may = {one.pk: set(kinds(one)) for one in programmes}
    return {programme for programme, kind in _asked(parts, given) if not kind or kind in may[programme]}


def _found(
    programmes: Sequence[Programme], questions: dict[int, list[Sought]], text: str, kinds: Kinds
) -> list[FoundIn]:
    """The best of each; two queries."""
    parts, given = list[str](), list[Any]()
    for one in programmes:
        sql, asked = candidates(one, questions[one.pk], text, kinds(one))
        parts.append(f"SELECT {one.pk:d} AS programme_id, found.* FROM ({sql}) AS found")
        given += asked
    rows: dict[int, list[tuple[Any, ...]]] = {one.pk: [] for one in programmes}
    for programme, *row in _asked(parts, given):
        rows[programme].append(tuple(row))
    ordered = {one.pk: in_order(rows[one.pk], questions[one.pk], text, kinds(one)) for one in programmes}
    best = {pk: list(keys.items())[:SHOWN] for pk, (keys, _complete) in ordered.items()}
    documents = documents_of([document for some in best.values() for document, _former in some]) if best else {}
    made = []
    for one in programmes:
        (keys, complete), question = ordered[one.pk], questions[one.pk]
        hits = [hit_of(documents[pk], question, former) for pk, former in best[one.pk] if pk in documents]
        made.append(FoundIn(one, Found(question, Page(hits, len(keys), 1, SHOWN), complete)))
    return made


def _asked(parts: Sequence[str], given: Sequence[Any]) -> list[tuple[Any, ...]]:
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        return list(cursor.fetchall())


def _cut(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (parts[at : at + AT_ONCE] for at in range(0, len(parts), AT_ONCE))


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
