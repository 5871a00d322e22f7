"""Claims about a mechanism in two slots: resource and reasoning differ, and one written as a whole is no gap."""

import re
from typing import Any

import pytest

from cmo.rules.framing import set_slots

pytestmark = pytest.mark.django_db
P = "/p/cse-test"
WHOLE = {"slot-context": "A worker stays", "slot-mechanism": "Trust grows [strong]", "slot-outcome": "Doors open"}
SPLIT = {"slot-resource": "Time with one worker", "slot-reasoning": "They feel safe to tell [strong]"}


@pytest.fixture
def editor(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


@pytest.fixture
def two(programme: Any, editor: Any, cast: Any, actor: Any) -> None:
    """CMO1 with its mechanism as a whole (E1 to E3), CMO2 with resource E4 and reasoning E5; the setting is split."""
    assert editor.post(f"{P}/cmo/new", WHOLE).status_code == 302
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    assert editor.post(f"{P}/cmo/new", {"slot-context": "E1", **SPLIT}).status_code == 302


def shown(client: Any, path: str) -> str:
    return client.get(f"{P}/{path}").content.decode()


def test_the_form_says_where_a_mechanism_is_split(programme, editor, cast, actor):
    assert "To split a mechanism into resource and reasoning" in shown(editor, "cmo/new")
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    page = shown(editor, "cmo/new")
    assert "A mechanism is written as its resource and its reasoning here." in page
    assert f'href="{P}/cmo/slots"' in page


def test_a_mechanism_as_a_whole_is_no_gap_beside_the_map(two, editor):
    side = shown(editor, "map?at=CMO1")
    side = side[side.index("data-map-side") :]
    assert "no resource yet" not in side
    assert "no reasoning yet" not in side
    assert "E2</a> Trust grows" in side
    alone = shown(editor, "map?at=CMO2")
    assert "no outcome yet" in alone[alone.index("data-map-side") :]


def test_all_forms_of_a_mechanism_stand_together_in_the_table_and_the_form(two, editor):
    table = shown(editor, "map")
    heads = re.findall(r'<th scope="col"><span class="mark [^>]*>.</span> (\w+)', table)
    assert heads == ["Context", "Resource", "Reasoning", "Mechanism", "Outcome"]
    form = shown(editor, "cmo/1/edit")
    assert re.findall(r'name="slot-(\w+)"', form) == ["context", "resource", "reasoning", "mechanism", "outcome"]


def test_a_resource_has_a_hollow_mark_and_is_not_named_twice(two, editor):
    page = shown(editor, "cmo/2")
    diagram = page[page.index('class="cmoc"') : page.index("</figure>")]
    assert diagram.count("Resource") == 1
    assert "fires: strong" in diagram
    history = page[page.index('id="v1"') :]
    assert re.findall(r'mark--m( mark--hollow)?" aria-hidden="true">M</span><span class="vh">(\w+)', history) == [
        (" mark--hollow", "Resource"), ("", "Reasoning"),
    ]  # fmt: skip
