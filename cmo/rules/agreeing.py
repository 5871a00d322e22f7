"""Owns what "reviewed" means: in such a programme an agreed record is changed by the team's decision alone."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cmo.models import Configuration, Element, Statement
from cmo.vocabulary import State
from programmes.access import Actor
from programmes.models import Programme
from programmes.vocabulary import Agreement


def require_direct(programme: Programme, *records: Statement | Configuration | Element, by: Actor) -> None:
    """PermissionDenied for records that are agreed on, where changes of those go through review.

    An element is agreed on with each agreed configuration that it stands in.
    """
    if by.words_of is not None:
        return
    for record in records:
        if goes_by_review(programme, record):
            said = _("%(label)s is agreed, and this programme changes what is agreed by review; propose the change.")
            raise PermissionDenied(said % {"label": record.label})


def goes_by_review(programme: Programme, record: Statement | Configuration | Element) -> bool:
    """Whether this record is changed by the team's decision alone."""
    if programme.agreement != Agreement.REVIEWED:
        return False
    return record.state == State.AGREED or (isinstance(record, Element) and _in_an_agreed_one(record))


def require_free_state(programme: Programme, state: str | None, *, by: Actor) -> None:
    """PermissionDenied for calling a record agreed where only the team's decision does that."""
    if state == State.AGREED and by.words_of is None and programme.agreement == Agreement.REVIEWED:
        said = _("In this programme a record becomes agreed by review; save it as a draft and propose it.")
        raise PermissionDenied(said)


def _in_an_agreed_one(element: Element) -> bool:
    return element.placings.filter(configuration__state=State.AGREED).exists()
