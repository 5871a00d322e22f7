"""Claims about search: what is found, in which order, what is marked, who finds it; over the API and on the page."""

import html
import re
from typing import Any

import pytest

from cmo.rules.composing import Words
from cmo.rules.introducing import introduce
from cmo.rules.recoding import merge_theme
from cmo.rules.stating import restore, retire, revise, state
from programmes.models import SearchDocument
from programmes.reading import searching
from programmes.rules.classifying import add_theme, edit_theme, retire_theme
from programmes.rules.membering import add_member, remove_member
from tests.pages import main_of, text

API = "/api/v1/programmes/cse-test/search/"
PAGE = "/p/cse-test/search"


@pytest.fixture
def theory(programme: Any, cast: Any, actor: Any, themes: Any, statement: Any) -> Any:
    by = actor(cast.editor)
    statement("If workers stay, then families trust them, because trust grows with time.", themes=["P6"])
    statement("If Siân’s café is open, then people meet there.", state="agreed")
    statement("If policies change weekly, then nobody follows the policy.")
    retire(statement("If trust is lost, then it is lost for trusting families."), by=by, base=1)
    edit_theme(
        themes["P6"], by=by, base=1, definition="How far families and workers trust one another.",
        use_when="Somebody speaks of trust.", not_when="The trust is a hospital's.",
    )  # fmt: skip
    add_theme(programme, by=by, parent=themes["O"], code="O3.10", name="Services", definition="What can be offered.")
    return programme


@pytest.fixture
def found(theory: Any, cast: Any, api: Any) -> Any:
    """`found("trust")` is the JSON for a question of a viewer."""
    script = api(cast.viewer)
    return lambda q, **more: script.get(API, {"q": q, **more}).json()


def labels(answer: Any) -> list[str]:
    return [hit["label"] for hit in answer["results"]]


FOUND = {
    "trust": ["P6", "S1", "S4"],
    "TRUSTED": ["P6", "S1", "S4"],
    "families trust": ["S1", "P6", "S4"],
    "trusting workers": ["S1", "P6"],
    "sian cafe": ["S2"],
    "SIÂN’S CAFÉ": ["S2"],
    "policy": ["S3"],
    "polic": ["S3"],
    "polic weekly": ["S3"],
    "weekl": ["S3"],
    "another hospital": ["P6"],
    "Somebody speaks of": ["P6"],
    "Services": ["O3.10"],
    "S3": ["S3"],
    "s4": ["S4"],
    "o3.10": ["O3.10"],
    "O3": ["O3.10"],
    "S3, S1; s9": ["S3", "S1"],
    "the trust of a family": ["S1", "P6", "S4"],
    "zebra": [],
    "trust zebra": [],
    "rust": [],
    "": [],
    "…!?": [],
}


@pytest.mark.parametrize(("q", "expected"), FOUND.items(), ids=FOUND)
def test_each_question_finds_its_records_in_order(q, expected, found):
    answer = found(q)
    assert labels(answer) == expected
    assert (answer["count"], answer["complete"]) == (len(expected), True)


@pytest.mark.parametrize("q", FOUND)
def test_the_page_shows_the_same(q, theory, cast, as_):
    page = as_(cast.viewer).get(PAGE, {"q": q}).content.decode()
    named = r'id="found-[a-z]+-\d+"><a [^>]*><span class="vh">\w+ </span>(?:<b>)?([^<]+)</'
    assert re.findall(named, page) == FOUND[q]


def test_a_hit_says_what_it_is_where_it_is_and_which_words_were_found(found, theory):
    second, first, third = found("trusted families")["results"]
    assert first == {
        "kind": "theme", "label": "P6", "title": "Relationships", "title_marks": [], "retired": False,
        "former_code": "",
        "excerpt": "How far families and workers trust one another.\n\nSomebody speaks of trust.\n\n"
                   "The trust is a hospital's.",
        "excerpt_marks": [[8, 16], [29, 34], [68, 73], [80, 85]],
        "url": "http://testserver/api/v1/programmes/cse-test/themes/P6/",
        "page": "http://testserver/p/cse-test/codebook?code=P6",
    }  # fmt: skip
    assert [second["excerpt"][start:end] for start, end in second["excerpt_marks"]] == ["families", "trust", "trust"]
    assert (second["kind"], second["url"]) == ("statement", "http://testserver/api/v1/programmes/cse-test/statements/1/")
    assert (third["retired"], third["page"]) == (True, "http://testserver/p/cse-test/s/4")
    assert found("relationship")["results"][0]["title_marks"] == [[0, 13]]


