"""Owns the ways in which a rule says no, beside Django's ValidationError (400) and PermissionDenied (403), and how a
busy database is told from a broken one."""

import sqlite3
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import OperationalError
from django.http import Http404


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
    """This request was carried out before under the same key; `answered` is what was answered then. `in_sight` says
    whether its sender may still see what they were shown with it."""

    def __init__(self, answered: Any, *, in_sight: bool) -> None:
        super().__init__("Carried out before.")
        self.answered = answered
        self.in_sight = in_sight


class NotThen(Http404):
    """The snapshot that was asked does not hold this record, which came after; `url` is its page as it is now.

    To be raised only to somebody who may see the record.
    """

    def __init__(self, label: str, url: str) -> None:
        super().__init__(f"{label} is not in this snapshot.")
        self.label = label
        self.url = url


class KeyReused(Exception):
    """The same key came with another request."""


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """{field: sentences}; what belongs to no field stands under `detail`."""
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {("detail" if name == NON_FIELD_ERRORS else name): said for name, said in found.items()}


# SQLSTATE of: lock_timeout, statement_timeout, deadlock, serialization, too many connections, shutting down, starting.
PASSING = {"55P03", "57014", "40P01", "40001", "53300", "57P01", "57P02", "57P03"}
LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_busy(error: BaseException | None) -> bool:
    """Whether the database may well take the same in a moment; a broken schema or a full disk is no such thing."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF in LOCKED
    code = getattr(cause, "pgcode", "")
    if code is None:  # there was no connection
        return True
    return code in PASSING or code.startswith("08")
