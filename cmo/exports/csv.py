"""Owns the CSV export: UTF-8 with a byte-order mark and CRLF, as spreadsheets expect it, and no live formula."""

import csv
from collections.abc import Iterator
from io import StringIO

from cmo.exports.base import Exporter
from cmo.exports.dossier import Dossier, StatementFacts
from programmes.gate import guarded

COLUMNS = (
    "number", "label", "area", "area_title", "if", "then", "because", "wording", "themes", "state", "phase", "cites",
    "revision", "created", "updated", "updated_by", "id",
)  # fmt: skip
BATCH = 200


def write(dossier: Dossier) -> Iterator[bytes]:
    """Pieces of a table with one row a statement; themes stand in one cell with semicolons."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)  # some take a bare ; for a new cell
    table.writerow(COLUMNS)
    yield b"\xef\xbb\xbf" + _taken(buffer)
    for at, facts in enumerate(dossier.statements(False), start=1):
        table.writerow(_row(facts))
        if at % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def _seconds(time: str) -> str:
    """A time in UTC to the second, as spreadsheets read it."""
    return f"{time[:19]}Z"


def _row(facts: StatementFacts) -> list[str | int]:
    """The cells of a row; what people type is guarded, what the app makes (labels, slugs, times) begins no formula."""
    title, if_, then, because, wording, themes, cites, by = map(
        guarded,
        (
            facts.area_title, facts.if_, facts.then, facts.because, facts.wording, "; ".join(facts.themes), facts.cites,
            facts.updated_by,
        ),
    )  # fmt: skip
    return [
        facts.number, facts.label, facts.area, title, if_, then, because, wording, themes, facts.state, facts.phase,
        cites, facts.revision, _seconds(facts.created), _seconds(facts.updated), by, facts.id,
    ]  # fmt: skip


EXPORTER = Exporter("csv", "text/csv; charset=utf-8", "csv", write)
