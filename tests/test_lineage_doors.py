"""Claims about lineage at both doors: they leave the same behind, refuse alike, and ask as often for any size."""

import html
import re
from typing import Any

import pytest
from django.db import transaction

from cmo.models import Descent, DescentLine, Statement
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, refine
from cmo.rules.descent import Seen
from cmo.rules.stating import revise
from programmes.models import Programme
from programmes.rules.founding import describe
from tests.conftest import actor
from tests.factories import many_statements
from tests.test_doors_agree import Act, by_api, by_page, left_behind
from tests.test_query_counts import SIZES, A, P, asked

SEEN = [{"record": "S1", "base": 2}, {"record": "S2", "base": 1}]
ACTS = {
    "merge into a new one": Act(
        "statements-merge", "statements-merge",
        {"pick": ["1:2", "2:1"], "wording": "Both.", "theme": "O4", "area": "~", "reason": "R"},
        {"ancestors": SEEN, "wording": "Both.", "reason": "R"},
    ),
    "merge into one that is there": Act(
        "statements-merge", "statements-merge",
        {"pick": ["1:2", "2:1"], "into": "S2", "wording": "", "theme": "O4", "area": "~"},
        {"ancestors": SEEN[:1], "into": SEEN[1]},
    ),
    "split": Act(
        "statement-split", "statement-split",
        {"p1-wording": "One.", "p1-theme": "O4", "p1-area": "~", "p2-wording": "Two.", "p2-area": "", "p3-wording": ""},
        {"pieces": [{"wording": "One."}, {"wording": "Two.", "themes": [], "area": None}]}, at=1, base=2,
    ),
    "replace": Act("statement-replace", "statement-replace", {"with": "S2"}, {"with": "S2"}, at=1, base=2),
    "refine": Act("statement-refine", "statement-refine", {"wording": "Finer.", "theme": "O4", "area": "~"},
                  {"wording": "Finer."}, at=1, base=2),
}  # fmt: skip


def joined(w: Any) -> list[Any]:
    lines = DescentLine.objects.filter(act__programme=w.own).order_by("pk")
    return list(lines.values_list("act__number", "act__kind", "act__reason", "older__number", "older_revision",
                                  "younger__number", "younger_revision", "made"))  # fmt: skip


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_leave_the_same_behind(act, world):
    world.known = list(world.themes.values())
    was, left = left_behind(world), []
    for door, ok in ((by_page, 302), (by_api, 201)):
        with transaction.atomic():
            answer = door(world, act)
            assert answer.status_code == ok, answer.content.decode()[:3000]
            left.append((left_behind(world), joined(world)))
            transaction.set_rollback(True)
    assert left[0] == left[1]
    assert left[0][0] != was


def test_both_doors_refuse_in_the_same_words(world):
    said = "S3 is retired; restore it first."
    act = Act("statements-merge", "statements-merge", {"pick": ["1:2", "3:2"], "wording": "x"},
              {"ancestors": [SEEN[0], {"record": "S3", "base": 2}], "wording": "x"})  # fmt: skip
    page, api = by_page(world, act), by_api(world, act)
    assert (page.status_code, api.status_code) == (422, 400)
    assert api.json()["errors"] == {"ancestors": [said]}
    assert said in html.unescape(page.content.decode())
    late = Act("statements-merge", "statements-merge", {"pick": ["1:1", "2:1"], "wording": "x"},
               {"ancestors": [{"record": "S1", "base": 1}, SEEN[1]], "wording": "x"})  # fmt: skip
    page, api = by_page(world, late), by_api(world, late)
    assert (page.status_code, api.status_code) == (409, 412)
    assert (api.json()["current"]["label"], api.json()["current"]["revision"]) == ("S1", 2)
    assert Descent.objects.count() == 0


def test_a_merge_is_told_both_ways_and_undone_over_the_api(programme, cast, statement, api):
    statement(wording="One."), statement(wording="Two.")
    script = api(cast.editor)
    seen = [{"record": label, "base": 1} for label in ("S1", "S2")]
    made = script.post(f"{A}/statements/merge/", {"ancestors": seen, "wording": "Both."}, format="json")
    assert (made.status_code, [one["label"] for one in made.json()["younger"]]) == (201, ["S3"])
    kin = {"ancestors": [{"label": "S1", "kind": "merged"}, {"label": "S2", "kind": "merged"}], "descendants": []}
    assert script.get(f"{A}/statements/3/").json()["lineage"] == kin
    assert [row["lineage"] for row in script.get(f"{A}/statements/").json()["results"]] == [kin]
    down = {"ancestors": [], "descendants": [{"label": "S3", "kind": "merged"}]}
    assert script.get(f"{A}/statements/1/").json()["lineage"] == down
    assert [one["label"] for one in script.get(f"{A}/statements/3/lineage/").json()["ancestors"]] == ["S1", "S2"]
    told = script.get(f"{A}/lineage/?page_size=2").json()
    assert (told["count"], [one["what"] for one in told["results"]]) == (3, ["merged", "born"])
    assert [one["record"] for one in script.get(told["next"]).json()["results"]] == ["S1"]
    undone = script.post(f"{A}/lineage/1/undo/", {}, format="json")
    assert (undone.status_code, undone.json()["undone_by"]) == (200, cast.editor.username)
    assert script.get(f"{A}/statements/1/").json()["lineage"] == {"ancestors": [], "descendants": []}


