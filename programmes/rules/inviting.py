"""Owns invitations: a lead invites an address; whoever reads its mail joins, once, within some days.

The secret goes by mail alone: no page, no log and no table shows it, so that nobody can take an address that is not
theirs. It holds while it is open (not accepted, not withdrawn, not lapsed) and whoever sent it is a lead of the
programme; a lead who was taken out or stepped down has no open links left behind. What does not hold is answered in one
sentence, whatever the cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from programmes.access import Actor, require, require_writable, sees_evidence
from programmes.gate import clean
from programmes.models import AuditEvent, Invitation, Membership, Person, Programme
from programmes.rules.enrolling import enrol
from programmes.rules.holding import hold
from programmes.rules.issuing_tokens import digest_of
from programmes.rules.mailing import HOME, new_secret, put_mail
from programmes.rules.membering import checked_role
from programmes.rules.noticing import notice
from programmes.rules.recording import record, scope_of
from programmes.vocabulary import Role, Verb

DAYS, LONGEST = 14, 60
A_DAY, AT_ONCE = 100, 20  # invitations that one person sends in a day, and with one form


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody without an account gives, beside the address that they were invited by."""

    username: str
    password: str
    first_name: str = ""
    last_name: str = ""


DEAD = _lazy(
    "This invitation does not work: it was used or withdrawn, it has lapsed, or its link was cut off in the mail. "
    "Ask a lead of the programme for another."
)


def holding(now: datetime) -> QuerySet[Invitation]:
    """The invitations that can be accepted."""
    return open_ones(now).filter(
        by__is_active=True, by__memberships__role=Role.LEAD, by__memberships__programme=F("programme")
    )


def open_ones(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted=None, withdrawn=None, expires__gt=now)


def behind(secret: str, now: datetime) -> Invitation | None:
    """The invitation with this secret, or None when there is none that holds."""
    return holding(now).filter(digest=digest_of(secret)).select_related("programme", "by").first()


@transaction.atomic
def invite(
    programme: Programme, *, by: Actor, email: str, role: str, days: int = DAYS, no_evidence: bool = False
) -> tuple[Invitation, str]:
    """An invitation of one address, its mail, and the secret that the mail will hold; show that to nobody.

    With `no_evidence`, or if `by` sees none, they will see no excerpt. What is answered says nothing about the address:
    whether it has an account, or is a member's. `days` until it lapses. Raises ValidationError (email, role, days) and
    PermissionDenied.
    """
    require(by, Verb.MANAGE, programme)
    wanted, address = checked_role(role), _address(email)
    if not 1 <= days <= LONGEST:
        raise ValidationError({"days": _("Choose between 1 and %(n)s days.") % {"n": LONGEST}})
    hold(programme)
    now = by.now()
    if open_ones(now).filter(programme=programme, email__iexact=address).exists():
        said = _("%(address)s is invited already; send that invitation again, or withdraw it.")
        raise ValidationError({"email": said % {"address": address}})
    if Invitation.objects.filter(by=by.person, created__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise ValidationError({"email": _("You have sent %(n)s invitations today; go on tomorrow.") % {"n": A_DAY}})
    mark, secret = new_secret()
    invitation = Invitation.objects.create(
        programme=programme, email=address, role=wanted, digest=digest_of(secret), by=by.person, created=now,
        expires=now + timedelta(days=days), no_evidence=no_evidence or not sees_evidence(by, programme),
    )  # fmt: skip
    _mail(invitation, mark, now)
    record(by, "invited", _name(invitation), programme=programme, role=wanted.value, days=days)
    return invitation, secret


@transaction.atomic
def invite_all(
    programme: Programme, *, by: Actor, emails: Sequence[str], role: str, no_evidence: bool = False
) -> int:
    """Invite several addresses, all or none; how many. Raises as `invite` does."""
    require(by, Verb.MANAGE, programme)
    if not emails:
        raise ValidationError({"email": _("Write an address such as name@example.org.")})
    if len(emails) > AT_ONCE:
        raise ValidationError({"email": _("Write at most %(n)s addresses at once.") % {"n": AT_ONCE}})
    for email in dict.fromkeys(emails):
        invite(programme, by=by, email=email, role=role, no_evidence=no_evidence)
    return len(dict.fromkeys(emails))


@transaction.atomic
def invite_again(invitation: Invitation, *, by: Actor) -> Invitation:
    """Send an open invitation once more, with as many days ahead as it had. The link of the first mail ends with it."""
    require(by, Verb.MANAGE, invitation.programme)
    hold(invitation.programme)
    now = by.now()
    mark, secret = new_secret()
    lasts = invitation.expires - invitation.created
    sent = open_ones(now).filter(pk=invitation.pk).update(
        digest=digest_of(secret), by=by.person, created=now, expires=now + lasts
    )  # fmt: skip
    if not sent:
        raise ValidationError({"email": _("This invitation is not open any more; invite the address anew.")})
    invitation = Invitation.objects.select_related("programme", "by").get(pk=invitation.pk)
    _mail(invitation, mark, now)
    record(by, "invited again", _name(invitation), programme=invitation.programme)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor) -> None:
    """End an open invitation; its link holds no more. One that is not open stays as it is."""
    require(by, Verb.MANAGE, invitation.programme)
    hold(invitation.programme)
    if open_ones(by.now()).filter(pk=invitation.pk).update(withdrawn=by.now()):
        record(by, "invitation withdrawn", _name(invitation), programme=invitation.programme)


