"""One's own account: profile, password, tokens shown once, appearance."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import AnsweredRequest, ApiToken, AuditEvent, Person
from programmes.rules.issuing_tokens import digest_of
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PROFILE = {"first_name": "Lena", "last_name": "Lead", "email": "lead@example.org", "keys": "focus", "password": ""}
NEW = {"old_password": PASSWORD, "new_password1": "a much better one 7", "new_password2": "a much better one 7"}
TOKEN = {"name": "Quarto report", "days": "90", "may": "read", "nonce": "n1"}


@pytest.fixture
def lead(cast, as_):
    return as_(cast.lead)


def text(answer):
    return answer.content.decode()


def rows(verb):
    return list(AuditEvent.objects.filter(scope="people", verb=verb))


# ---- profile


def test_a_profile_is_saved_with_one_row_of_what_changed(cast, lead):
    assert lead.post(reverse("account"), {**PROFILE, "first_name": "Lenka", "keys": "off"}).status_code == 302
    person = Person.objects.get(pk=cast.lead.pk)
    assert (person.first_name, person.keys) == ("Lenka", "off")
    (row,) = rows("profile changed")
    assert row.detail == {
        "before": {"first_name": "Lena", "keys": "focus"}, "after": {"first_name": "Lenka", "keys": "off"}
    }  # fmt: skip
    assert 'data-keys="off"' in text(lead.get(reverse("account")))


def test_a_profile_without_changes_writes_nothing(lead):
    assert lead.post(reverse("account"), PROFILE).status_code == 302
    assert rows("profile changed") == []


def test_another_address_asks_for_the_password(cast, lead):
    moved = {**PROFILE, "email": "new@example.org", "first_name": "Kept words"}
    answer = lead.post(reverse("account"), moved)
    assert answer.status_code == 422
    assert "Write your password to change the address" in text(answer)
    assert 'value="Kept words"' in text(answer)
    assert lead.post(reverse("account"), {**moved, "password": PASSWORD}).status_code == 302
    assert Person.objects.get(pk=cast.lead.pk).email == "new@example.org"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "EDITOR@example.org", "Another account signs in with this address"),
        ("email", "not an address", "Write an address such as name@example.org."),
        ("first_name", "A\x00b", "Take out the character at position 2"),
        ("last_name", "x" * 151, "at most 150 fit here"),
        ("keys", "loud", "loud"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused_and_shown_again(cast, lead, field, value, said):
    answer = lead.post(reverse("account"), {**PROFILE, "password": PASSWORD, field: value})
    assert answer.status_code == 422
    assert said in text(answer)
    person = Person.objects.get(pk=cast.lead.pk)
    assert (person.email, person.first_name, person.keys) == ("lead@example.org", "Lena", "focus")
    assert rows("profile changed") == []


# ---- password


def test_a_changed_password_ends_other_sessions_and_stands_in_the_log(cast, lead, as_):
    other = as_(cast.lead)
    assert lead.post(reverse("account-password"), NEW).status_code == 302
    assert lead.get(reverse("account")).status_code == 200
    assert other.get(reverse("account")).status_code == 302
    assert Person.objects.get(pk=cast.lead.pk).check_password("a much better one 7")
    (row,) = rows("password changed")
    assert (row.actor, row.record, row.detail) == (cast.lead, "account lead", {})
    assert not AnsweredRequest.objects.exists()


def test_the_old_password_cannot_be_guessed_here_either(cast, lead):
    for _n in range(10):
        assert lead.post(reverse("account-password"), {**NEW, "old_password": "wrong"}).status_code == 422
    answer = lead.post(reverse("account-password"), NEW)
    assert answer.status_code == 429
    assert "Too many guesses of your password." in text(answer)
    assert Person.objects.get(pk=cast.lead.pk).check_password(PASSWORD)
    elsewhere = Client().post(reverse("sign-in"), {"username": "lead", "password": PASSWORD})
    assert elsewhere.status_code == 429  # the same ten guesses
    moved = {**PROFILE, "email": "new@example.org", "password": PASSWORD}
    assert lead.post(reverse("account"), moved).status_code == 429


def test_a_password_that_is_right_is_no_guess(cast, lead):
    for at in range(12):
        moved = {**PROFILE, "email": f"new{at}@example.org", "password": PASSWORD}
        assert lead.post(reverse("account"), moved).status_code == 302


# ---- tokens


def secret_in(answer):
    found = re.findall(r'id="secret"[^>]* value="(tyb_[^"]+)"', text(answer))
    return found[0] if found else ""


def test_a_token_is_shown_once_and_only_once(lead, api):
    answer = lead.post(reverse("account-tokens"), TOKEN)
    secret = secret_in(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert api(token=secret).get("/api/v1/programmes/").status_code == 200

    page = text(lead.get(reverse("account-tokens")))
    assert secret not in page
    assert f"…{secret[-4:]}" in page
    for table in (AnsweredRequest, AuditEvent, ApiToken):
        assert not any(secret in str(row) for row in table.objects.values_list())
    assert ApiToken.objects.get().digest == digest_of(secret)
    (row,) = rows("token made")
    assert row.detail == {"owner": "lead", "read_only": True, "days": 90}


def test_a_token_form_sent_twice_makes_one_token_and_says_so(lead):
    lead.post(reverse("account-tokens"), TOKEN)
    again = lead.post(reverse("account-tokens"), TOKEN, follow=True)
    assert secret_in(again) == ""
    assert "This form was sent twice." in text(again)
    assert ApiToken.objects.count() == 1


def test_a_refused_token_form_can_be_sent_again_with_the_same_nonce(lead):
    for _n in range(2):
        answer = lead.post(reverse("account-tokens"), {**TOKEN, "name": " "})
        assert answer.status_code == 422
        assert "Write something here; it is empty." in text(answer)
    assert secret_in(lead.post(reverse("account-tokens"), TOKEN))


def test_a_revoked_token_is_refused_from_the_next_request_on(lead, api):
    secret = secret_in(lead.post(reverse("account-tokens"), {**TOKEN, "may": "write"}))
    token = ApiToken.objects.get()
    assert token.read_only is False
    lead.post(reverse("token-revoke", args=[token.pk]))
    assert api(token=secret).get("/api/v1/programmes/").status_code == 401
    assert '<th scope="row">Quarto report</th>' not in text(lead.get(reverse("account-tokens")))
    assert len(rows("token revoked")) == 1


def test_anothers_token_is_not_there(cast, lead, as_):
    lead.post(reverse("account-tokens"), TOKEN)
    token = ApiToken.objects.get()
    assert as_(cast.editor).post(reverse("token-revoke", args=[token.pk])).status_code == 404
    assert ApiToken.objects.get().revoked is None


# ---- appearance


def test_the_appearance_is_kept_with_the_account(cast, lead):
    answer = lead.post(reverse("appearance"), {"scheme": "dark", "next": "/account"})
    assert answer["Location"] == "/account"
    assert 'data-scheme="dark"' in text(lead.get(reverse("account")))
    assert len(rows("appearance changed")) == 1


def test_the_appearance_holds_in_a_cookie_when_signed_out(db):
    client = Client()
    answer = client.post(reverse("appearance"), {"scheme": "dark", "next": "/help"})
    cookie = answer.cookies["scheme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    assert 'data-scheme="dark"' in text(client.get(reverse("help")))
    client.post(reverse("appearance"), {"scheme": "", "next": "/help"})
    assert "data-scheme" not in text(client.get(reverse("help")))


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_appearance_leads_nowhere_else(db, wanted):
    answer = Client().post(reverse("appearance"), {"scheme": "dark", "next": wanted})
    assert answer["Location"] == reverse("home")


def test_an_unknown_scheme_changes_nothing(cast, lead):
    lead.post(reverse("appearance"), {"scheme": "neon", "next": "/account"})
    assert "Choose system, light or dark." in text(lead.get(reverse("account")))
    assert Person.objects.get(pk=cast.lead.pk).scheme == ""
