"""Claims about comparisons: what became of each statement between two moments, why, and how it is taken away."""

import csv
import io
import re
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cmo.comparison_files import dossier_of, flow_of
from cmo.exports.changes import as_csv, as_html, as_markdown
from cmo.figures.flow import Stream, flow
from cmo.figures.svg import svg
from cmo.models import Statement
from cmo.phase_words import Became
from cmo.reading.comparison import Comparison
from cmo.reading.snapshots import find_snapshot
from cmo.reading.theory_at import TheoryAt
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.descending import Piece, merge, refine, replace, split
from cmo.rules.descent import Seen
from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import restore, retire, revise, state
from cmo.rules.undoing import undo
from cmo.templatetags.phases import became, verdict_said
from cmo.weighing import Counted
from tests.evidence_acts import bear_on
from tests.pages import text
from tests.people import actor as actor_of

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
S = "If {} is so, then it follows, because it does."


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def theory(programme, themes, lead):
    """S1 to S14, frozen as "Initial"."""
    for at in range(1, 15):
        state(programme, by=lead, words=Words(wording=S.format(at)), themes=[themes["O4"]])
    retire(at_now(programme, 14), by=lead, base=1)
    return take_snapshot(programme, by=lead, name="Initial")


def at_now(programme, number):
    return Statement.objects.select_related("programme").get(programme=programme, number=number)


def seen(programme, number):
    now = at_now(programme, number)
    return Seen(now, now.revision_number)


def words(text):
    return Words(wording=S.format(text))


def compared(programme, old="initial", new=None):
    later = find_snapshot(programme, new) if new else None
    return Comparison(TheoryAt(programme, find_snapshot(programme, old)), TheoryAt(programme, later))


def told(found):
    """{kind: [labels of each row]}"""
    rows: dict[str, list[str]] = {}
    for row in found.statements.rows:
        before, after = (",".join(side.label for side in sides) for sides in (row.before, row.after))
        rows.setdefault(row.kind.value, []).append(f"{before}>{after}")
    return rows


@pytest.fixture
def changed(programme, theory, themes, lead):
    """Everything that may become of a statement."""
    say = {"by": lead, "reason": "LA2 taught us."}
    revise(at_now(programme, 2), base=1, words=words("2, said better,"), **say)
    revise(at_now(programme, 3), base=1, words=words("3, another claim,"), change="refined", **say)
    revise(at_now(programme, 4), base=1, themes=[themes["P6"]], **say)
    revise(at_now(programme, 5), base=1, area=add_area(programme, by=lead, title="Trust"), **say)
    merge(programme, ancestors=[seen(programme, 6), seen(programme, 7)], content=Piece(words("all of it")), **say)
    split(seen(programme, 8), pieces=[Piece(words("one")), Piece(words("another"))], **say)
    replace(seen(programme, 9), new=Piece(words("instead")), **say)
    judge(at_now(programme, 10), by=lead, verdict="refuted", rationale="Nobody did.", team=True)
    retire(at_now(programme, 10), base=1, **say)
    retire(at_now(programme, 11), base=1, **say)
    judge(at_now(programme, 12), by=lead, verdict="refuted", rationale="It did not hold.", team=True)
    refine(seen(programme, 13), content=Piece(words("13 in towns")), **say)
    restore(at_now(programme, 14), base=2, **say)
    state(programme, by=lead, words=words("new"), reason="Asked for in LA3.")
    return programme


def test_each_statement_has_one_row_that_says_what_became_of_it(changed):
    found = compared(changed)
    assert told(found) == {
        "unchanged": ["S1>S1", "S13>S13"], "reworded": ["S2>S2"], "refined": ["S3>S3", "S13>S19"],
        "retagged": ["S4>S4"], "moved": ["S5>S5"], "merged": ["S6,S7>S15"], "split": ["S8>S16,S17"],
        "replaced": ["S9>S18"], "refuted": ["S10>", "S12>S12"], "retired": ["S11>"], "restored": [">S14"],
        "new": [">S20"],
    }  # fmt: skip
    assert found.statements.counts == {kind.value: len(told(found).get(kind.value, [])) for kind in Became}
    assert (found.statements.before, found.statements.after) == (13, 14)


