"""Owns how a rule sends writes whose answers nobody waits for: together, as each way to the server and back costs more
than most of them.

PostgreSQL takes several statements at once; SQLite, which is no way off, takes them one after the other. They go inside
the transaction of the rule and in the order given. What fails, fails when they are sent.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Field, Model

CHUNK = 500  # rows in one statement
MOST = 20_000  # values that wait; old SQLite takes 32,766 in one statement


class Sending:
    """Writes that wait to be sent."""

    def __init__(self) -> None:
        self._sql: list[str] = []
        self._given: list[Sequence[Any]] = []
        self._values = 0

    def add(self, sql: str, given: Sequence[Any]) -> None:
        """One statement more."""
        self._sql.append(sql)
        self._given.append(given)
        self._values += len(given)
        if self._values > MOST:
            self.send()

    def insert(self, records: Iterable[Model], rest: str = "") -> None:
        """New rows, all of one table; `rest` ends their statement. The records do not learn their keys."""
        left = iter(records)
        while rows := list(islice(left, CHUNK)):
            head, row, fields = _insert(type(rows[0]))
            given = [field.get_db_prep_save(getattr(one, name), connection) for one in rows for name, field in fields]
            self.add(f"{head} VALUES {', '.join([row] * len(rows))} {rest}", given)

    def send(self) -> None:
        """Let all that waits be done."""
        if self._sql:
            with connection.cursor() as cursor:
                self._execute(cursor)

    def ask(self, sql: str, given: Sequence[Any]) -> tuple[Any, ...]:
        """Let all that waits be done, then this; its first row."""
        self._sql.append(sql)
        self._given.append(given)
        with connection.cursor() as cursor:
            self._execute(cursor)
            row: tuple[Any, ...] = cursor.fetchone()
        return row

    def _execute(self, cursor: Any) -> None:
        statements, given = self._sql, self._given
        self._sql, self._given, self._values = [], [], 0
        if connection.vendor == "postgresql":
            cursor.execute(";\n".join(statements), [value for values in given for value in values])
            return
        for sql, values in zip(statements, given, strict=True):
            cursor.execute(sql, values)


@cache
def _insert(model: type[Model]) -> "tuple[str, str, list[tuple[str, Field[Any, Any]]]]":
    """(beginning of the statement, marks of one row, (attribute, field) of each column) but for the key."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    return f'INSERT INTO "{model._meta.db_table}" ({columns})', marks, [(field.attname, field) for field in fields]


def values(rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """("(VALUES (%s, …), …)", what it is given): rows to select from; their columns are called column1, column2, …"""
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return f"(VALUES {', '.join([row] * len(rows))})", [value for one in rows for value in one]
