"""Claims about elements in no configuration on the map, about its ETag, and about letters that a picture draws."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from PIL import Image

from cmo.figures.drawing import draw
from cmo.figures.graph import Cluster, Graph, Node, Place
from cmo.figures.png import _note, png
from cmo.map_question import FILES
from cmo.models import Element
from cmo.rules.arranging import add_area, rename_area
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce, turn_element
from cmo.rules.standing import Placed
from tests.pages import text

PAGE = "/p/cse-test/map"
API = "/api/v1/programmes/cse-test/map/"


@pytest.fixture
def by(cast: Any, actor: Any) -> Any:
    return actor(cast.editor)


@pytest.fixture
def theory(programme: Any, by: Any, themes: Any) -> Any:
    """CMO1 holds E1; E2 and E3 stand nowhere, E4 too and is retired."""

    def element(kind: str, words: str, **more: Any) -> Element:
        return introduce(programme, by=by, kind=kind, text=words, **more)

    door = element("context", "A door is open")
    made = configure(programme, by=by, elements=[Placed("context", door)])
    element("mechanism", "They are greeted", themes=[themes["O1.1"]])
    element("outcome", "Families visit", traits={"sign": "positive"}, state="agreed")
    turn_element(element("context", "Gone by now"), by=by, base=1, retired=True)
    return made


def lone(answer: Any) -> list[str]:
    return [node["id"] for node in answer.json()["nodes"] if node["lone"]]


# ---- lone elements


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["E2", "E3"]), ("lone=show", ["E2", "E3"]), ("lone=hide", []), ("theme=O1", ["E2"]), ("theme=C2", []),
        ("search=families", ["E3"]), ("sign=positive", ["E3"]), ("state=agreed", ["E3"]), ("state=retired", []),
        ("area=none", []), ("focus=E3", ["E3"]), ("focus=E1", []), ("chain=CMO1", []), ("configuration=CMO1", []),
        ("incomplete=outcome", []), ("element=E1", []), ("phase=gleaning", []),
    ],
)  # fmt: skip
def test_elements_in_no_configuration_are_on_the_map_where_what_is_asked_holds(query, found, theory, cast, api):
    assert lone(api(cast.viewer).get(f"{API}?{query}")) == found


def test_lone_is_shown_or_hidden_and_nothing_else(theory, cast, api):
    answer = api(cast.viewer).get(f"{API}?lone=perhaps")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["lone"])


def test_the_page_draws_them_apart_lists_them_in_its_table_and_hides_them_on_demand(theory, cast, as_):
    page = as_(cast.viewer).get(PAGE)
    said = text(page)
    assert "In no configuration: 2" in said
    assert said.count("in no configuration") >= 2
    assert "at=E3#side" in page.content.decode()
    hidden = text(as_(cast.viewer).get(f"{PAGE}?lone=hide"))
    assert "Families visit" not in hidden


def test_a_map_of_lone_elements_alone_is_no_empty_map(programme, by, cast, as_, api):
    introduce(programme, by=by, kind="unsure", text="Nobody knows yet")
    said = text(as_(cast.viewer).get(PAGE))
    assert "In no configuration: 1" in said
    assert "There is no configuration yet" not in said
    assert b"Nobody knows yet" in api(cast.viewer).get(f"{API}?as=svg").content


def test_every_file_holds_them(theory, cast, api):
    script = api(cast.viewer)
    for name in ("svg", "graphml", "dot", "mermaid", "csv"):
        assert b"Families visit" in script.get(f"{API}?as={name}").content, name
        assert b"Families visit" not in script.get(f"{API}?as={name}&lone=hide").content, name
    rows = list(csv.DictReader(StringIO(script.get(f"{API}?as=csv").content.decode("utf-8-sig"))))
    assert [(row["configuration"], row["element"]) for row in rows] == [("CMO1", "E1"), ("", "E2"), ("", "E3")]


def test_more_than_a_page_draws_are_counted(programme, by, cast, as_, monkeypatch):
    monkeypatch.setattr("cmo.map_question.LONE", 2)
    for at in range(4):
        introduce(programme, by=by, kind="context", text=f"Nowhere {at}")
    said = text(as_(cast.viewer).get(PAGE))
    assert "In no configuration: the first 2 of 4" in said
    assert "4 elements stand in no configuration; the first 2 are drawn." in said


# ---- ETag


@pytest.mark.parametrize("name", ["", *FILES])
def test_the_map_is_not_sent_again_while_nothing_moved(name, theory, programme, cast, by, api):
    script, url = api(cast.viewer), f"{API}?as={name}" if name else API
    tag = script.get(url)["ETag"]
    again = script.get(url, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert script.get(f"{API}?state=agreed", HTTP_IF_NONE_MATCH=tag).status_code == 200
    introduce(programme, by=by, kind="context", text="Another")
    after = script.get(url, HTTP_IF_NONE_MATCH=tag)
    assert (after.status_code, after["ETag"] != tag) == (200, True)


def test_an_area_renamed_moves_the_tag(theory, programme, cast, by, api):
    area = add_area(programme, by=by, title="Trust")
    tag = api(cast.viewer).get(f"{API}?as=svg&layout=area")["ETag"]
    rename_area(area, by=by, base=1, title="Trusting")
    answer = api(cast.viewer).get(f"{API}?as=svg&layout=area", HTTP_IF_NONE_MATCH=tag)
    assert answer.status_code == 200


def test_a_file_of_the_page_has_its_tag_too(theory, cast, as_):
    page = as_(cast.viewer)
    tag = page.get(f"{PAGE}?as=svg")["ETag"]
    assert page.get(f"{PAGE}?as=svg", HTTP_IF_NONE_MATCH=tag).status_code == 304


# ---- letters


def figure(words: str) -> Any:
    nodes = {1: Node(1, "context", words)}
    return draw(Graph(nodes, {1: Cluster(1, places=(Place(1, "context"),))})).figure


@pytest.mark.parametrize(
    "words",
    ["Mae'r tŷ a'r ŵyl", "Zażółć gęślą jaźń", "Οι οικογένειες εμπιστεύονται", "Дети растут, ґрунт, ѣ", "Trẻ em lớn lên",
     "العائلات تفتح الباب (١٢)", "combining e\u0301 and a soft\u00adhyphen"],
)  # fmt: skip
def test_a_picture_draws_these_letters(words):
    assert _note(figure(words)) == []


@pytest.mark.parametrize("words", ["日本", "שלום", "👩🏽‍🏫"])
def test_a_picture_says_so_where_it_cannot(words):
    plain, strange = png(figure("aa")), png(figure(words))
    assert " ".join(_note(figure(words))).startswith("Letters that this picture cannot draw stand as boxes")
    with Image.open(BytesIO(plain)) as one, Image.open(BytesIO(strange)) as two:
        assert two.height > one.height


def test_arabic_letters_join_and_run_from_right_to_left():
    """Drawn one by one from the left they would be another picture."""
    assert png(figure("الباب")) != png(figure("بابلا"))
    assert png(figure("الباب")) == png(figure("الباب"))
