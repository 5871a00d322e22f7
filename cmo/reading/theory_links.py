"""Owns what joins configurations of a theory at a moment: links as they were kept, ripples found anew, the graph."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmo.figures.graph import Cluster, Graph, Node, Place, Tie, crowds, ripples
from cmo.reading.configurations import MOST_RIPPLES, ConfigurationRow, LinkRow
from cmo.reading.elements import ElementRow
from cmo.reading.slots import Slots
from cmo.vocabulary import LinkKind, State

Links = Sequence[Mapping[str, Any]]  # as reading/parts keeps them


def put_links(rows: Sequence[ConfigurationRow], links: Links) -> None:
    """What is stated between current configurations, and the ripples, on the rows at either end."""
    by_label = {row.label: row for row in rows}
    current = {row.label for row in rows if row.configuration.state != State.RETIRED}
    described: dict[tuple[int, int, int], Mapping[str, Any]] = {}
    for one in links:
        if one["state"] == "retired" or not {one["from"], one["to"]} <= current:
            continue
        if one["kind"] == LinkKind.RIPPLE:
            described[(number_of(one["from"]), number_of(one["to"]), number_of(one["element"]))] = one
            continue
        for end in dict.fromkeys((one["from"], one["to"])):
            by_label[end].links.append(link_of(one))
    for tie in ripples(_clusters(rows), {}):
        _ripple(tie, described.get((tie.source, tie.target, tie.element or 0)), by_label)


def _ripple(tie: Tie, said: Mapping[str, Any] | None, rows: Mapping[str, ConfigurationRow]) -> None:
    source, target, element = f"CMO{tie.source}", f"CMO{tie.target}", f"E{tie.element}"
    link = link_of(said) if said else LinkRow(None, LinkKind.RIPPLE.value, source, target, element)
    for end in dict.fromkeys((source, target)):
        row = rows[end]
        if sum(each.kind == LinkKind.RIPPLE for each in row.links) < MOST_RIPPLES:
            row.links.append(link)
        else:
            row.links_more += 1


def graph_made(
    elements: Iterable[ElementRow],
    configurations: Sequence[ConfigurationRow],
    links: Links,
    *,
    slots: Slots,
    areas: Mapping[str, str],
    title: str,
) -> Graph:
    """The theory as the map draws it."""
    nodes = {
        row.element.number: Node(
            row.element.number, row.element.kind, row.element.text, row.element.polarity, row.element.sign,
            row.element.level, row.element.state, tuple(tag.label for tag in row.themes),
        )
        for row in elements
    }  # fmt: skip
    clusters = _clusters(configurations)
    current = {number for number, one in clusters.items() if one.state != State.RETIRED}
    names: dict[tuple[int, int, int], str] = {}
    stated: list[Tie] = []
    for one in links:
        source, target = number_of(one["from"]), number_of(one["to"])
        if one["state"] == "retired":
            continue
        if one["kind"] == LinkKind.RIPPLE:
            names[(source, target, number_of(one["element"]))] = one["label"]
        elif {source, target} <= current:
            stated.append(Tie(source, target, one["kind"], None, one["label"]))
    shown = tuple((slot.role.value, slot.label) for slot in slots.rows)
    return Graph(nodes, clusters, (*ripples(clusters, names), *stated), shown, areas, title, crowds(clusters))


def _clusters(rows: Iterable[ConfigurationRow]) -> dict[int, Cluster]:
    return {
        row.configuration.number: Cluster(
            row.configuration.number, row.configuration.nickname,
            row.configuration.area.slug if row.configuration.area else "",
            row.configuration.origin.slug if row.configuration.origin else "", row.configuration.state,
            tuple(Place(one.element.number, one.role.value, one.wording, one.activation) for one in row.placed),
            tuple(number for number, _wording in row.statements),
        )
        for row in rows
    }  # fmt: skip


def number_of(label: str) -> int:
    """The number in a label."""
    return int(label.lstrip("CMOE"))


def link_of(one: Mapping[str, Any]) -> LinkRow:
    return LinkRow(
        one["number"], one["kind"], one["from"], one["to"], one["element"], one["label"], one["note"],
        one["state"] == "retired", one["revision"],
    )  # fmt: skip


def place_of(link: LinkRow) -> tuple[int, int, str, int]:
    """Links stand from the first configuration to the last."""
    return number_of(link.source), number_of(link.target), link.kind, number_of(link.element or "E0")
