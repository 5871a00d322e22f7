"""Owns how a test with real transactions is swept up: the tables that hold rows are emptied, the others left alone.

Django's own way empties every table and then does what ends a migration; with the guards to be taken down before and
put up after, that is most of the time of many a test.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

from programmes import guards, search_index

KEPT = {"django_content_type", "auth_permission"}  # what a migration writes


def empty() -> None:
    """No row is left that a test can have written, and whatever guards history stands."""
    with transaction.atomic(), connection.cursor() as cursor:
        full = _full(cursor)
        up = _take_down(cursor, full)
        for table in full:
            cursor.execute(f'DELETE FROM "{table}"')
        connection.check_constraints()  # a table is not altered while checks on it are put off
        for putting in up:
            cursor.execute(putting)
    guards.install(connection)
    search_index.install(connection)


def _full(cursor: Any) -> list[str]:
    """The tables of our models that hold a row, their own and those between them."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted({model._meta.db_table for model in models if model._meta.managed} - KEPT)
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables))
    return [table for (table,) in cursor.fetchall()]


def _take_down(cursor: Any, tables: list[str]) -> list[str]:
    """Take down the guards of these tables; the statements that put them up again."""
    guarded = sorted(set(tables) & set(guards.GUARDED))
    if connection.vendor == "postgresql":
        for table in guarded:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        return [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in guarded]
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%%'")
    found = [(name, sql) for name, table, sql in cursor.fetchall() if table in guarded]
    for name, _sql in found:
        cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _name, sql in found]
