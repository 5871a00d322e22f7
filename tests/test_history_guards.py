"""Claims about history: no UPDATE and no DELETE gets through to it, whoever sends it, on both databases."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from cmo.models import StatementRevision
from programmes import guards
from programmes.guards import GUARDED, MESSAGE, check_guards
from programmes.models import AuditEvent, Redaction
from tests.history_worlds import write_history

ADDED_ONLY = ("_proposalround", "_roundcites", "_review", "_outcome", "_descentline", "_redaction", "_verdictbearing")


def rows_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
        return cursor.fetchall()


def send(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def history(stands, programme, themes, cast):
    """At least two rows in every guarded table."""
    if not hasattr(stands, "history"):
        write_history(programme, themes, cast)


@pytest.mark.parametrize("sql", ['UPDATE "{}" SET id = id + 1000', 'DELETE FROM "{}"'], ids=["update", "delete"])
@pytest.mark.parametrize("table", GUARDED)
def test_the_database_refuses(history, table, sql):
    before = rows_in(table)
    assert len(before) >= 2
    with pytest.raises(DatabaseError, match=MESSAGE):
        send(sql.format(table))
    assert rows_in(table) == before


@pytest.mark.parametrize("table", [*GUARDED, "cmo_statement", "programmes_programme"])
def test_emptying_at_once_is_refused(history, table):
    """PostgreSQL empties what refers to a table along with it; SQLite does not know the word."""
    with pytest.raises(DatabaseError):
        send(f'TRUNCATE TABLE "{table}" CASCADE')
    assert len(rows_in("cmo_statementrevision")) >= 2


def test_the_orm_is_refused_too(history):
    unmarked = AuditEvent.objects.exclude(pk__in=Redaction.objects.values("event"))  # those are protected twice
    event = unmarked.order_by("pk").first()
    event.reason = "another"
    everything = AuditEvent.objects.filter(pk__in=list(unmarked.values_list("pk", flat=True)))
    for act in (event.save, event.delete, everything.delete, lambda: everything.update(reason="another")):
        with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
            act()


def test_every_table_of_history_is_guarded(db):
    """A table is history when rows of it are only ever added: revisions, what hangs on them, and the log."""
    tables = connection.introspection.table_names()
    history = {name for name in tables if "revision" in name or name.endswith(("auditevent", *ADDED_ONLY))}
    history |= {name for name in tables if name.startswith("cmo_snapshot")}
    assert history == set(GUARDED)


def test_all_guards_stand_after_migrating(db):
    assert check_guards(databases=["default"]) == []
    assert check_guards(databases=None) == []


@pytest.mark.django_db(transaction=True)
def test_a_missing_guard_is_noticed_and_put_back_by_migrate():
    guards.remove(connection)
    (problem,) = check_guards(databases=["default"])
    assert problem.id == "tybed.W001"
    assert "guard_cmo_statementrevision_update" in problem.msg
    assert "run manage.py migrate" in problem.msg
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=StringIO())
    # `migrate` runs the check first, so it must not stop at what it is about to mend.
    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    call_command("check_integrity", stdout=StringIO())
    assert check_guards(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_makes_anew_is_guarded_again(history):
    """SQLite changes a column by making the table anew, which drops its triggers without a word."""
    as_it_is = StatementRevision._meta.get_field("reason")
    wider = models.CharField(max_length=3000, blank=True)
    wider.set_attributes_from_name("reason")
    wider.model = StatementRevision
    for old, new in ((as_it_is, wider), (wider, as_it_is)):
        with connection.schema_editor() as editor:
            editor.alter_field(StatementRevision, old, new)
    call_command("migrate", verbosity=0, interactive=False)
    assert check_guards(databases=["default"]) == []
    with pytest.raises(DatabaseError, match=MESSAGE):
        send('DELETE FROM "cmo_statementrevision"')


@pytest.mark.django_db(transaction=True)
def test_putting_the_guards_twice_does_no_harm(history):
    guards.install(connection)
    guards.install(connection)
    with pytest.raises(DatabaseError, match=MESSAGE):
        send('DELETE FROM "cmo_statementrevision"')


def test_replacing_a_row_of_history_is_refused(history):
    """Both databases know a way to write over a row that is there already."""
    before = rows_in("cmo_revisiontheme")
    row = ", ".join(str(value) for value in before[0])
    upsert = {
        "sqlite": f"INSERT OR REPLACE INTO cmo_revisiontheme VALUES ({row})",
        "postgresql": f"INSERT INTO cmo_revisiontheme VALUES ({row}) ON CONFLICT (id) DO UPDATE SET id = excluded.id",
    }
    with pytest.raises(DatabaseError, match=MESSAGE):
        send(upsert[connection.vendor])
    assert rows_in("cmo_revisiontheme") == before
