"""Owns how statements are found, counted and listed: what a list shows of one is read in two queries, however many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from cmo import wording as parsing
from cmo.models import Statement
from cmo.reading.judged import JUDGED, Verdicts, verdict_sql, verdicts_in
from cmo.reading.kin import NOBODY, Lineage, kin_sql, lineages
from cmo.reading.weighed import EVIDENCE, heard, heard_sql, places_sql, unpacked, weighed, weighed_sql
from cmo.weighing import NOTHING, Counted
from programmes.models import Programme
from programmes.natural import natural
from programmes.records import Columns

FIELDS = (
    "pk",
    "uid",
    "number",
    "wording",
    "parts",
    "parts_by_hand",
    "state",
    "cites",
    "lacks",
    "revision_number",
    "created",
    "updated",
    "area__slug",
    "area__title",
    "origin__slug",
    "origin__title",
    "updated_by__username",
    "updated_by__first_name",
    "updated_by__last_name",
    "priority__pk",
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme as a chip shows it."""

    label: str
    code: str
    name: str


@dataclass(slots=True)
class StatementRow:
    """A statement as lists show it; fields in the order of FIELDS, then its themes and what spells it out."""

    pk: int
    uid: UUID
    number: int
    wording: str
    parts: list[Any]
    parts_by_hand: bool
    state: str
    cites: str
    lacks: int
    revision: int
    created: datetime
    updated: datetime
    area: str | None
    area_title: str | None
    phase: str | None
    phase_title: str | None
    updated_by: str
    first_name: str
    last_name: str
    priority: int | None  # what marks it as one, see rules/prioritising.py
    themes: list[Tag]
    configurations: list[str] = field(default_factory=list)  # "CMO3", those in use; read only where asked for
    lineage: Lineage = field(default_factory=lambda: NOBODY)  # read with them
    evidence: Counted = NOTHING  # read with them
    verdicts: list[dict[str, str]] = field(default_factory=list)  # the team's, by phase; read with them
    heard: list[str] = field(default_factory=list)  # names of the sites from which something bears on it
    silent: list[str] = field(default_factory=list)  # and of those from which nothing does
    comments: int = 0  # said about it; these three are read for the workbench alone

    @property
    def label(self) -> str:
        return f"S{self.number}"

    @property
    def pick(self) -> str:
        """What a tick on it means: this statement as it is shown."""
        return f"{self.number}:{self.revision}"

    @property
    def updated_by_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.updated_by

    @property
    def updated_iso(self) -> str:
        return self.updated.isoformat()

    @property
    def spans(self) -> tuple[parsing.Span, ...]:
        return parsing.unpack(self.parts)

    def part(self, part: parsing.Part) -> str:
        return parsing.part_text(self.wording, self.spans, part)

    def as_json(self, *, evidence: bool = False) -> dict[str, Any]:
        """The statement as the API shows it; the counts of its evidence only to those who may see `evidence`."""
        if_, then, because, rest = parsing.texts(self.wording, self.parts)
        return {
            "id": str(self.uid),
            "number": self.number,
            "label": self.label,
            "area": self.area,
            "wording": self.wording,
            "if": if_,
            "then": then,
            "because": because,
            "rest": rest,
            "parts_by_hand": self.parts_by_hand,
            "themes": [tag.label for tag in self.themes],
            "state": self.state,
            "phase": self.phase,
            "cites": self.cites,
            "configurations": self.configurations,
            "lineage": self.lineage.as_json(),
            "evidence": self.evidence.as_json() if evidence else None,
            "priority": self.priority is not None,
            "verdicts": self.verdicts,
            "revision": self.revision,
            "created": _moment(self.created),
            "updated": _moment(self.updated),
            "updated_by": self.updated_by,
        }


def _moment(at: datetime) -> str:
    """As the API writes a time; written here, as a renderer asks what each of the two hundred of a list is."""
    said = at.isoformat()
    return f"{said[:-6]}Z" if said.endswith("+00:00") else said


