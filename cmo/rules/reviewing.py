"""Owns answers to proposals and the decision on them.

An answer holds for exactly what was seen: its digest is compared in the transaction that writes it. Who wrote at a
proposal neither answers nor decides. What the team disagreed on stays to be read after the decision.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.models import Proposal, Review
from cmo.rules.carrying_out import Moved, carry_out, keep_outcome, moved_since
from cmo.rules.discussing import authors_of
from cmo.rules.proposing import is_author
from cmo.team_words import Answer, Decision, ProposalState
from programmes.access import Actor, require
from programmes.gate import clean, is_blank
from programmes.models import Membership, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.noticing import asked_no_more, notice
from programmes.rules.recording import record, seal
from programmes.vocabulary import MAY, Limit, Verb


@transaction.atomic
def answer(proposal: Proposal, *, by: Actor, answer: str, reason: str = "", seen: str) -> Review:
    """Answer an open proposal as it was seen. A reason is asked of everybody but who abstains.

    Raises ValidationError (answer, reason, state), PermissionDenied, Stale where the proposal moved, Moved where a
    record did that it starts from.
    """
    now = _seen(proposal, by, seen)
    if answer not in Answer.values:
        raise ValidationError({"answer": _("Choose one of %(all)s.") % {"all": ", ".join(Answer.values)}})
    reason = clean(reason, field="reason", limit=Limit.REASON)
    if answer != Answer.ABSTAIN and is_blank(reason):
        raise ValidationError({"reason": _("Say why in a sentence; the others learn from it.")})
    if moved := moved_since(now):
        raise Moved(now, moved)
    return _write(now, by, answer, reason)


@transaction.atomic
def decide(proposal: Proposal, *, by: Actor, decision: str, reason: str = "", seen: str) -> Proposal:
    """Accept an open proposal, which carries it out, or refuse it with a reason.

    To accept it takes as many approvals of what was seen as the programme asks for; deciding to accept is one, where
    the one who decides did not answer otherwise. Raises ValidationError (decision, reason, approvals, changes),
    PermissionDenied, Stale, Moved.
    """
    now = _seen(proposal, by, seen)
    if decision not in Decision.values:
        raise ValidationError({"decision": _("Choose accept or refuse.")})
    reason = clean(reason, field="reason", limit=Limit.REASON)
    if decision == Decision.REFUSE:
        if is_blank(reason):
            raise ValidationError({"reason": _("Say why it is refused; its author reads it.")})
        return _close(now, by, ProposalState.REFUSED, reason)
    if moved := moved_since(now):
        raise Moved(now, moved)
    answered = _approve_by_deciding(now, by, reason)
    _raise_unless_approved(now, by, answered=answered)
    written = carry_out(now, by=by)
    keep_outcome(now, written)
    return _close(now, by, ProposalState.ACCEPTED, reason)


def latest_answers(proposal: Proposal) -> list[Review]:
    """The last answer of each person, oldest first."""
    last = {review.reviewer_id: review for review in proposal.reviews.select_related("reviewer").order_by("number")}
    return sorted(last.values(), key=lambda review: review.number)


def approvals(proposal: Proposal) -> list[Review]:
    """The answers that approve of what is proposed now, by members who may review now and did not write at it since."""
    mays = Membership.objects.filter(programme=proposal.programme_id, role__in=MAY[Verb.REVIEW], person__is_active=True)
    may_review = set(mays.values_list("person_id", flat=True)) - authors_of(proposal)
    return [
        one for one in latest_answers(proposal)
        if one.answer == Answer.AGREE and one.seen == proposal.seen and one.reviewer_id in may_review
    ]  # fmt: skip


def _seen(proposal: Proposal, by: Actor, seen: str) -> Proposal:
    """The proposal as it is, and stays until this transaction ends, for one who may answer it; Stale if it moved."""
    require(by, Verb.REVIEW, proposal.programme)
    hold(proposal.programme)
    now = Proposal.objects.select_related("author").get(pk=proposal.pk)
    now.programme = proposal.programme
    if is_author(now, by.person):
        raise PermissionDenied(_("Nobody answers or decides on what they proposed; another reviewer does."))
    if now.state != ProposalState.OPEN:
        said = _("%(label)s is %(state)s; only an open proposal is answered.")
        raise ValidationError({"state": said % {"label": now.label, "state": ProposalState(now.state).label.lower()}})
    if not isinstance(seen, str) or now.seen != seen:
        raise Stale(now, base=None)
    return now


def _write(now: Proposal, by: Actor, given: str, reason: str) -> Review:
    last = now.reviews.order_by("-number").values_list("number", flat=True).first() or 0
    review = Review.objects.create(
        proposal=now, number=last + 1, round=now.round, seen=now.seen, answer=given, reason=reason,
        reviewer=by.person, at=by.now(),
    )  # fmt: skip
    # What was answered is not in the log while others must not see it; the row of the answer is sealed there.
    detail = {} if now.blind else {"answer": given}
    record(
        by, "answered", now.label, programme=now.programme, round=now.round, seals=seal(review),
        reason="" if now.blind else reason, **detail,
    )  # fmt: skip
    asked_no_more(now.programme, by=by, kind="proposal", on=now.label, of=[by.person.pk])
    told = {now.author_id, *now.coauthors.agreed().people()}
    notice(
        now.programme, by=by, event=f"{now.label} answer {review.number}", kind="answer", on=now.label,
        path=f"proposals/{now.number}", to=told,
    )  # fmt: skip
    return review


def _approve_by_deciding(now: Proposal, by: Actor, reason: str) -> bool:
    """Deciding is an answer, unless one was given; whether one was."""
    mine = [one for one in latest_answers(now) if one.reviewer_id == by.person.pk and one.seen == now.seen]
    if not mine:
        _write(now, by, Answer.AGREE, reason)
    return bool(mine)


def _raise_unless_approved(now: Proposal, by: Actor, *, answered: bool) -> None:
    """ValidationError (approvals) while these words have too few. Who had not `answered` before approves by deciding,
    which the refusal takes back: that one is not told of. How many stays hidden from who may not see it."""
    wanted = Programme.objects.values_list("approvals", flat=True).get(pk=now.programme_id)
    agreed = [one.reviewer_id for one in approvals(now)]
    if len(agreed) >= wanted:
        return
    if now.blind and not answered:
        said = _("These words do not have the approvals that are needed; answer first, then you see those of others.")
        raise ValidationError({"approvals": said})
    given = len([one for one in agreed if answered or one != by.person.pk])
    told = {
        "needed": ngettext("%(n)s approval is needed", "%(n)s approvals are needed", wanted) % {"n": wanted},
        "given": ngettext("%(n)s was given to these words", "%(n)s were given to these words", given) % {"n": given},
    }
    said = _("%(needed)s and %(given)s.") if answered else _("%(needed)s and %(given)s; give your answer first.")
    raise ValidationError({"approvals": said % told})


def _close(now: Proposal, by: Actor, state: ProposalState, reason: str) -> Proposal:
    base, at = now.revision_number, by.now()
    new = {"state": state, "decided": at, "decided_by": by.person, "decision_reason": reason, "updated": at}
    if not Proposal.objects.filter(pk=now.pk, revision_number=base).update(**new, revision_number=base + 1):
        raise Stale(Proposal.objects.select_related("programme").get(pk=now.pk), base=base)
    for name, value in new.items():
        setattr(now, name, value)
    now.revision_number = base + 1
    for kind in ("proposal", "coauthor"):
        asked_no_more(now.programme, by=by, kind=kind, on=now.label)
    told = {now.author_id, *now.coauthors.people(),
            *now.reviews.values_list("reviewer_id", flat=True)}  # fmt: skip
    notice(
        now.programme, by=by, event=f"{now.label} decided", kind="decision", on=now.label,
        path=f"proposals/{now.number}", to=told,
    )  # fmt: skip
    verb = "proposal accepted" if state == ProposalState.ACCEPTED else "proposal refused"
    record(by, verb, now.label, programme=now.programme, reason=reason, round=now.round, seen=now.seen)
    return now
