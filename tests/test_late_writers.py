"""Claims about who comes late: seen to be current at the door, overtaken before the rule, and still told what is."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from cmo.models import Statement, TheoryArea
from cmo.rules.arranging import rename_area, turn_area
from cmo.rules.composing import Words
from cmo.rules.stating import retire, revise
from programmes.models import Phase, Theme
from programmes.rules.classifying import edit_theme, retire_theme
from programmes.rules.founding import describe
from programmes.rules.holding import hold
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.phasing import close_phase
from tests.conftest import actor

pytestmark = pytest.mark.django_db(transaction=True)
A = "/api/v1/programmes/cse-test/"
# {what: (method, address, body, the revision that both saw, what the other does first)}
LATE: dict[str, tuple[str, str, dict[str, Any], int, Callable[[Any], Any]]] = {
    "a programme": ("PATCH", "", {"title": "Mine"}, 1, lambda w: describe(w.programme, by=w.by, base=1, title="T")),
    "the same words": ("PATCH", "", {"title": "T"}, 1, lambda w: describe(w.programme, by=w.by, base=1, title="T")),
    "a phase closed": ("POST", "phases/gleaning/close/", {"reason": "It is done."}, 2,
                       lambda w: close_phase(w.phase, by=w.by, base=2, reason="It is done.")),
    "an area": ("PATCH", "areas/one/", {"title": "Mine"}, 1, lambda w: rename_area(w.area, by=w.by, base=1, title="T")),
    "an area retired": ("DELETE", "areas/one/", {}, 1, lambda w: rename_area(w.area, by=w.by, base=1, title="T")),
    "an area retired twice": (
        "DELETE", "areas/one/", {}, 1, lambda w: turn_area(w.area, by=w.by, base=1, retired=True)
    ),
    "an area restored": (
        "POST", "areas/old/restore/", {}, 2, lambda w: turn_area(w.old, by=w.by, base=2, retired=False)
    ),
    "a theme": ("PATCH", "themes/O4/", {"name": "Mine"}, 1, lambda w: edit_theme(w.theme, by=w.by, base=1, name="T")),
    "a theme moved": (
        "PATCH", "themes/O4/", {"parent": "C"}, 1, lambda w: edit_theme(w.theme, by=w.by, base=1, name="T")
    ),
    "a theme retired": ("DELETE", "themes/O4/", {}, 1, lambda w: edit_theme(w.theme, by=w.by, base=1, name="T")),
    "a theme merged": (
        "POST", "themes/O4/merge/", {"into": "O1"}, 1, lambda w: edit_theme(w.theme, by=w.by, base=1, name="T")
    ),
    "a statement": ("PATCH", "statements/1/", {"wording": "Mine."}, 1,
                    lambda w: revise(w.statement, by=w.by, base=1, words=Words(wording="T."))),
    "a statement retired": ("DELETE", "statements/1/", {}, 1,
                            lambda w: revise(w.statement, by=w.by, base=1, words=Words(wording="T."))),
    "a statement restored": ("POST", "statements/1/restore/", {"revision": 1}, 1,
                             lambda w: retire(w.statement, by=w.by, base=1)),
}  # fmt: skip


class World:
    """The records as the other writer sees them, each read anew."""

    def __init__(self, programme: Any, by: Any) -> None:
        self.programme, self.by = programme, by

    phase = property(lambda w: Phase.objects.select_related("programme").get(programme=w.programme, slug="gleaning"))
    area = property(lambda w: TheoryArea.objects.select_related("programme").get(slug="one"))
    old = property(lambda w: TheoryArea.objects.select_related("programme").get(slug="old"))
    theme = property(lambda w: Theme.objects.select_related("programme").get(code="O4"))
    statement = property(lambda w: Statement.objects.select_related("programme").get(number=1))


@pytest.fixture
def world(programme: Any, cast: Any, themes: Any, area: Any, statement: Any) -> World:
    statement("If.", area=area("Elsewhere"))
    area("One")
    turn_area(area("Old"), by=actor(cast.lead), base=1, retired=True)
    return World(programme, actor(cast.lead))


@pytest.mark.parametrize(("method", "at", "body", "base", "first"), LATE.values(), ids=LATE)
def test_who_is_overtaken_gets_the_record_as_it_is(method, at, body, base, first, world, cast):
    _token, secret = issue_token(by=actor(cast.lead), name="late", read_only=False)
    answers: list[Any] = []

    def send() -> None:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {secret}", HTTP_IF_MATCH=f'"{base}"')
        answers.append(getattr(client, method.lower())(f"{A}{at}", body, format="json"))
        connection.close()

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    client.get(A)  # notes the use of the token, which would otherwise wait for the lock below
    late = threading.Thread(target=send)
    with transaction.atomic():
        hold(world.programme)
        late.start()
        time.sleep(0.4)  # it passes the door and waits at the rule; were it slower, the door would say the same
        first(world)
    late.join(30)
    (answer,) = answers
    said = answer.json()
    assert answer.status_code == 412, said
    assert said["detail"].startswith("The record moved on since you read it")
    record = A if not at else f"{A}{at}".replace("restore/", "").replace("close/", "").replace("merge/", "")
    assert said["current"] == client.get(record).json()
    assert said["current"]["revision"] == base + 1
    assert answer["ETag"].startswith(f'"{base + 1}')


def test_a_theme_retired_meanwhile_is_not_merged(world, cast, api):
    """One that was overtaken in the middle of a merge: 412 with the theme, and nothing of the merge is left."""
    retire_theme(world.theme, by=world.by, base=1)
    answer = api(cast.lead).post(f"{A}themes/O4/merge/", {"into": "O1"}, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["current"]["retired"]) == (412, True)
