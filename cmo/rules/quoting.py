"""Owns which words a comment is about: a part, and a quotation that really stands in the record.

A comment hangs on words, not on places in a text; so it survives their rewording, and it can be seen that they changed.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.models import Comment, Configuration, Proposal, Statement
from cmo.rules.composing import PARTS
from programmes.gate import clean
from programmes.vocabulary import Limit

Record = Statement | Configuration | Proposal
OF_CONFIGURATIONS = ("nickname", "plain", "narrative", "testing")


def quoted(record: Record, part: str, quote: str, *, opening: Comment | None) -> tuple[str, str, int]:
    """(part, quotation, the revision or round that they are from), checked. Raises ValidationError (part, quote).

    Words that stood in an earlier wording may be quoted: somebody wrote while the record moved on.
    """
    quote = clean(quote, field="quote", limit=Limit.REASON).strip()
    if opening is not None and (part or quote):
        raise ValidationError({"quote": _("An answer is about what its thread is about; leave part and quote out.")})
    if part and (part not in PARTS or isinstance(record, Configuration)):
        said = _("Say %(parts)s for a statement or a proposal, or leave it out.")
        raise ValidationError({"part": said % {"parts": ", ".join(PARTS)}})
    if part and not quote and isinstance(record, Statement):
        spans = parsing.unpack(record.parts)
        quote = parsing.part_text(record.wording, spans, parsing.Part(part))[: Limit.REASON]
    now = record.round if isinstance(record, Proposal) else record.revision_number
    if not quote or stands_in(quote, texts_of(record)):
        return part, quote, now
    for number, texts in _earlier(record):
        if stands_in(quote, texts):
            return part, quote, number
    said = _("These words do not stand in %(label)s; copy them as they are, or leave the quotation out.")
    raise ValidationError({"quote": said % {"label": record.label}})


def stands_in(quote: str, texts: Iterable[str]) -> bool:
    """Whether each piece of a quotation stands in one of these texts; blanks and line ends count for nothing."""
    flat = [_flat(text) for text in texts]
    return all(any(piece in text for text in flat) for piece in map(_flat, quote.split(" … ")) if piece)


def texts_of(record: Record) -> list[str]:
    """What can be quoted of a record as it stands."""
    if isinstance(record, Statement):
        return [record.wording]
    if isinstance(record, Proposal):
        return [record.title, record.reason, *_strings(record.content)]
    prefetch_related_objects([record], "placings__element")  # asks nothing where a list has asked already
    words = [text for one in record.placings.all() for text in (one.wording, one.element.text)]
    return [*(getattr(record, name) for name in OF_CONFIGURATIONS), *words]


def _earlier(record: Record) -> Iterator[tuple[int, list[str]]]:
    """(number, texts) of the wordings before, the latest first."""
    if isinstance(record, Statement):
        past: Any = record.revisions.order_by("-number")
        yield from ((old.number, [old.wording]) for old in past.iterator(100))
    elif isinstance(record, Proposal):
        rounds = record.rounds.order_by("-number")
        yield from ((old.number, [old.title, old.reason, *_strings(old.content)]) for old in rounds)
    else:
        past = record.revisions.order_by("-number")
        for old in past.prefetch_related("placings__element")[:100]:
            own = [text for one in old.placings.all() for text in (one.wording, one.element.text)]
            yield old.number, [*(getattr(old, name) for name in OF_CONFIGURATIONS), *own]


def _strings(value: Any) -> Iterator[str]:
    """Every text within a value of JSON."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)


def _flat(text: str) -> str:
    return " ".join(text.split())
