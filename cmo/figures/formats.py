"""Owns a map as data for other programs: JSON, GraphML, DOT, Mermaid and a table. Pure, any text is only text."""

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from cmo.figures.blocks import LETTERS
from cmo.figures.graph import Cluster, Graph, Place, Tie, steps
from cmo.figures.letters import wrap
from cmo.figures.svg import told
from cmo.vocabulary import KIND_OF, Kind, LinkKind, Slot
from programmes.gate import guarded

PART, LEADS = "part", "leads"  # kinds of edges beside those of links
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def as_json(graph: Graph) -> dict[str, Any]:
    """{nodes: elements, configurations, edges}; edges lead between elements of one configuration, or are links."""
    standing = graph.standing()
    return {
        "nodes": [
            {
                "id": node.label,
                "kind": node.kind,
                "text": node.text,
                "polarity": node.polarity,
                "sign": node.sign,
                "level": node.level,
                "state": node.state,
                "themes": list(node.themes),
                "configurations": [f"CMO{number}" for number in standing.get(node.number, [])],
                "lone": node.number not in standing,
            }
            for _number, node in sorted(graph.nodes.items())
        ],
        "configurations": [
            {
                "id": one.label,
                "nickname": one.nickname,
                "area": one.area or None,
                "phase": one.phase or None,
                "state": one.state,
                "statements": [f"S{number}" for number in one.statements],
                "elements": [
                    {
                        "element": f"E{place.element}",
                        "role": place.role,
                        "text": graph.text(place),
                        "activation": place.activation,
                    }
                    for place in one.places
                ],
            }
            for one in _clusters(graph)
        ],
        "edges": [
            {
                "from": source,
                "to": target,
                "kind": kind,
                "configuration": configuration or None,
                "element": element or None,
                "label": label,
            }
            for source, target, kind, configuration, element, label in edges(graph)
        ],
    }


def edges(graph: Graph) -> Iterator[tuple[str, str, str, str, str, str]]:
    """(from, to, kind, configuration, element, label) of every edge, in order; what does not apply is "".

    The ripples of a crowd go through its element: from each configuration to it, and from it to each.
    """
    for one in _clusters(graph):
        for source, target in steps(graph, one):
            yield f"E{source}", f"E{target}", LEADS, one.label, "", ""
    for tie in graph.ties:
        element = f"E{tie.element}" if tie.element else ""
        yield f"CMO{tie.source}", f"CMO{tie.target}", tie.kind, "", element, tie.name
    for crowd in graph.crowds:
        element = f"E{crowd.element}"
        for number in crowd.sources:
            yield f"CMO{number}", element, LinkKind.RIPPLE.value, "", element, ""
        for number in crowd.targets:
            yield element, f"CMO{number}", LinkKind.RIPPLE.value, "", element, ""


def _clusters(graph: Graph) -> list[Cluster]:
    return [one for _number, one in sorted(graph.clusters.items())]


def json_file(graph: Graph) -> bytes:
    return json.dumps(as_json(graph), ensure_ascii=False, indent=1).encode() + b"\n"


# ---------------------------------------------------------------- GraphML


FIELDS = {
    "node": ("type", "kind", "label", "polarity", "sign", "level", "state", "themes", "area", "phase", "statements"),
    "edge": ("relation", "role", "wording", "activation", "configuration", "element", "name"),
}


def graphml(graph: Graph) -> bytes:
    """Elements and configurations as nodes; what stands in a configuration points at it (relation "part")."""
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}">\n']
    for where, names in FIELDS.items():
        for name in names:
            parts.append(f'<key id="{where[0]}_{name}" for="{where}" attr.name="{name}" attr.type="string"/>\n')
    parts.append('<graph id="map" edgedefault="directed">\n')
    for _number, node in sorted(graph.nodes.items()):
        said = {
            "type": "element", "kind": node.kind, "label": node.text, "polarity": node.polarity, "sign": node.sign,
            "level": node.level, "state": node.state, "themes": "; ".join(node.themes),
        }  # fmt: skip
        parts.append(f'<node id="{node.label}">{_data("n", said)}</node>\n')
    for one in _clusters(graph):
        said = {
            "type": "configuration", "label": one.nickname or one.label, "state": one.state, "area": one.area,
            "phase": one.phase, "statements": "; ".join(f"S{number}" for number in one.statements),
        }  # fmt: skip
        parts.append(f'<node id="{one.label}">{_data("n", said)}</node>\n')
    for one in _clusters(graph):
        for place in one.places:
            said = {"relation": PART, "role": place.role, "wording": place.wording, "activation": place.activation}
            parts.append(f'<edge source="E{place.element}" target="{one.label}">{_data("e", said)}</edge>\n')
    for source, target, kind, configuration, element, label in edges(graph):
        said = {"relation": kind, "configuration": configuration, "element": element, "name": label}
        parts.append(f'<edge source="{source}" target="{target}">{_data("e", said)}</edge>\n')
    parts.append("</graph>\n</graphml>\n")
    return "".join(parts).encode()


