"""Claims about the API of elements and configurations: shapes, tags, whole replacement, what statements say of them."""

from typing import Any

import pytest

from cmo.models import Configuration, ConfigurationRevision, Element
from cmo.rules.configuring import configure
from cmo.rules.framing import set_slots
from cmo.rules.introducing import introduce
from cmo.rules.standing import Placed
from cmo.rules.stating import retire
from cmo.weighing import Counted
from tests.conftest import actor

A = "/api/v1/programmes/cse-test"


@pytest.fixture
def script(programme: Any, cast: Any, api: Any) -> Any:
    return api(cast.editor)


def sent(script: Any, method: str, path: str, body: Any = None, *, tag: str = "", **headers: Any) -> Any:
    """The answer to one call; `tag` is what If-Match says."""
    given = {"HTTP_IF_MATCH": tag} if tag else {}
    return getattr(script, method)(f"{A}/{path}", body if body is not None else {}, format="json", **given, **headers)


def shown(script: Any, path: str) -> tuple[Any, str]:
    answer = script.get(f"{A}/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json(), answer["ETag"]


# ---- elements


def test_an_element_has_the_shape_that_scripts_rely_on(script, themes):
    made = sent(script, "post", "elements/", {
        "kind": "outcome", "text": "Guidance is taken up", "sign": "positive", "intended": False, "proximity": "distal",
        "level": "meso", "formal_theory": "Diffusion", "themes": ["O4"], "state": "agreed", "reason": "Workshop",
    })  # fmt: skip
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{A}/elements/1/")
    body = made.json()
    for name in ("id", "created", "updated"):
        assert body.pop(name)
    assert body == {
        "number": 1, "label": "E1", "kind": "outcome", "text": "Guidance is taken up", "polarity": "", "mechanism": "",
        "sign": "positive", "intended": False, "proximity": "distal", "level": "meso", "formal_theory": "Diffusion",
        "themes": ["O4"], "state": "agreed", "configurations": [], "revision": 1, "updated_by": "editor",
    }  # fmt: skip
    assert shown(script, "elements/1/")[1] == made["ETag"]


@pytest.mark.parametrize("intended", [True, False, None])
def test_intended_goes_in_and_comes_out_as_true_false_or_null(intended, script):
    sent(script, "post", "elements/", {"kind": "outcome", "text": "x", "intended": intended})
    body, tag = shown(script, "elements/1/")
    assert body["intended"] is intended
    for other in (True, None, False):
        changed = sent(script, "patch", "elements/1/", {"intended": other}, tag=tag)
        assert changed.json()["intended"] is other
        tag = changed["ETag"]
    assert script.get(f"{A}/elements/1/revisions/").json()["results"][0]["intended"] is False


def test_an_element_is_changed_from_the_revision_that_was_seen(script, programme, cast):
    introduce(programme, by=actor(cast.editor), kind="context", text="first")
    _body, tag = shown(script, "elements/1/")
    assert sent(script, "patch", "elements/1/", {"text": "second"}).status_code == 428
    changed = sent(script, "patch", "elements/1/", {"text": "second", "reason": "Clearer"}, tag=tag)
    assert (changed.status_code, changed.json()["text"], changed.json()["revision"]) == (200, "second", 2)
    late = sent(script, "patch", "elements/1/", {"text": "third"}, tag=tag)
    assert (late.status_code, late.json()["current"]["text"], late["ETag"]) == (412, "second", changed["ETag"])
    difference = script.get(f"{A}/elements/1/diff/?from=1&to=2").json()
    assert difference["words"] == [{"kind": "replace", "old": "first", "new": "second"}]
    gone = sent(script, "delete", "elements/1/", {"reason": "Doubled"}, tag=changed["ETag"])
    assert (gone.json()["state"], gone.json()["revision"]) == ("retired", 3)
    assert script.get(f"{A}/elements/").json()["count"] == 0
    back = sent(script, "post", "elements/1/restore/", {}, tag=gone["ETag"])
    assert (back.json()["state"], back.json()["text"]) == ("draft", "second")
    old = sent(script, "post", "elements/1/restore/", {"revision": 1}, tag=back["ETag"])
    assert (old.json()["text"], old.json()["revision"]) == ("first", 5)
    told = script.get(f"{A}/elements/1/revisions/?page_size=2").json()
    assert [row["change"] for row in told["results"]] == ["restored", "restored"]
    assert (told["count"], told["next"] is not None, told["results"][0]["restores"]) == (5, True, 1)


def test_an_element_is_retyped_in_one_step_everywhere(script, programme, cast):
    by = actor(cast.editor)
    made = introduce(programme, by=by, kind="context", text="time", traits={"polarity": "hindering"})
    for _ in range(2):
        configure(programme, by=by, elements=[Placed("context", made)])
    seen, tag = shown(script, "configurations/1/")
    now = sent(script, "post", "elements/1/retype/", {"kind": "mechanism", "reason": "They reason so"}, tag='"1"')
    assert (now.json()["kind"], now.json()["polarity"]) == ("mechanism", "")
    for number in (1, 2):
        body, new = shown(script, f"configurations/{number}/")
        assert [(one["element"], one["role"]) for one in body["elements"]] == [("E1", "mechanism")]
        assert (body["revision"], body["incomplete"]) == (2, ["context", "outcome"])
    assert (seen["revision"], new == tag) == (1, False)
    same = sent(script, "post", "elements/1/retype/", {"kind": "mechanism"}, tag=now["ETag"])
    assert (same.status_code, same.json()["revision"], Element.objects.get().revisions.count()) == (200, 2, 2)
    refused = sent(script, "patch", "elements/1/", {"kind": "context"}, tag=now["ETag"])
    assert refused.json()["errors"] == {"kind": ["The kind changes by retyping: POST it to retype/, with a reason."]}


def test_what_is_like_it_is_suggested_and_pointed_out(script, programme, cast):
    by = actor(cast.editor)
    for text in ("Managers have the time to explain", "Managers have the time to explain it", "Something else"):
        introduce(programme, by=by, kind="context", text=text)
    found = script.get(f"{A}/elements/suggest/?q=managers have the time to explain&kind=context").json()["results"]
    assert [(row["label"], row["near"]) for row in found[:2]] == [("E1", True), ("E2", True)]
    near = script.get(f"{A}/elements/1/near/").json()
    assert ([row["label"] for row in near["results"]], near["count"], near["next"]) == (["E2"], 1, None)
    assert script.get(f"{A}/elements/suggest/?kind=outcome").json()["results"] == []
    assert script.get(f"{A}/elements/suggest/?kind=nothing").status_code == 400


# ---- configurations


@pytest.fixture
def made(script: Any, programme: Any, area: Any, statement: Any) -> Any:
    area("Plans")
    statement()
    introduced = sent(script, "post", "elements/", {"kind": "context", "text": "time is set aside"})
    assert introduced.status_code == 201
    return sent(script, "post", "configurations/", {
        "nickname": "Time", "plain": "Time leads to change.", "narrative": "Told in full.", "testing": "Interviews.",
        "area": "plans", "statements": ["S1"], "reason": "Workshop",
        "elements": [
            {"element": "E1", "role": "context", "wording": "there is time"},
            {"text": "they see what it changes", "role": "mechanism", "activation": "strong"},
            {"text": "practice changes", "role": "outcome"},
        ],
    })  # fmt: skip


def test_a_configuration_has_the_shape_that_scripts_rely_on(made, script):
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{A}/configurations/1/")
    body = made.json()
    for name in ("id", "created", "updated"):
        assert body.pop(name)
    assert body == {
        "number": 1, "label": "CMO1", "nickname": "Time", "plain": "Time leads to change.", "area": "plans",
        "narrative": "Told in full.", "testing": "Interviews.", "statements": ["S1"], "links": [], "links_more": 0,
        "lineage": {"ancestors": [], "descendants": []}, "verdicts": [], "evidence": Counted().as_json(),
        "incomplete": [],
        "elements": [
            {"element": "E1", "role": "context", "position": 1, "wording": "there is time", "activation": "",
             "text": "there is time"},
            {"element": "E2", "role": "mechanism", "position": 2, "wording": "", "activation": "strong",
             "text": "they see what it changes"},
            {"element": "E3", "role": "outcome", "position": 3, "wording": "", "activation": "",
             "text": "practice changes"},
        ],
        "state": "draft", "phase": "gleaning", "revision": 1, "updated_by": "editor",
    }  # fmt: skip
    assert shown(script, "configurations/1/")[1] == made["ETag"]


def test_what_was_read_can_be_sent_back_as_it_is(made, script):
    body = made.json()
    whole = {name: body[name] for name in
             ("nickname", "plain", "narrative", "testing", "area", "statements", "elements", "state")}  # fmt: skip
    again = sent(script, "patch", "configurations/1/", whole, tag=made["ETag"])
    assert (again.status_code, again.json()["revision"], again["ETag"]) == (200, 1, made["ETag"])
    assert ConfigurationRevision.objects.count() == 1


def test_elements_are_replaced_whole_in_the_order_given(made, script):
    rows = made.json()["elements"]
    kept = [{"element": one["element"], "role": one["role"]} for one in rows]
    changed = sent(script, "patch", "configurations/1/", {"elements": [kept[2], kept[0]]}, tag=made["ETag"])
    assert [(one["element"], one["wording"]) for one in changed.json()["elements"]] == [("E1", ""), ("E3", "")]
    assert [one["position"] for one in changed.json()["elements"]] == [2, 1]  # shown by slot, kept as sent
    assert changed.json()["incomplete"] == ["mechanism"]
    by_place = [{**rows[0], "position": 2}, {**rows[2], "position": 1}]
    again = sent(script, "patch", "configurations/1/", {"elements": by_place}, tag=changed["ETag"])
    assert [(one["element"], one["position"]) for one in again.json()["elements"]] == [("E1", 2), ("E3", 1)]
    untouched = sent(script, "patch", "configurations/1/", {"plain": "Shorter."}, tag=again["ETag"])
    assert untouched.json()["elements"] == again.json()["elements"]
    assert Element.objects.count() == 3


def test_the_halves_of_a_mechanism_stand_where_the_mechanism_does(script, programme, cast):
    lead = actor(cast.lead)
    asked = [(role, "") for role in ("context", "resource", "reasoning", "outcome", "actor")]
    set_slots(programme, by=lead, base=1, slots=asked)
    roles = ("outcome", "actor", "reasoning", "resource", "context")
    made = sent(script, "post", "configurations/", {"elements": [{"text": role, "role": role} for role in roles]})
    set_slots(programme, by=lead, base=2, preset="cmo")
    shown_roles = [one["role"] for one in shown(script, "configurations/1/")[0]["elements"]]
    assert made.status_code == 201
    assert shown_roles == ["context", "resource", "reasoning", "outcome", "actor"]


def test_a_difference_says_what_joined_left_was_reworded_and_reordered(made, script):
    elements = [{"element": "E3", "role": "outcome"}, {"text": "a second outcome", "role": "outcome"},
                {"element": "E1", "role": "context", "wording": "there is no time"}]  # fmt: skip
    body = {"elements": elements, "plain": "Time leads to no change.", "statements": []}
    sent(script, "patch", "configurations/1/", body, tag=made["ETag"])
    found = script.get(f"{A}/configurations/1/diff/?from=1&to=2").json()
    assert [(one["element"], one["role"]) for one in found["joined"]] == [("E4", "outcome")]
    assert [(one["element"], one["role"]) for one in found["left"]] == [("E2", "mechanism")]
    assert [one["element"] for one in found["reworded"]] == ["E1"]
    assert len(found["reordered"]) == 1
    assert {"kind": "insert", "old": "", "new": "no "} in found["words"]["plain"]
    assert (list(found["words"]), found["statements_removed"]) == (["plain"], ["S1"])
    assert script.get(f"{A}/configurations/1/diff/").json() == found
    first = script.get(f"{A}/configurations/1/revisions/1/").json()
    said = ["there is time", "they see what it changes", "practice changes"]
    assert [one["text"] for one in first["elements"]] == said
    assert (first["change"], first["reason"], first["statements"]) == ("new", "Workshop", ["S1"])


def test_a_configuration_is_retired_restored_and_brought_back_to_an_older_make_up(made, script):
    changed = sent(script, "patch", "configurations/1/", {"elements": [], "plain": ""}, tag=made["ETag"])
    assert changed.json()["incomplete"] == ["context", "mechanism", "outcome"]
    old = sent(script, "post", "configurations/1/restore/", {"revision": 1, "reason": "Better"}, tag=changed["ETag"])
    assert (old.json()["plain"], len(old.json()["elements"])) == ("Time leads to change.", 3)
    gone = sent(script, "delete", "configurations/1/", {"reason": "Doubled"}, tag=old["ETag"])
    assert (gone.json()["state"], script.get(f"{A}/configurations/").json()["count"]) == ("retired", 0)
    assert sent(script, "patch", "configurations/1/", {"plain": "x"}, tag=gone["ETag"]).json()["errors"] == {
        "state": ["CMO1 is retired; restore it first."]
    }
    back = sent(script, "post", "configurations/1/restore/", {}, tag=gone["ETag"])
    assert (back.json()["state"], back.json()["revision"]) == ("draft", 5)


def test_a_retired_statement_is_not_shown_and_not_dropped(made, script, programme, cast, statement):
    retire(programme.statements.get(number=1), by=actor(cast.editor), base=1)
    statement("If another, then another.")
    body, tag = shown(script, "configurations/1/")
    assert body["statements"] == []
    changed = sent(script, "patch", "configurations/1/", {"statements": ["S2"]}, tag=tag)
    assert changed.json()["statements"] == ["S2"]
    found = Configuration.objects.get().spellings.order_by("statement__number")
    assert [one.statement.label for one in found] == ["S1", "S2"]


def test_a_statement_is_spelled_out_in_one_step_as_found_or_as_corrected(script, statement, programme, cast):
    statement("If a rota is kept, then nobody waits, because roles are clear.")
    made = sent(script, "post", "statements/1/spell-out/", {"nickname": "Rota"})
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{A}/configurations/1/")
    assert [(one["role"], one["text"]) for one in made.json()["elements"]] == [
        ("context", "a rota is kept"), ("mechanism", "roles are clear"), ("outcome", "nobody waits"),
    ]  # fmt: skip
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    corrected = [{"element": "E1", "role": "context"}, {"text": "a list on the wall", "role": "resource"},
                 {"text": "roles are clear to them", "role": "reasoning"}]  # fmt: skip
    other = sent(script, "post", "statements/1/spell-out/", {"elements": corrected, "reason": "Split"}).json()
    assert [one["element"] for one in other["elements"]] == ["E1", "E4", "E5"]
    assert (other["statements"], other["incomplete"]) == (["S1"], ["outcome"])
    assert shown(script, "statements/1/")[0]["configurations"] == ["CMO1", "CMO2"]


def test_a_retried_create_is_made_once(script, statement):
    statement()
    for path, body in (("statements/1/spell-out/", {}), ("configurations/", {"plain": "x"}),
                       ("elements/", {"kind": "context", "text": "x"})):  # fmt: skip
        first, again = (sent(script, "post", path, body, HTTP_IDEMPOTENCY_KEY=path) for _ in range(2))
        assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    assert (Configuration.objects.count(), Element.objects.filter(text="x").count()) == (2, 1)


# ---- what a tag answers for


def statement_tag(script: Any) -> str:
    return shown(script, "statements/1/")[1]


CHANGES = {
    "it is spelled out": ("post", "statements/1/spell-out/", {}, ""),
    "a configuration joins": ("post", "configurations/", {"statements": ["S1"]}, ""),
    "a configuration leaves": ("patch", "configurations/1/", {"statements": []}, "configurations/1/"),
    "a configuration is retired": ("delete", "configurations/1/", {}, "configurations/1/"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_tag_of_a_statement_moves_with_the_configurations_that_it_shows(change, script, statement):
    statement()
    sent(script, "post", "configurations/", {"statements": ["S1"]})
    body, tag = shown(script, "statements/1/")
    method, path, given, seen = CHANGES[change]
    assert sent(script, method, path, given, tag=shown(script, seen)[1] if seen else "").status_code in (200, 201)
    answer = script.get(f"{A}/statements/1/", HTTP_IF_NONE_MATCH=tag)
    assert answer.status_code == 200
    assert answer.json()["configurations"] != body["configurations"]
    assert (answer.json()["revision"], answer["ETag"] != tag) == (1, True)
    assert sent(script, "patch", "statements/1/", {"wording": "If so, then so."}, tag=tag).status_code == 200


SHOWN = {
    "an element's words": ("patch", "elements/1/", {"text": "otherwise"}, "elements/1/"),
    "a ripple": ("post", "configurations/", {"elements": [{"element": "E1", "role": "outcome"}]}, ""),
    "a link": ("post", "links/", {"kind": "nested", "from": "CMO1", "to": "CMO2"}, ""),
    "what stands at a link": ("patch", "links/1/", {"label": "because"}, "links/1/"),
    "a link's end": ("delete", "links/1/", {}, "links/1/"),
    "a retired statement": ("delete", "statements/1/", {}, "statements/1/"),
    "the other end": ("delete", "configurations/2/", {}, "configurations/2/"),
}


@pytest.mark.parametrize("change", SHOWN)
def test_the_tag_of_a_configuration_moves_with_all_that_it_shows(change, script, statement):
    statement()
    sent(script, "post", "configurations/", {"statements": ["S1"], "elements": [{"text": "time", "role": "context"}]})
    sent(script, "post", "configurations/", {})
    sent(script, "post", "links/", {"kind": "rival", "from": "CMO1", "to": "CMO2"})
    body, tag = shown(script, "configurations/1/")
    method, path, given, seen = SHOWN[change]
    assert sent(script, method, path, given, tag=shown(script, seen)[1] if seen else "").status_code in (200, 201)
    answer = script.get(f"{A}/configurations/1/", HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer.json() != body, answer.json()["revision"]) == (200, True, 1)


def test_the_tag_of_an_element_moves_with_its_configurations_and_codes(script, themes):
    sent(script, "post", "elements/", {"kind": "context", "text": "time", "themes": ["O4"]})
    joins = {"elements": [{"element": "E1", "role": "context"}]}
    recodes = ("patch", "themes/O4/", {"code": "O9"}, '"1"')
    for method, path, body, tag in (("post", "configurations/", joins, ""), recodes):
        before, seen = shown(script, "elements/1/")
        assert sent(script, method, path, body, tag=tag).status_code in (200, 201)
        answer = script.get(f"{A}/elements/1/", HTTP_IF_NONE_MATCH=seen)
        assert (answer.status_code, answer.json() != before) == (200, True)


def test_what_did_not_change_is_not_sent_again(script, statement):
    statement()
    sent(script, "post", "statements/1/spell-out/", {})
    for path in ("statements/1/", "elements/1/", "configurations/1/", "configurations/1/revisions/1/",
                 "elements/1/revisions/1/", "slots/"):  # fmt: skip
        tag = shown(script, path)[1]
        answer = script.get(f"{A}/{path}", HTTP_IF_NONE_MATCH=tag)
        assert (answer.status_code, answer.content) == (304, b""), path


def test_the_list_of_statements_says_what_spells_each_out(script, statement):
    for _ in range(3):
        statement()
    sent(script, "post", "configurations/", {"statements": ["S1", "S3"]})
    made = sent(script, "post", "configurations/", {"statements": ["S3"]})
    rows = script.get(f"{A}/statements/").json()["results"]
    assert [row["configurations"] for row in rows] == [["CMO1"], [], ["CMO1", "CMO2"]]
    sent(script, "delete", "configurations/2/", {}, tag=made["ETag"])
    assert script.get(f"{A}/statements/3/").json()["configurations"] == ["CMO1"]
