"""Owns the making of a dossier from what the database holds."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from cmo import wording as parsing
from cmo.exports.dossier import Dossier, StatementFacts
from cmo.filters import StatementFilter
from cmo.reading.areas import area_json, areas_of
from cmo.reading.codebook import Carried, carried_in, theme_json
from cmo.reading.statements import FIELDS, StatementRow, made, made_spelled
from cmo.reading.then import carried_then, found_then
from cmo.reading.theory_at import TheoryAt
from programmes.models import Programme
from programmes.reading.codebook import flat, themes_of, tree
from programmes.reading.team import phases_of

PHASE = ("slug", "kind", "title", "state", "opened", "closed")
CHUNK = 1000  # statements read at once: a query a chunk for their themes, one more for what stands around them


def assemble(programme: Programme, filterset: StatementFilter) -> Dossier:
    """What an export shows: the statements that the filter finds, and the whole codebook around them."""
    carried = carried_in(programme, evidence=False)
    rows = filterset.rows()
    return Dossier(
        programme={
            "slug": programme.slug,
            "title": programme.title,
            "summary": programme.summary,
            "intervention": programme.intervention,
        },
        phases=[
            {
                "slug": phase.slug,
                "kind": phase.kind,
                "title": phase.title,
                "state": phase.state,
                "opened": _day(phase.opened),
                "closed": _day(phase.closed),
            }
            for phase in phases_of(programme)
        ],
        areas=[area_json(area) for area in areas_of(programme)],
        themes=[_themed(theme, carried) for theme in flat(tree(themes_of(programme), retired=True))],
        statements=lambda around: _stream(rows, around),
    )


def assemble_then(theory: TheoryAt, filterset: StatementFilter) -> Dossier:
    """The same of a snapshot: its statements, and the codebook, areas and phases as they then were."""
    rows, carried = found_then(filterset.asked, theory), carried_then(theory)
    return Dossier(
        programme=theory.part("programme"),
        phases=[{name: phase[name] for name in PHASE} for phase in theory.part("phases")],
        areas=theory.part("areas"),
        themes=[_themed(theme, carried) for theme in flat(tree(theory.themes, retired=True))],
        statements=lambda around: map(_facts, rows),
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _themed(theme: Any, carried: Carried) -> dict[str, Any]:
    shown = theme_json(theme, carried)
    return {**shown, "created": theme.created.isoformat(), "updated": theme.updated.isoformat()}


def _stream(rows: Any, around: bool) -> Iterator[StatementFacts]:
    values = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(values, CHUNK)):
        yield from map(_facts, made_spelled(chunk, weighed=False) if around else made(chunk))


def _facts(row: StatementRow) -> StatementFacts:
    if_, then, because, _rest = parsing.texts(row.wording, row.parts)
    return StatementFacts(
        id=str(row.uid),
        number=row.number,
        label=row.label,
        area=row.area or "",
        area_title=row.area_title or "",
        if_=if_,
        then=then,
        because=because,
        wording=row.wording,
        themes=[tag.label for tag in row.themes],
        configurations=row.configurations,
        lineage=row.lineage.as_json(),
        priority=row.priority is not None,
        verdicts=row.verdicts,
        state=row.state,
        phase=row.phase or "",
        cites=row.cites,
        revision=row.revision,
        created=row.created.isoformat(),
        updated=row.updated.isoformat(),
        updated_by=row.updated_by,
    )
