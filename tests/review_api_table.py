"""Owns the rows of proposals, answers and decisions over the API in the table of access."""

from tests.review_worlds import move_on, name_coauthors, seen_of, take_back
from tests.rows import NEW, Verb, get, just, of, send

ONE, OWN = of("proposal"), of("proposals")
PROPOSE, REVIEW = Verb.PROPOSE, Verb.REVIEW
# The proposals of different people are at different revisions: any of these is right for one of them.
AS_MADE, ONCE_TAKEN_BACK = '1", "2', '1", "3'

REVIEW_API = [
    get("proposals"),
    send("POST", "proposals", PROPOSE, just(changes=[{"change": "new", "wording": NEW}], reason="Why."), 201),
    get("proposal", at=ONE),
    send("PATCH", "proposal", PROPOSE, just(title="Called otherwise"), at=OWN, base=AS_MADE),
    send("POST", "proposal-submit", PROPOSE, just(), at=OWN, base=ONCE_TAKEN_BACK, before=take_back),
    send("POST", "proposal-withdraw", PROPOSE, just(reason="Not yet."), at=OWN, base=AS_MADE),
    send("POST", "proposal-rebase", PROPOSE, just(), at=OWN, base=AS_MADE, before=move_on),
    send("POST", "proposal-coauthor", PROPOSE, just(wrote=True), at=of("proposals_named"), base=ONCE_TAKEN_BACK,
         before=name_coauthors),
    get("proposal-rounds", at=ONE),
    get("proposal-reviews", at=ONE),
    send("POST", "proposal-reviews", REVIEW, lambda w: {"answer": "agree", "reason": "So.", "seen": seen_of(w)}, 201,
         at=ONE),
    send("POST", "proposal-decide", REVIEW, lambda w: {"decision": "accept", "seen": seen_of(w)}, 201, at=ONE),
    get("queue"),
]  # fmt: skip
