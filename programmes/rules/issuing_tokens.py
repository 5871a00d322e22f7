"""Owns the tokens of scripts: make one (shown once), revoke one."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.access import Actor
from programmes.gate import clean
from programmes.models import ApiToken
from programmes.rules.recording import record
from programmes.vocabulary import Limit

PREFIX = "tyb_"
LONGEST = 3 * 366


def digest_of(secret: str) -> str:
    """What is stored of a token. 32 random bytes need no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def issue_token(*, by: Actor, name: str, read_only: bool = True, days: int | None = 90) -> tuple[ApiToken, str]:
    """A new token for `by` and its secret, which cannot be shown again. `days` until it expires, None for never.

    Only the person themself, in the browser or on the command line: a token cannot make tokens.
    """
    if by.via.startswith("token"):
        raise PermissionDenied(_("A token cannot make tokens; sign in and make one on your account page."))
    name = clean(name, field="name", limit=Limit.NAME, required=True, one_line=True)
    if days is not None and not 1 <= days <= LONGEST:
        raise ValidationError({"days": _("Choose between 1 and %(n)s days.") % {"n": LONGEST}})
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        person=by.person,
        name=name,
        digest=digest_of(secret),
        ending=secret[-4:],
        read_only=read_only,
        created=now,
        expires=now + timedelta(days=days) if days else None,
    )
    record(by, "token made", f"token {name}", owner=by.person.username, read_only=read_only, days=days)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """End a token of one's own; it is refused from the next request on."""
    if by.via.startswith("token") or token.person_id != by.person.pk:
        raise PermissionDenied(_("Only its owner revokes a token, on the account page."))
    if ApiToken.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()):
        record(by, "token revoked", f"token {token.name}", owner=by.person.username)
