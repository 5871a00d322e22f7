"""Owns the part of a form in which somebody says what evidence a change rests on; for those who see evidence."""

from typing import Any

from cmo.forms.resting import rests_in
from cmo.reading.citing import offered_on
from programmes.reading.team import evidence_shown
from programmes.views.base import Page


def resting(page: Page, record: Any, form: Any) -> dict[str, Any]:
    """What cmo/evidence/_rests_on.html needs: the record's own evidence to tick, and what is ticked."""
    if not (evidence_shown(page.programme) and page.programme.last_source):
        return {"resting": False}
    return {"resting": True, "offered": offered_on(record), "ticked": [label.upper() for label in rests_in(form)]}