def rows_of(statements: "QuerySet[Statement]", *, spelled: bool = False) -> list[StatementRow]:
    """Rows for statements already cut to a page, in their order; two queries, or three with what spells them out."""
    values = list(statements.values_list(*FIELDS))
    return made_spelled(values) if spelled else made(values)


def made(values: Sequence[tuple[Any, ...]]) -> list[StatementRow]:
    """Rows from the values of FIELDS; one query for all their themes."""
    tags = tags_of([found[0] for found in values])
    return [StatementRow(*(*found, tags.get(found[0], []))) for found in values]


def made_weighed(values: Sequence[tuple[Any, ...]]) -> list[StatementRow]:
    """The same with the evidence of each, where it was heard, how often each was commented on, in the same query."""
    tags, others = _tags_and([found[0] for found in values], _AROUND)
    rows = [StatementRow(*(*found, tags.get(found[0], []))) for found in values]
    weights = {key: unpacked(value) for key, value, mark in others if mark == EVIDENCE}
    said = {key: int(value) for key, value, mark in others if mark == SAID}
    sites, places = heard(others)
    for row in rows:
        own = sites.get(row.pk, set())
        row.evidence, row.comments = weights.get(row.pk, NOTHING), said.get(row.pk, 0)
        row.heard = [name for site, name in places.items() if site in own]
        row.silent = [name for site, name in places.items() if site not in own]
    return rows


def made_spelled(values: Sequence[tuple[Any, ...]], *, weighed: bool = True) -> list[StatementRow]:
    """The same with the configurations that spell each out, its kin, its evidence and verdicts; one query more. Not
    `weighed`: of a programme that has no source, so that nothing bears on any."""
    rows, (spelling, kin, weights, judged) = made(values), spelling_out([found[0] for found in values], weigh=weighed)
    for row in rows:
        row.configurations = spelling.get(row.pk, [])
        row.evidence = weights.get(row.pk, NOTHING)
        row.verdicts = judged.get(row.pk, [])
        if row.pk in kin:
            row.lineage = kin[row.pk]
    return rows


def spelling_out(
    statements: Iterable[int], *, weigh: bool = True
) -> tuple[dict[int, list[str]], dict[int, Lineage], dict[int, Counted], Verdicts]:
    """{statement: labels of the configurations in use that spell it out, by number}, {statement: its lineage},
    {statement: its evidence}, {statement: the team's verdicts on it}."""
    keys = list(statements)
    if not keys:
        return {}, {}, {}, {}
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.statement_id, c.number, '', '' FROM cmo_configurationstatement s"
            f" JOIN cmo_configuration c ON c.id = s.configuration_id WHERE s.statement_id IN ({marks})"
            f" AND c.state <> 'retired' UNION ALL {kin_sql('cmo_statement', '', marks)}"
            f" UNION ALL {verdict_sql('statement', marks, _VERDICTS)}"
            + (f" UNION ALL {weighed_sql('statement_id', marks)}" if weigh else ""),
            keys * (5 if weigh else 4),
        )
        rows = cursor.fetchall()
    found: dict[int, list[str]] = {}
    for statement, number, end, _kind in sorted(rows, key=itemgetter(1)):
        if not end:
            found.setdefault(statement, []).append(f"CMO{number}")
    kin = lineages((row for row in rows if row[2] not in OF_OTHERS), "S")
    return found, kin, weighed(rows), verdicts_in((row[0], row[1], row[3]) for row in rows if row[2] == JUDGED)


OF_OTHERS = ("", EVIDENCE, JUDGED)  # what marks the rows that are no kin
_VERDICTS = f"{{record}}, {{place}}, '{JUDGED}', {{said}}"


def tags_of(statements: Iterable[int]) -> dict[int, list[Tag]]:
    """{statement: its themes in natural order}."""
    return _tags_and(list(statements))[0]


