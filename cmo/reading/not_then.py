"""Owns what is answered for a record that a snapshot does not hold: where there is one now, the way there.

Ask it only in a programme that may be seen; there every member sees statements, configurations and elements.
"""

from typing import Any

from django.http import Http404

from cmo.reading.configurations import find_configuration
from cmo.reading.elements import find_element
from cmo.reading.naming import record_url
from cmo.reading.statements import find_statement
from programmes.models import Programme
from programmes.refusals import NotThen

FIND: dict[str, Any] = {"statement": find_statement, "configuration": find_configuration, "element": find_element}


def not_then(programme: Programme, kind: str, number: int) -> Http404:
    """NotThen for a record that came after, or Http404 for one that there never was; one query."""
    try:
        record = FIND[kind](programme, number)
    except Http404 as nothing:
        return nothing
    return NotThen(record.label, record_url(programme.slug, kind, number))