def _data(where: str, said: dict[str, str]) -> str:
    return "".join(f'<data key="{where}_{name}">{told(text)}</data>' for name, text in said.items() if text)


# ---------------------------------------------------------------- DOT and Mermaid


SHAPES = {
    Kind.CONTEXT: "box", Kind.MECHANISM: "hexagon", Kind.OUTCOME: "box", Kind.INTERVENTION: "cds",
    Kind.SETTING: "octagon", Kind.ACTOR: "house", Kind.UNSURE: "plaintext",
}  # fmt: skip


def dot(graph: Graph) -> bytes:
    """Graphviz: a cluster for each configuration, an own box for an element in each in which it stands."""
    face = 'fontname="Helvetica"'
    parts = [f"digraph map {{\n  rankdir=LR; compound=true; node [{face}]; edge [{face}];\n"]
    for one in _clusters(graph):
        parts.append(f"  subgraph cluster_{one.number} {{\n    label={_dot(_headed(one))};\n")
        for place in _once(one):
            kind = KIND_OF[Slot(place.role)]
            style = ' style="rounded"' if kind == Kind.OUTCOME else ""
            label = _dot(_lettered(graph, place))
            parts.append(f"    {_at(one, place.element)} [shape={SHAPES[kind]}{style} label={label}];\n")
        if not one.places:
            parts.append(f'    {_at(one, 0)} [shape=point label=""];\n')
        parts += [f"    {_at(one, source)} -> {_at(one, target)};\n" for source, target in steps(graph, one)]
        parts.append("  }\n")
    for tie in graph.ties:
        source, target = _ends(graph, tie)
        named = f" label={_dot(tie.name or tie.kind)}" if tie.name or not tie.ripple else ""
        style = "dashed" if tie.ripple else "dotted"
        whole = "" if tie.ripple else f" ltail=cluster_{tie.source} lhead=cluster_{tie.target}"
        parts.append(f"  {source} -> {target} [style={style}{whole}{named}];\n")
    for crowd in graph.crowds:
        parts.append(f'  crowd_e{crowd.element} [shape=circle label="E{crowd.element}"];\n')
        for number in crowd.sources:
            parts.append(f"  c{number}_e{crowd.element} -> crowd_e{crowd.element} [style=dashed];\n")
        for number in crowd.targets:
            parts.append(f"  crowd_e{crowd.element} -> c{number}_e{crowd.element} [style=dashed];\n")
    for element in graph.lone:
        node = graph.nodes[element]
        kind = Kind(node.kind)
        label = _dot(f"{LETTERS[kind]}: {node.text}")
        parts.append(f'  e{element} [shape={SHAPES[kind]} style="dashed" label={label}];\n')
    return "".join([*parts, "}\n"]).encode()


def mermaid(graph: Graph) -> bytes:
    """A flowchart: a subgraph for each configuration; boxes for contexts, hexagons for mechanisms, round outcomes."""
    parts = ["flowchart LR\n"]
    for one in _clusters(graph):
        parts.append(f"  subgraph CMO{one.number}[{_mermaid(_headed(one))}]\n")
        for place in _once(one):
            kind = KIND_OF[Slot(place.role)]
            start, end = {Kind.MECHANISM: ("{{", "}}"), Kind.OUTCOME: ("([", "])")}.get(kind, ("[", "]"))
            parts.append(f"    {_at(one, place.element)}{start}{_mermaid(_lettered(graph, place))}{end}\n")
        if not one.places:
            parts.append(f'    {_at(one, 0)}[" "]\n')
        parts += [f"    {_at(one, source)} --> {_at(one, target)}\n" for source, target in steps(graph, one)]
        parts.append("  end\n")
    for tie in graph.ties:
        source, target = _ends(graph, tie)
        named = tie.name or ("" if tie.ripple else tie.kind)
        arrow = "-.->" if tie.ripple else "---"
        parts.append(f"  {source} {arrow}{f'|{_mermaid(named)}|' if named else ''} {target}\n")
    for crowd in graph.crowds:
        parts.append(f'  crowd_e{crowd.element}(("E{crowd.element}"))\n')
        parts += [f"  c{number}_e{crowd.element} -.-> crowd_e{crowd.element}\n" for number in crowd.sources]
        parts += [f"  crowd_e{crowd.element} -.-> c{number}_e{crowd.element}\n" for number in crowd.targets]
    for element in graph.lone:
        node = graph.nodes[element]
        kind = Kind(node.kind)
        start, end = {Kind.MECHANISM: ("{{", "}}"), Kind.OUTCOME: ("([", "])")}.get(kind, ("[", "]"))
        parts.append(f"  e{element}{start}{_mermaid(f'{LETTERS[kind]}: {node.text}')}{end}\n")
    return "".join(parts).encode()


