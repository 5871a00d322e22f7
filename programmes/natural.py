"""Owns what codes say by themselves: their natural order (O3.10 stands after O3.9), and what one may stand under."""

import re
from collections.abc import Iterator
from functools import lru_cache

DIGITS = "0123456789"
_PIECES = re.compile(r"(\d+)")


@lru_cache(maxsize=8192)  # codes of themes, the same ones in every list
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key to sort by; numbers in `text` count as numbers, letters without regard to case."""
    return tuple(
        (0, int(piece[:18]), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece.casefold())
        for piece in _PIECES.split(text)
        if piece
    )


def stems(code: str) -> Iterator[str]:
    """The codes that a code may stand under, folded, the nearest first: O4 and O for O4.1."""
    stem = code.casefold()
    while stem:
        shorter = stem.rpartition(".")[0] if "." in stem else stem.rstrip(DIGITS)
        stem = shorter if shorter != stem else ""  # a code may end in other signs, which lead nowhere
        if stem:
            yield stem
