"""Owns two people's edits of one statement part by part: who changed which part, and one sentence of what is chosen.

A wording is cut into pieces (a connective with the words of its part, without the mark that closes them) and what
stands around them; joined they are the wording, always. Three wordings line up when each part stands at most once in
each, in one order, and nothing around the parts was changed by both. Otherwise the sentence is chosen as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Literal, TypeAlias

from cmo.merging import Merge, has_marks, merge
from cmo.wording import Part, Span, bare, core, opens

Changed: TypeAlias = Literal["", "theirs", "mine", "alike", "both"]
_Joint: TypeAlias = tuple[Part, Part]  # the part before and the part after
_CLOSING = ",;."


def who_changed(base: object, theirs: object, mine: object) -> Changed:
    """Which side changed the base; "alike" when both did, in the same way."""
    if theirs == mine:
        return "" if theirs == base else "alike"
    return "mine" if theirs == base else "theirs" if mine == base else "both"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part in all three wordings, "" where it is not stated.

    `lead` is the connective with the space after it where everybody who states the part writes the same one; else it
    is "" and the connectives stand in the texts.
    """

    part: Part
    lead: str
    base: str
    theirs: str
    mine: str

    @property
    def changed(self) -> Changed:
        return who_changed(self.base, self.theirs, self.mine)

    @property
    def merge(self) -> Merge:
        return merge(self.base, self.theirs, self.mine)

    @property
    def offered(self) -> str:
        """Both changes put together by words; what both changed stands in it in marks."""
        return self.merge.text()

    def text(self, pick: str, own: str | None = None) -> str | None:
        """What `pick` (theirs, mine, both, own or "") and the text written for the part choose; None is no choice yet.

        What somebody wrote, other than the text offered and than either side's, comes before the pick; nothing written
        leaves the part out, if own words are picked. Where one side or nobody changed the part, no pick means that
        change.
        """
        written = (own or "").strip()
        if written and not self._known(written):
            return None if has_marks(written) else written
        if pick in ("theirs", "mine"):
            return self.theirs if pick == "theirs" else self.mine
        if pick == "own" and own is not None:
            return None if has_marks(written) else written
        if pick == "both" or self.changed != "both":
            return self.offered if self.merge.clean else None
        return None

    def _known(self, written: str) -> bool:
        return any(written.split() == bare(text).split() for text in (self.offered, self.theirs, self.mine))

    def whole(self, text: str) -> str:
        """The text with its connective, unless it says nothing or somebody wrote it with one."""
        brings = text not in (self.base, self.theirs, self.mine) and opens(self.part, text)
        return text if not text or brings else self.lead + text


@dataclass(frozen=True, slots=True)
class Aligned:
    """Three wordings lined up: their pieces in order, and what stands before, after and between them, put together."""

    pieces: tuple[Piece, ...]
    head: str
    tail: str
    joints: Mapping[_Joint, str]

    @property
    def offered(self) -> dict[Part, str]:
        """Per part what nobody needs to choose, and the offer where both changed it."""
        return {piece.part: piece.offered for piece in self.pieces}

    def sentence(self, texts: Mapping[Part, str]) -> str:
        """The sentence of the texts chosen per part, without connectives; "" leaves a part out."""
        stated = [piece for piece in self.pieces if texts.get(piece.part)]
        after = [*(self._joint(*map(_part_of, pair)) for pair in pairwise(stated)), self.tail]
        said = [_open_to(piece, texts[piece.part], joint) for piece, joint in zip(stated, after, strict=False)]
        return self.head + "".join(text + joint for text, joint in zip(said, after, strict=False)) if said else ""

    def _joint(self, before: Part, after: Part) -> str:
        """What stands between two parts: as somebody wrote it; else the words around the parts left out, or a comma."""
        if (before, after) in self.joints:
            return self.joints[before, after]
        parts = [piece.part for piece in self.pieces]
        way = pairwise(parts[parts.index(before) : parts.index(after) + 1])
        told = [text.strip() for joint in way if _says(text := self.joints.get(joint, ""))]
        return f" {' '.join(told)} " if told else ", "


