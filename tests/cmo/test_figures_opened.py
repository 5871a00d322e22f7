"""Claims about the map's GraphML as others open it: a graph library finds all that is in the theory."""

from io import BytesIO

import networkx
from hypothesis import given, settings

from cmo.figures import formats
from cmo.figures.graph import Cluster, Graph, Node, Place
from tests.graphs import CMO, HOSTILE, anything, theories, theory


def read(graph: Graph) -> "networkx.MultiDiGraph":
    return networkx.read_graphml(BytesIO(formats.graphml(graph)), force_multigraph=True)


def hostile() -> Graph:
    node = Node(1, "context", HOSTILE)
    return Graph({1: node}, {1: Cluster(1, HOSTILE, places=(Place(1, "context"),))}, slots=CMO, title=HOSTILE)


def test_a_graph_library_finds_elements_configurations_and_ripples():
    opened = read(theory())
    assert opened.is_directed()
    elements = {name for name, said in opened.nodes(data=True) if said["type"] == "element"}
    assert elements == {f"E{number}" for number in theory().nodes}
    assert set(opened) - elements == {f"CMO{number}" for number in theory().clusters}
    ripples = {(a, b) for a, b, said in opened.edges(data=True) if said["relation"] == "ripple"}
    assert ripples == {(f"CMO{tie.source}", f"CMO{tie.target}") for tie in theory().ties if tie.ripple}
    assert networkx.has_path(opened, "CMO1", "CMO3")


def test_hostile_words_come_back_whole():
    assert read(hostile()).nodes["E1"]["label"] == HOSTILE


@settings(deadline=None, max_examples=25)
@given(theories(anything))
def test_any_theory_opens_with_every_record_in_it(graph):
    opened = read(graph)
    assert set(opened) == {f"E{number}" for number in graph.nodes} | {f"CMO{number}" for number in graph.clusters}
