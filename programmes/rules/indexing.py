"""Owns what a search knows of the records: every rule that writes one calls `index` in its transaction.

A record is told as an Entry; its kind, and where its page is, are registered in cmo/reading/searchable.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from programmes.lexing import fold, words_of
from programmes.models import Programme, SearchDocument, SearchWord, Source, Theme
from programmes.ranking import indexed
from programmes.rules.holding import hold
from programmes.rules.sending import Sending, values
from programmes.search_index import rebuild, squeeze

CHUNK = 500
SAME = ("at", "label", "label_folded", "title", "body", "retired", "words")
THEME = "theme"
SOURCE = "source"


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


def index(programme: Programme, entries: Iterable[Entry], sending: Sending | None = None) -> None:
    """Let these records of one programme be found as they now stand. The caller holds the programme's lock.

    What did not change is not written. With `sending` it waits there.
    """
    rest, out = iter(entries), sending or Sending()
    while chunk := list(islice(rest, CHUNK)):
        _index(programme, chunk, out)
    if sending is None:
        out.send()


def _index(programme: Programme, entries: Sequence[Entry], sending: Sending) -> None:
    last = {(entry.kind, entry.key): entry for entry in entries}
    sending.insert((document(programme, entry) for entry in last.values()), _UNLESS_SAME)
    _learn(programme, {word for entry in last.values() for word in vocabulary(entry)}, sending)


_UNLESS_SAME = (
    f"ON CONFLICT (kind, key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in SAME)}"
    f" WHERE {' OR '.join(f'programmes_searchdocument.{name} <> excluded.{name}' for name in SAME)}"
)


def unindex(programme: Programme, kind: str, keys: Iterable[int]) -> None:
    """Let these records be found no longer, because not everybody may see them. The caller holds the lock.

    Their words stay in the vocabulary, which says only how a piece of a word may go on, until the index is made anew.
    """
    SearchDocument.objects.filter(programme=programme, kind=kind, key__in=list(keys)).delete()


def forget(programme: Programme, texts: Iterable[str]) -> None:
    """Let vocabulary and index know those words of `texts` no longer that no record says any more: they were taken
    out for good. The caller holds the lock, and has indexed the records as they now stand."""
    gone = {word for text in texts for _start, _end, word in words_of(text)}
    if not gone:
        return
    for title, body in SearchDocument.objects.filter(programme=programme).values_list("title", "body").iterator(CHUNK):
        gone -= {word for text in (title, body) for _start, _end, word in words_of(text)}
    rest = iter(sorted(gone))
    while chunk := list(islice(rest, CHUNK)):
        SearchWord.objects.filter(programme=programme, word__in=chunk).delete()
    squeeze(connection)


def _learn(programme: Programme, words: set[str], sending: Sending) -> None:
    """Let the programme know these words too; those that it knows are not written."""
    rest = iter(sorted(words))
    while chunk := list(islice(rest, CHUNK)):
        new, given = values([[word] for word in chunk])
        sending.add(
            f"INSERT INTO programmes_searchword (programme_id, word) SELECT %s, new.column1 FROM {new} AS new"
            " WHERE NOT EXISTS (SELECT 1 FROM programmes_searchword k"
            " WHERE k.programme_id = %s AND k.word = new.column1) ON CONFLICT DO NOTHING",
            [programme.pk, *given, programme.pk],
        )


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


def source_entry(source: Source) -> Entry:
    """A source by its name, role and note; those who see no evidence do not find it."""
    body = "\n\n".join(text for text in (source.citation, source.role, source.note) if text)
    return Entry(SOURCE, source.pk, str(source.number), source.label, source.pseudonym, body, source.retired)


def source_entries(programme: Programme) -> Iterator[Entry]:
    found = Source.objects.filter(programme=programme).order_by("number")
    return (source_entry(source) for source in found.iterator(CHUNK))


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
        index(programme, chunk)
        for entry in chunk:
            gone.pop((entry.kind, entry.key), None)
    left = list(gone.values())
    for at in range(0, len(left), CHUNK):
        SearchDocument.objects.filter(pk__in=left[at : at + CHUNK]).delete()
    return n
