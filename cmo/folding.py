"""Owns how wordings are compared when case, accents and punctuation do not matter. Pure."""

import hashlib

from programmes.lexing import fold

__all__ = ["fold", "sameness"]


def sameness(text: str) -> str:
    """Sixteen hex digits, the same for wordings that differ in case, accents, spaces and punctuation only."""
    words = "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]
