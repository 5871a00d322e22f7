"""Owns the codebook as the theory uses it: themes with how many statements carry them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from cmo.folding import fold
from cmo.models import Statement, ThemeUse
from programmes.models import Programme, Theme, ThemeRevision
from programmes.natural import stems
from programmes.reading.codebook import Codes


def uses_of(programme: Programme) -> dict[int, int]:
    """{theme: number of statements in use that carry exactly it}; one query, from the tally."""
    found = ThemeUse.objects.filter(theme__programme=programme).values("theme").annotate(total=Sum("n"))
    return {row["theme"]: row["total"] for row in found}


def count_under(theme: Theme) -> int:
    """How many statements in use carry the theme or one below it, each counted once; one query."""
    branch = Theme.objects.under(theme)
    return Statement.objects.of(theme.programme).current().under(branch).count()


def uses_by_area(programme: Programme) -> dict[tuple[int, int], int]:
    """{(theme, area key): number of statements in use}; 0 is the key of "no area"."""
    found = ThemeUse.objects.filter(theme__programme=programme, n__gt=0)
    return {(theme, area): n for theme, area, n in found.values_list("theme_id", "area_key", "n")}


def theme_meant(codes: Codes, code: str, name: str) -> Theme | None:
    """The theme in use that somebody describes who does not know it is there: by its code and no other name, or by
    its name alone."""
    wanted = fold(name)
    if code:
        found = codes.get(code)
        return found if found is not None and not found.retired and wanted in ("", fold(found.name)) else None
    return next((theme for theme in codes.themes if wanted and not theme.retired and fold(theme.name) == wanted), None)


def theme_above(codes: Codes, code: str) -> Theme | None:
    """Where a new code goes of itself: O4.1 under O4, else under O; None where neither is in use."""
    found = (codes.get(stem) for stem in stems(code))
    return next((theme for theme in found if theme is not None and not theme.retired), None)


def theme_json(theme: Theme, uses: dict[int, int]) -> dict[str, Any]:
    """A theme as the API shows it."""
    return {
        "id": str(theme.uid),
        "label": theme.label,
        "code": theme.code,
        "name": theme.name,
        "parent": theme.parent.label if theme.parent else None,
        "depth": theme.depth,
        "definition": theme.definition,
        "use_when": theme.use_when,
        "not_when": theme.not_when,
        "example": theme.example,
        "colour": theme.colour,
        "retired": theme.retired,
        "merged_into": theme.merged_into.label if theme.merged_into else None,
        "statements": uses.get(theme.pk, 0),
        "revision": theme.revision_number,
        "created": theme.created,
        "updated": theme.updated,
    }


def history_json(revisions: Iterable[ThemeRevision]) -> list[dict[str, Any]]:
    return [
        {
            "number": revision.number,
            "change": revision.change,
            "code": revision.code,
            "name": revision.name,
            "parent": revision.parent.label if revision.parent else None,
            "definition": revision.definition,
            "retired": revision.retired,
            "merged_into": revision.merged_into.label if revision.merged_into else None,
            "reason": revision.reason,
            "author": revision.author.username,
            "at": revision.at,
            "phase": revision.phase.slug if revision.phase else None,
        }
        for revision in revisions
    ]
