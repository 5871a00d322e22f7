"""Owns what is carried along of a form that was not taken: its fields as sent, and the words worth reading again."""

import re
from html import unescape

from django.http import HttpRequest, HttpResponse

NONCE = "nonce"
NEVER_KEPT = {"csrfmiddlewaretoken", "kept_path"}
NEVER_TYPED = {"shown", "seen", "mine", "theirs", "offered", "query", "back", "was_note", "was_label", "asked"}
_DIGEST = re.compile(r"[0-9a-f-]{20,}")  # and ids
_SPACE = re.compile(r"\s+")
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


def lost_in(answer: HttpResponse, request: HttpRequest) -> Kept:
    """The longer texts of a form that was refused, where the page shown instead holds neither them nor their field.

    A field that is there has them, or what they were put together with.
    """
    page = answer.content.decode(answer.charset)
    typed = [(name, value) for name, value in kept_of(request) if not _is_untyped(name, value, page)]
    whole = _SPACE.sub(" ", unescape(page))
    return [(name, value) for name, value in words_of(typed) if _SPACE.sub(" ", value).strip() not in whole]


def _is_untyped(name: str, value: str, page: str) -> bool:
    return name in NEVER_TYPED or f'name="{name}"' in page or bool(_DIGEST.fullmatch(value))
