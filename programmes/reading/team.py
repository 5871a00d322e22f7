"""Owns how programmes, members, phases and tokens are found and listed."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet
from django.http import Http404
from django.utils import timezone

from programmes.access import Actor
from programmes.models import ApiToken, Membership, Person, Phase, Programme
from programmes.records import Columns, as_stored
from programmes.rules.issuing_tokens import digest_of
from programmes.vocabulary import DOES, MAY, Role, Verb

# Asked with every request, so written out: making the SQL anew each time would take several times as long as asking.
_PROGRAMME, _PERSON, _TOKEN = Columns(Programme, "g"), Columns(Person, "p"), Columns(ApiToken, "t")
_PHASE = Columns(Phase, "f")
_PHASES = f"SELECT {_PHASE.sql} FROM programmes_phase f WHERE f.programme_id = %s ORDER BY f.position, f.id"
_MINE = (
    f"SELECT {_PROGRAMME.sql}, m.role, m.no_evidence FROM programmes_programme g"
    " JOIN programmes_membership m ON m.programme_id = g.id WHERE m.person_id = %s AND g.slug = %s"
)
_BEHIND = (
    f"SELECT {_TOKEN.sql}, {_PERSON.sql}, {_PROGRAMME.sql}, m.role, m.no_evidence"
    " FROM programmes_apitoken t JOIN programmes_person p ON p.id = t.person_id"
    " LEFT JOIN programmes_programme g ON g.slug = %s"
    " LEFT JOIN programmes_membership m ON m.programme_id = g.id AND m.person_id = p.id"
    " WHERE t.digest = %s AND t.revoked IS NULL AND p.is_active AND (t.expires IS NULL OR t.expires > %s)"
)


def programmes_of(actor: Actor) -> QuerySet[Programme]:
    """The programmes that the actor is a member of, each with `my_role` and `withheld`; nobody sees another, not even
    its name."""
    mine: QuerySet[Programme] = Programme.objects.filter(memberships__person=actor.person.pk)
    return mine.annotate(my_role=F("memberships__role"), withheld=F("memberships__no_evidence"))


def find_programme(actor: Actor, slug: str) -> Programme:
    """The programme at `slug` with `my_role`, or Http404 when it is missing or foreign: the two look the same."""
    found = _PROGRAMME.one(_MINE, [actor.person.pk, slug])
    return _mine(*found) if found else must_be_mine(None)


def must_be_mine(programme: Programme | None) -> Programme:
    """The programme that was looked for, or Http404 where there is none."""
    if programme is None:
        raise Http404("There is no such programme among yours.")
    return programme


def _mine(programme: Programme, more: Sequence[Any]) -> Programme:
    programme.my_role, programme.withheld = more[0], bool(more[1])  # type: ignore[attr-defined]
    return programme


def role_shown(programme: Programme) -> Role:
    """The role that `find_programme` read; good for what a page offers, never for what a rule allows."""
    return Role(programme.my_role)  # type: ignore[attr-defined]


def evidence_shown(programme: Programme) -> bool:
    """Whether the one who asked for the programme sees its evidence, as `find_programme` read it."""
    return not programme.withheld  # type: ignore[attr-defined]


def with_people(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Each programme with `people`, the number of its members."""
    return programmes.annotate(people=Count("memberships__programme__memberships", distinct=True))


def members_of(programme: Programme) -> list[Membership]:
    """Members with their accounts, leads first, then by name."""
    rank = {role.value: -at for at, role in enumerate(Role)}
    members = Membership.objects.filter(programme=programme).select_related("person")
    return sorted(members, key=lambda member: (rank[member.role], member.person.name.casefold(), member.pk))


def find_member(programme: Programme, username: str) -> Membership:
    named = Membership.objects.filter(programme=programme, person__username=username).select_related("person")
    found = named.first() if username.isprintable() else None  # no account is called otherwise, nor asked for
    if found is None:
        raise Http404("There is no such member.")
    return found


def phases_of(programme: Programme) -> list[Phase]:
    with connection.cursor() as cursor:
        cursor.execute(_PHASES, [programme.pk])
        return [_PHASE.make(row) for row in cursor.fetchall()]


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


def token_behind(secret: str, slug: str = "") -> tuple[ApiToken, Programme | None] | None:
    """The live token with this secret and its person, or None when it is unknown, revoked, expired or orphaned; with
    the programme at `slug` as `find_programme` gives it, or None when it is missing or foreign. One query."""
    found = _TOKEN.one(_BEHIND, [slug, digest_of(secret), as_stored(timezone.now())])
    if found is None:
        return None
    token, more = found
    token.person = _PERSON.make(more[: len(_PERSON)])
    *programme, role, withheld = more[len(_PERSON) :]
    return token, _mine(_PROGRAMME.make(programme), [role, withheld]) if role else None


def person_named(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def member_json(member: Membership) -> dict[str, Any]:
    """A member as the API shows it. E-mail addresses are shown to nobody but their owner: anybody may be added."""
    return {
        "username": member.person.username,
        "name": member.person.name,
        "role": member.role,
        "no_evidence": member.no_evidence,
        "joined": member.joined,
    }


def leads_of(programme: Programme) -> list[str]:
    """The names of those to ask when one may not do something."""
    return [member.person.name for member in members_of(programme) if member.role == Role.LEAD]


def what_roles_may() -> list[tuple[str, list[bool]]]:
    """[(words of a verb, whether each role may, in the order of Role)]."""
    return [(str(DOES[verb]), [role in MAY[verb] for role in Role]) for verb in Verb]
