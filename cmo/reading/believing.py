"""Owns the answer to "why do we believe this?": one statement down to its excerpts, and up to its revisions, the
decisions that wrote them and what it came from. A fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cmo.models import Statement, Verdict
from cmo.reading.citing import cites_of
from cmo.reading.grounds import Card, Grounds, Group, grounds_of
from cmo.reading.history import Version, history_page, version_json
from cmo.reading.lineage import Family, family_of
from cmo.reading.proposals import AgreedOn, agreed_by
from cmo.reading.statements import StatementRow
from cmo.reading.verdicts import verdict_json, verdicts_found
from cmo.weighing import STANCES

MOST = 300  # excerpts on one page; nobody reads more in one go, and the counts tell of all
REVISIONS = 100


@dataclass(frozen=True, slots=True)
class Belief:
    """A statement between what it rests on and how it came to read so."""

    row: StatementRow
    grounds: Grounds | None  # None for those who do not see evidence
    versions: list[Version]  # newest first
    decided: dict[int, AgreedOn]  # {revision: the proposal that wrote it}
    family: Family
    verdicts: list[Verdict]  # by phase, the team's and members' own
    cites: dict[int, list[str]] | None  # {revision: what it cites}; None for those who do not see evidence

    @property
    def texts(self) -> list[str]:
        """The reasons and rationales that it tells."""
        return [*(one.revision.reason for one in self.versions), *(one.rationale for one in self.verdicts)]

    @property
    def judged(self) -> list[tuple[Any, list[Verdict]]]:
        """(phase, its verdicts, the team's first)."""
        phases = {one.phase_id: one.phase for one in self.verdicts}
        return [
            (phase, sorted((one for one in self.verdicts if one.phase_id == key), key=lambda one: not one.team))
            for key, phase in phases.items()
        ]

    @property
    def by_stance(self) -> list[tuple[str, list[Card]]]:
        """(stance, cards), those that challenge first: they are what a reader would look for."""
        cards = self.grounds.cards if self.grounds else []
        order = ("challenges", "supports", "nuances", "unclear")
        return [(stance, found) for stance in order if (found := [c for c in cards if c.bearing.stance == stance])]

    @property
    def steps(self) -> list[tuple[Version, AgreedOn | None]]:
        return [(version, self.decided.get(version.revision.number)) for version in self.versions]


def belief_in(statement: Statement, row: StatementRow, *, evidence: bool) -> Belief:
    """At most seventeen queries; without `evidence` no excerpt is read."""
    newest = statement.revision_number
    return Belief(
        row,
        grounds_of(statement, size=MOST) if evidence else None,
        history_page(statement, newest - REVISIONS + 1, newest),
        agreed_by(statement),
        family_of(statement),
        list(verdicts_found(statement.programme, record=statement)),
        cites_of(statement) if evidence else None,
    )


# ---------------------------------------------------------------- as JSON


def group_json(group: Group, name: str) -> dict[str, Any]:
    return {
        name: group.slug or None if name == "site" else group.name or None,
        "name": group.name, **group.counted.as_json(),
        "sources_by_stance": {stance: group.counted.sources_by_stance.get(stance, 0) for stance in STANCES},
        "of_sources": group.people, "small": group.small,
    }  # fmt: skip


def card_json(card: Card) -> dict[str, Any]:
    one, excerpt, source = card.bearing, card.excerpt, card.source
    return {
        "bearing": one.label, "on": card.on, "part": one.part, "stance": one.stance, "note": one.note,
        "inferred": one.inferred,
        "confidence": one.confidence, "confidence_reason": one.confidence_reason, "made_against": one.made_against,
        "stale": card.stale, "by": one.author.username, "at": one.created,
        "excerpt": excerpt.label, "text": excerpt.text, "locator": excerpt.locator, "status": excerpt.status,
        "source": source.label, "role": source.role, "site": source.site.slug if source.site else None,
        "other_site": card.elsewhere,
    }  # fmt: skip


def grounds_json(grounds: Grounds, *, cards: bool = False) -> dict[str, Any]:
    """The totals of a claim, by stance, site and role, as excerpts and as sources; with `cards` the excerpts too."""
    whole = grounds.counted
    body: dict[str, Any] = {
        "on": grounds.record.label,
        **whole.as_json(),
        "sources_by_stance": {stance: whole.sources_by_stance.get(stance, 0) for stance in STANCES},
        "sites": [group_json(group, "site") for group in grounds.sites],
        "roles": [group_json(group, "role") for group in grounds.roles],
    }
    if cards:
        body["excerpts_shown"] = [card_json(card) for card in grounds.cards]
    return body


def belief_json(belief: Belief) -> dict[str, Any]:
    """What the page shows, as the API shows it."""
    return {
        "statement": belief.row.as_json(evidence=belief.grounds is not None),
        "evidence": grounds_json(belief.grounds, cards=True) if belief.grounds else None,
        "revisions": [step_json(version, decided, belief.cites) for version, decided in belief.steps],
        "verdicts": [verdict_json(one, evidence=belief.grounds is not None) for one in belief.verdicts],
        "lineage": belief.family.as_json(),
    }


def step_json(version: Version, decided: AgreedOn | None, cites: dict[int, list[str]] | None) -> dict[str, Any]:
    """A revision with what it rests on (None for those who do not see evidence) and the proposal that wrote it."""
    rests_on = None if cites is None else cites.get(version.revision.number, [])
    told = {**version_json(version), "rests_on": rests_on, "proposal": decided.label if decided else None}
    answers: Sequence[Any] = decided.answers if decided else ()
    told["answers"] = [
        {"by": one.reviewer.username, "answer": one.answer, "reason": one.reason,
         "then": one.then.answer if one.then else None}
        for one in answers
    ]  # fmt: skip
    return told
