"""Claims about exports: what stands in them, that filters hold, and that no spreadsheet runs what somebody wrote."""

import csv
import io
import json
from typing import Any

import pytest

from cmo.exports.csv import COLUMNS
from tests.factories import many_statements, many_themes

E = "/api/v1/programmes/cse-test/export/"
SAID = "If a rota is kept, then nobody waits, because roles are clear."


def whole(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer.streaming_content)


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.fixture
def script(cast: Any, api: Any) -> Any:
    return api(cast.viewer, read_only=True)


def test_the_csv_opens_in_a_spreadsheet(script, statement, themes, area):
    statement(SAID, themes=["O4", "C2"], area=area("Plans"), cites="Figure 2, 4")
    answer = script.get(f"{E}?as=csv")
    raw = whole(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="cse-test-statements.csv"'
    assert raw.startswith(b"\xef\xbb\xbfnumber,label,area,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    (row,) = table(raw)
    assert tuple(row) == COLUMNS
    assert {name: row[name] for name in ("label", "area", "area_title", "if", "then", "because", "wording", "themes",
                                         "state", "phase", "cites", "revision", "updated_by")} == {
        "label": "S1", "area": "plans", "area_title": "Plans", "if": "a rota is kept", "then": "nobody waits",
        "because": "roles are clear", "wording": SAID, "themes": "C2; O4", "state": "draft", "phase": "gleaning",
        "cites": "Figure 2, 4", "revision": "1", "updated_by": "editor",
    }  # fmt: skip


LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")", "'quoted", "plain", 'two "quotes", a comma']


def test_no_cell_is_a_formula_and_each_reads_back_as_it_was(script, statement):
    for text in LIVE:
        statement(text)
    rows = table(whole(script.get(f"{E}?as=csv")))
    assert not any(row["wording"].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert [row["wording"].removeprefix("'") for row in rows] == LIVE


def test_a_long_and_odd_wording_is_not_cut(script, statement):
    text = "If “Siân”,\nthen 🏴 " + "x" * 19_000 + "\u00a0\u2028end"
    statement(text)
    assert table(whole(script.get(f"{E}?as=csv")))[0]["wording"] == text
    assert json.loads(whole(script.get(E)))["statements"][0]["wording"] == text


def test_the_json_holds_the_theory_with_the_codebook_around_it(script, statement, themes, area, programme):
    statement(SAID, themes=["O4"], area=area("Plans"))
    found = json.loads(whole(script.get(E)))
    assert (found["format"], found["version"], found["programme"]["slug"]) == ("tybed-theory", 1, "cse-test")
    assert [phase["slug"] for phase in found["phases"]] == ["gleaning", "refining", "consolidating"]
    assert [row["slug"] for row in found["areas"]] == ["plans"]
    assert {row["label"]: row["parent"] for row in found["themes"] if row["code"]} == {
        "C": None, "C2": "C", "O": None, "O1": "O", "O1.1": "O1", "O4": "O", "P": None, "P6": "P"
    }  # fmt: skip
    listed = script.get("/api/v1/programmes/cse-test/statements/").json()["results"][0]
    exported = found["statements"][0]
    assert exported.keys() == listed.keys() - {"rest", "parts_by_hand"}
    same = {name: value for name, value in listed.items() if name in exported and name not in ("created", "updated")}
    assert {name: exported[name] for name in same} == same


@pytest.mark.parametrize("query", ["theme=O", "state=retired", "search=rota&ordering=-number", "incomplete=themes"])
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_an_export_holds_what_the_list_finds(kind, query, script, statement, themes, cast, actor):
    for text, codes in ((SAID, ["O4"]), ("If rota two.", []), ("If three.", ["C2"])):
        statement(text, themes=codes)
    listed = [row["number"] for row in script.get(f"/api/v1/programmes/cse-test/statements/?{query}").json()["results"]]
    raw = whole(script.get(f"{E}?as={kind}&{query}"))
    rows = json.loads(raw)["statements"] if kind == "json" else table(raw)
    assert [int(row["number"]) for row in rows] == listed


@pytest.mark.parametrize("n", [0, 1, 199, 200, 201, 1001])
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_any_number_of_statements_comes_whole_and_in_order(kind, n, script, programme, cast):
    many_statements(programme, cast.editor, n, themes=many_themes(programme, cast.editor, 3))
    raw = whole(script.get(f"{E}?as={kind}"))
    rows = json.loads(raw)["statements"] if kind == "json" else table(raw)
    assert [int(row["number"]) for row in rows] == list(range(1, n + 1))


def test_the_first_piece_comes_before_the_last_row_is_read(script, programme, cast):
    many_statements(programme, cast.editor, 1500)
    pieces = iter(script.get(f"{E}?as=csv").streaming_content)
    assert next(pieces).startswith(b"\xef\xbb\xbfnumber")
    assert sum(1 for _piece in pieces) > 5


@pytest.mark.parametrize(("query", "sentence"), {
    "as=xlsx": "as: There is no format “xlsx”; known are: json, csv.",
    "as=csv&theme=04": "theme: There is no code “04” in the codebook. Did you mean O4?",
    "page=2": "page: There is no parameter “page” here; known are: area, as, incomplete, ordering, phase, search, "
    "state, theme.",
}.items())  # fmt: skip
def test_what_cannot_be_exported_is_refused_before_the_first_byte(query, sentence, script, themes):
    answer = script.get(f"{E}?{query}")
    assert (answer.status_code, answer.json()["detail"]) == (400, sentence)


def test_the_log_goes_out_without_live_formulas_too(cast, as_, statement):
    statement("If.", reason="=1+1")
    browser = as_(cast.viewer)
    rows = table(whole(browser.get("/p/cse-test/settings/log.csv")))
    assert "'=1+1" in rows[-1].values()
    found = json.loads(whole(browser.get("/p/cse-test/settings/log.json")))
    assert "=1+1" in json.dumps(found)
