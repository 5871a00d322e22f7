"""Owns how elements are found and listed: what a list shows of them is read in three queries, however many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from cmo.folding import fold
from cmo.models import ConfigurationElement, Element, ElementTheme
from cmo.reading.statements import Tag
from cmo.vocabulary import Intended, Kind, State
from programmes.models import Programme
from programmes.natural import natural

NEAR = 85  # of 100: how alike two texts are that are pointed out as near-duplicates
JSON_INTENDED = {"": None, Intended.INTENDED.value: True, Intended.UNINTENDED.value: False}


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element as lists show it: with its themes and the current configurations in which it stands."""

    element: Element
    themes: list[Tag]
    standing: list[tuple[str, str]]  # ("CMO3", role)

    @property
    def configurations(self) -> list[str]:
        return list(dict.fromkeys(label for label, _role in self.standing))

    @property
    def lone(self) -> bool:
        """Whether it stands outside every configuration; worth a look, never an error."""
        return not self.standing and self.element.state != State.RETIRED

    def as_json(self) -> dict[str, Any]:
        element = self.element
        return {
            "id": str(element.uid),
            "number": element.number,
            "label": element.label,
            "kind": element.kind,
            "text": element.text,
            "polarity": element.polarity,
            "mechanism": element.mechanism,
            "sign": element.sign,
            "intended": JSON_INTENDED[element.intended],
            "proximity": element.proximity,
            "level": element.level,
            "formal_theory": element.formal_theory,
            "themes": [tag.label for tag in self.themes],
            "state": element.state,
            "configurations": self.configurations,
            "revision": element.revision_number,
            "created": element.created,
            "updated": element.updated,
            "updated_by": element.updated_by.username,
        }


def elements_of(programme: Programme) -> "QuerySet[Element]":
    """All elements of a programme by number, retired ones too."""
    return Element.objects.filter(programme=programme).select_related("updated_by").order_by("number")


def element_rows(elements: Iterable[Element]) -> list[ElementRow]:
    """Rows for elements already cut to a page, in their order; two queries beside their own."""
    found = list(elements)
    keys = [element.pk for element in found]
    tags, standing = element_tags(keys), _standing(keys)
    return [ElementRow(element, tags.get(element.pk, []), standing.get(element.pk, [])) for element in found]


def element_row(element: Element) -> ElementRow:
    return element_rows([element])[0]


def find_element(programme: Programme, number: int) -> Element:
    """The element with this number, or Http404."""
    found = elements_of(programme).filter(number=number).first()
    if found is None:
        raise Http404("There is no such element.")
    found.programme = programme
    return found


def element_named(programme: Programme, label: Any, *, field: str = "element") -> Element:
    """The element that a body or a form names ("E12"). Raises ValidationError (field)."""
    return elements_named(programme, [label], field=field)[0]


def elements_named(programme: Programme, labels: Sequence[Any], *, field: str = "elements") -> list[Element]:
    """The elements with these labels, in this order, in one query. Raises ValidationError (field)."""
    numbers = [number_in("E", label, field=field) for label in labels]
    found = {one.number: one for one in Element.objects.filter(programme=programme, number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise ValidationError({field: _("There is no element E%(n)s in this programme.") % {"n": number}})
    return [found[number] for number in numbers]


def kinds_with_keys(keys: Iterable[int]) -> dict[int, str]:
    """{key: kind} of elements of whichever programmes; one query."""
    return dict(Element.objects.filter(pk__in=list(keys)).values_list("pk", "kind"))


def number_in(letters: str, label: Any, *, field: str) -> int:
    """The number in a label such as "E12"; letters in any case, a blank between. Raises ValidationError (field)."""
    text = str(label).strip()
    digits = text[len(letters) :].strip()
    if text[: len(letters)].upper() != letters or not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise ValidationError({field: no_label(text, example=f"{letters}12")})
    return int(digits)


def no_label(text: str, *, example: str) -> str:
    """What is said to who wrote no label, or nothing at all."""
    said = _("Write a label such as %(example)s, not “%(label)s”.") if text else _("Write a label such as %(example)s.")
    return said % {"example": example, "label": text[:60]}


def suggestions(programme: Programme, typed: str, *, kind: str = "", most: int = 12) -> list[Element]:
    """Elements in use whose text holds what is typed or is like it, likest first; one query."""
    found = Element.objects.filter(programme=programme).exclude(state=State.RETIRED)
    if kind:
        found = found.filter(kind__in=[kind, Kind.UNSURE])
    wanted = fold(typed).strip()
    rows = list(found.order_by("number")[:5000])
    if not wanted:
        return rows[:most]
    scored = process.extract(
        wanted, {row.pk: row.folded for row in rows}, scorer=fuzz.partial_token_set_ratio, limit=most, score_cutoff=70
    )
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for _text, _score, pk in scored]


def near_duplicates(element: Element, *, most: int = 5) -> list[Element]:
    """Other elements in use that say nearly the same, likest first; one query. For a look, never an error."""
    others = Element.objects.filter(programme_id=element.programme_id).exclude(state=State.RETIRED)
    rows = {row.pk: row for row in others.exclude(pk=element.pk).order_by("number")[:5000]}
    texts = {pk: row.folded for pk, row in rows.items()}
    scored = process.extract(fold(element.text), texts, scorer=fuzz.token_sort_ratio, limit=most, score_cutoff=NEAR)
    return [rows[pk] for _text, _score, pk in scored]


def with_writers(elements: list[Element]) -> list[Element]:
    """The same elements with who changed them last at hand; one query."""
    prefetch_related_objects(elements, "updated_by")
    return elements


def alike(text: str, element: Element) -> bool:
    """Whether an element says nearly the same as a text."""
    return bool(fuzz.token_sort_ratio(fold(text), element.folded) >= NEAR)


def element_tags(keys: Sequence[int]) -> dict[int, list[Tag]]:
    """{element: its themes in natural order}; one query."""
    rows = ElementTheme.objects.filter(element__in=keys).values_list(
        "element", "theme__code", "theme__uid", "theme__name"
    )
    found: dict[int, list[Tag]] = {}
    for element, code, uid, name in rows:
        found.setdefault(element, []).append(Tag(code or str(uid), code, name))
    for tags in found.values():
        tags.sort(key=_natural)
    return found


def themes_on(elements: Iterable[Element]) -> list[Tag]:
    """The themes that any of these elements carries, each once, in natural order; one query, none without elements."""
    keys = [one.pk for one in elements]
    if not keys:
        return []
    found = {tag.label: tag for tags in element_tags(keys).values() for tag in tags}
    return sorted(found.values(), key=_natural)


def _natural(tag: Tag) -> tuple[bool, Any]:
    """Those with a code first, O3.9 before O3.10."""
    return not tag.code, natural(tag.code or tag.name)


def _standing(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    rows = ConfigurationElement.objects.filter(element__in=keys).exclude(configuration__state=State.RETIRED)
    found: dict[int, list[tuple[str, str]]] = {}
    for element, number, role in rows.order_by("configuration__number", "position").values_list(
        "element", "configuration__number", "role"
    ):
        found.setdefault(element, []).append((f"CMO{number}", role))
    return found
