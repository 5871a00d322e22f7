"""Owns the rows of the pages of proposals and reviews in the table of access."""

from typing import Any

from programmes.vocabulary import Verb
from tests.review_worlds import move_on, name_coauthors, seen_of, take_back
from tests.rows import MANAGE, NEW, READ, base, form, just, of, page

PROPOSE, REVIEW = Verb.PROPOSE, Verb.REVIEW
S, CMO, E = of("number"), of("cmo"), of("shared")
P, OWN = of("proposal"), of("proposals")


def answers(w: Any) -> dict[str, Any]:
    return {"answer": "agree", "reason": "So it is.", "seen": seen_of(w)}


def decides(w: Any) -> dict[str, Any]:
    return {"d-decision": "refuse", "d-reason": "Not so.", "d-seen": seen_of(w)}


def answers_in_the_queue(w: Any) -> dict[str, Any]:
    return {"answer-1": "agree", "reason-1": "So it is.", "seen-1": seen_of(w)}


def draft(**more: Any) -> Any:
    return just(do="draft", reason="Why not.", **more)


REVIEWS = [
    page("proposals", READ),
    page("proposal", READ, at=P),
    page("proposal-answer", READ, 302, at=P),
    form("proposal-answer", REVIEW, answers, at=P),
    page("proposal-decide", READ, 302, at=P),
    form("proposal-decide", REVIEW, decides, at=P),
    page("proposal-edit", PROPOSE, at=OWN),
    form("proposal-edit", PROPOSE, base(2, reason="Better said."), at=OWN),
    page("proposal-submit", READ, 302, at=P),
    form("proposal-submit", PROPOSE, base(3), at=OWN, before=take_back),
    page("proposal-withdraw", READ, 302, at=P),
    form("proposal-withdraw", PROPOSE, base(2), at=OWN),
    page("proposal-rebase", READ, 302, at=P),
    form("proposal-rebase", PROPOSE, base(2), at=OWN, before=move_on),
    page("proposal-coauthor", READ, 302, at=P),
    form("proposal-coauthor", PROPOSE, base(3, wrote="yes"), at=of("proposals_named"), before=name_coauthors),
    page("reviews", READ),
    form("reviews", REVIEW, answers_in_the_queue),
    page("statement-propose-new", PROPOSE),
    form("statement-propose-new", PROPOSE, draft(mode="sentence", wording=NEW)),
    page("statement-propose", PROPOSE, at=S),
    form("statement-propose", PROPOSE, draft(base=2, mode="sentence", wording=NEW), at=S),
    page("statement-propose-turn", PROPOSE, at=S),
    form("statement-propose-turn", PROPOSE, draft(base=2), at=S),
    page("configuration-propose-new", PROPOSE),
    form("configuration-propose-new", PROPOSE, draft(plain=NEW)),
    page("configuration-propose", PROPOSE, at=CMO),
    form("configuration-propose", PROPOSE, draft(base=2, plain=NEW), at=CMO),
    page("configuration-propose-turn", PROPOSE, at=CMO),
    form("configuration-propose-turn", PROPOSE, draft(base=2), at=CMO),
    page("element-propose", PROPOSE, at=E),
    form("element-propose", PROPOSE, draft(base=1, text="Other words."), at=E),
    page("element-propose-turn", PROPOSE, at=E),
    form("element-propose-turn", PROPOSE, draft(base=1), at=E),
    page("programme-agreement", READ, 302),
    form(
        "programme-agreement", MANAGE,
        lambda w: {"agree-base": w.own.revision_number, "agree-agreement": "reviewed", "agree-approvals": 2},
    ),
    page("evidence-kept", READ, 302),
    form(
        "evidence-kept", MANAGE,
        lambda w: {"kept-base": w.own.revision_number, "kept-transcripts": "on", "kept-small_group": 3},
    ),
]  # fmt: skip