@dataclass(frozen=True, slots=True)
class _Cut:
    """One wording in pieces: {part: (connective with the space after it, words)} in order, and what stands around."""

    pieces: dict[Part, tuple[str, str]]
    head: str
    tail: str
    joints: dict[_Joint, str]


def line_up(
    base: tuple[str, Sequence[Span]], theirs: tuple[str, Sequence[Span]], mine: tuple[str, Sequence[Span]]
) -> Aligned | None:
    """The three (wording, spans) part by part; None when they are to be chosen as whole sentences."""
    old, one, two = (_cut(*side) for side in (base, theirs, mine))
    if old is None or one is None or two is None:
        return None
    cuts = (old, one, two)
    order = _common_order([list(cut.pieces) for cut in cuts])
    head = _settled(*(cut.head for cut in cuts))
    tail = _settled(*(cut.tail for cut in cuts))
    known = dict.fromkeys(joint for cut in cuts for joint in cut.joints)
    joints = {joint: _settled(*(cut.joints.get(joint) for cut in cuts)) for joint in known}
    if order is None or head is None or tail is None or None in joints.values():
        return None
    if len({tuple(cut.pieces) for cut in cuts}) > 1 and any(_says(text or "") for text in joints.values()):
        return None  # words between two parts would have no place when one of them is left out
    present = [part for part in order if any(part in cut.pieces for cut in cuts)]
    found = {joint: text for joint, text in joints.items() if text is not None}
    return Aligned(tuple(_piece(part, *cuts) for part in present), head, tail, found)


def _cut(wording: str, spans: Sequence[Span]) -> _Cut | None:
    """None when there is no part, when one stands twice or without words, or when the spans do not fit the wording."""
    pieces: dict[Part, tuple[str, str]] = {}
    joints: dict[_Joint, str] = {}
    head, cursor, before = "", 0, None
    for span in sorted(spans, key=lambda span: (span.key, span.words)):
        start, end = core(wording, *span.words)
        if span.part in pieces or not cursor <= span.key[0] <= span.key[1] <= start < end <= len(wording):
            return None
        if before is None:
            head = wording[: span.key[0]]
        else:
            joints[before, span.part] = wording[cursor : span.key[0]]
        pieces[span.part] = wording[span.key[0] : start], wording[start:end]
        cursor, before = end, span.part
    return _Cut(pieces, head, wording[cursor:], joints) if pieces else None


def _common_order(orders: Sequence[list[Part]]) -> tuple[Part, ...] | None:
    """An order of the parts that every wording keeps to."""
    return next((order for order in permutations(Part) if all(_kept(found, order) for found in orders)), None)


def _kept(found: Sequence[Part], order: Sequence[Part]) -> bool:
    return [part for part in order if part in found] == list(found)


def _settled(base: str | None, theirs: str | None, mine: str | None) -> str | None:
    """One place around the parts with each side's changes; a side that has no such place has no say. None where both
    changed it."""
    if theirs is None or mine is None:
        return next((text for text in (theirs, mine, base) if text is not None), "")
    changed = who_changed(base, theirs, mine)
    return None if changed == "both" else mine if changed == "mine" else theirs


def _piece(part: Part, *cuts: _Cut) -> Piece:
    stated = [cut.pieces[part] for cut in cuts if part in cut.pieces]
    leads = {lead for lead, _words in stated}
    lead = leads.pop() if len(leads) == 1 else ""
    texts = ("".join(cut.pieces.get(part, ("", "")))[len(lead) if part in cut.pieces else 0 :] for cut in cuts)
    return Piece(part, lead, *texts)


def _says(text: str) -> bool:
    """Whether words stand in it, not only marks and space."""
    return any(map(str.isalnum, text))


def _part_of(piece: Piece) -> Part:
    return piece.part


def _open_to(piece: Piece, text: str, joint: str) -> str:
    """The text with its connective; without a closing mark of its own where `joint` brings one."""
    if text not in (piece.base, piece.theirs, piece.mine) and joint[:1] in _CLOSING and joint:
        text = bare(text)
    return piece.whole(text)
