"""Owns drafts: keep what somebody is typing, take it up again, drop it. A draft changes nothing for others."""

from typing import Any

from django.db import transaction

from cmo.models import Configuration, Draft, Element, Statement
from cmo.vocabulary import TRAITS, Drafted, Slot
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.rules.answering_once import form_key, is_nonce, was_answered
from programmes.rules.holding import hold
from programmes.vocabulary import Limit, Verb

KEPT_FIELDS = ("wording", "if", "then", "because", "reason", "area", "state", "change", "mode", "rests_on")
KEPT: dict[str, tuple[str, ...]] = {
    Drafted.STATEMENT: KEPT_FIELDS,
    Drafted.CONFIGURATION: (
        "nickname", "plain", "narrative", "testing", "statements", "area", "state", "reason", "shown", "rests_on",
        *(f"slot-{slot.value}" for slot in Slot),
    ),
    Drafted.ELEMENT: ("text", "kind", "formal_theory", "state", "reason", *TRAITS),
}  # fmt: skip
MOST = {"shown": 200_000}  # characters of a field; words shown of all elements go along, to tell typed ones from them


@transaction.atomic
def keep_draft(
    programme: Programme,
    *,
    by: Actor,
    base: int | None,
    fields: dict[str, Any],
    statement: Statement | None = None,
    configuration: Configuration | None = None,
    element: Element | None = None,
    kind: str = Drafted.STATEMENT,
    nonce: str = "",
) -> Draft | None:
    """Keep the fields of a form as typed: {name: text}, and "theme" as a list. One per person and record.

    `kind` says which fields; without a record it is the draft of a new one. `nonce` names the form. A draft that comes
    in after its own form was saved (the browser sends both at once when somebody types and saves in one go) is
    dropped, and the answer is None.
    """
    require(by, Verb.PROPOSE, programme)
    hold(programme)  # a save of the same form under way is waited for, so that its end is seen below
    if is_nonce(nonce) and was_answered(by.person, form_key(nonce)):
        return None
    kept: dict[str, Any] = {
        name: clean(fields[name], field=name, limit=MOST.get(name, Limit.WORDING))
        for name in KEPT[kind]
        if name in fields
    }
    if kind != Drafted.CONFIGURATION:
        kept["theme"] = [clean(code, field="themes", limit=Limit.CODE) for code in fields.get("theme", [])][:200]
    draft, _made = Draft.objects.update_or_create(
        person=by.person,
        programme=programme,
        kind=kind,
        statement=statement,
        configuration=configuration,
        element=element,
        defaults={"base": base, "fields": kept, "kept": by.now()},
    )
    return draft


def drop_draft(
    programme: Programme,
    *,
    by: Actor,
    statement: Statement | None = None,
    configuration: Configuration | None = None,
    element: Element | None = None,
    kind: str = Drafted.STATEMENT,
) -> None:
    """Forget one's own draft, after it was saved or because it is not wanted."""
    Draft.objects.filter(
        person=by.person, programme=programme, kind=kind, statement=statement, configuration=configuration,
        element=element,
    ).delete()  # fmt: skip
