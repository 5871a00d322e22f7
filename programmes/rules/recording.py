"""Owns the writing of the audit log; every other rule calls `record` inside its own transaction, last."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from programmes.access import Actor
from programmes.models import AuditEvent, Programme
from programmes.rules.sending import Sending

PEOPLE = "people"


def scope_of(programme: Programme | None) -> str:
    return f"p{programme.pk}" if programme else PEOPLE


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log to be: what was done to which record, why, and what a reader needs of before and after."""

    verb: str
    on: str
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    seals: str = ""  # digest of the revision that it tells of, see `seal`


def record(
    by: Actor,
    verb: str,
    on: str,
    *,
    programme: Programme | None = None,
    reason: str = "",
    seals: str = "",
    **detail: Any,
) -> None:
    """Append one row: `by` did `verb` to the record named `on`; `detail` is what a reader needs of before and after.

    Must run inside the transaction of the change. Takes the lock of the programme's chain until that ends, so call it
    after every other write.
    """
    record_all(by, [Entry(verb, on, reason, detail, seals)], programme=programme)


def record_all(
    by: Actor, entries: Sequence[Entry], *, programme: Programme | None = None, sending: Sending | None = None
) -> None:
    """Append these rows in their order, as `record` does one: the end of the chain is read and written once.

    What waits in `sending` is sent before them.
    """
    sending = sending or Sending()
    if not entries:
        sending.send()
        return
    scope = scope_of(programme)
    last, digest = sending.ask(_NEXT, [scope, len(entries)])
    events, at = [], by.now()
    for number, entry in enumerate(entries, start=last - len(entries) + 1):
        event = AuditEvent(
            scope=scope,
            number=number,
            programme=programme,
            actor=by.person,
            at=at,
            via=by.via[:230],
            verb=entry.verb,
            record=entry.on[:230],
            detail=dict(entry.detail),
            reason=entry.reason,
            seals=entry.seals,
        )
        event.digest = digest = chained(digest, event)
        events.append(event)
    sending.insert(events)
    sending.add("UPDATE programmes_audithead SET digest = %s WHERE scope = %s", [digest, scope])
    sending.send()


# Takes the next numbers of a chain: the last of them, and the digest to chain to. The row stays locked until the
# transaction ends.
_NEXT = (
    "INSERT INTO programmes_audithead (scope, number, digest) VALUES (%s, %s, '')"
    " ON CONFLICT (scope) DO UPDATE SET number = programmes_audithead.number + excluded.number"
    " RETURNING number, digest"
)


def seal(revision: Model, **more: Any) -> str:
    """SHA-256 of a row of history as it is stored, with what hangs on it (`more`, such as its themes).

    The log keeps it, so that a revision changed behind the guards' back no longer agrees with the chain.
    """
    row = {name.attname: getattr(revision, name.attname) for name in revision._meta.concrete_fields}
    row.pop(revision._meta.pk.attname)
    said = {key: _plain(value) for key, value in row.items()}
    return digest_of({"of": revision._meta.label_lower, **said, **more})


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def chained(before: str, event: AuditEvent, *, detail: str = "", reason: str = "") -> str:
    """SHA-256 over the digest before and the row: one changed bit breaks every later link.

    The detail and the reason enter by their own digests, so that words taken out later can leave a tombstone: `detail`
    and `reason` are the digests that were kept of them, empty where the text still stands.
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
        detail or digest_of(event.detail),
        reason or digest_of(event.reason),
        *filter(None, [event.seals]),  # rows from before digests of revisions were kept have none
    ]
    return digest_of(row)


def digest_of(value: Any) -> str:
    """SHA-256 of a JSON value in one canonical form."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
