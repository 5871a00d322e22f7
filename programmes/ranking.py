"""Owns how well a record answers a search, which of its words are marked, and which part of it is shown. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from programmes.lexing import stems_of, words_of
from programmes.stemming import stem

BREAK = "_t"  # stands between the words of the title and those of the body
IN_TITLE, LESS = 3.0, 0.5  # a word in the title counts so often; one that only begins as the word sought so much
TOGETHER = 0.5  # for words that stand in the order in which they were sought
Mark = tuple[int, int]


@dataclass(frozen=True)
class Sought:
    """One word that is looked for: its stem, and the stems of other words that begin with it."""

    word: str
    others: frozenset[str] = frozenset()

    @cached_property
    def stem(self) -> str:
        return stem(self.word)

    @cached_property
    def stems(self) -> frozenset[str]:
        return self.others | {self.stem}


def indexed(signs: Iterable[str], heading: Iterable[str], body: str) -> str:
    """A document as it is indexed: signs, which begin with "_", then the stems of its heading, BREAK, and its body."""
    return " ".join([*signs, *(found for text in heading for found in stems_of(text)), BREAK, *stems_of(body)])


def scores(documents: Sequence[str], question: Sequence[Sought]) -> list[float]:
    """How well each document answers, 0 or more; a document is its stems in order, BREAK behind those of its title.

    A word counts less the more often it stands there already, and less in a long document (as BM25 has it). How rare
    it is does not count: every document here holds every word.
    """
    if not documents:
        return []
    usual = sum(words.count(" ") for words in documents) / len(documents) or 1.0
    phrase = f" {'  '.join(one.stem for one in question)} "
    looked = [(f" {one.stem} ", [f" {other} " for other in one.others if other != one.stem]) for one in question]
    found = []
    for words in documents:
        apart = f" {words.replace(' ', '  ')} "  # two spaces, as a word counted takes one on either side with it
        title, _break, body = apart.partition(f" {BREAK} ")
        long = 0.3 + 0.9 * words.count(" ") / usual
        score = TOGETHER if len(question) > 1 and phrase in apart else 0.0
        for own, others in looked:
            times = body.count(own) + IN_TITLE * title.count(own)
            for other in others:
                times += LESS * (body.count(other) + IN_TITLE * title.count(other))
            score += times / (times + long)
        found.append(round(score, 6))
    return found


def marks_in(text: str, question: Sequence[Sought]) -> list[Mark]:
    """(start, end) of each word of `text` that was looked for, in characters."""
    wanted = frozenset().union(*(one.stems for one in question))
    found: list[Mark] = []
    for start, end, word in words_of(text):
        if stem(word) in wanted and (not found or start >= found[-1][1]):  # "½" is two words on one place
            found.append((start, end))
    return found


def excerpt(text: str, marks: Sequence[Mark], length: int) -> tuple[str, list[Mark]]:
    """(part of `text` with as many marks as fit, the marks in it), cut at spaces, with … where something is left out.

    About `length` characters long; the whole text when that is hardly longer.
    """
    if len(text) <= length * 1.25:
        return text, list(marks)
    before = length // 4
    starts = [start for start, _end in marks[:200]]
    tries = [(sum(start <= other < start + length - before for other in starts), -start) for start in starts]
    first = max(0, -max(tries)[1] - before) if tries else 0
    last = min(len(text), first + length)
    if first:
        first = next((at + 1 for at in range(first, first + before) if text[at].isspace()), first)
    if last < len(text):
        last = next((at for at in range(last, last - before, -1) if text[at].isspace()), last)
    lead, tail = "…" if first else "", "…" if last < len(text) else ""
    shift = len(lead) - first
    inside = [(start + shift, end + shift) for start, end in marks if first <= start and end <= last]
    return f"{lead}{text[first:last]}{tail}", inside
