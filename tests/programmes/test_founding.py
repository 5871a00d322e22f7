"""Claims about the beginning of a programme and what is said about it: one address each, and no row for no change."""

import logging
from collections import Counter

import pytest
from rest_framework.test import APIClient

from programmes.models import AuditEvent, Membership, Programme
from programmes.refusals import Stale
from programmes.rules.founding import describe
from programmes.rules.issuing_tokens import issue_token
from tests.conftest import actor
from tests.test_races import at_once

A = "/api/v1/programmes/cse-test/"
SAME = {"title": "Exploitation services", "summary": "What works for whom.", "intervention": ""}


def kept(programme):
    """Everything that a change would move."""
    row = Programme.objects.values_list("revision_number", "title", "summary", "updated").get(pk=programme.pk)
    return (*row, AuditEvent.objects.filter(programme=programme).count())


# ---- nothing changed, nothing written


@pytest.mark.parametrize("body", [{}, SAME, {"title": " Exploitation  services "}, {"reason": "None."}], ids=str)
def test_a_patch_that_changes_nothing_writes_nothing(body, programme, cast, api):
    was, script = kept(programme), api(cast.lead)
    answer = script.patch(A, body, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["revision"], answer["ETag"]) == (200, 1, '"1"')
    assert kept(programme) == was


def test_a_form_that_changes_nothing_writes_nothing(programme, cast, as_):
    was = kept(programme)
    sent = {"about-base": 1, **{f"about-{name}": words for name, words in SAME.items()}}
    assert as_(cast.lead).post("/p/cse-test/settings/about", sent).status_code == 302
    assert kept(programme) == was


def test_a_patch_that_changes_nothing_still_needs_the_latest_revision(programme, cast, api):
    describe(programme, by=actor(cast.lead), base=1, title="Another")
    was = kept(programme)
    answer = api(cast.lead).patch(A, {}, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["current"]["title"]) == (412, "Another")
    with pytest.raises(Stale):
        describe(programme, by=actor(cast.lead), base=1, title="Another")
    assert kept(programme) == was


def test_the_log_tells_of_what_changed_and_of_nothing_else(programme, cast, api):
    api(cast.lead).patch(A, {**SAME, "summary": "Why?"}, format="json", HTTP_IF_MATCH='"1"')
    row = AuditEvent.objects.filter(programme=programme).latest("number")
    assert row.detail == {"before": {"summary": "What works for whom."}, "after": {"summary": "Why?"}}


# ---- one address each


@pytest.fixture
def script(cast):
    _token, secret = issue_token(by=actor(cast.editor), name="races", read_only=False)

    def made():
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
        return client

    return made


@pytest.mark.django_db(transaction=True)
def test_of_two_who_choose_one_address_at_once_one_gets_it_and_one_a_sentence(script, caplog):
    caplog.set_level(logging.DEBUG)
    for at in range(10):
        body = {"title": f"Programme {at}", "slug": f"chosen-{at}"}
        answers = at_once(*(lambda: script().post("/api/v1/programmes/", body, format="json"),) * 2)  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [201, 400]
        refused = next(answer for answer in answers if answer.status_code == 400)
        assert refused.json()["errors"] == {"slug": ["Another programme has this address; choose another."]}
        assert Membership.objects.filter(programme__slug=f"chosen-{at}").count() == 1
    assert "DETAIL" not in caplog.text
    assert "duplicate key" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_of_two_whose_titles_are_alike_each_gets_an_address_of_its_own(script):
    for at in range(10):
        body = {"title": f"The same title {at}"}
        answers = at_once(*(lambda: script().post("/api/v1/programmes/", body, format="json"),) * 3)  # noqa: B023
        assert Counter(answer.status_code for answer in answers) == {201: 3}
        assert len({answer.json()["slug"] for answer in answers}) == 3
