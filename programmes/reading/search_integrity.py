"""Owns the check of what a search knows against the records; one line a finding, nothing when all is well."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection

from programmes.models import Programme, SearchDocument, SearchWord
from programmes.rules.indexing import CHUNK, SAME, Entry, document, vocabulary
from programmes.search_index import disagreement


def broken_index() -> Iterator[str]:
    """What is wrong with the full-text index itself."""
    if said := disagreement(connection):
        yield f"search: {said}"


def out_of_step(programme: Programme, entries: Iterable[Entry]) -> Iterator[str]:
    """Records of a programme that a search does not know as they stand, and documents of no record."""
    words = set(SearchWord.objects.filter(programme=programme).values_list("word", flat=True))
    known = SearchDocument.objects.filter(programme=programme)
    left = {(kind, key): label for kind, key, label in known.values_list("kind", "key", "label")}
    rest = iter(entries)
    while chunk := list(islice(rest, CHUNK)):
        stored = {(row.kind, row.key): row for row in known.filter(key__in=[entry.key for entry in chunk])}
        for entry in chunk:
            left.pop((entry.kind, entry.key), None)
            right, found = document(programme, entry), stored.get((entry.kind, entry.key))
            unlike = found is None or any(getattr(found, name) != getattr(right, name) for name in SAME)
            if unlike or not vocabulary(entry) <= words:
                name = entry.label or entry.title
                yield f"{programme.slug}: search does not know {entry.kind} {name} as it is; run manage.py reindex"
    for (kind, key), label in sorted(left.items()):
        yield f"{programme.slug}: search knows {kind} {label or key}, which is not there; run manage.py reindex"
