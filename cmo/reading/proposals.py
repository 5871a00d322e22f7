"""Owns how proposals are found and read: who sees which, what each would change, its rounds and its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404

from cmo.comparing import Change as Words
from cmo.comparing import compare, summary
from cmo.models import (
    CoAuthor,
    Comment,
    Configuration,
    ConfigurationRevision,
    Element,
    ElementRevision,
    Outcome,
    Proposal,
    ProposalRound,
    Review,
    Statement,
    StatementRevision,
)
from cmo.reading.approving import counting
from cmo.reading.dissent import answers_told, dissent_told
from cmo.rules.composing import PARTS
from cmo.rules.making_up import WORDS
from cmo.team_words import ENDED, Answer, ProposalState
from cmo.vocabulary import State
from programmes.models import AuditEvent, Person, Programme, Theme
from programmes.natural import natural

Record = Statement | Configuration | Element


def proposals_for(person: Person, programme: Programme) -> QuerySet[Proposal]:
    """The proposals that this member may see: drafts, and what was never sent, are theirs alone who
    write it or are named so."""
    mine = Q(author=person) | Q(coauthors__person=person)
    found = Proposal.objects.filter(programme=programme).filter(Q(sent__isnull=False) | mine)
    return found.distinct().select_related("author", "decided_by", "programme").order_by("-number")


def find_proposal(person: Person, programme: Programme, number: int) -> Proposal:
    """The proposal with this number, or Http404."""
    found = proposals_for(person, programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such proposal.")
    found.programme = programme
    return found


def filtered_proposals(
    person: Person, programme: Programme, *, states: Sequence[str] = (), on: Record | None = None, author: str = ""
) -> QuerySet[Proposal]:
    """Those in these states, on this record, by this member (user name)."""
    found = proposals_for(person, programme)
    if states:
        found = found.filter(state__in=states)
    if on is not None:
        found = found.filter(**{f"targets__{type(on).__name__.lower()}": on})
    if author:
        found = found.filter(author__username__iexact=author)
    return found


# ---------------------------------------------------------------- one proposal, whole


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record, before and after; `words` where it is text."""

    name: str
    before: Any
    after: Any
    words: list[Words] | None = None

    def as_json(self) -> dict[str, Any]:
        shown = {"field": self.name, "before": self.before, "after": self.after}
        if self.words is None:
            return shown
        return {**shown, "words": [{"kind": one.kind, "old": one.old, "new": one.new} for one in self.words]}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One change of a proposal: what it does to which records, and what each field would be."""

    change: str  # revise, retype, new, refine, retire, restore, merge, split, replace
    called: str
    kind: str  # statement, configuration, element
    records: list[tuple[str, int]]  # labels and bases
    into: str
    fields: list[FieldChange]
    pieces: list[list[FieldChange]]
    moved: list[str]
    revision: int | None = None  # that a restore brings back
    bases: list[tuple[str, int]] = field(default_factory=list)  # records and the one that they go into
    stands: list[tuple[str, str]] = field(default_factory=list)  # labels and words of those whose words do not change

    @property
    def label(self) -> str:
        return self.records[0][0] if self.records else ""

    @property
    def base(self) -> int | None:
        return self.records[0][1] if self.records else None

    @property
    def counted(self) -> tuple[int, int]:
        """Words added and words removed."""
        sums = [summary(field.words) for field in self.fields if field.words is not None]
        return sum(one for one, _two in sums), sum(two for _one, two in sums)


@dataclass(slots=True)
class Whole:
    """A proposal with all that is said about it, for one reader."""

    proposal: Proposal
    coauthors: list[Person]  # those who said that they wrote it too
    named: list[Person]  # those who are named and did not say so yet
    changes: list[Proposed]
    rounds: list[ProposalRound]
    reviews: list[Review]  # those that this reader may see
    hidden: int  # of how many people they may not see the answers yet
    given: int  # approvals of what is proposed now; 0 where they are hidden
    outcomes: list[Outcome]
    is_author: bool
    asks: bool  # the reader, whether they wrote it too
    withdrawn: str  # why its authors took it back, while they do

    @property
    def moved(self) -> list[str]:
        return [label for change in self.changes for label in change.moved]

    def told(self) -> list[Any]:
        """The last answer of each person that may be seen, and their dissent before it, oldest first."""
        return answers_told(self.reviews)

    def dissent(self) -> list[Any]:
        """Who did not agree, as far as that may be seen."""
        return dissent_told(self.reviews)

    def mine(self, person: Person) -> Review | None:
        """The reader's last answer to what is proposed now."""
        own = [one for one in self.reviews if one.reviewer_id == person.pk and one.seen == self.proposal.seen]
        return own[-1] if own else None


