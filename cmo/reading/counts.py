"""Owns the few numbers that every page's frame shows."""

from typing import Any

from django.db import connection

from cmo.vocabulary import State
from programmes.models import Programme


def frame_sizes(programme: Programme) -> tuple[int, int, int]:
    """(statements, configurations, themes) in use, for the sections of every page; one query."""
    retired = State.RETIRED.value
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT SUM(n) FROM cmo_tally WHERE programme_id = %s AND state <> %s),"
            " (SELECT COUNT(*) FROM cmo_configuration WHERE programme_id = %s AND state <> %s),"
            " (SELECT COUNT(*) FROM programmes_theme WHERE programme_id = %s AND NOT retired)",
            [programme.pk, retired, programme.pk, retired, programme.pk],
        )
        statements, configurations, themes = cursor.fetchone()
    return int(statements or 0), configurations, themes


def theory_size(programme: Programme) -> int:
    """Statements in use."""
    retired = State.RETIRED.value
    return _one("SELECT SUM(n) FROM cmo_tally WHERE programme_id = %s AND state <> %s", programme.pk, retired)


def codebook_size(programme: Programme) -> int:
    """Themes in use."""
    return _one("SELECT COUNT(*) FROM programmes_theme WHERE programme_id = %s AND NOT retired", programme.pk)


def drafts_of(person: Any) -> int:
    """How many drafts wait for somebody."""
    return _one("SELECT COUNT(*) FROM cmo_draft WHERE person_id = %s", person.pk)


def _one(sql: str, *given: Any) -> int:
    """Every page asks these; making their SQL anew each time would take ten times as long as asking."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.fetchone()[0] or 0)