def test_pages_say_what_became_of_a_statement_and_of_what_it_came(programme, cast, statement, as_):
    statement(wording="One."), statement(wording="Two.")
    lead = as_(cast.lead)
    lead.post(f"{P}/theory/merge", {"pick": ["1:1", "2:1"], "wording": "Both.", "area": "~"})
    for number in (1, 2, 3):
        page = lead.get(f"{P}/s/{number}").content.decode()
        links = [f'<a href="{P}/s/{other}">S{other}</a>' for other in (3, 1, 2)]
        assert f"{links[0]} was merged from {links[1]} and {links[2]}." in page
    assert lead.post(f"{P}/lineage/1/undo", {}).status_code == 302
    assert "Undone by" in lead.get(f"{P}/s/1").content.decode()


@pytest.mark.parametrize("of", ["statements", "configurations"])
def test_where_agreed_is_by_review_no_undo_makes_an_agreed_record(of, programme, cast, statement, as_, api):
    script, lead = api(cast.lead), as_(cast.lead)
    if of == "statements":
        statement(wording="One.", state="agreed")
        pieces = [{"wording": "This."}, {"wording": "That."}]
    else:
        configure(programme, by=actor(cast.lead), words={"nickname": "One"}, state="agreed")
        pieces = [{"nickname": "This"}, {"nickname": "That"}]
    parted = script.post(f"{A}/{of}/1/split/", {"pieces": pieces}, format="json", HTTP_IF_MATCH='"1"')
    assert parted.status_code == 201, parted.content
    describe(Programme.objects.get(pk=programme.pk), by=actor(cast.lead), base=1, agreement="reviewed")
    said = "In this programme a record becomes agreed by review; save it as a draft and propose it."
    refused = script.post(f"{A}/lineage/1/undo/", {}, format="json")
    assert (refused.status_code, refused.json()["detail"]) == (403, said)
    page = lead.post(f"{P}/lineage/1/undo", {"reason": "We were too quick."})
    assert page.status_code == 403
    assert "We were too quick." in page.content.decode()
    assert said in html.unescape(page.content.decode())
    assert script.get(f"{A}/{of}/1/").json()["state"] == "retired"
    assert Descent.objects.get().undone is None
    describe(Programme.objects.get(pk=programme.pk), by=actor(cast.lead), base=2, agreement="direct")
    assert lead.post(f"{P}/lineage/1/undo", {}).status_code == 302
    assert script.get(f"{A}/{of}/1/").json()["state"] == "agreed"


@pytest.fixture(params=SIZES)
def descended(request: Any, programme: Any, cast: Any) -> int:
    """So many statements, of which up to 30 were refined from S1."""
    n: int = request.param
    by = actor(cast.editor)
    first = many_statements(programme, cast.editor, n)[0]
    for at in range(min(n, 30)):
        refine(Seen(first, first.revision_number), by=by, content=Piece(Words(wording=f"Finer {at}.")))
    return n


def test_lineage_asks_as_often_for_any_size(descended, cast, as_, api):
    lists = {f"{A}/lineage/": 18, f"{A}/lineage/1/": 2, f"{A}/statements/1/lineage/": 5, f"{A}/statements/1/": 3}
    script = api(cast.lead)
    script.get("/api/v1/programmes/")
    assert asked(script, lists) == lists
    pages = {f"{P}/lineage": 14, f"{P}/s/1/refine": 12, f"{P}/theory/merge?which=S1": 12}
    assert asked(as_(cast.lead), pages) == pages


def test_an_undoing_that_is_refused_gives_back_the_reason(programme, cast, statement, as_):
    statement(wording="One."), statement(wording="Two.")
    lead = as_(cast.lead)
    lead.post(f"{P}/theory/merge", {"pick": ["1:1", "2:1"], "wording": "Both.", "area": "~"})
    revise(Statement.objects.get(number=3), by=actor(cast.lead), base=1, words=Words(wording="Both, and more."))
    refused = lead.post(f"{P}/lineage/1/undo", {"reason": "We were too “quick”."})
    page = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert page.count('value="We were too “quick”."') == 1
    assert "details" in page.partition('value="We were too')[0][-1500:]
    assert lead.post(f"{P}/lineage/1/undo", {"reason": "x" * 20_001}).status_code == 422


def test_adding_one_more_to_a_merge_keeps_what_was_written(programme, themes, cast, statement, as_):
    for words, codes in (("One.", ["O4", "P6"]), ("Two.", []), ("Three.", ["O1.1"])):
        statement(wording=words, themes=codes)
    lead = as_(cast.lead)
    typed = {
        "pick": ["1:1", "2:1"], "wording": "Both, as “we” say.", "theme": ["O4"], "area": "", "into": "S2",
        "reason": "One claim.", "title": "Both in one", "step": "choose",
    }  # fmt: skip
    for which, code in (("S99", 422), ("S3", 200)):
        answer = lead.post(f"{P}/theory/merge", {**typed, "which": which})
        page = html.unescape(answer.content.decode())
        assert answer.status_code == code
        refused = code == 422
        assert ("There is no statement S99" in page, f'name="which" value="{which}"' in page) == (refused, refused)
        assert page.count('name="pick"') == (2 if refused else 3)
        for said in (">Both, as “we” say.</textarea>", ">One claim.</textarea>", 'value="Both in one"'):
            assert said in page.replace("\n", ""), (which, said)
        ticked = re.findall(r'name="(?:theme|into)"[^>]*value="([^"]*)"[^>]*checked', page)
        assert sorted(ticked) == (["O4", "S2"] if refused else ["O1.1", "O4", "S2"])
    fresh = lead.post(f"{P}/theory/merge", {**typed, "wording": "One.\n\nTwo.", "which": "S3"}).content.decode()
    assert "One.\n\nTwo.\n\nThree.</textarea>" in fresh
