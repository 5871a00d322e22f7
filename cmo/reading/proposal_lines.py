"""Owns how proposals stand in lists: each with the changed words; a fixed number of queries for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.models import Citation, Proposal, ProposalTarget, Review
from cmo.reading.approving import counting
from cmo.reading.proposals import HISTORY
from cmo.rules.composing import PARTS
from cmo.team_words import DECIDED, Answer, ProposalState
from cmo.vocabulary import State
from programmes.models import Person, Theme

MOST_WORDS = 60  # of a record that is new, in a row
REASON_WORDS = 40  # of the reason, in a row
TEXTS = ("wording", "plain", "text", "nickname", "narrative", "testing", "formal_theory")


@dataclass(slots=True)
class Line:
    """A proposal as a row shows it."""

    proposal: Proposal
    said: str  # what it does to which records
    words: list[Words]
    whole: str  # the words of a record that is new
    more: int  # changes beside the one that is shown
    all_shown: bool  # whether the row shows all that it changes, so that it can be answered where the row stands
    moved: list[str] = field(default_factory=list)
    given: int = 0  # approvals of these words
    wanted: int = 1  # approvals that its programme asks for
    hidden: bool = False  # whether answers are hidden as the review is blind
    mine: Review | None = None


def lines_of(proposals: Sequence[Proposal], person: Person) -> list[Line]:
    """One line each, in their order; five queries at most, and one more where there is evidence to cite."""
    targets = _targets(proposals)
    before = _before(proposals, targets)
    themes = _themes(proposals)
    answers = _answers(proposals)
    citing = _citing(proposals)
    lines = [_line(one, person, targets.get(one.pk, []), before, themes, answers.get(one.pk, {})) for one in proposals]
    for line in lines:
        whole = len(line.proposal.reason.split()) <= REASON_WORDS and line.proposal.pk not in citing
        line.all_shown = line.all_shown and whole
    return lines


def _citing(proposals: Sequence[Proposal]) -> set[int]:
    """Those that cite evidence, which no row shows."""
    asked = [one.pk for one in proposals if one.programme.last_source]
    rows = Citation.objects.filter(proposal__in=asked).values_list("proposal", flat=True) if asked else []
    return set(rows)


def _targets(proposals: Sequence[Proposal]) -> dict[int, list[ProposalTarget]]:
    found: dict[int, list[ProposalTarget]] = {}
    rows = ProposalTarget.objects.filter(proposal__in=[one.pk for one in proposals]).order_by("pk")
    for row in rows.select_related("statement", "configuration", "element"):
        found.setdefault(row.proposal_id, []).append(row)
    return found


def _before(proposals: Sequence[Proposal], targets: dict[int, list[ProposalTarget]]) -> dict[tuple[int, str], Any]:
    """{(proposal, label): what its words are compared with}: the record, or the revision that a proposal starts from
    where it is decided or its record went on."""
    decided = {one.pk for one in proposals if one.state in DECIDED}
    found: dict[tuple[int, str], Any] = {}
    for model, (revision, owner, _hanging) in HISTORY.items():
        then = [(pk, row) for pk, rows in targets.items() for row in rows if isinstance(row.record, model)]
        asked = [(row.record.pk, row.base) for pk, row in then if row.record and (pk in decided or _went_on(row))]
        rows = revision._default_manager.filter(_any_of(owner, asked)) if asked else []
        known = {(getattr(row, f"{owner}_id"), row.number): row for row in rows}
        for pk, row in then:
            if row.record is not None:
                old = known.get((row.record.pk, row.base)) if pk in decided or _went_on(row) else None
                found[pk, row.record.label] = old or row.record
    return found


def _went_on(row: ProposalTarget) -> bool:
    return row.record is not None and row.record.revision_number != row.base


def _any_of(owner: str, asked: Sequence[tuple[int, int]]) -> Q:
    wanted = Q(pk__in=[])
    for pk, number in asked:
        wanted |= Q(**{f"{owner}_id": pk, "number": number})
    return wanted


def _themes(proposals: Sequence[Proposal]) -> dict[str, str]:
    uids = {uid for one in proposals for change in one.content for uid in change.get("content", {}).get("themes", [])}
    return {str(theme.uid): theme.label for theme in Theme.objects.filter(uid__in=uids)} if uids else {}


def _answers(proposals: Sequence[Proposal]) -> dict[int, dict[int, Review]]:
    found: dict[int, dict[int, Review]] = {}
    for row in counting(Review.objects.filter(proposal__in=[one.pk for one in proposals])).order_by("number"):
        found.setdefault(row.proposal_id, {})[row.reviewer_id] = row
    return found


def _line(
    one: Proposal, person: Person, targets: Sequence[ProposalTarget], before: dict[tuple[int, str], Any],
    themes: dict[str, str], answers: dict[int, Any],
) -> Line:  # fmt: skip
    change = one.content[0] if one.content else {}
    content = change.get("content") or (change.get("pieces") or [{}])[0]
    label = (change.get("into") or {}).get("record") or change.get("record") or ""
    name = next((name for name in TEXTS if content.get(name)), "")
    old = getattr(before.get((one.pk, label)), name, "") if change.get("change") in ("revise", "merge") and name else ""
    new = content.get(name, "") if name else ""
    if not new and "themes" in content:
        new = ", ".join(themes.get(uid, uid) for uid in content["themes"])
    if not new:  # taken out, brought back or replaced: what it says is what is argued about
        record = before.get((one.pk, label))
        new = next((words for words in (getattr(record, name, "") for name in TEXTS) if words), "")
    mine = answers.get(person.pk)
    now = mine if mine is not None and mine.seen == one.seen else None
    blind = one.blind and one.state == ProposalState.OPEN and now is None
    agreed = [row for row in answers.values() if row.counts and row.answer == Answer.AGREE and row.seen == one.seen]
    moved = [row.record.label for row in targets if row.record and _went_on(row)]
    said = said_of(change) if change else _("words taken out")
    return Line(
        proposal=one, said=said, words=compare(old, new) if old else [], whole="" if old else new,
        more=max(0, len(one.content) - 1), all_shown=len(one.content) == 1 and _all_shown(change, name, new),
        moved=[] if one.state in DECIDED else moved,
        given=0 if blind else len(agreed), wanted=one.programme.approvals, hidden=blind, mine=now,
    )  # fmt: skip


def _all_shown(change: Any, name: str, words: str) -> bool:
    """Whether what the change does and the words of `name` are all that there is to it.

    What a merge or split makes of several records, themes, elements and the like stand on the proposal's page alone.
    """
    does, content = change["change"], change.get("content") or {}
    if does in ("retire", "restore"):
        return not change.get("revision") and len(words.split()) <= MOST_WORDS
    if does not in ("revise", "new") or not name:
        return False
    # A new record begins without what is not given, and accepting agrees on it: neither is worth a word.
    left = {key for key, value in content.items() if key not in (name, *PARTS) and (value or does == "revise")}
    if content.get("state") == State.AGREED:
        left.discard("state")
    return not left and (does == "revise" or len(words.split()) <= MOST_WORDS)


def said_of(change: Any) -> str:
    """What a change does to which records, in a few words; `change` as it is kept in a proposal."""
    names = [row["record"] for row in change.get("records", [])]
    one, into = change.get("record", ""), (change.get("into") or change.get("by") or {}).get("record", "")
    said = {
        "revise": _("change %(one)s"), "retype": _("%(one)s is of another kind"), "retire": _("retire %(one)s"),
        "restore": _("restore %(one)s"), "split": _("split %(one)s"), "refine": _("refine %(one)s into a new one"),
        "new": _("a new configuration") if change.get("kind") == "configuration" else _("a new statement"),
        "merge": _("merge %(all)s into %(into)s") if into else _("merge %(all)s into a new one"),
        "replace": _("%(into)s in the place of %(one)s") if into else _("a new one in the place of %(one)s"),
    }  # fmt: skip
    return said.get(change.get("change", ""), "") % {"one": one, "into": into, "all": ", ".join(names)}
