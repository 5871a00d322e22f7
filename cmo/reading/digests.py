"""Owns the digest of what changed between two rows of the log: records with their differences, decisions with reasons
and dissent, and the threads that were open at its end.

The log says which revisions there were, the history what they said. Each kind of record takes so many queries, always.
Nothing is read of proposals that were never sent, nor of memos.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.models import Comment, Meeting, Proposal, Review
from cmo.reading.digest_lines import CONFIGURATIONS, ELEMENTS, STATEMENTS, THEMES, Line, Touched, lines, theme_lines
from cmo.reading.dissent import dissent_told
from cmo.reading.meetings import begins_after, latest_meeting
from cmo.reading.naming import record_url
from cmo.rules.descent import UNDONE
from cmo.rules.discussing import FIELDS, record_of
from cmo.rules.meeting import last_row
from cmo.vocabulary import Change
from programmes.models import AuditEvent, Programme
from programmes.natural import natural
from programmes.rules.recording import scope_of
from programmes.vocabulary import LOGGED, ThemeChange

MOST = 100  # records of a kind, decisions, threads; how many there are beside them is said
SECTIONS = {
    STATEMENTS: gettext_lazy("Statements"),
    CONFIGURATIONS: gettext_lazy("Configurations"),
    ELEMENTS: gettext_lazy("Elements"),
    THEMES: gettext_lazy("Themes"),
}
LETTERS = {"S": STATEMENTS, "CMO": CONFIGURATIONS, "E": ELEMENTS}
LINEAGE = ("merged into one", "split into several", "replaced", "refined into another", UNDONE)
DECIDED = ("proposal accepted", "proposal refused")
BESIDE = tuple(verb for verb in LOGGED if verb.startswith(("area ", "link", "rivals ", "pattern ")))
VERBS = frozenset({*Change.values, *ThemeChange.values, *LINEAGE, *DECIDED, *BESIDE})


@dataclass(frozen=True, slots=True)
class Act:
    """Statements or configurations that came from others; one undone before the end of the digest is told once."""

    verb: str
    older: list[str]
    younger: list[str]
    undone: bool = False  # since, up to the end of the same digest

    @property
    def said(self) -> str:
        said = str(LOGGED[self.verb])
        return _("%(done)s, and undone since") % {"done": said} if self.undone else said


@dataclass(frozen=True, slots=True)
class Decided:
    """A proposal that was decided, and who did not agree."""

    proposal: Proposal
    url: str
    dissent: list[Any]  # of reading.dissent
    here: bool  # whether this meeting's record names it


@dataclass(frozen=True, slots=True)
class Said:
    """A thread that was open."""

    opening: Comment
    label: str
    url: str
    answers: int


@dataclass(slots=True)
class Digest:
    """What changed after row `after` of the log and up to row `until`."""

    programme: Programme
    after: int
    until: int
    since: datetime | None  # when the meeting before was recorded; None at the beginning
    end: datetime
    sections: dict[str, list[Line]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)  # how many more there are of each
    acts: list[Act] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)  # (record as the log names it, what was done)
    decided: list[Decided] = field(default_factory=list)
    threads: list[Said] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[str, str, list[Line], int]]:
        """(key, heading, lines, how many more) of the kinds of records that changed."""
        return [
            (key, str(said), self.sections[key], self.left.get(key, 0))
            for key, said in SECTIONS.items()
            if self.sections.get(key)
        ]

    @property
    def empty(self) -> bool:
        return not (self.shown or self.acts or self.beside or self.decided)

    def as_json(self) -> dict[str, Any]:
        return {
            "after": self.after,
            "until": self.until,
            "since": self.since,
            "end": self.end,
            **{key: [_line_json(line) for line in self.sections.get(key, [])] for key in SECTIONS},
            "lineage": [
                {"change": act.verb, "from": act.older, "to": act.younger, "undone": act.undone} for act in self.acts
            ],
            "beside": [{"record": record, "changes": said.split(", ")} for record, said in self.beside],
            "decided": [_decided_json(one) for one in self.decided],
            "open_threads": [
                {"number": one.opening.number, "on": one.label, "text": one.opening.text,
                 "author": one.opening.author.username, "at": one.opening.at, "answers": one.answers}
                for one in self.threads
            ],
            "left_out": self.left,
        }  # fmt: skip


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "record": line.label,
        "changes": line.changes,
        "words": [{"kind": one.kind, "old": one.old, "new": one.new} for one in line.words],
        "text": line.text,
        "reasons": [{"by": name, "reason": reason} for name, reason in line.reasons],
        "themes_added": line.added,
        "themes_removed": line.removed,
        "revision": line.revision,
    }


def _decided_json(one: Decided) -> dict[str, Any]:
    proposal = one.proposal
    return {
        "proposal": proposal.label,
        "title": proposal.title,
        "state": proposal.state,
        "reason": proposal.decision_reason,
        "by": proposal.decided_by.username if proposal.decided_by else None,
        "at": proposal.decided,
        "here": one.here,
        "dissent": [_dissent_json(review) for review in one.dissent],
    }


def _dissent_json(review: Any) -> dict[str, Any]:
    then = review.then.answer if review.then else None
    return {"by": review.reviewer.username, "answer": review.answer, "reason": review.reason, "then": then}


# ---------------------------------------------------------------- made


def digest_of(meeting: Meeting) -> Digest:
    """What changed since the meeting before; up to now for a planned one."""
    end = meeting.until or last_row(meeting.programme)
    here = [one.proposal.number for one in meeting.decisions.all()]
    return digest_between(meeting.programme, begins_after(meeting), end, here=here)


def digest_since_last(programme: Programme) -> Digest:
    """What changed since the last meeting, up to now."""
    last = latest_meeting(programme)
    return digest_between(programme, last.until if last else 0, last_row(programme))


def digest_between(programme: Programme, after: int, until: int, *, here: Sequence[int] = ()) -> Digest:
    """What changed in a programme after row `after` of its log and up to row `until`; `here` are numbers of proposals
    that are told of in any case."""
    rows = AuditEvent.objects.filter(scope=scope_of(programme))
    times = dict(rows.filter(number__in=[after + 1, until + 1]).values_list("number", "at"))  # the meetings' own
    end = times.get(until + 1) or timezone.now()
    made = Digest(programme, after, until, times.get(after + 1) if after else None, end)
    told = rows.filter(number__gt=after, number__lte=until, verb__in=VERBS).order_by("number")
    touched, beside, decided = _read(made, told.values_list("verb", "record", "detail", "at"))
    for key, records in touched.items():
        if not records:
            continue
        labels = sorted(records, key=natural)
        made.left |= {key: len(labels) - MOST} if len(labels) > MOST else {}
        some = {label: records[label] for label in labels[:MOST]}
        if found := theme_lines(programme, some) if key == THEMES else lines(programme, key, some):
            made.sections[key] = found
    made.beside = [(record, ", ".join(str(LOGGED[verb]) for verb in verbs)) for record, verbs in beside.items()][:MOST]
    if len(beside) > MOST:
        made.left["beside"] = len(beside) - MOST
    made.decided = _decisions(made, decided, here)
    made.threads = _threads(made)
    return made


def _read(
    made: Digest, rows: Iterable[tuple[str, str, Any, datetime]]
) -> tuple[dict[str, dict[str, Touched]], dict[str, list[str]], list[int]]:
    """What the log tells: records by kind, links and areas and the like, numbers of decided proposals."""
    touched: dict[str, dict[str, Touched]] = {key: {} for key in SECTIONS}
    beside: dict[str, list[str]] = {}
    decided: list[int] = []
    acts: dict[tuple[str, bool], Act] = {}  # by the name of the act, and whether this undoes it
    for verb, record, detail, at in rows:
        key = THEMES if record.startswith("theme ") else LETTERS.get(_letters(record))
        if verb in LINEAGE:
            acts[record, verb == UNDONE] = Act(verb, list(detail.get("from", [])), list(detail.get("to", [])))
        elif verb in DECIDED:
            decided.append(int(record[1:]))
        elif verb in BESIDE:
            beside.setdefault(record, [])
            if verb not in beside[record]:
                beside[record].append(verb)
        elif key is not None:
            one = touched[key].setdefault(record.removeprefix("theme "), Touched())
            one.at = one.at or at
            revision = detail.get("revision")
            one.done.append((verb, revision if isinstance(revision, int) else None))
    made.acts = [
        replace(act, undone=(name, True) in acts) if not undoing else act
        for (name, undoing), act in acts.items()
        if not (undoing and (name, False) in acts)
    ]
    return touched, beside, decided


def _letters(record: str) -> str:
    letters = "".join(takewhile(str.isalpha, record))
    return letters if record[len(letters) :].isdecimal() else ""


# ---------------------------------------------------------------- decisions, threads


def _decisions(made: Digest, numbers: Sequence[int], here: Sequence[int]) -> list[Decided]:
    """The decided proposals with the answers of those who did not agree; two queries."""
    wanted = sorted({*numbers, *here})
    if not wanted:
        return []
    answers = Review.objects.select_related("reviewer").order_by("number")
    rows = Proposal.objects.filter(programme=made.programme, number__in=wanted, sent__isnull=False)
    whole = rows.select_related("author", "decided_by").prefetch_related(Prefetch("reviews", answers))
    found = list(whole.order_by("number")[: MOST + 1])
    if len(found) > MOST:
        made.left["decided"] = len(wanted) - MOST
    slug = made.programme.slug
    return [
        Decided(one, record_url(slug, "proposal", one.number), dissent_told(one.reviews.all()), one.number in here)
        for one in found[:MOST]
    ]


def _threads(made: Digest) -> list[Said]:
    """The threads that were open at the end, those last spoken in first; what is said of drafts is their authors'."""
    programme = made.programme
    found = Comment.objects.filter(programme=programme, opening=None)
    found = found.exclude(proposal__isnull=False, proposal__sent=None)
    if made.end is None:
        return []
    found = found.filter(Q(resolved=None) | Q(resolved__gt=made.end), at__lte=made.end)
    around = found.select_related("author", *FIELDS.values()).annotate(answers=Count("replies"))
    rows = list(around.order_by("-latest", "-number")[: MOST + 1])
    if len(rows) > MOST:
        made.left["threads"] = found.count() - MOST
    return [
        Said(one, record_of(one).label, reverse("thread", args=[programme.slug, one.number]), one.answers)
        for one in rows[:MOST]
    ]