def test_what_was_refined_from_a_statement_that_stayed_branches_off_it(programme, theory, lead, cast, as_, api):
    say = {"by": lead, "reason": "LA2 taught us."}
    revise(at_now(programme, 2), base=1, words=words("2, another claim,"), change="refined", **say)
    refine(seen(programme, 2), content=Piece(words("2 in towns")), **say)
    finer = refine(seen(programme, 2), content=Piece(words("2 in valleys")), **say).younger[0]
    refine(Seen(finer, 1), content=Piece(words("2 in steep valleys")), **say)
    judge(at_now(programme, 2), by=lead, verdict="refuted", rationale="Nobody did.", team=True)
    found = compared(programme)
    rows = [(row.kind.value, [side.label for side in row.before], [side.label for side in row.after], row.shared)
            for row in found.statements.rows if "S2" in row.labels or row.kind == "refined"]  # fmt: skip
    assert rows == [
        ("refuted", ["S2"], ["S2"], False), ("refined", ["S2"], ["S15"], True), ("refined", ["S2"], ["S16"], True),
        ("refined", [], ["S17"], False),
    ]  # fmt: skip
    drawn = svg(flow_of(found))
    assert (drawn.count(">S2</text>"), drawn.count(">S15</text>"), drawn.count(">S16</text>")) == (2, 1, 1)
    assert "<title>Refuted: S2; Refined: S2 became S15; Refined: S2 became S16</title>" in drawn
    assert "Refined: S2 became S15; S2 became S16; S17." in drawn
    page = as_(cast.viewer).get(f"/p/{programme.slug}/phases?from=initial&to=working").content.decode()
    assert page.count("S2 has a row of its own as well") == 2
    told = api(cast.viewer).get(f"/api/v1/programmes/{programme.slug}/snapshots/initial/compare/working/").json()
    assert [row["shared"] for row in told["rows"] if row["before"] and row["before"][0]["label"] == "S2"] == [
        False, True, True,
    ]  # fmt: skip


def test_a_row_says_why_with_its_difference_verdict_and_evidence(changed, cast):
    bear_on(at_now(changed, 3), actor_of(cast.editor))
    rows = {(row.labels[0], row.labels[-1]): row.as_json() for row in compared(changed).statements.rows}
    refined = rows["S3", "S3"]
    assert "".join(part["old"] for part in refined["diff"]) == S.format(3)
    assert "".join(part["new"] for part in refined["diff"]) == S.format("3, another claim,")
    assert (refined["reason"], refined["verdict"]) == ("LA2 taught us.", None)
    assert refined["evidence"] == Counted(1, 1, {"supports": 1}).as_json()
    merged = rows["S6", "S15"]
    assert ([side["label"] for side in merged["before"]], merged["diff"]) == (["S6", "S7"], [])
    assert merged["reason"] == "LA2 taught us."
    refuted = rows["S12", "S12"]
    assert (refuted["verdict"], refuted["rationale"], refuted["phase"]) == (
        "refuted", "It did not hold.", "gleaning",
    )  # fmt: skip
    assert rows["S20", "S20"]["reason"] == "Asked for in LA3."


def test_two_snapshots_are_compared_from_the_earlier_whichever_is_named_first(changed, lead, cast, api):
    take_snapshot(changed, by=lead, name="Refined")
    revise(at_now(changed, 1), by=lead, base=1, words=words("1 since"), reason="Later.")
    here = f"/api/v1/programmes/{changed.slug}/snapshots"
    script = api(cast.viewer)
    ways = (("initial", "refined"), ("refined", "initial"))
    there, back = (script.get(f"{here}/{old}/compare/{new}/").json() for old, new in ways)
    assert there == back
    assert (there["from"], there["to"], there["counts"]["unchanged"]) == ("initial", "refined", 2)
    assert set(there) == {"from", "to", "counts", "before", "after", "rows", "configurations"}
    now = script.get(f"{here}/refined/compare/working/").json()
    assert {kind: n for kind, n in now["counts"].items() if n} == {"reworded": 1, "unchanged": 13}
    same = script.get(f"{here}/refined/compare/refined/").json()
    assert {kind: n for kind, n in same["counts"].items() if n} == {"unchanged": 14}
    assert script.get(f"{here}/refined/compare/nowhere/").status_code == 404


