"""Claims about figures: same data, same bytes; any words stay words; and what opens them understands them."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from cmo.figures import formats
from cmo.figures.blocks import FIRES, PLAIN
from cmo.figures.drawing import LAYOUTS, draw
from cmo.figures.graph import Cluster, Graph, Node, Place, Tie
from cmo.figures.letters import MORE, width, wrap
from cmo.figures.png import dashed, png
from cmo.figures.shapes import Group, Poly, Rect, Way
from cmo.figures.svg import inline, svg
from cmo.vocabulary import Activation
from tests.graphs import CMO, HOSTILE, anything, theories, theory

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SVG = "{http://www.w3.org/2000/svg}"
ML = f"{{{formats.NAMESPACE}}}"


def said(text: str) -> str:
    return " ".join(text.split())


# ---- determinism


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_figure_is_the_one_that_was_looked_at(layout):
    """After a wanted change: look at the new figure, then write it to tests/golden/."""
    assert svg(draw(theory(), by=layout).figure) == (GOLDEN / f"map-{layout}.svg").read_text()


@pytest.mark.parametrize("name", ["graphml", "dot", "mermaid", "table"])
def test_a_file_is_the_one_that_was_looked_at(name):
    assert getattr(formats, name)(theory()) == (GOLDEN / f"map.{name}").read_bytes()


def test_the_same_theory_gives_the_same_picture():
    assert png(draw(theory()).figure) == png(draw(theory()).figure)


@settings(deadline=None, max_examples=50)
@given(theories())
def test_the_same_theory_in_another_order_gives_the_same_bytes(graph):
    turned = Graph(
        dict(reversed(graph.nodes.items())), dict(reversed(graph.clusters.items())), graph.ties, graph.slots,
        graph.areas, graph.title,
    )  # fmt: skip
    for layout in LAYOUTS:
        assert svg(draw(graph, by=layout).figure) == svg(draw(turned, by=layout).figure)


# ---- the drawing


def test_a_figure_says_what_it_is_in_a_title_and_a_description():
    root = ET.fromstring(svg(draw(theory()).figure))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "t d"
    assert root.findtext(f"{SVG}title") == "Map of configurations: A small theory"
    about = root.findtext(f"{SVG}desc")
    assert about == (
        "6 configurations; 10 elements; 5 ripples: CMO1 → CMO2, CMO2 → CMO1, CMO2 → CMO3, CMO3 → CMO2, CMO4 → CMO5."
    )


def test_a_figure_needs_nothing_from_elsewhere():
    made = svg(draw(theory()).figure)
    assert not re.search(r"href|url\(|<style|<script|<image|@import|font-face|on\w+=", made)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_words_at_a_link_stay_on_the_paper(layout):
    stated = [Tie(1, 2, "nested", name="one meeting within a habit"), Tie(1, 4, "rival", name="long " * 30)]
    graph = replace(theory(), ties=(*theory().ties, *stated))
    figure = draw(graph, by=layout, with_key=False).figure
    root = ET.fromstring(svg(figure))
    (body,) = root.findall(f"{SVG}g")
    down = float((body.get("transform") or "translate(0 0)").split()[1].rstrip(")"))
    tops = [float(one.get("y")) + down for one in body.iter(f"{SVG}rect")]
    assert min(tops) >= 0
    assert "one meeting" in svg(figure)


def boxes(group: Group, x: float = 0.0, y: float = 0.0) -> Iterator[tuple[str, float, float, float, float]]:
    """(class, left, top, right, bottom) of the labels of links and the boxes of elements, where they stand."""
    for child in group.children:
        if isinstance(child, Group):
            yield from boxes(child, x + child.x, y + child.y)
        elif isinstance(child, Rect | Poly) and child.look.css in {"lab", "box"}:
            points = child.points if isinstance(child, Poly) else (
                (child.x, child.y), (child.x + child.w, child.y + child.h))  # fmt: skip
            across, down = [one for one, _y in points], [one for _x, one in points]
            yield child.look.css, x + min(across), y + min(down), x + max(across), y + max(down)


def apart(one, other) -> bool:
    return one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_words_at_a_link_cover_no_other_words_and_no_element(layout):
    """Four links leave the same heading, two of them for the same configuration, and every one has words."""
    stated = [
        Tie(1, 2, "rival", name="same opening, another end"), Tie(1, 2, "contrasts", name="mirror pair"),
        Tie(4, 2, "contrasts", name="email against talk"), Tie(2, 4, "contradicts", name="one meeting within"),
    ]  # fmt: skip
    figure = draw(replace(theory(), ties=(*theory().ties, *stated)), by=layout, with_key=False).figure
    found = list(boxes(figure.body))
    labels = [one for one in found if one[0] == "lab"]
    assert len(labels) == 5 + len(stated)  # of the theory itself: one named ripple and four links
    assert [(one, other) for one in labels for other in found if one != other and not apart(one, other)] == []
    assert all(one[1] >= 0 and one[3] <= figure.width for one in labels)


def test_a_stated_link_goes_from_heading_to_heading():
    drawn = draw(theory())
    (arc,) = [group for group in _groups(drawn.figure.body) if group.title.startswith("CMO 2: Contrasts")]
    (way,) = [shape for shape in arc.children if isinstance(shape, Way)]
    (x1, y1), (x2, y2) = way.steps[0][-1], way.steps[-1][-1]
    (left, top), (into, below) = drawn.places[2], drawn.places[3]
    assert left + width("CMO 2", 13) < x1 < left + 2 * width("CMO 2", 13)
    assert (x2, y1 - top, y2 - below) == (into - 4, 9.5, 9.5)


def _groups(group: Group) -> Iterator[Group]:
    for child in group.children:
        if isinstance(child, Group):
            yield child
            yield from _groups(child)


def test_a_reasoning_that_fires_strongly_shows_beside_its_resource():
    split = (Place(2, "resource"), Place(3, "reasoning", activation="strong"))
    graph = replace(theory(), clusters={1: Cluster(1, places=split)}, ties=())
    box = next(group for group in _groups(draw(graph, with_key=False).figure.body) if group.css == "n n--m")
    rims = [shape for shape in box.children if isinstance(shape, Way) and shape.look.css == "rim"]
    upper, lower = rims
    assert (upper.look.width, lower.look.width) == (PLAIN, FIRES[Activation.STRONG])
    middle, *below, _end = [step[-1][1] for step in lower.steps]
    assert all(y > middle for y in below)  # it runs round the reasoning, which stands below
    tint = next(at for at, shape in enumerate(box.children) if isinstance(shape, Poly) and shape.look.css == "half")
    assert box.children.index(lower) > tint  # nothing is painted over it
    whole = next(shape for shape in box.children if isinstance(shape, Poly) and shape.look.css == "box")
    assert whole.look.width == PLAIN


def test_kinds_differ_without_colour():
    root = ET.fromstring(svg(draw(theory()).figure))
    marks = {node.text for node in root.iter(f"{SVG}text") if node.get("font-weight") == "700"}
    assert {"C", "M", "O", "I", "?"} <= marks


def test_a_hindering_context_and_signs_show_in_line_and_mark():
    nodes = [
        Node(1, "context", "a", "hindering"), Node(2, "outcome", "b", sign="negative"),
        Node(3, "outcome", "c", sign="positive"),
    ]  # fmt: skip
    one = Cluster(1, places=(Place(1, "context"), Place(2, "outcome"), Place(3, "outcome")))
    graph = Graph({node.number: node for node in nodes}, {1: one}, slots=CMO)
    made = svg(draw(graph, with_key=False).figure)
    assert made.count('stroke-dasharray="8 4"') == 2
    assert made.count('r="8.5"') == 3


def test_what_is_not_stated_yet_is_a_dotted_box_that_says_so():
    made = svg(draw(theory().cut([4])).figure)
    assert "no mechanism yet" in made
    assert 'stroke-dasharray="2 4"' in made


def test_a_page_gets_links_and_names_of_classes_in_place_of_paint():
    made = inline(draw(theory(), faded={4}).figure, lambda label: f"?at={label}&x=1", current="CMO2")
    root = ET.fromstring(made)
    links = [link.get("href") for link in root.iter("a")]
    assert "?at=CMO1&x=1" in links
    assert "?at=E10&x=1" in links
    assert "fill=" not in made
    assert [link.get("href") for link in root.iter("a") if link.get("aria-current")] == ["?at=CMO2&x=1"]
    assert [group.get("data-cmo") for group in root.iter("g") if "off cfg" in (group.get("class") or "")] == ["4"]


def test_what_somebody_moved_stands_there_and_its_ripples_follow():
    before, after = draw(theory()), draw(theory(), moved={2: (3000.0, 900.0), 99: (1.0, 1.0)})
    assert after.places[2] == (3000.0, 900.0)
    assert {number: at for number, at in after.places.items() if number != 2} == {
        number: at for number, at in before.places.items() if number != 2
    }
    assert after.figure.width > 3000


def test_an_empty_theory_draws_a_sentence():
    assert "There is no configuration here." in svg(draw(Graph({}, {}, slots=CMO)).figure)


@settings(deadline=None, max_examples=50)
@given(theories())
def test_every_configuration_is_drawn_once_and_none_on_another(graph):
    for layout in LAYOUTS:
        drawing = draw(graph, by=layout)
        assert set(drawing.places) == set(graph.clusters)
        assert len(set(drawing.places.values())) == len(graph.clusters)


# ---- any words


@settings(deadline=None, max_examples=50)
@given(anything)
def test_lines_hold_the_whole_text_and_fit(text):
    lines = wrap(text, 120, 13, 1000)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(width(line, 13) <= 120 + 13 for line in lines)


def test_what_does_not_fit_ends_in_dots():
    lines = wrap("word " * 1000, 120, 13, 3)
    assert len(lines) == 3
    assert lines[-1].endswith(MORE)


@settings(deadline=None, max_examples=50)
@given(theories(anything))
def test_any_words_leave_every_file_well_formed(graph):
    for made in (svg(draw(graph).figure), inline(draw(graph).figure, lambda label: f"?at={label}")):
        ET.fromstring(made)
    root = ET.fromstring(formats.graphml(graph))
    assert len(root.findall(f"{ML}graph/{ML}node")) == len(graph.nodes) + len(graph.clusters)
    rows = list(csv.reader(StringIO(formats.table(graph).decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(formats.COLUMNS)}
    assert json.loads(formats.json_file(graph)) == formats.as_json(graph)


@settings(deadline=None, max_examples=50)
@given(theories(anything))
def test_any_words_stay_within_their_quotes_in_dot_and_mermaid(graph):
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', '""', formats.dot(graph).decode())
    assert re.fullmatch(r'[\w\s{}\[\];:=<>."\-,]*', unquoted)
    assert '"' not in unquoted.replace('""', "")
    for line in formats.mermaid(graph).decode().split("\n"):
        inner = re.sub(r'"[^"]*"', "", line)
        assert re.fullmatch(r"[\w\s\[\]{}()|.>-]*", inner), line


def test_hostile_words_are_words_in_every_file():
    node = Node(1, "context", HOSTILE)
    graph = Graph({1: node}, {1: Cluster(1, HOSTILE, places=(Place(1, "context"),))}, slots=CMO, title=HOSTILE)
    made = svg(draw(graph).figure)
    assert "<script" not in made
    root = ET.fromstring(formats.graphml(graph))
    assert HOSTILE in [data.text for data in root.iter(f"{ML}data")]
    assert "<script" not in formats.mermaid(graph).decode()
    assert formats.as_json(graph)["nodes"][0]["text"] == HOSTILE
    assert png(draw(graph).figure)


def test_a_text_of_five_thousand_letters_is_cut_in_the_box_and_whole_in_the_data():
    long = "abcdefghi " * 500
    graph = Graph({1: Node(1, "context", long)}, {1: Cluster(1, places=(Place(1, "context"),))}, slots=CMO)
    drawn = draw(graph)
    assert drawn.figure.height < 400
    assert long.strip() in said(inline(drawn.figure, str)) + " "
    assert long in formats.graphml(graph).decode()


# ---- opened again


def test_graphml_gives_back_the_theory():
    graph = theory()
    root = ET.fromstring(formats.graphml(graph))
    named = {key.get("id"): key.get("attr.name") for key in root.findall(f"{ML}key")}
    inner = root.find(f"{ML}graph")
    assert inner is not None

    def data(element):
        return {named[one.get("key")]: one.text for one in element.findall(f"{ML}data")}

    nodes = {node.get("id"): data(node) for node in inner.findall(f"{ML}node")}
    assert nodes["E1"] == {"type": "element", "kind": "context", "label": "Managers have time to explain",
                           "polarity": "facilitating", "state": "draft", "themes": "O1; O4.10"}  # fmt: skip
    assert nodes["CMO1"]["statements"] == "S7"
    edges = [(edge.get("source"), edge.get("target"), data(edge)) for edge in inner.findall(f"{ML}edge")]
    assert all(source in nodes and target in nodes for source, target, _said in edges)
    assert ("CMO1", "CMO2", {"relation": "ripple", "element": "E4", "name": "opens the door"}) in edges
    assert ("E3", "CMO1", {"relation": "part", "role": "reasoning", "activation": "strong"}) in edges
    assert ("E7", "E8", {"relation": "leads", "configuration": "CMO4"}) in edges


def test_a_picture_opens_in_the_size_of_the_figure():
    figure = draw(theory()).figure
    with Image.open(BytesIO(png(figure))) as picture:
        assert picture.size == (figure.width * 2, figure.height * 2)
        assert len(picture.getcolors(300) or []) > 5


def test_a_table_holds_no_live_formula():
    graph = Graph({1: Node(1, "context", "=1+1")}, {1: Cluster(1, places=(Place(1, "context"),))}, slots=CMO)
    assert ",\"'=1+1\"," in formats.table(graph).decode()


def test_dashes_are_as_long_as_asked():
    assert dashed([(0, 0), (10, 0)], [4, 2]) == [[(0, 0), (4, 0)], [(6, 0), (10, 0)]]