def test_one_kind_alone(found, theory, cast, api, as_):
    assert labels(found("trust", kind="theme")) == ["P6"]
    assert labels(found("trust", kind="statement")) == ["S1", "S4"]
    assert labels(found("O4 S1", kind="theme")) == ["O4"]
    refused = api(cast.viewer).get(API, {"q": "trust", "kind": "passage"})
    assert (refused.status_code, refused.json()["detail"]) == (
        400, "kind: There is no kind “passage”; known are: statement, configuration, element, theme, comment, memo,"
        " excerpt, source.",
    )  # fmt: skip
    page = as_(cast.viewer).get(PAGE, {"q": "trust", "kind": "theme"})
    assert "1 record" in text(page)


def test_every_hit_leads_to_its_record(found, cast, api, as_):
    for hit in found("trust")["results"]:
        assert api(cast.viewer).get(hit["url"]).json()["label"] == hit["label"]
        assert hit["label"] in text(as_(cast.viewer).get(hit["page"]))


def test_pages_go_on_where_the_last_one_ended(found, theory, cast, as_, api):
    one, two = found("trust", page_size=2), found("trust", page_size=2, page=2)
    assert labels(one) + labels(two) == FOUND["trust"]
    assert (one["count"], one["next"], two["next"]) == (
        3, f"http://testserver{API}?q=trust&page_size=2&page=2", None,
    )  # fmt: skip
    assert api(cast.viewer).get(API, {"q": "trust", "page": 2}).status_code == 404
    assert as_(cast.viewer).get(PAGE, {"q": "trust", "page": 2}).status_code == 404


# ---- what is written is found


def test_what_is_written_is_found_at_once_and_what_was_is_not(programme, themes, statement, cast, actor, found):
    by = actor(cast.editor)
    first = statement("If quince, then quinces.")
    assert labels(found("quince")) == ["S5"]
    revise(first, by=by, base=1, words=Words(wording="If medlar, then medlars."))
    assert (labels(found("quince")), labels(found("medlar"))) == ([], ["S5"])
    restore(first, by=by, base=2, revision=1)
    assert (labels(found("quince")), labels(found("medlar"))) == (["S5"], [])
    first.refresh_from_db()
    retire(first, by=by, base=3)
    assert found("quince")["results"][0]["retired"] is True
    restore(first, by=by, base=4)
    assert found("quince")["results"][0]["retired"] is False


def test_what_is_done_to_a_theme_is_found_at_once(found, themes, cast, actor):
    by = actor(cast.editor)
    edit_theme(themes["C2"], by=by, base=1, code="C9", name="Quince demand")
    assert (labels(found("quince")), labels(found("C9")), labels(found("C2"))) == (["C9"], ["C9"], ["C9"])
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    assert [(hit["label"], hit["retired"]) for hit in found("O4")["results"]] == [("O4", True)]
    retire_theme(themes["Covid-19"], by=by, base=1)
    (hit,) = found("covid")["results"]
    assert (hit["label"], hit["title"], hit["retired"]) == (str(themes["Covid-19"].uid), "Covid-19", True)


def former(answer: Any) -> list[tuple[str, str]]:
    return [(hit["label"], hit["former_code"]) for hit in answer["results"]]


def test_a_former_code_finds_the_theme_that_bore_it_last_and_says_so(found, themes, cast, actor, as_):
    by = actor(cast.editor)
    edit_theme(themes["O1"], by=by, base=1, code="O7")
    edit_theme(themes["O1"], by=by, base=2, code="O9")
    assert former(found("O1"))[0] == ("O9", "O1")
    assert former(found("o7")) == [("O9", "O7")]
    assert former(found("O9 o7")) == [("O9", "")]  # by its own code it needs no other
    assert former(found("O7", kind="statement")) == []
    edit_theme(themes["C2"], by=by, base=1, code="O7")
    assert former(found("O7")) == [("O7", "")]  # it is hers now
    edit_theme(themes["C2"], by=by, base=2, code="C7")
    assert former(found("O7")) == [("C7", "O7")]
    page = as_(cast.viewer).get(PAGE, {"q": "O7"})
    assert "Theme C7 Local demand formerly O7" in re.sub(r"\s+", " ", text(page))


