"""Owns how the API knows who asks: a token in the head of the request, or the browser's session."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as DjangoSession
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from programmes.access import Actor
from programmes.reading.team import token_behind
from programmes.rules.using_tokens import note_use

SELDOM = timedelta(minutes=1)  # each note of a use takes SQLite's only write lock


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token tyb_…`. The wrong, the expired and the revoked get the same answer, 401."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        word, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word.lower() not in {"token", "bearer"}:
            return None
        slug = (request.parser_context or {}).get("kwargs", {}).get("slug", "")
        found = token_behind(secret.strip(), slug) if secret.strip() else None
        if found is None:
            said = _("This token is unknown, revoked or expired; make a new one on your account page.")
            raise AuthenticationFailed(said)
        token, request.programme = found  # type: ignore[attr-defined]  # read together: most requests ask for both
        now = timezone.now()
        if token.last_used is None or now - token.last_used > SELDOM:
            note_use(token, now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionAuthentication(DjangoSession):
    """The browser's own session, with the CSRF check."""


def actor_of(request: Request) -> Actor:
    """Who acts, as the rules want to know it."""
    person: Any = request.user
    token: Any = request.auth
    if token is None:
        return Actor(person=person)
    return Actor(person=person, via=f"token “{token.name}”", read_only=token.read_only)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token tyb_…`, made on the account page or by `manage.py create_token`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The browser's session."}
