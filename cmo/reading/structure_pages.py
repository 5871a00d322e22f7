"""Owns what the pages of configurations and elements show around them: neighbours, links, groups, near-duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from rapidfuzz import fuzz

from cmo.folding import fold
from cmo.models import Configuration, ConfigurationElement, DemiRegularity, Element, Link, RivalGroup, Statement
from cmo.reading.configurations import ConfigurationRow, LinkRow, configuration_rows, configurations_of
from cmo.reading.elements import NEAR, suggestions
from cmo.reading.links import find_link
from cmo.reading.slots import slots_of
from cmo.vocabulary import KIND_OF, TRAITS, Kind, LinkKind, Slot, State
from programmes.models import Programme


def kept_statements(configuration: Configuration) -> list[Statement]:
    """Retired statements that a configuration spells out still; pages do not show them, and do not drop them."""
    return list(Statement.objects.filter(spellings__configuration=configuration, state=State.RETIRED))


def configurations_spelling(statement: Statement) -> list[ConfigurationRow]:
    """The configurations in use that spell out a statement, by number; one query where there is none."""
    found = configurations_of(statement.programme).exclude(state=State.RETIRED)
    rows = list(found.filter(spellings__statement=statement))
    return configuration_rows(rows, slots_of(statement.programme)) if rows else []


def neighbours_of(configuration: Configuration) -> tuple[int | None, int | None]:
    """Numbers of the configurations in use before and after this one; two queries."""
    others = Configuration.objects.filter(programme=configuration.programme_id).exclude(state=State.RETIRED)
    here = configuration.number
    before = others.filter(number__lt=here).order_by("-number").values_list("number", flat=True).first()
    after = others.filter(number__gt=here).order_by("number").values_list("number", flat=True).first()
    return before, after


def neighbours_of_element(element: Element) -> tuple[int | None, int | None]:
    """Numbers of the elements in use before and after this one; two queries."""
    others = Element.objects.filter(programme=element.programme_id).exclude(state=State.RETIRED)
    here = element.number
    before = others.filter(number__lt=here).order_by("-number").values_list("number", flat=True).first()
    after = others.filter(number__gt=here).order_by("number").values_list("number", flat=True).first()
    return before, after


@dataclass(frozen=True, slots=True)
class RowsOfArea:
    """Configurations of one area that stand on a page."""

    slug: str
    title: str
    rows: list[ConfigurationRow]


def by_area(rows: Iterable[ConfigurationRow], nowhere: str) -> list[RowsOfArea]:
    """The rows of a page under the headings of their areas, in the order they came."""
    groups: list[RowsOfArea] = []
    for row in rows:
        area = row.configuration.area
        slug = area.slug if area else ""
        if not groups or groups[-1].slug != slug:
            groups.append(RowsOfArea(slug, area.title if area else nowhere, []))
        groups[-1].rows.append(row)
    return groups


# ---------------------------------------------------------------- elements while somebody types

LIKE = 60  # of 100: how like the words typed an element must be to be offered


@dataclass(frozen=True, slots=True)
class Suggested:
    """An element that says something like what is typed, and where it stands."""

    element: Element
    standing: list[str]  # "CMO3"
    near: bool  # whether the words are nearly the same


def suggested(programme: Programme, typed: str, *, role: str = "", most: int = 6) -> list[Suggested]:
    """Elements like the words typed, likest first; two queries. A `role` that is none asks for every kind."""
    wanted = fold(typed).strip()
    if not wanted:
        return []
    kinds = {KIND_OF[Slot(role)], Kind.UNSURE} if role in Slot.values else set(Kind)
    scored = [(_alike(wanted, element.folded), element) for element in suggestions(programme, typed, most=200)]
    scored = [pair for pair in scored if pair[0] >= LIKE]
    scored.sort(key=lambda pair: (-pair[0] // 10, pair[1].kind not in kinds, -pair[0], pair[1].number))
    found = [element for _score, element in scored[:most]]
    standing = _numbers({element.pk for element in found})
    return [
        Suggested(element, standing.get(element.pk, []), fuzz.token_sort_ratio(wanted, element.folded) >= NEAR)
        for element in found
    ]


def _alike(wanted: str, text: str) -> float:
    """How like two texts are, of 100: as wholes, or what is typed so far as a piece of the other."""
    return max(float(fuzz.token_sort_ratio(wanted, text)), 0.95 * float(fuzz.partial_ratio(wanted, text)))


def _numbers(elements: set[int]) -> dict[int, list[str]]:
    """{element: the configurations in use in which it stands}."""
    rows = ConfigurationElement.objects.filter(element__in=elements).exclude(configuration__state=State.RETIRED)
    found: dict[int, list[str]] = {}
    for element, number in rows.order_by("configuration__number").values_list("element", "configuration__number"):
        labels = found.setdefault(element, [])
        if f"CMO{number}" not in labels:
            labels.append(f"CMO{number}")
    return found


@dataclass(frozen=True, slots=True)
class Near:
    """Two elements that say nearly the same."""

    element: Element
    others: list[Element]


def near_ones(programme: Programme, elements: Sequence[Element]) -> list[Near]:
    """Those of `elements` that nearly repeat another in use; one query. Worth a look, never an error."""
    if not elements:
        return []
    others = Element.objects.filter(programme=programme).exclude(state=State.RETIRED).order_by("number")[:5000]
    rows = [(row, row.folded) for row in others]
    found = []
    for element in elements:
        text = fold(element.text)
        like = [row for row, words in rows if row.pk != element.pk and fuzz.token_sort_ratio(text, words) >= NEAR]
        if like:
            found.append(Near(element, like[:3]))
    return found


# ---------------------------------------------------------------- what gathers a configuration


def rivals_with(configuration: Configuration) -> list[RivalGroup]:
    """Current rival groups in which it stands; one query."""
    return list(RivalGroup.objects.filter(members=configuration, retired=False).select_related("favoured", "outcome"))


def patterns_with(configuration: Configuration) -> list[DemiRegularity]:
    """Current demi-regularities in which it stands; one query."""
    return list(DemiRegularity.objects.filter(members=configuration, retired=False))


def traits_of(kind: str) -> list[str]:
    """The traits that say something about elements of this kind, in order."""
    return [trait for trait, (_choices, kinds) in TRAITS.items() if kind == Kind.UNSURE or kind in kinds]


# ---------------------------------------------------------------- elements in lists and on their page


def lone_first(rows: "QuerySet[Element]") -> "QuerySet[Element]":
    """Elements outside every configuration before the others, each by number."""
    standing = ConfigurationElement.objects.filter(element=OuterRef("pk")).exclude(configuration__state=State.RETIRED)
    return rows.annotate(stands=Exists(standing)).order_by("stands", "number")


@dataclass(frozen=True, slots=True)
class Stands:
    """Where an element stands: a current configuration, the role, this configuration's words for it."""

    number: int
    nickname: str
    plain: str
    role: str
    wording: str
    activation: str
    follows: bool  # whether the role is that of the element's kind, so that retyping moves it

    @property
    def label(self) -> str:
        return f"CMO{self.number}"


