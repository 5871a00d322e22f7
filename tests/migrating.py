"""Owns what stands in for the migrations under test: tables are made at once, and all migrations count as done.

That takes a second where migrating takes a quarter of a minute; tests/test_migrations.py migrates for real and
compares.
"""

import re
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

POSTGRESQL = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,"
    " is_identity, generation_expression FROM information_schema.columns WHERE table_schema = current_schema()"
    " AND table_name NOT LIKE 'auth_group%'",  # Django's own, where it lets the width of a key depend on the way
    "constraints": "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "triggers": "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
}
SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


def count_as_migrated() -> None:
    """As far as the database knows, every migration has been applied."""
    recorder, loader = MigrationRecorder(connection), MigrationLoader(connection)
    recorder.ensure_schema()
    for app, name in sorted(set(loader.graph.nodes) - set(recorder.applied_migrations())):
        recorder.record_applied(app, name)


def shape(cursor: Any, vendor: str) -> dict[str, set[str]]:
    """Tables with columns and constraints in no order, indexes, triggers and functions, as the database tells them."""
    if vendor == "postgresql":
        told: dict[str, set[str]] = {}
        for what, question in POSTGRESQL.items():
            cursor.execute(question)
            told[what] = set(map(str, cursor.fetchall()))
        return told
    cursor.execute(SQLITE)
    return {f"{kind} {name}": {table, *_parts(sql)} for kind, name, table, sql in cursor.fetchall()}


def _parts(sql: str) -> list[str]:
    """A CREATE TABLE cut at the commas between its columns and constraints, anything else whole."""
    head = re.match(r'CREATE TABLE "\w+" \((.*)\)$', sql, re.DOTALL)
    if head is None:
        return [sql]
    found, piece, inner = [], "", 0
    for sign in head[1]:
        inner += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not inner:
            found.append(piece.strip())
            piece = ""
        else:
            piece += sign
    return [*found, piece.strip()]
