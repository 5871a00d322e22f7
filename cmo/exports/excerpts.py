"""Owns excerpts as a file: CSV for spreadsheets, JSON for scripts, both streamed row by row."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from programmes.gate import guarded

Facts = dict[str, Any]
COLUMNS = (
    "number", "label", "source", "site", "role", "text", "original", "locator", "themes", "status", "signed_site",
    "bearings", "notes", "state", "revision", "created", "updated", "updated_by", "id",
)  # fmt: skip
BATCH = 200


def as_csv(excerpts: Iterable[Facts]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark and CRLF, one row an excerpt; themes and bearings stand in one cell each, with
    semicolons. Nothing in it is run as a formula."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)  # some take a bare ; for a new cell
    table.writerow(COLUMNS)
    yield b"\xef\xbb\xbf" + _taken(buffer)
    for at, facts in enumerate(excerpts, start=1):
        cells = {**facts, **_said(facts)}
        table.writerow([_cell(cells[name]) for name in COLUMNS])
        if at % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def as_json(excerpts: Iterable[Facts]) -> Iterator[bytes]:
    """A list of excerpts in the shape of the API, each with its bearings whole."""
    yield b"["
    for at, facts in enumerate(excerpts):
        row = json.dumps(facts, default=_time, ensure_ascii=False)
        yield f"{',' if at else ''}\n{row}".encode()
    yield b"\n]\n"


def _said(facts: Facts) -> dict[str, str]:
    """B4 challenges S5 (because); B5 supports CMO3/E12."""
    links = [
        f"{one['label']} {one['stance']} {one['on']}" + (f" ({one['part']})" if one["part"] else "")
        for one in facts["bearings"]
    ]
    notes = [f"{one['label']}: {one['note']}" for one in facts["bearings"] if one["note"]]
    return {"themes": "; ".join(facts["themes"]), "bearings": "; ".join(links), "notes": "; ".join(notes)}


def _cell(value: Any) -> str | int:
    if isinstance(value, datetime):
        return f"{value.isoformat()[:19]}Z"
    return value if isinstance(value, int) else guarded(str(value or ""))


def _time(value: Any) -> str:
    return str(value.isoformat())


def _taken(buffer: StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


FORMATS: dict[str, tuple[str, Callable[[Iterable[Facts]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}
