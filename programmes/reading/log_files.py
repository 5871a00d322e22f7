"""Owns the audit log as a file: CSV for spreadsheets, JSON for scripts, both streamed row by row."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from io import StringIO
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from programmes.gate import guarded
from programmes.models import AuditEvent
from programmes.reading.log import event_json

COLUMNS = ("number", "at", "by", "via", "change", "record", "reason", "detail", "redacted", "digest")
BATCH = 200


def _row(event: AuditEvent) -> dict[str, Any]:
    """A row as the change feed shows it, its time to the microsecond."""
    return {**event_json(event), "at": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z")}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return str(value or "")


def as_csv(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark and CRLF; nothing in it is run as a formula."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)  # some take a bare ; for a new cell
    table.writerow(COLUMNS)
    yield b"\xef\xbb\xbf"
    for at, event in enumerate(events, start=1):
        row = _row(event)
        table.writerow([guarded(_text(row[name])) for name in COLUMNS])
        if at % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def as_json(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """A list of rows in the shape of the change feed."""
    yield b"["
    for at, event in enumerate(events):
        row = json.dumps(_row(event), cls=DjangoJSONEncoder, ensure_ascii=False)
        yield f"{',' if at else ''}\n{row}".encode()
    yield b"\n]\n"


FORMATS: dict[str, tuple[str, Callable[[Iterable[AuditEvent]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}
