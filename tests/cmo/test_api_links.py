"""Claims about the API of links, rival groups, demi-regularities and slots: shapes, ripples, revisions, coming back."""

from typing import Any

import pytest

from cmo.models import Link
from tests.cmo.test_api_structure import A, sent, shown


@pytest.fixture
def script(programme: Any, cast: Any, api: Any) -> Any:
    """CMO1 has the outcome E2, which is a context of CMO2 and of CMO3; CMO3 leads back to CMO1."""
    made = api(cast.editor)
    first = [{"text": "time", "role": "context"}, {"text": "change", "role": "outcome"}]
    loop = [{"element": "E2", "role": "context"}, {"element": "E1", "role": "outcome"}]
    for elements in (first, [{"element": "E2", "role": "context"}], loop):
        assert sent(made, "post", "configurations/", {"elements": elements}).status_code == 201
    return made


def ends(script: Any, query: str = "") -> list[tuple[Any, ...]]:
    rows = script.get(f"{A}/links/?{query}").json()["results"]
    return [(row["number"], row["kind"], row["from"], row["to"], row["element"]) for row in rows]


def test_ripples_are_listed_whether_or_not_anybody_described_them(script):
    assert ends(script) == [
        (None, "ripple", "CMO1", "CMO2", "E2"),
        (None, "ripple", "CMO1", "CMO3", "E2"),
        (None, "ripple", "CMO3", "CMO1", "E1"),
    ]
    body = {"kind": "ripple", "from": "CMO1", "to": "CMO2", "element": "E2", "label": "opens the way", "note": "Often."}
    made = sent(script, "post", "links/", body)
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{A}/links/1/")
    assert made.json() == {**body, "number": 1, "state": "current", "revision": 1}
    assert ends(script)[0] == (1, "ripple", "CMO1", "CMO2", "E2")
    gone = sent(script, "delete", "links/1/", {}, tag=made["ETag"])
    assert (gone.json()["state"], gone.json()["revision"]) == ("retired", 2)
    assert ends(script)[0] == (None, "ripple", "CMO1", "CMO2", "E2")
    assert ends(script, "state=retired") == [(1, "ripple", "CMO1", "CMO2", "E2")]
    back = sent(script, "post", "links/1/restore/", {"reason": "It stands"}, tag=gone["ETag"])
    assert (back.json()["label"], back.json()["state"], back.json()["revision"]) == ("opens the way", "current", 3)


def test_links_are_filtered_by_kind_and_by_configuration(script):
    sent(script, "post", "links/", {"kind": "rival", "from": "CMO2", "to": "CMO3"})
    sent(script, "post", "links/", {"kind": "nested", "from": "CMO2", "to": "CMO1", "element": None})
    assert [row[1] for row in ends(script, "kind=rival,nested")] == ["nested", "rival"]
    assert [row[2:4] for row in ends(script, "configuration=CMO2")] == [
        ("CMO1", "CMO2"), ("CMO2", "CMO1"), ("CMO2", "CMO3"),
    ]  # fmt: skip
    assert ends(script, "kind=nested&configuration=CMO3") == []
    assert len(ends(script, "page_size=2")) == 2
    assert len(ends(script, "page_size=2&page=3")) == 1
    assert script.get(f"{A}/links/?page=9").status_code == 404


def test_what_stands_at_a_link_is_changed_from_the_revision_that_was_seen(script):
    made = sent(script, "post", "links/", {"kind": "contradicts", "from": "CMO1", "to": "CMO2", "note": "At first."})
    changed = sent(script, "patch", "links/1/", {"label": "unless rushed"}, tag=made["ETag"])
    assert (changed.json()["label"], changed.json()["note"], changed["ETag"]) == ("unless rushed", "At first.", '"2"')
    late = sent(script, "patch", "links/1/", {"label": "mine"}, tag=made["ETag"])
    assert (late.status_code, late.json()["current"]["label"], late["ETag"]) == (412, "unless rushed", '"2"')
    assert sent(script, "patch", "links/1/", {"label": "mine"}).status_code == 428
    assert sent(script, "patch", "links/1/", {"to": "CMO3"}, tag='"2"').json()["errors"].keys() == {"to"}
    assert Link.objects.get().name == "unless rushed"


