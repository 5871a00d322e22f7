"""Owns the timeline of a programme's theory: births, merges, splits, replacements, refinements, retirements,
restorations and what was undone, the latest first.

It is read in streams, each with an order of its own, from a moment on: a page costs the same however long it grew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.models import Configuration, ConfigurationRevision, Descent, DescentLine, Statement, StatementRevision
from cmo.reading.lineage import ActRow, Joined, acts_keyed, words_of
from cmo.team_words import DescentKind
from cmo.vocabulary import Change
from programmes.models import Programme

SIZE = 50
BORN, RETIRED, RESTORED, UNDONE = "born", Change.RETIRED.value, Change.RESTORED.value, "undone"
WHAT = {
    BORN: gettext_lazy("Stated"),
    DescentKind.MERGED.value: gettext_lazy("Merged"),
    DescentKind.SPLIT.value: gettext_lazy("Split"),
    DescentKind.REPLACED.value: gettext_lazy("Replaced"),
    DescentKind.REFINED.value: gettext_lazy("Refined"),
    RETIRED: gettext_lazy("Retired"),
    RESTORED: gettext_lazy("Restored"),
    UNDONE: gettext_lazy("Undone"),
}
ACTS = frozenset(DescentKind.values)
STATEMENT, CONFIGURATION = "statement", "configuration"


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry: what happened when to which record, or by which act."""

    at: datetime
    stream: int  # which stream it came from, and where it stands there: together they order what happened at once
    place: int
    what: str
    record: Any = None  # a statement or configuration
    revision: Any = None  # the revision that tells of it
    act: ActRow | None = None

    @property
    def said(self) -> str:
        return str(WHAT[self.what])

    @property
    def words(self) -> str:
        """What the record said at that moment; of an act, its records have their own."""
        if self.act is not None:
            return ""
        one = self.revision
        if hasattr(one, "wording"):
            return str(one.wording)
        ended = one.nickname.endswith((".", "!", "?", "…", ":"))
        return (" " if ended else ": ").join(filter(None, (one.nickname, one.plain)))

    @property
    def by(self) -> Any:
        if self.act is None:
            return self.revision.author
        return self.act.act.undone_by if self.what == UNDONE else self.act.act.by

    @property
    def reason(self) -> str:
        if self.act is None:
            return str(self.revision.reason)
        return "" if self.what == UNDONE else self.act.act.reason

    @property
    def mark(self) -> str:
        """What to ask for to read on from here."""
        return f"{self.at.isoformat()}_{self.stream}_{self.place}"

    def as_json(self) -> dict[str, Any]:
        older = [{**one.as_json(), "words": one.words} for one in self.act.older] if self.act else []
        younger = [{**one.as_json(), "words": one.words} for one in self.act.younger] if self.act else []
        return {
            "at": self.at,
            "what": self.what,
            "record": self.record.label if self.record else None,
            "revision": self.revision.number if self.act is None else None,
            "words": self.words,
            "act": self.act.act.number if self.act else None,
            "older": older,
            "younger": younger,
            "by": self.by.username,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of the timeline; `later` is what to ask for to read on, "" at its end."""

    moments: list[Moment]
    later: str = ""


Before = tuple[datetime, int, int]


def timeline(programme: Programme, *, what: str = "", before: str = "", size: int = SIZE) -> Stretch:
    """The latest of a programme's moments or, with `before` (the mark of one), those that came before it.

    `what` is a key of WHAT. Fourteen queries at most. Raises ValidationError (what, before).
    """
    if what and what not in WHAT:
        raise ValidationError({"what": _("Choose one of %(kinds)s.") % {"kinds": ", ".join(WHAT)}})
    start = read_mark(before) if before else None
    found = [one for stream in _streams(programme, what, start, size + 1) for one in stream]
    found.sort(key=lambda one: (one.at, -one.stream, one.place), reverse=True)
    shown = found[:size]
    return Stretch(_with_acts(shown), shown[-1].mark if len(found) > size else "")


def count_moments(programme: Programme, what: str = "") -> int:
    """How many moments a programme's timeline has; eight queries at most."""
    n = 0
    if what in ("", BORN):
        lines = DescentLine.objects.filter(act__programme=programme, made=True)
        for model, younger in ((Statement, "younger"), (Configuration, "younger_configuration")):
            made = lines.filter(**{f"{younger}__isnull": False}).values(f"{younger}_id").distinct().count()
            n += model._default_manager.filter(programme=programme).count() - made
    acts = Descent.objects.filter(programme=programme)
    if what == "" or what in ACTS:
        n += acts.filter(**({"kind": what} if what else {})).count()
    if what in ("", UNDONE):
        n += acts.exclude(undone=None).count()
    if what in ("", RETIRED, RESTORED):
        n += sum(_turned(programme, kind, what).count() for kind in (STATEMENT, CONFIGURATION))
    return n


def read_mark(raw: str) -> Before:
    at, _first, rest = raw.partition("_")
    stream, _second, place = rest.partition("_")
    try:
        moment = parse_datetime(at.replace(" ", "+"))  # a plus that came through an address unescaped
    except ValueError:
        moment = None
    whole = all(part.isascii() and part.isdecimal() and len(part) <= 15 for part in (stream, place))
    if moment is None or moment.tzinfo is None or not whole:
        raise ValidationError({"before": _("Follow the link to earlier entries; this is no place in the timeline.")})
    return moment, int(stream), int(place)


def _streams(programme: Programme, what: str, start: Before | None, n: int) -> Iterator[list[Moment]]:
    """What may stand on the page, from each stream that was asked for; the latest `n` of each."""
    if what in ("", BORN):
        yield _births(programme, STATEMENT, 0, start, n)
        yield _births(programme, CONFIGURATION, 1, start, n)
    if what in ("", RETIRED, RESTORED):
        yield _turns(programme, STATEMENT, what, 2, start, n)
        yield _turns(programme, CONFIGURATION, what, 3, start, n)
    if what == "" or what in ACTS:
        acts = Descent.objects.filter(programme=programme, **({"kind": what} if what else {}))
        for_acts = _cut(acts, "at", "number", 4, start).order_by("-at", "-number")[:n]
        yield [Moment(act.at, 4, act.number, act.kind, act=ActRow(act)) for act in for_acts]
    if what in ("", UNDONE):
        undone = Descent.objects.filter(programme=programme, undone__isnull=False)
        for_undone = _cut(undone, "undone", "number", 5, start).order_by("-undone", "-number")[:n]
        yield [Moment(act.undone, 5, act.number, UNDONE, act=ActRow(act)) for act in for_undone if act.undone]


def _births(programme: Programme, kind: str, stream: int, start: Before | None, n: int) -> list[Moment]:
    """Records that somebody stated; those that an act made are told of by the act."""
    model: Any = Statement if kind == STATEMENT else Configuration
    revisions: Any = StatementRevision if kind == STATEMENT else ConfigurationRevision
    younger = "younger" if kind == STATEMENT else "younger_configuration"
    born = model._default_manager.filter(programme=programme)
    by_act = DescentLine.objects.filter(made=True, **{younger: OuterRef("pk")})
    born = _cut(born, "created", "number", stream, start).filter(~Exists(by_act)).order_by("-created", "-number")[:n]
    found = {record.pk: record for record in born}
    firsts = revisions._default_manager.filter(number=1, **{f"{kind}__in": found}).select_related("author")
    return [
        Moment(record.created, stream, record.number, BORN, record, first)
        for first in firsts
        for record in [found[getattr(first, f"{kind}_id")]]
    ]


def _turns(programme: Programme, kind: str, what: str, stream: int, start: Before | None, n: int) -> list[Moment]:
    """Retirements and restorations by hand."""
    turned = _cut(_turned(programme, kind, what), "at", "pk", stream, start).order_by("-at", "-pk")
    return [
        Moment(one.at, stream, one.pk, one.change, getattr(one, kind), one)
        for one in turned.select_related("author", kind)[:n]
    ]


def _turned(programme: Programme, kind: str, what: str) -> "QuerySet[Any]":
    """Revisions that retired a record or brought it back, without those that an act wrote, or its undoing.

    The lines of an act say which revisions it wrote; its undoing wrote all of its own at the moment that the act keeps.
    A restored wording of a record in use is no turn.
    """
    model: Any = StatementRevision if kind == STATEMENT else ConfigurationRevision
    column = "" if kind == STATEMENT else "_configuration"
    turned = model._default_manager.filter(
        **{f"{kind}__programme": programme}, change__in=[what] if what else [RETIRED, RESTORED]
    )
    before = model._default_manager.filter(**{kind: OuterRef(kind)}, number=OuterRef("number") - 1, state="retired")
    of_it = {f"older{column}": OuterRef(kind)}
    written = DescentLine.objects.filter(**of_it, older_revision=OuterRef("number"))
    undone = DescentLine.objects.filter(act__undone=OuterRef("at"))
    back, gone = undone.filter(**of_it), undone.filter(**{f"younger{column}": OuterRef(kind)})
    told = Q(change=RETIRED) & ~Exists(written.exclude(act__kind=DescentKind.REFINED))
    standing: QuerySet[Any] = turned.filter(told | Q(change=RESTORED) & Exists(before))
    return standing.filter(~Exists(back), ~Exists(gone))


def _cut(rows: Any, time: str, place: str, stream: int, start: Before | None) -> Any:
    """The rows of a stream that come after the mark in the timeline, which runs from the latest on."""
    if start is None:
        return rows
    at, mark_stream, mark_place = start
    earlier = Q(**{f"{time}__lt": at})
    if stream > mark_stream:
        earlier |= Q(**{time: at})
    elif stream == mark_stream:
        earlier |= Q(**{time: at, f"{place}__lt": mark_place})
    return rows.filter(earlier, **{f"{time}__lte": at})


def _with_acts(moments: Sequence[Moment]) -> list[Moment]:
    """The same with the records of their acts and what those said then; three queries, none where there is no act."""
    keys = {one.act.act.pk for one in moments if one.act}
    rows = acts_keyed(keys) if keys else {}
    put_words(rows.values())
    return [
        Moment(one.at, one.stream, one.place, one.what, one.record, one.revision, rows.get(one.act.act.pk, one.act))
        if one.act
        else one
        for one in moments
    ]


def put_words(rows: Iterable[ActRow]) -> None:
    """Let the records of these acts say what they said then; one query for each kind of record that there is."""
    kinds: dict[bool, list[ActRow]] = {}
    for row in rows:
        kinds.setdefault(row.of_statements, []).append(row)
    for of_statements, held in kinds.items():
        said = _said_then(of_statements, held)
        for row in held:
            row.older, row.younger = ([_as_then(one, said) for one in side] for side in (row.older, row.younger))


def _said_then(of_statements: bool, rows: Sequence[ActRow]) -> dict[tuple[int, int], str]:
    """{(record, revision): what it said} of what these acts wrote or found."""
    records = {one.record.pk for row in rows for one in (*row.older, *row.younger)}
    kind, column = (STATEMENT, "") if of_statements else (CONFIGURATION, "_configuration")
    model: Any = StatementRevision if of_statements else ConfigurationRevision
    lines = DescentLine.objects.filter(act__in=[row.act.pk for row in rows])
    number = OuterRef("number")
    older = lines.filter(**{f"older{column}": OuterRef(kind), "older_revision": number})
    younger = lines.filter(**{f"younger{column}": OuterRef(kind), "younger_revision": number})
    found = model._default_manager.filter(Q(Exists(older)) | Q(Exists(younger)), **{f"{kind}__in": records})
    return {(getattr(one, f"{kind}_id"), one.number): words_of(one) for one in found}


def _as_then(one: Joined, said: dict[tuple[int, int], str]) -> Joined:
    return replace(one, then=said.get((one.record.pk, one.revision)))
