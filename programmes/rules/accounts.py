"""Owns what people change about their own account: name, address, shortcuts, appearance, password."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from programmes.access import Actor, require_writable
from programmes.gate import clean
from programmes.models import Notice, Person
from programmes.rules.recording import record

NAME, ADDRESS = 150, 254


@transaction.atomic
def change_profile(*, by: Actor, first_name: str, last_name: str, email: str, keys: str) -> list[str]:
    """Change what others see of a person, where mails go, and how single letters work; the names of changed fields.

    Raises ValidationError (first_name, last_name, email, keys).
    """
    require_writable(by)
    if keys not in Person.Keys.values:
        raise ValidationError({"keys": _("Choose one of the three.")})
    new = {
        "first_name": clean(first_name, field="first_name", limit=NAME, one_line=True),
        "last_name": clean(last_name, field="last_name", limit=NAME, one_line=True),
        "email": _checked_email(by.person, clean(email, field="email", limit=ADDRESS, one_line=True)),
        "keys": keys,
    }
    return _change(by, "profile changed", new)


@transaction.atomic
def set_scheme(*, by: Actor, scheme: str) -> None:
    """How the pages look: as the system says (empty), light or dark. Raises ValidationError (scheme)."""
    require_writable(by)
    if scheme not in Person.Scheme.values:
        raise ValidationError({"scheme": _("Choose system, light or dark.")})
    _change(by, "appearance changed", {"scheme": scheme})


@transaction.atomic
def set_mails(*, by: Actor, mails: str) -> None:
    """How notices come by mail: at once, daily or off. Raises ValidationError (mails).

    What was not mailed while they were off is not mailed afterwards either.
    """
    require_writable(by)
    if mails not in Person.Mails.values:
        raise ValidationError({"mails": _("Choose at once, once a day or never.")})
    if by.person.mails == Person.Mails.OFF:
        Notice.objects.filter(person=by.person.pk, mailed=None).update(mailed=by.now())
    _change(by, "mails changed", {"mails": mails})


@transaction.atomic
def changed_password(*, by: Actor, new: str) -> None:
    """Set one's own password; other sessions end with it, tokens stay. Raises ValidationError (new_password1).

    Whoever calls has seen the old password or the link from the mail.
    """
    require_writable(by)
    try:
        validate_password(new, by.person)
    except ValidationError as error:
        raise ValidationError({"new_password1": error.messages}) from error
    by.person.set_password(new)
    by.person.save(update_fields=["password"])
    record(by, "password changed", f"account {by.person.username}")


def _checked_email(person: Person, email: str) -> str:
    if not email or email == person.email:
        return email
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": _("Write an address such as name@example.org.")}) from error
    others = Person.objects.exclude(pk=person.pk)
    if others.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists():
        raise ValidationError({"email": _("Another account signs in with this address; write another.")})
    return email


def _change(by: Actor, verb: str, new: dict[str, str]) -> list[str]:
    """Write the fields that differ, and one audit row that says so."""
    now = Person.objects.values(*new).get(pk=by.person.pk)
    changed = {field: value for field, value in new.items() if value != now[field]}
    if not changed:
        return []
    try:
        with transaction.atomic():
            Person.objects.filter(pk=by.person.pk).update(**changed)
    except IntegrityError as error:
        raise ValidationError({"email": _("Another account signs in with this address; write another.")}) from error
    before = {field: now[field] for field in changed}
    record(by, verb, f"account {by.person.username}", before=before, after=changed)
    return list(changed)
