"""Owns the bars of pure work: the difference and the merge of long wordings, timed in this process."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from cmo.comparing import compare
from cmo.merging import merge

MEGABYTE_OF_WORDS = 150_000
SYLLABLES = ("ba", "den", "fri", "gol", "hes", "kir", "lum", "mar", "nos", "pel", "rit", "sun", "tor", "ves", "wyn")


def _text(chance: random.Random, words: int) -> list[str]:
    """Words as they come in prose: some of them often, most of them seldom."""
    known = ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3)))) for _ in range(4000)]
    often = [1 / (at + 1) for at in range(len(known))]
    return chance.choices(known, often, k=words)


def _edited(chance: random.Random, text: list[str], share: float) -> list[str]:
    """The text with about this share of its words changed, taken out or followed by a new one."""
    edited: list[str] = []
    for word in text:
        act = chance.choice(("change", "drop", "add")) if chance.random() < share else "keep"
        edited += {"keep": [word], "change": [word + "s"], "drop": [], "add": [word, "anew"]}[act]
    return edited


def _seconds(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return statistics.median(found)


def _cases(words: int) -> Iterator[tuple[str, str, str]]:
    """(base, one, other): lightly edited, half rewritten, and with nothing but the vocabulary in common."""
    chance = random.Random(words)
    base = _text(chance, words)
    for share in (0.03, 0.5):
        one, other = (_edited(chance, base, share) for _ in range(2))
        yield " ".join(base), " ".join(one), " ".join(other)
    yield " ".join(base), " ".join(_text(chance, words)), " ".join(_text(chance, words))


def measured() -> Iterator[tuple[str, float, float]]:
    """(what, seconds of the slowest case, bar in seconds)."""
    for what, words, bar, times in (("5,000 words", 5000, 0.05, 9), ("1 MB", MEGABYTE_OF_WORDS, 2.0, 1)):
        cases = list(_cases(words))
        compared = [_seconds(partial(compare, base, one), times) for base, one, _other in cases]
        yield f"difference of two wordings of {what}", max(compared), bar
        merged = [_seconds(partial(merge, *case), times) for case in cases]
        yield f"merge of two wordings of {what}", max(merged), bar
