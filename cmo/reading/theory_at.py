"""Owns the whole theory as it stood in a snapshot, or as it stands now: both are read from the same revisions.

Each part is read once, when it is first asked for, in a fixed number of queries.
"""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from django.db.models import F

from cmo import wording as parsing
from cmo.figures.graph import Graph
from cmo.models import (
    Configuration,
    ConfigurationRevision,
    ConfigurationRevisionElement,
    ConfigurationRevisionStatement,
    Element,
    ElementRevision,
    ElementRevisionTheme,
    Priority,
    RevisionTheme,
    Snapshot,
    SnapshotStatement,
    SnapshotTheme,
    StatementRevision,
    VerdictRevision,
)
from cmo.models.saying import record_moved
from cmo.phase_words import WORKING
from cmo.reading.configurations import ConfigurationRow, LinkRow, PlacedRow
from cmo.reading.elements import ElementRow
from cmo.reading.kin import OLDER, YOUNGER, Kin, Lineage
from cmo.reading.parts import part_now, parts_then
from cmo.reading.slots import Slots, slots_made
from cmo.reading.statements import StatementRow, Tag, tag_order
from cmo.reading.theory_links import graph_made, link_of, place_of, put_links
from cmo.reading.verdicts import VerdictLine
from cmo.vocabulary import TRAITS, Lacks, Slot, State
from cmo.weighing import NOTHING, Counted
from programmes.models import Programme, Theme
from programmes.reading.codebook import themes_of
from programmes.rules.classifying import WORDS as THEME_WORDS

WRITER = ("author__username", "author__first_name", "author__last_name")
ELEMENT_WORDS = ("kind", "text", *TRAITS, "formal_theory", "state")
CONFIGURATION_WORDS = ("nickname", "plain", "narrative", "testing", "state")


