"""Owns the parts of a wording: spans over a sentence kept exactly as typed; shown, changed and kept.

Offsets are code points. What no span covers is the rest: shown, never dropped. How the spans are found in a
sentence is written in `cmo.connectives`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from cmo.connectives import KEYS, Part, Span, find_parts, only_leads, trimmed

__all__ = [
    "NotInWording", "Overlap", "Part", "Span", "bare", "checks", "compose", "core", "find_parts", "mark", "opens",
    "pack", "part_text", "remainder", "rewrite", "split", "texts", "unpack", "with_openings",
]  # fmt: skip

_Edit: TypeAlias = tuple[int, int, str]  # start, end, what comes instead
_JOINT = " … "  # between several spans of one part
_SEPARATORS = ",;."


class NotInWording(ValueError):
    """A part marked by hand does not stand in the wording; `.part` says which."""

    def __init__(self, part: Part) -> None:
        super().__init__(f"The words of “{part}” do not stand in the wording.")
        self.part = part


class Overlap(ValueError):
    """Two parts marked by hand share words."""


def _pattern(keys: Iterable[str]) -> str:
    return "|".join(re.escape(key).replace(r"\ ", r"\s") for key in sorted(keys, key=len, reverse=True))


_OPENS = {part: re.compile(rf"(?:{_pattern(keys)})(?![\w'’-])", re.IGNORECASE) for part, keys in KEYS.items()}
# By hand, words count as connectives that would be too ambiguous to look for.
_ALSO = {
    Part.IF: ("given that", "provided that"),
    Part.THEN: ("so that", "so"),
    Part.BECAUSE: ("as", "since", "for"),
}
_BEFORE = {
    part: re.compile(rf"(?<![\w'’-])(?:{_pattern(keys + _ALSO[part])})(?:,?\s+|,)$", re.IGNORECASE)
    for part, keys in KEYS.items()
}


# Reading


def split(wording: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """The whole wording in order as (kind, text): kind is "if.key", "if", …, "because" or "rest".

    The texts joined are the wording, always: spans that do not fit it are cut to size. Whitespace between
    parts goes with what stands before it.
    """
    segments: list[tuple[str, str]] = []
    cursor = 0
    for span in sorted(spans, key=lambda span: (span.key, span.words)):
        for kind, (start, end) in ((f"{span.part}.key", span.key), (str(span.part), span.words)):
            start = max(cursor, min(start, len(wording)))
            end = max(start, min(end, len(wording)))
            _append(segments, "rest", wording[cursor:start])
            _append(segments, kind, wording[start:end])
            cursor = end
    _append(segments, "rest", wording[cursor:])
    return segments


def _append(segments: list[tuple[str, str]], kind: str, text: str) -> None:
    if segments and text.isspace():
        segments[-1] = segments[-1][0], segments[-1][1] + text
    elif text:
        segments.append((kind, text))


def core(wording: str, start: int, end: int) -> tuple[int, int]:
    """The range without whitespace at its ends and without one comma, semicolon or full stop at its end."""
    start, end = trimmed(wording, start, end)
    if start < end and wording[end - 1] in _SEPARATORS and wording[end - 2 : end] != "..":
        start, end = trimmed(wording, start, end - 1)
    return start, end


def bare(text: str) -> str:
    """The text without whitespace at its ends and without one closing mark, as `core` leaves it."""
    return _slice(text, core(text, 0, len(text)))


def _slice(wording: str, place: tuple[int, int]) -> str:
    return wording[place[0] : place[1]]


def opens(part: Part, text: str) -> bool:
    """Whether the text begins with a connective of `part`, so that it needs no other."""
    return bool(_OPENS[part].match(text))


def part_text(wording: str, spans: Sequence[Span], part: Part) -> str:
    """The words of `part` without connective and closing comma or full stop; several joined with " … "."""
    texts = (_inner(wording, *span.words) for span in spans if span.part is part)
    return _JOINT.join(text for text in texts if text)


def with_openings(wording: str, spans: Sequence[Span], part: Part) -> str:
    """The words of `part` as `part_text` gives them, each after its connective where that is not the part's own."""
    found = []
    for span in spans:
        if span.part is part and (text := _inner(wording, *span.words)):
            key = _slice(wording, span.key).strip()
            found.append(text if key.lower() in ("", part.value) else f"{key} {text}")
    return _JOINT.join(found)


