"""Owns the filters of elements and configurations: one set each, so that page, map and API show the same rows."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.filters import EVIDENCE, NO_AREA, Filters, SeveralFilter, Tags, TagsFilter, judged, resting
from cmo.models import (
    Configuration,
    ConfigurationElement,
    ConfigurationStatement,
    Element,
    ElementTheme,
    StatementTheme,
    TheoryArea,
)
from cmo.phase_words import VERDICTS
from cmo.reading.areas import areas_of
from cmo.reading.configurations import configurations_of, statements_named
from cmo.reading.elements import elements_named, elements_of
from cmo.reading.slots import Slots, slots_of
from cmo.rules.indexing import CONFIGURATION, ELEMENT
from cmo.vocabulary import MECHANISMS, Kind, Sign, Slot, State
from programmes.lexing import LONGEST
from programmes.models import Phase, Programme
from programmes.reading.codebook import Codes
from programmes.reading.searching import MOST_WORDS, holding
from programmes.reading.team import phases_of

NONE = "none"


class Labels(Tags):
    """Labels of records (S7, E12), or `none`; looked up by the filter."""


class LabelsFilter(django_filters.Filter):
    field_class = Labels


class StructureFilter(Filters):
    """What the filters of elements and of configurations share.

    Without `state`, retired records are left out. Each parameter takes several values, of which any may hold; all
    parameters must hold together.
    """

    orderings: ClassVar[dict[str, list[Any]]]

    def __init__(
        self,
        data: Any,
        *,
        programme: Programme,
        codes: Codes | None = None,
        slots: Slots | None = None,
        order: str = "number",
    ) -> None:
        super().__init__(data, queryset=self.all_of(programme))
        self.programme = programme
        self.order = order
        self._codes = codes
        self._slots = slots
        # Functions, not methods: forms copy their fields deeply, and a method would bring all of this along.
        for name, choices in self.choices().items():
            self.filters[name].extra["choices"] = choices

    all_of: Callable[[Programme], Any]  # all records of its kind, retired ones too: what a filter of this kind writes

    def choices(self) -> dict[str, Any]:
        """{parameter: function that says its choices}, for those that the programme decides."""
        return {"area": lambda: [*((area.slug, area.title) for area in self.areas.values()), (NO_AREA, _("No area"))]}

    @cached_property
    def areas(self) -> dict[str, TheoryArea]:
        """{slug: area}; asked for only when a parameter or the page needs them, as all that follows."""
        return {area.slug: area for area in areas_of(self.programme)}

    @property
    def codes(self) -> Codes:
        if self._codes is None:
            self._codes = Codes(self.programme)
        return self._codes

    @property
    def slots(self) -> Slots:
        if self._slots is None:
            self._slots = slots_of(self.programme)
        return self._slots

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for, checked. Raises ValidationError with one sentence a parameter."""
        if not any(name in self.data for name in self.filters):
            return dict.fromkeys(self.filters, "")
        if not self.form.is_valid():
            raise ValidationError({name: list(said) for name, said in self.form.errors.items()})
        return dict(self.form.cleaned_data)

    def rows(self) -> "QuerySet[Any]":
        """The records asked for, in the order asked for. Raises ValidationError."""
        asked = self.asked
        found = self.all_of(self.programme)
        if not asked["state"]:
            found = found.exclude(state=State.RETIRED)
        for name, value in asked.items():
            if value and name != "ordering":
                found = self.filters[name].filter(found, value)
        return self.in_order(found, "ordering", asked["ordering"] or self.order)

    def themes_below(self, labels: list[str]) -> list[int]:
        """Ids of these themes and of all below them. Raises ValidationError (theme)."""
        paths = tuple(theme.path for theme in self.codes.find(labels, field_name="theme"))
        return [theme.pk for theme in self.codes.themes if theme.path.startswith(paths)]

    def area_is(self, value: list[str], field: str) -> Q:
        """The condition that `field` is one of these areas, given by slug, or none."""
        keys = [self.areas[slug].pk for slug in value if slug != NO_AREA]
        return Q(**{f"{field}__in": keys}) | (Q(**{f"{field}__isnull": True}) if NO_AREA in value else Q(pk__in=[]))

    def statements(self, value: list[str]) -> list[int]:
        """Ids of the statements with these labels. Raises ValidationError (statement)."""
        labels = [label for label in value if label != NONE]
        return [one.pk for one in statements_named(self.programme, labels, field="statement")]

    def in_state(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        return rows.filter(state__in=value)

    def in_order(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        down, key = (True, value[1:]) if value.startswith("-") else (False, value)
        if key not in self.orderings:
            known = ", ".join(f"{key}, -{key}" for key in self.orderings)
            raise ValidationError({"ordering": _("Order by one of: %(known)s.") % {"known": known}})
        found = rows.order_by(*self.orderings[key])
        return found.reverse() if down else found


def _state() -> SeveralFilter:
    return SeveralFilter(
        method="in_state", label=gettext_lazy("State"), choices=State.choices, required=False, named="state"
    )


class ElementFilter(StructureFilter):
    """Which elements: words, kind, a role they play, themes with all below, where they stand; in which order."""

    search = django_filters.CharFilter(method="with_words", label=gettext_lazy("Words in the element"))
    kind = SeveralFilter(
        method="of_kind", label=gettext_lazy("Kind"), choices=Kind.choices, required=False, named="kind"
    )
    role = SeveralFilter(
        method="in_role", label=gettext_lazy("Stands somewhere as"), choices=Slot.choices, required=False, named="role"
    )
    theme = TagsFilter(method="with_theme", label=gettext_lazy("Themes"), required=False)
    area = SeveralFilter(
        method="in_area", label=gettext_lazy("Stands in the area"), required=False, named="area"
    )
    statement = LabelsFilter(method="of_statement", label=gettext_lazy("Spells out the statement"), required=False)
    state = _state()
    lone = SeveralFilter(
        method="standing_alone", label=gettext_lazy("Outside every configuration"), required=False, named="value",
        choices=[("true", gettext_lazy("Outside every configuration")), ("false", gettext_lazy("In a configuration"))],
    )  # fmt: skip
    ordering = django_filters.CharFilter(method="in_order", label=gettext_lazy("Order"))

    orderings: ClassVar[dict[str, list[Any]]] = {
        "number": ["number"],
        "kind": ["kind", "number"],
        "text": ["folded", "number"],
        "updated": ["updated", "number"],
    }

    class Meta:
        model = Element
        fields: list[str] = []

    def all_of(self, programme: Programme) -> "QuerySet[Element]":
        return elements_of(programme)

    # ---- one method a parameter

    def with_words(self, rows: "QuerySet[Element]", name: str, value: str) -> "QuerySet[Element]":
        return holding(self.programme, ELEMENT, value).among(rows)

    def of_kind(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        return rows.filter(kind__in=value)

    def in_role(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        return rows.filter(self._stands(role__in=value))

    def with_theme(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        carried = ElementTheme.objects.filter(theme__in=self.themes_below(value))
        return rows.filter(pk__in=carried.values("element"))

    def in_area(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        return rows.filter(self._stands(self.area_is(value, "configuration__area")))

    def of_statement(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        spelled = ConfigurationStatement.objects.filter(statement__in=self.statements(value))
        stands = self._stands(configuration__in=spelled.values("configuration"))
        if NONE in value:
            stands |= self._stands(configuration__spellings=None)
        return rows.filter(stands)

    def standing_alone(self, rows: "QuerySet[Element]", name: str, value: list[str]) -> "QuerySet[Element]":
        if len(set(value)) > 1:
            return rows
        return rows.filter(~self._stands() if value[0] == "true" else self._stands())

    def _stands(self, *where: Q, **more: Any) -> Q:
        """The condition that an element stands in a current configuration like this."""
        standing = ConfigurationElement.objects.filter(*where, element=OuterRef("pk"), **more)
        return Q(Exists(standing.exclude(configuration__state=State.RETIRED)))


class ConfigurationFilter(StructureFilter):
    """Which configurations: words, what stands in them, statements, area, phase of origin, gaps; in which order."""

    search = django_filters.CharFilter(method="with_words", label=gettext_lazy("Words in the configuration"))
    role = SeveralFilter(
        method="with_role", label=gettext_lazy("Has an element as"), choices=Slot.choices, required=False, named="role"
    )
    element = LabelsFilter(method="with_element", label=gettext_lazy("Element"), required=False)
    sign = SeveralFilter(
        method="with_sign", label=gettext_lazy("Sign of an outcome"), choices=Sign.choices, required=False, named="sign"
    )
    theme = TagsFilter(method="with_theme", label=gettext_lazy("Themes"), required=False)
    area = SeveralFilter(method="in_area", label=gettext_lazy("Theory area"), required=False, named="area")
    statement = LabelsFilter(method="of_statement", label=gettext_lazy("Spells out the statement"), required=False)
    state = _state()
    phase = SeveralFilter(method="from_phase", label=gettext_lazy("First made in"), required=False, named="phase")
    incomplete = SeveralFilter(method="with_gap", label=gettext_lazy("Gaps"), required=False, named="role")
    has_evidence = SeveralFilter(
        method="rests_on_evidence", label=gettext_lazy("Evidence"), choices=EVIDENCE, required=False, named="value"
    )
    verdict = SeveralFilter(
        method="with_verdict", label=gettext_lazy("Verdict"), choices=VERDICTS, required=False, named="verdict"
    )
    ordering = django_filters.CharFilter(method="in_order", label=gettext_lazy("Order"))

    orderings: ClassVar[dict[str, list[Any]]] = {
        "number": ["number"],
        "area": [F("area__position").asc(nulls_last=True), "number"],
        "updated": ["updated", "number"],
    }

    class Meta:
        model = Configuration
        fields: list[str] = []

    def all_of(self, programme: Programme) -> "QuerySet[Configuration]":
        return configurations_of(programme)

    def choices(self) -> dict[str, Any]:
        return {
            **super().choices(),
            "phase": lambda: [(slug, phase.title) for slug, phase in self.phases.items()],
            "incomplete": lambda: [(slot.role.value, slot.label) for slot in self.slots.rows],
        }

    @cached_property
    def phases(self) -> dict[str, Phase]:
        return {phase.slug: phase for phase in phases_of(self.programme)}

    # ---- one method a parameter

    def with_words(self, rows: "QuerySet[Configuration]", name: str, value: str) -> "QuerySet[Configuration]":
        """All words stand in what is said of the whole, or in one of its elements."""
        own = holding(self.programme, CONFIGURATION, value).among(rows)
        elements = holding(self.programme, ELEMENT, value).among(elements_of(self.programme))
        said_here = Q(*(Q(wording__icontains=word[:LONGEST]) for word in value.split()[:MOST_WORDS]))
        return rows.filter(
            Q(pk__in=own.order_by().values("pk"))
            | self._holds(element__in=elements.order_by().values("pk"))
            | self._holds(said_here)
        )

    def with_role(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        return rows.filter(self._holds(role__in=value))

    def with_element(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        return rows.filter(self._holds(element__in=elements_named(self.programme, value, field="element")))

    def with_sign(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        return rows.filter(self._holds(role=Slot.OUTCOME, element__sign__in=value))

    def with_theme(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        """An element in it carries the theme, or a statement that it spells out does."""
        themes = self.themes_below(value)
        elements = ElementTheme.objects.filter(theme__in=themes).values("element")
        statements = StatementTheme.objects.filter(theme__in=themes).values("statement")
        return rows.filter(self._holds(element__in=elements) | self._spells(statement__in=statements))

    def in_area(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        return rows.filter(self.area_is(value, "area"))

    def of_statement(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        spells = self._spells(statement__in=self.statements(value))
        return rows.filter(spells | ~self._spells(~Q(statement__state=State.RETIRED)) if NONE in value else spells)

    def from_phase(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        return rows.filter(origin__in=[self.phases[slug].pk for slug in value])

    def with_verdict(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        found: QuerySet[Configuration] = judged(rows, "configuration", value)
        return found

    def with_gap(self, rows: "QuerySet[Configuration]", name: str, value: list[str]) -> "QuerySet[Configuration]":
        """As Slots.gaps says: a mechanism that is not split fills the slots of its halves, and either half its own."""
        gaps = Q(pk__in=[])
        for role in map(Slot, value):
            fills = MECHANISMS if role == Slot.MECHANISM else {role, Slot.MECHANISM} if role in MECHANISMS else {role}
            gaps |= ~self._holds(role__in=fills)
        return rows.filter(gaps)

    def rests_on_evidence(
        self, rows: "QuerySet[Configuration]", name: str, value: list[str]
    ) -> "QuerySet[Configuration]":
        """On the whole, one of its elements in it or one of its joins."""
        if len(set(value)) > 1:
            return rows
        return resting(rows, self.programme, "configuration", value[0] == "yes")  # type: ignore[no-any-return]

    def _holds(self, *where: Q, **more: Any) -> Q:
        return Q(Exists(ConfigurationElement.objects.filter(*where, configuration=OuterRef("pk"), **more)))

    def _spells(self, *where: Q, **more: Any) -> Q:
        return Q(Exists(ConfigurationStatement.objects.filter(*where, configuration=OuterRef("pk"), **more)))
