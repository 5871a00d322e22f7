"""Owns what of a proposal is another now than in the round that somebody read: what a refused answer is told."""

from typing import Any

from cmo.comparing import compare
from cmo.models import Proposal, ProposalRound
from cmo.reading.proposal_json import change_rows
from cmo.reading.proposals import FieldChange


def round_read(proposal: Proposal, seen: object) -> ProposalRound | None:
    """The last round in which what was read lay before the team, where that is not what is proposed now; one query."""
    if not isinstance(seen, str) or seen == proposal.seen or not seen.isalnum():  # no digest: no database is asked
        return None
    return proposal.rounds.select_related("cited").filter(seen=seen).last()


def revised_since(proposal: Proposal, read: ProposalRound, *, cites: list[str] | None) -> list[FieldChange]:
    """Each of title, reason, changes and cites that is another now. `cites` is what it cites now, None for whoever sees
    no evidence; of a round from before that was kept nothing is said of it."""
    texts = ((name, getattr(read, name), getattr(proposal, name)) for name in ("title", "reason"))
    found = [FieldChange(name, old, new, compare(old, new)) for name, old, new in texts if old != new]
    if read.content != proposal.content:
        before, after = (change_rows(proposal.programme, content) for content in (read.content, proposal.content))
        found.append(FieldChange("changes", before, after))
    cited = labels_cited(read)
    if cites is not None and cited is not None and cited != cites:
        found.append(FieldChange("cites", cited, cites))
    return found


def labels_cited(sent: ProposalRound) -> list[str] | None:
    """What a round cited; None of a round from before that was kept."""
    labels: Any = sent.cited.labels if hasattr(sent, "cited") else None
    return labels if labels is None else list(labels)
