"""Owns the ways in which a rule says no, beside Django's ValidationError (400) and PermissionDenied (403)."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class Stale(Exception):
    """The record moved on since the revision that an edit started from; nothing was written.

    `record` is the record as it now is, `base` the revision number the edit started from.
    """

    said = ""  # a sentence of its own, where "the record moved on" does not say enough

    def __init__(self, record: Any, *, base: int | None) -> None:
        super().__init__("The record moved on.")
        self.record = record
        self.base = base


class Repeated(Exception):
    """This request was carried out before under the same key; `answered` is what was answered then."""

    def __init__(self, answered: Any) -> None:
        super().__init__("Carried out before.")
        self.answered = answered


class KeyReused(Exception):
    """The same key came with another request."""


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """{field: sentences}; what belongs to no field stands under `detail`."""
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {("detail" if name == NON_FIELD_ERRORS else name): said for name, said in found.items()}
