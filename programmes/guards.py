"""Owns the triggers that make history append-only, on both databases.

Every table of GUARDED refuses UPDATE, DELETE and TRUNCATE whoever asks: the ORM, a shell or another program.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = [
    "programmes_auditevent",
    "programmes_themerevision",
    "cmo_statementrevision",
    "cmo_revisiontheme",
    "cmo_elementrevision",
    "cmo_elementrevisiontheme",
    "cmo_configurationrevision",
    "cmo_configurationrevisionelement",
    "cmo_configurationrevisionstatement",
]
MESSAGE = "history is append-only"
EVENTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}  # SQLite has no TRUNCATE


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%%'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE NOT tgisinternal AND tgenabled <> 'D'"  # one that was switched off guards nothing
                " AND tgname LIKE 'guard_%%' AND n.nspname = current_schema()"
            )
        return {row[0] for row in cursor.fetchall()}


def _wanted(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    tables = set(connection.introspection.table_names())
    return [
        (f"guard_{table}_{event.lower()}", table, event)
        for table in GUARDED
        if table in tables
        for event in EVENTS[connection.vendor]
    ]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every missing guard in place; harmless when they stand already."""
    present = _present(connection)
    missing = [row for row in _wanted(connection) if row[0] not in present]
    with connection.cursor() as cursor:
        if missing and connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
            )
        for name, table, event in missing:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" BEGIN SELECT RAISE(ABORT, \'{MESSAGE}\'); END'
                )
            else:
                each = "STATEMENT" if event == "TRUNCATE" else "ROW"
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
                cursor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"'
                    f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away. For tests that empty tables between themselves, and for nothing else."""
    with connection.cursor() as cursor:
        present = _present(connection)
        for name, table, _event in _wanted(connection):
            if name in present:
                on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER "{name}"{on}')


def put_guards(*, using: str = "default", **_more: Any) -> None:
    install(connections[using])


def check_guards(*, databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """System check (run by `migrate` and `check --database default`): every guard stands.

    A warning, as an error would keep `migrate` from putting them back; `check_integrity` fails on it.
    """
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if "programmes_auditevent" not in connection.introspection.table_names():
            continue  # before the first migration there is nothing to guard
        missing = {row[0] for row in _wanted(connection)} - _present(connection)
        if missing and apps.ready:
            names = ", ".join(sorted(missing))
            said = f"The append-only guards {names} are missing; run manage.py migrate."
            problems.append(Warning(said, id="tybed.W001"))
    return problems
