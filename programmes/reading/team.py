"""Owns how programmes, members, phases and tokens are found and listed."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet
from django.http import Http404
from django.utils import timezone

from programmes.access import Actor
from programmes.models import ApiToken, Membership, Person, Phase, Programme
from programmes.rules.issuing_tokens import digest_of
from programmes.vocabulary import DOES, MAY, Role, Verb

# Asked with every request, so written out: making the SQL anew each time would take several times as long as asking.
_MINE = (
    "SELECT p.*, m.role AS my_role FROM programmes_programme p"
    " JOIN programmes_membership m ON m.programme_id = p.id WHERE m.person_id = %s AND p.slug = %s"
)
_BEHIND = (
    "SELECT p.*, t.id AS token_id, t.name AS token_name, t.read_only AS token_read_only, t.last_used AS token_last_used"
    " FROM programmes_apitoken t JOIN programmes_person p ON p.id = t.person_id"
    " WHERE t.digest = %s AND t.revoked IS NULL AND p.is_active AND (t.expires IS NULL OR t.expires > %s)"
)


def programmes_of(actor: Actor) -> QuerySet[Programme]:
    """The programmes that the actor is a member of, each with `my_role`; nobody sees another, not even its name."""
    mine: QuerySet[Programme] = Programme.objects.filter(memberships__person=actor.person.pk)
    return mine.annotate(my_role=F("memberships__role"))


def find_programme(actor: Actor, slug: str) -> Programme:
    """The programme at `slug` with `my_role`, or Http404 when it is missing or foreign: the two look the same."""
    found = next(iter(Programme.objects.raw(_MINE, [actor.person.pk, slug])), None)
    if found is None:
        raise Http404("There is no such programme among yours.")
    return found


def role_shown(programme: Programme) -> Role:
    """The role that `find_programme` read; good for what a page offers, never for what a rule allows."""
    return Role(programme.my_role)  # type: ignore[attr-defined]


def with_people(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Each programme with `people`, the number of its members."""
    return programmes.annotate(people=Count("memberships__programme__memberships", distinct=True))


def members_of(programme: Programme) -> list[Membership]:
    """Members with their accounts, leads first, then by name."""
    rank = {role.value: -at for at, role in enumerate(Role)}
    members = Membership.objects.filter(programme=programme).select_related("person")
    return sorted(members, key=lambda member: (rank[member.role], member.person.name.casefold(), member.pk))


def phases_of(programme: Programme) -> list[Phase]:
    return list(Phase.objects.filter(programme=programme))


def find_phase(programme: Programme, slug: str) -> Phase:
    found = Phase.objects.filter(programme=programme, slug=slug).select_related("programme").first()
    if found is None:
        raise Http404("There is no such phase.")
    return found


def phase_now(phases: Sequence[Phase]) -> tuple[int, Phase] | None:
    """(place counted from 1, phase) of the open phase, or None."""
    return next(((at, phase) for at, phase in enumerate(phases, start=1) if phase.state == "open"), None)


def tokens_of(person: Person) -> list[ApiToken]:
    """Tokens of one person, newest first, revoked ones left out."""
    return list(ApiToken.objects.filter(person=person, revoked=None))


def find_token(person: Person, pk: int) -> ApiToken:
    found = ApiToken.objects.filter(person=person, pk=pk).first()
    if found is None:
        raise Http404("There is no such token.")
    return found


def token_behind(secret: str) -> ApiToken | None:
    """The live token with this secret and its person, or None when it is unknown, revoked, expired or orphaned."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    person: Any = next(iter(Person.objects.raw(_BEHIND, [digest_of(secret), now])), None)
    if person is None:
        return None
    used = person.token_last_used
    if used is not None and timezone.is_naive(used):  # SQLite keeps times without their zone, which is UTC
        used = timezone.make_aware(used, connection.timezone)
    fields = {"id": person.token_id, "person_id": person.pk, "name": person.token_name}
    fields |= {"read_only": bool(person.token_read_only), "last_used": used}
    token = ApiToken.from_db(None, [*fields], [*fields.values()])  # the rest would be read when asked for
    token.person = person
    return token


def person_named(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def member_json(member: Membership) -> dict[str, Any]:
    """A member as the API shows it. E-mail addresses are shown to nobody but their owner: anybody may be added."""
    return {
        "username": member.person.username,
        "name": member.person.name,
        "role": member.role,
        "joined": member.joined,
    }


def leads_of(programme: Programme) -> list[str]:
    """The names of those to ask when one may not do something."""
    return [member.person.name for member in members_of(programme) if member.role == Role.LEAD]


def what_roles_may() -> list[tuple[str, list[bool]]]:
    """[(words of a verb, whether each role may, in the order of Role)]."""
    return [(str(DOES[verb]), [role in MAY[verb] for role in Role]) for verb in Verb]
