"""Owns how configurations are found and listed, with elements, statements, links and ripples: a fixed number of
queries, however many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import Configuration, ConfigurationElement, Element, Link, Statement
from cmo.reading.elements import number_in
from cmo.reading.judged import JUDGED, verdict_sql, verdicts_in
from cmo.reading.kin import NOBODY, Lineage, kin_sql, lineages
from cmo.reading.ripples import Ripple, ripples_of
from cmo.reading.slots import Slots
from cmo.reading.weighed import EVIDENCE, weighed, weighed_sql
from cmo.vocabulary import KIND_OF, MECHANISMS, Kind, LinkKind, Slot, State
from cmo.weighing import NOTHING, Counted
from programmes.models import Programme

MOST_RIPPLES = 50  # that one configuration lists; an element that hundreds share would bring hundreds to each


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """An element in a role of one configuration."""

    element: Element
    role: Slot
    position: int
    wording: str  # the configuration's own words, or ""
    activation: str

    @property
    def label(self) -> str:
        return self.element.label

    @property
    def text(self) -> str:
        """The words as they stand here."""
        return self.wording or self.element.text

    @property
    def kind(self) -> Kind:
        """The kind whose mark the role bears."""
        return KIND_OF[self.role]

    def as_json(self) -> dict[str, Any]:
        return {
            "element": self.element.label,
            "role": self.role.value,
            "position": self.position,
            "wording": self.wording,
            "activation": self.activation,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as both doors show it, stated or a ripple that nobody has said anything about yet (`number` None)."""

    number: int | None
    kind: str
    source: str  # "CMO3"
    target: str
    element: str | None
    name: str = ""
    note: str = ""
    retired: bool = False
    revision: int | None = None

    @property
    def label(self) -> str | None:
        return f"L{self.number}" if self.number else None

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "kind": self.kind,
            "from": self.source,
            "to": self.target,
            "element": self.element,
            "label": self.name,
            "note": self.note,
            "state": "retired" if self.retired else "current",
            "revision": self.revision,
        }


AHEAD = frozenset({Slot.INTERVENTION, Slot.SETTING, Slot.ACTOR})  # what a sentence names before its if


@dataclass(slots=True)
class ConfigurationRow:
    """A configuration as lists and pages show it."""

    configuration: Configuration
    slots: Slots
    placed: list[PlacedRow] = field(default_factory=list)  # in the order of the slots, then of position
    statements: list[tuple[int, str]] = field(default_factory=list)  # (number, wording) of those not retired
    links: list[LinkRow] = field(default_factory=list)  # from and to it, ripples too, of these the first MOST_RIPPLES
    links_more: int = 0  # ripples that are not among them
    lineage: Lineage = field(default_factory=lambda: NOBODY)
    evidence: Counted = NOTHING
    verdicts: list[dict[str, str]] = field(default_factory=list)  # the team's, by phase

    @property
    def label(self) -> str:
        return self.configuration.label

    @property
    def incomplete(self) -> list[str]:
        """The slots with nothing in them, as roles."""
        return self.slots.gaps({one.role for one in self.placed})

    def standing(self, *roles: str) -> list[PlacedRow]:
        return [one for one in self.placed if one.role in roles]

    @property
    def by_slot(self) -> list[tuple[str, Slot, list[PlacedRow]]]:
        """(label, role, elements) of every slot of the setting, empty ones too, and of used roles outside it."""
        roles = [slot.role for slot in self.slots.rows]
        roles += [role for role in dict.fromkeys(one.role for one in self.placed) if role not in roles]
        roles.sort(key=self.slots.order)
        return [(self.slots.label(role), role, self.standing(role)) for role in roles]

    @property
    def sentence(self) -> list[tuple[str, str, str]]:
        """The configuration read as a sentence: (connective, kind of its mark, words) each; no words for a gap.

        What is put in place, where, and for whom stands before it under its own name, where there is any.
        """
        first = self.standing(Slot.CONTEXT)
        then = self.standing(Slot.OUTCOME)
        because = [one for one in self.placed if one.role in MECHANISMS]
        given = (("if", Kind.CONTEXT, first), ("then", Kind.OUTCOME, then), ("because", Kind.MECHANISM, because))
        said = {"if": _("if"), "then": _("then"), "because": _("because")}
        ahead = [
            (f"{label.lower()}:", role.value, _joined(placed)) for label, role, placed in self.by_slot
            if placed and role in AHEAD
        ]  # fmt: skip
        return [*ahead, *((said[word], kind.value, _joined(found)) for word, kind, found in given)]

    def as_json(self, *, evidence: bool = False) -> dict[str, Any]:
        """As the API shows it; the counts of its evidence only to those who may see `evidence`."""
        one = self.configuration
        return {
            "id": str(one.uid),
            "number": one.number,
            "label": one.label,
            "nickname": one.nickname,
            "plain": one.plain,
            "area": one.area.slug if one.area else None,
            "narrative": one.narrative,
            "testing": one.testing,
            "statements": [f"S{number}" for number, _wording in self.statements],
            "elements": [placed.as_json() for placed in self.placed],
            "links": [link.as_json() for link in self.links],
            "links_more": self.links_more,
            "lineage": self.lineage.as_json(),
            "evidence": self.evidence.as_json() if evidence else None,
            "verdicts": self.verdicts,
            "incomplete": self.incomplete,
            "state": one.state,
            "phase": one.origin.slug if one.origin else None,
            "revision": one.revision_number,
            "created": one.created,
            "updated": one.updated,
            "updated_by": one.updated_by.username,
        }


