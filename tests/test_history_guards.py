"""Claims about history: no UPDATE and no DELETE gets through to it, whoever sends it, on both databases."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from cmo.models import (
    Bearing,
    BearingRevision,
    Excerpt,
    ExcerptRevision,
    ExcerptRevisionTheme,
    Meeting,
    MeetingRevision,
    StatementRevision,
)
from cmo.rules.citing import Rests
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, split
from cmo.rules.descent import Seen
from cmo.rules.discussing import say
from cmo.rules.introducing import introduce
from cmo.rules.judging import judge
from cmo.rules.noting import write_memo
from cmo.rules.proposing import propose, submit
from cmo.rules.redacting import take_out
from cmo.rules.reviewing import decide
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise, state
from programmes import guards
from programmes.access import Actor
from programmes.guards import GUARDED, MESSAGE, check_guards
from programmes.models import AuditEvent, SourceRevision
from tests.evidence_factories import linked

ADDED_ONLY = ("_proposalround", "_review", "_outcome", "_descentline", "_redaction", "_verdictbearing")


def rows_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
        return cursor.fetchall()


def send(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def history(programme, themes, statement, cast, actor):
    """At least two rows in every guarded table."""
    by = actor(cast.lead)
    first = statement(themes=["O4", "P6"])
    elements = [introduce(programme, by=by, kind="context", text=text, themes=[themes["O4"]]) for text in "ab"]
    placed = [Placed("context", element) for element in elements]
    configure(programme, by=by, elements=placed, statements=[first, statement()])
    configure(programme, by=by)
    what_evidence_there_was(first, themes["O4"], cast.lead)
    rests_on = Rests(list(Excerpt.objects.all()), list(Bearing.objects.all()))
    words = Words(wording="If told, then known, because it was said.")
    revise(first, by=by, base=1, words=words, rests_on=rests_on)
    what_the_team_said(programme, cast)
    what_was_frozen(first, by)


def what_was_frozen(claim, by):
    """Two verdicts that rest on a bearing, and two snapshots with at least one row of each kind."""
    judge(claim, by=by, verdict="supported", rationale="It held.", bearings=["B1"])
    judge(claim, by=by, verdict="refined", rationale="But for one.", bearings=["B1"], team=True)
    for at in (1, 2):
        take_snapshot(claim.programme, by=by, name=f"Theory {at}")


def what_the_team_said(programme, cast):
    """Two comments, memos, meetings, answers, accepted proposals and splits."""
    by, now = Actor(cast.lead), timezone.now()
    for at in (1, 2):
        made = state(programme, by=by, words=Words(wording=f"If {at} is said, then it is heard."))
        say(made, by=by, text="Is it?")
        write_memo(programme, by=by, title=f"Thought {at}")
        split(Seen(made, 1), by=by, pieces=[Piece(Words(wording=text)) for text in ("If said.", "If heard.")])
        change = {"change": "new", "wording": f"If {at} is proposed, then it is answered."}
        proposal = propose(programme, by=by, changes=[change], reason="Why not.")
        proposal = submit(proposal, by=by, base=1)
        decide(proposal, by=Actor(cast.editor), decision="accept", seen=proposal.seen)
        meeting = Meeting.objects.create(
            programme=programme, number=at, title="May", held=now.date(), author=cast.lead, created=now, updated=now
        )
        MeetingRevision.objects.create(
            meeting=meeting, number=1, title="May", held=now.date(), at=now, author=cast.lead
        )


def what_evidence_there_was(claim, theme, person):
    """Two revisions each of a source, an excerpt with its theme, and a bearing on `claim`."""
    source, excerpt, bearing = linked(claim, person)
    row = {"author": person, "at": timezone.now()}
    for at in (1, 2):
        SourceRevision.objects.create(source=source, number=at, kind="interview", change="new", **row)
        of = ExcerptRevision.objects.create(
            excerpt=excerpt, source=source, number=at, text="Said.", change="new", **row
        )
        ExcerptRevisionTheme.objects.create(revision=of, theme=theme)
        BearingRevision.objects.create(
            bearing=bearing, number=at, stance="supports", made_against=1, judged=row["at"], change="new", **row
        )


@pytest.fixture
def redacted(history, programme, statement, cast, actor):
    """Two rows of the log without the words that they held."""
    by, made = actor(cast.lead), statement()
    for at in (1, 2):
        made = revise(made, by=by, base=at, words=Words(wording=f"If told {at}, then known."), reason="Words.")
        row = AuditEvent.objects.filter(programme=programme).latest("number").number
        take_out(programme, by=by, number=row, why="They should not be here.")


@pytest.mark.parametrize("sql", ['UPDATE "{}" SET id = id + 1000', 'DELETE FROM "{}"'], ids=["update", "delete"])
@pytest.mark.parametrize("table", GUARDED)
def test_the_database_refuses(redacted, table, sql):
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
    event = AuditEvent.objects.order_by("pk").first()
    event.reason = "another"
    everything = AuditEvent.objects.all()
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
