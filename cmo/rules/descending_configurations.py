"""Owns what is a configuration's own in merge, split, replace and refine (see deriving)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from cmo.models import Configuration, Statement, TheoryArea
from cmo.rules.composing import KEEP, Keep, Shelf, known_state
from cmo.rules.deriving import Acts, area_shared
from cmo.rules.making_up import CONFIGURATIONS, make_up, put_area, put_words, spelled_out
from cmo.rules.standing import MakeUp, Placed, Standing, put_standing
from cmo.rules.versioning import Version
from cmo.vocabulary import Change, State
from programmes.access import Actor
from programmes.models import Programme
from programmes.rules.phasing import open_phase_of


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a descendant is made of. What is not given comes from its ancestors: their elements in order and their
    statements, each once, and an area that all share. Words (any of WORDS) that are not given are empty, or stay.
    """

    words: dict[str, str] = field(default_factory=dict)
    elements: Sequence[Placed] | None = None
    statements: Sequence[Statement] | None = None
    area: TheoryArea | Keep | None = KEEP
    state: str | None = None  # draft or agreed; None: as it is, or draft for a new one


class ConfigurationActs(Acts[Configuration, MadeOf]):
    """Raise ValidationError of elements, statements, area, state and of the words for the content."""

    record = Configuration
    missing = _lazy("There is no such configuration in this programme.")
    nth = _lazy("Configuration %(at)s: %(said)s")

    def fetched(self, rows: QuerySet[Configuration]) -> list[Configuration]:
        return list(rows.select_related("area"))

    def drawn(
        self,
        shelf: Shelf,
        by: Actor,
        content: MadeOf,
        older: Sequence[Configuration],
        change: Change,
        reason: str,
        kept: Configuration | None = None,
    ) -> Version[Configuration, MakeUp]:
        """As of any kind; new elements of the content are written here."""
        programme = shelf.programme
        now = kept or Configuration(programme=programme, origin=open_phase_of(programme))
        held = make_up(kept) if kept else None
        own = held or MakeUp()
        sources = [*([held] if held else []), *(make_up(one) for one in older)]
        put_words(now, content.words)
        if not isinstance(content.area, Keep):
            put_area(now, content.area, shelf)
        elif kept is None:
            put_area(now, area_shared(older), shelf)
        if content.state is not None or kept is None:
            now.state = known_state(content.state or State.DRAFT, allowed=(State.DRAFT, State.AGREED))
        placed = elements_united(sources) if content.elements is None else content.elements
        given = content.statements
        spelled = statements_united(programme, sources, own.statements) if given is None else given
        hung = MakeUp(
            put_standing(shelf, by, placed, held=[one for source in sources for one in source.standing], reason=reason),
            spelled_out(programme, spelled, held=own.statements),
        )
        return Version(now, change, reason, hung, held)

    def retired(self, now: Configuration, change: Change, reason: str) -> Version[Configuration, MakeUp]:
        held = make_up(now)
        now.state = State.RETIRED
        return Version(now, change, reason, held, held)

    def write(self, programme: Programme, *, by: Actor, rows: Sequence[Version[Configuration, MakeUp]]) -> None:
        CONFIGURATIONS.write(programme, by=by, rows=rows)


CONFIGURATION_ACTS = ConfigurationActs()
merge_configurations, split_configuration, replace_configuration, refine_configuration = (
    CONFIGURATION_ACTS.merge, CONFIGURATION_ACTS.split, CONFIGURATION_ACTS.replace, CONFIGURATION_ACTS.refine,
)  # fmt: skip


def elements_united(made_up: Sequence[MakeUp]) -> list[Placed]:
    """The elements of all of them, in order; an element that plays the same role twice stands as it stood first."""
    first: dict[tuple[int, str], Standing] = {}
    for one in made_up:
        for standing in one.standing:
            first.setdefault((standing.element.pk, str(standing.role)), standing)
    return [
        Placed(role=one.role, element=one.element, wording=one.wording, activation=one.activation)
        for one in first.values()
    ]


def statements_united(programme: Programme, made_up: Sequence[MakeUp], held: Sequence[int] = ()) -> list[Statement]:
    """The statements in use that any of them spells out, and retired ones that are `held` already."""
    wanted = {key for one in made_up for key in one.statements}
    found = Statement.objects.filter(programme=programme, pk__in=wanted).order_by("number") if wanted else ()
    return [one for one in found if one.state != State.RETIRED or one.pk in held]
