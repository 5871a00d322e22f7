"""Owns what the small world holds of meetings and prioritisation rounds."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from cmo.rules.meeting import record_meeting, turn_meeting
from cmo.rules.prioritising import Given, answer_round, close_round, open_round
from tests.people import actor


def furnish_meetings(own: Any, other: Any, people: dict[str, Any], stranger: Any) -> dict[str, Any]:
    """Meeting 1 took place, 2 is planned, 3 is retired; round 1 is open and answered by the editor, round 2 is closed.
    Elsewhere are more of each, so that number 5 is there, and not in the own programme."""
    lead, editor = actor(people["lead"]), actor(people["editor"])
    held = record_meeting(own, by=lead, title="May meeting", notes="Of S1.", there=["lead", "editor"])
    later = localdate() + timedelta(days=30)
    planned = record_meeting(own, by=lead, title="A meeting to come", held=later)
    gone = record_meeting(own, by=lead, title="Never held")
    turn_meeting(gone, by=lead, base=1, retired=True)
    numbers = [(one.number, one.revision_number) for one in own.statements.filter(number__in=[1, 2])]
    asked = open_round(own, by=lead, title="What first?", kind="scale", statements=sorted(numbers))
    answer_round(asked, by=editor, answers={1: Given(4, "A note of the editor"), 2: Given(2)})
    ended = open_round(own, by=lead, title="In what order?", kind="ranking", statements=sorted(numbers))
    answer_round(ended, by=editor, answers={1: Given(2), 2: Given(1)})
    close_round(ended, by=lead, base=1)
    theirs = [(one.number, one.revision_number) for one in other.statements.filter(number=1)]
    for at in range(1, 6):
        record_meeting(other, by=stranger, title=f"Secret meeting {at}")
        open_round(other, by=stranger, title=f"Secret round {at}", kind="scale", statements=theirs)
    return {
        "meeting": held.number, "meeting_planned": planned.number, "meeting_gone": gone.number,
        "round": asked.number, "round_ended": ended.number,
    }  # fmt: skip
