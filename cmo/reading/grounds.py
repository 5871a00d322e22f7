"""Owns what a claim rests on: the excerpts that bear on a statement or a configuration, counted by stance, site and
role, and what changed in its words since each was judged. A fixed number of queries, however many there are.

Who may not see evidence is never handed any of this: views ask `programmes.reading` first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.evidence_words import ClaimPart, Join
from cmo.models import (
    Bearing,
    Configuration,
    ConfigurationElement,
    ConfigurationRevision,
    ElementRevision,
    Statement,
    StatementRevision,
)
from cmo.reading.weighed import LIVE
from cmo.vocabulary import KIND_OF, Kind, Slot
from cmo.weighing import NOTHING, STANCES, Counted, counted, small
from programmes.models import Programme
from programmes.source_roles import role_key, role_order, spellings

Record = Statement | Configuration
SIZE = 20  # cards on a page; the others are one link away
LETTER = {ClaimPart.IF: Kind.CONTEXT, ClaimPart.THEN: Kind.OUTCOME, ClaimPart.BECAUSE: Kind.MECHANISM}
ENDS = {
    Join.CONTEXT_MECHANISM: (Kind.CONTEXT, Kind.MECHANISM),
    Join.MECHANISM_OUTCOME: (Kind.MECHANISM, Kind.OUTCOME),
}
_AROUND = ("excerpt__source__site", "excerpt__signed_site", "author", "updated_by", "element", "statement",
           "configuration")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """What one site or one role says: counts, and whether so few people make it up that it is small."""

    name: str  # "" for sources without one
    counted: Counted
    people: int  # sources of the group in the whole programme
    small: bool
    slug: str = ""  # of a site

    @property
    def silent(self) -> bool:
        return not self.counted.excerpts

    @property
    def cells(self) -> list[int]:
        """Excerpts by stance, in the order of STANCES."""
        return [self.counted.by_stance.get(stance, 0) for stance in STANCES]


@dataclass(slots=True)
class Card:
    """A bearing as pages show it, with what changed since it was judged where that is other words by now."""

    bearing: Any
    kinds: list[Kind] = field(default_factory=list)  # of the parts that it bears on; empty: the whole
    words: list[Words] | None = None  # the difference between the words judged and those of now

    @property
    def excerpt(self) -> Any:
        return self.bearing.excerpt

    @property
    def source(self) -> Any:
        return self.bearing.excerpt.source

    @property
    def stale(self) -> bool:
        return bool(self.bearing.stale)

    @property
    def on(self) -> str:
        """What it bears on, as everybody names it: S5, CMO3, CMO3/E12, CMO3/C-M; a statement's part is said beside."""
        one = self.bearing
        record = one.statement or one.configuration
        below = one.element.label if one.element else one.join
        return f"{record.label}/{below}" if below else str(record.label)

    @property
    def claim_revision(self) -> int:
        """The revision of the claim as it is shown."""
        record = self.bearing.statement or self.bearing.configuration
        return int(record.revision_number)

    @property
    def moved(self) -> bool:
        """Whether the claim has a later revision than the one judged; an element may have changed without."""
        return int(self.bearing.made_against) < self.claim_revision

    @property
    def elsewhere(self) -> bool:
        """Whether the excerpt is signed with another site than its source's."""
        signed = self.bearing.excerpt.signed_site_id
        return bool(signed and signed != self.bearing.excerpt.source.site_id)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a claim rests on, in counts, and one page of its cards."""

    record: Record
    counted: Counted
    sites: list[Group]
    roles: list[Group]
    cards: list[Card]
    shown: int  # bearings that the cards are a page of
    stance: str = ""
    page: int = 1

    @property
    def more(self) -> int:
        return max(0, self.shown - self.page * SIZE)

    @property
    def silent(self) -> list[Group]:
        """The sites that say nothing."""
        return [group for group in self.sites if group.silent and group.name]

    @property
    def few(self) -> bool:
        """Whether any of its groups is small."""
        return any(group.small for group in (*self.sites, *self.roles))

    @property
    def stances(self) -> list[tuple[str, int]]:
        return [(stance, self.counted.by_stance.get(stance, 0)) for stance in STANCES]


def bearings_on(record: Record) -> "QuerySet[Bearing]":
    """What bears on a record and counts, the latest link first, with all that a card shows and whether it is stale."""
    field_name = "statement" if isinstance(record, Statement) else "configuration"
    live = Bearing.objects.of(record.programme).current()
    found = live.filter(**{field_name: record}).with_stale()
    return found.select_related(*_AROUND).order_by("-created", "-number")


def bearing_to_confirm(programme: Programme, number: int) -> Bearing:
    """The bearing with this number and what it is on, or Http404."""
    around = Bearing.objects.of(programme).select_related("programme", "statement", "configuration", "element")
    found = around.filter(number=number).first()
    if found is None:
        raise Http404("There is no such bearing.")
    return found


def grounds_of(record: Record, *, stance: str = "", page: int = 1, size: int = SIZE) -> Grounds:
    """At most six queries; two where nothing bears on it, none where the programme has no source yet."""
    if not record.programme.last_source:
        return Grounds(record, NOTHING, [], [], [], 0, stance, page)
    rows = _live_rows(record)
    people = people_of(record.programme)
    sites = _sites(record.programme, rows, people)
    roles = _roles(record.programme, rows, people)
    wanted = [row for row in rows if not stance or row[2] == stance]
    cards: list[Card] = []
    if wanted:
        found = bearings_on(record)
        if stance:
            found = found.filter(stance=stance)
        cards = cards_of(record, list(found[(page - 1) * size : page * size]))
    whole = counted((excerpt, source, at) for excerpt, source, at, _site, _role in rows)
    return Grounds(record, whole, sites, roles, cards, len(wanted), stance, page)


def _live_rows(record: Record) -> list[tuple[int, int, str, int | None, str]]:
    """(excerpt, source, stance, site, role) of each bearing that counts."""
    column = "statement_id" if isinstance(record, Statement) else "configuration_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT x.id, q.id, b.stance, q.site_id, q.role{LIVE} AND b.{column} = %s", [record.pk])
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class People:
    """How many sources there are in a programme at each site and in each role, and its sites in their order."""

    sites: list[tuple[int, str, str]]  # (id, slug, name)
    at: dict[int | None, int]
    as_role: dict[str, int]  # by `role_key`
    called: dict[str, str]  # how a role is shown, by its key


def people_of(programme: Programme) -> People:
    """Sites in their order, and how many sources there are at each and in each role; one query."""
    at: dict[int | None, int] = {}
    as_role: dict[str, int] = {}
    written: list[tuple[int, str]] = []
    sites: dict[int, tuple[int, str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.slug, s.name, s.position, q.role, COUNT(q.id), MIN(q.number) FROM programmes_site s"
            " LEFT JOIN programmes_source q ON q.site_id = s.id AND NOT q.retired"
            " WHERE s.programme_id = %s AND NOT s.retired GROUP BY s.id, s.slug, s.name, s.position, q.role"
            " UNION ALL SELECT NULL, '', '', 0, q.role, COUNT(*), MIN(q.number) FROM programmes_source q"
            " LEFT JOIN programmes_site s ON s.id = q.site_id WHERE q.programme_id = %s AND NOT q.retired"
            " AND (s.id IS NULL OR s.retired) GROUP BY q.role",
            [programme.pk, programme.pk],
        )
        for key, slug, name, _position, role, n, first in sorted(
            cursor.fetchall(), key=lambda row: (row[0] is None, row[3], row[0] or 0, row[4] or "")
        ):
            if key is not None:
                sites[key] = (key, slug, name)
            if n:
                at[key] = at.get(key, 0) + n
                written.append((first, role))
                as_role[role_key(role)] = as_role.get(role_key(role), 0) + n
    return People(list(sites.values()), at, as_role, spellings(role for _first, role in sorted(written)))


def _sites(programme: Programme, rows: Sequence[Any], people: People) -> list[Group]:
    """Every site of the programme, silent ones too; last what has no site, where there is any."""
    groups = []
    for key, slug, name in people.sites:
        said = counted((x, q, stance) for x, q, stance, site, _role in rows if site == key)
        groups.append(Group(name, said, people.at.get(key, 0), small(said.sources, programme.small_group), slug))
    known = {key for key, _slug, _name in people.sites}
    rest = counted((x, q, stance) for x, q, stance, site, _role in rows if site not in known)
    if rest.excerpts:
        groups.append(Group("", rest, people.at.get(None, 0), small(rest.sources, programme.small_group)))
    return groups


def _roles(programme: Programme, rows: Sequence[Any], people: People) -> list[Group]:
    """The roles that say something, by name; last what has none."""
    said: dict[str, list[tuple[int, int, str]]] = {}
    for excerpt, source, stance, _site, role in rows:
        said.setdefault(role_key(role), []).append((excerpt, source, stance))
    called = spellings([*people.called.values(), *(row[4] for row in rows)])  # one may be new by now
    found = []
    for key in sorted(said, key=role_order):
        whole = counted(said[key])
        few = small(whole.sources, programme.small_group)
        found.append(Group(called[key], whole, people.as_role.get(key, 0), few))
    return found


def asked_of(query: Any) -> dict[str, Any]:
    """What `?stance=challenges&shown=2` asks of `grounds_of`; what cannot be asked is not."""
    stance, shown = query.get("stance", ""), query.get("shown", "")
    page = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) <= 6 else 1
    return {"stance": stance if stance in STANCES else "", "page": max(1, page)}


# ---------------------------------------------------------------- cards


def cards_of(record: Record, bearings: Sequence[Any]) -> list[Card]:
    """Cards for bearings of one record that come with `stale`; at most two queries."""
    cards = [Card(one) for one in bearings]
    if isinstance(record, Statement):
        _mark_parts(cards)
        _put_words_of_statement(record, cards)
    else:
        roles = _roles_in(record, [one.element_id for one in bearings if one.element_id])
        for card in cards:
            one = card.bearing
            kinds = ENDS[Join(one.join)] if one.join else roles.get(one.element_id, ())
            card.kinds = list(kinds)
        _put_words_of_configuration(record, cards)
    return cards


def _mark_parts(cards: Iterable[Card]) -> None:
    for card in cards:
        if card.bearing.part:
            card.kinds = [LETTER[ClaimPart(card.bearing.part)]]


def _roles_in(configuration: Configuration, elements: Sequence[int]) -> dict[int, list[Kind]]:
    """{element: the kinds of the roles that it has in the configuration}; a query where any element is asked for."""
    found: dict[int, list[Kind]] = {}
    if elements:
        placed = ConfigurationElement.objects.filter(configuration=configuration, element__in=elements)
        for element, role in placed.order_by("position").values_list("element", "role"):
            kinds = found.setdefault(element, [])
            if KIND_OF[Slot(role)] not in kinds:
                kinds.append(KIND_OF[Slot(role)])
    return found


def _put_words_of_statement(statement: Statement, cards: Iterable[Card]) -> None:
    stale = [card for card in cards if card.stale]
    if not stale:
        return
    numbers = {card.bearing.made_against for card in stale}
    rows = StatementRevision.objects.filter(statement=statement, number__in=numbers)
    then = dict(rows.values_list("number", "wording"))
    for card in stale:
        card.words = compare(then.get(card.bearing.made_against, ""), statement.wording)


def _put_words_of_configuration(configuration: Configuration, cards: Iterable[Card]) -> None:
    """The text of the one element that a bearing is on, or the plain sentence, then and now, where it differs."""
    stale = [card for card in cards if card.stale]
    elements = {card.bearing.element_id for card in stale if card.bearing.element_id}
    numbers = {card.bearing.made_against for card in stale if not card.bearing.element_id}
    texts: dict[int, list[tuple[Any, str]]] = {}
    if elements:
        rows = ElementRevision.objects.filter(element__in=elements).order_by("number")
        for element, at, text in rows.values_list("element", "at", "text"):
            texts.setdefault(element, []).append((at, text))
    plain: dict[int, str] = {}
    if numbers:
        found = ConfigurationRevision.objects.filter(configuration=configuration, number__in=numbers)
        plain = dict(found.values_list("number", "plain"))
    for card in stale:
        one = card.bearing
        if one.element_id:
            known = texts.get(one.element_id, [])
            then = next((text for at, text in reversed(known) if at <= one.judged), known[0][1] if known else "")
            now = one.element.text
        else:
            then, now = plain.get(one.made_against, ""), configuration.plain
        card.words = compare(then, now) if then != now else None