def _inner(wording: str, start: int, end: int) -> str:
    """What `core` leaves of the range."""
    text = wording[start:end].rstrip()
    if text and text[-1] in _SEPARATORS:
        end = start + len(text)
        if wording[end - 2 : end] != "..":
            text = text[:-1]
    return text.strip()


def remainder(wording: str, spans: Sequence[Span]) -> str:
    """What stands in no part, joined with " … "; "" when the parts hold everything."""
    return _JOINT.join(
        text.strip() for kind, text in split(wording, spans) if kind == "rest" and text.strip()
    )


def texts(wording: str, data: Sequence[Sequence[Any]]) -> tuple[str, str, str, str]:
    """(if, then, because, remainder) of the rows made by `pack`, as part_text and remainder give them, for lists."""
    found: dict[str, list[str]] = {"if": [], "then": [], "because": []}
    for part, _key, _key_end, start, end in data:
        text = _inner(wording, start, end)
        if text:
            found[part].append(text)
    rests, cursor = [], 0
    for _part, key, key_end, start, end in sorted(data, key=_place_of):
        if key > cursor:
            rests.append(wording[cursor:key])
            cursor = key
        if key_end > cursor:
            cursor = key_end
        if start > cursor:
            rests.append(wording[cursor:start])
            cursor = start
        if end > cursor:
            cursor = end
    rests.append(wording[cursor:])
    if_, then, because = map(_JOINT.join, found.values())
    return if_, then, because, _JOINT.join(filter(None, map(str.strip, rests)))


_place_of = itemgetter(1, 2, 3, 4)  # of a row made by `pack`


def checks(wording: str, spans: Sequence[Span], *, theme_count: int) -> list[str]:
    """Advice as codes, in this order: no-if, no-then, no-because, several-claims, no-themes, unparsed.

    "unparsed" means letters outside every part other than a label or a word such as "However,".
    """
    several = any(sum(span.part is part for span in spans) > 1 for part in (Part.IF, Part.THEN))
    rests = [text for kind, text in split(wording, spans) if kind == "rest"]
    advice = {f"no-{part}": not part_text(wording, spans, part) for part in Part}
    advice["several-claims"] = several
    advice["no-themes"] = not theme_count
    advice["unparsed"] = any(any(map(str.isalpha, rest)) and not only_leads(rest) for rest in rests)
    return [code for code, holds in advice.items() if holds]


# Writing


def compose(if_: str = "", then: str = "", because: str = "") -> str:
    """The sentence "If X, then Y, because Z." of the parts given, "" when none is.

    A connective, comma or full stop already typed is not doubled; case and inner punctuation stay as typed.
    """
    typed = [
        (part, words.strip()) for part, words in zip(Part, (if_, then, because), strict=True) if words.strip()
    ]
    pieces = [_with_key(part, words, first=at == 0) for at, (part, words) in enumerate(typed)]
    return " ".join([*map(_continued, pieces[:-1]), *map(_closed, pieces[-1:])])


def _with_key(part: Part, words: str, *, first: bool) -> str:
    key = part.capitalize() if first else str(part)
    return words if _OPENS[part].match(words) else f"{key} {words}"


def _continued(words: str) -> str:
    """The words with a comma after them, unless they end with a mark that serves as one."""
    if words[-1] in ",;:–—":
        return words
    return (words[:-1] if words[-1] == "." and words[-2:] != ".." else words) + ","


def _closed(words: str) -> str:
    """The words with a full stop after them, unless they end a sentence already."""
    if words.rstrip("\"'”’»)]")[-1:] in tuple(".!?…"):
        return words
    return (words[:-1] if words[-1] in ",;" else words) + "."


