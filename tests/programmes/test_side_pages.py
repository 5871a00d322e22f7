"""Pages for everybody, and what is shown when a page cannot be."""

import json

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from programmes.views import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["sign-in", "password-forgotten", "password-asked", "help", "accessibility", "api-docs"]
)
def test_pages_for_everybody_are_read_without_signing_in(name):
    assert Client().get(reverse(name)).status_code == 200


def test_the_api_page_tells_each_operation_with_a_call():
    page = Client().get(reverse("api-docs")).content.decode()
    assert 'id="change_a_statement"' in page
    assert "/api/v1/programmes/{slug}/statements/{number}/" in page
    assert "$TYBED/programmes/cse-wales/statements/2/" in page


def test_what_is_broken_names_its_request_and_needs_no_database(django_assert_num_queries):
    request = RequestFactory().get("/")
    request.id = "7f3a-22c1"
    with django_assert_num_queries(0):
        answer = errors.broken(request)
    assert answer.status_code == 500
    assert "7f3a-22c1" in answer.content.decode()


def test_an_error_in_a_view_is_answered_by_that_page(settings, monkeypatch):
    monkeypatch.setattr("realist_eval.docs_page.groups", lambda: 1 / 0)
    client = Client(raise_request_exception=False)
    answer = client.get(reverse("api-docs"))
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_request_that_cannot_be_read_is_answered_in_words(settings, cast, as_):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = as_(cast.lead).post(reverse("account"), {f"f{n}": "x" for n in range(9)})
    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


@pytest.mark.parametrize(("handler", "code"), [(errors.missing, 404), (errors.unreadable, 400)])
def test_scripts_get_problem_details(handler, code):
    answer = handler(RequestFactory().get("/api/v1/nothing"), Exception())
    assert (answer.status_code, answer["Content-Type"]) == (code, "application/problem+json")
    assert json.loads(answer.content)["status"] == code
