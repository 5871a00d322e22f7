"""Owns the canonical JSON of a snapshot: what it says, without keys of this database, in one form that is hashed.

Reasons of revisions are not in it: they may be taken out of history later, and a snapshot must verify all the same.
"""

import json
from datetime import UTC
from typing import Any

from cmo.models import Snapshot
from cmo.reading.theory_at import CONFIGURATION_WORDS, ELEMENT_WORDS, TheoryAt
from programmes.models import Theme
from programmes.rules.classifying import WORDS as THEME_WORDS
from programmes.rules.recording import digest_of

KINDS = ("programme", "phases", "areas", "slots", "links", "rivals", "patterns", "lineage", "evidence")
FORMAT = "tybed-snapshot-1"


def canonical(snapshot: Snapshot, theory: TheoryAt) -> dict[str, Any]:
    """What the snapshot is the hash of; `theory` is as it is to stand in it."""
    themes = {theme.pk: str(theme.uid) for theme in theory.themes}
    labels = {theme.label: str(theme.uid) for theme in theory.themes}
    return {
        "format": FORMAT,
        "snapshot": {
            "slug": snapshot.slug,
            "name": snapshot.name,
            "description": snapshot.description,
            "phase": snapshot.phase.slug if snapshot.phase else None,
            "taken": snapshot.taken.astimezone(UTC).isoformat(timespec="seconds"),
            "by": snapshot.by.username,
            "log": {"number": snapshot.log_number, "digest": snapshot.log_digest},
            "counts": snapshot.counts,
        },
        **{kind: theory.part(kind) for kind in KINDS},
        "themes": [_theme(theme, themes) for theme in sorted(theory.themes, key=lambda one: str(one.uid))],
        "statements": [
            {
                "id": str(row.uid), "number": row.number, "revision": row.revision, "wording": row.wording,
                "parts": row.parts, "parts_by_hand": row.parts_by_hand, "area": row.area, "state": row.state,
                "phase": row.phase, "cites": row.cites, "themes": sorted(labels[tag.label] for tag in row.themes),
                "priority": row.priority is not None,
            }
            for row in theory.statements
        ],
        "elements": [
            {
                "id": str(row.element.uid), "number": row.element.number, "revision": row.element.revision_number,
                **{name: getattr(row.element, name) for name in ELEMENT_WORDS},
                "themes": sorted(labels[tag.label] for tag in row.themes),
            }
            for row in theory.elements
        ],
        "configurations": [
            {
                "id": str(row.configuration.uid), "number": row.configuration.number,
                "revision": row.configuration.revision_number,
                **{name: getattr(row.configuration, name) for name in CONFIGURATION_WORDS},
                "area": row.configuration.area.slug if row.configuration.area else None,
                "elements": [
                    [one.label, one.role.value, one.wording, one.activation]
                    for one in sorted(row.placed, key=lambda one: one.position)
                ],
                "statements": [f"S{number}" for number, _wording in row.statements],
            }
            for row in theory.configurations
        ],
        "verdicts": [
            {
                "number": one.number, "revision": one.revision, "record": one.record, "phase": one.phase,
                "team": one.team, "verdict": one.verdict, "rationale": one.rationale,
                "made_against": one.made_against, "by": one.by,
                "bearings": one.bearings,
            }
            for one in sorted(theory.verdicts, key=lambda one: one.number)
        ],
    }  # fmt: skip


def _theme(theme: Theme, ids: dict[int, str]) -> dict[str, Any]:
    return {
        "id": str(theme.uid), "revision": theme.revision_number, "retired": theme.retired,
        "parent": ids.get(theme.parent_id) if theme.parent_id else None,
        "merged_into": ids.get(theme.merged_into_id) if theme.merged_into_id else None,
        "position": theme.position, **{name: getattr(theme, name) for name in THEME_WORDS},
    }  # fmt: skip


def sha256_of(snapshot: Snapshot, theory: TheoryAt) -> str:
    return digest_of(canonical(snapshot, theory))


def canonical_bytes(snapshot: Snapshot) -> bytes:
    """The bytes whose SHA-256 the snapshot carries: sorted keys, no blanks, UTF-8."""
    said = canonical(snapshot, TheoryAt(snapshot.programme, snapshot))
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")
