"""Owns bringing proposed changes onto records that moved on: what was proposed, put on top of what stands there now."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.merging import merge, merge_sets
from cmo.models import Proposal
from cmo.rules.composing import PARTS
from cmo.rules.making_up import WORDS
from cmo.rules.proposed import Record, record_named

TEXTS = frozenset({"wording", *WORDS, "text", "formal_theory"})


def rebased(proposal: Proposal) -> list[dict[str, Any]]:
    """The changes with the latest revisions as their bases. Raises ValidationError where both changed the same."""
    return [_rebased(proposal, dict(change)) for change in proposal.content]


def _rebased(proposal: Proposal, change: dict[str, Any]) -> dict[str, Any]:
    for row in [*change.get("records", []), change.get("into"), change.get("by")]:
        if row:
            row["base"] = record_named(proposal.programme, row["record"]).revision_number
    if "record" in change:
        record = record_named(proposal.programme, change["record"])
        if change["change"] == "revise" and record.revision_number != change["base"]:
            change["content"] = _content(record, change["base"], dict(change["content"]))
        change["base"] = record.revision_number
    content = change.get("content") or {}
    for placed in content.get("elements", []):
        if "element" in placed:
            placed["revision"] = record_named(proposal.programme, placed["element"]).revision_number
    return change


def _content(record: Record, base: int, mine: dict[str, Any]) -> dict[str, Any]:
    old, now = record.revisions.get(number=base), record.revisions.get(number=record.revision_number)
    for name in list(mine):
        if name in TEXTS:
            both = merge(getattr(old, name), getattr(now, name), mine[name])
            if not both.clean:
                raise _both(record, name)
            mine[name] = both.text()
        elif name == "themes":
            mine[name] = _united(_themes(old), _themes(now), mine[name])
        elif name == "area":
            mine[name] = _one(record, name, _slug(old), _slug(now), mine[name])
        elif name == "elements":
            mine[name] = _elements(record, old, now, mine[name])
        elif name == "statements":
            mine[name] = _united(_statements(old), _statements(now), mine[name])
        elif name not in PARTS and name != "state":
            mine[name] = _one(record, name, getattr(old, name), getattr(now, name), mine[name])
    if "wording" in mine and any(part in mine for part in PARTS):
        mine = {name: value for name, value in mine.items() if name not in PARTS}  # marks are found anew
    return mine


def _both(record: Record, name: str) -> ValidationError:
    said = _("Both changed the same words of %(label)s (%(field)s); its authors put them together.")
    return ValidationError({"changes": said % {"label": record.label, "field": name}})


def _one(record: Record, name: str, old: Any, now: Any, mine: Any) -> Any:
    """A value that is not put together of words: one side's, where only one changed it."""
    if mine in (old, now) or old == now:
        return now if mine == old else mine
    raise _both(record, name)


def _united(old: list[str], now: list[str], mine: list[str]) -> list[str]:
    return sorted(merge_sets(frozenset(old), frozenset(now), frozenset(mine)))


def _elements(record: Record, old: Any, now: Any, mine: list[dict[str, Any]]) -> list[dict[str, Any]]:
    before, after = _standing(old), _standing(now)
    proposed = [(row.get("element"), row["role"], row["wording"], row["activation"]) for row in mine]
    if before == after or proposed == after:
        return mine
    raise _both(record, "elements")


def _standing(version: Any) -> list[tuple[str, str, str, str]]:
    rows = version.placings.select_related("element").order_by("position")
    return [(row.element.label, str(row.role), row.wording, str(row.activation)) for row in rows]


def _themes(version: Any) -> list[str]:
    return [str(uid) for uid in version.taggings.values_list("theme__uid", flat=True)]


def _statements(version: Any) -> list[str]:
    return [f"S{number}" for number in version.spellings.values_list("statement__number", flat=True)]


def _slug(version: Any) -> str | None:
    return version.area.slug if version.area else None
