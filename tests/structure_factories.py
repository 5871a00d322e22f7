"""Owns elements and configurations in bulk, for tests of lists, counts and speed: written by the rules' own writers.

`manage.py check_integrity` finds nothing wrong with what is made here.
"""

import random
from collections.abc import Sequence

from django.db import transaction

from cmo.models import Configuration, Element, Statement, TheoryArea
from cmo.rules.composing import Shelf
from cmo.rules.introducing import ELEMENTS, drawn_element
from cmo.rules.making_up import CONFIGURATIONS
from cmo.rules.standing import MakeUp, Standing
from cmo.rules.versioning import Version
from cmo.vocabulary import KIND_OF, Change, Kind, Slot, State
from programmes.access import Actor
from programmes.models import Person, Phase, Programme, Theme
from tests.factories import DOES, WHO, WHY, look_again

SAID = {Kind.CONTEXT: (WHO, DOES), Kind.MECHANISM: (WHO, WHY), Kind.OUTCOME: (WHO, WHY)}
TRAITS = {
    Kind.CONTEXT: ({"polarity": "facilitating"}, {"polarity": "hindering"}, {}),
    Kind.MECHANISM: ({"mechanism": "reasoning"}, {"mechanism": "resource"}, {}),
    Kind.OUTCOME: ({"sign": "positive", "intended": "intended"}, {"sign": "negative", "proximity": "distal"}, {}),
}


@transaction.atomic
def many_elements(
    programme: Programme, by: Person, kind: Kind, n: int, *, themes: Sequence[Theme] = (), seed: int = 1
) -> list[Element]:
    """`n` elements of a kind, each unlike the others and with up to one theme; the same for a seed."""
    chance, shelf = random.Random(f"{kind}{seed}"), Shelf(programme)
    rows = [
        drawn_element(
            shelf,
            kind=kind,
            text=f"{' '.join(map(chance.choice, SAID[kind]))} ({kind} {at})",
            traits=TRAITS[kind][at % 3],
            themes=[themes[at % len(themes)]] if themes else [],
            state=State.AGREED if at % 3 == 0 else State.DRAFT,
        )
        for at in range(1, n + 1)
    ]
    ELEMENTS.write(programme, by=Actor(by, "bulk"), rows=rows)
    return [row.now for row in rows]


@transaction.atomic
def many_configurations(
    programme: Programme,
    by: Person,
    n: int,
    *,
    statements: Sequence[Statement] = (),
    areas: Sequence[TheoryArea] = (),
    themes: Sequence[Theme] = (),
    seed: int = 1,
) -> list[Configuration]:
    """`n` configurations: a context, a mechanism and an outcome each, two sharing each outcome; every third goes on
    from an outcome of the one before (a ripple), every fifth from CMO1 on lacks its mechanism, each spells out one
    statement."""
    kinds = (Kind.CONTEXT, Kind.MECHANISM, Kind.OUTCOME)
    contexts, mechanisms, outcomes = (
        many_elements(programme, by, kind, n // 2 + 1, themes=themes, seed=seed) for kind in kinds
    )
    phase = Phase.objects.filter(programme=programme, state="open").first()
    rows = []
    for at in range(n):
        standing = [_at(contexts[at // 2], Slot.CONTEXT)]
        if at % 3 == 2:
            standing.append(_at(outcomes[(at - 1) // 2], Slot.CONTEXT))
        if at % 5:
            standing.append(_at(mechanisms[at // 2], Slot.MECHANISM))
        standing.append(_at(outcomes[at // 2], Slot.OUTCOME))
        now = Configuration(
            nickname=f"Configuration {at + 1}",
            plain=f"{contexts[at // 2].text}, so {outcomes[at // 2].text}.",
            area=areas[at % len(areas)] if areas else None,
            state=State.AGREED if at % 3 == 0 else State.DRAFT,
            origin=phase,
        )
        spelled = (statements[at % len(statements)].pk,) if statements else ()
        rows.append(Version(now, Change.NEW, "", MakeUp(tuple(standing), spelled)))
    CONFIGURATIONS.write(programme, by=Actor(by, "bulk"), rows=rows)
    look_again()
    return [row.now for row in rows]


def _at(element: Element, role: Slot) -> Standing:
    assert KIND_OF[role] == element.kind or role == Slot.CONTEXT
    return Standing(element, role, "", "strong" if role == Slot.MECHANISM else "")
