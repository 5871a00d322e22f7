"""Owns how a sentence is read: which words open its if, then and because, and when the same words do not.

Pages and rules use it through `cmo.wording`. All of it is advice, which a person corrects by hand:

- Part IF opens a sentence with If, When(ever), Where(ver), Unless ("Only if"; Welsh Os, Pan, Lle), also after
  "However," and the like, a bullet, a number or a label. "Even if", "as if" and words in brackets do not.
- Part THEN begins at "then" ("yna"); failing that at "so that" or at the first comma that seems to start a
  main clause, whichever comes first. In realist writing "so that" names the outcome only when nothing else
  does; otherwise it is left inside the words of its part.
- Part BECAUSE begins at "because (of)" ("oherwydd", "am fod", "gan fod"), before or after the outcome;
  failing that at ", as" or ", since" after the outcome with a whole clause behind ("since 2019" has none).
- A later "Then …" or "Because …" sentence completes the claim before it; a later "If …" starts another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TypeAlias


class Part(StrEnum):
    """The three parts of a claim."""

    IF = "if"
    THEN = "then"
    BECAUSE = "because"


@dataclass(frozen=True, slots=True)
class Span:
    """One part in a wording: (start, end) of its connective, empty when not written, and of its words."""

    part: Part
    key: tuple[int, int]
    words: tuple[int, int]


_Mark: TypeAlias = tuple[Part, int, int]  # part, first and last character of its connective


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HEDGES = _words(
    "partly mainly largely mostly chiefly primarily probably possibly perhaps precisely simply just only"
)
KEYS: dict[Part, tuple[str, ...]] = {  # as recognised anywhere; the longer before the shorter
    Part.IF: (
        "only if", "only when", "only where", "if", "whenever", "when", "wherever", "where", "unless",
        "os", "pan", "lle",
    ),
    Part.THEN: ("then", "yna"),
    Part.BECAUSE: (
        *(f"{hedge} because{of}" for hedge in sorted(_HEDGES) for of in (" of", "")),
        *(f"{this} because{of}" for this in ("this is", "that is", "this was") for of in (" of", "")),
        "because of", "because", "oherwydd", "am fod", "gan fod",
    ),
}  # fmt: skip
_BY_FIRST_WORD: dict[str, list[tuple[Part, list[str]]]] = {}
for _part, _phrases in KEYS.items():
    for _phrase in _phrases:
        _BY_FIRST_WORD.setdefault(_phrase.split()[0], []).append((_part, _phrase.split()))

_LEADS = {  # words before an opening that say how the claim stands to the one before it
    ("in", "contrast"), ("by", "contrast"), ("in", "addition"), ("in", "turn"), ("fodd", "bynnag"),
    ("on", "the", "other", "hand"),
    *((word,) for word in _words("however but and yet or also while whereas conversely alternatively "
    "similarly equally likewise moreover furthermore instead ond")),
}  # fmt: skip
_BRANCHES = _words("however but whereas while conversely ond")  # ", but if …" starts a claim in mid-sentence
_CONDITIONS = ("if", "unless", "os")
# After these words "then" is an adverb; after a subject or modal, if a comma can start the outcome instead.
_ADVERBIAL = _words("and or but since until till by from before even only just back now the not")
_SUBJECTS = _words("it they he she we you i there this these those that one everyone nobody")
_MODALS = _words("will would may might can could shall should must who which")
_DETERMINERS = _words(
    "the a an their its his her our your my some any many most more fewer less no each every all few"
)
_CONTINUING = _words(  # words after a comma that carry on the clause before it
    "and or but nor which who whom whose such as including particularly especially e i for rather namely "
    "like with without both either neither because so since although though while whereas when where if "
    "unless whether even despite however moreover therefore by in on at from to of not then yna oherwydd"
)
_NOT_SINCE = _words("start beginning launch outset end last early introduction publication pandemic")
_ABBREVIATIONS = _words(
    "cf vs dr mr mrs ms prof no nos fig st approx dept p pp ch sec ed eds vol esp incl eg ie al"
)
_OPENING_QUOTES, _QUOTES = frozenset("\"'“‘«„"), frozenset("\"'”’»“")
_LABEL_ENDS = (":", ")", "-", "–", "—")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*+|,+|[.!?…]+|[()\[\];:]|[^\w\s,.!?…()\[\];:]+|_+")


class _Text:
    """A wording as tokens: words and runs of marks, with their places, and whether they stand in brackets."""

    def __init__(self, wording: str) -> None:
        self.wording = wording
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.lows: list[str] = []
        for found in _TOKEN.finditer(wording):
            self.starts.append(found.start())
            self.ends.append(found.end())
            self.lows.append(found.group().lower())
        self.hidden = _in_brackets(self.lows)

    def __len__(self) -> int:
        return len(self.lows)

    def low(self, at: int) -> str:
        return self.lows[at] if 0 <= at < len(self.lows) else ""

    def word(self, at: int) -> bool:
        return self.low(at)[:1].isalnum()

    def touches(self, at: int) -> bool:
        """Whether no whitespace stands before token `at`."""
        return self.starts[at] == self.ends[at - 1]

    def key(self, at: int, *parts: Part) -> tuple[Part, int] | None:
        """The part whose connective starts at token `at`, among `parts` or all, and the token after."""
        for part, phrase in _BY_FIRST_WORD.get(self.low(at), ()):
            if (not parts or part in parts) and self.lows[at : at + len(phrase)] == phrase:
                return part, at + len(phrase)
        return None

    def mark(self, part: Part, first: int, after: int) -> _Mark:
        """The mark of a connective over tokens `first` to `after`, its own comma included ("If, …")."""
        comma = after > first and self.low(after) == "," and self.touches(after)
        return (
            part,
            self.starts[first],
            self.ends[after if comma else after - 1] if after > first else self.starts[first],
        )


def _in_brackets(lows: list[str]) -> bytearray:
    """1 for each token inside matched brackets, the brackets included; an unmatched bracket hides nothing."""
    depth, open_ = [0] * (len(lows) + 1), []
    for at, low in enumerate(lows):
        if low in ("(", "["):
            open_.append(at)
        elif low in (")", "]") and open_:
            depth[open_.pop()] += 1
            depth[at + 1] -= 1
    return bytearray(level > 0 for level in accumulate(depth[:-1]))


def _after_lead(text: _Text, at: int, stop: int) -> int:
    """The first token from `at` on that is no bullet, quote, number, label or "However,"; `stop` if none."""
    while at < stop:
        if text.hidden[at] or not text.word(at):
            at += 1
        elif text.key(at):
            return at
        elif lead := next((n for n in (4, 2, 1) if tuple(text.lows[at : at + n]) in _LEADS), 0):
            at += lead
        elif label := next((n for n in (1, 2, 3) if text.low(at + n) in _LABEL_ENDS), 0):
            at += label
        elif text.low(at + 1) == "." and (len(text.lows[at]) == 1 or text.lows[at][-1].isdigit()):
            at += 2
        else:
            return at
    return stop


def _head(text: _Text, at: int, stop: int, look: int = 24) -> tuple[int, Part, int] | None:
    """The connective that opens the sentence at token `at`: its first token, its part and the token after it.

    No more than `look` tokens are passed over, so that a run of bullets costs no more than its length.
    """
    last = min(stop, at + look)
    first = _after_lead(text, at, last)
    key = text.key(first) if first < last else None
    return (first, *key) if key else None


def _opens_claim(text: _Text, at: int) -> bool:
    head = _head(text, at, len(text), look=6)
    return head is not None and head[1] is Part.IF


def _ends_sentence(text: _Text, at: int) -> int:
    """The token that starts the next sentence when the full stop at token `at` ends one; 0 otherwise."""
    after = at + 1
    while (
        after < len(text)
        and text.touches(after)
        and (text.lows[after] == ")" or text.lows[after][0] in _QUOTES)
    ):
        after += 1
    if after >= len(text) or text.touches(after):
        return 0
    if text.wording[text.starts[after]].islower():
        return (
            after if text.lows[after] in ("if", "unless", "when", "os") and not _abbreviated(text, at) else 0
        )
    if _abbreviated(text, at) and (text.low(at - 2) == "." or not _opens_claim(text, after)):
        return 0
    return after


def _abbreviated(text: _Text, at: int) -> bool:
    before = text.low(at - 1)
    return text.lows[at] == "." and (before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()))


def _sentences(text: _Text) -> Iterator[tuple[int, int]]:
    """First and last token of each sentence; "; if", ", but if" and a new line with "If" start one too."""
    lines = {found.end() for found in re.finditer(r"\n\s*+", text.wording)}
    first = 0
    for at, low in enumerate(text.lows):
        start = 0
        if text.hidden[at]:
            continue
        if low[0] in ".!?…":
            start = _ends_sentence(text, at)
        elif (low == ";" and text.word(at + 1) and _opens_claim(text, at + 1)) or (
            low == ","
            and text.low(at + 1) in _BRANCHES
            and text.low(at + 2 + (text.low(at + 2) == ",")) in _CONDITIONS
        ):
            start = at + 1
        elif (
            text.starts[at] in lines
            and not text.wording[text.starts[at]].islower()
            and _opens_claim(text, at)
        ):
            start = at
        if start > first:
            yield first, start
            first = start
    yield first, len(text)


def _outcome(text: _Text, first: int, stop: int) -> tuple[int, int] | None:
    """Where the outcome begins in tokens `first` to `stop`: first token of "then" and the one after it."""
    seen = [at for at in range(first, stop) if not text.hidden[at]]
    because = next((at for at in seen if text.key(at, Part.BECAUSE)), stop)
    comma = _clause_comma(text, first, because) or _clause_comma(text, because, stop)
    thens = (at for at in seen if text.lows[at] in KEYS[Part.THEN] and text.low(at - 1) not in _ADVERBIAL)
    if (then := next(thens, None)) is not None:
        adverb = text.low(then - 1) in _SUBJECTS | _MODALS or (text.word(then - 1) and because < then)
        return (comma, comma) if comma and comma < then and comma <= because and adverb else (then, then + 1)
    so_that = next((at for at in seen if text.lows[at] == "so" and text.low(at + 1) == "that"), None)
    if so_that is not None and (not comma or so_that < comma):
        return so_that, so_that + 2
    return (comma, comma) if comma else None


def _clause_comma(text: _Text, first: int, stop: int) -> int:
    """The token after the first comma that seems to start a main clause; 0 when there is none.

    A pronoun or determiner after the comma settles it; otherwise the first that looks like no list item.
    """
    found: list[int] = []
    for at in range(first + 1, stop - 1):
        if text.lows[at] != "," or text.hidden[at] or text.touches(at + 1) or text.low(at + 1) in _CONTINUING:
            continue
        if text.key(at + 1):
            continue
        if text.low(at + 1) in _SUBJECTS or text.low(at + 1) in _DETERMINERS:
            return at + 1
        if text.word(at + 1):
            found.append(at + 1)
    for at in found:
        near = text.lows[at : min(at + 5, stop)]
        if not {"and", "or"} & set(near) and "," not in near[:3]:
            return at
    return found[0] if found else 0


def _mechanism(text: _Text, first: int, stop: int, outcome: int | None) -> tuple[int, int] | None:
    """Where the mechanism begins: first token of its connective and the one after; `outcome` is a token."""
    earlier: tuple[int, int] | None = None
    for at in range(first, stop):
        if text.hidden[at] or text.low(at - 1) == "not" or not (key := text.key(at, Part.BECAUSE)):
            continue
        if outcome is None or at >= outcome:
            return at, key[1]
        if earlier is None and text.low(at - 1) == ",":  # without the comma it belongs to the words of the if
            earlier = at, key[1]
    if earlier or outcome is None:
        return earlier
    return next(((at, at + 1) for at in range(outcome, stop) if _gives_reason(text, at, stop)), None)


def _gives_reason(text: _Text, at: int, stop: int) -> bool:
    """Whether token `at` is an "as" or "since" that can only be read as "because"."""
    if text.lows[at] not in ("as", "since") or text.low(at - 1) != "," or text.hidden[at] or stop - at < 5:
        return False
    if not all(text.word(n) for n in range(at + 1, at + 5)) or text.low(at + 2) in _NOT_SINCE | {
        "were",
        "case",
    }:
        return False
    subject = text.low(at + 1)
    return subject in (_SUBJECTS - {"that"}) or (
        subject in _DETERMINERS and "," not in text.lows[at + 1 : at + 40]
    )


def _claim(text: _Text, head: tuple[int, Part, int], stop: int, have: set[Part]) -> list[_Mark]:
    """The marks of the sentence opened by `head`, in order; parts the claim has are not looked for."""
    at, part, after = head
    marks = [text.mark(part, at, after)]
    if part is Part.BECAUSE:
        inner = (n for n in range(after, stop) if text.lows[n - 1] == "," and not text.hidden[n])
        if condition := next((n for n in inner if text.key(n, Part.IF)), None):
            key = text.key(condition, Part.IF) or (Part.IF, condition + 1)
            return marks + _claim(text, (condition, *key), stop, {Part.BECAUSE})
    outcome = None
    if part is not Part.THEN and Part.THEN not in have and (outcome := _outcome(text, after, stop)):
        marks.append(text.mark(Part.THEN, *outcome))
    if (
        part is not Part.BECAUSE
        and Part.BECAUSE not in have
        and (
            mechanism := _mechanism(
                text, after, stop, outcome[1] if outcome else None if part is Part.IF else after
            )
        )
    ):
        marks.append(text.mark(Part.BECAUSE, *mechanism))
    return sorted(marks, key=lambda mark: mark[1:])


def trimmed(wording: str, start: int, end: int) -> tuple[int, int]:
    """The range without whitespace at its ends; an empty range stays at `start`."""
    words = wording[start:end]
    bare = words.lstrip()
    return (start + len(words) - len(bare), start + len(words.rstrip())) if bare else (start, start)


def _spans(text: _Text, marks: list[_Mark], first: int, stop: int) -> Iterator[Span]:
    """The spans of the sentence in tokens `first` to `stop`, without the quotation mark that closes it."""
    end = text.ends[stop - 1]
    quoted = _OPENING_QUOTES.intersection(text.wording[text.starts[first] : marks[0][1]])
    if quoted and stop - 1 > first and set(text.lows[stop - 1]) <= _QUOTES:
        end = max(text.ends[stop - 2], marks[-1][2])
    for mark, until in zip(marks, [*(mark[1] for mark in marks[1:]), end], strict=True):
        yield Span(mark[0], mark[1:], trimmed(text.wording, mark[2], until))


def find_parts(wording: str) -> tuple[Span, ...]:
    """The parts of `wording` in order of position, none overlapping; a part recurs with each further claim.

    Each key stands right before its words (whitespace apart). Time grows with the length of the wording only.
    Where no sentence opens with a connective, a "because" alone is still found.
    """
    text = _Text(wording)
    found: list[Span] = []
    have: set[Part] = set()
    sentences = list(_sentences(text)) if len(text) else []
    for first, stop in sentences:
        if head := _head(text, first, stop):
            marks = _claim(text, head, stop, have if head[1] is not Part.IF else set())
            parts = {mark[0] for mark in marks}
            if Part.IF in parts or head[1] not in have:
                have = parts if Part.IF in parts else have | parts
                found.extend(_spans(text, marks, first, stop))
    if found:
        return tuple(found)
    alone = ((_mechanism(text, first, stop, None), first, stop) for first, stop in sentences)
    where = next(((key, first, stop) for key, first, stop in alone if key), None)
    return tuple(_spans(text, [text.mark(Part.BECAUSE, *where[0])], *where[1:])) if where else ()


def only_leads(words: str) -> bool:
    """Whether words outside every part are only a number, a label or a "However," before an opening."""
    text = _Text(words[:200])
    return len(words) <= 200 and _after_lead(text, 0, len(text)) >= len(text)
