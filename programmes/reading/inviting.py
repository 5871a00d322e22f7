"""Owns how invitations are found and listed. Leads read the address that one of them wrote; nobody reads a secret."""

from typing import Any

from django.http import Http404
from django.utils import timezone

from programmes.models import Invitation, Programme
from programmes.rules.inviting import behind, open_ones
from programmes.vocabulary import Role


def open_invitations(programme: Programme) -> list[Invitation]:
    """Those that were neither accepted nor withdrawn and have not lapsed, newest first."""
    return list(open_ones(timezone.now()).filter(programme=programme).select_related("by"))


def find_invitation(programme: Programme, pk: int) -> Invitation:
    """An open invitation of this programme, or Http404."""
    found = open_ones(timezone.now()).filter(programme=programme, pk=pk).select_related("programme", "by").first()
    if found is None:
        raise Http404("There is no such invitation.")
    return found


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation that a link opens, or None whatever is wrong with it."""
    return behind(secret, timezone.now())


def invitation_json(invitation: Invitation, role: Role) -> dict[str, Any]:
    """An open invitation as a member of this role sees it."""
    return {
        "id": invitation.pk,
        "email": invitation.email if role is Role.LEAD else None,
        "role": invitation.role,
        "by": invitation.by.username,
        "created": invitation.created,
        "expires": invitation.expires,
    }
