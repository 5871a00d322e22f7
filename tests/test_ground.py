"""Claims about what the other tests stand on: the cast, the doors, the bulk rows, and tests with real transactions."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cmo.models import Statement, Tally
from cmo.rules.composing import Words
from cmo.rules.recounting import drift, recount
from cmo.rules.stating import revise, state
from programmes.models import AuditEvent, AuditHead, Theme
from programmes.rules.recording import chained
from tests.factories import many_statements, many_themes


def test_the_cast_has_its_roles(programme, cast):
    roles = dict(programme.memberships.values_list("person__username", "role"))
    assert roles == {"lead": "lead", "editor": "editor", "contributor": "contributor", "viewer": "viewer"}
    assert cast.outsider.check_password("pass-for-tests-1")


def test_the_script_reads_what_the_editor_may_read(programme, cast, api, other_programme):
    answer = api(cast.editor).get("/api/v1/programmes/")
    assert [row["slug"] for row in answer.json()["results"]] == ["cse-test"]
    assert api().get("/api/v1/programmes/").status_code == 401


def test_what_the_rules_write_agrees_with_itself(cast, statement, area, other_programme, actor, capsys):
    trust = area("Trust")
    first = statement(themes=["O4", "Covid-19"], area=trust)
    statement("When there is no because, then it lacks one.")
    revise(first, by=actor(cast.lead), base=1, words=Words(wording="If asked, then heard, because it is a right."))
    call_command("check_integrity")
    assert capsys.readouterr().out == "Everything that is stored agrees with itself.\n"


def test_bulk_rows_agree_with_themselves_and_are_the_same_for_a_seed(programme, cast, area, capsys):
    themes = many_themes(programme, cast.editor, 25)
    made = many_statements(programme, cast.editor, 40, themes=themes, areas=[area("One"), area("Two")], revisions=3)
    assert [statement.number for statement in made] == list(range(1, 41))
    assert Theme.objects.under(themes[10]).count() == 10
    call_command("check_integrity")
    again = many_statements(programme, cast.editor, 40, themes=themes)
    assert [row.wording.split(" in case")[0] for row in made] == [row.wording.split(" in case")[0] for row in again]
    call_command("check_integrity")
    capsys.readouterr()


FINDINGS = {
    "cmo_tally": ("UPDATE cmo_tally SET n = n + 1", "says 2, the records 1"),
    "cmo_themeuse": ("DELETE FROM cmo_themeuse", "says 0, the records 1"),
    "a wording": ("UPDATE cmo_statement SET wording = 'Other.'", "S1: it is not as its last revision says: wording"),
    "a fold": ("UPDATE cmo_statement SET folded = ''", "S1: folded is out of step with the record"),
    "a gap": ("UPDATE cmo_statement SET revision_number = 3", "S1: it is at revision 3, its history is 1 long"),
    "a tag": ("DELETE FROM cmo_statementtheme", "S1: its themes are not those of its last revision"),
    "a number": ("UPDATE programmes_programme SET last_statement = 0", "S1 is above the last number given out, 0"),
    "a path": ("UPDATE programmes_theme SET path = '/7/' WHERE code = 'O4'", "theme O4 has the path /7/"),
    "a name": ("UPDATE programmes_theme SET name = 'Q' WHERE code = 'O4'", "O4 is not as its last revision says: name"),
    "an old wording": ("UPDATE cmo_statementrevision SET wording = 'Q'", "S1: revision 1 is not as the log has it"),
    "an old reason": ("UPDATE cmo_statementrevision SET reason = 'x'", "S1: revision 1 is not as the log has it"),
    "an old tag": ("DELETE FROM cmo_revisiontheme", "S1: revision 1 is not as the log has it"),
    "an old name": ("UPDATE programmes_themerevision SET definition = 'Q'", "revision 1 is not as the log has it"),
    "what a search knows": ("UPDATE programmes_searchdocument SET body = 'x'", "search does not know statement S1 as"),
    "a stray find": ("UPDATE programmes_searchdocument SET key = 999 WHERE label = 'S1'", "search knows statement S1"),
    "a known word": ("DELETE FROM programmes_searchword", "search does not know theme O4 as it is; run"),
    "a seal": ("UPDATE programmes_auditevent SET seals = ''", "or its link to the row before was changed"),
    "a log row": ("UPDATE programmes_auditevent SET reason = 'x' WHERE number = 2", "row 2 or its link to"),
    "a log end": ("DELETE FROM programmes_auditevent WHERE record = 'S1'", "the end of the chain is not its last row"),
    "a log gap": ("DELETE FROM programmes_auditevent WHERE number = 2", "row 2 is missing before row 3"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sql", "said"), FINDINGS.values(), ids=FINDINGS)
def test_what_was_changed_past_the_rules_is_found(sql, said, statement, unguarded, capsys):
    statement(themes=["O4"])
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(CommandError):
        call_command("check_integrity")
    assert said in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_log_from_before_digests_of_revisions_were_kept_is_still_whole(statement, unguarded):
    statement(themes=["O4"])
    with unguarded():
        for scope in AuditHead.objects.all():
            digest = ""
            for event in AuditEvent.objects.filter(scope=scope.scope).order_by("number"):
                event.seals = ""
                event.digest = digest = chained(digest, event)
                event.save()
            AuditHead.objects.filter(scope=scope.scope).update(digest=digest)
    call_command("check_integrity")


def test_a_recount_mends_the_counts(programme, cast, statement, themes):
    statement(themes=["O4"])
    Tally.objects.update(n=7)
    assert drift(programme) != []
    recount(programme)
    assert drift(programme) == []


@pytest.mark.django_db(transaction=True)
def test_threads_write_for_real_and_leave_nothing_behind(programme, cast, actor):
    def work() -> None:
        try:
            for _ in range(5):
                state(programme, by=actor(cast.editor), words=Words(wording="If so, then so, because so."))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Statement.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert drift(programme) == []


@pytest.mark.django_db(transaction=True)
def test_the_next_one_finds_empty_tables(db):
    assert AuditEvent.objects.count() == 0


def test_queries_are_counted_and_listed(programme, queries):
    with queries(1):
        list(programme.phases.all())
    with pytest.raises(pytest.fail.Exception, match=r"1 queries instead of 2:\n  1\. SELECT"), queries(2):
        list(programme.phases.all())


def test_the_process_says_that_it_is_alive_to_anybody(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
