"""Owns how the elements of one role are written in a text field, one a line, and how two edits of it go together. Pure.

`E12` or `E12 its words` names an element that is there, any other line is a new one; `[strong]` at the end of a line
says how strongly a mechanism fires.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cmo.merging import marked_text, merge
from cmo.vocabulary import Activation

_LABEL = re.compile(r"E ?([1-9][0-9]{0,8})(?=$|[\s:.,;–-])[\s:.,;–-]*", re.IGNORECASE)
_FIRES = re.compile(rf"\s*\[\s*({'|'.join(Activation.values)})\s*\]\s*$", re.IGNORECASE)
_Key: TypeAlias = "int | str"


@dataclass(frozen=True, slots=True)
class Line:
    """One element as it is written: its number, or None for a new one; its words, "" for those it has; its strength."""

    number: int | None
    text: str
    activation: str = ""

    @property
    def key(self) -> _Key:
        """What makes two lines speak of the same element."""
        return self.number if self.number is not None else one_line(self.text).casefold()

    def __str__(self) -> str:
        label = f"E{self.number}" if self.number is not None else ""
        fires = f"[{self.activation}]" if self.activation else ""
        return " ".join(part for part in (label, one_line(self.text), fires) if part)


def one_line(text: str) -> str:
    """The words with one space between them, as a line can hold them."""
    return " ".join(text.split())


def read_lines(text: str) -> list[Line]:
    """The lines of a field; empty ones are left out."""
    return [_read(line) for line in (one_line(raw) for raw in text.splitlines()) if line]


def _read(line: str) -> Line:
    fires = _FIRES.search(line)
    if fires:
        line = line[: fires.start()]
    label = _LABEL.match(line)
    if label is None:
        return Line(None, line, fires[1].lower() if fires else "")
    return Line(int(label[1]), line[label.end() :], fires[1].lower() if fires else "")


def written(lines: Iterable[Line]) -> str:
    return "\n".join(map(str, lines))


def merge_lines(base: Sequence[Line], theirs: Sequence[Line], mine: Sequence[Line]) -> list[Line]:
    """Both edits of one role together: what either added, without what either took out and the other left alone.

    Words that both changed stand in marks (see merging). The order is mine where I changed it, else theirs.
    """
    saved: dict[_Key, int] = {one_line(line.text).casefold(): line.number for line in theirs if line.number is not None}
    mine = [line if line.number is not None else replace(line, number=saved.get(line.key)) for line in mine]
    old, one, two = ({line.key: line for line in lines} for lines in (base, theirs, mine))
    kept: dict[_Key, Line] = {}
    for key in dict.fromkeys([*one, *two]):
        if (line := _together(old.get(key), one.get(key), two.get(key))) is not None:
            kept[key] = line
    leads, follows = (two, one) if _order(old, two) != _order(two, old) else (one, two)
    return [kept[key] for key in _woven(list(leads), list(follows)) if key in kept]


def _together(old: Line | None, theirs: Line | None, mine: Line | None) -> Line | None:
    if theirs is None or mine is None:
        left = theirs or mine
        return None if old is not None and left == old else left  # taken out by one, left alone by the other
    before = old or Line(mine.number, "", "")
    fires = mine.activation if theirs.activation == before.activation else theirs.activation
    text = one_line(marked_text(merge(before.text, theirs.text, mine.text)))
    return replace(theirs, text=text, activation=fires)


def _order(lines: dict[_Key, Line], others: dict[_Key, Line]) -> list[_Key]:
    return [key for key in lines if key in others]


def _woven(leads: list[_Key], follows: list[_Key]) -> list[_Key]:
    """All of `leads` in its order, each of the others after the one that it stood behind."""
    woven = list(leads)
    for at, key in enumerate(follows):
        if key not in woven:
            before = next((each for each in reversed(follows[:at]) if each in woven), None)
            woven.insert(woven.index(before) + 1 if before is not None else 0, key)
    return woven
