"""The nightly tidying drops what nobody needs any more, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from programmes.models import AnsweredRequest

pytestmark = pytest.mark.django_db


def tidied():
    said = StringIO()
    call_command("tidy", stdout=said)
    return said.getvalue()


def answered(person, key, days):
    row = AnsweredRequest.objects.create(person=person, key=key, fingerprint="f" * 64, status=201, body="{}")
    AnsweredRequest.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(days=days))


def session(key, hours):
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours))


def test_what_is_older_than_a_week_or_expired_goes_and_the_rest_stays(cast):
    answered(cast.editor, "old", days=8)
    answered(cast.editor, "recent", days=6)
    session("ended", hours=-1)
    session("going", hours=1)
    assert tidied() == "Tidied: 1 remembered answers, 0 mails, 1 expired sessions.\n"
    assert list(AnsweredRequest.objects.values_list("key", flat=True)) == ["recent"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["going"]


def test_tidying_again_finds_nothing_and_leaves_the_theory_alone(statement):
    stated = statement()
    assert tidied() == "Tidied: 0 remembered answers, 0 mails, 0 expired sessions.\n"
    stated.refresh_from_db()
    assert stated.revision_number == stated.revisions.count() == 1