SAID = "said"  # marks how many comments a statement has
_AROUND: tuple[Callable[[str], str], ...] = (
    lambda marks: weighed_sql("statement_id", marks, "b.{on}, 0, {packed}, {mark}, NULL"),
    lambda marks: heard_sql("statement_id", marks, "b.{on}, 0, {site}, {mark}, NULL"),
    lambda marks: (
        f"SELECT m.statement_id, 0, CAST(COUNT(*) AS text), '{SAID}', NULL FROM cmo_comment m"
        f" WHERE m.statement_id IN ({marks}) GROUP BY m.statement_id"
    ),
    lambda marks: places_sql(
        f"(SELECT MIN(programme_id) FROM cmo_statement WHERE id IN ({marks}))", "{id}, 0, {place}, {mark}, NULL"
    ),
)  # fmt: skip


def _tags_and(
    keys: list[int], around: Sequence[Callable[[str], str]] = ()
) -> tuple[dict[int, list[Tag]], list[tuple[int, str, str]]]:
    """({statement: its themes in natural order}, rows (key, value, mark) of what is read `around` them); one query."""
    if not keys:
        return {}, []
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.statement_id, h.id, h.code, h.name, h.uid FROM cmo_statementtheme t"
            f" JOIN programmes_theme h ON h.id = t.theme_id WHERE t.statement_id IN ({marks})"
            + "".join(f" UNION ALL {asked(marks)}" for asked in around),
            keys * (1 + len(around)),
        )
        rows = cursor.fetchall()
    carried = [row for row in rows if row[1]] if around else rows
    others = [(row[0], row[2], row[3]) for row in rows if not row[1]] if around else []
    known: dict[int, Tag] = {}  # a list carries the same few themes again and again
    found: dict[int, list[Tag]] = {}
    for statement, theme, code, name, uid in carried:
        tag = known.get(theme)
        if tag is None:
            tag = known[theme] = Tag(code or str(UUID(str(uid))), code, name)
        found.setdefault(statement, []).append(tag)
    for tags in found.values():
        if len(tags) > 1:
            tags.sort(key=tag_order)
    return found, others


def tag_order(tag: Tag) -> Any:
    return (not tag.code, natural(tag.code or tag.name))


def find_statement(programme: Programme, number: int) -> Statement:
    """The statement with this number, retired or not, or Http404."""
    found = Statement.objects.filter(programme=programme, number=number).select_related("area", "origin", "updated_by")
    statement = found.first()
    if statement is None:
        raise Http404(f"S{number} is not in this programme.")
    statement.programme = programme
    return statement


_STATEMENT = Columns(Statement, "s")
_BARE = f"SELECT {_STATEMENT.sql} FROM cmo_statement s WHERE s.programme_id = %s AND s.number = %s"
_WHOLE = (
    f"SELECT {_STATEMENT.sql}, a.slug, a.title, f.slug, f.title, u.username, u.first_name, u.last_name, p.id"
    " FROM cmo_statement s JOIN programmes_person u ON u.id = s.updated_by_id"
    " LEFT JOIN cmo_theoryarea a ON a.id = s.area_id LEFT JOIN programmes_phase f ON f.id = s.origin_id"
    " LEFT JOIN cmo_priority p ON p.statement_id = s.id"
    " WHERE s.programme_id = %s AND s.number = %s"
)
_HUNG = (
    "SELECT h.code, h.name, h.uid, NULL FROM cmo_statementtheme t JOIN programmes_theme h ON h.id = t.theme_id"
    " WHERE t.statement_id = %s UNION ALL SELECT '', '', NULL, c.number FROM cmo_configurationstatement s"
    " JOIN cmo_configuration c ON c.id = s.configuration_id WHERE s.statement_id = %s AND c.state <> 'retired'"
    " UNION ALL " + kin_sql("cmo_statement", "", "%s", "d.kind, {end}, NULL, k.number")
    + " UNION ALL " + verdict_sql("statement", "%s", f"{{said}}, '{JUDGED}', NULL, {{place}}")
)
_WEIGHED = _HUNG + " UNION ALL " + weighed_sql("statement_id", "%s", "{packed}, {mark}, NULL, 0")


