"""Claims about searching a snapshot: words in all their forms, ranked as in what stands now, in the words of then."""

import pytest

from cmo.reading.search_then import search_then
from cmo.reading.snapshots import find_snapshot
from cmo.reading.theory_at import TheoryAt
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import retire, revise
from programmes.reading.searching import search
from tests.conftest import actor

P, A = "/p/cse-test", "/api/v1/programmes/cse-test"
WORDINGS = (
    "If workers are supported, then children trust them, because the worker stays.",
    "If the École is trusting, then a child tells, because trust was earned.",
    "If guidance lies idle, then nobody works with it, because nobody trusts it.",
    "If supervision is regular, then workers reflect, because they are heard.",
)
QUESTIONS = (
    "trust", "trusted", "trusts children", "child", "children", "worker", "work", "wor", "ecole", "S2", "s4, S1",
    "supervise", "reflecting", "nothing at all", "“the”", "if", "", "gone",
)  # fmt: skip


@pytest.fixture
def then(programme, statement, cast, themes):
    for wording in WORDINGS:
        statement(wording)
    retire(statement("If gone, then kept, because trust stays."), by=actor(cast.lead), base=1)
    configure(programme, by=actor(cast.lead), words={"nickname": "Trust", "plain": "Trusting works."})
    take_snapshot(programme, by=actor(cast.lead), name="First")
    return TheoryAt(programme, find_snapshot(programme, "first"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_finds_and_ranks_as_the_search_in_what_stands_now(question, then, programme):
    now, was = search(programme, question), search_then(then, question)
    assert {(hit.kind, hit.at) for hit in was.page.rows} == {(hit.kind, hit.at) for hit in now.page.rows}
    for kind in ("statement", "theme", "configuration"):
        ours, theirs = search_then(then, question, kind=kind), search(programme, question, kind=kind)
        assert ours.page.rows == theirs.page.rows


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one] + ["rust", "upervis", "work trust"])
def test_a_list_is_filtered_by_the_same_words(question, then, cast, api):
    script = api(cast.lead)
    for path in ("statements", "configurations", "elements"):
        now, was = (
            script.get(f"{A}/{path}/", {"search": question, **more}).json() for more in ({}, {"snapshot": "first"})
        )
        assert [row["label"] for row in was["results"]] == [row["label"] for row in now["results"]]


def test_both_doors_find_the_words_of_then(then, programme, cast, api, as_):
    one = programme.statements.get(number=1)
    revise(one, by=actor(cast.lead), base=1, words=Words(wording="If paid, then present."), reason="Other words.")
    found = api(cast.lead).get(f"{A}/search/", {"q": "supporting", "snapshot": "first"}).json()
    assert [row["label"] for row in found["results"]] == ["S1"]
    assert found["results"][0]["url"].endswith("/statements/1/?snapshot=first")
    assert found["results"][0]["page"].endswith("/s/1?snapshot=first")
    assert not api(cast.lead).get(f"{A}/search/", {"q": "supporting"}).json()["results"]
    page = as_(cast.lead).get(f"{P}/search", {"q": "supporting", "snapshot": "first"}).content.decode()
    assert "<mark>supported</mark>" in page
    assert 'href="/p/cse-test/s/1?snapshot=first"' in page
    assert 'name="snapshot" value="first"' in page
    listed = as_(cast.lead).get(f"{P}/snapshots/first", {"search": "supporting"}).content.decode()
    assert "1 statement" in listed


def test_a_kind_that_a_snapshot_does_not_keep_is_refused(then, cast, api):
    refused = api(cast.lead).get(f"{A}/search/", {"q": "trust", "kind": "excerpt", "snapshot": "first"})
    assert refused.status_code == 400
    assert refused.json()["detail"] == (
        "kind: There is no kind “excerpt”; known are: statement, configuration, element, theme."
    )


def test_a_theme_that_was_found_is_opened_in_the_snapshot(then, cast, as_, contexts):
    shown = as_(cast.lead).get(f"{P}/codebook", {"code": "O4", "snapshot": "first"})
    assert [theme.code for theme in shown.context["rows"]] == ["O4"]
    assert as_(cast.lead).get(f"{P}/codebook", {"code": "NOPE", "snapshot": "first"}).status_code == 404
