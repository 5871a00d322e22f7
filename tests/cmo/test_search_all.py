"""Claims about the search in all programmes of a person: what each holds, as its own search finds it, and nothing of a
programme or of evidence that the person may not see."""

import re
from typing import Any

import pytest

from cmo.rules.composing import Words
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.introducing import introduce
from cmo.rules.stating import state
from programmes.models import Membership, Programme
from programmes.rules.classifying import add_theme, edit_theme
from programmes.rules.founding import found as begin
from programmes.rules.membering import add_member, remove_member
from programmes.rules.sourcing import add_source
from tests.pages import main_of, text

API, PAGE = "/api/v1/search/", "/search"


@pytest.fixture
def second(programme: Programme, cast: Any, actor: Any) -> Programme:
    """Another programme of the lead, of which the viewer is a member too."""
    made = begin(by=actor(cast.lead), title="Another")
    add_member(made, by=actor(cast.lead), who="viewer", role="viewer")
    return made


def say(programme: Programme, by: Any, *wordings: str) -> None:
    for wording in wordings:
        state(programme, by=by, words=Words(wording=wording))


@pytest.fixture
def theories(programme: Any, second: Any, other_programme: Any, cast: Any, actor: Any) -> Any:
    """Quinces in both programmes of the viewer, and in one of which nobody of the cast is a member."""
    by = actor(cast.lead)
    say(programme, by, *(f"If {'quince ' * at}tea, then it is drunk." for at in range(1, 8)))
    add_theme(programme, by=by, code="Q1", name="Quinces", definition="A fruit.")
    say(second, by, "If a quince ripens, then it is yellow.")
    introduce(second, by=by, kind="mechanism", text="The quince trusts.")
    say(other_programme, actor(other_programme.lead), "If a quince is secret, then so.")
    return programme


def shown(answer: Any) -> dict[str, list[str]]:
    return {one["programme"]: [hit["label"] for hit in one["results"]] for one in answer["results"]}


def of_page(answer: Any) -> dict[str, list[str]]:
    """{title: labels} of the page."""
    sections = re.findall(r'<section class="list" aria-labelledby="in-.*?</section>', main_of(answer), flags=re.S)
    return {
        re.findall(r"<h2 [^>]*><a [^>]*>(.*?)</a>", one)[0]: re.findall(
            r'id="found-[a-z]+-\d+"><a [^>]*><span class="vh">\w+ </span>(?:<b>)?([^<]+)</', one
        )
        for one in sections
    }


def test_each_programme_shows_its_first_five_as_its_own_search_finds_ranks_and_marks_them(theories, cast, api, as_):
    script = api(cast.viewer)
    answer = script.get(API, {"q": "quince"}).json()
    assert [one["title"] for one in answer["results"]] == ["Another", theories.title]
    assert (answer["count"], answer["next"]) == (2, None)
    for one in answer["results"]:
        own = script.get(one["url"]).json()
        assert (one["count"], one["complete"]) == (own["count"], own["complete"])
        assert one["results"] == own["results"][:5]
    assert [one["count"] for one in answer["results"]] == [2, 8]
    titles = {one["programme"]: one["title"] for one in answer["results"]}
    page = as_(cast.viewer).get(PAGE, {"q": "quince"})
    assert of_page(page) == {titles[slug]: labels for slug, labels in shown(answer).items()}
    assert '<a href="/p/cse-test/search?q=quince">Show all 8 records in' in page.content.decode()
    assert as_(cast.viewer).get("/p/cse-test/search?q=quince").status_code == 200


ANYTHING = ["quin", "S1", "s2, Q1", "trusting", "quinces trust", "the", "zebra", "", "…!?", "%_\\'\""]


@pytest.mark.parametrize("q", ANYTHING)
def test_any_text_is_a_question_and_finds_what_the_programmes_find(theories, second, cast, api, as_, q):
    script = api(cast.viewer)
    both = {slug: script.get(f"/api/v1/programmes/{slug}/search/", {"q": q}).json() for slug in ("another", "cse-test")}
    expected = {slug: [hit["label"] for hit in own["results"][:5]] for slug, own in both.items() if own["count"]}
    assert shown(script.get(API, {"q": q}).json()) == expected
    assert list(of_page(as_(cast.viewer).get(PAGE, {"q": q})).values()) == list(expected.values())


def test_one_kind_alone(theories, cast, api, as_):
    script = api(cast.viewer)
    assert shown(script.get(API, {"q": "quince", "kind": "theme"}).json()) == {"cse-test": ["Q1"]}
    assert shown(script.get(API, {"q": "S1", "kind": "theme"}).json()) == {}
    assert script.get(API, {"q": "quince", "kind": "passage"}).status_code == 400
    assert of_page(as_(cast.viewer).get(PAGE, {"q": "quince", "kind": "element"})) == {"Another": ["E1"]}


