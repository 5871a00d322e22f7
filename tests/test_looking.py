"""Claims about the look at what was written, on which the tests of access rest: it misses no write."""

import pytest
from django.db import connection

from cmo.models import Statement, StatementTheme
from programmes.models import Person, Programme
from tests.looking import stored, writing

WAYS = {
    "a row put in": lambda w: StatementTheme.objects.create(statement=Statement.objects.get(programme=w.own, number=2),
                                                            theme=w.themes["O4"]),
    "many put in": lambda w: StatementTheme.objects.bulk_create(
        StatementTheme(statement=one, theme=w.themes["P6"]) for one in Statement.objects.filter(programme=w.own)),
    "one put in or changed": lambda w: Person.objects.bulk_create(
        [Person(pk=w.people["lead"].pk, username="lead", first_name="Other", password="x")],
        update_conflicts=True, unique_fields=["id"], update_fields=["first_name"]),
    "a row changed": lambda w: Programme.objects.filter(pk=w.own.pk).update(title="Another"),
    "a row taken away": lambda w: StatementTheme.objects.all()[0].delete(),
    "written by hand": lambda w: connection.cursor().execute("UPDATE programmes_programme SET title = 'By hand'"),
    "many by hand": lambda w: connection.cursor().executemany(
        "UPDATE programmes_programme SET title = %s", [("One",), ("Two",)]),
}  # fmt: skip


@pytest.mark.parametrize("how", WAYS)
def test_what_is_written_is_seen(how, world):
    with writing() as seen:
        WAYS[how](world)
    assert seen.changed(world.was)
    assert stored() != world.was


def test_what_is_written_and_undone_or_as_it_was_is_no_change(world):
    title = Programme.objects.get(pk=world.own.pk).title
    with writing() as seen:
        Programme.objects.filter(pk=world.own.pk).update(title="Another")
        Programme.objects.filter(pk=world.own.pk).update(title=title)
    assert "programmes_programme" in seen.tables
    assert not seen.changed(world.was)


def test_reading_writes_nothing(world):
    with writing() as seen:
        list(Statement.objects.filter(programme=world.own).select_related("area").select_for_update(of=("self",)))
    assert seen.tables == set()
    assert stored() == world.was
