"""Owns the one question of permission: may this actor do this in this programme?"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from programmes.models import Person, Programme
from programmes.vocabulary import MAY, NEEDS, NO_EVIDENCE, READ_ONLY_TOKEN, Role, Verb


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and by which way: the browser, a token or a command.

    `at` is the time of the act; only histories brought from elsewhere (an example, an archive) say one.
    """

    person: Person
    via: str = "browser"
    read_only: bool = False
    at: datetime | None = None
    words_of: Person | None = None  # the author of what the team agreed on, see cmo/rules/carrying_out.py

    @property
    def author(self) -> Person:
        """Whose words a revision holds that this act writes."""
        return self.words_of or self.person

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


def sees_evidence(actor: Actor, programme: Programme) -> bool:
    """Whether the actor sees excerpts in this programme, asked of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT no_evidence FROM programmes_membership WHERE programme_id = %s AND person_id = %s",
            [programme.pk, actor.person.pk],
        )
        found = cursor.fetchone()
    return found is not None and not found[0]


def may(role: Role | None, verb: Verb) -> bool:
    return role in MAY[verb]


def require(actor: Actor, verb: Verb, programme: Programme) -> Role:
    """The actor's role, or PermissionDenied with the sentence that says what is needed."""
    role = allow(actor, verb, role_in(actor, programme))
    if verb is Verb.EVIDENCE and not sees_evidence(actor, programme):
        raise PermissionDenied(str(NO_EVIDENCE))
    return role


def allow(actor: Actor, verb: Verb, role: Role | None) -> Role:
    """The role, or PermissionDenied. Doors ask this first, with the role that they read at the start of the request,
    so that nobody who may not write hears what is wrong with what they sent; the rule asks `require` all the same.

    What the team agreed on is written by the rule that asked for the permission to decide; it is not asked again.
    """
    if role is not None and actor.words_of is not None and verb is Verb.WRITE:
        return role
    if actor.read_only and verb is not Verb.READ:
        raise PermissionDenied(str(READ_ONLY_TOKEN))
    if role is None or not may(role, verb):
        raise PermissionDenied(str(NEEDS[verb]))
    return role


def require_writable(actor: Actor) -> None:
    """For acts outside a programme (an account, a new programme): a read-only token does none of them."""
    if actor.read_only:
        raise PermissionDenied(str(READ_ONLY_TOKEN))


def abilities(role: Role | None, *, evidence: bool = True) -> dict[str, bool]:
    """What a page may offer: {verb: bool} for each verb; `evidence` says whether they see any."""
    return {verb.value: may(role, verb) and (evidence or verb is not Verb.EVIDENCE) for verb in Verb}