def test_what_was_undone_joins_nothing(programme, theory, lead):
    made = merge(programme, by=lead, ancestors=[seen(programme, 6), seen(programme, 7)], reason="One claim.",
                 content=Piece(words("all of it")))  # fmt: skip
    undo(made.act, by=lead, reason="No.")
    assert set(told(compared(programme))) == {"unchanged"}


@pytest.fixture
def undone(programme, theory, lead):
    """S6 and S7 merged, S8 merged into S9, both undone, then each said anew."""
    say = {"by": lead, "reason": "One claim.", "content": Piece(words("all of it"))}
    made = merge(programme, ancestors=[seen(programme, 6), seen(programme, 7)], **say)
    into = merge(programme, ancestors=[seen(programme, 8)], into=seen(programme, 9), **say)
    take_snapshot(programme, by=lead, name="Merged")
    undo(into.act, by=lead, reason="Two after all.")
    undo(made.act, by=lead, reason="Two after all.")
    for number in (6, 8, 9):
        now = at_now(programme, number)
        revise(now, by=lead, base=now.revision_number, words=words(f"{number}, better,"), reason="Clearer.")
    return programme


def test_what_was_undone_argues_nowhere(undone, cast, api, as_):
    found = compared(undone)
    rows = {row.labels[0]: (row.kind.value, row.reason) for row in found.statements.rows}
    assert {rows[label] for label in ("S6", "S8", "S9")} == {("reworded", "Clearer.")}
    assert (rows["S7"], "S15" in rows) == (("unchanged", ""), False)
    dossier = dossier_of(found)
    told = [write(dossier).decode() for write in (as_csv, as_markdown, as_html)]
    script = api(cast.viewer)
    told.append(script.get(f"/api/v1/programmes/{undone.slug}/snapshots/initial/compare/working/").content.decode())
    told.append(as_(cast.viewer).get(f"/p/{undone.slug}/phases?from=initial&to=working").content.decode())
    for said in told:
        assert "Clearer." in said
        assert not any(word in said for word in ("One claim.", "Two after all."))


def test_an_act_that_is_undone_outside_of_what_is_compared_is_told(undone):
    rows = {row.labels[0]: row for row in compared(undone, "initial", "merged").statements.rows}
    assert [(rows[label].kind.value, rows[label].reason) for label in ("S6", "S8")] == [("merged", "One claim.")] * 2
    since = {row.labels[0]: (row.kind.value, row.reason) for row in compared(undone, "merged").statements.rows}
    assert since["S7"] == ("restored", "Two after all.")
    assert since["S15"] == ("retired", "Two after all.")
    assert since["S9"] == ("reworded", "Two after all.\nClearer.")


def test_acts_one_after_the_other_are_one_row(programme, theory, lead):
    say = {"by": lead, "reason": "Still one claim."}
    merge(programme, ancestors=[seen(programme, 1), seen(programme, 2)], content=Piece(words("both")), **say)
    merge(programme, ancestors=[seen(programme, 15), seen(programme, 3)], content=Piece(words("all three")), **say)
    assert told(compared(programme))["merged"] == ["S1,S2,S3>S16"]
    merge(programme, ancestors=[seen(programme, 4)], into=seen(programme, 5), content=Piece(words("five")), **say)
    assert told(compared(programme))["merged"] == ["S1,S2,S3>S16", "S4,S5>S5"]


def test_a_configuration_has_its_row_with_all_that_it_says(programme, lead):
    one = configure(programme, by=lead, words={"nickname": "Doors", "plain": "Doors let people in."})
    configure(programme, by=lead, words={"nickname": "Gates"})
    take_snapshot(programme, by=lead, name="Initial")
    revise_configuration(one, by=lead, base=1, words={"plain": "Open doors let people in."}, reason="Only open ones.")
    rows = compared(programme).configurations.rows
    assert [(row.kind.value, row.labels, row.reason) for row in rows] == [
        ("reworded", ["CMO1", "CMO1"], "Only open ones."), ("unchanged", ["CMO2", "CMO2"], ""),
    ]  # fmt: skip
    assert "".join(change.new for change in rows[0].diff) == "Doors\nOpen doors let people in."


