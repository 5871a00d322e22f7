"""Owns what counted evidence amounts to: the word for it, its squares, the shade of a cell, which groups are small.

Counts describe what is linked; the reading is the team's. No database, no request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

STANCES = ("supports", "challenges", "nuances", "unclear")  # in the order of every table and tally
THIN = 4  # excerpts: with fewer nothing is said about which way they point
SQUARES = 18  # at most so many stand in a tally; the others are a number
SHADES = 5


class Weight(TextChoices):
    """What the excerpts linked to a claim amount to, by their number alone."""

    NONE = "none", _("No evidence yet")
    THIN = "thin", _("Thin")
    CHALLENGED = "challenged", _("Challenged")
    CONTESTED = "contested", _("Contested")
    SUPPORTED = "supported", _("Supported")


def weigh(*, excerpts: int, supports: int, challenges: int) -> Weight:
    """The word for so many excerpts, of which some support and some challenge (one may do both, to different parts).

    Contested: at least a fifth of those that take a side challenge it.
    """
    if not excerpts:
        return Weight.NONE
    if excerpts < THIN:
        return Weight.THIN
    if challenges > supports:
        return Weight.CHALLENGED
    if challenges and 5 * challenges >= supports + challenges:
        return Weight.CONTESTED
    return Weight.SUPPORTED


@dataclass(frozen=True, slots=True)
class Counted:
    """How much evidence there is: distinct excerpts and distinct sources, in all and by stance."""

    excerpts: int = 0
    sources: int = 0
    by_stance: Mapping[str, int] = field(default_factory=dict)  # excerpts
    sources_by_stance: Mapping[str, int] = field(default_factory=dict)

    @property
    def supports(self) -> int:
        return self.by_stance.get("supports", 0)

    @property
    def challenges(self) -> int:
        return self.by_stance.get("challenges", 0)

    @property
    def nuances(self) -> int:
        return self.by_stance.get("nuances", 0)

    @property
    def unclear(self) -> int:
        return self.by_stance.get("unclear", 0)

    @property
    def weight(self) -> Weight:
        return weigh(excerpts=self.excerpts, supports=self.supports, challenges=self.challenges)

    @property
    def one_source(self) -> bool:
        """Whether it all rests on one source."""
        return self.sources == 1

    @property
    def squares(self) -> "Squares":
        return squares(self.by_stance)

    def as_json(self) -> dict[str, Any]:
        """The counts as the API shows them."""
        return _said(self) if self.excerpts else dict(_NOTHING_SAID)


def _said(of: Counted) -> dict[str, Any]:
    return {
        **{stance: of.by_stance.get(stance, 0) for stance in STANCES},
        "excerpts": of.excerpts, "sources": of.sources, "weight": of.weight.value,
    }  # fmt: skip


NOTHING = Counted()
_NOTHING_SAID = _said(NOTHING)  # of most statements, in long lists


def counted(bearings: Iterable[tuple[Any, Any, str]]) -> Counted:
    """What (excerpt, source, stance) of any number of bearings come to: what is there twice counts once."""
    excerpts: dict[str, set[Any]] = {}
    sources: dict[str, set[Any]] = {}
    for excerpt, source, stance in bearings:
        excerpts.setdefault(stance, set()).add(excerpt)
        sources.setdefault(stance, set()).add(source)
    return Counted(
        len(set().union(*excerpts.values())), len(set().union(*sources.values())),
        {stance: len(found) for stance, found in excerpts.items()},
        {stance: len(found) for stance, found in sources.items()},
    )  # fmt: skip


# ---------------------------------------------------------------- squares

STEP, SIDE, EDGE = 13, 10, 8.4


@dataclass(frozen=True, slots=True)
class Square:
    """One excerpt in a tally: full for support, crossed for challenge, half for nuance, empty for unclear."""

    stance: str
    at: int  # from the left, in pixels

    @property
    def inner(self) -> str:
        return f"{self.at + 0.8:g}"

    @property
    def cross(self) -> str:
        return f"M{self.at + 0.8:g} 1.8l{EDGE:g} {EDGE:g}m0-{EDGE:g}l-{EDGE:g} {EDGE:g}"


@dataclass(frozen=True, slots=True)
class Squares:
    """The squares of a tally, how many excerpts have none, and how wide the drawing is."""

    drawn: list[Square]
    more: int

    @property
    def width(self) -> int:
        return max(STEP * len(self.drawn), STEP)


def squares(by_stance: Mapping[str, int], most: int = SQUARES) -> Squares:
    """One square for each excerpt and stance, up to `most`.

    Where not all fit, each stance that is there keeps at least one, so that no challenge is hidden by support.
    """
    wanted = {stance: by_stance.get(stance, 0) for stance in STANCES if by_stance.get(stance, 0)}
    total = sum(wanted.values())
    kept = wanted if total <= most else {stance: max(1, most * n // total) for stance, n in wanted.items()}
    if total > most:
        kept[max(wanted, key=lambda stance: wanted[stance])] += most - sum(kept.values())
    order = [stance for stance in STANCES for _n in range(kept.get(stance, 0))]
    return Squares([Square(stance, at * STEP) for at, stance in enumerate(order)], total - len(order))


# ---------------------------------------------------------------- cells and groups


def shade(n: int, most: int) -> int:
    """0 for none, else 1 to 5: how dark a cell is beside the fullest of its table."""
    if n <= 0:
        return 0
    return min(SHADES, -(-SHADES * n // max(most, SHADES)))


def small(n: int, threshold: int) -> bool:
    """Whether so few people make up a group that its members might be known by it, and its numbers say little."""
    return 0 < n < threshold
