"""Sign-in, the words that survive a lost session, guesses, and the way back from a forgotten password."""

import re
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from programmes.forms import POSTROOM
from programmes.models import AuditEvent, Programme, Tries
from tests.conftest import PASSWORD

ABOUT = {
    "about-title": "Exploitation services",
    "about-summary": "What works, <for> whom & why?\r\nA second line.",
    "about-intervention": "",
    "about-base": "1",
    "nonce": "n1",
}
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
pytestmark = pytest.mark.django_db


def mails():
    """The mails sent so far; they leave beside the answer, one after the other."""
    POSTROOM.submit(lambda: None).result(timeout=10)
    return mail.outbox


def hidden(answer):
    """The hidden fields of the form in main, as a browser would send them."""
    page = answer.content.decode().split("<main")[1].split("</main>")[0]
    return {unescape(name): unescape(value) for name, value in FIELD.findall(page)}


def sign_in(client, **more):
    return client.post(reverse("sign-in"), {"username": "lead", "password": PASSWORD, **more})


def about(programme):
    return reverse("programme-about", args=[programme.slug])


# ---- the words of a form that lost its session

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver:81"},
    {"Origin": "http://[testserver"},
    {"Referer": "https://elsewhere.example/a/page"},
    {"Referer": "https://elsewhere.example/?http://testserver/"},
    {"Referer": "http://testserver.elsewhere.example/"},
    {"Referer": "http://testserver@elsewhere.example/"},
    {"Origin": "https://elsewhere.example", "Referer": "http://testserver/account"},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://testserver"},
    {"Referer": "http://testserver/p/cse-test/settings?page=2"},
    {},
]


def test_a_form_sent_without_a_session_is_carried_through_sign_in_and_saved(programme):
    client = Client()
    asked = client.post(about(programme), ABOUT)
    assert asked.status_code == 401
    assert "Nothing you wrote is lost" in asked.content.decode()
    carried = hidden(asked)
    assert carried["kept:about-summary"] == ABOUT["about-summary"]
    assert carried["kept:nonce"] == "n1"

    wrong = client.post(reverse("sign-in"), {"username": "lead", "password": "no", **carried})
    assert hidden(wrong)["kept:about-summary"] == ABOUT["about-summary"]

    on = sign_in(client, **carried)
    assert on.status_code == 200
    page = on.content.decode()
    assert f'action="{about(programme)}"' in page
    assert "What works, &lt;for&gt; whom &amp; why?" in page.split(">What you wrote<")[1]
    again = hidden(on)
    assert {name: again[name] for name in ABOUT} == ABOUT

    saved = client.post(about(programme), again)
    assert saved.status_code == 302
    assert Programme.objects.get(pk=programme.pk).summary == "What works, <for> whom & why?\nA second line."


