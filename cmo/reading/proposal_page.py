"""Owns what the page of a proposal shows: each change in words, what moved since, earlier rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import Proposal, ProposalRound, ProposalTarget, Review
from cmo.reading.areas import areas_of
from cmo.reading.proposal_lines import TEXTS, said_of
from cmo.reading.proposals import FieldChange, Proposed, Whole
from cmo.reading.revised import labels_cited
from cmo.vocabulary import TRAITS, Kind, State
from programmes.models import Programme

NAMES = {
    "wording": lambda: _("Wording"), "nickname": lambda: _("Nickname"), "plain": lambda: _("In one plain sentence"),
    "narrative": lambda: _("Narrative"), "testing": lambda: _("Data planned to test it"), "text": lambda: _("Text"),
    "formal_theory": lambda: _("Formal theory"), "area": lambda: _("Theory area"), "state": lambda: _("State"),
    "kind": lambda: _("Kind"), "themes": lambda: _("Themes"), "elements": lambda: _("Elements"),
    "statements": lambda: _("Statements that it spells out"), "polarity": lambda: _("It is"),
    "mechanism": lambda: _("Half of the mechanism"), "sign": lambda: _("Sign"), "intended": lambda: _("Meant or not"),
    "proximity": lambda: _("How far along"), "level": lambda: _("Level"),
}  # fmt: skip


@dataclass(slots=True)
class Shown:
    """One field of a change: words, a list with what joins and leaves it, or a value."""

    name: str
    label: str
    kind: str  # wording, words, list, value
    words: list[Words] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Change:
    """One change of a proposal as its page shows it."""

    said: str
    kind: str
    base: int | None
    label: str
    records: list[str]
    fields: list[Shown]
    pieces: list[list[Shown]]
    counted: tuple[int, int]
    moved: list[str]
    then: int | None  # the version that its fields are compared with, where the record went on since
    revision: int | None
    bases: list[tuple[str, int]]
    stands: list[tuple[str, int, str]]  # label, number and words of each record that it is made of

    @property
    def number(self) -> int:
        return _number(self.label)


def changes_shown(whole: Whole) -> list[Change]:
    """The changes in their order; one query where a theory area is named, else none."""
    named = any(found.name == "area" for one in whole.changes for piece in (one.fields, *one.pieces) for found in piece)
    areas = {area.slug: area.title for area in areas_of(whole.proposal.programme)} if named else {}
    return [_change(one, raw, areas) for one, raw in zip(whole.changes, whole.proposal.content, strict=True)]


def _change(one: Proposed, raw: Mapping[str, Any], areas: Mapping[str, str]) -> Change:
    fields = _in_order([_shown(found, areas) for found in one.fields])
    pieces = [_in_order([_shown(found, areas) for found in piece]) for piece in one.pieces]
    return Change(
        said=said_of(raw), kind=one.kind, base=one.base, label=one.label or one.into,
        records=[*dict.fromkeys([label for label, _base in one.records] + ([one.into] if one.into else []))],
        fields=fields, pieces=pieces, counted=one.counted,
        moved=one.moved, then=one.base if one.label in one.moved else None, revision=one.revision,
        bases=one.bases,
        stands=[(label, _number(label), words) for label, words in one.stands],
    )  # fmt: skip


def _number(label: str) -> int:
    return int(label.lstrip("CEMOS") or 0)


ORDER = {"wording": 0, "words": 1, "list": 2, "value": 3}


def _in_order(fields: list[Shown]) -> list[Shown]:
    """The words first, then what hangs on them."""
    return sorted(fields, key=lambda one: (ORDER[one.kind], one.name != "themes"))


def _shown(found: FieldChange, areas: Mapping[str, str]) -> Shown:
    label = NAMES[found.name]() if found.name in NAMES else found.name
    if found.words is not None:
        kind = "wording" if found.name == "wording" else "words"
        return Shown(found.name, label, kind, words=found.words, before=found.before, after=found.after)
    if isinstance(found.after, list):
        before = list(found.before or [])
        return Shown(
            found.name, label, "list", kept=[one for one in found.after if one in before],
            removed=[one for one in before if one not in found.after],
            added=[one for one in found.after if one not in before],
        )  # fmt: skip
    values = [_value(found.name, value, areas) for value in (found.before, found.after)]
    return Shown(found.name, label, "value", before=values[0], after=values[1])


def _value(name: str, value: Any, areas: Mapping[str, str]) -> str:
    """A value as people call it."""
    if not value:
        return _("none")
    if name == "area":
        return areas.get(value, value)
    choices: Any = {"state": State, "kind": Kind, **{trait: TRAITS[trait][0] for trait in TRAITS}}.get(name)
    return str(choices(value).label) if choices else str(value)


# ---------------------------------------------------------------- what moved since


@dataclass(frozen=True, slots=True)
class Since:
    """A record that went on since a proposal was written, and what was changed there meanwhile."""

    label: str
    page: str
    number: int
    base: int
    now: int
    who: str
    when: Any
    words: list[tuple[str, list[Words]]]


def moved_records(proposal: Proposal) -> list[Since]:
    """One query where nothing moved, and one more for each record that did."""
    rows = ProposalTarget.objects.filter(proposal=proposal).order_by("pk")
    found = []
    for row in rows.select_related("statement__updated_by", "configuration__updated_by", "element__updated_by"):
        record = row.record
        if record is None or record.revision_number == row.base:
            continue
        old = record.revisions.filter(number=row.base).first()
        words = [(NAMES[name](), compare(getattr(old, name), getattr(record, name))) for name in TEXTS
                 if hasattr(record, name) and getattr(old, name, "") != getattr(record, name)]  # fmt: skip
        found.append(
            Since(record.label, type(record).__name__.lower(), record.number, row.base, record.revision_number,
                  record.updated_by.name, record.updated, words)
        )  # fmt: skip
    return found


# ---------------------------------------------------------------- rounds


@dataclass(frozen=True, slots=True)
class Round:
    """An earlier round as it was, the answers to it, and what the next one changed in it."""

    row: ProposalRound
    answers: list[Review]
    texts: list[tuple[str, list[Words]]]
    counted: tuple[int, int]
    joined: list[str]  # the evidence that the next one cites as well, and that it cites no more
    left: list[str]


def earlier_rounds(whole: Whole) -> list[Round]:
    """All rounds but the last, the newest first, with those answers that its reader may see."""
    found = []
    for old, new in pairwise(whole.rounds):
        before, after = _texts(old), _texts(new)
        differing = [(name, compare(before.get(name, ""), after.get(name, ""))) for name in {**before, **after}
                     if before.get(name, "") != after.get(name, "")]  # fmt: skip
        sums = [summary(words) for _name, words in differing]
        counted = (sum(one for one, _two in sums), sum(two for _one, two in sums))
        answers = [one for one in whole.reviews if one.round == old.number]
        was, cites = labels_cited(old) or [], labels_cited(new) or []
        known = labels_cited(old) is not None
        joined = [label for label in cites if known and label not in was]
        found.append(Round(old, answers, differing, counted, joined, [label for label in was if label not in cites]))
    return found[::-1]


def _texts(row: ProposalRound) -> dict[str, str]:
    """{what: text} of all that a round said in words."""
    found = {_("Title"): row.title, _("Why"): row.reason}
    for at, change in enumerate(row.content, start=1):
        named = change.get("record") or (change.get("into") or {}).get("record") or str(at)
        for n, piece in enumerate([change.get("content") or {}, *change.get("pieces", [])]):
            for name in TEXTS:
                if name in piece:
                    found[f"{named}{f'.{n}' if n else ''} {NAMES[name]()}"] = piece[name]
    return {name: text for name, text in found.items() if text}


def approvals_wanted(programme: Programme) -> int:
    """How many approvals a proposal needs now."""
    return int(Programme.objects.values_list("approvals", flat=True).get(pk=programme.pk))


def neighbours_of(proposal: Proposal, seen: Any) -> tuple[int | None, int | None]:
    """The numbers before and after it, of those in `seen` in the same state; two queries."""
    same = seen.filter(state=proposal.state)
    before = same.filter(number__lt=proposal.number).order_by("-number").values_list("number", flat=True).first()
    after = same.filter(number__gt=proposal.number).order_by("number").values_list("number", flat=True).first()
    return before, after
