"""Owns the words of a text as a search sees them: folded, each with the place where it stands. Pure.

Both databases are given these words and no text, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from programmes.stemming import stem

LONGEST = 60  # characters of a word that count
_WORD = re.compile(r"[^\W_]+")
# Too frequent to narrow a search; with the connectives, which every statement has. Looked for only when all there is.
_COMMON = """
    a ac an and are as at be because been but by can could d did do does ei for from gan had has have he her his how
    i if in into is it its ll m mae may no nor not o of on or os our pan re s she should so such t than that the
    their them then there these they this those to under unless ve was we were what when where which while who whom
    why will with would y yn yna you your yr
"""
COMMON = frozenset(_COMMON.split())


def fold(text: str) -> str:
    """`text` without case and accents: "ÉCOLE" and "école" both become "ecole"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    return fold(letter)


def words_of(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, folded word) of each run of letters and digits; start and end count the characters of `text`."""
    if text.isascii():
        for found in _WORD.finditer(text.lower()):
            yield found.start(), found.end(), found.group()[:LONGEST]
        return
    pieces = [_folded(letter) for letter in text]
    places = [at for at, piece in enumerate(pieces) for _letter in piece]
    for found in _WORD.finditer("".join(pieces)):
        end = places[found.end() - 1] + 1
        while end < len(text) and not pieces[end]:  # accents written behind their letter belong to it
            end += 1
        yield places[found.start()], end, found.group()[:LONGEST]


def stems_of(text: str) -> list[str]:
    """The stems of all its words, in order."""
    return [stem(word) for _start, _end, word in words_of(text)]


def sought_in(text: str, most: int) -> list[str]:
    """The words that somebody who typed `text` looks for, each once, the first `most` of them.

    Common words are passed over unless there are no others.
    """
    words = list(dict.fromkeys(word for _start, _end, word in words_of(text)))
    return ([word for word in words if word not in COMMON] or words)[:most]
