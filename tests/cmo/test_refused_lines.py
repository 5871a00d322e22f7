"""Claims about a line that a configuration cannot take: the page says so at its slot, by its number there."""

import re
from typing import Any

import pytest

from cmo.models import Configuration, Element

pytestmark = pytest.mark.django_db
NEW = "/p/cse-test/cmo/new"


def refused(client: Any, **slots: str) -> dict[str, str]:
    """{slot: what is said at it} of a form that is not taken."""
    answer = client.post(NEW, {f"slot-{role}": lines for role, lines in slots.items()})
    assert answer.status_code == 422
    page = answer.content.decode()
    found = re.findall(r'id="id_slot-(\w+)_error"><span class="vh">Error: </span>(.*?)</span>', page)
    for role, said in found:
        assert f'<a href="#id_slot-{role}">{said}</a>' in page  # the summary leads there
    return dict(found)


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"context": "one\ntwo", "outcome": f"three\n{'y' * 5001}"},
         {"outcome": "Line 2: This is 5001 characters long; at most 5000 fit here."}),
        ({"context": "one", "mechanism": "a\x00b"},
         {"mechanism": "Line 1: Take out the character at position 2 (U+0000); it cannot be stored."}),
        ({"context": "same\nsame"}, {"context": "“same” stands twice as Context; name it once."}),
        ({"context": "one", "outcome": "E99"}, {"outcome": "There is no element E99 in this programme."}),
    ],
)  # fmt: skip
def test_a_line_that_is_refused_is_named_where_it_was_typed(programme, cast, as_, slots, said):
    assert refused(as_(cast.editor), **slots) == said
    assert not Configuration.objects.exists()
    assert not Element.objects.exists()


def test_scripts_hear_which_element_of_their_list_it_is(programme, cast, api):
    body = {"elements": [{"role": "context", "text": "one"}, {"role": "outcome", "text": "y" * 5001}]}
    answer = api(cast.editor).post("/api/v1/programmes/cse-test/configurations/", body, format="json")
    assert answer.json()["errors"] == {
        "elements": ["Element 2: This is 5001 characters long; at most 5000 fit here."]
    }
