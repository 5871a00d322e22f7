"""Claims about the evidence of what was merged, split or replaced: it stays with the ancestors, every page says the
same of it, and nothing of it is counted twice."""

import csv
import io

import pytest

from cmo.comparison_files import dossier_of
from cmo.exports.changes import as_csv
from cmo.models import Statement
from cmo.reading.comparison import Comparison
from cmo.reading.inherited import ancestors_heard
from cmo.reading.snapshots import find_snapshot
from cmo.reading.theory_at import TheoryAt
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge, refine
from cmo.rules.descent import Seen
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.undoing import undo
from tests.evidence_factories import a_bearing
from tests.weighed_factories import many_bearings

P, A = "/p/cse-test", "/api/v1/programmes/cse-test"
STAYS = "What was linked to those that it came from stays with them:"


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def merged(programme, statement, cast, lead):
    """S1 and S2 merged into S3, of which S4 was refined; three excerpts bear on S1, one of them on S2 as well."""
    first, second = statement("If told by email, then few know."), statement("If told late, then few come.")
    for one in (first, second):
        one.programme = programme
    shared = many_bearings(first, cast.editor, 3)[0].excerpt
    a_bearing(shared, cast.editor, second, 9, stance="challenges")
    take_snapshot(programme, by=lead, name="Initial")
    act = merge(programme, by=lead, ancestors=[Seen(first, 1), Seen(second, 1)], reason="One claim.",
                content=Piece(Words(wording="If told badly, then few come.")))  # fmt: skip
    made = Statement.objects.select_related("programme").get(programme=programme, number=3)
    refine(Seen(made, 1), by=lead, reason="In towns.", content=Piece(Words(wording="If told badly in town, then so.")))
    return act


def test_the_evidence_of_ancestors_is_found_however_far_up(merged, programme, lead):
    found = ancestors_heard(programme, Statement, [1, 3, 4])
    assert {number: [(one.label, one.counted.excerpts) for one in above] for number, above in found.items()} == {
        3: [("S1", 3), ("S2", 1)], 4: [("S1", 3), ("S2", 1)],
    }  # fmt: skip


def test_what_is_undone_has_its_own_again(programme, statement, cast, lead):
    first, second = statement("If told by email, then few know."), statement("If told late, then few come.")
    many_bearings(first, cast.editor, 1)
    made = merge(programme, by=lead, ancestors=[Seen(first, 1), Seen(second, 1)],
                 content=Piece(Words(wording="If told badly, then few come.")))  # fmt: skip
    assert set(ancestors_heard(programme, Statement, [3])) == {3}
    undo(made.act, by=lead, reason="No.")
    assert ancestors_heard(programme, Statement, [3]) == {}


def test_pages_tell_one_story_of_what_was_merged(merged, cast, as_):
    browser = as_(cast.viewer)
    s1 = f'<a href="{P}/s/1#evidence">S1</a> (3 excerpts from 3 sources)'
    s2 = f'<a href="{P}/s/2#evidence">S2</a> (1 excerpt from 1 source)'
    for path in ("s/3", "s/3/why", "evidence/maps"):
        page = browser.get(f"{P}/{path}").content.decode()
        assert f"{STAYS} {s1}, {s2}." in page, path
    assert "No excerpt is linked to it itself yet." in browser.get(f"{P}/s/3").content.decode()
    lacks = browser.get(f"{P}/evidence/maps").content.decode()
    assert ("No excerpts of its own." in lacks, "No excerpts at all." in lacks) == (True, False)
    later = browser.get(f"{P}/s/4").content.decode()
    assert f'<a href="{P}/s/3#evidence">S3</a>, {s1}, {s2}.' in later


def test_a_comparison_says_whose_evidence_it_counts(merged, programme, cast, as_, api):
    found = Comparison(TheoryAt(programme, find_snapshot(programme, "initial")), TheoryAt(programme, None))
    said = ["Evidence on S1. Supports: 1 excerpt of 1 source; Challenges: 1 excerpt of 1 source; Nuances: 1 excerpt of"
            " 1 source", "Evidence on S2. Challenges: 1 excerpt of 1 source"]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(as_csv(dossier_of(found)).decode("utf-8-sig"))))
    assert [row["evidence"] for row in rows] == ["\n".join(said), ""]
    page = as_(cast.viewer).get(f"{P}/phases?from=initial&to=working").content.decode()
    assert [f'/s/{n}/why">{words}</a>' in page for n, words in enumerate(said, start=1)] == [True, True]
    row = api(cast.viewer).get(f"{A}/snapshots/initial/compare/working/").json()["rows"][0]
    assert [(one["on"], one["excerpts"]) for one in row["evidence_on"]] == [("S1", 3), ("S2", 1)]


def test_scripts_hear_where_the_evidence_is(merged, cast, api):
    none = api(cast.viewer).get(f"{A}/evidence/lacking/").json()["none"]
    assert [(one["statement"], one["ancestors"]) for one in none] == [("S3", ["S1", "S2"]), ("S4", ["S1", "S2"])]


def test_the_label_of_a_bearing_stands_on_its_card(merged, cast, as_):
    for path in ("s/1", "s/1/why"):
        page = as_(cast.viewer).get(f"{P}/{path}").content.decode()
        assert [page.count(f'<a class="quiet" href="{P}/b/{n}">B{n}</a>') for n in (1, 2, 3)] == [1, 1, 1], path


def test_why_on_paper_names_the_programme_and_the_moment(merged, programme, cast, as_):
    browser = as_(cast.viewer)
    now = browser.get(f"{P}/s/1/why").content.decode()
    assert f'<p class="why__of">{programme.title}. The working theory as it stands on ' in now
    then = browser.get(f"{P}/s/1/why?snapshot=initial").content.decode()
    assert f'<p class="why__of">{programme.title}</p>' in then
    assert "<b>Initial, as it stood on " in then
