"""Owns the look at all that is stored, and at whether anything was written; both are taken thousands of times a run."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection

UNSEEN = {"django_session", "django_migrations", "sqlite_sequence", "programmes_tries"}
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "DECLARE", "FETCH", "CLOSE")
WRITES = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "?(?!SET\b)(\w+)"?')
_prepared: list[Any] = [None]  # the connection to PostgreSQL on which the question is prepared


class Rows(dict[str, Any]):
    """{table: its rows on SQLite, a digest of them on PostgreSQL}. Nobody changes it, so a copy is itself."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Rows":
        return self


@cache
def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - UNSEEN)


def stored(tables: Iterable[str] | None = None) -> Rows:
    """Every row of every table, or of some, but for sessions."""
    connection.ensure_connection()
    raw, asked_for = connection.connection, _tables() if tables is None else tables
    if connection.vendor != "postgresql":
        return Rows({table: raw.execute(f'SELECT * FROM "{table}"').fetchall() for table in asked_for})
    rows = "concat(count(*), ' ', sum(hashtextextended(t::text, 0)))"
    asked = " UNION ALL ".join(f"SELECT '{table}', {rows} FROM \"{table}\" t" for table in asked_for)
    with raw.cursor() as cursor:
        if tables is None and _prepared[0] is not raw:
            cursor.execute(f"PREPARE all_that_is_stored AS {asked}")
            _prepared[0] = raw
        cursor.execute("EXECUTE all_that_is_stored" if tables is None else asked)
        return Rows(cursor.fetchall())


class Writing:
    """What was written meanwhile, as far as one can tell from the statements."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def changed(self, was: Rows) -> bool:
        """Whether a table that may have been written to is another than it `was`."""
        return any(rows != was[table] for table, rows in stored(self.tables).items()) if self.tables else False

    def watch(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql).lstrip(" \n(")
        if not text.startswith(HARMLESS):
            named = set(WRITES.findall(text))
            self.tables |= (named if named or text.startswith("WITH") else set(_tables())) - UNSEEN
        return execute(sql, params, many, context)


@contextmanager
def writing() -> Iterator[Writing]:
    found = Writing()
    with connection.execute_wrapper(found.watch):
        yield found