def rewrite(
    wording: str,
    spans: Sequence[Span],
    *,
    if_: str | None = None,
    then: str | None = None,
    because: str | None = None,
) -> str:
    """The wording with other words in the parts given; all other characters stay and no case changes.

    None leaves a part; "" removes it wherever it stands, with its connective; a missing part is added
    with its connective ("If …, " in front, ", then …" and ", because …" after the part before it). Words that
    begin with a connective bring their own. Where a part stands several times the first is meant, unless the
    text given has as many pieces between " … " as `part_text` shows. The text of `part_text` changes nothing.
    """
    given = zip(Part, (if_, then, because), strict=True)
    changed = ((part, text.strip()) for part, text in given if text is not None)
    wanted = {part: text for part, text in changed if bare(text) != bare(part_text(wording, spans, part))}
    left = [span for span in sorted(spans, key=lambda span: span.key) if wanted.get(span.part) != ""]
    if not wanted:
        return wording
    if not left and not any(map(str.isalnum, remainder(wording, spans))):
        return compose(*(wanted.get(part, "") for part in Part))
    edits: list[_Edit] = []
    for part, text in wanted.items():
        mine = [span for span in spans if span.part is part]
        if not mine:
            edits.append(_added(wording, left, part, text))
        elif not text:
            edits.extend(_removals(wording, spans, part))
        else:
            pieces = text.split(_JOINT)
            pairs = zip(mine, pieces if len(pieces) == len(mine) else [text], strict=False)
            edits.extend(_replaced(wording, span, piece.strip()) for span, piece in pairs)
    return _edited(wording, edits)


def _edited(wording: str, edits: list[_Edit]) -> str:
    """The wording after the edits; one that reaches into the edit before it loses the shared characters."""
    texts, cursor = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        texts += [wording[cursor : max(start, cursor)], text]
        cursor = max(end, cursor)
    result = "".join(texts) + wording[cursor:]
    return result if any(map(str.isalnum, result)) else ""


def _replaced(wording: str, span: Span, text: str) -> _Edit:
    start, end = core(wording, *span.words)
    if wording[end : end + 1] in tuple(_SEPARATORS):
        text = bare(text)
    if span.key[0] < span.key[1] and _OPENS[span.part].match(text):
        return span.key[0], end, text
    return start, end, f" {text}" if start == span.key[1] > span.key[0] else text


def _removals(wording: str, spans: Sequence[Span], part: Part) -> Iterator[_Edit]:
    """Cut the part and the comma before it; at the start of a sentence the comma and space after it."""
    ends = {span.words[1] for span in spans}
    last = next((at for at in range(len(wording) - 1, -1, -1) if wording[at].isalnum()), -1)
    for span in spans:
        if span.part is not part:
            continue
        end, before = core(wording, *span.words)[1], span.key[0]
        while before and wording[before - 1].isspace():
            before -= 1
        if before in ends and wording[before - 1] not in ".!?…":
            yield before - (wording[before - 1] in ",;"), end, ""
        elif end > last:
            yield span.key[0], end, ""
        else:
            yield span.key[0], _after_space(wording, max(end, span.words[1])), ""


def _after_space(wording: str, at: int) -> int:
    found = re.compile(r"\s*").match(wording, at)
    return found.end() if found else at


def _added(wording: str, left: Sequence[Span], part: Part, text: str) -> _Edit:
    """Put in a missing part beside the spans that are `left`: in front, or after the part before it."""
    first = {span.part: span for span in reversed(left)}
    if part is Part.IF:
        at = left[0].key[0] if left and only_leads(wording[: left[0].key[0]]) else _opening(wording)
        return at, at, f"{_continued(_with_key(part, text, first=True))} "
    anchor = first.get(Part.IF) if part is Part.THEN else first.get(Part.THEN, first.get(Part.IF))
    if anchor is None and Part.BECAUSE in first:
        at = first[Part.BECAUSE].key[0]
        opens = not any(map(str.isalnum, wording[:at]))
        return at, at, f"{_continued(_with_key(part, text, first=opens))} "
    at = core(wording, *(anchor.words if anchor else (0, len(wording))))[1]
    words = _with_key(part, text, first=False)
    return at, at, f", {bare(words) if wording[at : at + 1] in tuple(_SEPARATORS) else words}"


