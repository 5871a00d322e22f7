"""Claims about new accounts: made by those who run the server, with a name that shows nobody's address."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from programmes.models import AuditEvent, Person
from programmes.rules.enrolling import enrol

GOOD = "a long enough one 7"
pytestmark = pytest.mark.django_db
REFUSED = {
    "an address as a name": ({"username": "nia@example.org"}, "username", "Choose a name without @"),
    "a name that is taken in another case": ({"username": "LEAD"}, "username", "An account with this name or address"),
    "an address that is taken": ({"username": "nia", "email": "Lead@Example.org"}, "username", "An account with this"),
    "no name": ({"username": " "}, "username", "Write something here; it is empty."),
    "a name with NUL": ({"username": "ni\0a"}, "username", "Take out the character at position 3 (U+0000)"),
    "a weak password": ({"username": "nia", "password": "short"}, "password", "This password is too short."),
}


@pytest.mark.parametrize(("given", "field", "said"), REFUSED.values(), ids=REFUSED)
def test_who_cannot_be_enrolled_is_refused_in_one_sentence(given, field, said, cast):
    before = Person.objects.count()
    with pytest.raises(ValidationError) as refusal:
        enrol(**{"password": GOOD, **given})
    assert refusal.value.message_dict[field][0].startswith(said)
    assert Person.objects.count() == before


def test_the_command_makes_an_account_that_signs_in_and_stands_in_the_log(client, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    said = io.StringIO()
    call_command("create_user", "nia", "--email", "nia@example.org", "--password-stdin", stdout=said)
    assert said.getvalue() == "nia can sign in now.\n"
    assert AuditEvent.objects.get().record == "account nia"
    for name in ("nia", "NIA@example.org"):
        assert client.post("/sign-in", {"username": name, "password": GOOD}).status_code == 302
        client.post("/sign-out")


def test_the_command_says_why_not(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    with pytest.raises(CommandError, match="username: Choose a name without @, which members may see"):
        call_command("create_user", "nia@example.org", "--password-stdin")
