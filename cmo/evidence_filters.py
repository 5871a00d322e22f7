"""Owns the filters of sources, excerpts and bearings: one set each, so that page and API show the same rows."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.evidence_words import ExcerptStatus, Stance
from cmo.filters import Filters, SeveralFilter, TagsFilter
from cmo.models import Bearing, Excerpt, ExcerptTheme
from cmo.reading.elements import number_in
from cmo.reading.evidence import bearings_of, excerpts_of, on_condition
from cmo.rules.indexing import EXCERPT
from cmo.structure_filters import LabelsFilter
from programmes.models import Phase, Programme, Site, Source
from programmes.reading.codebook import Codes
from programmes.reading.fieldwork import NONE, roles_written, sites_of, sources_of
from programmes.reading.searching import holding
from programmes.reading.team import phases_of
from programmes.rules.indexing import SOURCE
from programmes.source_roles import role_key
from programmes.vocabulary import Grade, SourceKind

STATES = [("current", gettext_lazy("In use")), ("retired", gettext_lazy("Retired"))]
YES_NO = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


def _one(method: str, label: Any, choices: Any = None) -> Any:
    more = {"choices": choices} if choices is not None else {}
    named = method.rpartition("_")[2]  # of_kind: "There is no kind …"
    return SeveralFilter(method=method, label=label, required=False, named=named, **more)


class EvidenceFilter(Filters):
    """What the three share: the source's kind, site, role and phase, words, themes; in use unless asked otherwise.

    Each parameter takes several values, of which any may hold; all parameters must hold together.
    """

    orderings: ClassVar[dict[str, list[Any]]]
    to_source: ClassVar[str]  # how a condition leads to the source: "source__"
    words_of: ClassVar[str]  # the kind of record whose words are looked at

    search = django_filters.CharFilter(method="with_words", label=gettext_lazy("Words"))
    kind = _one("of_kind", gettext_lazy("Kind"), SourceKind.choices)
    site = _one("at_site", gettext_lazy("Site"))
    role = LabelsFilter(method="of_role", label=gettext_lazy("Role"), required=False)
    phase = _one("in_phase", gettext_lazy("Phase"))
    state = _one("in_state", gettext_lazy("State"), STATES)
    ordering = django_filters.CharFilter(method="in_order", label=gettext_lazy("Order"))

    class Meta:
        model = Source
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, codes: Codes | None = None, order: str = "number") -> None:
        super().__init__(data, queryset=self.all_of(programme))
        self.programme, self.order, self._codes = programme, order, codes
        # Functions, not methods: forms copy their fields deeply, and a method would bring all of this along.
        self.filters["site"].extra["choices"] = lambda: [
            *((slug, site.name) for slug, site in self.sites.items()), (NONE, _("No site")),
        ]  # fmt: skip
        self.filters["phase"].extra["choices"] = lambda: [(slug, one.title) for slug, one in self.phases.items()]

    all_of: Callable[[Programme], Any]  # the rows of a programme that a filter of this kind begins with

    @cached_property
    def sites(self) -> dict[str, Site]:
        """{slug: site}; asked for only when a parameter or the page needs them, as all that follows."""
        return {site.slug: site for site in sites_of(self.programme)}

    @cached_property
    def phases(self) -> dict[str, Phase]:
        return {phase.slug: phase for phase in phases_of(self.programme)}

    @property
    def codes(self) -> Codes:
        if self._codes is None:
            self._codes = Codes(self.programme)
        return self._codes

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked for, checked. Raises ValidationError with one sentence a parameter."""
        if not any(name in self.data for name in self.filters):
            return dict.fromkeys(self.filters, "")
        if not self.form.is_valid():
            raise ValidationError({name: list(said) for name, said in self.form.errors.items()})
        return dict(self.form.cleaned_data)

    def rows(self) -> "QuerySet[Any]":
        """The records asked for, in the order asked for. Raises ValidationError."""
        found = self.all_of(self.programme)
        asked = self.asked
        if not asked["state"]:
            found = self.in_state(found, "state", ["current"])
        for name, value in asked.items():
            if value and name != "ordering":
                found = self.filters[name].filter(found, value)
        return self.in_order(found, "ordering", asked["ordering"] or self.order)

    # ---- one method a parameter

    def with_words(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return holding(self.programme, self.words_of, value).among(rows)

    def of_kind(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        return rows.filter(self._source(kind__in=value))

    def at_site(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        keys = [self.sites[slug].pk for slug in value if slug != NONE]
        none = self._source(site__isnull=True) if NONE in value else Q(pk__in=[])
        return rows.filter(self._source(site__in=keys) | none)

    def of_role(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        wanted = {role_key("" if role == NONE else role) for role in value}
        spelled = [role for role in ("", *roles_written(self.programme)) if role_key(role) in wanted]
        return rows.filter(self._source(role__in=spelled))

    def in_phase(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        return rows.filter(self._source(phase__in=[self.phases[slug].pk for slug in value]))

    def in_state(self, rows: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        if len(set(value)) > 1:
            return rows
        return rows.filter(self.in_use() if value[0] == "current" else ~self.in_use())

    def in_use(self) -> Q:
        return Q(retired=False)

    def in_order(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        down, key = (True, value[1:]) if value.startswith("-") else (False, value)
        if key not in self.orderings:
            known = ", ".join(f"{key}, -{key}" for key in self.orderings)
            raise ValidationError({"ordering": _("Order by one of: %(known)s.") % {"known": known}})
        found = rows.order_by(*self.orderings[key])
        return found.reverse() if down else found

    # ---- what several need

    def _source(self, **where: Any) -> Q:
        return Q(**{f"{self.to_source}{name}": value for name, value in where.items()})

    def sources(self, value: list[str]) -> Q:
        numbers = [number_in("Q", label, field="source") for label in value]
        return self._source(number__in=numbers)

    def carried(self, value: list[str]) -> Any:
        """Ids of the excerpts that carry one of these themes or one below it. Raises ValidationError (theme)."""
        paths = tuple(theme.path for theme in self.codes.find(value, field_name="theme"))
        below = [theme.pk for theme in self.codes.themes if theme.path.startswith(paths)]
        return ExcerptTheme.objects.filter(theme__in=below).values("excerpt")


class SourceFilter(EvidenceFilter):
    """Which sources: words, kind, site, role, phase; in which order."""

    to_source, words_of = "", SOURCE
    orderings: ClassVar[dict[str, list[Any]]] = {
        "number": ["number"],
        "name": ["pseudonym", "citation", "number"],
        "site": [F("site__position").asc(nulls_last=True), "number"],
        "dated": ["dated", "number"],
        "updated": ["updated", "number"],
    }

    def all_of(self, programme: Programme) -> "QuerySet[Source]":
        return sources_of(programme)


class ExcerptFilter(EvidenceFilter):
    """Which excerpts: words, source, kind, site, role, phase, themes with all below, what they bear on and how."""

    to_source, words_of = "source__", EXCERPT
    source = LabelsFilter(method="of_source", label=gettext_lazy("Source"), required=False)
    theme = TagsFilter(method="with_theme", label=gettext_lazy("Themes"), required=False)
    status = _one("of_status", gettext_lazy("Observed or not"), ExcerptStatus.choices)
    stance = _one("with_stance", gettext_lazy("Stance"), Stance.choices)
    on = LabelsFilter(method="bearing_on", label=gettext_lazy("Bears on"), required=False)
    linked = _one("is_linked", gettext_lazy("Linked"), YES_NO)
    orderings: ClassVar[dict[str, list[Any]]] = {
        "number": ["number"],
        "source": ["source__number", F("start").asc(nulls_last=True), "number"],
        "updated": ["updated", "number"],
    }

    def all_of(self, programme: Programme) -> "QuerySet[Excerpt]":
        return excerpts_of(programme)

    def in_use(self) -> Q:
        """Those whose source is in use as well; who names a source wants its excerpts, retired or not."""
        return Q(retired=False) if self.asked["source"] else Q(retired=False, source__retired=False)

    def of_source(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        return rows.filter(self.sources(value))

    def with_theme(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        return rows.filter(pk__in=self.carried(value))

    def of_status(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        return rows.filter(status__in=value)

    def with_stance(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        """With `on`, the stance of that very bearing."""
        on = self.asked.get("on") or []
        where = Q(stance__in=value) & (on_condition(self.programme, on) if on else Q())
        return rows.filter(self._bears(where))

    def bearing_on(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        return rows.filter(self._bears(on_condition(self.programme, value)))

    def is_linked(self, rows: "QuerySet[Excerpt]", name: str, value: list[str]) -> "QuerySet[Excerpt]":
        if len(set(value)) > 1:
            return rows
        return rows.filter(self._bears() if value[0] == "true" else ~self._bears())

    def _bears(self, *where: Q) -> Q:
        return Q(Exists(Bearing.objects.filter(*where, excerpt=OuterRef("pk"), retired=False)))


class BearingFilter(EvidenceFilter):
    """Which bearings: by words and themes of their excerpts, source, stance, what they are on, stale ones."""

    to_source, words_of = "excerpt__source__", EXCERPT
    source = LabelsFilter(method="of_source", label=gettext_lazy("Source"), required=False)
    theme = TagsFilter(method="with_theme", label=gettext_lazy("Themes"), required=False)
    stance = _one("with_stance", gettext_lazy("Stance"), Stance.choices)
    on = LabelsFilter(method="bearing_on", label=gettext_lazy("Bears on"), required=False)
    stale = _one("is_stale", gettext_lazy("Wording changed since"), YES_NO)
    inferred = _one("is_inferred", gettext_lazy("Inferred"), YES_NO)
    confidence = _one("of_confidence", gettext_lazy("Confidence"), [*Grade.choices, (NONE, gettext_lazy("Not said"))])
    excerpt = LabelsFilter(method="of_excerpt", label=gettext_lazy("Excerpt"), required=False)
    orderings: ClassVar[dict[str, list[Any]]] = {
        "number": ["number"],
        "excerpt": ["excerpt__number", "number"],
        "updated": ["updated", "number"],
    }

    def all_of(self, programme: Programme) -> "QuerySet[Bearing]":
        return bearings_of(programme)

    def in_use(self) -> Q:
        """Those whose excerpt and source are in use as well."""
        return Q(retired=False, excerpt__retired=False, excerpt__source__retired=False)

    def with_words(self, rows: "QuerySet[Bearing]", name: str, value: str) -> "QuerySet[Bearing]":
        excerpts = holding(self.programme, EXCERPT, value).among(Excerpt.objects.filter(programme=self.programme))
        return rows.filter(Q(excerpt__in=excerpts.values("pk")))

    def of_source(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(self.sources(value))

    def of_excerpt(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(excerpt__number__in=[number_in("X", label, field="excerpt") for label in value])

    def with_theme(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(excerpt__in=self.carried(value))

    def with_stance(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(stance__in=value)

    def bearing_on(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(on_condition(self.programme, value))

    def is_stale(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(Q(stale__in=[word == "true" for word in value]))  # annotated by bearings_of

    def is_inferred(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(inferred__in=[word == "true" for word in value])

    def of_confidence(self, rows: "QuerySet[Bearing]", name: str, value: list[str]) -> "QuerySet[Bearing]":
        return rows.filter(confidence__in=["" if word == NONE else word for word in value])
