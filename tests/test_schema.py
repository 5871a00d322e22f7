"""Claims about the API's schema: it says all that is answered, and the app keeps to it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from werkzeug.test import Client

from realist_eval.openapi import schema
from realist_eval.wsgi import application
from tests.table import ANYONE, ROWS, routes

EXAMPLES = 12  # of each operation, allowed and not


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As it is served; `make schema-check` makes it strictly, and fails on a warning."""
    return dict(json.loads(json.dumps(schema(), default=str)))


@pytest.fixture(scope="module")
def read(document: dict[str, Any]) -> Any:
    """The schema as schemathesis read it, once: it looks through the whole app for words worth sending."""
    made = schemathesis.openapi.from_dict(document)
    made.app = application
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, found) for path, methods in document["paths"].items() for method, found in methods.items()]


def spelt(address: str) -> str:
    """The address as OpenAPI writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address)


def test_the_schema_holds_every_route_of_the_api_and_no_other(document):
    described = {(method.upper(), path) for path, method, _found in operations(document)}
    wanted = {
        (method, spelt(route["address"]))
        for route in routes()
        for method in route["methods"]
        if route["name"].startswith("api:") and route["name"] != "api:schema"
    }
    assert described == wanted
    assert len({path for _method, path in described}) > 20


def test_every_operation_says_who_is_refused_and_what_is_not_there(document):
    for path, method, found in operations(document):
        codes = set(found["responses"])
        assert {"401", "404"} <= codes, (method, path)
        if method != "get":
            assert {"400", "403"} <= codes, (method, path)
        for code, answer in found["responses"].items():
            if int(code) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (method, path, code)


def test_every_operation_has_a_name_of_its_own_and_a_sentence(document):
    names = [found["operationId"] for _path, _method, found in operations(document)]
    assert len(set(names)) == len(names)
    assert all(found["description"].endswith(".") for _path, _method, found in operations(document))
    assert all(found["summary"] for _path, _method, found in operations(document))


def test_the_schema_is_served_to_anybody_and_asks_no_table(client, db, document, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/api/v1/schema/?format=json", headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert json.loads(answer.content)["paths"] == document["paths"]
    assert {row.key for row in ROWS if row.api and row.may == ANYONE} == {("api:schema", "GET")}


# ---- schemathesis: what the schema allows and what it does not, sent to the whole app


load_all_checks()
# What the schema allows may still be refused: an empty wording, a code that the codebook lacks.
NOT_CLAIMED = [CHECKS.get_one("positive_data_acceptance")]
BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
ASKED = [row for row in ROWS if row.api and row.may != ANYONE]
OWN = {"label": "O4", "area": "trust", "phase": "gleaning"}


@pytest.fixture
def world(whole_world: Any) -> Iterator[Any]:
    """A server ends its connections with its requests; here they stay in the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield whole_world
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def headers_for(case: Any, secret: str) -> dict[str, str]:
    """The headers to send. Most addresses are made ones that are there, with the tag of their record."""
    at, chance = case.path_parameters or {}, len(repr(case.body)) + len(repr(case.query))
    if "slug" in at and chance % 7:
        at["slug"] = "cse-test"
    if "number" in at and isinstance(at["number"], int):
        at["number"] = at["number"] % 4 + 1
    if chance % 3:
        at |= {name: value for name, value in OWN.items() if name in at}
    headers = {"Authorization": f"Token {secret}", "Host": "localhost", "Accept-Encoding": "identity"}
    if chance % 5 and "If-Match" in {parameter.name for parameter in case.operation.headers}:
        record = re.sub(r"(open|close|restore|merge|retype)/$", "", case.formatted_path)
        seen = Client(application).get(record, headers=headers)
        if "ETag" in seen.headers:
            headers["If-Match"] = seen.headers["ETag"]
    return headers


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not allowed"])
@pytest.mark.parametrize("row", ASKED, ids=lambda row: f"{row.method} {row.route}")
def test_the_app_keeps_to_its_schema(row, mode, read, world):
    address = next(route["address"] for route in routes() if route["name"] == row.route)
    operation = read[spelt(address)][row.method]
    seen: Counter[int] = Counter()

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        answer = case.call_and_validate(
            headers=headers_for(case, world.tokens["lead"][1]), excluded_checks=NOT_CLAIMED
        )
        seen[answer.status_code] += 1

    if mode is GenerationMode.POSITIVE or operation.body or operation.query:
        send()
        assert max(seen) < 500