def test_a_former_code_finds_its_theme_here_too(theories, cast, actor, api, as_):
    theme = theories.themes.get(code="Q1")
    edit_theme(theme, by=actor(cast.lead), base=1, code="Q9")
    (one,) = api(cast.viewer).get(API, {"q": "q1"}).json()["results"]
    assert [(hit["label"], hit["former_code"]) for hit in one["results"]] == [("Q9", "Q1")]
    assert "formerly Q1" in text(as_(cast.viewer).get(PAGE, {"q": "q1"}))


# ---- who finds what


def test_nothing_of_a_programme_of_others_is_found(theories, other_programme, cast, api, as_):
    for q in ("quince", "secret", "S1"):
        assert other_programme.slug not in shown(api(cast.viewer).get(API, {"q": q}).json())
        assert "secret" not in text(as_(cast.viewer).get(PAGE, {"q": q})).replace("“secret”", "")
    assert api(cast.outsider).get(API, {"q": "quince"}).json()["count"] == 0
    assert "You are not a member of a programme yet" in text(as_(cast.outsider).get(PAGE, {"q": "quince"}))


def test_who_leaves_a_programme_finds_nothing_of_it_any_more(theories, second, cast, actor, api, as_):
    remove_member(second, by=actor(cast.lead), username="viewer")
    assert [*shown(api(cast.viewer).get(API, {"q": "quince"}).json())] == ["cse-test"]
    assert [*of_page(as_(cast.viewer).get(PAGE, {"q": "quince"}))] == [theories.title]


def test_evidence_is_found_in_those_programmes_alone_in_which_one_sees_it(theories, second, cast, actor, api, as_):
    by = actor(cast.lead)
    for programme in (theories, second):
        source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1")
        add_excerpt(source, by=by, said=Said(text="A medlar was offered."))
    script = api(cast.viewer)
    assert shown(script.get(API, {"q": "medlar"}).json()) == {"another": ["X1"], "cse-test": ["X1"]}
    Membership.objects.filter(programme=second, person=cast.viewer).update(no_evidence=True)
    assert shown(script.get(API, {"q": "medlar"}).json()) == {"cse-test": ["X1"]}
    assert shown(script.get(API, {"q": "X1 Q1", "kind": "excerpt"}).json()) == {"cse-test": ["X1"]}
    assert of_page(as_(cast.viewer).get(PAGE, {"q": "medlar"})) == {theories.title: ["X1"]}
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    assert shown(script.get(API, {"q": "medlar"}).json()) == {}
    assert "kind: There is no kind “excerpt”" in script.get(API, {"q": "medlar", "kind": "excerpt"}).json()["detail"]
    assert "Excerpts" not in text(as_(cast.viewer).get(PAGE, {"q": "medlar"}))


# ---- pages, refusals, the box


def test_pages_are_of_programmes(theories, cast, api, as_):
    script = api(cast.viewer)
    one, two = (script.get(API, {"q": "quince", "page_size": 1, "page": page}).json() for page in (1, 2))
    assert [*shown(one), *shown(two)] == ["another", "cse-test"]
    assert (one["count"], one["next"] is None, two["next"]) == (2, False, None)
    assert script.get(API, {"q": "quince", "page": 2}).status_code == 404
    assert as_(cast.viewer).get(PAGE, {"q": "quince", "page": 2}).status_code == 404


def test_a_character_that_cannot_be_stored_is_refused_in_one_sentence(theories, cast, api, as_):
    said = "Take out the character at position 3 (U+0000); it cannot be stored."
    refused = api(cast.viewer).get(API, {"q": "tr\0ust"})
    assert (refused.status_code, refused.json()["detail"]) == (400, f"q: {said}")
    assert said in text(as_(cast.viewer).get(PAGE, {"q": "tr\0ust"}))


def test_the_box_is_in_the_head_of_every_page_of_those_who_are_signed_in(programme, cast, as_, client):
    mine = f'role="search" method="get" action="{PAGE}"'
    browser = as_(cast.viewer)
    for path in ("/", "/account", "/account/tokens", "/help", "/accessibility", "/programmes/new", "/p/missing/"):
        assert mine in browser.get(path).content.decode(), path
    own = browser.get("/p/cse-test/theory").content.decode()
    assert (mine in own, 'role="search" method="get" action="/p/cse-test/search"' in own) == (False, True)
    assert browser.get(PAGE).content.decode().count('role="search"') == 1  # the page's own
    for path in ("/sign-in", "/help"):
        assert 'role="search"' not in client.get(path).content.decode()


# ---- what it asks


@pytest.mark.parametrize("n", [1, 3, 150])
def test_however_many_programmes_there_are_it_asks_as_often(n, cast, actor, api, as_, queries):
    by = actor(cast.lead)
    for at in range(n):
        made = begin(by=by, title=f"Programme {at}")
        say(made, by, "If a quince ripens, then it is yellow.")
        introduce(made, by=by, kind="outcome", text="A quince falls.")
    script, browser = api(cast.lead), as_(cast.lead)
    script.get("/api/v1/programmes/")
    with queries(6):
        assert script.get(API, {"q": "quince"}).json()["count"] == n
    with queries(11):
        assert len(of_page(browser.get(PAGE, {"q": "quince"}))) == min(n, 10)
