"""Owns the API of who belongs to a programme: members, their roles, invitations."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_view
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from programmes.access import allow, require_writable
from programmes.api.base import PAGING, Acting, Door, unchanged, whole
from programmes.api.documenting import changes, creates, lists, removes, shows
from programmes.api.problems import PreconditionRequired
from programmes.reading.inviting import find_invitation, invitation_json, open_invitations
from programmes.reading.team import find_member, member_json, members_of, role_shown
from programmes.refusals import Stale
from programmes.rules.inviting import DAYS, accept, invite, invite_again, withdraw_invitation
from programmes.rules.limiting import INVITATION, INVITED, MEMBER, WITHIN, give_back, take_try
from programmes.rules.membering import add_member, change_member, remove_member
from programmes.serializers import (
    AcceptIn,
    InvitationIn,
    InvitationOut,
    JoinedOut,
    MemberIn,
    MemberOut,
    MemberPatch,
    NothingIn,
    read,
)
from programmes.vocabulary import Verb


def _limited(what: str, who: str) -> int:
    """The mark of a try that may be made now; 429 with Retry-After otherwise."""
    mark = take_try(what, who)
    if mark is None:
        raise Throttled(wait=WITHIN.seconds)
    return mark


@extend_schema_view(
    get=lists("List the members", MemberOut),
    post=creates(
        "Add a member", MemberIn, MemberOut, tries=True,
        about="Somebody with an account, by the name they sign in with.",
    ),
)  # fmt: skip
class Members(Acting):
    writes = Verb.MANAGE
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str) -> Response:
        return whole(request, (member_json(member) for member in members_of(self.programme)))

    def post(self, request: Request, **address: Any) -> Response:
        """The try is counted outside of the transaction that a refusal takes back."""
        me = self.actor.person.username
        mark = _limited(MEMBER, me)
        answer = super().post(request, **address)
        give_back(MEMBER, me, mark)
        return answer

    def act(self, request: Request) -> Response:
        given = read(MemberIn, request)
        member = add_member(self.programme, by=self.actor, who=given.pop("username"), **given)
        return Response(member_json(member), status=201, headers={"ETag": _tag(member)})


def _tag(member: Any) -> str:
    """The role, and whether they see evidence."""
    return f'"{member.role}-without-evidence"' if member.no_evidence else f'"{member.role}"'


@extend_schema_view(
    get=shows("Show a member", MemberOut),
    patch=changes(
        "Change a role", MemberPatch, MemberOut,
        about="The ETag is the role, so If-Match names it; of somebody without evidence it says so as well.",
    ),
    delete=removes(
        "Take a member out", stale=True,
        about="If-Match names the role. To leave, with your own name, needs no role and no If-Match. One lead remains.",
    ),
)
class OneMember(Door):
    def allow(self) -> None:
        leaving = self.request.method == "DELETE" and self.kwargs["username"] == self.actor.person.username
        if leaving:
            require_writable(self.actor)
        else:
            allow(self.actor, Verb.MANAGE, role_shown(self.programme))

    def get(self, request: Request, slug: str, username: str) -> Response:
        member = find_member(self.programme, username)
        if unchanged(request, _tag(member)):
            return Response(status=304, headers={"ETag": _tag(member)})
        return Response(member_json(member), headers={"ETag": _tag(member)})

    def patch(self, request: Request, slug: str, username: str) -> Response:
        given = read(MemberPatch, request)
        member = self.seen(username)
        shown, tag = self.as_now(
            change_member(self.programme, by=self.actor, username=username, seen=member, **given)
        )
        return Response(shown, headers={"ETag": tag})

    def delete(self, request: Request, slug: str, username: str) -> Response:
        if request.data:
            read(NothingIn, request)
        leaving = username == self.actor.person.username
        member = find_member(self.programme, username) if leaving else self.seen(username)
        remove_member(self.programme, by=self.actor, username=username, seen=None if leaving else member)
        return Response(status=204)

    def seen(self, username: str) -> Any:
        """The member as If-Match names them: by role, and by whether they see evidence."""
        member = find_member(self.programme, username)
        seen = self.request.META.get("HTTP_IF_MATCH", "").strip()
        if not seen or seen == "*":
            raise PreconditionRequired()
        if _tag(member) not in {part.strip().removeprefix("W/") for part in seen.split(",")}:
            raise Stale(member, base=None)
        return member

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        return member_json(record), _tag(record)


@extend_schema_view(
    get=lists("List the open invitations", InvitationOut),
    post=creates("Invite somebody", InvitationIn, InvitationOut, tries=True,
                 about="They get a mail with a link that works once. The link is in no answer."),
)  # fmt: skip
class Invitations(Acting):
    writes = Verb.MANAGE
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str) -> Response:
        role = role_shown(self.programme)
        return whole(request, (invitation_json(one, role) for one in open_invitations(self.programme)))

    def act(self, request: Request) -> Response:
        given = read(InvitationIn, request)
        _limited(INVITED, given["email"])
        invitation, _secret = invite(
            self.programme, by=self.actor, email=given["email"], role=given["role"], days=given.get("days", DAYS),
            no_evidence=given.get("no_evidence", False),
        )  # fmt: skip
        return Response(invitation_json(invitation, role_shown(self.programme)), status=201)


@extend_schema_view(
    delete=removes("Withdraw an invitation", about="Its link works no more."),
)
class OneInvitation(Door):
    writes = Verb.MANAGE

    def delete(self, request: Request, slug: str, invitation: int) -> Response:
        if request.data:
            read(NothingIn, request)
        withdraw_invitation(find_invitation(self.programme, invitation), by=self.actor)
        return Response(status=204)


@extend_schema_view(
    post=creates("Send an invitation again", NothingIn, InvitationOut, answer=200, tries=True,
                 about="With a new link; that of the first mail works no more."),
)  # fmt: skip
class InviteAgain(Acting):
    writes = Verb.MANAGE

    def act(self, request: Request, invitation: int) -> Response:
        read(NothingIn, request)
        found = find_invitation(self.programme, invitation)
        _limited(INVITED, found.email)
        again = invite_again(found, by=self.actor)
        return Response(invitation_json(again, role_shown(self.programme)))


@extend_schema_view(
    post=creates("Accept an invitation", AcceptIn, JoinedOut, answer=200, tries=True,
                 about="With the account whose address it was sent to; `secret` is the last part of the link."),
)  # fmt: skip
class AcceptInvitation(Acting):
    def post(self, request: Request, **address: Any) -> Response:
        me = f"account {self.actor.person.pk}"
        mark = take_try(INVITATION, me)  # outside of the transaction that a refusal takes back
        if mark is None:
            raise Throttled(wait=WITHIN.seconds)
        wrong = False
        try:
            return super().post(request, **address)
        except ValidationError:
            wrong = True
            raise
        finally:
            if not wrong:
                give_back(INVITATION, me, mark)

    def act(self, request: Request) -> Response:
        member = accept(read(AcceptIn, request)["secret"], by=self.actor)
        return Response({"programme": member.programme.slug, "role": member.role})
