"""Owns the parts of a theory that have no revisions: how each is read as it stands, in JSON that a snapshot keeps."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from cmo.models import Bearing, DescentLine, Excerpt, Snapshot, SnapshotPart
from cmo.reading.areas import area_json, areas_of
from cmo.reading.configurations import stated_links, stated_row
from cmo.reading.links import pattern_json, patterns_of, rivals_json, rivals_of
from cmo.reading.slots import slots_chosen
from cmo.weighing import counted
from programmes.models import Programme, Source
from programmes.reading.team import phases_of


def part_now(programme: Programme, kind: str) -> Any:
    """One of PARTS as it stands; as many queries as its kind takes, never more."""
    return json.loads(json.dumps(PARTS[kind](programme), cls=DjangoJSONEncoder))


def parts_then(snapshot: Snapshot) -> dict[str, Any]:
    """All parts as a snapshot keeps them; one query."""
    return dict(SnapshotPart.objects.filter(snapshot=snapshot).values_list("kind", "content"))


def _phases(programme: Programme) -> list[dict[str, Any]]:
    names = ("slug", "kind", "title", "about", "position", "state", "opened", "closed")
    return [{name: getattr(phase, name) for name in names} for phase in phases_of(programme)]


def _slots(programme: Programme) -> dict[str, Any]:
    chosen, revision = slots_chosen(programme)
    return {"slots": chosen, "revision": revision}


def _lineage(programme: Programme) -> list[dict[str, Any]]:
    """The acts that stand, in order, with the labels of their records. Reasons may be taken out later and stay out."""
    lines = DescentLine.objects.filter(act__programme=programme, act__undone=None).order_by("act__number", "pk")
    acts: dict[int, dict[str, Any]] = {}
    for number, kind, *ends in lines.values_list(
        "act__number", "act__kind", "older__number", "younger__number", "older_configuration__number",
        "younger_configuration__number",
    ):  # fmt: skip
        act = acts.setdefault(number, {"number": number, "kind": kind, "older": [], "younger": []})
        older, younger = (f"S{ends[0]}", f"S{ends[1]}") if ends[0] else (f"CMO{ends[2]}", f"CMO{ends[3]}")
        for side, label in (("older", older), ("younger", younger)):
            if label not in act[side]:
                act[side].append(label)
    return list(acts.values())


def _programme(programme: Programme) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in ("slug", "title", "summary", "intervention")}


def _evidence(programme: Programme) -> dict[str, Any]:
    """How many excerpts of how many sources bear on what, by stance, and how many there are in all; four queries."""
    on: dict[str, dict[str, Any]] = {}
    for owner, letters in (("statement", "S"), ("configuration", "CMO")):
        rows = Bearing.objects.of(programme).current().filter(**{f"{owner}__isnull": False})
        found: dict[int, list[tuple[int, int, str]]] = {}
        for number, *bearing in rows.values_list(f"{owner}__number", "excerpt", "excerpt__source", "stance"):
            found.setdefault(number, []).append((bearing[0], bearing[1], bearing[2]))
        on |= {f"{letters}{number}": asdict(counted(found[number])) for number in sorted(found)}
    return {
        "on": on,
        "sources": Source.objects.filter(programme=programme, retired=False).count(),
        "excerpts": Excerpt.objects.filter(programme=programme, retired=False, source__retired=False).count(),
    }


PARTS: dict[str, Callable[[Programme], Any]] = {
    "programme": _programme,
    "phases": _phases,
    "areas": lambda programme: [area_json(area) for area in areas_of(programme)],
    "slots": _slots,
    "links": lambda programme: [stated_row(link).as_json() for link in stated_links(programme)],
    "rivals": lambda programme: [rivals_json(one) for one in rivals_of(programme)],
    "patterns": lambda programme: [pattern_json(one) for one in patterns_of(programme)],
    "lineage": _lineage,
    "evidence": _evidence,
}