# ---- files and figure


def test_the_table_is_taken_away_as_csv_markdown_and_html(changed):
    dossier = dossier_of(compared(changed))
    rows = list(csv.DictReader(io.StringIO(as_csv(dossier).decode("utf-8-sig"))))
    assert len(rows) == 15
    merged = next(row for row in rows if row["change"] == "merged")
    assert (merged["before"], merged["after"], merged["reason"]) == ("S6; S7", "S15", "LA2 taught us.")
    markdown = as_markdown(dossier).decode()
    assert "| Refined | **S3** " in markdown
    assert "<ins>, another claim,</ins>" in markdown
    page = as_html(dossier).decode()
    assert page.startswith("<!doctype html>")
    assert "<ins>, another claim,</ins>" in page


def test_a_row_that_compares_no_two_themes_lists_those_of_each_record(programme, theory, themes, lead, as_, cast):
    revise(at_now(programme, 6), base=1, themes=[themes["P6"], themes["O4"]], by=lead, reason="Asked for.")
    content = Piece(words("all of it"), [themes["O4"]])
    merge(programme, ancestors=[seen(programme, 6), seen(programme, 7)], content=content, by=lead, reason="One claim.")
    take_snapshot(programme, by=lead, name="Later", slug="later")
    pieces = [Piece(words("one"), [themes["P6"]]), Piece(words("two"), [])]
    split(seen(programme, 15), pieces=pieces, by=lead, reason="Two.")
    rows = {row.kind: row for row in dossier_of(compared(programme, "later")).statements}
    assert (rows["split"].themes_before, rows["split"].themes_after[0]) == ([("S15", ["O4"])], ("S16", ["P6"]))
    for write, line in ((as_markdown, "<br>Themes: {}"), (as_html, "<p>Themes: {}</p>")):
        told = write(dossier_of(compared(programme, "later"))).decode()
        assert [told.count(line.format(code)) for code in ("O4", "P6")] == [1, 1]
    page = as_(cast.viewer).get(f"/p/{programme.slug}/phases?from=later&to=working").content.decode()
    assert [page.count(f'<p class="s mt-s">Themes: {code}</p>') for code in ("O4", "P6")] == [1, 1]


def test_markdown_has_the_same_two_names_everywhere(changed, cast, api):
    script, here = api(cast.viewer), f"/api/v1/programmes/{changed.slug}/snapshots/initial/compare/working/"
    short, long = (script.get(f"{here}?as={word}") for word in ("md", "markdown"))
    assert (short.status_code, short.content) == (200, long.content)
    assert short["Content-Disposition"] == long["Content-Disposition"]
    assert "json, csv, md, html, svg" in script.get(f"{here}?as=docx").json()["detail"]


def test_nothing_that_was_typed_is_taken_for_a_mark(programme, lead):
    state(programme, by=lead, words=Words(wording="=1+1 <script>alert(1)</script> | *bold*"))
    take_snapshot(programme, by=lead, name="Initial <script>alert(2)</script>", slug="initial")
    dossier = dossier_of(compared(programme))
    assert "<script" not in as_html(dossier).decode()
    assert "\\<script\\>" in as_markdown(dossier).decode()
    assert "\\| \\*bold\\*" in as_markdown(dossier).decode()
    [row] = csv.DictReader(io.StringIO(as_csv(dossier).decode("utf-8-sig")))
    assert row["before_wording"].startswith("'=1+1")


def test_the_flow_is_the_same_bytes_for_the_same_theories(changed):
    figure = svg(flow_of(compared(changed)))
    assert figure == svg(flow_of(compared(changed)))
    assert "Merged: S6, S7 became S15." in figure
    assert '<title id="t">From Initial' in figure


