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
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_programme SET evidence_version = evidence_version + 1"
            " WHERE id = %s RETURNING evidence_version",
            [programme.pk],
        )
        programme.evidence_version = cursor.fetchone()[0]
