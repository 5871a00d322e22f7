"""Owns the one question of permission: may this actor do this in this programme?"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from programmes.models import Person, Programme
from programmes.vocabulary import MAY, NEEDS, READ_ONLY_TOKEN, Role, Verb


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and by which way: the browser, a token or a command.

    `at` is the time of the act; only histories brought from elsewhere (an example, an archive) say one.
    """

    person: Person
    via: str = "browser"
    read_only: bool = False
    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or timezone.now()


def role_in(actor: Actor, programme: Programme) -> Role | None:
    """The actor's role in the programme now, asked of the database each time: rights removed hold at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role FROM programmes_membership WHERE programme_id = %s AND person_id = %s",
            [programme.pk, actor.person.pk],
        )
        found = cursor.fetchone()
    return Role(found[0]) if found else None


def may(role: Role | None, verb: Verb) -> bool:
    return role in MAY[verb]


def require(actor: Actor, verb: Verb, programme: Programme) -> Role:
    """The actor's role, or PermissionDenied with the sentence that says what is needed."""
    return allow(actor, verb, role_in(actor, programme))


def allow(actor: Actor, verb: Verb, role: Role | None) -> Role:
    """The role, or PermissionDenied. Doors ask this first, with the role that they read at the start of the request,
    so that nobody who may not write hears what is wrong with what they sent; the rule asks `require` all the same."""
    if actor.read_only and verb is not Verb.READ:
        raise PermissionDenied(str(READ_ONLY_TOKEN))
    if role is None or not may(role, verb):
        raise PermissionDenied(str(NEEDS[verb]))
    return role


def require_writable(actor: Actor) -> None:
    """For acts outside a programme (an account, a new programme): a read-only token does none of them."""
    if actor.read_only:
        raise PermissionDenied(str(READ_ONLY_TOKEN))


def abilities(role: Role | None) -> dict[str, bool]:
    """What a page may offer: {verb: bool} for each verb."""
    return {verb.value: may(role, verb) for verb in Verb}
