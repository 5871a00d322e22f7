"""Owns the writing of the audit log; every other rule calls `record` inside its own transaction, last."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import connection

from programmes.access import Actor
from programmes.models import AuditEvent, AuditHead, Programme

PEOPLE = "people"


def scope_of(programme: Programme | None) -> str:
    return f"p{programme.pk}" if programme else PEOPLE


def record(
    by: Actor,
    verb: str,
    on: str,
    *,
    programme: Programme | None = None,
    reason: str = "",
    **detail: Any,
) -> AuditEvent:
    """Append one row: `by` did `verb` to the record named `on`; `detail` is what a reader needs of before and after.

    Must run inside the transaction of the change. Takes the lock of the programme's chain until that ends, so call it
    after every other write.
    """
    scope = scope_of(programme)
    number, before = _next(scope)
    event = AuditEvent(
        scope=scope,
        number=number,
        programme=programme,
        actor=by.person,
        at=by.now(),
        via=by.via[:230],
        verb=verb,
        record=on[:230],
        detail=detail,
        reason=reason,
    )
    event.digest = chained(before, event)
    event.save(force_insert=True)
    AuditHead.objects.filter(scope=scope).update(digest=event.digest)
    return event


def chained(before: str, event: AuditEvent) -> str:
    """SHA-256 over the digest before and the row: one changed bit breaks every later link.

    The detail and the reason enter by their own digests, so that words taken out later can leave a tombstone.
    """
    row = [
        before,
        event.scope,
        event.number,
        event.actor_id,
        event.at.astimezone(UTC).isoformat(),  # as every database gives it back, whatever zone it was said in
        event.via,
        event.verb,
        event.record,
        _digest(event.detail),
        _digest(event.reason),
    ]
    return _digest(row)


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _next(scope: str) -> tuple[int, str]:
    """The next number of a chain and the digest to chain to; the row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programmes_audithead (scope, number, digest) VALUES (%s, 1, '')"
            " ON CONFLICT (scope) DO UPDATE SET number = programmes_audithead.number + 1 RETURNING number, digest",
            [scope],
        )
        number, digest = cursor.fetchone()
    return int(number), str(digest)
