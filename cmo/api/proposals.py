"""Owns the API of proposals: make, rewrite, lay before the team, withdraw, rebase, answer, decide; what waits."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import Records, cut, evidence_tag
from cmo.discussion_serializers import Nothing
from cmo.reading.citing import cited_by, rests_named
from cmo.reading.proposal_evidence import backing_of
from cmo.reading.proposal_json import proposal_json, proposal_row, review_json, round_json, waiting_json
from cmo.reading.proposals import filtered_proposals, find_proposal, seen_reviews, whole
from cmo.reading.review_queue import queue_of
from cmo.reading.revised import labels_cited, revised_since, round_read
from cmo.review_serializers import (
    DecideIn,
    NamingIn,
    ProposalIn,
    ProposalOut,
    ProposalPatch,
    ProposalRoundOut,
    ProposalRow,
    QueueOut,
    ReviewIn,
    ReviewOut,
    WithdrawIn,
)
from cmo.rules.proposed import record_named
from cmo.rules.proposing import answer_naming, propose, rebase, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import answer, decide
from cmo.team_words import ProposalState
from programmes.api.base import PAGING, Door, etag, paged
from programmes.api.documenting import acts, changes, creates, lists, shows
from programmes.reading.paging import Page, asked, take
from programmes.reading.team import evidence_shown
from programmes.serializers import read
from programmes.vocabulary import Verb

QUERY = [
    OpenApiParameter("state", str, description=f"With commas: {', '.join(ProposalState.values)}."),
    OpenApiParameter("on", str, description="S3, CMO2 or E12: those that would change it."),
    OpenApiParameter("author", str, description="The name that somebody signs in with."),
]
EXAMPLE = OpenApiExample(
    "A sharper mechanism for S3",
    request_only=True,
    value={
        "reason": "Two interviews name the fear of blame, not the lack of time.",
        "changes": [{"record": "S3", "base": 2, "change": "reworded", "because": "a doubt voiced is met with help"}],
    },
)


class _Proposals(Records):
    record_kind = "Proposal"
    writes = Verb.PROPOSE

    def find(self, number: int) -> Any:
        return find_proposal(self.actor.person, self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        shown = whole(found, self.actor.person)
        backing = backing_of(shown) if evidence_shown(self.programme) else None
        return {**proposal_json(shown, backing), "cites": self.cites(found)}

    def cites(self, found: Any) -> list[str] | None:
        """What it cites, for those who see evidence; asked of nobody before there is any."""
        if not evidence_shown(self.programme):
            return None
        return cited_by(found) if self.programme.last_source else []

    def tag(self, found: Any) -> str:
        """The revision, the answers given (how many are hidden shows too), and whether what it starts from went on;
        themes show by their codes, and so does what is cited and what is not."""
        shown = whole(found, self.actor.person)
        programme = self.programme
        return etag(
            programme, found.revision_number, len(shown.reviews), shown.hidden, shown.given, "".join(shown.moved) or 0,
            programme.codebook_version, programme.approvals, evidence_tag(programme),
        )  # fmt: skip


class _Seen(_Proposals):
    """What holds for what was read alone: refused as that moved on, it is told what is another now."""

    read_then: object = None

    def beside_now(self, record: Any) -> dict[str, Any]:
        now = self.find(self.kwargs["number"])
        then = round_read(now, self.read_then)
        if then is None:
            return {}
        return {"revised": [one.as_json() for one in revised_since(now, then, cites=self.cites(now))]}


@extend_schema_view(
    get=lists("List proposals", ProposalRow, query=QUERY, about="Newest first; drafts are their authors' alone."),
    post=creates("Propose changes", ProposalIn, ProposalOut, examples=[EXAMPLE], about="As a draft of yours."),
)
class Proposals(_Proposals):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=50)
        states = [one for one in request.query_params.get("state", "").split(",") if one]
        for state in states:
            if state not in ProposalState.values:
                said = _("There is no state “%(state)s”; known are: %(known)s.")
                known = ", ".join(ProposalState.values)
                raise ValidationError({"state": said % {"state": state[:60], "known": known}})
        on, author = request.query_params.get("on"), request.query_params.get("author", "")
        if not author.isprintable():
            raise ValidationError({"author": _("Write the name that somebody signs in with.")})
        record = record_named(self.programme, on, field="on") if on else None
        rows = filtered_proposals(self.actor.person, self.programme, states=states, on=record, author=author[:150])
        found: Page[Any] = take(rows, count=rows.count(), page=page, size=size)
        for row in found.rows:
            row.programme = self.programme
        return paged(request, Page([proposal_row(row) for row in found.rows], found.count, found.number, found.size))

    def act(self, request: Request) -> Response:
        given = read(ProposalIn, request)
        cites = rests_named(self.programme, given.pop("cites", []), field="cites")
        return self.created(request, propose(self.programme, by=self.actor, cites=cites, **given))


@extend_schema_view(
    get=shows("Show a proposal", ProposalOut),
    patch=changes(
        "Rewrite a proposal", ProposalPatch, ProposalOut,
        about="Its authors alone. What you send takes the place of what stood there, `reason` too. "
        "An open one goes into its next round, and answers to earlier ones hold no longer; a withdrawn one waits until "
        "it is laid before the team again.",
    ),
)  # fmt: skip
class OneProposal(_Proposals):
    http_method_names = ["get", "patch", "head", "options"]

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(ProposalPatch, request, partial=True)
        found, base = self.seen(request, number)
        return self.shown(rewrite_proposal(found, by=self.actor, base=base, **given))


@extend_schema_view(post=acts("Lay a proposal before the team", Nothing, ProposalOut))
class Submit(_Proposals):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(submit(found, by=self.actor, base=base))


@extend_schema_view(post=acts("Withdraw a proposal", WithdrawIn, ProposalOut))
class Withdraw(_Proposals):
    def act(self, request: Request, number: int) -> Response:
        given = read(WithdrawIn, request)
        found, base = self.seen(request, number)
        return self.shown(withdraw(found, by=self.actor, base=base, **given))


@extend_schema_view(
    post=acts(
        "Bring a proposal onto its records as they now are", Nothing, ProposalOut,
        about="Both sides' words are put together; where both changed the same, its authors settle it.",
    )
)  # fmt: skip
class Rebase(_Proposals):
    def act(self, request: Request, number: int) -> Response:
        read(Nothing, request)
        found, base = self.seen(request, number)
        return self.shown(rebase(found, by=self.actor, base=base))


@extend_schema_view(
    post=acts(
        "Say whether you wrote a proposal that names you as a co-author", NamingIn, ProposalOut,
        about="Who did is one of its authors from then on; who did not is named no more, and answers as others do.",
    )
)  # fmt: skip
class Naming(_Proposals):
    def act(self, request: Request, number: int) -> Response:
        given = read(NamingIn, request)
        found, base = self.seen(request, number)
        done = answer_naming(found, by=self.actor, base=base, **given)  # who declined may see a draft no more
        return Response(self.json(done), headers={"ETag": self.tag(done)})


@extend_schema_view(
    get=lists("List the rounds of a proposal", ProposalRoundOut, about="What lay before the team each time, as it was.")
)
class Rounds(Door):
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        found = find_proposal(self.actor.person, self.programme, number)
        rounds = list(found.rounds.select_related("author", "cited"))
        sees = evidence_shown(self.programme)
        return cut(request, rounds, lambda one: {
            **round_json(one, self.programme), "cites": labels_cited(one) if sees else None,
        })  # fmt: skip


@extend_schema_view(
    get=lists("List the answers to a proposal", ReviewOut, about="Oldest first; in a blind review, what you may see."),
    post=creates(
        "Answer a proposal", ReviewIn, ReviewOut, stale=True,
        about="412 with the proposal as it now is where it, or a record that it starts from, went on since; `revised` "
        "says what is another in it than in the round that you read: field, before, after.",
    ),
)  # fmt: skip
class Reviews(_Seen):
    writes = Verb.REVIEW
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        found = self.find(number)
        rows = list(found.reviews.select_related("reviewer").order_by("number"))
        return cut(request, seen_reviews(found, rows, self.actor.person), lambda one: review_json(one, found))

    def act(self, request: Request, number: int) -> Response:
        given = read(ReviewIn, request)
        self.read_then = given["seen"]
        found = self.find(number)
        made = answer(found, by=self.actor, **given)
        return Response(review_json(made, found), status=201)


@extend_schema_view(
    post=creates(
        "Decide on a proposal", DecideIn, ProposalOut, stale=True,
        about="To accept it carries it out: all of its changes, or none. 412 as for an answer.",
    )
)  # fmt: skip
class Decide(_Seen):
    writes = Verb.REVIEW

    def act(self, request: Request, number: int) -> Response:
        given = read(DecideIn, request)
        self.read_then = given["seen"]
        return self.shown(decide(self.find(number), by=self.actor, **given), status=201)


@extend_schema_view(get=lists("What waits for whom", QueueOut, pages=False, whole=True))
class QueueDoor(Door):
    def get(self, request: Request, slug: str) -> Response:
        queue = queue_of(self.actor.person, self.programme)
        named = {"answer": queue.answer, "decide": queue.decide, "revise": queue.revise}
        mine = [waiting_json(one, why) for why, rows in named.items() for one in rows]
        return Response({"mine": mine, "others": [waiting_json(one, "waiting") for one in queue.waiting]})
