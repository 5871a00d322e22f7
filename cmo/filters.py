"""Owns the filter of statements: one set for the page and the API, so that both show the same rows."""

import copy
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.models import Bearing, Statement, Tally, TheoryArea
from cmo.models import Verdict as Judged
from cmo.phase_words import UNJUDGED, VERDICTS
from cmo.reading.areas import areas_of
from cmo.rules.indexing import STATEMENT
from cmo.vocabulary import Gap, Lacks, State
from programmes.models import Phase, Programme
from programmes.reading.codebook import Codes
from programmes.reading.searching import Holding, holding
from programmes.reading.team import evidence_shown, phases_of
from programmes.vocabulary import NO_EVIDENCE

ORDERINGS = ("number", "-number", "area", "-area", "updated", "-updated")
NO_AREA = "none"
EVIDENCE = [("yes", gettext_lazy("With evidence")), ("no", gettext_lazy("Without evidence"))]
PRIORITY = [("yes", gettext_lazy("Priority")), ("no", gettext_lazy("No priority"))]
# What the form makes of a query without any of its parameters, which most are; it takes long to build.
NOTHING: dict[str, Any] = {
    "search": "", "theme": [], "area": [], "state": [], "phase": [], "incomplete": [], "priority": "",
    "has_evidence": "", "verdict": [], "ordering": "",
}  # fmt: skip


def judged(rows: Any, of: str, wanted: list[str]) -> Any:
    """Of records of a kind, those about which the last phase with a verdict of the team found one of these."""
    given = Judged.objects.filter(team=True, **{of: OuterRef("pk")}).order_by("-phase__position", "-pk")
    found = rows.alias(found=Subquery(given.values("verdict")[:1]))
    none = Q(found=None) if UNJUDGED in wanted else Q(pk__in=[])
    return found.filter(Q(found__in=[one for one in wanted if one != UNJUDGED]) | none)


class Several(forms.MultipleChoiceField):
    """Any of several words: `?state=draft&state=agreed`, or with commas."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, named: str = "", **more: Any) -> None:
        super().__init__(**more)
        self.named = named

    def to_python(self, value: Any) -> list[str]:
        return [part for given in super().to_python(value) for part in given.split(",") if part]

    def validate(self, value: list[str]) -> None:
        if not value:
            return
        choices: Any = self.choices
        known = [str(key) for key, _label in choices]
        for part in value:
            if part not in known:
                said = _("There is no %(what)s “%(value)s”; known are: %(known)s.")
                raise ValidationError(
                    said % {"what": self.named, "value": part[:60], "known": ", ".join(known) or _("none")}
                )


class Tags(Several):
    """Codes or ids of themes; checked against the codebook by the filter."""

    def validate(self, value: list[str]) -> None:
        if len(value) > 100:
            raise ValidationError(_("Ask for at most 100 themes at once."))


class SeveralFilter(django_filters.Filter):
    field_class = Several


class TagsFilter(django_filters.Filter):
    field_class = Tags


class Copied(dict[str, django_filters.Filter]):
    """The filters of a class; each set has its own copies, without what none of them changes, which most requests would
    copy in vain."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Copied":
        made = Copied((name, copy.copy(one)) for name, one in self.items())
        for one in made.values():
            one.extra = dict(one.extra)
            one.method = one.method  # which is asked of the copy's own set from here on
        return made


class Filters(django_filters.FilterSet):
    """What all filters of lists begin with."""

    @classmethod
    def get_filters(cls) -> Copied:
        return Copied(super().get_filters())


def resting(rows: Any, programme: Programme, record: str, yes: bool) -> Any:
    """Of `rows` those that a bearing in use is on, or the others. Raises ValidationError (has_evidence) where whoever
    asks does not see evidence: what a filter finds says how much there is."""
    if not evidence_shown(programme):
        raise ValidationError({"has_evidence": str(NO_EVIDENCE)})
    bears = Exists(Bearing.objects.current().filter(**{record: OuterRef("pk")}))
    return rows.filter(bears if yes else ~bears)


