"""Claims about the index behind the search: it follows the documents, is put back when lost, and is checked."""

import importlib
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from cmo.rules.stating import retire
from programmes.models import Programme, SearchDocument, SearchWord
from programmes.reading.searching import search
from programmes.rules.indexing import CHUNK, Entry, index, reindex
from programmes.search_index import DOCUMENTS, WORDS, check_index, install, missing

ONLY_SQLITE = {"search_insert", "search_delete", "search_update"}


def labels(programme: Programme, text: str) -> list[str]:
    return [hit.label for hit in search(programme, text).page.rows]


def entry(key: int, body: str, **more: Any) -> Entry:
    return Entry("thing", key, str(key), f"T{key}", body=body, **more)


def send(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_document_is_found_changed_and_gone_with_its_record(programme):
    index(programme, [entry(1, "quince jam"), entry(2, "quince tree", retired=True)])
    assert labels(programme, "quince") == ["T1", "T2"]
    index(programme, [entry(1, "medlar jam"), entry(2, "quince tree")])
    assert (labels(programme, "quince"), labels(programme, "jam")) == (["T2"], ["T1"])
    assert search(programme, "quince").page.rows[0].retired is False
    reindex(programme, [entry(2, "quince tree")])
    assert labels(programme, "jam") == []
    assert SearchDocument.objects.filter(programme=programme).count() == 1
    assert set(SearchWord.objects.filter(programme=programme).values_list("word", flat=True)) == {"quince", "tree"}


def written() -> Any:
    """What moves when a row of the search is written, whether it changes or not."""
    if connection.vendor == "sqlite":
        return connection.connection.total_changes
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, id FROM {DOCUMENTS} UNION ALL SELECT xmin::text, id FROM {WORDS}")
        return sorted(cursor.fetchall())


def test_a_record_told_again_as_it_was_writes_nothing(programme):
    index(programme, [entry(1, "quince jam")])
    before = written()
    index(programme, [entry(1, "quince jam")])
    assert written() == before
    index(programme, [entry(1, "quince jelly")])
    assert written() != before


@pytest.mark.parametrize("n", [1, 40])
def test_many_are_told_in_as_many_queries_as_few(n, programme, queries):
    with queries(1 if connection.vendor == "postgresql" else 2):
        index(programme, [entry(at, f"quince number {at}") for at in range(n)])


def test_more_than_a_chunk_is_told_and_remade_whole(programme):
    told = [entry(at, f"quince {at}") for at in range(CHUNK + 3)]
    index(programme, told)
    assert labels(programme, f"quince {CHUNK + 1}") == [f"T{CHUNK + 1}"]
    assert reindex(programme, told[1:]) == CHUNK + 2
    assert SearchDocument.objects.filter(programme=programme).count() == CHUNK + 2


# ---- lost and put back


@pytest.mark.django_db(transaction=True)
def test_a_lost_piece_is_noticed_and_put_back_with_what_it_missed(programme, statement):
    lost = "DROP TRIGGER search_update" if connection.vendor == "sqlite" else "DROP INDEX search_tokens"
    first = statement("If quince, then quince.")
    send(lost)
    (problem,) = check_index(databases=["default"])
    assert problem.id == "tybed.W002"
    assert lost.split()[-1] in problem.msg
    words = f"_p{programme.pk}a _kstatement _t medlar"
    SearchDocument.objects.filter(key=first.pk, kind="statement").update(words=words)
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=StringIO())
    call_command("migrate", verbosity=0, interactive=False)
    assert missing(connection) == []
    assert labels(programme, "medlar") == ["S1"]
    call_command("reindex", stdout=StringIO())
    assert (labels(programme, "medlar"), labels(programme, "quince")) == ([], ["S1"])
    call_command("check_integrity", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_makes_anew_is_followed_again(programme, statement):
    """SQLite changes a column by making the table anew, which drops its triggers without a word."""
    statement("If quince, then quince.")
    as_it_is = SearchDocument._meta.get_field("label")
    wider = models.CharField(max_length=90, blank=True)
    wider.set_attributes_from_name("label")
    wider.model = SearchDocument
    for old, new in ((as_it_is, wider), (wider, as_it_is)):
        with connection.schema_editor() as editor:
            editor.alter_field(SearchDocument, old, new)
    assert set(missing(connection)) == (ONLY_SQLITE if connection.vendor == "sqlite" else set())
    call_command("migrate", verbosity=0, interactive=False)
    statement("If medlar, then medlar.")
    assert (labels(programme, "quince"), labels(programme, "medlar")) == (["S1"], ["S2"])
    call_command("check_integrity", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_an_index_out_of_step_is_found_and_rebuilt(programme, statement):
    if connection.vendor == "postgresql":  # it keeps its own index, so nothing can be out of step
        assert missing(connection) == []
        return
    statement("If quince, then quince.")
    send(
        "INSERT INTO programmes_searchindex (programmes_searchindex, rowid, words)"
        " SELECT 'delete', id, words FROM programmes_searchdocument"
    )
    assert labels(programme, "quince") == []
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=said)
    assert "run manage.py reindex" in said.getvalue()
    call_command("reindex", stdout=StringIO())
    assert labels(programme, "quince") == ["S1"]
    call_command("check_integrity", stdout=StringIO())


def test_putting_it_twice_does_no_harm(programme, statement):
    statement("If quince, then quince.")
    install(connection)
    install(connection)
    assert labels(programme, "quince") == ["S1"]


def test_the_migration_tells_the_records_of_before_as_the_rules_would_have(
    programme, themes, statement, cast, actor
):
    statement("If Siân’s quince, then quince.")
    retire(statement("If gone, then gone."), by=actor(cast.editor), base=1)
    told = [*SearchDocument.objects.order_by("kind", "key").values()]
    words = {*SearchWord.objects.values_list("programme", "word")}
    SearchDocument.objects.all().delete()
    SearchWord.objects.all().delete()
    importlib.import_module("cmo.migrations.0004_what_search_finds").tell(apps, None)
    again = [*SearchDocument.objects.order_by("kind", "key").values()]
    assert [{**row, "id": 0} for row in again] == [{**row, "id": 0} for row in told]
    assert {*SearchWord.objects.values_list("programme", "word")} == words
    assert labels(programme, "quince") == ["S1"]
    call_command("check_integrity", stdout=StringIO())