def whole(proposal: Proposal, reader: Person) -> Whole:
    """The proposal as `reader` may see it; a fixed number of queries, whatever the number of changes."""
    naming = list(proposal.coauthors.select_related("person").order_by("pk"))
    coauthors = [row.person for row in naming if row.agreed]
    reviews: list[Any] = list(counting(proposal.reviews.select_related("reviewer").order_by("number")))
    seen = seen_reviews(proposal, reviews, reader)
    outcomes = proposal.outcomes.select_related("statement", "configuration", "element").order_by("pk")
    last = {one.reviewer_id: one for one in reviews}
    authors = {proposal.author_id, *(person.pk for person in coauthors)}
    agreeing = [one for one in last.values() if one.counts and one.answer == Answer.AGREE and one.seen == proposal.seen]
    return Whole(
        proposal=proposal,
        coauthors=coauthors,
        named=[row.person for row in naming if not row.agreed],
        changes=changes_of(proposal),
        rounds=list(proposal.rounds.select_related("author", "cited")),
        reviews=seen,
        hidden=len({one.reviewer_id for one in reviews if one not in seen}),
        given=len(agreeing) if len(seen) == len(reviews) else 0,
        outcomes=list(outcomes),
        is_author=reader.pk in authors,
        asks=proposal.state not in ENDED and any(row.person_id == reader.pk and not row.agreed for row in naming),
        withdrawn=_why_withdrawn(proposal),
    )


def _why_withdrawn(proposal: Proposal) -> str:
    """The reason of its last withdrawal, which the log alone keeps; "" once a lead took it out there. One query, of a
    proposal that is withdrawn."""
    if proposal.state != ProposalState.WITHDRAWN or proposal.sent is None:
        return ""
    rows = AuditEvent.objects.filter(programme=proposal.programme_id, at__gte=proposal.sent, record=proposal.label)
    return rows.filter(verb="proposal withdrawn").values_list("reason", flat=True).first() or ""


def seen_reviews(proposal: Proposal, reviews: Sequence[Review], reader: Person) -> list[Review]:
    """In a blind review, of the answers to what is proposed now one's own alone, until that is given or it is decided.

    Those to words that were revised since are there for all: that round is over, and its authors learn from them.
    """
    if not proposal.blind or proposal.state != ProposalState.OPEN:
        return list(reviews)
    if any(one.reviewer_id == reader.pk and one.seen == proposal.seen for one in reviews):
        return list(reviews)
    return [one for one in reviews if one.reviewer_id == reader.pk or one.seen != proposal.seen]


# ---------------------------------------------------------------- what would change


def changes_of(proposal: Proposal) -> list[Proposed]:
    """Every change with its differences, which are against the revisions that it starts from."""
    reader = _Reader(proposal)
    return [reader.proposed(change) for change in proposal.content]