def test_a_form_older_than_the_sign_in_keeps_its_words(programme, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    answer = client.post(about(programme), {**ABOUT, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    fields = hidden(answer)
    assert {name: fields[name] for name in ABOUT} == ABOUT
    assert "older than your sign-in" in answer.content.decode()

    page = answer.content.decode().split("<main")[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
    assert client.post(about(programme), {**ABOUT, "csrfmiddlewaretoken": token}).status_code == 302


def test_words_held_by_the_sign_in_page_survive_a_sign_in_in_another_tab(programme, cast, as_):
    carried = hidden(Client().post(about(programme), ABOUT))
    elsewhere = sign_in(as_(cast.lead), **carried)
    assert {name: hidden(elsewhere)[name] for name in ABOUT} == ABOUT

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    stale = sign_in(strict, **{**carried, "csrfmiddlewaretoken": "x" * 64})
    assert {name: hidden(stale)[name] for name in ABOUT} == ABOUT


def test_what_another_site_sends_is_never_offered_to_be_sent_again(programme, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    for headers in FOREIGN:
        answer = client.post(about(programme), ABOUT, headers=headers)
        assert answer.status_code == 403
        assert "What works" not in answer.content.decode(), headers


def test_what_a_page_of_ours_sends_comes_back_whichever_way_the_browser_says_so(programme, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    for headers in OURS:
        answer = client.post(about(programme), ABOUT, headers=headers)
        assert hidden(answer)["about-summary"] == ABOUT["about-summary"], headers


def test_over_https_what_says_nothing_of_where_it_comes_from_is_not_ours(programme, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead, backend="programmes.signing_in.NameOrEmail")
    refused = client.post(about(programme), ABOUT, secure=True)
    assert "What works" not in refused.content.decode()
    page = {"Referer": f"https://testserver{about(programme)}"}
    assert "What works" in client.post(about(programme), ABOUT, secure=True, headers=page).content.decode()


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example/", "//elsewhere.example/account", "/no/such/page", "account"]
)
def test_carrying_on_leads_only_to_our_own_pages(cast, path):
    answer = sign_in(Client(), kept_path=path, **{"kept:wording": "If …"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")


def test_passwords_are_never_carried(cast):
    sent = {"old_password": "first-secret-1", "new_password1": "second-secret-1", "new_password2": "second-secret-1"}
    answer = Client().post(reverse("account-password"), {**sent, "nonce": "n1"})
    assert "secret-1" not in answer.content.decode()
    assert "Nothing you wrote is lost" not in answer.content.decode()

    profile = {"first_name": "Lena Maria", "last_name": "L", "email": "", "keys": "off", "password": "first-secret-1"}
    answer = Client().post(reverse("account"), profile)
    assert "secret-1" not in answer.content.decode()
    assert hidden(answer)["kept:first_name"] == "Lena Maria"


def test_a_part_of_a_page_is_told_that_the_session_ended_and_keeps_its_words_itself(programme):
    answer = Client().post(about(programme), ABOUT, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


# ---- guesses


def guess(client, username, times=1, password="wrong"):
    for _n in range(times):
        answer = client.post(reverse("sign-in"), {"username": username, "password": password, "next": "/account"})
    return answer


def words_of(answer, username):
    """The page without its token and without the name that was typed."""
    page = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r'value="[^"]{60,}"', "", page).replace(f'value="{username}"', "")


def test_after_ten_wrong_guesses_the_right_password_waits_too(cast):
    client = Client()
    assert guess(client, "lead", 9).status_code == 200
    guess(client, "LEAD")
    for name in ("lead", "Lead", "lead@example.org"):
        locked = guess(Client(), name, password=PASSWORD)
        assert locked.status_code == 429
        assert locked["Retry-After"] == "300"
        assert "Too many guesses for this account." in locked.content.decode()
        assert 'name="next" value="/account"' in locked.content.decode()
    assert guess(Client(), "editor", password=PASSWORD).status_code == 302


def test_a_stranger_is_told_the_same_words_as_somebody_known(cast):
    known, unknown = guess(Client(), "lead"), guess(Client(), "nobody")
    assert words_of(known, "lead") == words_of(unknown, "nobody")
    known, unknown = guess(Client(), "lead", 11), guess(Client(), "nobody", 11)
    assert known.status_code == unknown.status_code == 429
    assert words_of(known, "lead") == words_of(unknown, "nobody")


def test_the_lock_keeps_the_words_and_the_count_keeps_none_of_them(cast, programme):
    carried = hidden(Client().post(about(programme), ABOUT))
    client = Client()
    for _n in range(11):
        locked = client.post(reverse("sign-in"), {"username": "lead", "password": "no", **carried})
    assert locked.status_code == 429
    assert hidden(locked)["kept:about-summary"] == ABOUT["about-summary"]
    (row,) = Tries.objects.values_list("key", "times")
    assert re.fullmatch(r"[0-9a-f]{64}", row[0])
    assert re.fullmatch(r"(\d{13} ?){10}", row[1])


# ---- a forgotten password


def ask(email):
    return Client().post(reverse("password-forgotten"), {"email": email})


def test_a_mail_leads_to_a_new_password_once_and_ends_the_wait(cast):
    guess(Client(), "lead", 11)
    assert ask("LEAD@example.org")["Location"] == reverse("password-asked")
    (sent,) = mails()
    link = re.search(r"http://testserver(/password/new/\S+)", sent.body)[1]
    client = Client()
    form = client.get(link, follow=True)
    new = {"new_password1": "a much better one 7", "new_password2": "a much better one 7"}
    assert client.post(form.request["PATH_INFO"], new)["Location"] == reverse("sign-in")
    assert guess(Client(), "lead", password="a much better one 7").status_code == 302
    row = AuditEvent.objects.get(verb="password changed")
    assert (row.scope, row.actor.username, row.via, row.record) == ("people", "lead", "mail", "account lead")
    assert "better" not in str(row.detail)
    assert "This link does not work" in Client().get(link, follow=True).content.decode()


def test_a_weak_new_password_is_refused_in_words(cast):
    ask("lead@example.org")
    link = re.search(r"http://testserver(/password/new/\S+)", mails()[0].body)[1]
    client = Client()
    form = client.get(link, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"})
    assert "at least 12 characters" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="password changed").exists()


def test_asking_says_the_same_for_known_and_unknown_and_stops_after_ten(cast):
    answers = {(ask("lead@example.org").status_code, ask("nobody@example.org")["Location"]) for _n in range(12)}
    assert answers == {(302, reverse("password-asked"))}
    assert len(mails()) == 10


HOSTS = ["tybed.example.org", "tybed.example.org:8443", "tybed.example.org:1337", "TYBED.example.org:1"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_mail_names_the_address_of_the_installation_whatever_the_request_calls_it(host, cast, settings):
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["tybed.example.org"], "https://theory.example.org"
    Client().post(reverse("password-forgotten"), {"email": "lead@example.org"}, headers={"Host": host})
    (sent,) = mails()
    assert re.findall(r"https?://[^/\s]*", sent.body) == ["https://theory.example.org"]
    # With its colon: the digits alone may stand by chance in the mail's own number.
    assert ":1337" not in str(sent.message())


@pytest.mark.parametrize(("host", "port", "home"), [
    ("localhost:1337", "8000", "http://localhost:8000"), ("127.0.0.1", "8000", "http://127.0.0.1:8000"),
    ("[::1]:1337", "80", "http://[::1]"), ("localhost:1337", "", "http://localhost"),
])  # fmt: skip
def test_in_a_local_first_look_a_mail_names_the_port_that_is_listened_at(host, port, home, cast, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    asked = {"email": "lead@example.org"}
    Client().post(reverse("password-forgotten"), asked, SERVER_PORT=port, HTTP_HOST=host)
    (sent,) = mails()
    assert re.findall(r"https?://[^/\s]*", sent.body) == [home]


def test_sign_out_is_a_post(cast, as_):
    client = as_(cast.lead)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert client.get(reverse("account")).status_code == 302
