"""Owns who belongs to a programme: add, change the role, remove, leave. One lead who sees its evidence remains always.

Nobody gives what they do not have: evidence is shown to somebody by a lead who sees it, and whoever is added by a lead
without evidence is without it too.
"""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from programmes.access import Actor, require, require_writable, sees_evidence
from programmes.gate import clean
from programmes.models import Membership, Person, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import NOT_YOURS_TO_SHOW, Limit, Role, Verb


def checked_role(role: str) -> Role:
    if role not in Role.values:
        raise ValidationError({"role": _("Choose viewer, contributor, editor or lead.")})
    return Role(role)


def _keep_a_lead(programme: Programme, *, without: Membership, field: str = "role") -> None:
    """Refuse what left no lead, or none who sees evidence: nobody could show it to anybody any more.

    `without` is the member as they were before. Where no lead saw evidence before either (their account was closed),
    it is not this change that is to be refused.
    """
    leads = Membership.objects.filter(programme=programme, role=Role.LEAD, person__is_active=True)
    withheld = list(leads.values_list("no_evidence", flat=True))
    if not withheld:
        raise ValidationError({field: _("A programme needs a lead at all times; make somebody else lead first.")})
    was_one = without.role == Role.LEAD and without.person.is_active and not without.no_evidence
    if all(withheld) and was_one:
        said = _("A programme needs a lead who sees its evidence at all times; make somebody who sees it lead first.")
        raise ValidationError({field: said})


@transaction.atomic
def add_member(
    programme: Programme, *, by: Actor, who: str, role: str, no_evidence: bool = False
) -> Membership:
    """Give the account that signs in with the name `who` a role, without evidence if so said or if `by` sees none.

    Raises ValidationError (who, role).

    Not by e-mail address: the list of members would then tell whose it is. Addresses are for invitations, which tell
    the address alone.
    """
    require(by, Verb.MANAGE, programme)
    wanted = checked_role(role)
    who = clean(who, field="who", limit=Limit.NAME, required=True, one_line=True)
    person = Person.objects.filter(username__iexact=who, is_active=True).first()
    if person is None:
        said = _("Nobody here signs in with that name. Ask them for it; an e-mail address will not do.")
        raise ValidationError({"who": said})
    hold(programme)
    if Membership.objects.filter(programme=programme, person=person).exists():
        raise ValidationError({"who": _("They are a member already; change their role in the table.")})
    without = no_evidence or not sees_evidence(by, programme)
    member = Membership.objects.create(
        programme=programme, person=person, role=wanted, no_evidence=without, joined=by.now()
    )
    record(by, "joined", f"member {person.username}", programme=programme, before=None, after=wanted.value)
    return member


@transaction.atomic
def change_role(programme: Programme, *, by: Actor, username: str, role: str, base_role: str = "") -> Membership:
    """Give a member another role. `base_role`, if given, is the role that the page showed.

    Raises ValidationError (role) when it would leave the programme without a lead or the role changed meanwhile.
    """
    require(by, Verb.MANAGE, programme)
    wanted = checked_role(role)
    hold(programme)
    member = _member(programme, username)
    before = member.role
    if base_role and base_role != before:
        raise ValidationError({"role": _("Somebody changed this role meanwhile; look again before you change it.")})
    if before != wanted:
        Membership.objects.filter(pk=member.pk).update(role=wanted)
        _keep_a_lead(programme, without=member)
        member.role = wanted
        record(by, "role changed", f"member {username}", programme=programme, before=before, after=wanted.value)
    return member


@transaction.atomic
def withhold_evidence(programme: Programme, *, by: Actor, username: str, withheld: bool) -> Membership:
    """Let a member, whatever their role, see the theory without any excerpt, or with them again.

    Only a lead who sees evidence may show it. Raises ValidationError (no_evidence) when no lead would see it any more.
    """
    require(by, Verb.MANAGE, programme)
    if not isinstance(withheld, bool):
        raise ValidationError({"no_evidence": _("Say yes or no.")})
    hold(programme)
    member = _member(programme, username)
    if member.no_evidence != withheld:
        if not withheld and not sees_evidence(by, programme):
            raise PermissionDenied(str(NOT_YOURS_TO_SHOW))
        Membership.objects.filter(pk=member.pk).update(no_evidence=withheld)
        _keep_a_lead(programme, without=member, field="no_evidence")
        member.no_evidence = withheld
        verb = "evidence withheld" if withheld else "evidence shown"
        record(by, verb, f"member {username}", programme=programme)
    return member


@transaction.atomic
def remove_member(programme: Programme, *, by: Actor, username: str, seen: Membership | None = None) -> None:
    """Take somebody out of a programme; holds from their next request on. Leaving oneself needs no role. Raises Stale
    where the membership is another than the one `seen`."""
    require_writable(by)
    if username != by.person.username:
        require(by, Verb.MANAGE, programme)
    hold(programme)
    member = _member(programme, username)
    if seen is not None and (member.pk, member.role, member.no_evidence) != (seen.pk, seen.role, seen.no_evidence):
        raise Stale(member, base=None)
    Membership.objects.filter(pk=member.pk).delete()
    _keep_a_lead(programme, without=member)
    verb = "left" if username == by.person.username else "removed"
    record(by, verb, f"member {username}", programme=programme, before=member.role, after=None)


def _member(programme: Programme, username: str) -> Membership:
    username = clean(username, field="who", limit=Limit.NAME, one_line=True)
    found = Membership.objects.filter(programme=programme, person__username=username).select_related("person").first()
    if found is None:
        raise ValidationError({"who": _("They are not a member of this programme.")})
    return found


@transaction.atomic
def change_member(
    programme: Programme, *, by: Actor, username: str, seen: Membership, role: str = "",
    no_evidence: bool | None = None,
) -> Membership:
    """Change what is given of a member's role and of whether they see evidence, of the membership as it was `seen`.
    Raises ValidationError (role), or Stale where one of the two was changed meanwhile."""
    require(by, Verb.MANAGE, programme)
    hold(programme)
    member = _member(programme, username)
    if (member.role, member.no_evidence) != (seen.role, seen.no_evidence):
        raise Stale(member, base=None)
    if not role and no_evidence is None:
        raise ValidationError({"role": _("Say which role, or whether they see evidence.")})
    if no_evidence is not None:
        member = withhold_evidence(programme, by=by, username=username, withheld=no_evidence)
    return change_role(programme, by=by, username=username, role=role) if role else member


@transaction.atomic
def change_roles(
    programme: Programme, *, by: Actor, wanted: Mapping[str, tuple[str, str]],
    withheld: Mapping[str, bool] | None = None,
) -> None:
    """Give several members other roles, all or none. `wanted` is {username: (new role, role that the page showed)},
    `withheld` {username: whether they see the theory without evidence}.

    What is given comes before what is taken, and oneself last, so that a lead can hand over and step down in one go.
    """
    require(by, Verb.MANAGE, programme)
    order = sorted(wanted.items(), key=lambda item: (item[0] == by.person.username, item[1][0] != Role.LEAD))
    for given in (True, False):
        for username, without in (withheld or {}).items():
            if without is not given:
                withhold_evidence(programme, by=by, username=username, withheld=without)
        for username, (role, shown) in order:
            if (role == Role.LEAD) is given:
                change_role(programme, by=by, username=username, role=role, base_role=shown)