def _opening(wording: str) -> int:
    return next((at for at, character in enumerate(wording) if character.isalnum()), len(wording))


# By hand


def mark(wording: str, *, if_: str = "", then: str = "", because: str = "") -> tuple[Span, ...]:
    """The spans of the texts given, in order of position; each must stand in the wording verbatim.

    A text that stands there several times is taken where its connective is before it, else at its first free
    place. A text may include its connective. Raises NotInWording (with `.part`) or Overlap.
    """
    texts = [
        (part, text.strip()) for part, text in zip(Part, (if_, then, because), strict=True) if text.strip()
    ]
    for part, text in texts:
        if text not in wording:
            raise NotInWording(part)
    taken: list[tuple[int, int]] = []
    chosen: list[tuple[Part, int, int]] = []
    for part, text in sorted(texts, key=lambda item: -len(item[1])):  # the longest has the fewest places
        start = _place(wording, part, text, taken)
        taken.append((start, start + len(text)))
        chosen.append((part, start, start + len(text)))
    return tuple(sorted((_by_hand(wording, *place, taken) for place in chosen), key=lambda span: span.words))


def _place(wording: str, part: Part, text: str, taken: Sequence[tuple[int, int]]) -> int:
    """Where `text` stands best among the places not taken: lowest cost, then first. Raises Overlap."""
    free = islice(_free(wording, text, taken), 500)  # a bound for hostile text: no part is repeated as often
    best = min(((_cost(wording, part, at, at + len(text)), at) for at in free), default=None)
    if best is None:
        raise Overlap(f"The words of “{part}” overlap those of another part.")
    return best[1]


def _free(wording: str, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[int]:
    start = wording.find(text)
    while start >= 0:
        clash = max((end for first, end in taken if first < start + len(text) and start < end), default=None)
        if clash is None:
            yield start
        start = wording.find(text, start + len(text) if clash is None else clash)


def _cost(wording: str, part: Part, start: int, end: int) -> int:
    """0 behind the part's own connective, 1 behind none, 2 behind another's; 3 more where it cuts a word."""
    keys = [other for other in Part if _key_before(wording, other, start) < start]
    own = 0 if part in keys or _OPENS[part].match(wording, start, end) else 2 if keys else 1
    cuts = any(
        wording[max(at - 1, 0) : at].isalnum() and wording[at : at + 1].isalnum() for at in (start, end)
    )
    return own + 3 * cuts


def _key_before(wording: str, part: Part, start: int) -> int:
    """Where the connective of `part` begins that stands right before `start`; `start` when there is none."""
    window = max(0, start - 40)
    found = _BEFORE[part].search(wording, window, start)
    return found.start() if found else start


def _by_hand(wording: str, part: Part, start: int, end: int, taken: Sequence[tuple[int, int]]) -> Span:
    within = _OPENS[part].match(wording, start, end)
    if within and within.end() < end:
        return Span(part, within.span(), trimmed(wording, within.end(), end))
    key = _key_before(wording, part, start)
    if key == start or any(first < start and key < last for first, last in taken if last <= start):
        return Span(part, (start, start), (start, end))
    return Span(part, (key, key + len(wording[key:start].rstrip())), (start, end))


# Keeping


def pack(spans: Iterable[Span]) -> list[list[str | int]]:
    """The spans as JSON-able rows [part, key start, key end, words start, words end]."""
    return [[str(span.part), *span.key, *span.words] for span in spans]


def unpack(data: Iterable[Sequence[Any]]) -> tuple[Span, ...]:
    """The spans of rows made by `pack`. Raises ValueError for a row of another shape."""
    return tuple(Span(Part(part), (int(a), int(b)), (int(c), int(d))) for part, a, b, c, d in data)
