"""Owns the codebook as it is used: themes with how many statements, excerpts and sources carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
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


# What counts: neither the excerpt nor its source is retired.
_TAGGED = (
    " FROM cmo_excerpttheme c JOIN cmo_excerpt x ON x.id = c.excerpt_id JOIN programmes_source q ON q.id = x.source_id"
)
_IN_USE = " AND NOT x.retired AND NOT q.retired"
_STATED = (
    "SELECT u.theme_id, SUM(u.n), 0, 0 FROM cmo_themeuse u JOIN programmes_theme h ON h.id = u.theme_id"
    " WHERE h.programme_id = %s GROUP BY u.theme_id"
)
_SAID = (
    f"SELECT c.theme_id, 0, COUNT(*), COUNT(DISTINCT x.source_id){_TAGGED}"
    f" WHERE x.programme_id = %s{_IN_USE} GROUP BY c.theme_id"
)


@dataclass(frozen=True, slots=True)
class Voiced:
    """How many excerpts in use carry a theme, and of how many sources in use."""

    excerpts: int = 0
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """How much carries each theme itself, what stands below it left out. `voiced` is None for those who see no
    evidence, and of a snapshot, which does not hold the themes of excerpts."""

    statements: Mapping[int, int]
    voiced: Mapping[int, Voiced] | None = None

    def by(self, theme: Theme) -> Voiced | None:
        return None if self.voiced is None else self.voiced.get(theme.pk, Voiced())


def carried_in(programme: Programme, *, evidence: bool) -> Carried:
    """What carries the themes of a programme; one query, with evidence or without."""
    if not evidence:
        return Carried(uses_of(programme))
    statements, voiced = dict[int, int](), dict[int, Voiced]()
    with connection.cursor() as cursor:
        cursor.execute(f"{_STATED} UNION ALL {_SAID}", [programme.pk, programme.pk])
        for theme, stated, excerpts, sources in cursor.fetchall():
            if excerpts:
                voiced[theme] = Voiced(excerpts, sources)
            else:
                statements[theme] = int(stated)
    return Carried(statements, voiced)


def voiced_under(theme: Theme) -> tuple[Voiced, int]:
    """(how many excerpts carry the theme or one below it, each counted once, and of how many sources; how many sources
    in use there are); one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(DISTINCT x.id), COUNT(DISTINCT q.id),"
            f" (SELECT COUNT(*) FROM programmes_source WHERE programme_id = %s AND NOT retired){_TAGGED}"
            f" JOIN programmes_theme h ON h.id = c.theme_id WHERE h.programme_id = %s AND h.path LIKE %s{_IN_USE}",
            [theme.programme_id, theme.programme_id, f"{theme.path}%"],
        )
        excerpts, sources, of = cursor.fetchone()
    return Voiced(excerpts, sources), of


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


def theme_json(theme: Theme, carried: Carried) -> dict[str, Any]:
    """A theme as the API shows it; without counts of evidence where `carried` has none."""
    by = carried.by(theme)
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
        "statements": carried.statements.get(theme.pk, 0),
        **({"excerpts": by.excerpts, "sources": by.sources} if by is not None else {}),
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