def test_a_theme_is_a_chip_with_code_and_name_and_never_looks_like_the_label_of_a_record(found, theory, cast, as_):
    page = main_of(as_(cast.viewer).get(PAGE, {"q": "P6"}))
    chip = re.search(r'<h3 class="found__theme"[^>]*><a class="chip" href="([^"]*)"[^>]*>.*?</a>', page)
    assert chip is not None
    assert chip[1] == "/p/cse-test/codebook?code=P6"
    assert "<b>P6</b> <span>Relationships</span>" in chip[0]
    assert "stmt__id" not in page


def test_an_element_bears_the_mark_of_its_kind(theory, cast, actor, as_):
    for kind in ("context", "mechanism", "outcome"):
        introduce(theory, by=actor(cast.editor), kind=kind, text=f"Quince as {kind}")
    page = main_of(as_(cast.viewer).get(PAGE, {"q": "quince"}))
    marks = re.findall(r'<span class="mark mark--(\w)" aria-hidden="true">(\w)</span> (\w+)</p>', page)
    assert marks == [("o", "O", "Outcome"), ("m", "M", "Mechanism"), ("c", "C", "Context")]


def test_a_theme_without_a_code_is_called_by_its_name_on_the_page(theory, themes, cast, as_):
    page = as_(cast.viewer).get(PAGE, {"q": "covid"})
    assert f'/p/cse-test/codebook?code={themes["Covid-19"].uid}' in page.content.decode()
    assert str(themes["Covid-19"].uid) not in text(page)
    assert "Theme Covid-19" in text(page)


def test_a_change_that_leaves_the_words_writes_nothing_for_the_search(statement, themes, cast, actor, queries):
    first = statement(themes=["O4"])
    before = list(SearchDocument.objects.values())
    revise(first, by=actor(cast.editor), base=1, themes=[themes["O1"]], state="agreed")
    assert list(SearchDocument.objects.values()) == before


def test_of_a_refused_change_nothing_is_found(statement, cast, actor, found):
    first = statement()
    with pytest.raises(Exception, match=r"."):
        revise(first, by=actor(cast.viewer), base=1, words=Words(wording="If quince, then quince."))
    assert labels(found("quince")) == []


# ---- order and bounds


def test_retired_records_come_last_however_well_they_answer(statement, cast, actor, found):
    retire(statement("If quince quince quince, then quince."), by=actor(cast.editor), base=1)
    statement("If a quince is found among many other words of this sentence, then it is one.")
    assert labels(found("quince")) == ["S6", "S5"]


def test_of_more_than_can_be_ranked_the_newest_are_and_the_answer_says_so(theory, statement, found, monkeypatch):
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    for at in range(5):
        statement(f"If quince {at}, then {at}.")
    answer = found("quince")
    assert (labels(answer), answer["complete"]) == (["S9", "S8", "S7"], False)
    assert found("quince 0")["complete"] is True
    assert labels(found("quince 0")) == ["S5"]


def test_the_page_says_that_there_are_more(theory, statement, cast, as_, monkeypatch):
    monkeypatch.setattr(searching, "MOST_RANKED", 1)
    assert "One more word narrows them." in text(as_(cast.viewer).get(PAGE, {"q": "trust"}))
    assert "One more word narrows them." not in text(as_(cast.viewer).get(PAGE, {"q": "zebra"}))


# ---- who finds what