def standing_of(element: Element) -> list[Stands]:
    """Where an element stands in current configurations; one query."""
    rows = ConfigurationElement.objects.filter(element=element).exclude(configuration__state=State.RETIRED)
    found = rows.order_by("configuration__number", "position").values_list(
        "configuration__number", "configuration__nickname", "configuration__plain", "role", "wording", "activation"
    )
    return [Stands(*values, follows=KIND_OF[Slot(values[3])] == element.kind) for values in found]


# ---------------------------------------------------------------- links on the page of a configuration


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link seen from one of its ends."""

    link: LinkRow
    other: int  # number of the configuration at the other end
    nickname: str
    out: bool  # whether it leads from here

    @property
    def element(self) -> int:
        return int((self.link.element or "E0")[1:])


@dataclass(frozen=True, slots=True)
class LinksShown:
    """What leads to and from a configuration: ripples out of it, into it, and stated links."""

    onward: list[LinkShown]
    hither: list[LinkShown]
    stated: list[LinkShown]

    def __bool__(self) -> bool:
        return bool(self.onward or self.hither or self.stated)


def links_shown(row: ConfigurationRow) -> LinksShown:
    """The links of a row as its page shows them, with the names of the other ends; one query."""
    ends = {_number(end) for link in row.links for end in (link.source, link.target)}
    named = Configuration.objects.filter(programme=row.configuration.programme_id, number__in=ends)
    names = dict(named.values_list("number", "nickname"))
    onward: list[LinkShown] = []
    hither: list[LinkShown] = []
    stated: list[LinkShown] = []
    for link in row.links:
        out = link.source == row.label
        other = _number(link.target if out else link.source)
        shown = LinkShown(link, other, names.get(other, ""), out)
        if link.kind != LinkKind.RIPPLE:
            stated.append(shown)
        else:
            (onward if out else hither).append(shown)
    return LinksShown(onward, hither, stated)


def _number(label: str) -> int:
    return int(label.removeprefix("CMO"))


def find_link_at(programme: Programme, configuration: Configuration, number: int) -> Link:
    """The link with this number, if the configuration stands at one of its ends, or Http404."""
    found = find_link(programme, number)
    if configuration.pk not in (found.source_id, found.target_id):
        raise Http404("There is no such link here.")
    return found