@transaction.atomic
def accept(secret: str, *, by: Actor | None = None, account: NewAccount | None = None) -> Membership:
    """Join by an invitation: as `by`, whose address it was sent to, or with a new account of exactly that address.

    Raises ValidationError: (secret) when it does not hold, was sent to another address, or one is a member already;
    (username, password) for an account that cannot be made. Who was invited by somebody who sees no evidence, now or
    when they sent it, sees none.
    """
    now = timezone.now()
    known = behind(secret, now)
    if known is None:
        raise ValidationError({"secret": str(DEAD)})
    hold(known.programme)
    invitation = behind(secret, now)  # as it is now that nobody else writes here
    if invitation is None or not open_ones(now).filter(pk=invitation.pk).update(accepted=now):
        raise ValidationError({"secret": str(DEAD)})
    if by is None:
        by = Actor(_enrolled(invitation, account or NewAccount("", "")), via="mail")
    else:
        _check(by, invitation)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=by.person)
    member = Membership.objects.create(
        programme=invitation.programme, person=by.person, role=invitation.role, joined=now,
        no_evidence=invitation.no_evidence or not sees_evidence(Actor(invitation.by), invitation.programme),
    )
    about: dict[str, Any] = {"before": None, "after": invitation.role, "invitation": invitation.pk}
    notice(invitation.programme, by=by, event=_name(invitation), kind="joined", on="", path="settings#members",
           to=[invitation.by_id])  # fmt: skip
    record(by, "joined", f"member {by.person.username}", programme=invitation.programme, **about)
    return member


def _check(by: Actor, invitation: Invitation) -> None:
    """Whether this person may take it: theirs is the address, and nobody took them out since it was sent."""
    require_writable(by)
    if not is_for(invitation, by.person):
        said = _("This invitation was sent to another address than yours. Sign in with the account that has it.")
        raise ValidationError({"secret": said})
    scope, name = scope_of(invitation.programme), f"member {by.person.username}"
    since = AuditEvent.objects.filter(scope=scope, at__gte=invitation.created)
    if since.filter(verb="removed", record=name).exists():
        raise ValidationError({"secret": str(DEAD)})
    if Membership.objects.filter(programme=invitation.programme, person=by.person).exists():
        raise ValidationError({"secret": _("You are a member of this programme already.")})


def is_for(invitation: Invitation, person: Person) -> bool:
    return bool(person.email) and person.email.casefold() == invitation.email.casefold()


def _enrolled(invitation: Invitation, account: NewAccount) -> Person:
    """Whoever has the link reads the mail of the address, so they may hear that it has an account."""
    if Person.objects.filter(email__iexact=invitation.email).exists():
        said = _("Your address has an account here already. Sign in with it, then open the link of the mail again.")
        raise ValidationError({"username": said})
    return enrol(
        username=account.username, password=account.password, email=invitation.email, first_name=account.first_name,
        last_name=account.last_name, via="mail",
    )  # fmt: skip


def _address(email: str) -> str:
    address = clean(email, field="email", limit=254, required=True, one_line=True)
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": _("Write an address such as name@example.org.")}) from error
    return address


def _mail(invitation: Invitation, mark: str, now: datetime) -> None:
    shown = {"invitation": invitation, "secret": mark, "home": HOME}
    text = render_to_string("programmes/mail_invitation.txt", shown)
    put_mail(to=invitation.email, subject=_("Tybed: an invitation"), text=text, at=now)


def _name(invitation: Invitation) -> str:
    """What the log calls it: its number, never the address."""
    return f"invitation {invitation.pk}"