class _Reader:
    """Reads the records, themes and elements of a proposal once, then tells each change."""

    def __init__(self, proposal: Proposal) -> None:
        targets = list(proposal.targets.select_related("statement", "configuration", "element"))
        found = [one.record for one in targets if one.record]
        self.decided = proposal.state in ENDED
        self.bases = {one.record.label: one.base for one in targets if one.record}
        self.records: dict[str, Record] = {record.label: record for record in found}
        self.versions = self._versions(found)
        contents = _contents(proposal.content)
        self.themes = theme_labels(proposal.programme, proposal.content)
        placed = [row["element"] for content in contents for row in content.get("elements", []) if "element" in row]
        numbers = [int(label[1:]) for label in placed]
        elements = Element.objects.filter(programme=proposal.programme, number__in=numbers) if numbers else []
        self.elements = {one.label: one for one in elements}

    def _versions(self, found: Sequence[Record]) -> dict[str, Any]:
        """What each change is compared with: what its record said where the proposal starts from.

        What was written there meanwhile is not the proposal's doing. It stands beside it, and is not struck by it.
        """
        versions: dict[str, Any] = {}
        for model, (revision, owner, hanging) in HISTORY.items():
            records = {record.pk: record for record in found if isinstance(record, model)}
            then = {pk for pk, record in records.items() if self._reads_history(record)}
            now, wanted = records.keys() - then, Q(pk__in=[])
            for pk in then:
                wanted |= Q(**{f"{owner}_id": pk, "number": self.bases[records[pk].label]})
            rows: Any = model._default_manager.filter(pk__in=now).prefetch_related(*hanging) if now else []
            old: Any = revision._default_manager.filter(wanted).prefetch_related(*hanging) if then else []
            versions |= {records[row.pk].label: row for row in rows}
            versions |= {records[getattr(row, f"{owner}_id")].label: row for row in old}
        return versions

    def _reads_history(self, record: Record) -> bool:
        return self.decided or record.revision_number != self.bases[record.label]

    def proposed(self, change: Mapping[str, Any]) -> Proposed:
        named = [*([change] if "record" in change else []), *change.get("records", [])]
        records = [(row["record"], row["base"]) for row in named]
        into = change.get("into") or change.get("by")
        bases = [*records, *([(into["record"], into["base"])] if into else [])]
        starts = list(bases)
        for content in _contents([change]):  # an element that was reworded makes a configuration read otherwise
            starts += [(row["element"], row["revision"]) for row in content.get("elements", []) if "element" in row]
        label = into["record"] if change["change"] == "merge" and into else records[0][0] if records else ""
        one = change["change"] in ("revise", "retype") or bool(into and change["change"] == "merge")
        now = self._shown(label) if one else {}
        fields = self._fields(now, change.get("content", {}))
        if change["change"] == "new":  # it begins without what is not given; a piece of something else may lose that
            fields = [field for field in fields if field.after]
        told = label if one and any(field.words for field in fields) else ""  # its words stand there with their marks
        return Proposed(
            change=change["change"],
            called=change.get("called", ""),
            kind=change["kind"],
            records=records,
            into=into["record"] if into else "",
            fields=fields,
            pieces=[self._fields({}, piece) for piece in change.get("pieces", [])],
            moved=[] if self.decided else [name for name, base in starts if self._now(name) != base],
            revision=change.get("revision"),
            bases=bases,
            stands=[(name, self._said(name)) for name, _base in bases if name != told],
        )

    def _said(self, label: str) -> str:
        """What a record says in words."""
        version: Any = self.versions.get(label)
        texts = (getattr(version, name, "") for name in ("wording", "plain", "nickname", "text"))
        return next((text for text in texts if text), "")

    def _now(self, label: str) -> int:
        record = self.records.get(label)
        return record.revision_number if record else 0

    def _shown(self, label: str) -> dict[str, Any]:
        """The fields of the record that the change is compared with."""
        record, version = self.records.get(label), self.versions.get(label)
        if version is None or record is None:
            return {}
        shown: dict[str, Any] = {name: getattr(version, name) for name in _plain_fields(record)}
        if not isinstance(record, Element):
            shown["area"] = version.area.slug if version.area else None
        if isinstance(record, Configuration):
            rows = sorted(version.placings.all(), key=lambda row: row.position)
            shown["elements"] = [f"{row.role}: {row.wording or row.element.text} ({row.element.label})" for row in rows]
            shown["statements"] = sorted((row.statement.label for row in version.spellings.all()), key=natural)
        else:
            shown["themes"] = sorted((row.theme.label for row in version.taggings.all()), key=natural)
        return shown

    def _fields(self, now: Mapping[str, Any], content: Mapping[str, Any]) -> list[FieldChange]:
        found: list[FieldChange] = []
        for name, value in content.items():
            after = self._after(name, value)
            before = now.get(name, [] if isinstance(after, list) else "")
            if name in PARTS or (before == after and now) or (name == "state" and after == State.AGREED and not now):
                continue
            texts = name in TEXTS and isinstance(before, str)
            found.append(FieldChange(name, before, after, compare(before, after) if texts else None))
        return found

    def _after(self, name: str, value: Any) -> Any:
        if name == "themes":
            return sorted((self.themes.get(uid, uid) for uid in value), key=natural)
        if name == "elements":
            return [self._placed(row) for row in value]
        return value

    def _placed(self, row: Mapping[str, Any]) -> str:
        element = self.elements.get(row.get("element", ""))
        text = row["wording"] or (element.text if element else row.get("text", ""))
        return f"{row['role']}: {text} ({element.label})" if element else f"{row['role']}: {text}"


