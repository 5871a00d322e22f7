"""Claims about one element that hundreds of configurations share: pages, lists, map and files stay bounded."""

import json
import time
from typing import Any

import pytest
from django.db import connection, transaction

from cmo.figures import formats
from cmo.figures.drawing import draw
from cmo.figures.graph import CROWD, Cluster, Graph, Node, Place, chain, crowds, neighbourhood, ripples
from cmo.figures.svg import svg
from cmo.models import Configuration
from cmo.reading.configurations import MOST_RIPPLES
from cmo.rules.introducing import introduce
from cmo.rules.linking import link
from cmo.rules.making_up import CONFIGURATIONS
from cmo.rules.standing import MakeUp, Standing
from cmo.rules.versioning import Version
from cmo.vocabulary import Change, Slot
from programmes.access import Actor
from tests.pages import text

A, P = "/api/v1/programmes/cse-test", "/p/cse-test"
N = 300


def crowded(n: int) -> Graph:
    """E1 is the outcome of CMO1 to CMOn and a context of the n that follow."""
    nodes = {1: Node(1, "outcome", "practice changes"), 2: Node(2, "context", "nobody has used it")}
    clusters = {
        at: Cluster(at, places=(Place(1, "outcome" if at <= n else "context"),)) for at in range(1, 2 * n + 1)
    }
    return Graph(nodes, clusters, tuple(ripples(clusters, {(1, 2 * n, 1): "said"})), crowds=crowds(clusters))


@pytest.fixture
def hundreds(programme: Any, cast: Any) -> int:
    """E1, the outcome of 300 configurations and a context of 300 others: 90,000 ripples."""
    by = Actor(cast.editor, "bulk")
    shared = introduce(programme, by=by, kind="outcome", text="practice changes")
    with transaction.atomic():
        rows = [
            Version(
                Configuration(nickname=f"Number {at}"), Change.NEW, "",
                MakeUp((Standing(shared, Slot.OUTCOME if at < N else Slot.CONTEXT, "", ""),), ()),
            )
            for at in range(2 * N)
        ]  # fmt: skip
        CONFIGURATIONS.write(programme, by=by, rows=rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cmo_configurationelement")
    first, last = rows[0].now, rows[-1].now
    link(programme, by=by, kind="ripple", source=first, target=last, element=shared, name="opens the way")
    link(programme, by=by, kind="contrasts", source=first, target=last)
    return N


# ---- the graph


def test_many_ripples_through_one_element_are_a_crowd_and_few_are_told():
    few, many = crowded(20), crowded(21)
    assert (len(few.ties), few.crowds) == (CROWD, ())
    assert [(tie.source, tie.target, tie.name) for tie in many.ties] == [(1, 42, "said")]
    assert [(crowd.element, crowd.n) for crowd in many.crowds] == [(1, 441)]


def test_a_part_of_a_crowd_tells_its_ripples_again():
    part = crowded(300).cut([1, 2, 599, 600])
    assert part.crowds == ()
    told = sorted((tie.source, tie.target, tie.name) for tie in part.ties)
    assert told == [(1, 599, ""), (1, 600, "said"), (2, 599, ""), (2, 600, "")]


def test_walks_go_through_a_crowd():
    graph = crowded(300)
    assert chain(graph, 5) == {5, *range(301, 601)}
    assert chain(graph, 400) == {400, *range(1, 301)}
    assert neighbourhood(graph, ("CMO", 5), 1) == set(range(1, 601))


def test_every_format_stays_in_step_with_the_configurations_and_says_so():
    graph = crowded(300)
    edges = formats.as_json(graph)["edges"]
    assert len(edges) == 601
    through = {"kind": "ripple", "configuration": None, "element": "E1", "label": ""}
    assert {"from": "CMO1", "to": "E1", **through} in edges
    assert {"from": "E1", "to": "CMO600", **through} in edges
    for write in (formats.graphml, formats.dot, formats.mermaid, formats.table):
        assert len(write(graph)) < 400_000, write
    drawn = svg(draw(graph).figure)
    assert "E1 is an outcome of 300 configurations here and a context of 300: its 90000 ripples are not drawn." in drawn
    assert len(drawn) < 2_000_000


# ---- pages and API


def test_pages_and_api_stay_small_and_fast(hundreds, cast, as_, api):
    page, script = as_(cast.viewer), api(cast.viewer)
    for ask, address, largest in [
        (page, f"{P}/cmo", 1_500_000), (page, f"{P}/cmo/1", 200_000), (page, f"{P}/map", 3_000_000),
        (page, f"{P}/e/1", 400_000), (script, f"{A}/configurations/?page_size=100", 2_000_000),
        (script, f"{A}/configurations/1/", 40_000), (script, f"{A}/links/?page_size=100", 60_000),
        (script, f"{A}/map/", 600_000),
    ]:  # fmt: skip
        began = time.perf_counter()
        answer = ask.get(address)
        assert answer.status_code == 200, address
        assert len(answer.content) < largest, (address, len(answer.content))
        assert time.perf_counter() - began < 20, address  # seconds of a busy machine; all 90,000 would take minutes


def test_a_configuration_lists_the_first_ripples_and_says_how_many_more(hundreds, cast, as_, api):
    said = api(cast.viewer).get(f"{A}/configurations/1/").json()
    kinds = [row["kind"] for row in said["links"]]
    assert (kinds.count("ripple"), kinds.count("contrasts"), said["links_more"]) == (MOST_RIPPLES, 1, N - MOST_RIPPLES)
    assert f"{N - MOST_RIPPLES} more ripples are not listed here." in text(as_(cast.viewer).get(f"{P}/cmo/1"))


def test_links_are_paged_through_to_the_last(hundreds, cast, api):
    script = api(cast.viewer)
    first = script.get(f"{A}/links/?page_size=200").json()
    assert first["count"] == N * N + 1
    assert [(row["kind"], row["from"], row["to"]) for row in first["results"][:2]] == [
        ("ripple", "CMO1", "CMO301"), ("ripple", "CMO1", "CMO302"),
    ]  # fmt: skip
    second = script.get(f"{A}/links/?page_size=200&page=2").json()["results"]
    assert [(row["kind"], row["label"]) for row in second[99:102]] == [
        ("contrasts", ""), ("ripple", "opens the way"), ("ripple", ""),
    ]  # fmt: skip
    last = script.get(f"{A}/links/?page_size=200&page={N * N // 200 + 1}").json()["results"]
    assert [(row["from"], row["to"]) for row in last] == [("CMO300", "CMO600")]
    touching = script.get(f"{A}/links/?configuration=CMO301&kind=ripple&page_size=200&page=2").json()
    assert (touching["count"], len(touching["results"])) == (N, 100)
    assert {row["to"] for row in touching["results"]} == {"CMO301"}


def test_the_map_draws_what_fits_and_says_what_it_leaves_out(hundreds, cast, as_, api):
    page = text(as_(cast.viewer).get(f"{P}/map"))
    assert "configurations are drawn. Choose an area or a theme." in page
    whole = json.loads(api(cast.viewer).get(f"{A}/map/").content)
    ripples_told = [edge for edge in whole["edges"] if edge["kind"] == "ripple"]
    assert len(ripples_told) == 2 * N + 1
