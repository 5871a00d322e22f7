"""Owns the step from a statement to a configuration: what was found in its sentence becomes the first elements."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.models import Configuration, Statement
from cmo.reading.slots import slots_of
from cmo.rules.configuring import configure
from cmo.rules.standing import Placed
from cmo.vocabulary import Slot
from cmo.wording import Part, Span
from programmes.access import Actor, require
from programmes.rules.holding import hold
from programmes.vocabulary import Verb


@transaction.atomic
def spell_out(
    statement: Statement,
    *,
    by: Actor,
    elements: Sequence[Placed] | None = None,
    nickname: str = "",
    reason: str = "",
) -> Configuration:
    """A new configuration that spells out a statement, with its wording as the plain sentence and in its area.

    Its elements are those given or, where none are, what was found in the sentence. An area that was retired is left
    out. Raises ValidationError (elements, nickname, statements, reason), PermissionDenied.
    """
    programme = statement.programme
    require(by, Verb.WRITE, programme)
    hold(programme)
    now = Statement.objects.select_related("area").get(pk=statement.pk)
    found = first_elements(now, slots_of(programme).split) if elements is None else elements
    return configure(
        programme,
        by=by,
        words={"nickname": nickname, "plain": now.wording},
        elements=found,
        statements=[now],
        area=now.area if now.area and not now.area.retired else None,
        reason=reason,
    )


def first_elements(statement: Statement, split: bool) -> list[Placed]:
    """What was found in a statement's sentence, as elements to be made: if as context, then as outcome, because as
    mechanism or, where the programme splits mechanisms, as reasoning.

    Contexts first, outcomes last; each passage of the sentence is an element of its own, the same words only once.
    What "unless" opens becomes a context that says what must not be.
    """
    mechanism = Slot.REASONING if split else Slot.MECHANISM
    roles = ((Part.IF, Slot.CONTEXT), (Part.BECAUSE, mechanism), (Part.THEN, Slot.OUTCOME))
    spans = parsing.unpack(statement.parts)
    found = [
        (role.value, _said(statement.wording, span))
        for part, role in roles
        for span in spans
        if span.part is part
    ]
    return [Placed(role=role, text=text) for role, text in dict.fromkeys(found) if text]


def _said(wording: str, span: Span) -> str:
    """The words of one passage; after "unless" they say what must not be, as elements stand without their opening."""
    text = parsing.part_text(wording, [span], span.part)
    key = wording[slice(*span.key)].strip().lower()
    return _("it is not so that %(words)s") % {"words": text} if text and key == "unless" else text
