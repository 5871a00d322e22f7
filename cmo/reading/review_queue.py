"""Owns what waits for whom: proposals to answer, to decide, to revise, and what one waits for oneself."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from cmo.models import Proposal, ProposalTarget, Review
from cmo.reading.approving import counting
from cmo.team_words import Answer, ProposalState
from programmes.models import Membership, Person, Programme
from programmes.vocabulary import MAY, Verb


@dataclass(frozen=True, slots=True)
class Queue:
    """Open proposals, oldest first: those one has to answer, those one may decide, those one's team wants changed,
    and those one waits for."""

    answer: list[Proposal]
    decide: list[Proposal]
    revise: list[Proposal]
    waiting: list[Proposal]

    @property
    def mine(self) -> list[Proposal]:
        """All that waits for this person, in the order to take them up."""
        rows = {one.pk: one for one in [*self.answer, *self.decide, *self.revise]}
        return list(rows.values())

    def labels(self) -> dict[int, list[str]]:
        """{programme: labels of those that one has to answer}."""
        found: dict[int, list[str]] = {}
        for one in self.answer:
            found.setdefault(one.programme_id, []).append(one.label)
        return found


def queue_of(person: Person, programme: Programme | None = None) -> Queue:
    """What waits for this person in one programme, or in all of theirs; four queries."""
    member = Membership.objects.filter(person=person)
    if programme is not None:
        member = member.filter(programme=programme)
    roles = dict(member.values_list("programme_id", "role"))
    found = Proposal.objects.filter(programme__in=roles, state=ProposalState.OPEN)
    rows = list(found.select_related("author", "programme").order_by("number").prefetch_related("coauthors"))
    answers = _latest_answers([one.pk for one in rows])
    moved = set(_moved([one.pk for one in rows]))
    queue = Queue([], [], [], [])
    for one in rows:
        given = answers.get(one.pk, {})
        if person.pk in {one.author_id, *(row.person_id for row in one.coauthors.all() if row.agreed)}:
            asked = any(review.answer in (Answer.AGREE_WITH_CHANGES, Answer.DISAGREE) and review.seen == one.seen
                        for review in given.values())  # fmt: skip
            (queue.revise if one.pk in moved or (asked and not one.blind) else queue.waiting).append(one)
        elif roles[one.programme_id] in MAY[Verb.REVIEW]:
            mine = given.get(person.pk)
            approving = sum(review.answer == Answer.AGREE and review.seen == one.seen and review.counts
                            for review in given.values())  # fmt: skip
            if mine is None or mine.seen != one.seen:
                queue.answer.append(one)
            elif approving >= one.programme.approvals and one.pk not in moved:
                queue.decide.append(one)
    return queue


def next_for(person: Person, programme: Programme, after: int = 0) -> int | None:
    """The number of the proposal to take up next: the one after this, or the first; none when nothing waits."""
    queue = queue_of(person, programme)
    numbers = sorted(one.number for one in [*queue.answer, *queue.decide] if one.number != after)
    return next((number for number in numbers if number > after), numbers[0] if numbers else None)


def open_on(person: Person, record: Any) -> list[Proposal]:
    """The open proposals that would change this record, and one's own drafts; one query."""
    mine = Q(author=person) | Q(coauthors__person=person)
    of = {f"targets__{type(record).__name__.lower()}": record}
    states = Q(state=ProposalState.OPEN) | Q(mine, state=ProposalState.DRAFT)
    return list(Proposal.objects.filter(states, **of).distinct().select_related("author").order_by("-number")[:20])


def may_write_with(person: Person, programme: Programme) -> list[Person]:
    """The other members who may propose."""
    rows = Membership.objects.filter(programme=programme, role__in=MAY[Verb.PROPOSE], person__is_active=True)
    found = [row.person for row in rows.exclude(person=person).select_related("person")]
    return sorted(found, key=lambda one: one.name.casefold())


def own_proposals(person: Person, programme: Programme) -> list[Proposal]:
    """One's own drafts and open proposals, to which a change can be added; the newest fifty."""
    mine = Q(author=person) | Q(coauthors__person=person, coauthors__agreed__isnull=False)
    found = Proposal.objects.filter(mine, programme=programme, state__in=(ProposalState.DRAFT, ProposalState.OPEN))
    return list(found.distinct().order_by("-number")[:50])


def _latest_answers(proposals: list[int]) -> dict[int, dict[int, Any]]:
    found: dict[int, dict[int, Any]] = {}
    for review in counting(Review.objects.filter(proposal__in=proposals)).order_by("number"):
        found.setdefault(review.proposal_id, {})[review.reviewer_id] = review
    return found


def _moved(proposals: list[int]) -> list[int]:
    """Those of which a record went on since."""
    went_on = Q()
    for name in ("statement", "configuration", "element"):
        went_on |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}__revision_number": F("base")})
    found = ProposalTarget.objects.filter(went_on, proposal__in=proposals)
    return list(found.values_list("proposal", flat=True).distinct())
