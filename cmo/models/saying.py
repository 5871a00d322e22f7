"""Owns whether a record says something else than when it was judged: asked of the histories, inside any query.

Words are compared, not the numbers of revisions: a claim that was retagged, agreed on, or merged and brought back word
for word says what it said. A record always says what its latest revision says; in a snapshot, what the frozen one does.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from cmo.models.configuration import ConfigurationRevision, ConfigurationRevisionElement
from cmo.models.element import ElementRevision
from cmo.models.revision import StatementRevision

Standing = Callable[..., dict[str, Any]]  # the filter of the revisions that stand: of their owner, and what leads there
_PLACED = ("element", "role", "position", "wording", "activation")


def as_it_is(owner: str, at: str = "") -> dict[str, Any]:
    """What stands now."""
    return {f"{at}number": F(f"{at}{owner}__revision_number")}


def record_moved(judged: str, at: str = "", standing: Standing = as_it_is) -> Case:
    """Of rows on a statement or a configuration, which `at` leads to, judged at the time `judged`: for `annotate`."""
    return Case(
        When(**{f"{at}statement__isnull": False}, then=statement_moved(f"{at}statement", standing)),
        default=configuration_moved(judged, f"{at}configuration", standing),
        output_field=BooleanField(),
    )


def statement_moved(statement: str = "statement", standing: Standing = as_it_is) -> Q:
    """Of rows on a statement, `made_against` one of its revisions: whether its wording is another by now."""
    now = StatementRevision.objects.filter(
        **standing("statement"), statement=OuterRef("statement"), wording=OuterRef("wording")
    )
    then = StatementRevision.objects.filter(statement=OuterRef(statement), number=OuterRef("made_against"))
    return ~Q(Exists(then.filter(Exists(now))))


def element_moved(judged: str) -> Q:
    """Of rows on an element: whether its text or kind is another than at the time `judged`."""
    return Q(Exists(_said_anew("element", OuterRef(judged), as_it_is)))


def configuration_moved(judged: str, configuration: str = "configuration", standing: Standing = as_it_is) -> Q:
    """Of rows on a configuration, `made_against` one of its revisions: whether its name, its plain sentence, its
    elements in their places, or what one of them says are others by now."""
    same_words = ConfigurationRevision.objects.filter(
        **standing("configuration"), configuration=OuterRef("configuration"), nickname=OuterRef("nickname"),
        plain=OuterRef("plain"),
    )  # fmt: skip
    words_then = ConfigurationRevision.objects.filter(
        configuration=OuterRef(configuration), number=OuterRef("made_against")
    )
    every = ConfigurationRevisionElement.objects.all()
    alike = every.filter(
        revision__configuration=OuterRef("revision__configuration"), **{name: OuterRef(name) for name in _PLACED}
    )
    now = {**standing("configuration", "revision__")}
    placed = every.filter(**now, revision__configuration=OuterRef(configuration))
    placed_then = every.filter(
        revision__configuration=OuterRef(configuration), revision__number=OuterRef("made_against")
    )
    # Inside `placed` the row that was judged stands one step further out.
    alike_then = alike.filter(revision__number=OuterRef(OuterRef("made_against")))
    return (
        ~Q(Exists(words_then.filter(Exists(same_words))))
        | Q(Exists(placed_then.filter(~Exists(alike.filter(**now)))))
        | Q(Exists(placed.filter(~Exists(alike_then))))
        | Q(Exists(placed.filter(Exists(_said_anew("element", OuterRef(OuterRef(judged)), standing)))))
    )


def _said_anew(element: str, judged: Any, standing: Standing) -> "QuerySet[ElementRevision]":
    """What the element of the row around says, where that is something else than at the time `judged`."""
    then = ElementRevision.objects.filter(element=OuterRef("element"), at__lte=OuterRef(judged)).order_by("-number")
    now = ElementRevision.objects.filter(**standing("element"), element=OuterRef(element), at__gt=judged)
    said = now.annotate(text_then=Subquery(then.values("text")[:1]), kind_then=Subquery(then.values("kind")[:1]))
    return said.exclude(text=F("text_then"), kind=F("kind_then"))