def statement_to_change(programme: Programme, number: int) -> Statement:
    """The statement with this number as a rule takes it, without what a page would show around it, or Http404."""
    return _found(programme, number, _BARE)[0]


def _found(programme: Programme, number: int, sql: str) -> tuple[Statement, Sequence[Any]]:
    found = _STATEMENT.one(sql, [programme.pk, number])
    if found is None:
        raise Http404(f"S{number} is not in this programme.")
    found[0].programme = programme
    return found


def row_of(statement: Statement) -> StatementRow:
    """One statement as lists show it, read anew."""
    return made_weighed(list(Statement.objects.filter(pk=statement.pk).values_list(*FIELDS)))[0]


def row_numbered(programme: Programme, number: int) -> StatementRow:
    """The statement with this number and what spells it out, or Http404; two queries."""
    return statement_and_row(programme, number)[1]


def statement_and_row(programme: Programme, number: int) -> tuple[Statement, StatementRow]:
    """The statement with this number, and the same as lists show it with what spells it out, or Http404; two queries.

    Every answer about one statement asks this, so it is written out by hand.
    """
    one, around = _found(programme, number, _WHOLE)
    area, area_title, phase, phase_title, username, first_name, last_name, priority = around
    tags, configurations, lineage, evidence, verdicts = _hung_on(one.pk, weighed=bool(programme.last_source))
    row = StatementRow(
        one.pk, one.uid, one.number, one.wording, one.parts, one.parts_by_hand, one.state, one.cites, one.lacks,
        one.revision_number, one.created, one.updated, area, area_title, phase, phase_title, username, first_name,
        last_name, priority, tags, configurations, lineage, evidence, verdicts,
    )  # fmt: skip
    return one, row


def _hung_on(
    statement: int, *, weighed: bool
) -> tuple[list[Tag], list[str], Lineage, Counted, list[dict[str, str]]]:
    """The themes of a statement in natural order, the configurations in use that spell it out, by number, its kin, its
    evidence, the team's verdicts on it. Not `weighed`: of a programme that has no source, so that nothing bears."""
    asked = _WEIGHED if weighed else _HUNG
    with connection.cursor() as cursor:
        cursor.execute(asked, [statement] * asked.count("%s"))
        found = cursor.fetchall()
    tags = [Tag(code or str(UUID(str(uid))), code, name) for code, name, uid, number in found if number is None]
    others = [(number, end, kind) for kind, end, _uid, number in found if number is not None]
    numbers = sorted(number for number, end, _kind in others if not end)
    kin = lineages(((statement, *other) for other in others if other[1] not in OF_OTHERS), "S")
    weight = next((unpacked(packed) for _number, end, packed in others if end == EVIDENCE), NOTHING)
    labels = [f"CMO{number}" for number in numbers]
    verdicts = verdicts_in((statement, place, said) for place, end, said in others if end == JUDGED)
    return sorted(tags, key=tag_order), labels, kin.get(statement, NOBODY), weight, verdicts.get(statement, [])


def rows_with_numbers(programme: Programme, numbers: Iterable[int], *, spelled: bool = False) -> list[StatementRow]:
    """The statements with these numbers, by number."""
    found = Statement.objects.filter(programme=programme, number__in=list(numbers)).order_by("number")
    return rows_of(found, spelled=spelled)


def rows_with_keys(keys: Iterable[int]) -> dict[int, StatementRow]:
    """{key: statement} of whichever programmes."""
    return {row.pk: row for row in rows_of(Statement.objects.filter(pk__in=list(keys)))}


def revision_of(programme: Programme, number: int) -> int:
    """The revision that a statement is at: all that a conditional request needs. Http404 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revision_number FROM cmo_statement WHERE programme_id = %s AND number = %s", [programme.pk, number]
        )
        found = cursor.fetchone()
    if found is None:
        raise Http404(f"S{number} is not in this programme.")
    return int(found[0])
