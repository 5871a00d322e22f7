"""Owns what is carried along of a form that was not taken: its fields as sent, and the words worth reading again."""

from django.http import HttpRequest

from programmes.views.base import NONCE

NEVER_KEPT = {"csrfmiddlewaretoken", "kept_path"}
Kept = list[tuple[str, str]]


def kept_of(request: HttpRequest) -> Kept:
    """The fields of a form as it was sent, but for tokens and passwords; nothing when it held only those."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if isinstance(value, str)]
    kept = [(name, value) for name, value in sent if name not in NEVER_KEPT and "password" not in name]
    only_passwords = any("password" in name for name, _value in sent) and all(name == NONCE for name, _value in kept)
    return [] if only_passwords else kept


def words_of(kept: Kept) -> Kept:
    """The longer texts among the fields, under names that people can read."""
    long = [(name, value) for name, value in kept if name != NONCE and (len(value) > 20 or " " in value.strip())]
    return [(name.rpartition("-")[2].replace("_", " ").capitalize(), value) for name, value in long]
