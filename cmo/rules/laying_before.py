"""Owns how a proposal is written once its authors may: one conditional update, the digest of what it says, the round in
which it lies before the team, and what the log tells of that."""

from collections.abc import Sequence
from typing import Any

from cmo.models import Bearing, Citation, Excerpt, Proposal, ProposalRound, RoundCites
from cmo.reading.citing import cited_by
from cmo.rules.carrying_out import Moved, moved_since, try_out
from cmo.rules.proposed import seen_digest
from cmo.team_words import ProposalState
from programmes.access import Actor
from programmes.models import Membership
from programmes.refusals import Stale
from programmes.rules.noticing import asked_no_more, notice
from programmes.rules.recording import record, seal
from programmes.vocabulary import MAY, Verb


def latest(proposal: Proposal, base: int | None) -> Proposal:
    """The proposal as it is; Stale where that is not `base` any more."""
    now = Proposal.objects.select_related("author").get(pk=proposal.pk)
    now.programme = proposal.programme
    if base is not None and now.revision_number != base:
        raise Stale(now, base=base)
    return now


def digest_of(now: Proposal, cited: Sequence[Excerpt | Bearing] | None = None) -> str:
    """What an answer to it holds for; `cited` where that is not what stands at it already."""
    if cited is None:
        rows = Citation.objects.filter(proposal=now).values_list("excerpt__uid", "bearing__uid")
        ids = [str(excerpt or bearing) for excerpt, bearing in rows]
    else:
        ids = [str(one.uid) for one in cited]
    return seen_digest(now.content, title=now.title, reason=now.reason, cites=ids)


def swap(now: Proposal, by: Actor, base: int) -> None:
    """Write the proposal, if nobody did since `base`."""
    fields = ("title", "reason", "state", "content", "seen", "blind", "sent")
    new = {name: getattr(now, name) for name in fields}
    moved = Proposal.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    if not moved:
        raise Stale(latest(now, None), base=base)
    now.revision_number, now.updated = base + 1, by.now()


def lay_before(now: Proposal, by: Actor) -> None:
    """Write the round, and tell those who may answer."""
    if now.targets.exists() and (moved := moved_since(now)):
        raise Moved(now, moved)
    try_out(now, by=by)
    number = now.round + 1
    Proposal.objects.filter(pk=now.pk).update(round=number)
    now.round = number
    sent = ProposalRound.objects.create(
        proposal=now, number=number, title=now.title, reason=now.reason, content=now.content, seen=now.seen,
        author=by.person, at=by.now(),
    )  # fmt: skip
    RoundCites.objects.create(round=sent, labels=cited_by(now))
    reviewers = Membership.objects.filter(programme=now.programme, role__in=MAY[Verb.REVIEW])
    authors = {now.author_id, *now.coauthors.agreed().people()}
    told = set(reviewers.values_list("person_id", flat=True)) - authors
    asked_no_more(now.programme, by=by, kind="proposal", on=now.label)  # about an earlier round
    notice(
        now.programme, by=by, event=f"{now.label} round {number}", kind="proposal", on=now.label,
        path=f"proposals/{now.number}", to=told,
    )  # fmt: skip


def log(by: Actor, verb: str, now: Proposal) -> None:
    """The log tells all members that something happened; what does not lie before the team is its authors' to say."""
    if now.state != ProposalState.OPEN:
        record(by, verb, now.label, programme=now.programme)
        return
    last = now.rounds.select_related("cited").last()
    record(
        by, verb, now.label, programme=now.programme, reason=now.reason, round=now.round, seen=now.seen,
        seals=seal(last, **round_sealed_with(last)) if last else "",
    )  # fmt: skip


def round_sealed_with(sent: ProposalRound) -> dict[str, Any]:
    """What is sealed with a round beside its own row: the evidence that it cites, where that was kept."""
    return {"cites": sent.cited.labels} if hasattr(sent, "cited") else {}
