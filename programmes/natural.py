"""Owns the natural order of codes: O3.10 stands after O3.9."""

import re
from functools import lru_cache

_PIECES = re.compile(r"(\d+)")


@lru_cache(maxsize=8192)  # codes of themes, the same ones in every list
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key to sort by; numbers in `text` count as numbers, letters without regard to case."""
    return tuple(
        (0, int(piece[:18]), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece.casefold())
        for piece in _PIECES.split(text)
        if piece
    )
