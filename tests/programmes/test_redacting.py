"""Claims about words taken out: they are gone, a tombstone says so, the chain holds, nothing else can be changed."""

import json
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.http import Http404

from cmo.models import ConfigurationRevision, ElementRevision, StatementRevision
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce
from cmo.rules.redacting import take_out
from cmo.rules.standing import Placed
from cmo.rules.stating import retire, revise
from programmes import guards
from programmes.guards import EMPTIED, MESSAGE, TOMBSTONE
from programmes.models import AuditEvent, Redaction, ThemeRevision
from programmes.rules.classifying import edit_theme
from programmes.rules.founding import describe

pytestmark = pytest.mark.django_db
NAME = "Dilys Price of Bangor"


def whole():
    said = StringIO()
    call_command("check_integrity", stdout=said)
    return said.getvalue().strip() == "Everything that is stored agrees with itself."


def last(programme):
    return AuditEvent.objects.filter(programme=programme).latest("number")


def everything():
    """All that the database holds, as text."""
    with connection.cursor() as cursor:
        held = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # whose answer is the cursor, on either database
            held += cursor.fetchall()
    return "\n".join(map(str, held))


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def told(programme, statement, lead):
    """A log row that holds a name: of a statement's second revision."""
    first = statement()
    revise(first, by=lead, base=1, words=Words(wording="If so, then so."), reason=f"{NAME} said so.")
    return last(programme)


def test_the_words_are_gone_and_the_chain_holds(programme, told, lead):
    before = AuditEvent.objects.count()
    event = take_out(programme, by=lead, number=told.number, why="It names a participant.")
    assert (event.reason, event.detail) == ("", {"revision": 2, "change": "reworded"})
    assert StatementRevision.objects.get(number=2).reason == ""
    assert StatementRevision.objects.get(number=2).wording == "If so, then so."
    assert (event.redaction.by, event.redaction.why) == (lead.person, "It names a participant.")
    row = last(programme)
    assert (row.verb, row.record, row.reason) == ("redacted", f"row {told.number}", "It names a participant.")
    assert AuditEvent.objects.count() == before + 1
    assert NAME not in everything()
    assert whole()


def test_what_was_before_and_after_goes_too(programme, lead):
    describe(programme, by=lead, base=1, summary=f"As told by {NAME}")
    describe(programme, by=lead, base=2, summary="As told")
    for number in (last(programme).number - 1, last(programme).number):
        event = take_out(programme, by=lead, number=number, why="It names a participant.")
        assert event.detail == TOMBSTONE
    assert NAME not in everything()
    assert whole()


def test_the_reasons_of_every_kind_of_revision_go(programme, themes, statement, lead):
    placed = introduce(programme, by=lead, kind="context", text="a", themes=[themes["O4"]], reason=NAME)
    numbers = [last(programme).number]
    configure(programme, by=lead, elements=[Placed("context", placed)], statements=[statement()], reason=NAME)
    numbers.append(last(programme).number)
    edit_theme(themes["O4"], by=lead, base=1, code="O44", reason=NAME)
    numbers.append(last(programme).number)
    retire(statement(themes=["O1"]), by=lead, base=1, reason=NAME)
    numbers.append(last(programme).number)
    for number in numbers:
        take_out(programme, by=lead, number=number, why="A name.")
    for kind in (ElementRevision, ConfigurationRevision, ThemeRevision, StatementRevision):
        assert not kind.objects.filter(reason=NAME).exists(), kind
    assert NAME not in everything()
    assert whole()


def test_it_is_done_once_with_a_reason_by_leads_where_there_are_words(programme, told, lead, cast, actor):
    def refused(number, by=lead, why="A name."):
        with pytest.raises(ValidationError) as refusal:
            take_out(programme, by=by, number=number, why=why)
        return refusal.value.messages[0]

    for who in (cast.editor, cast.contributor, cast.viewer, cast.outsider):
        with pytest.raises(PermissionDenied):
            take_out(programme, by=actor(who), number=told.number, why="A name.")
    with pytest.raises(Http404):
        take_out(programme, by=lead, number=999, why="A name.")
    assert refused(told.number, why=" ") == "Write something here; it is empty."
    assert refused(told.number - 1) == "There are no words in this row that somebody typed."
    take_out(programme, by=lead, number=told.number, why="A name.")
    assert refused(told.number) == "The words of this row were taken out already."
    assert refused(told.number + 1) == "This row says that words were taken out and why; it stays."
    assert Redaction.objects.count() == 1


# ---- the guards let exactly this through

EVENT, REVISION = "programmes_auditevent", "cmo_statementrevision"
FORBIDDEN = {
    "another reason": (EVENT, "reason = 'kind words'"),
    "another detail": (EVENT, "detail = '{}'"),
    "another actor": (EVENT, "reason = '', actor_id = NULL"),
    "another digest": (EVENT, "reason = '', digest = 'x'"),
    "another time": (EVENT, "reason = '', at = '2020-01-01 00:00:00+00'"),
    "a tombstone that nobody asked for": (EVENT, "detail = '" + json.dumps(TOMBSTONE) + "'"),
    "a revision's other reason": (REVISION, "reason = 'kind words'"),
    "a revision's wording": (REVISION, "reason = '', wording = ''"),
}


