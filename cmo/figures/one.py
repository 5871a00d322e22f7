"""Owns the figure of one configuration. Pure."""

from typing import TYPE_CHECKING

from cmo.figures.drawing import draw
from cmo.figures.graph import Cluster, Graph, Node, Place
from cmo.figures.svg import svg

if TYPE_CHECKING:
    from cmo.reading.configurations import ConfigurationRow


def graph_of(row: "ConfigurationRow") -> Graph:
    """A graph with this configuration alone."""
    nodes = {
        one.element.number: Node(
            one.element.number, one.element.kind, one.element.text, one.element.polarity, one.element.sign,
            one.element.level, one.element.state,
        )
        for one in row.placed
    }  # fmt: skip
    cluster = Cluster(
        row.configuration.number,
        row.configuration.nickname,
        state=row.configuration.state,
        places=tuple(Place(one.element.number, one.role.value, one.wording, one.activation) for one in row.placed),
        statements=tuple(number for number, _wording in row.statements),
    )
    slots = tuple((slot.role.value, slot.label) for slot in row.slots.rows)
    return Graph(nodes, {cluster.number: cluster}, slots=slots)


def configuration_svg(row: "ConfigurationRow") -> str:
    """One configuration as a self-contained SVG, C to M to O, with its sentence as description."""
    title = f"CMO {row.configuration.number}"
    if row.configuration.nickname:
        title += f": {row.configuration.nickname}"
    return svg(draw(graph_of(row), title=title, with_key=False).figure)
