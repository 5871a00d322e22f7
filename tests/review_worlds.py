"""Owns what the small world holds of proposals: one that lies before the team, one decided, a draft of each editor."""

from typing import Any

from cmo.models import Proposal, Statement
from cmo.rules.composing import Words
from cmo.rules.proposing import propose, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import decide
from cmo.rules.stating import revise
from tests.people import actor

SHARPER = "If met often, then trusted, because seen to keep their word."
# What names them in the world. P1 is open, by the contributor, on S1 at 2; P2 was refused; P3 and P4 are drafts of the
# editor and the lead on S2 at 1. `proposals` names for each who may propose one of their own,
# `proposals_named` one that name_coauthors() names them in.
NUMBERS = {
    "proposal": 1, "proposal_decided": 2, "proposal_draft": 3,
    "proposals": {"contributor": 1, "editor": 3, "lead": 4},
    "proposals_named": {"contributor": 3, "editor": 4, "lead": 3},
}  # fmt: skip


def furnish_review(own: Any, other: Any, people: dict[str, Any], stranger: Any) -> dict[str, Any]:
    """The numbers above; elsewhere are five open ones, so that number 5 is there, and not in the own programme."""
    contributor, editor, lead = (actor(people[who]) for who in ("contributor", "editor", "lead"))
    laid_before(own, contributor, {"record": "S1", "base": 2, "wording": SHARPER}, "Seen says too little.")
    second = laid_before(own, contributor, {"record": "S1", "base": 2, "change": "retired"}, "Said twice.")
    decide(second, by=editor, decision="refuse", reason="It is not said elsewhere.", seen=second.seen)
    for by in (editor, lead):
        change = {"record": "S2", "base": 1, "wording": "If a worker stays long, then they are trusted."}
        made = propose(own, by=by, changes=[change], title="Stay", reason="Staying takes time.")
        rewrite_proposal(made, by=by, base=1, title="Stay long")  # at 2, as the open one is
    for at in range(1, 6):
        change = {"change": "new", "wording": f"If secret {at}, then secret proposal."}
        laid_before(other, stranger, change, "Secret reason")
    return NUMBERS


def laid_before(programme: Any, by: Any, change: dict[str, Any], reason: str, title: str = "") -> Proposal:
    """An open proposal of this one change."""
    made = propose(programme, by=by, changes=[change], reason=reason, title=title)
    return submit(made, by=by, base=1)


def take_back(w: Any) -> None:
    """The contributor’s proposal is withdrawn; like the drafts of others it can be laid before the team; all at 3."""
    first = Proposal.objects.select_related("programme", "author").get(programme=w.own, number=1)
    withdraw(first, by=actor(first.author), base=2)
    drafts = Proposal.objects.filter(programme=w.own, number__in=[3, 4], author__in=w.own.memberships.values("person"))
    for draft in drafts.select_related("programme", "author"):
        rewrite_proposal(draft, by=actor(draft.author), base=2, title="Stay longer")


def name_coauthors(w: Any) -> None:
    """The editor's draft names the contributor and the lead, the lead's the editor, if they are members; both at 3."""
    members = set(w.own.memberships.values_list("person__username", flat=True))
    for number, names in ((3, {"contributor", "lead"}), (4, {"editor"})):
        draft = Proposal.objects.select_related("programme", "author").get(programme=w.own, number=number)
        if draft.author.username in members:
            base = draft.revision_number
            rewrite_proposal(draft, by=actor(draft.author), base=base, coauthors=sorted(names & members))


def move_on(w: Any) -> None:
    """S1 and S2 went on since, in their themes alone."""
    for record in Statement.objects.filter(programme=w.own, number__in=[1, 2]).select_related("programme"):
        wording = record.wording
        revise(
            record, by=w.by_lead, base=record.revision_number, words=Words(wording=wording), themes=[w.themes["O1"]]
        )


def seen_of(w: Any) -> str:
    """The digest of what P1 proposes."""
    return str(Proposal.objects.values_list("seen", flat=True).get(programme=w.own, number=1))