def _at(one: Cluster, element: int) -> str:
    return f"c{one.number}_e{element}"


def _once(one: Cluster) -> list[Place]:
    """Places with an element of their own; one in two roles is drawn once, in its first."""
    return list({place.element: place for place in reversed(one.places)}.values())[::-1]


def _ends(graph: Graph, tie: Tie) -> tuple[str, str]:
    """The boxes between which an edge of a link is drawn: those of its element, else the first of each side."""
    source, target = graph.clusters[tie.source], graph.clusters[tie.target]
    if tie.element:
        return _at(source, tie.element), _at(target, tie.element)
    first, second = (one.places[0].element if one.places else 0 for one in (source, target))
    return _at(source, first), _at(target, second)


def _headed(one: Cluster) -> str:
    statements = "".join(f", S{number}" for number in one.statements)
    return f"CMO {one.number}{statements}{f': {one.nickname}' if one.nickname else ''}"


def _lettered(graph: Graph, place: Place) -> str:
    return f"{LETTERS[KIND_OF[Slot(place.role)]]}: {graph.text(place)}"


def _dot(text: str) -> str:
    lines = wrap(text, 220, 13, 60) or [""]
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'


# What Mermaid or the page around it could take for markup stands as its number.
_MARKUP = re.compile(r"[^\w .,:!?()’“”‘–—…'/+=-]|[\\_`]")


def _mermaid(text: str) -> str:
    whole = " ".join(text.split()) or " "
    return '"' + _MARKUP.sub(lambda found: f"#{ord(found.group())};", whole) + '"'


# ---------------------------------------------------------------- the table


COLUMNS = ("configuration", "nickname", "statements", "area", "state", "role", "element", "text", "polarity", "sign",
           "activation", "themes", "ripples_from", "ripples_to", "links")  # fmt: skip


def table(graph: Graph) -> bytes:
    """One row an element in a role, lone ones without a configuration last, as spreadsheets expect it: UTF-8 with its
    mark, CRLF, no live formula."""
    buffer = StringIO()
    rows = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow(COLUMNS)
    for one in _clusters(graph):
        before, after, stated = joins(graph, one.number)
        head = [one.label, one.nickname, "; ".join(f"S{number}" for number in one.statements), one.area, one.state]
        tail = ["; ".join(before), "; ".join(after), "; ".join(f"{kind} {label}" for kind, label in stated)]
        for place in one.places:
            node = graph.nodes[place.element]
            cells = [*head, place.role, node.label, graph.text(place), node.polarity, node.sign, place.activation,
                     "; ".join(node.themes), *tail]  # fmt: skip
            rows.writerow([guarded(cell) for cell in cells])
        if not one.places:
            rows.writerow([guarded(cell) for cell in [*head, *[""] * 7, *tail]])
    for element in graph.lone:
        node = graph.nodes[element]
        cells = [*[""] * 4, node.state, "", node.label, node.text, node.polarity, node.sign, "", "; ".join(node.themes),
                 *[""] * 3]  # fmt: skip
        rows.writerow([guarded(cell) for cell in cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


HOLDS = "holds"  # what nesting is, seen from the configuration around the other


def joins(graph: Graph, number: int) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """(labels from which ripples come, labels to which they go, (kind, label) of stated links) of a configuration.

    The kind is HOLDS where the other one is nested in it.
    """
    ties = [tie for tie in graph.ties if number in (tie.source, tie.target)]
    before = [f"CMO{tie.source}" for tie in ties if tie.ripple and tie.target == number]
    after = [f"CMO{tie.target}" for tie in ties if tie.ripple and tie.source == number]
    stated = [
        (
            HOLDS if tie.kind == LinkKind.NESTED and tie.target == number else tie.kind,
            f"CMO{tie.target if tie.source == number else tie.source}",
        )
        for tie in ties
        if not tie.ripple
    ]
    for crowd in graph.crowds:
        if number in crowd.targets:
            before.append(_("%(n)s by %(element)s") % {"n": len(crowd.sources), "element": f"E{crowd.element}"})
        if number in crowd.sources:
            after.append(_("%(n)s by %(element)s") % {"n": len(crowd.targets), "element": f"E{crowd.element}"})
    return list(dict.fromkeys(before)), list(dict.fromkeys(after)), list(dict.fromkeys(stated))
