"""Claims about statements over the API: what a script reads and writes, its ETags, its answers, word for word."""

from typing import Any

import pytest

from cmo.models import Statement
from cmo.rules.composing import Words
from cmo.rules.stating import revise
from cmo.weighing import Counted

A = "/api/v1/programmes/cse-test"
S = f"{A}/statements/"
SAID = "If a rota is kept, then nobody waits, because roles are clear."


@pytest.fixture
def script(cast: Any, api: Any) -> Any:
    return api(cast.editor)


def test_a_statement_is_made_read_changed_retired_and_restored(script, programme, themes, area):
    area("Trust")
    body = {"wording": SAID, "themes": ["o4", str(themes["Covid-19"].uid)], "area": "trust", "cites": "Figure 2, 4"}
    made = script.post(S, body, format="json")
    assert (made.status_code, made["Location"], made["ETag"][:3]) == (201, f"http://testserver{S}1/", '"1-')
    record = dict(made.json())
    times = {name: record.pop(name) for name in ("created", "updated", "id")}
    assert record == {
        "number": 1, "label": "S1", "area": "trust", "wording": SAID, "if": "a rota is kept", "then": "nobody waits",
        "because": "roles are clear", "rest": record["rest"], "parts_by_hand": False,
        "themes": ["O4", str(themes["Covid-19"].uid)], "state": "draft", "phase": "gleaning", "cites": "Figure 2, 4",
        "configurations": [], "lineage": {"ancestors": [], "descendants": []}, "priority": False,
        "evidence": Counted().as_json(), "verdicts": [], "revision": 1, "updated_by": "editor",
    }  # fmt: skip
    assert script.get(S + "1/").json() == made.json()
    changed = script.patch(S + "1/", {"because": "all know who"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.json()["wording"] == "If a rota is kept, then nobody waits, because all know who."
    gone = script.delete(S + "1/", {"reason": "Doubled."}, format="json", HTTP_IF_MATCH=changed["ETag"])
    assert (gone.status_code, gone.json()["state"], gone.json()["number"]) == (200, "retired", 1)
    back = script.post(S + "1/restore/", {}, format="json", HTTP_IF_MATCH=gone["ETag"])
    assert (back.json()["state"], back.json()["revision"]) == ("draft", 4)
    old = script.post(S + "1/restore/", {"revision": 1}, format="json", HTTP_IF_MATCH=back["ETag"])
    assert (old.json()["wording"], old.json()["revision"]) == (SAID, 5)
    assert old.json()["id"] == times["id"]


def test_the_history_is_read_newest_first(script, statement, cast, actor):
    made = statement(SAID, themes=["O4"])
    revise(made, by=actor(cast.lead), base=1, words=Words(wording="If other."), themes=[], reason="Shorter.")
    page = script.get(S + "1/revisions/").json()
    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    newest = page["results"][0]
    newest.pop("at")
    assert newest == {
        "number": 2, "change": "reworded", "restores": None, "wording": "If other.", "if": newest["if"], "then": "",
        "because": "", "themes": [], "area": None, "state": "draft", "phase": "gleaning", "reason": "Shorter.",
        "author": "lead", "rests_on": [],
    }  # fmt: skip
    assert script.get(S + "1/history/").json() == script.get(S + "1/revisions/").json()
    assert script.get(S + "1/revisions/1/").json()["wording"] == SAID
    second = script.get(S + "1/revisions/?page_size=1&page=2").json()
    assert [row["number"] for row in second["results"]] == [1]


def test_the_difference_leads_from_one_wording_to_the_other(script, statement, cast, actor):
    made = statement(SAID, themes=["O4"])
    new = "If a clear rota is kept, then nobody has to wait, because roles are clear."
    revise(made, by=actor(cast.lead), base=1, words=Words(wording=new))
    found = script.get(S + "1/diff/").json()
    assert (found["from"], found["to"]) == (1, 2)
    assert "".join(part["old"] for part in found["words"]) == SAID
    assert "".join(part["new"] for part in found["words"]) == new
    assert (found["added"], found["removed"]) == (4, 1)
    back = script.get(S + "1/diff/?from=2&to=1").json()
    assert (back["added"], back["removed"]) == (1, 4)
    assert script.get(S + "1/diff/?from=1&to=9").status_code in (400, 404)


def test_a_tag_changes_with_the_record_and_with_the_codebook(script, statement, cast, api):
    statement(SAID, themes=["O4"])
    tag = script.get(S + "1/")["ETag"]
    assert script.get(S + "1/", HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert script.get(S + "1/", HTTP_IF_NONE_MATCH=f'"x", W/{tag}').status_code == 304
    theme = script.get(f"{A}/themes/O4/")
    script.patch(f"{A}/themes/O4/", {"code": "O4b"}, format="json", HTTP_IF_MATCH=theme["ETag"])
    again = script.get(S + "1/", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.json()["themes"]) == (200, ["O4b"])
    changed = script.patch(S + "1/", {"state": "agreed"}, format="json", HTTP_IF_MATCH=tag)
    assert changed.status_code == 200  # another name of a theme is no other revision of the statement


def test_saving_what_stands_keeps_revision_and_tag(script, statement):
    statement(SAID)
    tag = script.get(S + "1/")["ETag"]
    same = script.patch(S + "1/", {"wording": SAID, "reason": "None."}, format="json", HTTP_IF_MATCH=tag)
    assert (same.status_code, same.json()["revision"], same["ETag"]) == (200, 1, tag)


def test_the_answer_to_a_late_save_holds_what_is_needed_to_merge(script, statement, cast, actor):
    made = statement(SAID)
    revise(made, by=actor(cast.lead), base=1, words=Words(wording="If theirs."))
    late = script.patch(S + "1/", {"wording": "If mine."}, format="json", HTTP_IF_MATCH='"1"')
    assert (late.status_code, late.json()["current"]["wording"], late.json()["current"]["revision"]) == (412,
        "If theirs.", 2)
    again = script.patch(S + "1/", {"wording": "If both."}, format="json", HTTP_IF_MATCH=late["ETag"])
    assert (again.status_code, again.json()["revision"]) == (200, 3)


@pytest.mark.parametrize(
    "tag", ['"1"', 'W/"1"', "1", '"1-7"', '"9", "1"'], ids=["plain", "weak", "bare", "with a codebook", "one of two"]
)
def test_a_tag_may_be_written_in_several_ways(tag, script, statement):
    statement(SAID)
    assert script.patch(S + "1/", {"state": "agreed"}, format="json", HTTP_IF_MATCH=tag).status_code == 200


def test_a_dry_run_of_a_paste_stores_nothing_and_says_how_lines_are_read(script, programme, themes, area, statement):
    area("Trust")
    statement(SAID)
    text = f"Area\tCodes\tStatement\nTrust\tO4; Z9\tIf new, then new.\n\t\t{SAID}"
    dry = script.post(f"{S}paste/?dry_run=1", {"text": text}, format="json")
    assert dry.status_code == 200
    assert [(line["wording"], line["themes"], line["unknown"], line["area"], line["same_as"], line["taken"])
            for line in dry.json()["lines"]] == [
        ("If new, then new.", ["O4"], ["Z9"], "trust", None, True), (SAID, [], [], None, "S1", False),
    ]  # fmt: skip
    assert Statement.objects.count() == 1
    done = script.post(f"{S}paste/", {"text": text}, format="json")
    assert (done.status_code, done.json()["statements"]) == (201, ["S2"])


def test_the_change_feed_tells_each_change_once_in_order(script, programme, statement):
    first = script.get(f"{A}/changes/?page_size=200").json()
    last = first["results"][-1]["number"]
    statement(SAID)
    script.patch(S + "1/", {"state": "agreed", "reason": "A vote."}, format="json", HTTP_IF_MATCH='"1"')
    news = script.get(f"{A}/changes/?since={last}").json()
    assert [(row["number"], row["change"], row["record"], row["by"], row["reason"]) for row in news["results"]] == [
        (last + 1, "new", "S1", "editor", ""), (last + 2, "agreed", "S1", "editor", "A vote."),
    ]  # fmt: skip
    assert news["results"][1]["via"] == "token “tests”"
    assert script.get(f"{A}/changes/?since={last + 2}").json()["count"] == 0
    moment = news["results"][1]["at"]
    assert script.get(f"{A}/changes/", {"since": moment}).json()["results"][-1]["number"] == last + 2


def test_pages_hang_together(script, statement):
    for at in range(5):
        statement(f"If {at}.")
    url, seen = f"{S}?page_size=2&ordering=-number", []
    while url:
        page = script.get(url).json()
        seen += [row["number"] for row in page["results"]]
        assert page["count"] == 5
        url = page["next"]
    assert seen == [5, 4, 3, 2, 1]


def test_a_theme_is_found_by_code_in_any_case_by_id_and_by_the_code_it_was_merged_from(script, themes, statement):
    statement(SAID, themes=["O4"])
    merged = script.post(f"{A}/themes/O4/merge/", {"into": "O1"}, format="json", HTTP_IF_MATCH='"1"')
    assert (merged.status_code, merged.json()["label"], merged.json()["statements"]) == (200, "O1", 1)
    for name in ("O1", "o1", "O4", str(themes["O1"].uid)):
        assert script.get(S, {"theme": name}).json()["count"] == 1
    old = script.get(f"{A}/themes/O4/").json()
    assert (old["retired"], old["merged_into"]) == (True, "O1")
