"""Owns what a search knows of the records: every rule that writes one calls `index` in its transaction.

A record is told as an Entry; its kind, and where its page is, are registered in cmo/reading/searchable.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from programmes.lexing import fold, words_of
from programmes.models import Programme, SearchDocument, SearchWord, Theme
from programmes.ranking import indexed
from programmes.rules.holding import hold
from programmes.search_index import rebuild

CHUNK = 500
SAME = ("at", "label", "label_folded", "title", "body", "retired", "words")
THEME = "theme"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a search sees it. `key` is its id in its own table, `at` what names it in an address.

    `label` is what people call it (S7, O3.10; empty when nothing), `title` counts for more than `body`.
    """

    kind: str
    key: int
    at: str
    label: str = ""
    title: str = ""
    body: str = ""
    retired: bool = False


def index(programme: Programme, entries: Iterable[Entry]) -> None:
    """Let these records of one programme be found as they now stand. The caller holds the programme's lock.

    What did not change is not written.
    """
    rest = iter(entries)
    while chunk := list(islice(rest, CHUNK)):
        _index(programme, chunk)


def _index(programme: Programme, entries: Sequence[Entry]) -> None:
    kinds = {entry.kind for entry in entries}
    known = SearchDocument.objects.filter(kind__in=kinds, key__in=[entry.key for entry in entries])
    stored = {(row.kind, row.key): row for row in known}
    new, said = [], set[str]()
    for entry in entries:
        now, before = document(programme, entry), stored.get((entry.kind, entry.key))
        changed = [name for name in SAME if getattr(before, name, None) != getattr(now, name)]
        if not changed:
            continue
        said |= vocabulary(entry)
        if before is None:
            new.append(now)
        else:
            SearchDocument.objects.filter(pk=before.pk).update(**{name: getattr(now, name) for name in changed})
    SearchDocument.objects.bulk_create(new, CHUNK)
    _learn(programme, said)


def _learn(programme: Programme, words: set[str]) -> None:
    known = SearchWord.objects.filter(programme=programme, word__in=words).values_list("word", flat=True)
    new = sorted(words.difference(known)) if words else []
    SearchWord.objects.bulk_create((SearchWord(programme=programme, word=word) for word in new), CHUNK)


def document(programme: Programme, entry: Entry) -> SearchDocument:
    """The document of a record, not stored."""
    signs = [scope(programme, retired=entry.retired), kind_sign(entry.kind)]
    return SearchDocument(
        programme=programme,
        kind=entry.kind,
        key=entry.key,
        at=entry.at,
        label=entry.label,
        label_folded=label_folded(entry.label),
        title=entry.title,
        body=entry.body,
        retired=entry.retired,
        words=indexed(signs, (entry.label, entry.title), entry.body),
    )


def vocabulary(entry: Entry) -> set[str]:
    """The words by which pieces of words find this record; numbers, of which there is no end, are found whole."""
    words = {word for text in (entry.title, entry.body) for _start, _end, word in words_of(text)}
    return {word for word in words if not word.isdecimal()}


def label_folded(label: str) -> str:
    return fold(label)[:60]


def scope(programme: Programme, *, retired: bool) -> str:
    """The sign that all documents of a programme carry, those in use or the retired ones."""
    return f"_p{programme.pk}{'r' if retired else 'a'}"


def kind_sign(kind: str) -> str:
    return f"_k{kind}"


def theme_entry(theme: Theme) -> Entry:
    body = "\n\n".join(text for text in (theme.definition, theme.use_when, theme.not_when, theme.example) if text)
    return Entry(THEME, theme.pk, theme.label, theme.code, theme.name, body, theme.retired)


def theme_entries(programme: Programme) -> Iterator[Entry]:
    return (theme_entry(theme) for theme in Theme.objects.filter(programme=programme).order_by("pk").iterator(CHUNK))


def rebuild_index() -> None:
    """Fill the full-text index of the database from the documents, of all programmes."""
    rebuild(connection)


@transaction.atomic
def reindex(programme: Programme, entries: Iterable[Entry]) -> int:
    """Make what a search knows of a programme anew; how many records it then knows.

    `entries` are all its records, of every kind. What is right already is not written.
    """
    hold(programme)
    known = SearchDocument.objects.filter(programme=programme).values_list("kind", "key", "pk")
    gone = {(kind, key): pk for kind, key, pk in known}
    SearchWord.objects.filter(programme=programme).delete()
    n, rest = 0, iter(entries)
    while chunk := list(islice(rest, CHUNK)):
        n += len(chunk)
        _index(programme, chunk)
        _learn(programme, {word for entry in chunk for word in vocabulary(entry)})
        for entry in chunk:
            gone.pop((entry.kind, entry.key), None)
    left = list(gone.values())
    for at in range(0, len(left), CHUNK):
        SearchDocument.objects.filter(pk__in=left[at : at + CHUNK]).delete()
    return n
