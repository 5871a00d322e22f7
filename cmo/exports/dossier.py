"""Owns what exporters may see: frozen facts, no models. Statements come as a stream that can be started anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple


class StatementFacts(NamedTuple):
    """One statement; times in ISO 8601 (UTC), themes as codes or ids, empty text where something is missing.
    Configurations, lineage and verdicts are what stands around it: empty where they were not asked for."""

    id: str
    number: int
    label: str
    area: str
    area_title: str
    if_: str
    then: str
    because: str
    wording: str
    themes: list[str]
    configurations: list[str]
    lineage: dict[str, list[dict[str, str]]]
    priority: bool
    verdicts: list[dict[str, str]]
    state: str
    phase: str
    cites: str
    revision: int
    created: str
    updated: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A programme's theory as it stands, or the part of it that a filter shows.

    `statements(around)` reads them anew, with what stands `around` each or, which is quicker, without.
    """

    programme: dict[str, Any]
    phases: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    themes: list[dict[str, Any]]
    statements: Callable[[bool], Iterator[StatementFacts]]
