"""Owns how an account is found at sign-in: by name or by e-mail address, in any case, in the same time either way."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from programmes.models import Person
from programmes.records import Columns


def find_account(typed: str) -> Person | None:
    typed = typed.strip()
    if not typed or "\x00" in typed:
        return None
    return Person.objects.filter(Q(username__iexact=typed) | (Q(email__iexact=typed) & ~Q(email=""))).first()


def account_name(typed: str) -> str:
    """What guesses are counted under: the account, whichever of its names was typed; else what was typed."""
    account = find_account(typed)
    return account.username if account else typed


class NameOrEmail(ModelBackend):
    """Signs in by name or e-mail address; a stranger's password is hashed too, so that time tells nothing."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **more: Any
    ) -> Person | None:
        if username is None or password is None or "\x00" in password:
            return None
        account = find_account(username)
        if account is None:
            Person().set_password(password)
            return None
        if account.check_password(password) and self.user_can_authenticate(account):
            return account
        return None

    def get_user(self, user_id: int) -> Person | None:
        """Who the session belongs to; every page asks."""
        found = _PERSON.one(_BY_KEY, [user_id])
        return found[0] if found and self.user_can_authenticate(found[0]) else None


_PERSON = Columns(Person, "p")
_BY_KEY = f"SELECT {_PERSON.sql} FROM programmes_person p WHERE p.id = %s"
