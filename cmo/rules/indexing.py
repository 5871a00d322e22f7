"""Owns what a search finds of the theory: how each of its records is told to programmes.rules.indexing."""

from collections.abc import Iterator

from cmo.models import Configuration, Element, Statement
from cmo.vocabulary import Change, State
from programmes.models import Programme
from programmes.rules.indexing import CHUNK, Entry

STATEMENT, ELEMENT, CONFIGURATION = "statement", "element", "configuration"
UNSEEN = frozenset({Change.RETAGGED, Change.AGREED, Change.REOPENED, Change.MOVED, Change.MARKED})  # leave its words


def statement_entry(statement: Statement) -> Entry:
    retired = statement.state == State.RETIRED
    return Entry(STATEMENT, statement.pk, str(statement.number), statement.label, "", statement.wording, retired)


def statement_entries(programme: Programme) -> Iterator[Entry]:
    found = Statement.objects.of(programme).order_by("number").only("number", "wording", "state")
    return (statement_entry(statement) for statement in found.iterator(CHUNK))


def element_entry(element: Element) -> Entry:
    retired = element.state == State.RETIRED
    body = "\n\n".join(text for text in (element.text, element.formal_theory) if text)
    return Entry(ELEMENT, element.pk, str(element.number), element.label, "", body, retired)


def element_entries(programme: Programme) -> Iterator[Entry]:
    found = Element.objects.filter(programme=programme).order_by("number")
    return (element_entry(element) for element in found.iterator(CHUNK))


def configuration_entry(configuration: Configuration) -> Entry:
    """What is said of a configuration as a whole; its elements are found under their own labels."""
    one, retired = configuration, configuration.state == State.RETIRED
    body = "\n\n".join(text for text in (one.plain, one.narrative, one.testing) if text)
    return Entry(CONFIGURATION, one.pk, str(one.number), one.label, one.nickname, body, retired)


def configuration_entries(programme: Programme) -> Iterator[Entry]:
    found = Configuration.objects.filter(programme=programme).order_by("number")
    return (configuration_entry(configuration) for configuration in found.iterator(CHUNK))
