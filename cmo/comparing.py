"""Owns the difference between two wordings, by words: words, runs of whitespace and single marks.

Small texts get a minimal difference (rapidfuzz Indel). Where too much differs for that, runs of words that
occur once on both sides are taken as fixed points and the text between them is compared; what is still
too large is shown as replaced. The result is always correct, for large texts only less fine.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import Indel

Kind: TypeAlias = Literal["equal", "insert", "delete", "replace"]
Block: TypeAlias = tuple[int, int, int]  # first token in old, first token in new, how many are equal

# Marks that change the character before them: combining accents, variation selectors, skin tones.
_TAIL = (
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff]*+"
)
_WORD = rf"\w++{_TAIL}(?:\w++{_TAIL})*+"
_TOKEN = re.compile(rf"\s+|{_WORD}(?:['’]{_WORD})*+|.{_TAIL}(?:\u200d\S{_TAIL})*+", re.DOTALL)

_WHOLE = 250_000_000  # product of token counts up to which Indel compares at once: about 60 ms and 30 MB
_PIECE = (
    10_000_000  # the same between fixed points: all pieces of two 1 MB texts together take under a second
)
_MANY, _SPARSE = 50_000, 8  # above so many tokens, one run in so many is tried (a power of two)
_RUNS = (8, 3)  # lengths of the runs tried as fixed points: long ones seldom mislead, 3 is " word "


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch: `old` is "" for an insert, `new` is "" for a delete, both are the same when equal."""

    kind: Kind
    old: str
    new: str


