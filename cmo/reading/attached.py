"""Owns the look at what hangs on a record at all, so that its page asks for nothing that is not there."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from cmo.rules.discussing import FIELDS

# Each is found by an index that begins with the record.
TABLES = {
    "comments": "cmo_comment",
    "memos": "cmo_memolink",
    "proposals": "cmo_proposaltarget",
    "outcomes": "cmo_outcome",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """What a record has any of; whether the reader may see it is asked when it is read."""

    comments: bool = True
    memos: bool = True
    proposals: bool = True
    outcomes: bool = True
    draft: bool = True  # the reader's own


def attached_to(record: Any, person: Any) -> Attached:
    """What hangs on a statement or configuration; one small query in place of a large one for each."""
    column = f"{FIELDS[type(record)]}_id"
    asked = [f"EXISTS (SELECT 1 FROM {table} WHERE {column} = %s)" for table in TABLES.values()]
    asked.append(f"EXISTS (SELECT 1 FROM cmo_draft WHERE {column} = %s AND person_id = %s)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", [*[record.pk] * len(asked), person.pk])
        found = cursor.fetchone()
    return Attached(**{name: bool(one) for name, one in zip([*TABLES, "draft"], found, strict=True)})
