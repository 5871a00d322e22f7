"""Owns the check of elements and configurations against their history, as integrity does it for statements.

Each function yields one line a finding and nothing when all is well.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from cmo.folding import fold, sameness
from cmo.models import Configuration, ConfigurationRevision, Counter, Element, ElementRevision
from cmo.rules.introducing import ELEMENTS
from cmo.rules.making_up import CONFIGURATIONS, sealed_make_up
from programmes.models import Programme
from programmes.reading.integrity import seals_of
from programmes.rules.recording import seal

CHUNK = 500


def misnumbered(programme: Programme) -> Iterator[str]:
    """Numbers above the last one that was given out for their kind of record."""
    last = dict(Counter.objects.filter(programme=programme).values_list("kind", "last"))
    for kind, records in ((ELEMENTS.counter, Element.objects), (CONFIGURATIONS.counter, Configuration.objects)):
        given: int = last.get(kind, 0)
        for record in records.filter(programme=programme, number__gt=given).order_by("number"):
            yield f"{programme.slug}: {record.label} is above the last number given out, {given}"


def elements_unlike_history(programme: Programme) -> Iterator[str]:
    """Elements with a gap in their history or a changed revision, or that are not as their last revision says."""
    seals = seals_of(programme)
    revisions = ElementRevision.objects.filter(element__programme=programme).prefetch_related("taggings")
    histories = _by_owner(revisions, "element_id")
    for element in _in_chunks(Element.objects.filter(programme=programme).prefetch_related("taggings")):
        history = histories.get(element.pk, [])
        said = [*_gaps(element, history, ELEMENTS.fields)]
        for old in history:
            if not seals.hold(seal(old, themes=_themes(old)), element.label, old.number):
                said.append(f"revision {old.number} is not as the log has it")
        if history and _themes(element) != _themes(history[-1]):
            said.append("its themes are not those of its last revision")
        if (element.folded, element.sameness) != (fold(element.text), sameness(element.text)):
            said.append("folded is out of step with the record")
        yield from (f"{programme.slug}: {element.label}: {line}" for line in said)


def configurations_unlike_history(programme: Programme) -> Iterator[str]:
    """The same of configurations, with the elements and statements that hang on them."""
    seals = seals_of(programme)
    revisions = ConfigurationRevision.objects.filter(configuration__programme=programme)
    histories = _by_owner(revisions.prefetch_related("placings", "spellings"), "configuration_id")
    standing = Configuration.objects.filter(programme=programme).prefetch_related("placings", "spellings")
    for configuration in _in_chunks(standing):
        history = histories.get(configuration.pk, [])
        said = [*_gaps(configuration, history, CONFIGURATIONS.fields)]
        for old in history:
            digest = seal(old, **sealed_make_up([(*one, at) for one, at in _places(old)], _spelled(old)))
            if not seals.hold(digest, configuration.label, old.number):
                said.append(f"revision {old.number} is not as the log has it")
        if history and [one for one, _at in _places(configuration)] != [one for one, _at in _places(history[-1])]:
            said.append("its elements are not those of its last revision")
        if history and _spelled(configuration) != _spelled(history[-1]):
            said.append("its statements are not those of its last revision")
        yield from (f"{programme.slug}: {configuration.label}: {line}" for line in said)


def _in_chunks(records: "QuerySet[Any]") -> Iterator[Any]:
    yield from records.order_by("number").iterator(CHUNK)


def _by_owner(revisions: "QuerySet[Any]", owner: str) -> dict[int, list[Any]]:
    """{record: its revisions in order}."""
    found: dict[int, list[Any]] = {}
    for revision in revisions.order_by("number").iterator(CHUNK):
        found.setdefault(getattr(revision, owner), []).append(revision)
    return found


def _gaps(record: Any, history: list[Any], fields: tuple[str, ...]) -> Iterator[str]:
    if [old.number for old in history] != list(range(1, record.revision_number + 1)):
        yield f"it is at revision {record.revision_number}, its history is {len(history)} long"
    elif unlike := [field for field in fields if getattr(record, field) != getattr(history[-1], field)]:
        yield f"it is not as its last revision says: {', '.join(unlike)}"


def _themes(record: Any) -> list[int]:
    return sorted(tag.theme_id for tag in record.taggings.all())


def _spelled(record: Any) -> list[int]:
    return sorted(one.statement_id for one in record.spellings.all())


def _places(record: Any) -> list[tuple[tuple[Any, ...], int]]:
    """((element, role, position, wording, activation), the element's revision then) each, in order."""
    placings = sorted(record.placings.all(), key=lambda one: one.position)
    return [
        ((one.element_id, one.role, one.position, one.wording, one.activation), getattr(one, "element_revision", 0))
        for one in placings
    ]
