"""Owns what may be asked of the map: one set for the page, the API and the figures, so that all show the same."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cmo.figures import formats
from cmo.figures.drawing import LAYOUTS, RIPPLE, draw
from cmo.figures.graph import DEEPEST, Graph, Node, chain, neighbourhood
from cmo.figures.png import png
from cmo.figures.svg import svg
from cmo.reading.elements import number_in
from cmo.reading.slots import Slots, slots_of
from cmo.reading.snapshots import snapshot_asked
from cmo.reading.then import configurations_then, elements_then
from cmo.reading.theory_at import TheoryAt
from cmo.reading.theory_map import graph_of, log_end
from cmo.structure_filters import ConfigurationFilter, ElementFilter
from cmo.vocabulary import State
from programmes.models import Programme
from programmes.reading.codebook import Codes

FILTERS = tuple(name for name in ConfigurationFilter.base_filters if name != "ordering")
WALKS = ("focus", "depth", "chain", "configuration")
ASKED = (*FILTERS, *WALKS, "layout", "rest", "lone", "snapshot")
FADE, HIDE, SHOW = "fade", "hide", "show"
# filters that no lone element can pass
OF_CONFIGURATIONS = ("role", "element", "area", "statement", "phase", "incomplete", "has_evidence", "verdict")
LONE = 40  # elements in no configuration that a page draws
LONE_IN_FILES = 400
DRAWN = 2  # moves when the same theory would be drawn or written otherwise
LARGEST = 2000  # configurations that one drawing holds
# {name: (content type, suffix)}; the first two are drawn, the others are data
FILES: dict[str, tuple[str, str]] = {
    "svg": ("image/svg+xml", "svg"),
    "png": ("image/png", "png"),
    "graphml": ("application/graphml+xml", "graphml"),
    "dot": ("text/vnd.graphviz; charset=utf-8", "dot"),
    "mermaid": ("text/plain; charset=utf-8", "mmd"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "json": ("application/json", "json"),
}
WRITERS = {
    "graphml": formats.graphml, "dot": formats.dot, "mermaid": formats.mermaid, "csv": formats.table,
    "json": formats.json_file,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapShown:
    """What is drawn: the graph of it, what of it was asked for, what is only there faded, and what was left out."""

    graph: Graph
    chosen: frozenset[int]
    faded: frozenset[int]
    found: int  # configurations for which all holds, also where fewer are drawn
    area: str = ""  # of a large map, the area that was taken as nothing was asked
    lone: int = 0  # elements in no configuration that were found, also where fewer are drawn

    @property
    def asked_for(self) -> Graph:
        """The graph without what is only there faded."""
        return self.graph.cut(self.chosen, also=self.graph.lone) if self.faded else self.graph

    @property
    def cut(self) -> bool:
        """Whether fewer are drawn than were found."""
        return len(self.chosen) < self.found


class MapQuestion:
    """A query against one programme: the filters of configurations, and `focus`, `depth`, `chain`, `configuration`.

    All must hold together. Retired configurations show only when their state is asked for, or one by its label.
    """

    def __init__(self, query: Any, *, programme: Programme, codes: Codes | None = None) -> None:
        self.query, self.programme, self._codes = query, programme, codes

    @cached_property
    def theory(self) -> TheoryAt | None:
        """The theory of the snapshot that is asked for; None for the working one. Raises ValidationError (snapshot)."""
        return snapshot_asked(self.programme, self.query)

    @cached_property
    def slots(self) -> Slots:
        return self.theory.slots if self.theory else slots_of(self.programme)

    @cached_property
    def filter(self) -> ConfigurationFilter:
        asked = self.query.copy()
        if asked.get("configuration") and not asked.get("state"):
            asked["state"] = ",".join(State.values)  # who names one wants it, retired or not
        codes = Codes(self.programme, self.theory.themes) if self.theory else self._codes
        return ConfigurationFilter(asked, programme=self.programme, codes=codes, slots=self.slots)

    @cached_property
    def graph(self) -> Graph:
        """The whole theory."""
        return self.theory.graph if self.theory else graph_of(self.programme, self.slots)

    @property
    def asks(self) -> bool:
        """Whether anything narrows the map."""
        return any(self.query.get(name) for name in (*FILTERS, "focus", "chain", "configuration"))

    @property
    def layout(self) -> str:
        return self._one_of("layout", LAYOUTS, RIPPLE)

    @property
    def rest(self) -> str:
        return self._one_of("rest", (FADE, HIDE), HIDE)

    @property
    def depth(self) -> int:
        return int(self._one_of("depth", tuple(str(n) for n in range(1, DEEPEST + 1)), "1"))

    def _one_of(self, name: str, known: tuple[str, ...], usual: str) -> str:
        given = str(self.query.get(name) or usual)
        if given not in known:
            said = _("There is no %(name)s “%(value)s”; known are: %(known)s.")
            raise ValidationError({name: said % {"name": name, "value": given[:60], "known": ", ".join(known)}})
        return given

    @cached_property
    def focus(self) -> tuple[str, int] | None:
        """("E", 12) or ("CMO", 5). Raises ValidationError (focus)."""
        label = str(self.query.get("focus") or "").strip()
        if not label:
            return None
        kind = "CMO" if label[:1].upper() == "C" else "E"
        number = number_in(kind, label, field="focus")
        if number not in (self.graph.clusters if kind == "CMO" else self.graph.nodes):
            said = _("There is no %(label)s in this programme.") % {"label": f"{kind}{number}"}
            raise ValidationError({"focus": said})
        return kind, number

    def configuration(self, name: str) -> int | None:
        """The number of the configuration that a parameter names ("CMO5"), or None. Raises ValidationError (name)."""
        label = str(self.query.get(name) or "").strip()
        if not label:
            return None
        number = number_in("CMO", label, field=name)
        if number not in self.graph.clusters:
            said = _("There is no configuration CMO%(n)s in this programme.") % {"n": number}
            raise ValidationError({name: said})
        return number

    def chosen(self) -> set[int]:
        """The configurations for which everything asked holds. Raises ValidationError with one sentence a parameter."""
        only, start, focus = self.configuration("configuration"), self.configuration("chain"), self.focus
        deep = self.depth  # one that there is not is refused with and without a focus
        if self.theory:
            found = {row.configuration.number for row in configurations_then(self.filter.asked, self.theory)}
        else:
            found = set(self.filter.rows().order_by().values_list("number", flat=True))
        current = self.graph.cut(found) if self.query.get("state") else self._current
        if focus is not None:
            found &= neighbourhood(current, focus, deep)
        if start is not None:
            found &= chain(current, start)
        return found & {only} if only is not None else found

    @cached_property
    def lone(self) -> list[int]:
        """Elements in no configuration for which all that can be asked of an element holds; on unless `lone=hide`.

        One query, and that only where words are searched. Raises ValidationError.
        """
        if self._one_of("lone", (SHOW, HIDE), SHOW) == HIDE:
            return []
        if any(self.query.get(name) for name in (*OF_CONFIGURATIONS, "chain", "configuration")):
            return []
        standing = self._current.standing()
        found = [number for number, node in sorted(self.graph.nodes.items()) if self._is_lone(node, standing)]
        if self.focus is not None:
            return [number for number in found if self.focus == ("E", number)]
        if words := self.filter.asked["search"]:
            if self.theory:
                holding = {row.element.number for row in elements_then({"search": words}, self.theory)}
            else:
                rows = ElementFilter(QueryDict(urlencode({"search": words})), programme=self.programme).rows()
                holding = set(rows.order_by().values_list("number", flat=True))
            found = [number for number in found if number in holding]
        return found

    def _is_lone(self, node: Node, standing: Mapping[int, list[int]]) -> bool:
        asked = self.filter.asked
        return (
            node.number not in standing
            and node.state != State.RETIRED
            and (not asked["state"] or node.state in asked["state"])
            and (not asked["sign"] or node.sign in asked["sign"])
            and (not asked["theme"] or not self._theme_labels.isdisjoint(node.themes))
        )

    @cached_property
    def _theme_labels(self) -> set[str]:
        below = set(self.filter.themes_below(self.filter.asked["theme"]))
        return {theme.label for theme in self.filter.codes.themes if theme.pk in below}

    @cached_property
    def _current(self) -> Graph:
        return self.graph.cut(number for number, one in self.graph.clusters.items() if one.state != State.RETIRED)

    def shown(self, *, most: int | None = None) -> MapShown:
        """What to draw. With `most`, a larger map opens on its densest area, and no more than `most` are drawn."""
        found = self.chosen()
        area = ""
        if most is not None and len(found) > most and not self.asks:
            area = self.densest(found)
            found = {number for number in found if self.graph.clusters[number].area == area} if area else found
        kept = found if most is None else set(sorted(found)[:most])
        faded: set[int] = set()
        if self.rest == FADE and not area:
            faded = set(self._current.clusters) - kept
            if most is not None and len(kept | faded) > most:
                faded = set()
        lone = self.lone
        drawn = lone if most is None else lone[:LONE]
        graph = self.graph.cut(kept | faded, also=drawn)
        return MapShown(graph, frozenset(kept), frozenset(faded), len(found), area, len(lone))

    def densest(self, among: set[int]) -> str:
        """The area with the most of these configurations, the first of equals; "" where none stands in an area."""
        counts = Counter(self.graph.clusters[number].area for number in sorted(among))
        places = list(self.graph.areas)
        named = [(n, -places.index(slug), slug) for slug, n in counts.items() if slug in self.graph.areas]
        return max(named)[2] if named else ""

    # ---- files

    @cached_property
    def tag(self) -> str:
        """A strong ETag of the answer: the end of the programme's log, and what was asked in which words; one query.

        Areas, themes, statements and the setting of slots show in a map too, and all that changes them is in the log.
        """
        asked = sorted((name, values) for name, values in self.query.lists())
        mark = hashlib.sha256(f"{DRAWN} {get_language()} {asked}".encode()).hexdigest()[:16]
        return f'"{log_end(self.programme)}-{mark}"'

    def file(self, name: str) -> bytes:
        """The map in one of FILES. Raises ValidationError (as, and each parameter)."""
        if name not in FILES:
            said = _("There is no format “%(as)s”; known are: %(known)s.")
            raise ValidationError({"as": said % {"as": name[:60], "known": ", ".join(FILES)}})
        layout, found = self.layout, self.shown()
        if name in WRITERS:
            return WRITERS[name](found.asked_for)
        n = len(found.graph.clusters)
        if n > LARGEST:
            said = _("A drawing holds at most %(most)s configurations, and these are %(n)s. Choose an area or a theme.")
            raise ValidationError({"as": said % {"most": LARGEST, "n": n}})
        graph = found.graph.cut(found.graph.clusters, also=found.graph.lone[:LONE_IN_FILES])
        figure = draw(graph, by=layout, faded=found.faded, title=self.title(found), lone=found.lone).figure
        return svg(figure).encode() if name == "svg" else png(figure)

    def answer(self, name: str) -> HttpResponse:
        """The file as an answer. Raises ValidationError as `file` does."""
        answer = HttpResponse(self.file(name), content_type=FILES[name][0])
        answer["Content-Disposition"] = f'attachment; filename="{self.programme.slug}-map.{FILES[name][1]}"'
        return answer

    def title(self, found: MapShown) -> str:
        """What the figure is called: one configuration by its number, a chain by its start, else the theory."""
        numbers = sorted(found.graph.clusters)
        if len(numbers) == 1:
            one = found.graph.clusters[numbers[0]]
            return f"CMO {one.number}{f': {one.nickname}' if one.nickname else ''}"
        start = self.configuration("chain")
        if start is not None:
            return _("Ripples through CMO %(n)s: %(title)s") % {"n": start, "title": found.graph.title}
        return _("Map of configurations: %(title)s") % {"title": found.graph.title}
