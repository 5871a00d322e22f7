"""Owns the full-text index behind SearchDocument: FTS5 with its triggers on SQLite, a tsvector with GIN on PostgreSQL.

Both are given `words` as it stands, cut at spaces: what a word is, its stem and its accents are settled before, in
lexing and stemming. So both find the same, and PostgreSQL needs no extension and no superuser.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

DOCUMENTS = "programmes_searchdocument"
WORDS = "programmes_searchword"
INDEX = "programmes_searchindex"

_OUT = f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', old.id, old.words);"
_IN = f"INSERT INTO {INDEX} (rowid, words) VALUES (new.id, new.words);"
# Neither positions nor lengths are kept: ranking reads the few documents that it ranks.
_SQLITE = {
    INDEX: f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='{DOCUMENTS}', content_rowid='id',"
    " tokenize=\"ascii tokenchars '_'\", detail=none, columnsize=0)",
    "search_insert": f"CREATE TRIGGER search_insert AFTER INSERT ON {DOCUMENTS} BEGIN {_IN} END",
    "search_delete": f"CREATE TRIGGER search_delete AFTER DELETE ON {DOCUMENTS} BEGIN {_OUT} END",
    "search_update": f"CREATE TRIGGER search_update AFTER UPDATE OF id, words ON {DOCUMENTS} BEGIN {_OUT} {_IN} END",
}
_POSTGRESQL = {
    "tokens": f"ALTER TABLE {DOCUMENTS} ADD COLUMN tokens tsvector"
    " GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    # fastupdate would leave new rows on a list that every search reads through
    "search_tokens": f"CREATE INDEX search_tokens ON {DOCUMENTS} USING gin (tokens) WITH (fastupdate = off)",
    # beginnings of words are a range in no order but that of "C"
    "search_beginnings": f'CREATE INDEX search_beginnings ON {WORDS} (programme_id, word COLLATE "C")',
}


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    tables = set(connection.introspection.table_names())
    return (_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL) if {DOCUMENTS, WORDS} <= tables else {}


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        else:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() UNION ALL"
                " SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name = %s",
                [DOCUMENTS],
            )
        return {row[0] for row in cursor.fetchall()}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What of the index is not there; nothing before the first migration."""
    wanted = _wanted(connection)
    return sorted(set(wanted) - _present(connection)) if wanted else []


def install(connection: BaseDatabaseWrapper) -> None:
    """Put what is missing in place, filled from the documents; harmless when nothing is."""
    lacking = missing(connection)
    if not lacking:
        return
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for name, sql in _wanted(connection).items():
            if name in lacking:
                cursor.execute(sql)
    rebuild(connection)  # without a trigger it may have missed anything


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Fill the index from the documents. PostgreSQL keeps a column and its index in step by itself."""
    if connection.vendor == "sqlite":
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")


def squeeze(connection: BaseDatabaseWrapper) -> None:
    """Let nothing stand in the index that no document says any more.

    FTS5 only marks what is deleted, and keeps the word until its pieces are merged. (It can take words out at once
    from SQLite 3.42 on, but then every edit pays for it, and an older SQLite cannot open the file any more.)
    PostgreSQL keeps a document and its index in one row.
    """
    if connection.vendor == "sqlite":
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")


def disagreement(connection: BaseDatabaseWrapper) -> str:
    """What the database itself says is wrong between the index and the documents; "" when nothing is."""
    if missing(connection):
        return "the full-text index is not complete; run manage.py migrate"
    if connection.vendor == "sqlite":
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('integrity-check', 1)")
        except DatabaseError as error:
            return f"the full-text index is not that of its documents ({error}); run manage.py reindex"
    return ""


def put_index(*, using: str = "default", **_more: Any) -> None:
    install(connections[using])


def check_index(*, databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """System check: the index stands. A warning, as an error would keep `migrate` from putting it back."""
    return [
        Warning(f"Of the search, {', '.join(lacking)} are missing; run manage.py migrate.", id="tybed.W002")
        for alias in databases or []
        if (lacking := missing(connections[alias]))
    ]


# ---- asking it


def matching(vendor: str, wanted: Sequence[Collection[str]]) -> tuple[str, str]:
    """(SQL, its one parameter): a condition on documents that hold, of each of `wanted`, at least one word.

    The words are letters, digits and "_"; nothing in them can end a quotation.
    """
    if vendor == "sqlite":
        return f"id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)", _all_of(wanted, '"', " AND ", " OR ")
    return "tokens @@ %s::tsquery", _all_of(wanted, "'", " & ", " | ")


def newest(
    vendor: str, wanted: Sequence[Collection[str]], *, programme: int, retired: bool, sign: str, most: int
) -> tuple[str, list[Any]]:
    """(SQL, its parameters): id and words of the `most` newest documents that hold, of each of `wanted`, one word.

    Of one programme, in use or retired; `sign` is the word that says so. FTS5 is asked for it, reads from the newest on
    and stops by itself. PostgreSQL is asked for the columns: it chooses between walking back along an index of both,
    which is quick where most documents hold the words, and sorting what GIN finds, which is quick where few do.
    """
    if vendor == "sqlite":
        found, asked = matching(vendor, [*wanted, {sign}])
        inner = f"{found[:-1]} ORDER BY rowid DESC LIMIT {most:d})"
        return f"SELECT id, words FROM {DOCUMENTS} WHERE {inner}", [asked]
    found, asked = matching(vendor, wanted)
    sql = f"SELECT id, words FROM {DOCUMENTS} WHERE programme_id = %s AND retired = %s AND {found}"
    return f"{sql} ORDER BY id DESC LIMIT {most:d}", [programme, retired, asked]


def _all_of(wanted: Sequence[Collection[str]], quote: str, both: str, either: str) -> str:
    return both.join(f"({either.join(f'{quote}{word}{quote}' for word in sorted(words))})" for words in wanted)
