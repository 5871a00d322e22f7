"""Owns which lines of a paste are ticked once its text was changed after they were shown. Pure.

A tick belongs to the line that was shown, not to its place: what is put first in the text moves all others on by one.
So the form sends, beside the ticks, what stood at each place: "1.9f86d0818843 2.60303ae22b99".
"""

import hashlib
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol


class Row(Protocol):
    """A line of a preview. `fresh` says that it was not among those shown before."""

    take: bool
    fresh: bool

    @property
    def at(self) -> int: ...

    @property
    def mark(self) -> str: ...


def mark_of(*said: object) -> str:
    """Twelve hex digits for what a line would add, the same wherever it stands."""
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def shown_as(rows: Iterable[Row]) -> str:
    """What the form says of the lines that it shows."""
    return " ".join(f"{row.at}.{row.mark}" for row in rows)


def keep_ticks(rows: Sequence[Row], *, shown: str | None, taken: Collection[str]) -> int:
    """Give the lines the ticks that they had when they were shown; how many were not shown. None: nothing was, so far.

    Of lines that say the same, the first takes the tick of the first. A line that was not shown keeps the tick that
    its reading gave it.
    """
    if shown is None:
        return 0
    before: defaultdict[str, deque[bool]] = defaultdict(deque)
    chosen = set(taken)
    for one in shown.split():
        at, _dot, mark = one.partition(".")
        before[mark].append(at in chosen)
    for row in rows:
        known = before.get(row.mark)
        row.fresh = not known
        if known:
            row.take = known.popleft()
    return sum(row.fresh for row in rows)
