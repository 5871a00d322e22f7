"""Owns the making of a dossier from what the database holds."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from cmo import wording as parsing
from cmo.exports.dossier import Dossier, StatementFacts
from cmo.filters import StatementFilter
from cmo.reading.areas import area_json, areas_of
from cmo.reading.codebook import theme_json, uses_of
from cmo.reading.statements import FIELDS, StatementRow, made_spelled
from cmo.reading.then import found_then, uses_then
from cmo.reading.theory_at import TheoryAt
from programmes.models import Programme
from programmes.reading.codebook import flat, themes_of, tree
from programmes.reading.team import phases_of

PHASE = ("slug", "kind", "title", "state", "opened", "closed")
CHUNK = 1000  # statements read and tagged at once: two queries a chunk


def assemble(programme: Programme, filterset: StatementFilter) -> Dossier:
    """What an export shows: the statements that the filter finds, and the whole codebook around them."""
    uses = uses_of(programme)
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
        themes=[_themed(theme, uses) for theme in flat(tree(themes_of(programme), retired=True))],
        statements=lambda: _stream(rows),
    )


def assemble_then(theory: TheoryAt, filterset: StatementFilter) -> Dossier:
    """The same of a snapshot: its statements, and the codebook, areas and phases as they then were."""
    rows, uses = found_then(filterset.asked, theory), uses_then(theory)
    return Dossier(
        programme=theory.part("programme"),
        phases=[{name: phase[name] for name in PHASE} for phase in theory.part("phases")],
        areas=theory.part("areas"),
        themes=[_themed(theme, uses) for theme in flat(tree(theory.themes, retired=True))],
        statements=lambda: map(_facts, rows),
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _themed(theme: Any, uses: dict[int, int]) -> dict[str, Any]:
    shown = theme_json(theme, uses)
    return {**shown, "created": theme.created.isoformat(), "updated": theme.updated.isoformat()}


def _stream(rows: Any) -> Iterator[StatementFacts]:
    values = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(values, CHUNK)):
        for row in made_spelled(chunk):
            yield _facts(row)


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
