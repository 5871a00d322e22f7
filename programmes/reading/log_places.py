"""Owns where a reader of the log sees what a row tells of: the record, and the two wordings before and after."""

import re

from programmes.models import AuditEvent

_LABEL = re.compile(r"(S|CMO|E|P|RG|DR|X|B|Q)(\d{1,9})")
_PAGES = {
    "S": "s", "CMO": "cmo", "E": "e", "P": "proposals", "RG": "rivals", "DR": "patterns", "X": "x", "B": "b", "Q": "q",
}  # fmt: skip
_NAMED = {"meeting": "meetings", "round": "rounds"}
_WORDED = {"S": "statements", "CMO": "configurations", "E": "elements"}  # what the API calls those with two wordings


def place_of(event: AuditEvent) -> str:
    """An address below the programme's own, "" where there is none or not every reader of the row may open it."""
    found = _LABEL.fullmatch(event.record)
    if found is None:
        return _of_what_has_no_label(event)
    page = f"{_PAGES[found[1]]}/{found[2]}"
    if found[1] == "P":  # what was never sent is its authors' alone, and so is what they say about it
        return page if event.detail.get("round") else ""
    if "comment" in event.detail:
        return f"comments/{event.detail['comment']}"
    revision = _reworded(event, found)
    if not revision:
        return page
    side = "&view=side" if event.verb == "retagged" else ""  # there the themes stand beside the words
    return f"{page}?from={revision - 1}&to={revision}{side}#compare"


def difference_of(event: AuditEvent) -> str:
    """Where the API shows the difference that a change of words made, below the programme's address; "" for others."""
    found = _LABEL.fullmatch(event.record)
    revision = _reworded(event, found) if found else 0
    return f"{_WORDED[found[1]]}/{found[2]}/diff/?from={revision - 1}&to={revision}" if found and revision else ""


def _reworded(event: AuditEvent, label: "re.Match[str]") -> int:
    """The revision that a row tells of, where there is one before it to compare it with; else 0."""
    revision = event.detail.get("revision")
    told = label[1] in _WORDED and "change" in event.detail and "comment" not in event.detail
    return revision if told and isinstance(revision, int) and revision > 1 else 0


def _of_what_has_no_label(event: AuditEvent) -> str:
    kind, _space, name = event.record.partition(" ")
    if kind in _NAMED and name.isdecimal():
        return f"{_NAMED[kind]}/{name}"
    if kind == "lineage" and name.isdecimal():
        return "lineage"
    if kind == "snapshot" and re.fullmatch(r"[a-z0-9-]+", name):
        return f"snapshots/{name}"
    of = _LABEL.fullmatch(str(event.detail.get("of", ""))) if kind == "verdict" else None
    if of and of[1] in ("S", "CMO"):
        return f"{_PAGES[of[1]]}/{of[2]}/verdicts"
    source = _LABEL.fullmatch(str(event.detail.get("from", ""))) if re.fullmatch(r"L\d{1,9}", event.record) else None
    return f"cmo/{source[2]}#links" if source and source[1] == "CMO" else ""
