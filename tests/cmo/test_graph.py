"""Claims about the theory as a graph: ripples, neighbourhoods and chains, also where it has loops."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.figures.graph import Cluster, Place, chain, columns_of, neighbourhood, ripples, steps
from cmo.figures.layers import layered
from tests.graphs import theories, theory


def joined(graph):
    return {(tie.source, tie.target) for tie in graph.ties if tie.ripple}


def closure(pairs, start):
    """The slow way: pass over all pairs until nothing is new."""
    found = {start}
    while more := {target for source, target in pairs if source in found} - found:
        found |= more
    return found


def test_an_outcome_that_is_a_context_elsewhere_ripples_there_with_what_was_said_at_the_arrow():
    found = ripples(theory().clusters, {(1, 2, 4): "opens the door"})
    assert [(tie.source, tie.target, tie.element, tie.name) for tie in found] == [
        (1, 2, 4, "opens the door"), (2, 1, 6, ""), (2, 3, 6, ""), (3, 2, 4, ""), (4, 5, 8, ""),
    ]  # fmt: skip


def test_an_element_that_is_outcome_and_context_of_one_configuration_ripples_to_itself():
    one = Cluster(1, places=(Place(1, "context"), Place(1, "outcome")))
    assert [(tie.source, tie.target) for tie in ripples({1: one}, {})] == [(1, 1)]


def test_a_retired_configuration_has_no_ripples():
    gone = Cluster(2, state="retired", places=(Place(1, "context"),))
    assert ripples({1: Cluster(1, places=(Place(1, "outcome"),)), 2: gone}, {}) == []


def test_a_neighbourhood_grows_step_by_step():
    graph = theory()
    assert neighbourhood(graph, ("E", 5), 1) == {2}
    assert neighbourhood(graph, ("E", 5), 2) == {1, 2, 3}
    assert neighbourhood(graph, ("E", 5), 3) == {1, 2, 3, 4, 6}
    assert neighbourhood(graph, ("CMO", 5), 1) == {4, 5}
    assert neighbourhood(graph, ("E", 99), 3) == set()


def test_a_chain_follows_ripples_both_ways_and_round():
    graph = theory()
    assert chain(graph, 1) == {1, 2, 3}
    assert chain(graph, 5) == {4, 5}
    assert chain(graph, 6) == {6}
    assert chain(graph, 99) == set()


@settings(deadline=None)
@given(theories(), st.integers(1, 8))
def test_a_chain_is_all_that_leads_there_or_comes_from_there(graph, number):
    expected = closure(joined(graph), number) | closure({(b, a) for a, b in joined(graph)}, number)
    assert chain(graph, number) == (expected if number in graph.clusters else set())


@settings(deadline=None)
@given(theories(), st.integers(1, 9), st.integers(1, 3))
def test_a_neighbourhood_holds_the_nearer_one_and_ends(graph, number, depth):
    for kind in ("E", "CMO"):
        found = neighbourhood(graph, (kind, number), depth)
        assert found <= set(graph.clusters)
        assert depth == 1 or neighbourhood(graph, (kind, number), depth - 1) <= found


@settings(deadline=None)
@given(theories())
def test_a_part_of_a_theory_holds_no_loose_ends(graph):
    part = graph.cut(number for number in graph.clusters if number % 2)
    assert all({tie.source, tie.target} <= set(part.clusters) for tie in part.ties)
    assert set(part.nodes) == {element for one in part.clusters.values() for element in one.elements()}


def test_a_configuration_leads_from_each_filled_column_to_the_next():
    graph = theory()
    assert [role for role, _elements in columns_of(graph, graph.clusters[4])] == [role for role, _label in graph.slots]
    assert steps(graph, graph.clusters[4]) == [(7, 8)]
    assert steps(graph, graph.clusters[1]) == [(1, 2), (6, 2), (2, 3), (3, 4)]


edges = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.integers(40, 300), min_size=1), edges)
def test_blocks_of_one_layer_never_stand_on_each_other(heights, pairs):
    found = layered(heights, pairs, gap=30)
    assert set(found.layer) == set(found.top) == set(heights)
    for layer in range(found.width):
        row = sorted((found.top[one], heights[one]) for one in heights if found.layer[one] == layer)
        for (top, tall), (below, _tall) in pairwise(row):
            assert below >= top + tall - 0.01


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.integers(40, 300), min_size=1), edges)
def test_what_points_at_a_block_stands_left_of_it_unless_it_closes_a_loop(heights, pairs):
    found = layered(heights, pairs, gap=30)
    known = {pair for pair in pairs if set(pair) <= set(heights)}
    assert found.back <= known
    for source, target in known:
        back = (source, target) in found.back
        assert back == (found.layer[source] >= found.layer[target])


def test_the_order_of_edges_makes_no_difference():
    heights, pairs = dict.fromkeys(range(9), 80), [(0, 4), (1, 4), (4, 7), (7, 0), (2, 2), (3, 8), (1, 8)]
    assert layered(heights, pairs, gap=20) == layered(dict(reversed(heights.items())), pairs[::-1], gap=20)
