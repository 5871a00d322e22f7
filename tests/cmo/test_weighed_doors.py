"""Claims about weighed evidence at both doors: what holds is confirmed, lists filter by evidence and cost the same for
any amount of it."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmo.models import Bearing, Statement
from cmo.rules.answering import Answer, keep_answers
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from programmes.rules.sourcing import add_source
from tests.conftest import UNCOUNTED, actor
from tests.evidence_factories import interviewed
from tests.weighed_factories import many_bearings, some_sites

P = "/p/cse-test"
A = "/api/v1/programmes/cse-test"
MARKER = "xylograph"


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def claim(statement):
    return statement("If told by email, then few know, because nobody has time.")


@pytest.fixture
def source(programme, by):
    return interviewed(programme, by)



@pytest.mark.parametrize("path", ["statements/1/grounds/", "statements/1/why/", "configurations/1/grounds/"])
def test_a_tag_names_the_size_below_which_a_group_counts_as_small(claim, source, by, cast, api, path):
    configure(source.programme, by=by, elements=[Placed("context", text="time is short")])
    keep_answers(source.programme, by=by, source=source, answers=[Answer(claim, 1, "So it is.", "supports")])
    script = api(cast.lead)
    before = script.get(f"{A}/{path}")
    describe(source.programme, by=replace(by, person=cast.lead), base=1, small_group=0)
    after = script.get(f"{A}/{path}", HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    if path.startswith("statements"):
        told = [(one.json().get("evidence") or one.json())["sites"][0]["small"] for one in (before, after)]
        assert told == [True, False]


# ---------------------------------------------------------------- confirming again


@pytest.fixture
def moved(claim, source, by):
    """B1 was judged against S1 as it read at first; now it reads otherwise."""
    keep_answers(source.programme, by=by, source=source, answers=[Answer(claim, 1, "So it is.", "supports")])
    return revise(claim, by=by, base=1, words=Words(wording="If told by letter, then few know, because no time."))


def test_what_still_holds_is_confirmed_on_the_page_of_its_claim(moved, cast, as_):
    browser = as_(cast.editor)
    page = browser.get(f"{P}/s/1").content.decode()
    assert "Wording changed since" in page
    assert "<del>email</del>" in page
    answer = browser.post(f"{P}/b/1/confirm-again", {"base": 1, "seen": 2, "nonce": "n1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{P}/s/1#b1")
    assert "Wording changed since" not in browser.get(f"{P}/s/1").content.decode()
    assert Bearing.objects.get().made_against == 2


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"base": 1, "seen": 1}, 422, "S1 was changed meanwhile"),
        ({"base": 7, "seen": 2}, 409, "B1 was saved meanwhile"),
        ({}, 422, "it does not say which revision you saw"),
    ],
)
def test_a_claim_that_moves_on_is_not_confirmed_unread(moved, cast, as_, given, status, told):
    answer = as_(cast.editor).post(f"{P}/b/1/confirm-again", given)
    assert answer.status_code == status
    assert told in answer.content.decode()
    assert Bearing.objects.get().made_against == 1


def test_readers_see_that_the_words_changed_and_no_button(moved, cast, as_):
    page = as_(cast.viewer).get(f"{P}/s/1").content.decode()
    assert "Wording changed since" in page
    assert "confirm-again" not in page


# ---------------------------------------------------------------- counts, filters, tags


def test_both_doors_filter_by_evidence_alike(programme, statement, cast, api, as_, by):
    bare, borne = statement("If bare, then bare."), statement("If borne, then borne.")
    configure(programme, by=by, elements=[Placed("context", text="A place")])
    whole = configure(programme, by=by, elements=[Placed("context", text="Another")])
    many_bearings(borne, cast.editor, 2)
    many_bearings(whole, cast.editor, 1, start=9)
    script, browser = api(cast.viewer), as_(cast.viewer)
    for value, label in (("yes", borne.label), ("no", bare.label)):
        found = script.get(f"{A}/statements/?has_evidence={value}").json()
        assert [row["label"] for row in found["results"]] == [label]
        assert found["count"] == 1
        page = browser.get(f"{P}/theory?has_evidence={value}").content.decode()
        assert [f'id="s{number}"' in page for number in (1, 2)] == [label == "S1", label == "S2"]
    for value, label in (("yes", "CMO2"), ("no", "CMO1")):
        found = script.get(f"{A}/configurations/?has_evidence={value}").json()
        assert [row["label"] for row in found["results"]] == [label]
        page = browser.get(f"{P}/cmo?has_evidence={value}").content.decode()
        assert f'href="{P}/cmo/{label[3:]}"' in page
    kept = take_snapshot(programme, by=actor(cast.lead), name="Then").slug
    many_bearings(bare, cast.editor, 1, start=20)  # came later
    for value, then in (("yes", (["S2"], ["CMO2"])), ("no", (["S1"], ["CMO1"]))):
        for door, labels in zip(("statements", "configurations"), then, strict=True):
            found = script.get(f"{A}/{door}/?has_evidence={value}&snapshot={kept}").json()
            assert [row["label"] for row in found["results"]] == labels
    for door in ("statements", "configurations"):
        refused = script.get(f"{A}/{door}/?has_evidence=maybe")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["has_evidence"])


def test_a_statement_tells_how_much_evidence_it_has_and_its_tag_moves_with_it(claim, source, by, cast, api):
    script = api(cast.viewer)
    before = script.get(f"{A}/statements/1/")
    assert before.json()["evidence"]["weight"] == "none"
    keep_answers(source.programme, by=by, source=source, answers=[Answer(claim, 1, "So it is.", "supports")])
    after = script.get(f"{A}/statements/1/", HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert after.json()["evidence"] == {
        "supports": 1, "challenges": 0, "nuances": 0, "unclear": 0, "excerpts": 1, "sources": 1, "weight": "thin",
    }  # fmt: skip
    assert script.get(f"{A}/statements/").json()["results"][0]["evidence"] == after.json()["evidence"]
    totals = script.get(f"{A}/statements/1/grounds/").json()
    assert (totals["on"], totals["sites"][0]["site"], totals["sites"][0]["small"]) == ("S1", "la1", True)
    assert totals["roles"][0]["role"] == "Social worker"


def test_the_tag_of_a_configuration_moves_with_its_evidence(programme, cast, api, by, source):
    configure(programme, by=by, elements=[Placed("context", text="A place")])
    script = api(cast.viewer)
    before = script.get(f"{A}/configurations/1/")
    assert before.json()["evidence"]["excerpts"] == 0
    add_source(programme, by=by, kind="interview", pseudonym="LA1-SW2")
    assert script.get(f"{A}/configurations/1/", HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 200


def test_a_cell_of_a_heat_map_opens_its_excerpts(programme, claim, cast, as_, themes):
    many_bearings(claim, cast.editor, 3, sites=some_sites(programme, "LA1", "LA2"), theme=themes["O4"])
    browser = as_(cast.viewer)
    page = browser.get(f"{P}/evidence/maps").content.decode()
    cell = f'{P}/evidence/excerpts?theme=O4&amp;site=la1'
    assert cell in page
    found = browser.get(cell.replace("&amp;", "&")).content.decode()
    assert [f'id="x{number}"' in found for number in (1, 2, 3)] == [True, False, True]
    assert f"{P}/evidence/excerpts?on=S1&amp;role=Social+worker" in page
    found = browser.get(f"{P}/evidence/excerpts?on=S1&role=Team+manager").content.decode()
    assert [f'id="x{number}"' in found for number in (1, 2, 3)] == [False, True, False]
    assert "There is no site" in browser.get(f"{P}/evidence/excerpts?site=nowhere").content.decode()


def test_of_what_was_merged_it_says_where_the_evidence_stands(claim, source, cast, as_, actor, statement, programme):
    content = Piece(Words(wording="If both, then one."))
    merge(programme, by=actor(cast.lead), ancestors=[Seen(claim, 1), Seen(statement(), 1)], content=content)
    for path in ("s/3", "s/3/why"):
        page = as_(cast.viewer).get(f"{P}/{path}").content.decode()
        assert "What was linked to those that it came from stays with them:" in page
        assert f'<a href="{P}/s/1#evidence">S1</a>, <a href="{P}/s/2#evidence">S2</a>.' in page


# ---------------------------------------------------------------- members without evidence

SEEN_BY_NOBODY = [
    f"{P}/evidence/maps", f"{P}/evidence/excerpts", f"{P}/evidence/guide", f"{P}/evidence/guide?statements=S1",
    f"{A}/evidence/maps/", f"{A}/evidence/lacking/", f"{A}/statements/1/grounds/", f"{A}/configurations/1/grounds/",
    f"{A}/guide/?statements=S1",
]  # fmt: skip
STILL_SEEN = [
    f"{P}/", f"{P}/s/1", f"{P}/s/1?stance=supports", f"{P}/s/1/why", f"{P}/cmo/1", f"{P}/theory", f"{P}/cmo",
    f"{A}/statements/", f"{A}/statements/1/", f"{A}/statements/1/why/", f"{A}/configurations/",
    f"{A}/configurations/1/",
]  # fmt: skip


@pytest.fixture
def marked(programme, claim, source, by, cast, actor):
    """A passage with a marker on S1 and on CMO1, and a viewer who does not see evidence."""
    made = configure(programme, by=by, elements=[Placed("context", text="A place")], statements=[claim])
    answer = Answer(claim, 1, f"A {MARKER} of theirs.", "supports", note=f"{MARKER} noted", locator=MARKER)
    (bearing,) = keep_answers(programme, by=by, source=source, answers=[answer]).bearings
    link_excerpt(bearing.excerpt, by=by, on=On(made), stance="nuances")
    withhold_evidence(programme, by=actor(cast.lead), username=cast.viewer.username, withheld=True)
    return claim


def test_members_without_evidence_see_the_theory_without_any_of_it(marked, cast, as_, api):
    pages, script, editor, pen = as_(cast.viewer), api(cast.viewer), as_(cast.editor), api(cast.editor)
    for url in SEEN_BY_NOBODY:
        assert (script if url.startswith("/api") else pages).get(url).status_code == 404, url
        assert (pen if url.startswith("/api") else editor).get(url).status_code == 200, url
    for url in STILL_SEEN:
        answer = (script if url.startswith("/api") else pages).get(url)
        assert answer.status_code == 200, url
        assert MARKER not in answer.content.decode(), url
        assert "LA1-SW1" not in answer.content.decode(), url
    for url in (f"{A}/statements/1/", f"{A}/configurations/1/"):
        assert script.get(url).json()["evidence"] is None
    assert script.get(f"{A}/statements/1/why/").json()["evidence"] is None
    for url in (f"{P}/s/1", f"{P}/s/1/why", f"{P}/cmo/1", f"{A}/statements/1/why/"):
        assert MARKER in (pen if url.startswith("/api") else editor).get(url).content.decode(), url


def test_members_without_evidence_learn_nothing_by_filters_and_tags(marked, cast, as_, api, by, source):
    script = api(cast.viewer)
    take_snapshot(source.programme, by=actor(cast.lead), name="Then")
    for door in ("statements", "configurations"):
        for value in ("yes", "no"):
            assert script.get(f"{A}/{door}/?has_evidence={value}").status_code == 400
            assert script.get(f"{A}/{door}/?has_evidence={value}&snapshot=then").status_code == 400
    assert "You read this programme without its evidence" in as_(cast.viewer).get(
        f"{P}/theory?has_evidence=yes"
    ).content.decode()
    before = script.get(f"{A}/statements/1/")
    keep_answers(source.programme, by=by, source=source, answers=[Answer(marked, 1, "More.", "supports")])
    assert script.get(f"{A}/statements/1/", HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 304


def test_members_without_evidence_link_none(marked, cast, actor, as_):
    withhold_evidence(marked.programme, by=actor(cast.lead), username=cast.editor.username, withheld=True)
    answer = as_(cast.editor).post(f"{P}/b/1/confirm-again", {"base": 1, "seen": 1})
    assert answer.status_code == 404


# ---------------------------------------------------------------- what it costs

PAGES = {f"{P}/": 23, f"{P}/s/1": 16, f"{P}/s/1/why": 16, f"{P}/evidence/maps": 14,
         f"{P}/theory?has_evidence=yes": 14, f"{P}/evidence/excerpts": 11}  # fmt: skip
LISTS = {
    f"{A}/statements/": 5,
    f"{A}/statements/?page_size=200": 5,
    f"{A}/statements/?has_evidence=yes": 5,
    f"{A}/statements/1/": 3,
    f"{A}/statements/1/grounds/": 5,
    f"{A}/statements/1/why/": 12,
    f"{A}/evidence/maps/": 7,
    f"{A}/evidence/lacking/": 5,
    f"{A}/guide/?statements=S1": 4,
}


def asked(client: Any, urls: Any) -> dict[str, int]:
    found = {}
    for url in urls:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200, url
        found[url] = sum(not query["sql"].startswith(UNCOUNTED) for query in captured.captured_queries)
    return found


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_pages_and_lists_ask_as_often_for_any_number_of_bearings(n, programme, claim, cast, as_, api, themes):
    many_bearings(claim, cast.editor, n, sites=some_sites(programme, "LA1", "LA2"), theme=themes["O4"])
    script = api(cast.lead)
    script.get("/api/v1/programmes/")  # notes the use of the token, once a minute
    assert (asked(as_(cast.lead), PAGES), asked(script, LISTS)) == (PAGES, LISTS)
    assert Statement.objects.count() == 1
