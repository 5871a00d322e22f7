"""Owns the words that home shows beside a notice: what a comment says, for those who may read it. Mails hold none."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator

from cmo.models import Comment
from cmo.reading.naming import seen_by
from programmes.models import Person

SHOWN = 40  # words of a comment
EVENT = "comment "


def quote(notices: Sequence[Any], person: Person) -> None:
    """Give each notice of `person` its `.quote`, how the comment begins that it tells of, "" for others; one query
    where there are such."""
    wanted = {(one.programme_id, int(one.event.removeprefix(EVENT))) for one in notices if _is_of_comment(one.event)}
    named = Q(pk__in=[])
    for programme, number in wanted:
        named |= Q(programme=programme, number=number)
    seen = Comment.objects.filter(named).filter(Q(proposal__isnull=True) | seen_by(person, "proposal__"))
    rows = seen.values_list("programme", "number", "text") if wanted else []
    said = {(programme, number): text for programme, number, text in rows}
    for one in notices:
        key = (one.programme_id, int(one.event.removeprefix(EVENT))) if _is_of_comment(one.event) else None
        one.quote = Truncator(" ".join(said.get(key, "").split())).words(SHOWN) if key else ""


def _is_of_comment(event: str) -> bool:
    return event.startswith(EVENT) and event.removeprefix(EVENT).isdecimal()
