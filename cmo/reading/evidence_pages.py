"""Owns what the pages of evidence show: the list of sources beside one of them, its transcript with the links under the
words they concern, and what changed in a claim since it was judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.comparing import Change as Piece
from cmo.comparing import compare
from cmo.evidence_words import ClaimPart, Join
from cmo.models import (
    Bearing,
    BearingRevision,
    Configuration,
    ConfigurationRevision,
    ElementRevision,
    Excerpt,
    Statement,
    StatementRevision,
)
from cmo.reading.evidence import BearingRow, ExcerptRow, excerpt_rows, excerpts_of, on_named
from cmo.reading.transcript import Line, lines_of
from cmo.rules.evidencing import On
from cmo.vocabulary import State
from programmes.models import Programme, Source

PART_MARKS = {"if": "c", "because": "m", "then": "o"}  # the marks of the parts: context, mechanism, outcome
MOST_OFFERED = 1500  # claims in the list of suggestions of a link form


@dataclass(slots=True)
class ScriptLine:
    """A line of a transcript with the excerpts that end in it."""

    line: Line
    rows: list[ExcerptRow] = field(default_factory=list)
    before: str = ""  # what stands between the words of the line before and its own: line ends, the name of who speaks


@dataclass(frozen=True, slots=True)
class Counts:
    """How much evidence is in use in a programme."""

    sources: int
    excerpts: int
    bearings: int


def evidence_counts(programme: Programme) -> Counts:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM programmes_source WHERE programme_id = %s AND NOT retired),"
            " (SELECT COUNT(*) FROM cmo_excerpt x JOIN programmes_source q ON q.id = x.source_id"
            " WHERE x.programme_id = %s AND NOT x.retired AND NOT q.retired),"
            " (SELECT COUNT(*) FROM cmo_bearing b JOIN cmo_excerpt x ON x.id = b.excerpt_id"
            " JOIN programmes_source q ON q.id = x.source_id"
            " WHERE b.programme_id = %s AND NOT b.retired AND NOT x.retired AND NOT q.retired)",
            [programme.pk] * 3,
        )
        return Counts(*cursor.fetchone())


def excerpts_in(source: Source, *, retired: bool = False) -> list[ExcerptRow]:
    """The excerpts of a source in the order of their places, those without one by number; three queries."""
    found = list(excerpts_of(source.programme).filter(source=source, retired=retired))
    found.sort(key=lambda one: _place(one.start, one.number))
    return excerpt_rows(found)


def _place(start: int | None, number: int) -> tuple[bool, int, int]:
    """Where an excerpt stands on its source's page; said here, as the databases put NULL at different ends."""
    return start is None, start or 0, number


def script_of(text: str, rows: Sequence[ExcerptRow]) -> list[ScriptLine]:
    """A transcript with the excerpts under the lines that they end in."""
    by_number = {row.excerpt.number: row for row in rows}
    places = [
        (one.start, one.end, one.number)
        for one in (row.excerpt for row in rows)
        if one.start is not None and one.end is not None and one.end <= len(text)
    ]
    found, at = [], 0
    for line in lines_of(text, places):
        before = text[at : line.pieces[0].at] if line.pieces else ""
        found.append(ScriptLine(line, [by_number[number] for number in line.ends], before))
        at = line.pieces[-1].at + len(line.pieces[-1].text) if line.pieces else at
    return found


def claim_url(slug: str, on: On) -> str:
    kind = "statement" if isinstance(on.record, Statement) else "configuration"
    return reverse(kind, args=[slug, on.record.number])


def claim_asked(programme: Programme, label: str) -> On | None:
    """What an address or a form names as the claim to link to (S5, CMO3, CMO3/E12); None where it names none."""
    try:
        return on_named(programme, label) if label else None
    except ValidationError:
        return None


def said_of(on: On) -> str:
    """What a bearing is on, in words beside its label: the part, the element's text, the join."""
    if on.part:
        return str(ClaimPart(on.part).label)
    if on.element:
        return on.element.text
    return str(Join(on.join).label) if on.join else ""


def claims_offered(programme: Programme) -> list[tuple[str, str]]:
    """(label, words) of the statements and configurations in use; two queries."""
    statements = Statement.objects.of(programme).current().order_by("number").values_list("number", "wording")
    configurations = Configuration.objects.filter(programme=programme).exclude(state=State.RETIRED)
    found = configurations.order_by("number").values_list("number", "nickname", "plain")
    return [
        *((f"S{number}", wording[:120]) for number, wording in statements[:MOST_OFFERED]),
        *((f"CMO{number}", nickname or plain[:120]) for number, nickname, plain in found[:MOST_OFFERED]),
    ]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a claim said when it was judged and what it says now."""

    label: str
    was: int  # revision
    now: int
    words: list[Piece]


def moved_since(row: BearingRow) -> list[Moved]:
    """The words that changed since a bearing was judged: of the claim, or of the element that it is on; at most two
    queries, none where it is not stale."""
    one = row.bearing
    if not row.stale:
        return []
    if one.statement:
        rows: Any = StatementRevision.objects.filter(statement=one.statement, number=one.made_against)
        old = rows.values_list("wording", flat=True).first()
        return _moved(one.statement.label, one.made_against, one.statement.revision_number, old, one.statement.wording)
    if one.element:
        rows = ElementRevision.objects.filter(element=one.element, at__lte=one.judged).order_by("-number")
        number, old = rows.values_list("number", "text").first() or (1, None)
        return _moved(one.element.label, number, one.element.revision_number, old, one.element.text)
    now = one.configuration
    assert now is not None
    rows = ConfigurationRevision.objects.filter(configuration=now, number=one.made_against)
    old = rows.values_list("plain", flat=True).first()
    return _moved(now.label, one.made_against, now.revision_number, old, now.plain)


def _moved(label: str, was: int, now: int, old: str | None, new: str) -> list[Moved]:
    return [Moved(label, was, now, list(compare(old, new)) if old is not None and old != new else [])]


@dataclass(frozen=True, slots=True)
class Judged:
    """One revision of a bearing, as its page tells it."""

    revision: BearingRevision
    said: str


def judgements(revisions: Sequence[BearingRevision]) -> list[Judged]:
    """How a bearing was judged, the latest first."""
    return [Judged(one, _("judged against version %(n)s") % {"n": one.made_against}) for one in revisions]


def linked_from(excerpt: Excerpt) -> list[BearingRow]:
    """The bearings of an excerpt, retired ones last; one query."""
    found = Bearing.objects.filter(excerpt=excerpt).with_stale().select_related(
        "excerpt__source__site", "statement", "configuration", "element", "author", "updated_by"
    )  # fmt: skip
    return [BearingRow(one) for one in found.order_by("retired", "number")]


def next_unlinked(excerpt: Excerpt) -> int | None:
    """The number of the next excerpt of the same source that bears on nothing: further down its page and, from its end,
    from the top again; one query."""
    found = Excerpt.objects.filter(source=excerpt.source, retired=False, bearings__isnull=True)
    places = sorted(_place(start, number) for start, number in found.values_list("start", "number"))
    here = _place(excerpt.start, excerpt.number)
    after = next((place for place in places if place > here), places[0] if places else None)
    return after[-1] if after else None
