"""Owns proposals, their rounds and answers as the API says them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cmo.models import Proposal, ProposalRound, Review
from cmo.reading.proposal_checks import checks_of
from cmo.reading.proposal_evidence import Backing
from cmo.reading.proposals import Whole, changes_of, theme_labels
from cmo.team_words import ProposalState
from programmes.models import Person, Programme

# What a canonical change is called in a body.
SAID = {
    "revise": "reworded", "retype": "retyped", "new": "new", "refine": "new", "retire": "retired",
    "restore": "restored", "merge": "merged", "split": "split", "replace": "replaced",
}  # fmt: skip


def proposal_json(found: Whole, backing: Backing | None) -> dict[str, Any]:
    """A proposal whole, as its reader may see it; `backing` is None for those who see no evidence."""
    one = found.proposal
    changes = change_rows(one.programme, one.content)
    for said, told in zip(changes, found.changes, strict=True):
        said["differences"] = [field.as_json() for field in told.fields]
        said["moved"] = told.moved
    return {
        **_head(one),
        "coauthors": [person.username for person in [*found.coauthors, *found.named]],
        "unconfirmed": [person.username for person in found.named],
        "changes": changes,
        "moved": found.moved,
        "approvals": {"wanted": one.programme.approvals, "given": None if found.hidden else found.given},
        "answers": len({row.reviewer_id for row in found.reviews if row.seen == one.seen}) + found.hidden,
        "uncited": None if backing is None else backing.labels,
        "checks": [check.as_json() for check in checks_of(found, backing)],
        "outcomes": [{"record": row.record.label, "revision": row.revision} for row in found.outcomes if row.record],
        "decided": one.decided,
        "decided_by": one.decided_by.username if one.decided_by else None,
        "decision_reason": one.decision_reason,
        "withdrawal_reason": found.withdrawn,
        "revision": one.revision_number,
        "created": one.created,
        "updated": one.updated,
        "sent": one.sent,
    }


def proposal_row(one: Proposal) -> dict[str, Any]:
    """A proposal in a list: which records it would change, and how."""
    named = [
        {"change": said["change"], "records": _labels(change)}
        for change, said in zip(one.content, change_rows(one.programme, one.content, themes={}), strict=True)
    ]
    return {
        **_head(one),
        "changes": named,
        "decided": one.decided,
        "decision_reason": one.decision_reason,
        "revision": one.revision_number,
        "created": one.created,
        "updated": one.updated,
        "sent": one.sent,
    }


def _head(one: Proposal) -> dict[str, Any]:
    return {
        "number": one.number,
        "label": one.label,
        "title": one.title,
        "reason": one.reason,
        "author": one.author.username,
        "state": one.state,
        "round": one.round,
        "seen": one.seen,
        "blind": one.blind,
    }


def change_rows(
    programme: Programme, content: Sequence[Mapping[str, Any]], themes: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Canonical changes in the words in which they came in: codes instead of ids; sent back, they mean the same."""
    labels = theme_labels(programme, content) if themes is None else themes
    return [_change(change, labels) for change in content]


def _change(change: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    does, told = change["change"], {"change": change.get("called") or SAID[change["change"]]}
    if does == "refine":
        told |= {"kind": change["kind"], "refines": {"record": change["record"], "base": change["base"]}}
    elif "record" in change:
        told |= {"record": change["record"], "base": change["base"]}
    elif does == "new":
        told |= {"kind": change["kind"]}
    for name in ("records", "into", "by", "revision"):
        if change.get(name):
            told[name] = change[name]
    if "pieces" in change:
        told["pieces"] = [_content(piece, labels) for piece in change["pieces"]]
    return {**told, **_content(change.get("content", {}), labels)}


def _content(content: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    if "themes" not in content:
        return dict(content)
    return {**content, "themes": [labels.get(uid, uid) for uid in content["themes"]]}


def _labels(change: Mapping[str, Any]) -> list[str]:
    single = [change["record"]] if "record" in change else []
    rows = [*change.get("records", []), change.get("into"), change.get("by")]
    return single + [row["record"] for row in rows if row]


def review_json(review: Review, proposal: Proposal) -> dict[str, Any]:
    """One answer; `current` says whether it holds for what is proposed now."""
    return {
        "number": review.number,
        "answer": review.answer,
        "reason": review.reason,
        "seen": review.seen,
        "round": review.round,
        "current": review.seen == proposal.seen,
        "by": review.reviewer.username,
        "at": review.at,
    }


def round_json(one: ProposalRound, programme: Programme) -> dict[str, Any]:
    """What lay before the team in one round."""
    return {
        "number": one.number,
        "title": one.title,
        "reason": one.reason,
        "changes": change_rows(programme, one.content),
        "seen": one.seen,
        "by": one.author.username,
        "at": one.at,
    }


def waiting_json(one: Proposal, why: str) -> dict[str, Any]:
    """A proposal in somebody's queue, with the changed words themselves."""
    shown = [
        {"records": [label for label, _base in change.records], "change": SAID[change.change],
         "differences": [field.as_json() for field in change.fields]}
        for change in changes_of(one)
    ]  # fmt: skip
    return {**_head(one), "why": why, "programme": one.programme.slug, "changes": shown}


def may_answer(found: Whole, reader: Person) -> bool:
    """Whether this reader could answer it, as far as the proposal says."""
    return found.proposal.state == ProposalState.OPEN and not found.is_author and reader.is_active