def test_a_rival_group_gathers_what_explains_one_outcome_and_has_a_verdict(script):
    made = sent(script, "post", "rival-groups/", {
        "title": "Why change", "configurations": ["CMO2", "CMO1"], "outcome": "E2", "reason": "Meeting",
    })  # fmt: skip
    body = made.json()
    for name in ("created", "updated"):
        assert body.pop(name)
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{A}/rival-groups/1/")
    assert body == {
        "number": 1, "label": "RG1", "title": "Why change", "configurations": ["CMO1", "CMO2"], "outcome": "E2",
        "verdict": "open", "favoured": None, "rationale": "", "state": "current", "revision": 1, "updated_by": "editor",
    }  # fmt: skip
    judged = {"verdict": "one", "favoured": "CMO1", "rationale": "Seen in both sites."}
    changed = sent(script, "patch", "rival-groups/1/", judged, tag=made["ETag"])
    assert {name: changed.json()[name] for name in judged} == judged
    opened = {"verdict": "open", "favoured": None, "outcome": None, "configurations": []}
    again = sent(script, "patch", "rival-groups/1/", opened, tag=changed["ETag"])
    assert {name: again.json()[name] for name in opened} == opened
    assert script.get(f"{A}/rival-groups/?configuration=CMO1").json()["count"] == 0
    gone = sent(script, "delete", "rival-groups/1/", {}, tag=again["ETag"])
    counts = [script.get(f"{A}/rival-groups/?state={state}").json()["count"] for state in ("current", "retired")]
    assert counts == [0, 1]
    assert sent(script, "post", "rival-groups/1/restore/", {}, tag=gone["ETag"]).json()["state"] == "current"


def test_a_demi_regularity_says_what_moderates_and_what_speaks_against_it(script):
    words = {"text": "Time comes first", "moderators": "Size", "boundaries": "Not at night", "counterexamples": "CMO3"}
    made = sent(script, "post", "demi-regularities/", {**words, "configurations": ["CMO1", "CMO2"]})
    assert made.json() | words == made.json()
    assert (made.json()["label"], made.json()["configurations"]) == ("DR1", ["CMO1", "CMO2"])
    changed = sent(script, "patch", "demi-regularities/1/", {"boundaries": ""}, tag=made["ETag"])
    assert (changed.json()["boundaries"], changed.json()["moderators"], changed["ETag"]) == ("", "Size", '"2"')
    assert sent(script, "patch", "demi-regularities/1/", {"text": "x"}, tag=made["ETag"]).status_code == 412
    assert script.get(f"{A}/demi-regularities/?configuration=CMO2").json()["count"] == 1
    gone = sent(script, "delete", "demi-regularities/1/", {}, tag=changed["ETag"])
    assert gone.json()["state"] == "retired"
    assert sent(script, "post", "demi-regularities/1/restore/", {}, tag=gone["ETag"]).json()["revision"] == 4


def test_slots_are_set_by_a_lead_from_the_revision_seen_and_lose_no_data(script, cast, api):
    before, tag = shown(script, "slots/")
    assert before == {
        "preset": "cmo", "revision": 1,
        "slots": [{"role": role, "label": role.title()} for role in ("context", "mechanism", "outcome")],
    }  # fmt: skip
    lead = api(cast.lead)
    assert sent(script, "patch", "slots/", {"preset": "icmo"}, tag=tag).status_code == 403
    own = [{"role": "context", "label": "Circumstance"}, {"role": "resource"}, {"role": "reasoning", "label": ""}]
    changed = sent(lead, "patch", "slots/", {"slots": own}, tag=tag)
    assert changed.json() == {
        "preset": None, "revision": 2,
        "slots": [{"role": "context", "label": "Circumstance"}, {"role": "resource", "label": "Resource"},
                  {"role": "reasoning", "label": "Reasoning"}],
    }  # fmt: skip
    late = sent(lead, "patch", "slots/", {"preset": "icmo"}, tag=tag)
    assert (late.status_code, late.json()["current"], late["ETag"]) == (412, changed.json(), '"2"')
    body = shown(script, "configurations/1/")[0]
    assert [one["role"] for one in body["elements"]] == ["context", "outcome"]
    assert body["incomplete"] == ["resource", "reasoning"]
    again = sent(lead, "patch", "slots/", {"slots": before["slots"]}, tag=changed["ETag"])
    assert again.json() == {**before, "revision": 3}
