"""Owns what the histories of elements and of configurations share: who and when, and differences as JSON."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.comparing import Change as Words
from cmo.models import Configuration, ConfigurationRevision, Element, ElementRevision


def words_json(words: Sequence[Words]) -> list[dict[str, str]]:
    return [{"kind": change.kind, "old": change.old, "new": change.new} for change in words]


def field_json(name: str, old: Any, new: Any) -> dict[str, Any]:
    return {"field": name, "from": old, "to": new}


def event_json(revision: ElementRevision | ConfigurationRevision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "change": revision.change,
        "restores": revision.restores,
        "phase": revision.phase.slug if revision.phase else None,
        "reason": revision.reason,
        "author": revision.author.username,
        "at": revision.at,
    }


def raise_unless_there(record: Element | Configuration, old: int, new: int) -> None:
    for name, number in (("from", old), ("to", new)):
        if not 1 <= number <= record.revision_number:
            said = _("%(label)s has revisions 1 to %(n)s.") % {"label": record.label, "n": record.revision_number}
            raise ValidationError({name: said})
