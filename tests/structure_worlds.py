"""Owns what the small world holds of elements, configurations, links and what gathers them."""

from typing import Any

from cmo.models import Configuration, Element
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.gathering import gather_rivals, note_pattern, turn_gathering
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.linking import link, turn_link
from cmo.rules.standing import Placed

# What names them in the world: the number of each in its programme.
NUMBERS = {
    "element": 1, "shared": 2, "lone": 3, "element_gone": 4,
    "cmo": 1, "cmo_next": 2, "cmo_gone": 3,
    "link": 2, "link_ripple": 1, "link_gone": 3,
    "rivals": 1, "rivals_gone": 2, "pattern": 1, "pattern_gone": 2,
}  # fmt: skip


def furnish(own: Any, by: Any, statement: Any, theme: Any) -> None:
    """CMO1 leads to CMO2 through E2; E3 stands nowhere, E4, CMO3, L3, RG2 and DR2 are retired; E3 and CMO1 at 2."""
    time = introduce(own, by=by, kind="context", text="time is set aside", themes=[theme])
    change = introduce(own, by=by, kind="outcome", text="practice changes", traits={"sign": "positive"})
    lone = introduce(own, by=by, kind="mechanism", text="a word that stands alone")
    revise_element(lone, by=by, base=1, text="words that stand alone")
    turn_element(introduce(own, by=by, kind="context", text="gone by now"), by=by, base=1, retired=True)
    first = _configured(own, by, ("context", time), ("outcome", change))
    first = revise_configuration(first, by=by, base=1, words={"nickname": "Time for change"}, statements=[statement])
    then = _configured(own, by, ("context", change))
    gone = _configured(own, by, ("context", time))
    link(own, by=by, kind="ripple", source=first, target=then, element=change, name="opens the way")
    link(own, by=by, kind="contrasts", source=first, target=then)
    turn_link(link(own, by=by, kind="rival", source=first, target=then), by=by, base=1, retired=True)
    turn_configuration(gone, by=by, base=1, retired=True)
    gather_rivals(own, by=by, title="Why practice changes", members=[first, then], outcome=change)
    turn_gathering(gather_rivals(own, by=by, title="Old rivals"), by=by, base=1, retired=True)
    note_pattern(own, by=by, text="Time comes first", members=[first, then])
    turn_gathering(note_pattern(own, by=by, text="An old pattern"), by=by, base=1, retired=True)


def furnish_elsewhere(other: Any, by: Any) -> None:
    """Five of each, so that number 5 is there, and not in the own programme."""
    made = [
        _configured(other, by, ("context", introduce(other, by=by, kind="context", text=f"secret {at}")))
        for at in range(1, 6)
    ]
    for target in made[1:]:
        link(other, by=by, kind="nested", source=made[0], target=target, name="secret link")
    link(other, by=by, kind="nested", source=made[1], target=made[2])
    for at in range(1, 6):
        gather_rivals(other, by=by, title=f"Secret rivals {at}")
        note_pattern(other, by=by, text=f"Secret pattern {at}")


def _configured(programme: Any, by: Any, *standing: tuple[str, Element]) -> Configuration:
    return configure(programme, by=by, elements=[Placed(role, element) for role, element in standing])
