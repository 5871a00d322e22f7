"""Owns how the whole theory is read as a graph: eight queries, however large it is."""

from cmo.figures.graph import Cluster, Graph, Node, Place, Tie, crowds, ripples
from cmo.figures.shapes import Point
from cmo.models import (
    Configuration,
    ConfigurationElement,
    ConfigurationStatement,
    Element,
    ElementTheme,
    Link,
    MapPosition,
)
from cmo.reading.areas import areas_of
from cmo.reading.slots import Slots
from cmo.vocabulary import LinkKind, State
from programmes.models import AuditHead, Person, Programme
from programmes.natural import natural


def graph_of(programme: Programme, slots: Slots) -> Graph:
    """Every element and configuration, retired ones too, and what joins the current ones."""
    nodes = _nodes(programme)
    clusters = _clusters(programme, slots)
    links = Link.objects.filter(programme=programme, retired=False).order_by("number")
    rows = list(links.values_list("kind", "source__number", "target__number", "element__number", "name"))
    names = {
        (source, target, element): name
        for kind, source, target, element, name in rows
        if kind == LinkKind.RIPPLE and element is not None
    }
    current = {number for number, one in clusters.items() if one.state != State.RETIRED}
    stated = [
        Tie(source, target, kind, None, name)
        for kind, source, target, _element, name in rows
        if kind != LinkKind.RIPPLE and {source, target} <= current
    ]
    return Graph(
        nodes,
        clusters,
        (*ripples(clusters, names), *stated),
        tuple((slot.role.value, slot.label) for slot in slots.rows),
        {area.slug: area.title for area in areas_of(programme)},
        programme.title,
        crowds(clusters),
    )


def _nodes(programme: Programme) -> dict[int, Node]:
    themes: dict[int, list[tuple[str, str]]] = {}
    tagged = ElementTheme.objects.filter(element__programme=programme)
    for element, code, uid, name in tagged.values_list("element", "theme__code", "theme__uid", "theme__name"):
        themes.setdefault(element, []).append((code or str(uid), "" if code else name))
    rows = Element.objects.filter(programme=programme).order_by("number")
    return {
        row[1]: Node(*row[1:], themes=_in_order(themes.get(row[0], [])))
        for row in rows.values_list("pk", "number", "kind", "text", "polarity", "sign", "level", "state")
    }


def _in_order(tags: list[tuple[str, str]]) -> tuple[str, ...]:
    """Labels as everywhere: codes in natural order, then themes without one by name."""
    ordered = sorted(tags, key=lambda tag: (bool(tag[1]), natural(tag[1] or tag[0])))
    return tuple(label for label, _name in ordered)


def _clusters(programme: Programme, slots: Slots) -> dict[int, Cluster]:
    placed: dict[int, list[tuple[int, int, Place]]] = {}
    rows = ConfigurationElement.objects.filter(configuration__programme=programme)
    for key, element, role, position, wording, activation in rows.values_list(
        "configuration", "element__number", "role", "position", "wording", "activation"
    ):
        place = (slots.order(role), position, Place(element, role, wording, activation))
        placed.setdefault(key, []).append(place)
    spelled: dict[int, list[int]] = {}
    statements = ConfigurationStatement.objects.filter(configuration__programme=programme)
    for key, number in statements.exclude(statement__state=State.RETIRED).values_list(
        "configuration", "statement__number"
    ):
        spelled.setdefault(key, []).append(number)
    configurations = Configuration.objects.filter(programme=programme).order_by("number")
    found: dict[int, Cluster] = {}
    for key, number, nickname, area, phase, state in configurations.values_list(
        "pk", "number", "nickname", "area__slug", "origin__slug", "state"
    ):
        places = sorted(placed.get(key, []), key=lambda row: row[:2])
        found[number] = Cluster(
            number, nickname, area or "", phase or "", state,
            tuple(place for _order, _position, place in places), tuple(sorted(spelled.get(key, []))),
        )  # fmt: skip
    return found


def places_of(person: Person, programme: Programme, layout: str) -> dict[int, Point]:
    """{configuration: where this person put it}; one query."""
    rows = MapPosition.objects.filter(person=person, programme=programme, layout=layout)
    return {number: (float(x), float(y)) for number, x, y in rows.values_list("configuration__number", "x", "y")}


def log_end(programme: Programme) -> str:
    """What moves with every change of anything in the programme, and with nothing else; one query."""
    found = AuditHead.objects.filter(scope=f"p{programme.pk}").values_list("number", "digest").first()
    number, digest = found or (0, "")
    return f"{number}-{digest[:16]}"
