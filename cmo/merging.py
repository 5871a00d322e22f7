"""Owns the three-way merge of wordings, by words, and of sets of themes: where sides agree and where not.

Two edits disagree when they touch: when no unchanged word stands between them. A disagreement is always
shown, never settled. In a text it is ⟦theirs: … ¦ mine: …⟧; the words inside are not escaped, as a person
reads and replaces them, so a text is not parsed back. `has_marks` tells whether any is left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeAlias, TypeVar

from cmo.comparing import blocks, compare, is_word, tokens

T = TypeVar("T")
_Edit: TypeAlias = tuple[int, int, int, int]  # tokens from, to in base; tokens from, to in the other text
_THEIRS, _MINE, _OPEN, _CLOSE = "theirs: ", " ¦ mine: ", "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Text that nobody changed, one side changed, or both changed alike; `base` is what stood there."""

    text: str
    base: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Text that both sides changed, each in its own way."""

    base: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged wording as regions in order; their `base` joined is the base."""

    regions: list[Agreed | Conflict]

    @property
    def conflicts(self) -> int:
        """How many places need a person's choice."""
        return sum(isinstance(region, Conflict) for region in self.regions)

    @property
    def clean(self) -> bool:
        """Whether nothing needs a choice."""
        return not self.conflicts

    def text(self, conflict: Callable[[Conflict], str] | None = None) -> str:
        """The merged text; `conflict` says what to write for a conflict, by default its sides in marks."""
        write = conflict or _marked
        return "".join(write(part) if isinstance(part, Conflict) else part.text for part in self.regions)


def _marked(conflict: Conflict) -> str:
    return f"{_OPEN}{_THEIRS}{conflict.theirs}{_MINE}{conflict.mine}{_CLOSE}"


def marked_text(merge: Merge) -> str:
    """The merged text with each conflict as ⟦theirs: … ¦ mine: …⟧."""
    return merge.text()


def has_marks(text: str) -> bool:
    """Whether a conflict's marks, or what is left of them after half an edit, still stand in the text."""
    labels = (_OPEN + _THEIRS.rstrip(), _MINE.strip())
    return any(label in text for label in labels) or text.count(_OPEN) != text.count(_CLOSE)


def merge(base: str, theirs: str, mine: str) -> Merge:
    """Both sides' changes to `base` in one text; equal changes count once, touching ones are a conflict."""
    old, one, two = tokens(base), tokens(theirs), tokens(mine)
    first, second = _edits(old, one), _edits(old, two)
    regions: list[Agreed | Conflict] = []
    cursor = 0
    for ours, yours in _groups(old, first, second):
        start = min(edit[0] for edit in ours + yours)
        end = max(edit[1] for edit in ours + yours)
        _append(regions, _agreed(old, cursor, start))
        sides = _side(one, ours, start, end), _side(two, yours, start, end)
        for region in _settled("".join(old[start:end]), *sides):
            _append(regions, region)
        cursor = end
    _append(regions, _agreed(old, cursor, len(old)))
    return Merge(regions)


def both_marked(theirs: str, mine: str) -> str:
    """Two texts of which nobody knows what they began with, in one: each place where they differ is a conflict."""
    regions: list[Agreed | Conflict] = []
    for change in compare(theirs, mine):
        _append(regions, Agreed(change.new) if change.kind == "equal" else Conflict("", change.old, change.new))
    return Merge(regions).text()


def _edits(old: list[str], new: list[str]) -> list[_Edit]:
    edits: list[_Edit] = []
    i, j = 0, 0
    for at, to, size in [*blocks(old, new), (len(old), len(new), 0)]:
        if i < at or j < to:
            edits.append((i, at, j, to))
        i, j = at + size, to + size
    return edits


def _groups(
    old: list[str], first: list[_Edit], second: list[_Edit]
) -> Iterator[tuple[list[_Edit], list[_Edit]]]:
    """Edits that touch one another, by side, in order of position."""
    every = sorted([(edit, 0) for edit in first] + [(edit, 1) for edit in second])
    group: tuple[list[_Edit], list[_Edit]] = ([], [])
    end = 0
    for edit, side in every:
        if any(group) and edit[0] > end and any(map(is_word, old[end : edit[0]])):
            yield group
            group = ([], [])
        group[side].append(edit)
        end = max(end, edit[1])
    if any(group):
        yield group


def _side(new: list[str], edits: Sequence[_Edit], start: int, end: int) -> str | None:
    """What one side made of tokens `start` to `end` of the base; None when it left them alone."""
    if not edits:
        return None
    before, after = edits[0][0] - start, end - edits[-1][1]
    return "".join(new[edits[0][2] - before : edits[-1][3] + after])


def _settled(base: str, theirs: str | None, mine: str | None) -> Iterator[Agreed | Conflict]:
    """The regions of one group of edits; whitespace the sides share at the ends is no conflict."""
    if theirs is None or mine is None or theirs == mine:
        yield Agreed((mine if theirs is None else theirs) or "", base)
        return
    head = _space(theirs, mine)
    rest = _space(theirs[len(head) :][::-1], mine[len(head) :][::-1])[::-1]
    base_head = head if base.startswith(head) else ""
    base_rest = rest if base[len(base_head) :].endswith(rest) else ""
    yield Agreed(head, base_head)
    yield Conflict(*(_inside(text, *ends) for text, ends in (
        (base, (base_head, base_rest)), (theirs, (head, rest)), (mine, (head, rest))
    )))  # fmt: skip
    yield Agreed(rest, base_rest)


def _inside(text: str, head: str, rest: str) -> str:
    return text[len(head) : len(text) - len(rest)]


def _space(one: str, two: str) -> str:
    """The whitespace both texts begin with."""
    shared = takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), zip(one, two, strict=False))
    return "".join(character for character, _ in shared)


def _agreed(old: list[str], start: int, end: int) -> Agreed:
    text = "".join(old[start:end])
    return Agreed(text, text)


def _append(regions: list[Agreed | Conflict], region: Agreed | Conflict) -> None:
    last = regions[-1] if regions else None
    if isinstance(region, Agreed) and isinstance(last, Agreed):
        regions[-1] = Agreed(last.text + region.text, last.base + region.base)
    elif region != Agreed("") or region.base:
        regions.append(region)


def merge_sets(base: frozenset[T], theirs: frozenset[T], mine: frozenset[T]) -> frozenset[T]:
    """The members after both sides' changes: with what either added, without what either removed."""
    return (theirs & mine) | (theirs - base) | (mine - base)