def test_the_flow_is_the_one_that_was_looked_at():
    rows = [
        Stream(Became.UNCHANGED, ("S1",), ("S1",)), Stream(Became.REFINED, ("S2",), ("S2",)),
        Stream(Became.MERGED, ("S3", "S4"), ("S13",)), Stream(Became.SPLIT, ("S5",), ("S14", "S15")),
        Stream(Became.REFUTED, ("S6",), ()), Stream(Became.NEW, (), ("S16",)),
    ]  # fmt: skip
    made = svg(flow(rows, old="Initial, 31 August 2021", new="Working theory", title="What became of each statement"))
    assert made == (GOLDEN / "flow.svg").read_text()


def test_the_flow_is_xml_with_title_and_description_and_holds_every_statement_of_both(changed):
    found = compared(changed)
    tree = ElementTree.fromstring(svg(flow_of(found)))
    names = "{http://www.w3.org/2000/svg}"
    assert [tree.find(f"{names}{name}").get("id") for name in ("title", "desc")] == tree.get("aria-labelledby").split()
    assert tree.find(f"{names}title").text.startswith("From Initial")
    about = tree.find(f"{names}desc").text
    drawn = [one.text for one in tree.iter(f"{names}text")]
    rows = found.statements.rows
    for side in (*chain(*(row.before for row in rows)), *chain(*(row.after for row in rows))):
        assert side.label in drawn
        assert side.label in re.findall(r"S\d+", about)
    boxes = [one for one in tree.iter(f"{names}text") if re.fullmatch(r"S\d+", one.text)]
    left, right = ([one.text for one in boxes if (float(one.get("x")) < 380) is there] for there in (True, False))
    assert (len(left), len(right)) == (found.statements.before, found.statements.after) == (13, 14)
    assert (set(left), set(right)) == (
        {side.label for row in rows for side in row.before}, {side.label for row in rows for side in row.after},
    )  # fmt: skip


def test_a_large_theory_is_drawn_without_what_stayed():
    rows = [Stream(Became.UNCHANGED, (f"S{at}",), (f"S{at}",)) for at in range(1, 1000)]
    made = svg(flow([*rows, Stream(Became.NEW, (), ("S1000",))], old="A", new="B", title="T"))
    assert "999 more are not drawn." in made
    assert ">S1000<" in made


# ---- the page


def test_the_page_shows_the_row_with_its_difference(changed, cast, as_):
    answer = as_(cast.viewer).get(f"/p/{changed.slug}/phases?from=initial&to=working")
    shown = text(answer)
    assert "13 statements became 14" in shown
    body = answer.content.decode()
    assert "<ins>, another claim,</ins>" in body
    assert 'href="/p/cse-test/s/15">S15</a>' in body
    assert "Take the snapshot" not in shown  # a lead's alone
    assert "Take the snapshot" in text(as_(cast.lead).get(f"/p/{changed.slug}/phases"))
    assert as_(cast.viewer).get(f"/p/{changed.slug}/phases?from=nowhere").status_code == 404


def test_wordings_stand_side_by_side_phase_by_phase(changed, lead, cast, as_, contexts):
    browser = as_(cast.lead)
    sent = {"reason": "Done.", "base": "2", "name": "", "description": "What came out of it."}
    assert browser.post(f"/p/{changed.slug}/settings/phases/gleaning/close", sent).status_code == 302
    revise(at_now(changed, 1), by=lead, base=1, words=words("1 since"), reason="Later.")
    shown = browser.get(f"/p/{changed.slug}/phases").context["wordings"]
    assert shown["columns"] == [("Gleaning", "initial-programme-theory"), ("Now", "working")]
    row = next(row for row in shown["rows"] if row["label"] == "S1")
    assert (row["cells"], row["moved"]) == ([S.format(1), S.format("1 since")], True)


@pytest.mark.parametrize("word", ["refuted", "refined", "new"])
def test_what_a_phase_found_and_what_became_of_a_record_have_one_sign(word):
    path = re.compile(r'<path d="([^"]+)"/>')
    assert path.findall(verdict_said(word)) == path.findall(became(Became(word)))
