"""Claims about exports: what stands in them, that filters hold, and that no spreadsheet runs what somebody wrote."""

import csv
import io
import json
import re
from typing import Any

import pytest

from cmo.exports.csv import COLUMNS
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.stating import state
from programmes.gate import unguarded
from programmes.models import Person
from programmes.rules.classifying import add_theme
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
    assert raw.startswith(b'\xef\xbb\xbf"number","label","area",')
    assert b',"C2; O4",' in raw  # quoted, or some spreadsheets make two cells of it
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    (row,) = table(raw)
    assert tuple(row) == COLUMNS
    assert {name: row[name] for name in ("label", "area", "area_title", "if", "then", "because", "wording", "themes",
                                         "state", "phase", "cites", "revision", "updated_by")} == {
        "label": "S1", "area": "plans", "area_title": "Plans", "if": "a rota is kept", "then": "nobody waits",
        "because": "roles are clear", "wording": SAID, "themes": "C2; O4", "state": "draft", "phase": "gleaning",
        "cites": "Figure 2, 4", "revision": "1", "updated_by": "editor",
    }  # fmt: skip


LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")", "'quoted", "plain", 'two "quotes", a comma',
        " =1", "\n=1", "If a;=1", "If a\n- b\n\n'c'", "＝1", "＋1", "－1", "＠x", "\u200b=1", "\u00a0=1",
        "\u3164=1", "\u2800\u115f=1", "\u034f@x", "\U000e0041+1", "⁺1"]  # fmt: skip
RUN = re.compile(r"(?:\A|[\n\r\t;])[\s\u200b\u3164\u2800\u115f\u034f\U000e0041]*[=+\-@＝＋－＠⁺]|\A[\t\r\n]")


def test_no_cell_is_a_formula_and_each_reads_back_as_it_was(script, statement):
    for text in LIVE:
        statement(text)
    rows = table(whole(script.get(f"{E}?as=csv")))
    assert [cell for row in rows for cell in row.values() if RUN.search(cell)] == []
    assert [unguarded(row["wording"]) for row in rows] == LIVE


def test_every_column_that_people_write_is_guarded(script, programme, cast, actor):
    Person.objects.filter(pk=cast.editor.pk).update(username="=me")
    theme = add_theme(programme, by=actor(cast.lead), code="=1", name="x")
    area = add_area(programme, by=actor(cast.lead), title="@area")
    words = Words(wording="=1 +2 -3", parts={"if": "=1", "then": "+2", "because": "-3"})
    state(programme, by=actor(cast.editor), words=words, themes=[theme], area=area, cites="=cites")
    (row,) = table(whole(script.get(f"{E}?as=csv")))
    assert {name: cell for name, cell in row.items() if cell.startswith("'")} == {
        "area_title": "'@area", "if": "'=1", "then": "'+2", "because": "'-3", "wording": "'=1 +2 -3", "themes": "'=1",
        "cites": "'=cites", "updated_by": "'=me",
    }  # fmt: skip
    assert not [cell for cell in row.values() if RUN.search(cell)]


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
    # What the evidence says leaves by a deliberate choice alone, and so do its counts.
    assert exported.keys() == listed.keys() - {"rest", "parts_by_hand", "evidence"}
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
    assert next(pieces).startswith(b'\xef\xbb\xbf"number"')
    assert sum(1 for _piece in pieces) > 5


@pytest.mark.parametrize(("query", "sentence"), {
    "as=xlsx": "as: There is no format “xlsx”; known are: json, csv.",
    "as=csv&theme=04": "theme: There is no code “04” in the codebook. Did you mean O4?",
    "page=2": "page: There is no parameter “page” here; known are: area, as, has_evidence, incomplete, ordering, "
    "phase, priority, search, snapshot, state, theme, verdict.",
}.items())  # fmt: skip
def test_what_cannot_be_exported_is_refused_before_the_first_byte(query, sentence, script, themes):
    answer = script.get(f"{E}?{query}")
    assert (answer.status_code, answer.json()["detail"]) == (400, sentence)


def test_the_log_goes_out_without_live_formulas_too(cast, as_, statement):
    for text in LIVE:
        statement("If.", reason=text)
    Person.objects.filter(pk=cast.editor.pk).update(username="=me")
    rows = table(whole(as_(cast.viewer).get("/p/cse-test/settings/log.csv")))
    assert [cell for row in rows for cell in row.values() if RUN.search(cell)] == []
    assert [unguarded(row["reason"]) for row in rows[-len(LIVE) :]] == LIVE
    assert {row["by"] for row in rows[-len(LIVE) :]} == {"'=me"}
    found = json.loads(whole(as_(cast.viewer).get("/p/cse-test/settings/log.json")))
    assert [row["reason"] for row in found[-len(LIVE) :]] == LIVE
