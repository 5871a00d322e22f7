"""Owns how statements are found, counted and listed: what a list shows of one is read in two queries, however many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from cmo import wording as parsing
from cmo.models import Statement
from programmes.models import Programme
from programmes.natural import natural

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
    themes: list[Tag]
    configurations: list[str] = field(default_factory=list)  # "CMO3", those in use; read only where asked for

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

    def as_json(self) -> dict[str, Any]:
        """The statement as the API shows it."""
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
            "revision": self.revision,
            "created": self.created,
            "updated": self.updated,
            "updated_by": self.updated_by,
        }


def rows_of(statements: "QuerySet[Statement]", *, spelled: bool = False) -> list[StatementRow]:
    """Rows for statements already cut to a page, in their order; two queries, or three with what spells them out."""
    values = list(statements.values_list(*FIELDS))
    return made_spelled(values) if spelled else made(values)


def made(values: Sequence[tuple[Any, ...]]) -> list[StatementRow]:
    """Rows from the values of FIELDS; one query for all their themes."""
    tags = tags_of([found[0] for found in values])
    return [StatementRow(*(*found, tags.get(found[0], []))) for found in values]


def made_spelled(values: Sequence[tuple[Any, ...]]) -> list[StatementRow]:
    """The same with the configurations that spell each out; one query more."""
    rows, spelling = made(values), spelling_out([found[0] for found in values])
    for row in rows:
        row.configurations = spelling.get(row.pk, [])
    return rows


def spelling_out(statements: Iterable[int]) -> dict[int, list[str]]:
    """{statement: labels of the configurations in use that spell it out, by number}."""
    keys = list(statements)
    if not keys:
        return {}
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.statement_id, c.number FROM cmo_configurationstatement s"
            f" JOIN cmo_configuration c ON c.id = s.configuration_id WHERE s.statement_id IN ({marks})"
            " AND c.state <> 'retired' ORDER BY c.number",
            keys,
        )
        found: dict[int, list[str]] = {}
        for statement, number in cursor.fetchall():
            found.setdefault(statement, []).append(f"CMO{number}")
    return found


def tags_of(statements: Iterable[int]) -> dict[int, list[Tag]]:
    """{statement: its themes in natural order}."""
    keys = list(statements)
    if not keys:
        return {}
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.statement_id, h.id, h.code, h.name, h.uid FROM cmo_statementtheme t"
            f" JOIN programmes_theme h ON h.id = t.theme_id WHERE t.statement_id IN ({marks})",
            keys,
        )
        carried = cursor.fetchall()
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
    return found


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


def statement_to_change(programme: Programme, number: int) -> Statement:
    """The statement with this number as a rule takes it, without what a page would show around it, or Http404."""
    sql = "SELECT * FROM cmo_statement WHERE programme_id = %s AND number = %s"
    statement = next(iter(Statement.objects.raw(sql, [programme.pk, number])), None)
    if statement is None:
        raise Http404(f"S{number} is not in this programme.")
    statement.programme = programme
    return statement


def row_of(statement: Statement) -> StatementRow:
    """One statement as lists show it, read anew."""
    return rows_of(Statement.objects.filter(pk=statement.pk))[0]


def row_numbered(programme: Programme, number: int) -> StatementRow:
    """The statement with this number and what spells it out, or Http404; three queries."""
    found = rows_with_numbers(programme, [number], spelled=True)
    if not found:
        raise Http404(f"S{number} is not in this programme.")
    return found[0]


def rows_with_numbers(programme: Programme, numbers: Iterable[int], *, spelled: bool = False) -> list[StatementRow]:
    """The statements with these numbers, by number."""
    found = Statement.objects.filter(programme=programme, number__in=list(numbers)).order_by("number")
    return rows_of(found, spelled=spelled)


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
