"""Owns what a list of statements offers when nothing meets its filter: words and themes near the ones asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from cmo.folding import fold
from cmo.models import Statement
from cmo.reading.workbench import ThemeOption
from programmes.models import Programme

MOST_READ = 2000  # statements whose words are known, the newest: an empty list costs the same in any theory
MOST_WORDS = 20
NEAR_WORD = 74  # of 100, as rapidfuzz counts: about one letter in four may be another
MOST_NAMED, MOST_THEMES = 6, 3
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Near:
    """`words` is the question with known words for unknown ones, "" where all are known or nothing is near."""

    words: str
    themes: list[ThemeOption]


def near(programme: Programme, words: str, options: Sequence[ThemeOption]) -> Near:
    """What somebody may have meant by `words`; one query. Themes are taken from those that statements carry."""
    asked = _WORD.findall(fold(words))[:MOST_WORDS]
    if not asked:
        return Near("", [])
    known = _known_words(programme)
    meant = [_meant(word, known) for word in asked]
    said = " ".join(meant) if meant != asked else ""
    return Near(said, _themes(asked[:MOST_NAMED], options))


def _known_words(programme: Programme) -> list[str]:
    newest = Statement.objects.of(programme).current().order_by("-number").values_list("wording", flat=True)
    return sorted({word for wording in newest[:MOST_READ] for word in _WORD.findall(fold(wording))})


def _meant(word: str, known: Sequence[str]) -> str:
    """The known word nearest to an unknown one; the word itself where it stands somewhere or nothing is near."""
    if any(word in other for other in known):
        return word
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=NEAR_WORD)
    return found[0] if found else word


def _themes(asked: Sequence[str], options: Sequence[ThemeOption]) -> list[ThemeOption]:
    """The themes whose code or name has a word near to each one asked for, the nearest first."""
    every = [found for option in options for found in option.walk() if found.total]
    names = (_WORD.findall(fold(f"{found.theme.code} {found.theme.name}")) for found in every)
    scored = [(_likeness(asked, name), found) for name, found in zip(names, every, strict=True)]
    best = sorted((pair for pair in scored if pair[0] >= NEAR_WORD), key=lambda pair: -pair[0])
    return [found for _score, found in best[:MOST_THEMES]]


def _likeness(asked: Sequence[str], words: Sequence[str]) -> float:
    return min(max((fuzz.ratio(one, other) for other in words), default=0.0) for one in asked)