def _joined(placed: Sequence[PlacedRow]) -> str:
    texts = [_within(one.text.strip().rstrip(".")) for one in placed]
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def _within(text: str) -> str:
    """The text as it reads in the middle of a sentence: without its capital, unless that looks like a name's."""
    first, _space, rest = text.partition(" ")
    named = any(letter.isupper() or letter.isdecimal() for letter in first[1:]) or rest[:1].isupper()
    return text if named or (len(first) < 2 and first != "A") else first.lower() + text[len(first) :]


def configurations_of(programme: Programme) -> "QuerySet[Configuration]":
    """All configurations of a programme by number, retired ones too."""
    found = Configuration.objects.filter(programme=programme)
    return found.select_related("programme", "area", "origin", "updated_by").order_by("number")


def configuration_rows(configurations: Iterable[Configuration], slots: Slots) -> list[ConfigurationRow]:
    """Rows for configurations already cut to a page, in their order; four queries beside their own."""
    found = list(configurations)
    rows = {one.pk: ConfigurationRow(one, slots) for one in found}
    for placing in ConfigurationElement.objects.filter(configuration__in=rows).select_related("element"):
        rows[placing.configuration_id].placed.append(
            PlacedRow(placing.element, Slot(placing.role), placing.position, placing.wording, placing.activation)
        )
    for row in rows.values():
        row.placed.sort(key=lambda one: (slots.order(one.role), one.position))
    _put_statements_kin_and_evidence(rows)
    _put_links(rows)
    return [rows[one.pk] for one in found]


def _put_statements_kin_and_evidence(rows: dict[int, ConfigurationRow]) -> None:
    """The statements in use that the configurations spell out, the lineage and the evidence of each; one query."""
    keys = list(rows)
    if not keys:
        return
    marks = ", ".join(["%s"] * len(keys))
    kin = kin_sql("cmo_configuration", "_configuration", marks)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.configuration_id, t.number, '', t.wording FROM cmo_configurationstatement s"
            f" JOIN cmo_statement t ON t.id = s.statement_id WHERE s.configuration_id IN ({marks})"
            f" AND t.state <> 'retired' UNION ALL {kin} UNION ALL {weighed_sql('configuration_id', marks)}"
            f" UNION ALL {verdict_sql('configuration', marks, _VERDICTS)}",
            keys * 5,
        )
        found = cursor.fetchall()
    for key, number, end, wording in sorted(found, key=itemgetter(1)):
        if not end:
            rows[key].statements.append((number, wording))
    for key, lineage in lineages((row for row in found if row[2] not in OF_OTHERS), "CMO").items():
        rows[key].lineage = lineage
    for key, evidence in weighed(found).items():
        rows[key].evidence = evidence
    for key, verdicts in verdicts_in((row[0], row[1], row[3]) for row in found if row[2] == JUDGED).items():
        rows[key].verdicts = verdicts


