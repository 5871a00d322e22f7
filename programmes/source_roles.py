"""Owns when the roles of two sources are one: people type them, so case and blanks do not tell them apart. Pure.

Whatever counts, filters or compares roles asks here: the sample, what a claim rests on, heat maps, plans.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

from programmes.natural import natural


def role_key(role: str) -> str:
    """The same for roles that differ in case, or in blanks around or between words; "" for none."""
    return " ".join(unicodedata.normalize("NFC", role).split()).casefold()


def spellings(roles: Iterable[str]) -> dict[str, str]:
    """{key: the role as it is shown}: as whoever comes first wrote it."""
    found: dict[str, str] = {}
    for role in roles:
        found.setdefault(role_key(role), role.strip())
    return found


def role_order(role: str) -> Any:
    """Key to sort roles or their keys by: in natural order, none last."""
    return (not role, natural(role))
