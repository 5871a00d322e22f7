"""Owns new accounts. They are made by those who run the server; a programme is joined by its lead's word."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from programmes.access import Actor
from programmes.gate import clean
from programmes.models import Person
from programmes.rules.recording import record
from programmes.vocabulary import Limit


@transaction.atomic
def enrol(
    *, username: str, password: str, email: str = "", first_name: str = "", last_name: str = "", via: str = "command"
) -> Person:
    """A new account. Raises ValidationError (username, email, password).

    A name is no e-mail address: members see each other's names, and a name must not be another's address at sign-in.
    """
    username = clean(username, field="username", limit=150, required=True, one_line=True)
    if "@" in username:
        raise ValidationError({"username": _("Choose a name without @, which members may see; addresses stand apart.")})
    email = clean(email, field="email", limit=254, one_line=True)
    if email:
        validate_email(email)
    taken = Q(username__iexact=username) | (Q(email__iexact=email) if email else Q())
    if Person.objects.filter(taken).exists():
        raise ValidationError({"username": _("An account with this name or address exists already.")})
    person = Person(
        username=username,
        email=email,
        first_name=clean(first_name, field="first_name", limit=Limit.TITLE, one_line=True)[:150],
        last_name=clean(last_name, field="last_name", limit=Limit.TITLE, one_line=True)[:150],
    )
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    person.set_password(password)
    person.save()
    record(Actor(person, via=via), "account made", f"account {username}")
    return person


@transaction.atomic
def give_password(person: Person, *, password: str, via: str) -> None:
    """Set a password from outside the account, as the local demo does."""
    person.set_password(password)
    person.save(update_fields=["password"])
    record(Actor(person, via=via), "password set", f"account {person.username}")
