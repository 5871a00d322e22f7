"""Claims about bad fields: what is wrong in a list is said with its place, and what is looked up passes the gate."""

import json

import pytest

from tests.looking import stored
from tests.worlds import client

ELEMENTS = {
    "a place that is no number": ({"element": "E1", "role": "context", "position": "first"},
                                  "elements: entry 2, position: Write a whole number from 1."),
    "no role": ({"element": "E1"}, "elements: entry 2, role: This field is required."),
    "an unknown field": ({"role": "actor", "text": "x", "hue": 1}, "elements: entry 2, hue: There is no field"),
    "no object": ("E1", "elements: Element 2: send it as a JSON object with a role"),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "sentence"), ELEMENTS.values(), ids=ELEMENTS)
def test_what_is_wrong_inside_a_list_is_said_with_its_place(entry, sentence, world):
    was = stored()
    body = {"elements": [{"role": "outcome", "text": "Nobody waits"}, entry]}
    answer = client(world, "lead", "token").post("/api/v1/programmes/cse-test/configurations/", body, format="json")
    assert (answer.status_code, stored()) == (400, was)
    assert answer.json()["detail"].startswith(sentence)


P = "/api/v1/programmes/cse-test/"
LATE = {  # what is looked up before a rule cleans it
    "a NUL in a source": (f"{P}excerpts/", {"source": "x\0", "text": "t"}, "source: Take out"),
    "a surrogate in a source": (f"{P}excerpts/", '{"source": "\\ud800", "text": "t"}', "source: Take out"),
    "a surrogate in a paste": (f"{P}excerpts/paste/", '{"source": "\\ud800", "text": "t"}', "source: Take out the"),
    "a megabyte as a source": (f"{P}excerpts/", {"source": "x" * 2**20, "text": "t"}, "source: This is 1048576"),
    "a surrogate in an address": (f"{P}invitations/", '{"email": "a\\ud800b", "role": "viewer"}', "email: "),
    "a surrogate as a secret": ("/api/v1/invitations/accept/", '{"secret": "\\ud800"}', "secret: "),
}  # fmt: skip


@pytest.mark.parametrize(("url", "body", "sentence"), LATE.values(), ids=LATE)
def test_what_is_looked_up_at_once_is_refused_by_its_field_too(url, body, sentence, world):
    was = stored()
    raw = body if isinstance(body, str) else json.dumps(body)
    answer = client(world, "lead", "token").generic("POST", url, raw, content_type="application/json")
    assert (answer.status_code, stored()) == (400, was)
    assert answer.json()["detail"].startswith(sentence)
