"""Owns drafts: keep what somebody is typing, take it up again, drop it. A draft changes nothing for others."""

from typing import Any

from django.db import transaction

from cmo.models import Draft, Statement
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.rules.answering_once import form_key, is_nonce, was_answered
from programmes.rules.holding import hold
from programmes.vocabulary import Limit, Verb

KEPT_FIELDS = ("wording", "if", "then", "because", "reason", "area", "state", "change", "mode")


@transaction.atomic
def keep_draft(
    programme: Programme,
    *,
    by: Actor,
    statement: Statement | None,
    base: int | None,
    fields: dict[str, Any],
    nonce: str = "",
) -> Draft | None:
    """Keep the fields of a form as typed: {name: text}, and "theme" as a list. One per person and record.

    `nonce` names the form. A draft that comes in after its own form was saved (the browser sends both at once when
    somebody types and saves in one go) is dropped, and the answer is None.
    """
    require(by, Verb.WRITE, programme)
    hold(programme)  # a save of the same form under way is waited for, so that its end is seen below
    if is_nonce(nonce) and was_answered(by.person, form_key(nonce)):
        return None
    kept: dict[str, Any] = {
        name: clean(fields[name], field=name, limit=Limit.WORDING) for name in KEPT_FIELDS if name in fields
    }
    kept["theme"] = [clean(code, field="themes", limit=Limit.CODE) for code in fields.get("theme", [])][:200]
    draft, _made = Draft.objects.update_or_create(
        person=by.person,
        programme=programme,
        statement=statement,
        defaults={"base": base, "fields": kept, "kept": by.now()},
    )
    return draft


def drop_draft(programme: Programme, *, by: Actor, statement: Statement | None) -> None:
    """Forget one's own draft, after it was saved or because it is not wanted."""
    Draft.objects.filter(person=by.person, programme=programme, statement=statement).delete()
