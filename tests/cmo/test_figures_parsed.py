"""Claims about the map's DOT and Mermaid as parsers of others read them: all that is in the theory, words as words."""

import gzip
import re
from html import unescape
from pathlib import Path
from typing import Any

import pydot
import pytest
from hypothesis import HealthCheck, given, settings

from cmo.figures import formats
from cmo.figures.graph import Cluster, Graph, Node, Place, steps
from tests.graphs import CMO, HOSTILE, anything, theories, theory

MERMAID = Path(__file__).parents[1] / "vendor" / "mermaid" / "mermaid.min.js.gz"
ANY = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def hostile() -> Graph:
    node, place = Node(1, "context", HOSTILE), Place(1, "context")
    clusters = {1: Cluster(1, HOSTILE, places=(place,)), 2: Cluster(2, places=(place,))}
    return Graph({1: node}, clusters, slots=CMO, title=HOSTILE)


def boxes(graph: Graph) -> set[str]:
    """What an element is called in each configuration in which it stands; an empty one has a box all the same."""
    placed = {f"c{one.number}_e{place.element}" for one in graph.clusters.values() for place in one.places}
    return placed | {f"c{one.number}_e0" for one in graph.clusters.values() if not one.places}


# ---------------------------------------------------------------- DOT


def read_dot(graph: Graph) -> Any:
    found = pydot.graph_from_dot_data(formats.dot(graph).decode())
    assert found is not None
    assert len(found) == 1
    return found[0]


def in_dot(graph: Graph) -> set[str]:
    return {node.get_name() for cluster in read_dot(graph).get_subgraphs() for node in cluster.get_nodes()}


def test_dot_holds_every_configuration_with_its_elements_and_every_link():
    opened = read_dot(theory())
    assert {one.get_name() for one in opened.get_subgraphs()} == {f"cluster_{n}" for n in theory().clusters}
    assert in_dot(theory()) == boxes(theory())
    assert len(opened.get_edges()) == len(theory().ties)


def test_words_of_any_kind_are_words_in_dot():
    label = read_dot(hostile()).get_subgraph("cluster_1")[0].get_node("c1_e1")[0].get_label()
    said = re.sub(r"\\(.)", lambda found: {"n": " "}.get(found[1], found[1]), label.strip('"'))
    assert said.startswith('C: <script>alert("x")</script> & \'q\' `b` | ]]> #end;')


@ANY
@given(theories(anything))
def test_any_theory_is_dot(graph):
    assert in_dot(graph) == boxes(graph)


# ---------------------------------------------------------------- Mermaid


@pytest.fixture(scope="module")
def mermaid(browser: Any) -> Any:
    """A page that has Mermaid and reaches nothing."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.add_script_tag(content=gzip.decompress(MERMAID.read_bytes()).decode())
    opened.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict', maxTextSize: 1e6})")
    yield opened
    context.close()


READ = """async text => {
  const found = await mermaid.mermaidAPI.getDiagramFromText(text);
  const vertices = found.db.getVertices();
  const rows = vertices instanceof Map ? [...vertices.values()] : Object.values(vertices);
  return {
    type: found.type,
    boxes: Object.fromEntries(rows.map(one => [one.id, one.text ?? ""])),
    groups: found.db.getSubGraphs().map(one => one.id),
    edges: found.db.getEdges().length,
  };
}"""


def read_mermaid(page: Any, graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(READ, formats.mermaid(graph).decode())
    return found


@pytest.mark.browser
def test_mermaid_finds_every_configuration_with_its_elements_and_every_link(mermaid):
    opened = read_mermaid(mermaid, theory())
    assert opened["type"].startswith("flowchart")
    assert set(opened["groups"]) == {f"CMO{number}" for number in theory().clusters}
    assert boxes(theory()) <= set(opened["boxes"])
    inside = sum(len(list(steps(theory(), one))) for one in theory().clusters.values())
    assert opened["edges"] == len(theory().ties) + inside


@pytest.mark.browser
def test_words_of_any_kind_are_words_in_mermaid(mermaid):
    said = read_mermaid(mermaid, hostile())["boxes"]["c1_e1"]
    said = unescape(re.sub("ﬂ°°(\\d+)¶ß", r"&#\1;", said))
    assert said.startswith("C: <script>alert(\"x\")</script> & 'q' `b` | ]]> #end; %% \\n --> שלום")


@pytest.mark.browser
@ANY
@given(theories(anything))
def test_mermaid_reads_any_theory(mermaid, graph):
    assert boxes(graph) <= set(read_mermaid(mermaid, graph)["boxes"])
