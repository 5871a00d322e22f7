"""Owns what is worth a look in a proposal before it is answered: its words, its reason, its base, its evidence. Checks
inform; a rule alone refuses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cmo import wording as parsing
from cmo.reading.proposal_evidence import Backing
from cmo.reading.proposals import Proposed, Whole
from cmo.team_words import DECIDED

PARTS = frozenset(f"no-{part}" for part in parsing.Part)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    `code` is one of parts-stated, reason-given, base-current, sites-cited, challenges-cited, or the advice on a wording
    (no-if, no-then, no-because, several-claims, unparsed), which never holds.
    """

    code: str
    holds: bool
    record: str = ""  # whose proposed words it is about; "" for the whole proposal, or a record that is new
    count: int = 0  # sites cited; challenging excerpts that stay uncited
    names: list[str] = field(default_factory=list)  # of those sites

    def as_json(self) -> dict[str, Any]:
        return {"check": self.code, "holds": self.holds, "record": self.record or None, "count": self.count,
                "names": self.names}  # fmt: skip


def checks_of(found: Whole, backing: Backing | None) -> list[Check]:
    """The checks of a proposal that is not decided, in the order of its page; `backing` is None for those who see no
    evidence. Asks nothing of the database."""
    proposal = found.proposal
    if proposal.state in DECIDED:
        return []
    checks = [check for change in found.changes for check in _of_words(change)]
    checks.append(Check("reason-given", bool(proposal.reason)))
    checks.append(Check("base-current", not found.moved))
    return checks if backing is None or not backing.sourced else [*checks, *_of_evidence(backing)]


def _of_words(change: Proposed) -> Iterator[Check]:
    """What the proposed wordings lack; codes as the page of a statement says them."""
    record = change.label or change.into
    wordings = [each.after for piece in [change.fields, *change.pieces] for each in piece if each.name == "wording"]
    codes = [code for words in wordings for code in parsing.checks(words, parsing.find_parts(words), theme_count=1)]
    if wordings and PARTS.isdisjoint(codes):
        yield Check("parts-stated", True, record)
    for code in dict.fromkeys(codes):
        yield Check(code, False, record)


def _of_evidence(backing: Backing) -> Iterator[Check]:
    yield Check("sites-cited", bool(backing.cited), count=len(backing.sites), names=backing.sites)
    if any(one.stance == "challenges" for one in backing.linked):
        yield Check("challenges-cited", not backing.challenging, count=backing.challenging)
