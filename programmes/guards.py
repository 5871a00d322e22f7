"""Owns the triggers that make history append-only, on both databases.

Every table of GUARDED refuses UPDATE, DELETE and TRUNCATE whoever asks: the ORM, a shell or another program. One UPDATE
gets through: the one that empties the texts which a row of `programmes_redaction` says were taken out, and no more.
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
    "cmo_proposalround",
    "cmo_roundcites",
    "cmo_review",
    "cmo_outcome",
    "cmo_descentline",
    "cmo_commentrevision",
    "cmo_memorevision",
    "cmo_meetingrevision",
    "cmo_verdictrevision",
    "cmo_verdictbearing",
    "cmo_snapshot",
    "cmo_snapshotstatement",
    "cmo_snapshotconfiguration",
    "cmo_snapshotelement",
    "cmo_snapshottheme",
    "cmo_snapshotverdict",
    "cmo_snapshotpart",
    "programmes_redaction",
    "programmes_sourcerevision",
    "cmo_excerptrevision",
    "cmo_excerptrevisiontheme",
    "cmo_bearingrevision",
    "cmo_revisioncitation",
]
MESSAGE = "history is append-only"
TOMBSTONE = {"redacted": True}  # stands where a log row's detail was
TAKEN = "(taken out)"  # stands where a title was that lists and links need
# What may be emptied: {table: {column: (what stands there then, which redaction allows it)}}; NEW is the row to be.
_OF_A_REVISION = "r.revision_table = '{table}' AND r.revision_row = NEW.id"
_REVISION = {"reason": ("", _OF_A_REVISION)}
_TITLE = {"title": (TAKEN, _OF_A_REVISION)}


def _emptied_too(*texts: str) -> dict[str, tuple[str, str]]:
    return _REVISION | dict.fromkeys(texts, ("", _OF_A_REVISION))


EMPTIED: dict[str, dict[str, tuple[str, str]]] = {
    "programmes_auditevent": {
        "detail": ('{"redacted": true}', "r.detail_digest <> '' AND r.event_id = NEW.id"),
        "reason": ("", "r.reason_digest <> '' AND r.event_id = NEW.id"),
    },
    "programmes_themerevision": _REVISION,
    "cmo_statementrevision": _REVISION,
    "cmo_elementrevision": _REVISION,
    "cmo_configurationrevision": _REVISION,
    "cmo_proposalround": {**_REVISION, "title": ("", _OF_A_REVISION), "content": ("[]", _OF_A_REVISION)},
    "cmo_review": _REVISION,
    "cmo_commentrevision": {"text": ("", _OF_A_REVISION)},
    "cmo_memorevision": {**_TITLE, "text": ("", _OF_A_REVISION)},
    "cmo_meetingrevision": {**_TITLE, "notes": ("", _OF_A_REVISION)},
    "cmo_verdictrevision": {"rationale": ("", _OF_A_REVISION)},
    "programmes_sourcerevision": _emptied_too("note", "relevance_reason", "richness_reason", "rigour_reason"),
    "cmo_excerptrevision": _emptied_too("text", "original", "locator"),
    "cmo_bearingrevision": _emptied_too("note", "confidence_reason"),
}
BUT_REDACTION = "_but_redaction"
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
    return [(_name(table, event), table, event) for table in GUARDED if table in tables
            for event in EVENTS[connection.vendor]]  # fmt: skip


def _name(table: str, event: str) -> str:
    softer = BUT_REDACTION if event == "UPDATE" and table in EMPTIED else ""
    return f"guard_{table}_{event.lower()}{softer}"


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
            if name.endswith(BUT_REDACTION):
                stricter = name.removesuffix(BUT_REDACTION)  # from before anything could be redacted
                if stricter in present:
                    _drop(cursor, connection, stricter, table)
                _install_but_redaction(cursor, connection, name, table)
            elif connection.vendor == "sqlite":
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


def _install_but_redaction(cursor: Any, connection: BaseDatabaseWrapper, name: str, table: str) -> None:
    """The guard that lets through what empties a redacted text and changes nothing else."""
    emptied = EMPTIED[table]
    if connection.vendor == "sqlite":
        columns = sorted(column.name for column in connection.introspection.get_table_description(cursor, table))
        same = [f'NEW."{column}" IS OLD."{column}"' for column in columns if column not in emptied]
        allowed = " AND ".join([*same, *_emptied(table)])
        cursor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN NOT ({allowed})'
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    others = "".join(f" - '{column}'" for column in emptied)
    allowed = " AND ".join([f"to_jsonb(NEW){others} = to_jsonb(OLD){others}", *_emptied(table)])
    cursor.execute(
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF {allowed} THEN RETURN NEW; END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
    cursor.execute(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()')


def _emptied(table: str) -> list[str]:
    """For each text that may be emptied: it is as it was, or empty and a redaction allows that."""
    return [
        f"(NEW.{column} = OLD.{column} OR NEW.{column} = '{empty}'"
        f" AND EXISTS (SELECT 1 FROM programmes_redaction r WHERE {allows.format(table=table)}))"
        for column, (empty, allows) in EMPTIED[table].items()
    ]


def _drop(cursor: Any, connection: BaseDatabaseWrapper, name: str, table: str) -> None:
    on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    cursor.execute(f'DROP TRIGGER "{name}"{on}')


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away. For tests that empty tables between themselves, and for nothing else."""
    with connection.cursor() as cursor:
        present = _present(connection)
        for name, table, _event in _wanted(connection):
            if name in present:
                _drop(cursor, connection, name, table)


def lift_guards(*, using: str = "default", plan: Sequence[Any] = (), **_more: Any) -> None:
    """Before migrations: SQLite renames no table while a trigger of another names it, and what may be emptied may be
    more than it was. `put_guards` follows."""
    connection = connections[using]
    if plan:
        present = _present(connection)
        with connection.cursor() as cursor:
            for name, table, _event in _wanted(connection):
                if name in present and name.endswith(BUT_REDACTION):
                    _drop(cursor, connection, name, table)


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
