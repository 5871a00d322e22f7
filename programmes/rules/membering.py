"""Owns who belongs to a programme: add, change the role, remove, leave. One lead remains always."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from programmes.access import Actor, require, require_writable
from programmes.gate import clean
from programmes.models import Membership, Person, Programme
from programmes.rules.holding import hold
from programmes.rules.recording import record
from programmes.vocabulary import Limit, Role, Verb


def checked_role(role: str) -> Role:
    if role not in Role.values:
        raise ValidationError({"role": _("Choose viewer, contributor, editor or lead.")})
    return Role(role)


def _keep_a_lead(programme: Programme) -> None:
    if not Membership.objects.filter(programme=programme, role=Role.LEAD, person__is_active=True).exists():
        raise ValidationError({"role": _("A programme needs a lead at all times; make somebody else lead first.")})


@transaction.atomic
def add_member(
    programme: Programme, *, by: Actor, who: str, role: str, no_evidence: bool = False
) -> Membership:
    """Give the account that signs in with the name `who` a role, without evidence if so said.

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
    member = Membership.objects.create(
        programme=programme, person=person, role=wanted, no_evidence=no_evidence, joined=by.now()
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
        _keep_a_lead(programme)
        member.role = wanted
        record(by, "role changed", f"member {username}", programme=programme, before=before, after=wanted.value)
    return member


@transaction.atomic
def withhold_evidence(programme: Programme, *, by: Actor, username: str, withheld: bool) -> Membership:
    """Let a member, whatever their role, see the theory without any excerpt, or with them again."""
    require(by, Verb.MANAGE, programme)
    if not isinstance(withheld, bool):
        raise ValidationError({"no_evidence": _("Say yes or no.")})
    hold(programme)
    member = _member(programme, username)
    if member.no_evidence != withheld:
        Membership.objects.filter(pk=member.pk).update(no_evidence=withheld)
        member.no_evidence = withheld
        verb = "evidence withheld" if withheld else "evidence shown"
        record(by, verb, f"member {username}", programme=programme)
    return member


@transaction.atomic
def remove_member(programme: Programme, *, by: Actor, username: str) -> None:
    """Take somebody out of a programme; holds from their next request on. Leaving oneself needs no role."""
    require_writable(by)
    if username != by.person.username:
        require(by, Verb.MANAGE, programme)
    hold(programme)
    member = _member(programme, username)
    Membership.objects.filter(pk=member.pk).delete()
    _keep_a_lead(programme)
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
    programme: Programme, *, by: Actor, username: str, role: str = "", base_role: str = "",
    no_evidence: bool | None = None,
) -> Membership:
    """Change what is given of a member's role and of whether they see evidence. Raises ValidationError (role)."""
    require(by, Verb.MANAGE, programme)
    if not role and no_evidence is None:
        raise ValidationError({"role": _("Say which role, or whether they see evidence.")})
    if no_evidence is not None:
        member = withhold_evidence(programme, by=by, username=username, withheld=no_evidence)
    return change_role(programme, by=by, username=username, role=role, base_role=base_role) if role else member


@transaction.atomic
def change_roles(
    programme: Programme, *, by: Actor, wanted: Mapping[str, tuple[str, str]],
    withheld: Mapping[str, bool] | None = None,
) -> None:
    """Give several members other roles, all or none. `wanted` is {username: (new role, role that the page showed)},
    `withheld` {username: whether they see the theory without evidence}.

    New leads first and oneself last, so that a lead can hand over and step down in one go.
    """
    require(by, Verb.MANAGE, programme)
    order = sorted(wanted.items(), key=lambda item: (item[0] == by.person.username, item[1][0] != Role.LEAD))
    for username, without in (withheld or {}).items():
        withhold_evidence(programme, by=by, username=username, withheld=without)
    for username, (role, shown) in order:
        change_role(programme, by=by, username=username, role=role, base_role=shown)
