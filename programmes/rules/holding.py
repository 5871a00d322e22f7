"""Owns the one lock of a programme. Whatever changes something in it takes this first, so that no two writers ever wait
for each other in a circle: statements, counts, areas, members, phases and the log are all written behind it."""

from django.db import connection

from programmes.access import Actor, allow
from programmes.models import Programme
from programmes.vocabulary import Role, Verb


def hold(programme: Programme) -> None:
    """Keep other writers of this programme waiting until the transaction ends.

    Readers go on, and so do rows that only point at it. On SQLite every transaction holds the whole database.
    """
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM programmes_programme WHERE id = %s {_LOCK}", [programme.pk])


def hold_for(programme: Programme, *, by: Actor, verb: Verb) -> Role:
    """What `require` and then `hold` do, in one query: the actor's role as it is now, or PermissionDenied."""
    lock = _LOCK if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT m.role FROM programmes_membership m WHERE m.programme_id = g.id AND m.person_id = %s)"
            f" FROM programmes_programme g WHERE g.id = %s {lock}",
            [by.person.pk, programme.pk],
        )
        (role,) = cursor.fetchone() or (None,)
    return allow(by, verb, Role(role) if role else None)


_LOCK = "FOR NO KEY UPDATE"


def move_evidence(programme: Programme) -> None:
    """Let what shows sites, sources, excerpts or bearings beside its own record have a new tag."""
    _count_up(programme, "evidence_version")


def move_redactions(programme: Programme) -> None:
    """Let everything have a new tag, as words were taken out of what has no new revision by that."""
    _count_up(programme, "redactions")


def _count_up(programme: Programme, field: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE programmes_programme SET {field} = {field} + 1 WHERE id = %s RETURNING {field}", [programme.pk]
        )
        setattr(programme, field, cursor.fetchone()[0])
