"""Owns how a kept connection to PostgreSQL is found fit for the next request, without asking the server each time."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

RECENT = 5.0  # seconds; what rested for longer may have been forgotten by something in between that says nothing


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for the check before a request's first query.

    A server that ends a connection says so on it. One that was used a moment ago and on which nothing waits to be read
    is taken as it is; any other, and any on which an error happened, is asked `SELECT 1` as Django does.
    """

    _fit_at = 0.0

    def connect(self) -> None:
        super().connect()
        self._fit_at = time.monotonic()

    def is_usable(self) -> bool:
        now = time.monotonic()
        fresh = now - self._fit_at < RECENT and not self.errors_occurred and _is_quiet(self.connection)
        fit = fresh or bool(super().is_usable())
        if fit:
            self._fit_at = now
        return fit


def _is_quiet(connection: Any) -> bool:
    """Whether the connection is open and nothing waits on it: no farewell of the server, no end."""
    if connection is None or connection.closed:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)
