"""Owns theories for tests of figures: a small one that has everything, random ones with loops, and any text."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from cmo.figures.graph import Cluster, Graph, Node, Place, Tie, ripples

CMO = (("context", "Context"), ("mechanism", "Mechanism"), ("outcome", "Outcome"))
SPLIT = (("context", "Context"), ("resource", "Resource"), ("reasoning", "Reasoning"), ("outcome", "Outcome"))
HOSTILE = '<script>alert("x")</script> & \'q\' `b` | ]]> #end; %% \\n --> שלום \u202e txet ' + "wort" * 40


def theory() -> Graph:
    """Six configurations: a chain of three that loops back, a gap, a hindering context, signs, and stated links."""
    nodes = [
        Node(1, "context", "Managers have time to explain", polarity="facilitating", themes=("O1", "O4.10")),
        Node(2, "mechanism", "Time in team meetings"),
        Node(3, "mechanism", "They see what it changes for them"),
        Node(4, "outcome", "Practitioners take it up", sign="positive", level="micro"),
        Node(5, "mechanism", "Reflection on live cases"),
        Node(6, "outcome", "The guidance settles into practice", sign="mixed"),
        Node(7, "context", "Only an email announces it", polarity="hindering"),
        Node(8, "outcome", "Few managers know of it", sign="negative"),
        Node(9, "intervention", "New guidance"),
        Node(10, "unsure", "A board that meets weekly & decides"),
    ]
    clusters = [
        Cluster(1, "Talked through", "plans", "gleaning", places=(
            Place(1, "context"), Place(6, "context"), Place(2, "resource"), Place(3, "reasoning", activation="strong"),
            Place(4, "outcome")), statements=(7,)),
        Cluster(2, area="plans", places=(Place(4, "context"), Place(5, "mechanism"), Place(6, "outcome"))),
        Cluster(3, area="policy", places=(Place(6, "context"), Place(4, "outcome", "In this team they take it up"))),
        Cluster(4, places=(Place(7, "context"), Place(8, "outcome"))),
        Cluster(5, places=(Place(9, "intervention"), Place(10, "unsure"), Place(8, "context"))),
        Cluster(6),
    ]  # fmt: skip
    by_number = {one.number: one for one in clusters}
    ties = ripples(by_number, {(1, 2, 4): "opens the door"})
    ties += [Tie(1, 4, "contradicts"), Tie(4, 5, "rival", name="same opening")]
    ties += [Tie(6, 1, "nested"), Tie(2, 3, "contrasts")]
    areas = {"policy": "Policy nature", "plans": "Implementation plans"}
    return Graph({node.number: node for node in nodes}, by_number, tuple(ties), SPLIT, areas, "A small theory")


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def theories(draw: Any, words: Any = None) -> Graph:
    """Any theory: shared elements in any roles, so loops, joints and lone configurations; links both ways."""
    texts = words if words is not None else st.just("words")
    count, size = draw(st.integers(1, 9)), draw(st.integers(1, 8))
    kinds = ["context", "mechanism", "outcome", "intervention", "setting", "actor", "unsure"]
    nodes = {
        number: Node(
            number, draw(st.sampled_from(kinds)), draw(texts), draw(st.sampled_from(["", "facilitating", "hindering"])),
            draw(st.sampled_from(["", "positive", "negative", "mixed"])),
        )
        for number in range(1, count + 1)
    }  # fmt: skip
    roles = st.sampled_from(["context", "mechanism", "resource", "reasoning", "outcome", "intervention", "unsure"])
    placing = st.lists(st.tuples(st.integers(1, count), roles), max_size=7, unique=True)
    clusters: Mapping[int, Cluster] = {
        number: Cluster(
            number, draw(texts), draw(st.sampled_from(["", "plans"])),
            places=tuple(Place(element, role) for element, role in draw(placing)),
        )
        for number in range(1, size + 1)
    }  # fmt: skip
    stated = draw(st.lists(st.tuples(st.integers(1, size), st.integers(1, size)), max_size=4, unique=True))
    links = [Tie(source, target, "rival", name=draw(texts)) for source, target in stated if source != target]
    slots = draw(st.sampled_from([CMO, SPLIT, (("intervention", "I"), *CMO)]))
    return Graph(nodes, clusters, (*ripples(clusters, {}), *links), slots, {"plans": draw(texts)}, draw(texts))