# The history of each kind of record, and what hangs on it and on each of its revisions alike.
HISTORY: dict[Any, tuple[Any, str, tuple[str, ...]]] = {
    Statement: (StatementRevision, "statement", ("area", "taggings__theme")),
    Configuration: (ConfigurationRevision, "configuration", ("area", "placings__element", "spellings__statement")),
    Element: (ElementRevision, "element", ("taggings__theme",)),
}
TEXTS = frozenset({"wording", *WORDS, "text", "formal_theory"})


def _plain_fields(record: Record) -> tuple[str, ...]:
    if isinstance(record, Statement):
        return ("wording", "state")
    if isinstance(record, Configuration):
        return (*WORDS, "state")
    return ("text", "kind", "polarity", "mechanism", "sign", "intended", "proximity", "level", "formal_theory", "state")


def theme_labels(programme: Programme, content: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """{id: code} of the themes that canonical changes name; one query."""
    asked = {uid for one in _contents(content) for uid in one.get("themes", [])}
    rows = Theme.objects.filter(programme=programme, uid__in=asked) if asked else []
    return {str(theme.uid): theme.label for theme in rows}


def _contents(changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for change in changes:
        found += [change.get("content", {}), *change.get("pieces", [])]
    return found


# ---------------------------------------------------------------- which proposal wrote a revision


def agreed_by(record: Record) -> "dict[int, AgreedOn]":
    """{revision number: the proposal that wrote it} of a record, with its authors and answers; three queries."""
    answers = Prefetch("proposal__reviews", Review.objects.select_related("reviewer").order_by("number"))
    said = Comment.objects.filter(proposal=OuterRef("proposal")).order_by().values("proposal")
    named = Prefetch("proposal__coauthors", CoAuthor.objects.agreed().select_related("person").order_by("pk"))
    rows = Outcome.objects.filter(**{type(record).__name__.lower(): record})
    found = rows.select_related("proposal__author", "proposal__decided_by").prefetch_related(answers, named)
    counted = found.annotate(said=Subquery(said.annotate(n=Count("pk")).values("n")))
    return {row.revision: AgreedOn(row.proposal, row.said or 0) for row in counted}


def agreed_shown(record: Record, some: bool = True) -> dict[str, Any]:
    """What a record's page shows of the proposals that wrote it: `agreed` by revision, `agreed_last` of the latest."""
    found = agreed_by(record) if some else {}
    return {"agreed": found, "agreed_last": found.get(record.revision_number)}


class AgreedOn:
    """The proposal that wrote a revision, with the answers to it that stand to be read."""

    def __init__(self, proposal: Proposal, said: int) -> None:
        self.number, self.label, self.title = proposal.number, proposal.label, proposal.title
        self.decided_by = proposal.decided_by
        self.authors = [proposal.author.name, *(row.person.name for row in proposal.coauthors.all())]
        self.said = said  # comments on it
        self.answers = answers_told(proposal.reviews.all())
