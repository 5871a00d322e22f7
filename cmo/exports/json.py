"""Owns the JSON export: one object, the statements streamed into it."""

from collections.abc import Iterator
from json import JSONEncoder
from typing import Any

from cmo.exports.base import Exporter
from cmo.exports.dossier import Dossier, StatementFacts

BATCH = 200  # statements a piece: fewer, larger writes
_json = JSONEncoder(ensure_ascii=False).encode  # made once; json.dumps would make one for each statement


def write(dossier: Dossier) -> Iterator[bytes]:
    """Pieces of `{"format", "version", "programme", "phases", "areas", "themes", "statements"}`."""
    head = {"format": "tybed-theory", "version": 1, "programme": dossier.programme, "phases": dossier.phases}
    opening = _json({**head, "areas": dossier.areas, "themes": dossier.themes})
    yield f'{opening[:-1]}, "statements": ['.encode()
    batch: list[str] = []
    first = True
    for facts in dossier.statements(True):
        batch.append(_json(_object(facts)))
        if len(batch) == BATCH:
            yield (("\n" if first else ",\n") + ",\n".join(batch)).encode()
            batch, first = [], False
    if batch:
        yield (("\n" if first else ",\n") + ",\n".join(batch)).encode()
    yield b"\n]}\n"


def _object(facts: StatementFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "number": facts.number,
        "label": facts.label,
        "area": facts.area or None,
        "wording": facts.wording,
        "if": facts.if_,
        "then": facts.then,
        "because": facts.because,
        "themes": facts.themes,
        "configurations": facts.configurations,
        "lineage": facts.lineage,
        "priority": facts.priority,
        "verdicts": facts.verdicts,
        "state": facts.state,
        "phase": facts.phase or None,
        "cites": facts.cites,
        "revision": facts.revision,
        "created": facts.created,
        "updated": facts.updated,
        "updated_by": facts.updated_by,
    }


EXPORTER = Exporter("json", "application/json", "json", write)