def test_nothing_of_another_programme_is_found(found, other_programme, theory, cast, actor, api, as_):
    for q in ("secret", "hidden foreign", "X1", "Secret theme", "S1 secret"):
        assert [hit for hit in found(q)["results"] if "ecret" in hit["excerpt"] + hit["title"]] == []
    state(other_programme, by=actor(other_programme.lead), words=Words(wording="If quincunx, then so."))
    assert labels(found("quincun")) == []  # nor is its vocabulary looked into
    outside = api(cast.outsider).get(API, {"q": "trust"})
    assert (outside.status_code, as_(cast.outsider).get(PAGE, {"q": "trust"}).status_code) == (404, 404)


def test_who_leaves_finds_nothing_any_more(theory, cast, actor, api):
    add_member(theory, by=actor(cast.lead), who="outsider", role="viewer")
    script = api(cast.outsider)
    assert script.get(API, {"q": "trust"}).json()["count"] == 3
    remove_member(theory, by=actor(cast.lead), username="outsider")
    assert script.get(API, {"q": "trust"}).status_code == 404


# ---- the page


def test_the_box_in_the_head_of_every_page_leads_to_the_search(theory, cast, as_):
    browser = as_(cast.viewer)
    for path in ("", "theory", "codebook", "s/1", "areas", "settings"):
        page = browser.get(f"/p/cse-test/{path}").content.decode()
        assert f'role="search" method="get" action="{PAGE}"' in page, path
        assert f'<a href="{PAGE}">Search</a>' in page, path


def test_found_words_are_marked_in_the_parts_of_a_statement(theory, cast, as_):
    page = main_of(as_(cast.viewer).get(PAGE, {"q": "trusted families"}))
    assert '<span class="part__words"><mark>families</mark> <mark>trust</mark> them,</span>' in page
    assert "<mark>trust</mark> grows with time." in page
    assert 'class="chip" href="/p/cse-test/codebook?code=P6"' in page


def test_markup_in_a_wording_and_in_a_question_stays_text(theory, statement, cast, as_):
    statement("If <mark>quince</mark> & <script>alert(1)</script>, then “quince” <b>.")
    q = '"><script>alert(2)</script> quince <mark>'
    page = as_(cast.viewer).get(PAGE, {"q": q}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;mark&gt;<mark>quince</mark>&lt;/mark&gt; &amp; &lt;<mark>script</mark>&gt;" in as_(cast.viewer).get(
        PAGE, {"q": "quince script"}
    ).content.decode()
    assert html.escape(q) in page


def test_of_a_long_wording_the_piece_with_the_words_is_shown(theory, statement, cast, as_):
    statement(f"If {'so ' * 400}a quince, then {'on ' * 400}.")
    page = as_(cast.viewer).get(PAGE, {"q": "quince"})
    assert "a <mark>quince</mark>, then" in page.content.decode()
    (main,) = re.findall(r"<main.*?</main>", page.content.decode(), re.DOTALL)
    assert len(" ".join(re.sub("<[^>]*>", " ", main).split())) < 900


EMPTY = {
    "": "What are you looking for?",
    "   ": "What are you looking for?",
    "?!": "There is no word in this",
    "zebra": "Nothing holds this word",
    "zebra lion": "Nothing holds all of these words",
}


@pytest.mark.parametrize(("q", "said"), EMPTY.items(), ids=EMPTY)
def test_an_empty_result_says_what_to_do(q, said, theory, cast, as_):
    page = as_(cast.viewer).get(PAGE, {"q": q})
    assert said in text(page)
    assert ('q=lion"' in page.content.decode()) == (q == "zebra lion")


def test_a_character_that_cannot_be_stored_is_refused_in_one_sentence(theory, cast, api, as_):
    said = "Take out the character at position 3 (U+0000); it cannot be stored."
    refused = api(cast.viewer).get(API, {"q": "tr\0ust"})
    assert (refused.status_code, refused.json()["detail"]) == (400, f"q: {said}")
    page = as_(cast.viewer).get(PAGE, {"q": "tr\0ust"})
    assert (page.status_code, said in text(page)) == (200, True)


def test_the_api_takes_the_words_under_the_name_that_lists_have_for_them(theory, cast, api):
    script = api(cast.viewer)
    assert labels(script.get(API, {"search": "families trust"}).json()) == ["S1", "P6", "S4"]
    assert labels(script.get(API, {"search": "families", "q": "weekl"}).json()) == ["S3"]
