"""Owns the counts made anew from the records, and what differs between the two.

The rules keep the counts in step (see tallying); this is for what was written past them: a bulk load, a repair.
"""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Count

from cmo.models import Statement, StatementTheme, Tally, ThemeUse
from cmo.vocabulary import State
from programmes.models import Programme

Key = tuple[Any, ...]
TALLY = ("area_key", "state", "origin_key", "lacks")
USE = ("theme_id", "area_key")


@transaction.atomic
def recount(programme: Programme) -> None:
    """Write the counts of a programme anew."""
    Tally.objects.filter(programme=programme).delete()
    ThemeUse.objects.filter(theme__programme=programme).delete()
    Tally.objects.bulk_create(
        Tally(programme=programme, n=n, **dict(zip(TALLY, key, strict=True))) for key, n in _places(programme).items()
    )
    ThemeUse.objects.bulk_create(
        ThemeUse(n=n, **dict(zip(USE, key, strict=True))) for key, n in _uses(programme).items()
    )


def drift(programme: Programme) -> list[str]:
    """One line for each count that differs from the records; empty when all is well."""
    tallies = Tally.objects.filter(programme=programme).values_list(*TALLY, "n")
    uses = ThemeUse.objects.filter(theme__programme=programme).values_list(*USE, "n")
    return [
        *_differences(programme, "tally", TALLY, _kept(tallies), _places(programme)),
        *_differences(programme, "theme use", USE, _kept(uses), _uses(programme)),
    ]


def _places(programme: Programme) -> Counter[Key]:
    """{(area, state, phase of origin, gaps): statements}."""
    found = Statement.objects.filter(programme=programme).order_by()
    rows = found.values_list("area", "state", "origin", "lacks").annotate(n=Count("pk"))
    return Counter({(area or 0, state, origin or 0, lacks): n for area, state, origin, lacks, n in rows})


def _uses(programme: Programme) -> Counter[Key]:
    """{(theme, area): statements that are not retired}."""
    found = StatementTheme.objects.filter(statement__programme=programme).exclude(statement__state=State.RETIRED)
    rows = found.order_by().values_list("theme", "statement__area").annotate(n=Count("pk"))
    return Counter({(theme, area or 0): n for theme, area, n in rows})


def _kept(rows: Any) -> Counter[Key]:
    return Counter({tuple(row[:-1]): row[-1] for row in rows if row[-1]})


def _differences(
    programme: Programme, what: str, names: tuple[str, ...], kept: Counter[Key], counted: Counter[Key]
) -> list[str]:
    return [
        f"{programme.slug}: {what} {dict(zip(names, key, strict=True))} says {kept[key]}, the records {counted[key]}"
        for key in sorted({*kept, *counted})
        if kept[key] != counted[key]
    ]
