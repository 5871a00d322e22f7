"""Owns the stem of an English word, so that "trusted" is found by "trusting" on either database. Pure.

After M. F. Porter, "An algorithm for suffix stripping" (Program 14(3), 1980), with the two departures that he published
later. Spellings in -ize are stemmed as those in -ise.
"""

import re
from functools import lru_cache

_ZED = re.compile(r"(?<=[a-z]{2})(i|y)z(?=(?:e|es|ed|er|ers|ing|ingly|ation|ations|ational)$)")

# What each step takes off and what it puts there, the longest ending first.
_STEP_2 = (
    ("ational", "ate"), ("ization", "ize"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
    ("tional", "tion"), ("biliti", "ble"), ("entli", "ent"), ("ousli", "ous"), ("ation", "ate"), ("alism", "al"),
    ("aliti", "al"), ("iviti", "ive"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("alli", "al"),
    ("ator", "ate"), ("logi", "log"), ("bli", "ble"), ("eli", "e"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", ""),
)  # fmt: skip
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What `word` (in small letters, without accents) has in common with its other forms; most often not a word."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    return porter(_ZED.sub(r"\1s", word))


def porter(word: str) -> str:
    """The stem by the paper alone; `word` is three or more letters a to z."""
    word = _past(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = f"{word[:-1]}i"
    word = _swapped(_swapped(word, _STEP_2), _STEP_3)
    return _tidied(_cut(word))


def _shape(word: str) -> str:
    """Its letters as v and c; y is a vowel behind a consonant."""
    shape = ""
    for letter in word:
        shape += "v" if letter in "aeiou" or (letter == "y" and shape[-1:] == "c") else "c"
    return shape


def _measure(word: str) -> int:
    """m of the paper: how often a vowel is followed by a consonant."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _shape(word)[-1] == "c"


def _short(word: str) -> bool:
    """Ends as hop does: consonant, vowel, consonant other than w, x and y."""
    return len(word) > 2 and _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            left = word.removesuffix(ending)
            return _mended(left) if _has_vowel(left) else word
    return word


def _mended(word: str) -> str:
    """What -ed or -ing leaves, as a word again: hopp, fil, conflat."""
    if word.endswith(("at", "bl", "iz")) or (_measure(word) == 1 and _short(word)):
        return f"{word}e"
    return word[:-1] if _doubled(word) and word[-1] not in "lsz" else word


def _swapped(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending):
            left = word.removesuffix(ending)
            return left + other if _measure(left) > 0 else word
    return word


def _cut(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            left = word.removesuffix(ending)
            goes = _measure(left) > 1 and (ending != "ion" or left.endswith(("s", "t")))
            return left if goes else word
    return word


def _tidied(word: str) -> str:
    if word.endswith("e"):
        left = word[:-1]
        if _measure(left) > 1 or (_measure(left) == 1 and not _short(left)):
            word = left
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