def tokens(text: str) -> list[str]:
    """The text cut into words (with their apostrophes and accents), runs of whitespace and single marks."""
    return _TOKEN.findall(text)


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The stretches two token lists have in common, in order; none is empty or goes on in the next."""
    numbers: dict[str, int] = {}
    a = [numbers.setdefault(token, len(numbers)) for token in old]
    b = [numbers.setdefault(token, len(numbers)) for token in new]
    return list(_joined(_common(a, b, 0, 0, _WHOLE, _RUNS)))


def _joined(found: Iterator[Block]) -> Iterator[Block]:
    i, j, size = 0, 0, 0
    for at, to, length in found:
        if (at, to) == (i + size, j + size):
            size += length
            continue
        if size:
            yield i, j, size
        i, j, size = at, to, length
    if size:
        yield i, j, size


def _common(a: list[int], b: list[int], i: int, j: int, limit: int, runs: tuple[int, ...]) -> Iterator[Block]:
    """The blocks of `a` and `b`, which stand at tokens `i` and `j` of the whole."""
    head = _prefix(a, b)
    tail = _prefix(a[head:][::-1], b[head:][::-1])
    if head:
        yield i, j, head
    yield from _middle(a[head : len(a) - tail], b[head : len(b) - tail], i + head, j + head, limit, runs)
    if tail:
        yield i + len(a) - tail, j + len(b) - tail, tail


def _prefix(a: list[int], b: list[int]) -> int:
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _middle(a: list[int], b: list[int], i: int, j: int, limit: int, runs: tuple[int, ...]) -> Iterator[Block]:
    if not a or not b:
        return
    if len(a) * len(b) <= limit:
        for op in Indel.opcodes(a, b):
            if op.tag == "equal":
                yield i + op.src_start, j + op.dest_start, op.src_end - op.src_start
    elif runs:
        x, y = 0, 0
        for at, to, size in [*_fixed(a, b, runs[0]), (len(a), len(b), 0)]:
            yield from _common(a[x:at], b[y:to], i + x, j + y, _PIECE, runs[1:])
            if size:
                yield i + at, j + to, size
            x, y = at + size, to + size


def _fixed(a: list[int], b: list[int], run: int) -> Iterator[Block]:
    """Blocks made of runs of `run` tokens that occur once in each list: the longest series rising in both."""
    x, y, size = 0, 0, 0  # the block so far; runs overlap, so the next one on its diagonal makes it longer
    for at, to in _rising(_shared(a, b, run)):
        if at - to == x - y and at <= x + size:
            size = max(size, at + run - x)
            continue
        if size:
            yield x, y, size
        skip = max(0, x + size - at, y + size - to)
        x, y, size = (at + skip, to + skip, run - skip) if skip < run else (x + size, y + size, 0)
    if size:
        yield x, y, size


def _shared(a: list[int], b: list[int], run: int) -> list[tuple[int, int]]:
    """Where the runs stand that occur once in each list; compared by hash first, to save memory."""
    in_a, in_b = _unique(a, run), _unique(b, run)
    pairs = ((at, in_b[key]) for key, at in in_a.items() if key in in_b)
    return [(at, to) for at, to in pairs if a[at : at + run] == b[to : to + run]]


def _unique(numbers: list[int], run: int) -> dict[int, int]:
    """The hash of each run that occurs once, and where it stands.

    Of many runs every eighth is looked at, chosen by its hash and so the same on both sides: a wording of 1 MB has
    more of them than the processor's cache holds, and what lies between two is found by comparing onwards.
    """
    mask = _SPARSE - 1 if len(numbers) > _MANY else 0
    keys = map(hash, zip(*(numbers[shift:] for shift in range(run)), strict=False))
    chosen = [(key, at) for at, key in enumerate(keys) if not key & mask]
    count = Counter(key for key, _at in chosen)
    return {key: at for key, at in chosen if count[key] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs (rising in the first) that rises in the second too (patience)."""
    tops: list[int] = []
    at_top: list[int] = []
    before = [-1] * len(pairs)
    for at, (_, to) in enumerate(pairs):
        pile = bisect_left(tops, to) if tops and to <= tops[-1] else len(tops)
        before[at] = at_top[pile - 1] if pile else -1
        tops[pile : pile + 1] = [to]
        at_top[pile : pile + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = at_top[-1] if at_top else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def compare(old: str, new: str) -> list[Change]:
    """What changed from `old` to `new`, in order; no two neighbours are of one kind, [] when both are empty.

    Changes with nothing but one whitespace token between them are one change, so that phrases are shown.
    The `old` joined are the old wording, the `new` joined the new one, for any text.
    """
    a, b = tokens(old), tokens(new)
    rows: list[tuple[list[str], list[str], bool]] = []  # tokens of old, tokens of new, whether equal
    i, j = 0, 0
    for at, to, size in [*blocks(a, b), (len(a), len(b), 0)]:
        if i < at or j < to:
            _add(rows, a[i:at], b[j:to])
        if size:
            rows.append((a[at : at + size], b[to : to + size], True))
        i, j = at + size, to + size
    return list(_changes(rows))


def _add(rows: list[tuple[list[str], list[str], bool]], old: list[str], new: list[str]) -> None:
    """Put a change behind the rows, joined with the one before when a single whitespace token parts them."""
    if len(rows) > 1 and len(rows[-1][0]) == 1 and rows[-1][0][0].isspace():
        gap = rows.pop()[0]
        rows[-1][0].extend(gap + old)
        rows[-1][1].extend(gap + new)
    else:
        rows.append((old, new, False))


def _changes(rows: list[tuple[list[str], list[str], bool]]) -> Iterator[Change]:
    for old, new, equal in rows:
        kind: Kind = "equal" if equal else "replace" if old and new else "delete" if old else "insert"
        yield Change(kind, "".join(old), "".join(new))


def apply(old: str, changes: Sequence[Change]) -> str:
    """The new wording that `changes` make of `old`. Raises ValueError when they were made for another."""
    if "".join(change.old for change in changes) != old:
        raise ValueError("These changes belong to another wording.")
    return "".join(change.new for change in changes)


def summary(changes: Sequence[Change]) -> tuple[int, int]:
    """How many words were added and how many removed; marks and whitespace do not count."""
    changed = [change for change in changes if change.kind != "equal"]
    return sum(words(change.new) for change in changed), sum(words(change.old) for change in changed)


def is_word(token: str) -> bool:
    """Whether a token is a word or number rather than a mark or whitespace."""
    return token[:1].isalnum() or token[:1] == "_"


def words(text: str) -> int:
    """How many words and numbers stand in a text."""
    return sum(map(is_word, tokens(text)))


def excerpt(changes: Sequence[Change], context: int = 6) -> list[Change]:
    """The changes with long equal stretches cut to `context` words next to a change, "…" for the rest.

    For showing only: cut stretches no longer join to the wordings.
    """
    last = len(changes) - 1
    return [
        _cut(change, context if at > 0 else 0, context if at < last else 0)
        if change.kind == "equal"
        else change
        for at, change in enumerate(changes)
    ]


def _cut(change: Change, before: int, after: int) -> Change:
    """Keep the first `before` and the last `after` words of an equal change."""
    parts = tokens(change.old)
    places = [at for at, part in enumerate(parts) if is_word(part)]
    if len(places) <= before + after:
        return change
    head = "".join(parts[: places[before - 1] + 1]) + " " if before else ""
    tail = " " + "".join(parts[places[-after] :]) if after else ""
    return Change("equal", f"{head}…{tail}", f"{head}…{tail}")
