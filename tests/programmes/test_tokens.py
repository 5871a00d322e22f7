"""Claims about tokens: shown once, stored as a digest, ending when said, and never making more of themselves."""

import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from programmes.models import ApiToken, AuditEvent
from programmes.reading.team import token_behind
from programmes.rules.issuing_tokens import issue_token, revoke_token
from tests.looking import stored


def opens(api, secret):
    return api(token=secret).get("/api/v1/programmes/").status_code


def test_the_secret_is_stored_nowhere(cast, actor):
    _token, secret = issue_token(by=actor(cast.editor), name="report")
    assert re.fullmatch(r"tyb_[\w-]{43}", secret)
    everything = str(stored())
    assert secret not in everything
    assert secret[4:30] not in everything


def test_two_tokens_are_unlike(cast, actor):
    secrets = {issue_token(by=actor(cast.editor), name="report")[1] for _ in range(20)}
    assert len(secrets) == 20


def test_a_token_opens_the_api_until_it_is_revoked(cast, actor, api, programme):
    token, secret = issue_token(by=actor(cast.editor), name="report")
    assert opens(api, secret) == 200
    revoke_token(token, by=actor(cast.editor))
    assert opens(api, secret) == 401
    first = ApiToken.objects.get().revoked
    revoke_token(token, by=actor(cast.editor))
    assert ApiToken.objects.get().revoked == first
    assert AuditEvent.objects.filter(verb="token revoked").count() == 1


def test_a_token_lapses_at_its_time(cast, actor, api, programme):
    token, secret = issue_token(by=actor(cast.editor), name="report", days=30)
    assert token.expires - token.created == timedelta(days=30)
    assert opens(api, secret) == 200
    ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert opens(api, secret) == 401
    assert token_behind(secret) is None


def test_the_token_of_a_closed_account_opens_nothing(cast, actor, api, programme):
    _token, secret = issue_token(by=actor(cast.editor), name="report")
    cast.editor.is_active = False
    cast.editor.save()
    assert opens(api, secret) == 401


@pytest.mark.parametrize("days", [0, -1, 1099, 10**9])
def test_how_long_is_bounded(days, cast, actor):
    with pytest.raises(ValidationError, match="Choose between 1 and 1098 days"):
        issue_token(by=actor(cast.editor), name="report", days=days)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\0b"])
def test_a_name_is_needed_and_bounded(name, cast, actor):
    with pytest.raises(ValidationError):
        issue_token(by=actor(cast.editor), name=name)
    assert ApiToken.objects.count() == 0


def test_a_token_makes_no_tokens_and_ends_none(cast, actor):
    token, _secret = issue_token(by=actor(cast.editor), name="report")
    by = actor(cast.editor, via="token “report”")
    with pytest.raises(PermissionDenied, match="A token cannot make tokens"):
        issue_token(by=by, name="child")
    with pytest.raises(PermissionDenied, match="Only its owner revokes a token"):
        revoke_token(token, by=by)
    with pytest.raises(PermissionDenied, match="Only its owner revokes a token"):
        revoke_token(token, by=actor(cast.lead))
    assert ApiToken.objects.filter(revoked=None).count() == 1


def test_a_read_only_token_reads_and_no_more(cast, api, programme):
    script = api(cast.lead, read_only=True)
    assert script.get("/api/v1/programmes/cse-test/").status_code == 200
    answer = script.post("/api/v1/programmes/", {"title": "New"}, format="json")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token may only read. Make a token that may write on your account page."


def test_the_use_of_a_token_is_noted_once_a_minute(cast, api, programme, queries):
    script = api(cast.editor)
    script.get("/api/v1/programmes/")
    noted = ApiToken.objects.get().last_used
    script.get("/api/v1/programmes/")
    assert ApiToken.objects.get().last_used == noted
    ApiToken.objects.update(last_used=noted - timedelta(minutes=2))
    script.get("/api/v1/programmes/")
    assert ApiToken.objects.get().last_used > noted


@pytest.mark.parametrize("word", ["Token", "token", "Bearer"])
def test_the_word_before_the_token_may_be_either(word, cast, actor, api, programme):
    _token, secret = issue_token(by=actor(cast.editor), name="report")
    assert api().get("/api/v1/programmes/", HTTP_AUTHORIZATION=f"{word} {secret}").status_code == 200
    assert api().get("/api/v1/programmes/", HTTP_AUTHORIZATION=f"Basic {secret}").status_code == 401


# ---- the command


def made(*arguments):
    said = io.StringIO()
    call_command("create_token", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(("arguments", "read_only"), [((), False), (("--read-only",), True), (("--days", "3"), False)])
def test_the_command_prints_the_token_alone(arguments, read_only, cast, api, programme):
    printed = made("editor", *arguments)
    assert re.fullmatch(r"tyb_[\w-]{43}\n", printed)
    assert opens(api, printed.strip()) == 200
    token = ApiToken.objects.get()
    assert (token.person, token.read_only) == (cast.editor, read_only)
    if "--days" in arguments:
        assert (token.expires - token.created).days == 3


def test_the_command_says_when_nobody_has_that_name(db):
    with pytest.raises(CommandError):
        made("nobody")
    assert ApiToken.objects.count() == 0


# ---- the page


def test_the_page_shows_a_new_token_once_and_never_again(cast, as_, api, programme):
    browser = as_(cast.editor)
    form = {"name": "report", "days": "30", "may": "read", "nonce": "n1"}
    shown = browser.post("/account/tokens", form)
    (secret,) = set(re.findall(r"tyb_[\w-]{43}", shown.content.decode()))
    assert opens(api, secret) == 200
    assert "no-store" in shown["Cache-Control"]
    assert secret not in browser.get("/account/tokens").content.decode()
    again = browser.post("/account/tokens", form, follow=True)
    assert secret not in again.content.decode()
    assert "This form was sent twice." in again.content.decode()
    assert ApiToken.objects.count() == 1


def test_the_page_lists_ones_own_tokens_alone(cast, as_, actor):
    issue_token(by=actor(cast.lead), name="of the lead")
    issue_token(by=actor(cast.editor), name="of the editor")
    page = as_(cast.editor).get("/account/tokens").content.decode()
    assert "of the editor" in page
    assert "of the lead" not in page
