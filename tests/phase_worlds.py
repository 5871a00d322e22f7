"""Owns what the small world holds of verdicts and snapshots."""

from typing import Any

from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from programmes.rules.phasing import open_phase
from tests.people import actor


def furnish_phases(own: Any, other: Any, people: dict[str, Any], stranger: Any) -> dict[str, Any]:
    """Each who may say something holds a verdict on S1 of their own, and a lead stated the team's. Elsewhere are more,
    and a snapshot; the own programme has none, as a snapshot asks for reasons from then on."""
    first = own.statements.select_related("programme").get(number=1)
    verdicts = {}
    for role in ("lead", "editor", "contributor"):
        made = judge(first, by=actor(people[role]), verdict="supported", rationale="It held.")
        verdicts[role] = made.number
    judge(first, by=actor(people["lead"]), verdict="refined", rationale="But for one site.", team=True)
    theirs = other.statements.select_related("programme").get(number=1)
    phase = other.phases.select_related("programme").order_by("position").first()
    if phase.state != "open":
        open_phase(phase, by=stranger, base=phase.revision_number, reason="To judge.")
    for at in range(1, 5):
        judge(other.statements.select_related("programme").get(number=at), by=stranger, verdict="supported",
              rationale=f"Secret rationale {at}")  # fmt: skip
    judge(theirs, by=stranger, verdict="supported", rationale="Secret rationale 5", team=True)
    take_snapshot(other, by=stranger, name="Secret theory")
    return {"verdicts": verdicts, "snapshot": "first-theory", "working": "working", "file_kind": "csv"}
