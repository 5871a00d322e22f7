"""Owns where a reader of the log sees what a row tells of: the record, and the two wordings before and after."""

import re

from programmes.models import AuditEvent

_LABEL = re.compile(r"(S|CMO|E|P)(\d{1,9})")
_PAGES = {"S": "s", "CMO": "cmo", "E": "e", "P": "proposals"}
_NAMED = {"meeting": "meetings", "round": "rounds"}


def place_of(event: AuditEvent) -> str:
    """An address below the programme's own, "" where there is none or not every member may open it."""
    found, revision = _LABEL.fullmatch(event.record), event.detail.get("revision")
    if found is None:
        kind, _space, name = event.record.partition(" ")
        return f"{_NAMED[kind]}/{name}" if kind in _NAMED and name.isdecimal() else ""
    page = f"{_PAGES[found[1]]}/{found[2]}"
    if found[1] == "P":  # what was never sent is its authors' alone, and so is what they say about it
        return page if event.detail.get("round") else ""
    if "comment" in event.detail:
        return f"comments/{event.detail['comment']}"
    if "change" in event.detail and isinstance(revision, int) and revision > 1:
        return f"{page}?from={revision - 1}&to={revision}#compare"
    return page
