"""Owns the map: the theory drawn on the server, filtered, with one record beside it and a table of the same content."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from cmo.figures.blocks import columns
from cmo.figures.drawing import AREA, RIPPLE, STATED, draw
from cmo.figures.formats import HOLDS, joins
from cmo.figures.graph import Graph, roles_of
from cmo.figures.svg import inline
from cmo.map_question import FADE, FILES, HIDE, SHOW, WALKS, MapQuestion, MapShown
from cmo.reading.configurations import configuration_row, find_configuration
from cmo.reading.elements import element_row, find_element, number_in
from cmo.reading.slots import slots_of
from cmo.reading.theory_map import places_of
from cmo.rules.placing import forget_places, put_on_map
from cmo.views.then import theory_then
from cmo.vocabulary import LinkKind, Sign, Slot, State
from programmes.reading.codebook import Codes, flat, themes_of, tree
from programmes.reading.team import phases_of
from programmes.views.base import Page, sentences
from programmes.vocabulary import Verb

MOST = 150  # configurations that one page draws
WIDEST = 1500  # pixels; a wider drawing is not shrunk to the page
FURTHER = 40  # pixels that one press moves a configuration
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
CHOICES = ("area", "theme", "phase", "state", "sign")


class TheMap(Page):
    """`?area= &theme= … &focus=E12 &depth= &chain=CMO5 &configuration= &layout= &rest= &at=CMO5`; `as=` is a file.

    With htmx only the record that `at` names is answered.
    """

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.htmx:
            layout = request.GET.get("layout", RIPPLE)
            then = self._theory.snapshot if self._theory else None
            part = {"htmx_part": True, "layout": layout, "x": "", "y": "", "snapshot": then}
            return self.show("cmo/_map_side.html", part | self._selected(request.GET.get("at", "")))
        if request.GET.get("as"):
            return self._file(request.GET)
        return self._page(request.GET)

    def _file(self, query: QueryDict) -> HttpResponse:
        try:
            question = MapQuestion(query, programme=self.programme)
            same = get_conditional_response(self.request, etag=question.tag)
            if same is not None:
                return same
            answer = question.answer(query.get("as", ""))
            answer["ETag"] = question.tag
            return answer
        except ValidationError as refusal:
            return self._page(query, problems=sentences(refusal))

    def _page(self, query: QueryDict, *, problems: list[str] | None = None) -> HttpResponse:
        theory = self._theory
        themes = theory.themes if theory else themes_of(self.programme)
        question = MapQuestion(query, programme=self.programme, codes=Codes(self.programme, themes))
        problems = problems or []
        layout, rest, depth = RIPPLE, HIDE, 1
        try:
            layout, rest, depth = question.layout, question.rest, question.depth
            found = question.shown(most=MOST)
        except ValidationError as refusal:
            problems += [said for said in sentences(refusal) if said not in problems]
            found = MapShown(question.graph.cut(()), frozenset(), frozenset(), 0)
        moved = places_of(self.actor.person, self.programme, layout)
        at = query.get("at", "").upper()
        drawn = draw(found.graph, by=layout, faded=found.faded, moved=moved, with_key=False, lone=found.lone)
        base = _without(query, "at", "as")
        picture = inline(
            drawn.figure,
            lambda label: f"?{base}{'&' if base else ''}at={label}#side",
            current=at,
            css="cmomap cmomap--wide" if drawn.figure.width > WIDEST else "cmomap",
        )
        context = {
            "current": "map",
            "snapshot": theory.snapshot if theory else None,
            "problems": problems,
            "picture": mark_safe(picture),  # every word in it went through the writer's escaping
            "found": found,
            "n": len(found.graph.clusters),
            "whole": question.graph,
            "elements": len(question.graph.nodes),
            "table": map_table(found),
            "fields": self._fields(question, query, themes),
            "q": query,
            "layout": layout,
            "rest": rest if question.asks else FADE,
            "depth": depth,
            "layouts": [(RIPPLE, _("By ripple")), (AREA, _("By theory area"))],
            "formats": [name for name in FILES if name != "json"],
            "file_query": base,
            "lone": query.get("lone") or SHOW,
            "drawn": bool(found.graph.nodes or found.graph.clusters),
            "kept": [(name, query[name]) for name in (*WALKS, "layout", "snapshot") if query.get(name)],
            "key": columns(question.graph, list(found.graph.clusters.values())),
            "stated_key": [(" ".join(f"{n:g}" for n in dash), LinkKind(kind).label)
                           for kind, dash in STATED.items() if any(tie.kind == kind for tie in found.graph.ties)],
            "asked_for": any(query.get(name) for name in (*CHOICES, "search")) and not problems,
            "matching": len(found.graph.clusters.keys() - found.faded),
            "area_title": question.graph.areas.get(found.area, ""),
            "all": found.found,
            "moved": bool(moved.keys() & drawn.places.keys()),
            "state_query": _without(query, "as"),
            **self._selected(at, places=drawn.places),
        }
        return self.show("cmo/map.html", context, status=400 if problems else 200)

    def _fields(self, question: MapQuestion, query: QueryDict, themes: list[Any]) -> list[dict[str, Any]]:
        """The choices of the filter, one list a parameter."""
        areas = [*question.graph.areas.items(), ("none", _("Without an area"))]
        given: dict[str, tuple[str, list[tuple[str, Any]]]] = {
            "area": (_("Theory area"), areas),
            "theme": (_("Theme"), [(theme.label, str(theme)) for theme in flat(tree(themes))]),
            "phase": (_("First made in"), [(phase.slug, phase.title) for phase in phases_of(self.programme)]),
            "state": (_("State"), list(State.choices)),
            "sign": (_("Outcome"), list(Sign.choices)),
        }
        return [
            {"name": name, "label": given[name][0], "options": given[name][1], "value": query.get(name, "")}
            for name in CHOICES
        ]

    def _selected(self, label: str, *, places: dict[int, Any] | None = None) -> dict[str, Any]:
        """The record that stands beside the map: {row} of a configuration or {element}; nothing for another label."""
        label = label.upper()
        kind = "CMO" if label.startswith("C") else "E"
        try:
            number = number_in(kind, label, field="at")
        except ValidationError:
            return {}
        if kind == "E":
            return {"element": self._element(number)}
        row = self._configuration(number)
        place = (places or {}).get(number)
        return {"row": row, "x": round(place[0]) if place else "", "y": round(place[1]) if place else ""}


    @cached_property
    def _theory(self) -> Any:
        return theory_then(self)

    def _element(self, number: int) -> Any:
        if self._theory is None:
            return element_row(find_element(self.programme, number))
        return _numbered([(row.element.number, row) for row in self._theory.elements], number)

    def _configuration(self, number: int) -> Any:
        if self._theory is None:
            return configuration_row(find_configuration(self.programme, number), slots_of(self.programme))
        return _numbered([(row.configuration.number, row) for row in self._theory.configurations], number)


def _numbered(rows: list[tuple[int, Any]], number: int) -> Any:
    found = dict(rows).get(number)
    if found is None:
        raise Http404("There is no such record in this snapshot.")
    return found


def _without(query: QueryDict, *names: str) -> str:
    """The query as it stands in an address, without these parameters and without empty ones."""
    return urlencode([(name, value) for name, values in query.lists() for value in values
                      if value and name not in names])  # fmt: skip


def map_table(found: MapShown) -> dict[str, Any]:
    """What the drawing holds as a table: {heads: [(role, label)], rows, lone}, one row a record."""
    graph = found.graph
    roles = roles_of(graph, graph.clusters.values())
    labels = dict(graph.slots)
    heads = [(role, labels.get(role) or str(Slot(role).label)) for role in roles]
    numbers = sorted(found.chosen)
    lone = [graph.nodes[number] for number in graph.lone]
    return {"heads": heads, "rows": [_table_row(graph, number, roles) for number in numbers], "lone": lone}


def _table_row(graph: Graph, number: int, roles: list[str]) -> dict[str, Any]:
    one = graph.clusters[number]
    before, after, stated = joins(graph, number)
    cells = [
        [(graph.nodes[place.element], graph.text(place)) for place in one.places if place.role == role]
        for role in roles
    ]
    said = [(_("Holds nested in it") if kind == HOLDS else LinkKind(kind).label, label) for kind, label in stated]
    return {"one": one, "cells": cells, "before": before, "after": after, "stated": said}


class PutOnMap(Page):
    """Where this person wants a configuration on their map, dragged or by a button; or all as they were."""

    writes = Verb.READ

    def post(self, request: HttpRequest) -> HttpResponse:
        given = request.POST
        layout = given.get("layout", RIPPLE)
        try:
            if "reset" in given:
                forget_places(self.programme, by=self.actor, layout=layout)
            else:
                number = number_in("CMO", given.get("node", ""), field="node")
                configuration = find_configuration(self.programme, number)
                right, down = WAYS.get(given.get("go", ""), (0, 0))
                x, y = (_whole(given.get(name, ""), name) for name in ("x", "y"))
                x, y = max(0, x + right * FURTHER), max(0, y + down * FURTHER)
                put_on_map(configuration, by=self.actor, layout=layout, x=x, y=y)
        except ValidationError as refusal:
            return HttpResponse("\n".join(sentences(refusal)), status=422, content_type="text/plain; charset=utf-8")
        if self.htmx:
            return HttpResponse(status=204)
        back = _without(QueryDict(given.get("back", "")), "as")
        return redirect(f"{reverse('map', args=[self.programme.slug])}?{back}#side")


def _whole(text: str, name: str) -> int:
    """A whole number as typed. Raises ValidationError (name)."""
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise ValidationError({name: _("Write a whole number of pixels, not “%(text)s”.") % {"text": text[:60]}})
    return int(text)
