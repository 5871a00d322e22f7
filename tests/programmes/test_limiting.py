"""Claims about guesses: ten in any five minutes, however many are sent at once, for passwords and for mails."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.forms import POSTROOM
from programmes.models import Tries
from programmes.rules.limiting import MOST, PASSWORD, forget_old_tries, give_back, take_try
from tests.conftest import PASSWORD as RIGHT
from tests.test_races import at_once

THREADS = 16


def later(seconds):
    """Let so much time have gone by since every try."""
    for row in Tries.objects.all():
        row.times = " ".join(str(int(at) - seconds * 1000) for at in row.times.split())
        row.save()


def guess(username="lead", password="wrong"):
    return Client().post(reverse("sign-in"), {"username": username, "password": password}).status_code


# ---- the count itself


@pytest.mark.django_db
def test_ten_are_let_through_and_the_eleventh_is_not():
    assert [take_try(PASSWORD, "lead") is not None for _ in range(12)] == [True] * 10 + [False] * 2
    assert take_try(PASSWORD, "LEAD ") is None
    assert take_try(PASSWORD, "editor") is not None
    assert take_try("another thing", "lead") is not None


@pytest.mark.django_db
def test_the_ten_are_those_of_any_five_minutes_and_not_of_a_window_that_begins_anew():
    for _ in range(5):
        take_try(PASSWORD, "lead")
    later(200)
    for _ in range(5):
        take_try(PASSWORD, "lead")
    later(101)  # the first five are older than five minutes now, the others are not
    assert [take_try(PASSWORD, "lead") is not None for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_a_try_that_is_given_back_makes_room_for_one():
    marks = [take_try(PASSWORD, "lead") for _ in range(10)]
    give_back(PASSWORD, "lead", marks[3])
    give_back(PASSWORD, "lead", 1)  # never taken
    assert [take_try(PASSWORD, "lead") is not None for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_counts_of_yesterday_are_swept_away_and_those_of_today_stay():
    take_try(PASSWORD, "lead")
    take_try(PASSWORD, "editor")
    Tries.objects.filter(pk=Tries.objects.first().pk).update(last=timezone.now() - timedelta(hours=25))
    assert (forget_old_tries(), Tries.objects.count()) == (1, 1)


# ---- the lock


@pytest.mark.django_db
def test_a_try_during_the_lock_does_not_prolong_it(cast):
    assert [guess() for _ in range(10)] == [200] * 10
    later(290)
    assert [guess() for _ in range(5)] == [429] * 5
    assert guess(password=RIGHT) == 429
    later(11)
    assert guess(password=RIGHT) == 302


@pytest.mark.django_db
def test_signing_in_does_not_give_others_their_guesses_back(cast):
    assert [guess() for _ in range(9)] == [200] * 9
    assert [guess(password=RIGHT) for _ in range(3)] == [302] * 3
    assert [guess(), guess()] == [200, 429]


@pytest.mark.django_db
def test_a_form_without_a_password_is_no_guess(cast):
    for _ in range(12):
        assert Client().post(reverse("sign-in"), {"username": "lead"}).status_code == 200
        assert Client().post(reverse("sign-in"), {"username": " ", "password": "x"}).status_code == 200
    assert guess(password=RIGHT) == 302


@pytest.mark.django_db
def test_what_is_refused_is_logged_without_what_was_typed(cast, caplog):
    for _ in range(11):
        guess("lead", "a-secret-typed")
    said = Counter(record.getMessage() for record in caplog.records if record.name == "programmes.views.signing")
    assert said == {
        "Sign-in refused: name and password do not belong together.": 10, "Sign-in refused: too many guesses.": 1,
    }  # fmt: skip
    assert "a-secret-typed" not in caplog.text
    assert "lead" not in caplog.text


# ---- sent at once


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_ten_are_looked_at(cast):
    names = ("lead", "LEAD", "lead@example.org", "Lead@Example.org")
    answers = at_once(*(lambda who=who: [guess(names[who % 4]) for _ in range(3)] for who in range(THREADS)))
    assert Counter(code for codes in answers for code in codes) == {200: MOST, 429: THREADS * 3 - MOST}
    assert guess(password=RIGHT) == 429
    later(301)
    answers = at_once(*(guess for _ in range(THREADS)))  # where the old count ends, not one more gets through either
    assert Counter(answers) == {200: MOST, 429: THREADS - MOST}


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_for_a_mail_at_once_ten_send_one(cast):
    def ask(address):
        return Client().post(reverse("password-forgotten"), {"email": address})["Location"]

    addresses = ("lead@example.org", "LEAD@example.org")
    answers = at_once(*(lambda who=who: [ask(addresses[who % 2]) for _ in range(2)] for who in range(THREADS)))
    assert {place for places in answers for place in places} == {reverse("password-asked")}
    POSTROOM.submit(lambda: None).result(timeout=30)
    assert len(mail.outbox) == MOST


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_invitation_links_at_once_ten_are_looked_at_at_either_door(cast, api):
    here = reverse("invitation", args=["x" * 64])
    answers = at_once(*(lambda: [Client().get(here).status_code for _ in range(3)] for _ in range(THREADS)))
    assert Counter(code for codes in answers for code in codes) == {404: MOST, 429: THREADS * 3 - MOST}
    scripts = [api(cast.viewer) for _ in range(THREADS)]

    def accept(script):
        sent = {"secret": "x" * 64}
        return [script.post("/api/v1/invitations/accept/", sent, format="json").status_code for _ in range(3)]

    answers = at_once(*(lambda script=script: accept(script) for script in scripts))
    assert Counter(code for codes in answers for code in codes) == {400: MOST, 429: THREADS * 3 - MOST}
