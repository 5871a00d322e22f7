"""Owns how drafts of configurations and elements are found again; those of statements stand with the workbench."""

from typing import Any

from cmo.models import Configuration, Draft, Element
from cmo.vocabulary import Drafted
from programmes.models import Programme


def draft_of_configuration(person: Any, programme: Programme, configuration: Configuration | None) -> Draft | None:
    """What somebody typed and has not saved, of one configuration or of a new one; one query."""
    found = Draft.objects.filter(person=person.pk, programme=programme, kind=Drafted.CONFIGURATION)
    return found.filter(configuration=configuration).first()


def draft_of_element(person: Any, programme: Programme, element: Element | None) -> Draft | None:
    """What somebody typed and has not saved, of one element or of a new one; one query."""
    found = Draft.objects.filter(person=person.pk, programme=programme, kind=Drafted.ELEMENT)
    return found.filter(element=element).first()