OF_OTHERS = ("", EVIDENCE, JUDGED)  # what marks the rows that are no kin
_VERDICTS = f"{{record}}, {{place}}, '{JUDGED}', {{said}}"


def configuration_row(configuration: Configuration, slots: Slots) -> ConfigurationRow:
    return configuration_rows([configuration], slots)[0]


def find_configuration(programme: Programme, number: int) -> Configuration:
    """The configuration with this number, or Http404."""
    found = configurations_of(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such configuration.")
    found.programme = programme
    return found


def configurations_named(
    programme: Programme, labels: Sequence[Any], *, field: str = "configurations"
) -> list[Configuration]:
    """The configurations with these labels ("CMO3"), in this order, in one query. Raises ValidationError (field)."""
    numbers = [number_in("CMO", label, field=field) for label in labels]
    found = {one.number: one for one in Configuration.objects.filter(programme=programme, number__in=numbers)}
    for number in numbers:
        if number not in found:
            said = _("There is no configuration CMO%(n)s in this programme.") % {"n": number}
            raise ValidationError({field: said})
    return [found[number] for number in numbers]


def statements_named(programme: Programme, labels: Sequence[Any], *, field: str = "statements") -> list[Statement]:
    """The statements with these labels ("S7"), in this order, in one query. Raises ValidationError (field)."""
    numbers = [number_in("S", label, field=field) for label in labels]
    found = {one.number: one for one in Statement.objects.filter(programme=programme, number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise ValidationError({field: _("There is no statement S%(n)s in this programme.") % {"n": number}})
    return [found[number] for number in numbers]


# ---------------------------------------------------------------- links and ripples


def ripple_row(ripple: Ripple) -> LinkRow:
    link = ripple.link
    return LinkRow(
        number=link.number if link else None,
        kind=LinkKind.RIPPLE.value,
        source=f"CMO{ripple.source}",
        target=f"CMO{ripple.target}",
        element=ripple.element.label,
        name=link.name if link else "",
        note=link.note if link else "",
        revision=link.revision_number if link else None,
    )


def stated_row(link: Link) -> LinkRow:
    """A link with `source`, `target` and `element` at hand."""
    return LinkRow(
        number=link.number,
        kind=link.kind,
        source=link.source.label,
        target=link.target.label,
        element=link.element.label if link.element else None,
        name=link.name,
        note=link.note,
        retired=link.retired,
        revision=link.revision_number,
    )


def stated_links(programme: Programme) -> "QuerySet[Link]":
    """Links that somebody stated or described, by number, retired ones too."""
    found = Link.objects.filter(programme=programme).select_related("source", "target", "element")
    return found.order_by("number")


def _put_links(rows: dict[int, ConfigurationRow]) -> None:
    """Stated links between current configurations, and ripples, on the rows at either end; three queries."""
    if not rows:
        return
    programme = next(iter(rows.values())).configuration.programme
    stated = stated_links(programme).filter(retired=False).exclude(kind=LinkKind.RIPPLE)
    touching = stated.filter(Q(source__in=rows) | Q(target__in=rows))
    current = touching.exclude(source__state=State.RETIRED).exclude(target__state=State.RETIRED)
    for link in current:
        for end in dict.fromkeys((link.source_id, link.target_id)):
            if end in rows:
                rows[end].links.append(stated_row(link))
    by_number = {row.configuration.number: row for row in rows.values()}
    ripples = ripples_of(programme, list(rows))
    for number, row in by_number.items():
        found, total = ripples.touching(number, MOST_RIPPLES)
        row.links += map(ripple_row, found)
        row.links_more = total - len(found)