def change(table, to, pk):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {to} WHERE id = %s", [pk])


@pytest.mark.parametrize("redacted", [False, True])
@pytest.mark.parametrize(("table", "to"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_database_refuses_every_other_change(programme, told, lead, table, to, redacted):
    if redacted:
        take_out(programme, by=lead, number=told.number, why="A name.")
    pk = told.pk if table == EVENT else StatementRevision.objects.get(number=2).pk
    with pytest.raises(DatabaseError, match=MESSAGE):
        change(table, to, pk)


@pytest.mark.parametrize("table", [EVENT, REVISION])
def test_no_text_can_be_emptied_without_a_redaction_of_that_row(programme, told, statement, lead, table):
    revise(statement(), by=lead, base=1, words=Words(wording="If x."), reason="Another.")
    other = last(programme)
    take_out(programme, by=lead, number=told.number, why="A name.")
    pk = other.pk if table == EVENT else StatementRevision.objects.get(reason="Another.").pk
    with pytest.raises(DatabaseError, match=MESSAGE):
        change(table, "reason = ''", pk)


def test_a_redaction_itself_cannot_be_changed_or_taken_away(programme, told, lead):
    take_out(programme, by=lead, number=told.number, why="A name.")
    for sql in ("UPDATE programmes_redaction SET why = ''", "DELETE FROM programmes_redaction"):
        with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# ---- past the guards, the check sees it


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["words put back", "no row that says so", "other digest", "revision changed"])
def test_the_check_finds_what_was_done_past_the_rules(programme, told, lead, unguarded, what):
    if what == "no row that says so":
        with unguarded():
            event = AuditEvent.objects.get(pk=told.pk)
            take_out(programme, by=lead, number=told.number, why="A name.")
            AuditEvent.objects.filter(verb="redacted").update(detail={"row": event.number})
    else:
        take_out(programme, by=lead, number=told.number, why="A name.")
        assert whole()
        with unguarded():
            if what == "words put back":
                AuditEvent.objects.filter(pk=told.pk).update(reason="Other words.")
            elif what == "other digest":
                Redaction.objects.update(reason_digest="0" * 64)
            else:
                StatementRevision.objects.filter(number=2).update(wording="If not, then not.")
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=StringIO())


# ---- the guards through migrations


@pytest.mark.django_db(transaction=True)
def test_a_guard_from_before_anything_could_be_redacted_is_replaced(programme, told, lead):
    with connection.cursor() as cursor:
        for table in EMPTIED:
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            act = body if connection.vendor == "sqlite" else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            cursor.execute(f"DROP TRIGGER guard_{table}_update_but_redaction{on}")
            cursor.execute(f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE ON {table} {act}")
    with pytest.raises(DatabaseError, match=MESSAGE):
        take_out(programme, by=lead, number=told.number, why="A name.")
    call_command("migrate", verbosity=0, interactive=False)
    assert take_out(programme, by=lead, number=told.number, why="A name.").reason == ""
    assert whole()


@pytest.mark.django_db(transaction=True)
def test_a_guard_from_before_so_much_could_be_taken_out_is_replaced(programme, told, lead):
    with connection.cursor() as cursor:
        for table in EMPTIED:
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            act = body if connection.vendor == "sqlite" else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            cursor.execute(f"DROP TRIGGER guard_{table}_update_but_redaction{on}")
            cursor.execute(f"CREATE TRIGGER guard_{table}_update_but_redaction BEFORE UPDATE ON {table} {act}")
    with pytest.raises(DatabaseError, match=MESSAGE):
        take_out(programme, by=lead, number=told.number, why="A name.")
    guards.lift_guards(plan=[("a migration", False)])
    guards.put_guards()
    assert take_out(programme, by=lead, number=told.number, why="A name.").reason == ""
    assert all(len(name) <= 63 for name in guards._present(connection))  # what is longer, PostgreSQL cuts


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_make_the_table_of_redactions_anew(programme, told, lead):
    """SQLite renames no table while a trigger of another names it, so those are lifted before migrations."""
    take_out(programme, by=lead, number=told.number, why="A name.")
    guards.lift_guards(plan=[("a migration", False)])
    as_it_is = Redaction._meta.get_field("why")
    wider = models.CharField(max_length=3000)
    wider.set_attributes_from_name("why")
    wider.model = Redaction
    for old, new in ((as_it_is, wider), (wider, as_it_is)):
        with connection.schema_editor() as editor:
            editor.alter_field(Redaction, old, new)
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.check_guards(databases=["default"]) == []
    with pytest.raises(DatabaseError, match=MESSAGE):
        change(EVENT, "reason = 'kind words'", told.pk)
    assert whole()
