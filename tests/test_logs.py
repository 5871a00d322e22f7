"""Claims about the server's log: it tells where something broke, and nothing of what people wrote."""

import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction

from programmes.models import Person, Programme
from realist_eval.headers import LineFormatter

WORDS = "words of a participant"


def logged(error: BaseException) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Broken", None, sys.exc_info())
    return LineFormatter().format(record)


def test_a_refusal_of_the_database_is_logged_without_the_row_that_it_refused(programme):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Programme(
            slug=programme.slug, title=WORDS, summary=WORDS, created=programme.created, updated=programme.updated
        ).save(force_insert=True)
    told = logged(refusal.value)
    assert "django.db.utils.IntegrityError: " in told
    assert "save(force_insert=True)" in told
    assert "DETAIL" not in told
    assert WORDS not in told
    assert programme.slug not in told


@pytest.mark.django_db
def test_a_text_that_the_database_cannot_read_is_not_quoted():
    with pytest.raises(Exception, match=r".") as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT nothing\n/* {WORDS} */ FROM nowhere WHERE text = '{WORDS}'")
    assert WORDS not in logged(refusal.value)


def test_other_faults_are_told_with_their_causes():
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError as error:
        told = logged(error)
    assert told.index("builtins.KeyError: 'first'") < told.index("builtins.ValueError: second")
    assert told.count("File ") >= 2


@pytest.mark.django_db
def test_what_is_asked_for_is_logged_by_its_path_alone(client, caplog, cast):
    client.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    client.get("/p/nothing-here/theory?search=words+of+a+participant")
    assert "/p/nothing-here/theory" in caplog.text
    assert "participant" not in caplog.text
    assert Person.objects.filter(username="lead").exists()
