"""Claims about the codebook and evidence: how many excerpts and sources speak of a theme, who is told, and what a merge
would do to them."""

import re
from typing import Any

import pytest

from cmo.models import Excerpt, ExcerptTheme
from cmo.rules.snapshotting import take_snapshot
from programmes.models import Membership, Source
from tests.codebook_page import HERE, send
from tests.evidence_factories import a_source, an_excerpt
from tests.pages import main_of, text

pytestmark = pytest.mark.usefixtures("contexts")
API = "/api/v1/programmes/cse-test/themes/"
FOUND = "/p/cse-test/evidence/excerpts"


@pytest.fixture
def said(programme: Any, cast: Any, themes: Any, statement: Any) -> Any:
    """Three sources; O1 is carried by X1 and X2 of one of them, O1.1 by X2 and by X3 of another."""
    statement(themes=["O1"])
    one, two, _three = (a_source(programme, cast.editor, number) for number in (1, 2, 3))
    first, second = an_excerpt(one, cast.editor, 1), an_excerpt(one, cast.editor, 2)
    third = an_excerpt(two, cast.editor, 3)
    pairs = [(first, "O1"), (second, "O1"), (second, "O1.1"), (third, "O1.1")]
    ExcerptTheme.objects.bulk_create(ExcerptTheme(excerpt=excerpt, theme=themes[code]) for excerpt, code in pairs)
    return programme


def withhold(cast: Any, who: str) -> None:
    Membership.objects.filter(person=getattr(cast, who)).update(no_evidence=True)


def test_the_tree_counts_excerpts_beside_statements_of_the_very_theme(said, as_, cast):
    answer = as_(cast.viewer).get(HERE)
    assert re.search(r"Theme\s*Excerpts\s*Statements", text(answer))
    shown = re.sub(r"\s+", " ", text(answer))
    assert "O1 Leadership2 excerpts1 statement" in shown
    assert "O1.1 Visible leaders2 excerpts–no statements" in shown
    assert "O4 Training–no excerpts–no statements" in shown


def test_a_theme_says_how_many_excerpts_and_sources_speak_of_it_and_leads_to_them(said, as_, cast):
    client = as_(cast.viewer)
    answer = client.get(HERE, {"code": "O1"})
    shown = text(answer)
    assert re.search(r"excerpts carry it\s*2", shown)
    assert re.search(r"statement carries it\s*1", shown)
    assert re.search(r"sources speak of it\s*1 of 3", shown)
    assert "With the theme below it: 3 excerpts, 1 statement, 2 of 3 sources" in re.sub(r"\s+", " ", shown)
    assert f'<a href="{FOUND}?theme=O1">Show the excerpts under O1</a>' in answer.content.decode()
    assert "3 excerpts" in text(client.get(FOUND, {"theme": "O1"}))
    assert "Show the excerpts" not in text(client.get(HERE, {"code": "O4"}))  # there are none


def test_retired_excerpts_and_those_of_retired_sources_do_not_count(said, as_, cast, api):
    Excerpt.objects.filter(number=1).update(retired=True)
    Source.objects.filter(number=2).update(retired=True)
    theme = api(cast.viewer).get(f"{API}O1.1/").json()
    assert (theme["excerpts"], theme["sources"]) == (1, 1)
    assert "With the theme below it: 1 excerpt, 1 statement, 1 of 2 sources" in re.sub(
        r"\s+", " ", text(as_(cast.viewer).get(HERE, {"code": "O1"}))
    )


def test_the_api_says_the_same(said, api, cast):
    script = api(cast.viewer)
    theme = script.get(f"{API}O1/").json()
    assert (theme["excerpts"], theme["sources"], theme["statements"]) == (2, 1, 1)
    listed = {row["label"]: (row["excerpts"], row["sources"]) for row in script.get(API).json()["results"]}
    assert (listed["O1"], listed["O1.1"], listed["O4"], listed["O"]) == ((2, 1), (2, 2), (0, 0), (0, 0))


def test_a_new_excerpt_moves_the_tag_of_its_theme_for_those_who_see_it_alone(said, api, cast, themes):
    withhold(cast, "contributor")
    seeing, blind = api(cast.viewer), api(cast.contributor)
    before = seeing.get(f"{API}O1/")["ETag"], blind.get(f"{API}O1/")["ETag"]
    ExcerptTheme.objects.create(excerpt=Excerpt.objects.get(number=3), theme=themes["O1"])
    after = seeing.get(f"{API}O1/")["ETag"], blind.get(f"{API}O1/")["ETag"]
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


@pytest.mark.parametrize("code", ["", "O1"])
def test_members_without_evidence_see_no_figure_and_no_link(said, as_, cast, code):
    withhold(cast, "viewer")
    answer = as_(cast.viewer).get(HERE, {"code": code})
    main = main_of(answer)
    assert "xcerpt" not in main.replace("statements and excerpts carry", "")
    assert "source" not in text(answer)
    assert "evidence" not in main


def test_members_without_evidence_get_no_figure_over_the_api(said, api, cast):
    withhold(cast, "viewer")
    script = api(cast.viewer)
    for theme in (script.get(f"{API}O1/").json(), script.get(API).json()["results"][0]):
        assert {"excerpts", "sources"} & theme.keys() == set()


def test_of_a_snapshot_nothing_is_said_of_excerpts(said, as_, api, cast, actor):
    take_snapshot(said, by=actor(cast.lead), name="First")
    assert "xcerpts" not in text(as_(cast.viewer).get(HERE, {"snapshot": "first"}))
    then = api(cast.viewer).get(f"{API}O1/?snapshot=first").json()
    assert (then["statements"], {"excerpts", "sources"} & then.keys()) == (1, set())


def test_the_preview_of_a_merge_counts_excerpts_too(said, as_, cast, themes):
    answer = send(as_(cast.editor), themes["O1.1"], "merge", into=str(themes["O1"].uid))
    plan = answer.context["plan"].excerpts
    assert (plan.theme, plan.into, plan.both, plan.together) == (2, 2, 1, 3)
    shown = re.sub(r"\s+", " ", text(answer))
    assert "2 excerpts follow too, each with a new version that says so." in shown
    assert re.search(r"Together, as O1 Leadership\s*3\s*1", shown)


def test_the_preview_says_nothing_of_excerpts_to_an_editor_without_evidence(said, as_, cast, themes):
    withhold(cast, "editor")
    answer = send(as_(cast.editor), themes["O1.1"], "merge", into=str(themes["O1"].uid))
    assert answer.context["plan"].excerpts is None
    assert "xcerpt" not in main_of(answer)


@pytest.mark.parametrize("n", [1, 3, 70])
def test_what_the_page_asks_does_not_grow_with_the_excerpts(n, programme, cast, themes, as_, queries):
    source = a_source(programme, cast.editor)
    for number in range(1, n + 1):
        ExcerptTheme.objects.create(excerpt=an_excerpt(source, cast.editor, number), theme=themes["O1"])
    client = as_(cast.viewer)
    with queries(7):
        client.get(HERE)
    with queries(10):
        client.get(HERE, {"code": "O1"})