class StatementFilter(Filters):
    """Which statements: words, themes with all below them, area, state, phase of origin, gaps; and in which order.

    Without `state`, retired statements are left out. Each parameter takes several values, of which any may hold; all
    parameters must hold together.
    """

    search = django_filters.CharFilter(method="with_words", label=gettext_lazy("Words in the statement"))
    theme = TagsFilter(method="with_theme", label=gettext_lazy("Themes"), required=False)
    area = SeveralFilter(method="in_area", label=gettext_lazy("Theory area"), required=False, named="area")
    state = SeveralFilter(
        method="in_state", label=gettext_lazy("State"), choices=State.choices, required=False, named="state"
    )
    phase = SeveralFilter(method="from_phase", label=gettext_lazy("First stated in"), required=False, named="phase")
    incomplete = SeveralFilter(
        method="with_gap", label=gettext_lazy("Worth a look"), choices=Gap.choices, required=False, named="gap"
    )
    priority = django_filters.ChoiceFilter(
        method="is_priority", label=gettext_lazy("Priority"), choices=PRIORITY, required=False, null_label=None,
        error_messages={"invalid_choice": gettext_lazy("Write yes or no.")},
    )  # fmt: skip
    has_evidence = django_filters.ChoiceFilter(
        method="rests_on_evidence", label=gettext_lazy("Evidence"), choices=EVIDENCE, required=False, null_label=None,
        error_messages={"invalid_choice": gettext_lazy("Write yes or no.")},
    )  # fmt: skip
    verdict = SeveralFilter(
        method="with_verdict", label=gettext_lazy("Verdict"), choices=VERDICTS, required=False, named="verdict"
    )
    ordering = django_filters.CharFilter(method="in_order", label=gettext_lazy("Order"))

    class Meta:
        model = Statement
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, codes: Codes | None = None, order: str = "number") -> None:
        super().__init__(data, queryset=Statement.objects.of(programme))
        self.programme = programme
        self._codes = codes
        self._holding: dict[str, Holding] = {}  # asked for once, although rows and count both need it
        self.order = order
        # Functions, not methods: forms copy their fields deeply, and a method would bring all of this along.
        self.filters["area"].extra["choices"] = lambda: self._area_choices()
        self.filters["phase"].extra["choices"] = lambda: self._phase_choices()

    @cached_property
    def areas(self) -> dict[str, TheoryArea]:
        """{slug: area}; asked for only when a parameter or the page needs them, as phases are."""
        return {area.slug: area for area in areas_of(self.programme)}

    @cached_property
    def phases(self) -> dict[str, Phase]:
        return {phase.slug: phase for phase in phases_of(self.programme)}

    def _area_choices(self) -> list[tuple[str, Any]]:
        return [*((slug, area.title) for slug, area in self.areas.items()), (NO_AREA, _("Without an area"))]

    def _phase_choices(self) -> list[tuple[str, Any]]:
        return [(slug, phase.title) for slug, phase in self.phases.items()]

    @property
    def codes(self) -> Codes:
        if self._codes is None:
            self._codes = Codes(self.programme)
        return self._codes

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for, checked. Raises ValidationError with one sentence a parameter."""
        if not any(name in self.data for name in self.filters):
            return dict(NOTHING)
        if not self.form.is_valid():
            raise ValidationError({name: list(said) for name, said in self.form.errors.items()})
        return dict(self.form.cleaned_data)

    def rows(self) -> "QuerySet[Statement]":
        """The statements asked for, in the order asked for. Raises ValidationError."""
        asked = self.asked
        return self.in_order(self._found(asked), "ordering", asked["ordering"] or self.order)

    def _found(self, asked: dict[str, Any]) -> "QuerySet[Statement]":
        found = Statement.objects.of(self.programme)
        if not asked["state"]:
            found = found.current()
        for name, value in asked.items():
            if value and name != "ordering":
                found = self.filters[name].filter(found, value)
        return found

    def count(self) -> int:
        """How many statements are found; from the tally unless words or themes are asked for."""
        asked = self.countable
        if asked is None:
            words = self._only_words()
            counted = self._held(words).count_in_use() if words else None
            return self.rows().count() if counted is None else counted
        tallies = Tally.objects.filter(programme=self.programme)
        for name, values in asked.items():
            if values:
                tallies = tallies.filter(**{f"{name}__in": list(values)})
        return tallies.aggregate(n=Sum("n"))["n"] or 0

    def _only_words(self) -> str:
        """The words asked for, when nothing else is."""
        others = {**self.asked, "search": "", "ordering": ""}
        return "" if any(others.values()) else str(self.asked["search"])

    def count_with(self, **other: Any) -> int:
        """How many statements there would be with `other` values of some parameters."""
        return self._found({**self.asked, **other}).count()

    def without_each(self) -> dict[str, int]:
        """{parameter: how many statements there would be without it}, for each parameter in use; one query for all."""
        asked, counts, given = self.asked, [], list[Any]()
        used = [name for name, value in asked.items() if value and name != "ordering"]
        for name in used:
            rows = self._found({**asked, name: NOTHING[name]}).order_by().values("pk")
            try:
                sql, values = rows.query.sql_with_params()
            except EmptyResultSet:
                sql, values = "SELECT 1 WHERE 1 = 0", ()
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS without_{name})")
            given += values
        if not used:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}", given)
            return dict(zip(used, cursor.fetchone(), strict=True))

    @property
    def countable(self) -> dict[str, set[Any]] | None:
        """The question in the terms of the tally, or None when only the rows themselves can be counted."""
        asked = self.asked
        if any(asked[name] for name in ("search", "theme", "priority", "has_evidence", "verdict")):
            return None
        return {
            "area_key": {self._area_key(slug) for slug in asked["area"]},
            "state": set(asked["state"]) or {State.DRAFT, State.AGREED},
            "origin_key": {self.phases[slug].pk for slug in asked["phase"]},
            "lacks": {bits for bits in range(4) if any(bits & Lacks.BIT[Gap(gap)] for gap in asked["incomplete"])}
            if asked["incomplete"]
            else set(),
        }

    def _area_key(self, slug: str) -> int:
        return self.areas[slug].pk if slug in self.areas else 0

    # ---- one method a parameter

    def with_words(self, rows: "QuerySet[Statement]", name: str, value: str) -> "QuerySet[Statement]":
        return self._held(value).among(rows)

    def _held(self, value: str) -> Holding:
        if value not in self._holding:
            self._holding[value] = holding(self.programme, STATEMENT, value)
        return self._holding[value]

    def with_theme(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        themes = self.codes.find(value, field_name="theme")
        paths = tuple(theme.path for theme in themes)
        below = [theme.pk for theme in self.codes.themes if theme.path.startswith(paths)]
        return rows.under(below)  # type: ignore[attr-defined,no-any-return]

    def in_area(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        keys = [self._area_key(slug) for slug in value]
        nowhere = Q(area=None) if 0 in keys else Q()
        return rows.filter(Q(area__in=[key for key in keys if key]) | nowhere if any(keys) else nowhere)

    def in_state(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        return rows.filter(state__in=value)

    def from_phase(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        return rows.filter(origin__in=[self.phases[slug].pk for slug in value])

    def with_gap(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        wanted = [bits for bits in range(4) if any(bits & Lacks.BIT[Gap(gap)] for gap in value)]
        return rows.filter(lacks__in=wanted)

    def is_priority(self, rows: "QuerySet[Statement]", name: str, value: str) -> "QuerySet[Statement]":
        return rows.filter(priority__isnull=value == "no")

    def rests_on_evidence(self, rows: "QuerySet[Statement]", name: str, value: str) -> "QuerySet[Statement]":
        return resting(rows, self.programme, "statement", value == "yes")  # type: ignore[no-any-return]

    def with_verdict(self, rows: "QuerySet[Statement]", name: str, value: list[str]) -> "QuerySet[Statement]":
        return judged(rows, "statement", value)

    def in_order(self, rows: "QuerySet[Statement]", name: str, value: str) -> "QuerySet[Statement]":
        if value not in ORDERINGS:
            said = _("Order by one of: %(known)s.") % {"known": ", ".join(ORDERINGS)}
            raise ValidationError({"ordering": said})
        down, key = ("-", value[1:]) if value.startswith("-") else ("", value)
        fields = {"number": ["number"], "area": ["area_position", "number"], "updated": ["updated", "number"]}[key]
        return rows.order_by(*(f"{down}{field}" for field in fields))