class TheoryAt:
    """A programme's theory at one moment; `snapshot` None means now."""

    def __init__(self, programme: Programme, snapshot: Snapshot | None = None) -> None:
        self.programme, self.snapshot = programme, snapshot
        self._parts: dict[str, Any] | None = None

    @property
    def slug(self) -> str:
        return self.snapshot.slug if self.snapshot else WORKING

    def _standing(self, owner: str, at: str = "") -> dict[str, Any]:
        """The filter that finds the revisions which stood; `at` leads to them, such as "revision__"."""
        if self.snapshot is not None:
            return {f"{at}frozen__snapshot": self.snapshot}
        return {f"{at}{owner}__programme": self.programme, f"{at}number": F(f"{at}{owner}__revision_number")}

    def part(self, kind: str) -> Any:
        """What has no revisions of its own, by its kind in reading/parts."""
        if self._parts is None:
            self._parts = parts_then(self.snapshot) if self.snapshot else {}
        if kind not in self._parts:
            self._parts[kind] = part_now(self.programme, kind)
        return self._parts[kind]

    @cached_property
    def slots(self) -> Slots:
        found = self.part("slots")
        return slots_made(found["slots"], found["revision"])

    @cached_property
    def area_titles(self) -> dict[str, str]:
        """{slug: title} in order, retired ones too."""
        return {area["slug"]: area["title"] for area in self.part("areas")}

    @cached_property
    def phase_titles(self) -> dict[str, str]:
        return {phase["slug"]: phase["title"] for phase in self.part("phases")}

    # ---- the codebook

    @cached_property
    def themes(self) -> list[Theme]:
        """All themes, retired ones too, with parents and paths as they were."""
        if self.snapshot is None:
            return themes_of(self.programme)
        rows = SnapshotTheme.objects.filter(snapshot=self.snapshot).select_related("revision__theme")
        made = {row.revision.theme_id: _theme(self.programme, row) for row in rows.order_by("revision__theme")}
        for row in rows:
            theme, was = made[row.revision.theme_id], row.revision
            theme.parent = made.get(was.parent_id) if was.parent_id else None
            theme.merged_into = made.get(was.merged_into_id) if was.merged_into_id else None
        for theme in made.values():
            theme.path = _path(theme)
        return list(made.values())

    @cached_property
    def tags(self) -> dict[int, Tag]:
        return {theme.pk: Tag(theme.label, theme.code, theme.name) for theme in self.themes}

    def _tagged(self, pairs: Iterable[tuple[int, int]]) -> dict[int, list[Tag]]:
        found: dict[int, list[Tag]] = {}
        for revision, theme in pairs:
            found.setdefault(revision, []).append(self.tags[theme])
        for tags in found.values():
            tags.sort(key=tag_order)
        return found

    # ---- statements

    @cached_property
    def statements(self) -> list[StatementRow]:
        """All statements by number, retired ones too."""
        rows = StatementRevision.objects.filter(**self._standing("statement")).order_by("statement__number")
        found = list(rows.values_list(
            "pk", "statement", "statement__uid", "statement__number", "wording", "parts", "parts_by_hand", "state",
            "statement__cites", "number", "statement__created", "at", "area__slug", "statement__origin__slug", *WRITER,
        ))  # fmt: skip
        carried = RevisionTheme.objects.filter(**self._standing("statement", "revision__")).order_by("pk")
        tags = self._tagged(carried.values_list("revision", "theme"))
        spelled, marked = self._spelled_by, self._priorities
        made = []
        for pk, key, uid, number, wording, parts, by_hand, state, cites, revision, *more in found:
            created, at, area, phase, *who = more
            themes = tags.get(pk, [])
            made.append(StatementRow(
                key, uid, number, wording, parts, by_hand, state, cites, _lacks(wording, parts, themes), revision,
                created, at, area, self.area_titles.get(area or ""), phase, self.phase_titles.get(phase or ""),
                who[0], who[1], who[2], 1 if key in marked else None, themes,
                configurations=spelled.get(key, []), lineage=self.lineage.get(f"S{number}", Lineage()),
                evidence=self.evidence.get(f"S{number}", NOTHING),
                verdicts=self.verdicts_on.get(f"S{number}", []),
            ))  # fmt: skip
        return made

    @cached_property
    def by_number(self) -> dict[int, StatementRow]:
        return {row.number: row for row in self.statements}

    @cached_property
    def _priorities(self) -> set[int]:
        if self.snapshot is None:
            return set(Priority.objects.filter(statement__programme=self.programme).values_list("statement", flat=True))
        marked = SnapshotStatement.objects.filter(snapshot=self.snapshot, priority=True)
        return set(marked.values_list("revision__statement", flat=True))

    @cached_property
    def _spellings(self) -> list[tuple[int, int, str, int, int]]:
        """(revision, number and state of the configuration, key and number of the statement) of all spelled out."""
        rows = ConfigurationRevisionStatement.objects.filter(**self._standing("configuration", "revision__"))
        return list(rows.order_by("revision__configuration__number", "statement__number").values_list(
            "revision", "revision__configuration__number", "revision__state", "statement", "statement__number"
        ))  # fmt: skip

    @cached_property
    def _spelled_by(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for _revision, number, state, statement, _label in self._spellings:
            if state != State.RETIRED:
                found.setdefault(statement, []).append(f"CMO{number}")
        return found

    @cached_property
    def lineage(self) -> dict[str, Lineage]:
        """{label: its direct kin} by the acts that stood."""
        found: dict[str, Lineage] = {}
        for act in self.part("lineage"):
            for older in act["older"]:
                for younger in act["younger"]:
                    found.setdefault(younger, Lineage()).put(OLDER, Kin(older, act["kind"]))
                    found.setdefault(older, Lineage()).put(YOUNGER, Kin(younger, act["kind"]))
        return found

    # ---- elements and configurations

    @cached_property
    def elements(self) -> list[ElementRow]:
        """All elements by number, retired ones too."""
        found = list(
            ElementRevision.objects.filter(**self._standing("element"))
            .select_related("element", "author")
            .order_by("element__number")
        )
        carried = ElementRevisionTheme.objects.filter(**self._standing("element", "revision__")).order_by("pk")
        tags = self._tagged(carried.values_list("revision", "theme"))
        standing: dict[int, list[tuple[str, str]]] = {}
        for number, state, element, role in self._places:
            if state != State.RETIRED:
                standing.setdefault(element, []).append((f"CMO{number}", role))
        return [
            ElementRow(_element(self.programme, one), tags.get(one.pk, []), standing.get(one.element_id, []))
            for one in found
        ]

    @cached_property
    def _placings(self) -> list[ConfigurationRevisionElement]:
        rows = ConfigurationRevisionElement.objects.filter(**self._standing("configuration", "revision__"))
        return list(rows.select_related("revision__configuration").order_by("revision", "position"))

    @cached_property
    def _places(self) -> list[tuple[int, str, int, str]]:
        """(number and state of the configuration, key of the element, role), by number and position."""
        rows = [(one.revision.configuration.number, one.position, one.revision.state, one.element_id, one.role)
                for one in self._placings]  # fmt: skip
        return [(number, state, element, role) for number, _at, state, element, role in sorted(rows)]

    @cached_property
    def configurations(self) -> list[ConfigurationRow]:
        """All configurations by number, retired ones too, with what stands in them, their links and ripples."""
        found = list(
            ConfigurationRevision.objects.filter(**self._standing("configuration"))
            .select_related("configuration__origin", "area", "author")
            .order_by("configuration__number")
        )
        elements = {row.element.pk: row.element for row in self.elements}
        placed: dict[int, list[PlacedRow]] = {}
        for one in self._placings:
            row = PlacedRow(elements[one.element_id], Slot(one.role), one.position, one.wording, one.activation)
            placed.setdefault(one.revision_id, []).append(row)
        rows = []
        for revision in found:
            here = sorted(placed.get(revision.pk, []), key=lambda one: (self.slots.order(one.role), one.position))
            label = f"CMO{revision.configuration.number}"
            rows.append(ConfigurationRow(
                self._configuration(revision), self.slots, here, self._spelled(revision.pk),
                lineage=self.lineage.get(label, Lineage()), evidence=self.evidence.get(label, NOTHING),
                verdicts=self.verdicts_on.get(label, []),
            ))  # fmt: skip
        put_links(rows, self.part("links"))
        return rows

    def _configuration(self, was: ConfigurationRevision) -> Configuration:
        one = was.configuration
        words = {name: getattr(was, name) for name in CONFIGURATION_WORDS}
        if was.area is not None:
            was.area.title = self.area_titles.get(was.area.slug, was.area.title)
        return Configuration(
            pk=one.pk, uid=one.uid, programme=self.programme, number=one.number, origin=one.origin, area=was.area,
            revision_number=was.number, created=one.created, updated=was.at, updated_by=was.author, **words,
        )  # fmt: skip

    @cached_property
    def _wordings(self) -> dict[int, str]:
        return {row.pk: row.wording for row in self.statements if row.state != State.RETIRED}

    @cached_property
    def _spelled_in(self) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        for revision, _number, _state, statement, number in self._spellings:
            if statement in self._wordings:
                found.setdefault(revision, []).append((number, self._wordings[statement]))
        return found

    def _spelled(self, revision: int) -> list[tuple[int, str]]:
        return self._spelled_in.get(revision, [])

    def links(self, *, kinds: Collection[str], touching: Collection[str], retired: bool) -> list[LinkRow]:
        """Links from the first configuration to the last, ripples too, or those that were retired; of these kinds and
        touching these configurations ("CMO3") alone, where any are given."""
        if retired:
            found = [link_of(one) for one in self.part("links") if one["state"] == "retired"]
        else:
            seen = {(link.kind, link.source, link.target, link.element): link
                    for row in self.configurations for link in row.links}  # fmt: skip
            found = list(seen.values())
        if kinds:
            found = [link for link in found if link.kind in kinds]
        if touching:
            found = [link for link in found if {link.source, link.target} & set(touching)]
        return sorted(found, key=lambda link: place_of(link))

    @cached_property
    def graph(self) -> Graph:
        """The theory as the map draws it."""
        title = self.part("programme")["title"]
        return graph_made(
            self.elements, self.configurations, self.part("links"), slots=self.slots, areas=self.area_titles,
            title=title,
        )  # fmt: skip

    # ---- of all records

    @cached_property
    def states(self) -> dict[str, str]:
        """{label: state} of statements and configurations."""
        return {row.label: row.state for row in self.statements} | {
            row.label: row.configuration.state for row in self.configurations
        }

    # ---- verdicts and evidence

    @cached_property
    def verdicts(self) -> list[VerdictLine]:
        """All verdicts by phase, the team's and the members' own."""
        rows = VerdictRevision.objects.filter(**self._standing("of")).select_related(
            "of__phase", "of__statement", "of__configuration", "author"
        )
        rows = rows.annotate(stale=record_moved("at", "of__", self._standing)).prefetch_related("rests_on__bearing")
        rows = rows.order_by("of__phase__position", "of__number")
        return [VerdictLine.of(one) for one in rows]

    @cached_property
    def verdicts_on(self) -> dict[str, list[dict[str, str]]]:
        """{label: the team's verdicts on it, by phase}, as lists show them."""
        found: dict[str, list[dict[str, str]]] = {}
        for line in self.verdicts:
            if line.team:
                found.setdefault(line.record, []).append({"phase": line.phase, "verdict": line.verdict})
        return found

    @cached_property
    def evidence(self) -> dict[str, Counted]:
        """{label: how much evidence it had}, of those that had any."""
        return {label: Counted(**counts) for label, counts in self.part("evidence")["on"].items()}

    @property
    def few_counts(self) -> dict[str, int]:
        """Of `counts`, those that are read with the statements and the evidence."""
        return {
            "statements": sum(row.state != State.RETIRED for row in self.statements),
            "sources": self.part("evidence")["sources"],
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many records in use there are of each kind."""
        return {
            "statements": sum(row.state != State.RETIRED for row in self.statements),
            "configurations": sum(row.configuration.state != State.RETIRED for row in self.configurations),
            "elements": sum(row.element.state != State.RETIRED for row in self.elements),
            "themes": sum(not theme.retired for theme in self.themes),
            "areas": sum(not area["retired"] for area in self.part("areas")),
            "verdicts": sum(line.team for line in self.verdicts),
            "sources": self.part("evidence")["sources"],
            "excerpts": self.part("evidence")["excerpts"],
        }


def _theme(programme: Programme, row: SnapshotTheme) -> Theme:
    """A theme as it was, which is never saved; its parent and path are put in by the caller."""
    was, one = row.revision, row.revision.theme
    return Theme(
        pk=one.pk, uid=one.uid, programme=programme, position=row.position, revision_number=was.number,
        created=one.created, updated=was.at, retired=was.retired, **{name: getattr(was, name) for name in THEME_WORDS},
    )  # fmt: skip


def _path(theme: Theme) -> str:
    ids = [theme.pk]
    above = theme.parent
    while above is not None and above.pk not in ids:
        ids.append(above.pk)
        above = above.parent
    return "/" + "".join(f"{pk}/" for pk in reversed(ids))


def _element(programme: Programme, was: ElementRevision) -> Element:
    one = was.element
    return Element(
        pk=one.pk, uid=one.uid, programme=programme, number=one.number, revision_number=was.number,
        created=one.created, updated=was.at, updated_by=was.author,
        **{name: getattr(was, name) for name in ELEMENT_WORDS},
    )  # fmt: skip


def _lacks(wording: str, parts: list[Any], themes: list[Tag]) -> int:
    because = parsing.part_text(wording, parsing.unpack(parts), parsing.Part.BECAUSE)
    return (0 if because else Lacks.BECAUSE) | (0 if themes else Lacks.THEMES)
