"""Owns what a form of lineage offers: what the records at hand have together, for their descendants to take."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cmo.models import Configuration, Statement, TheoryArea
from cmo.rules.descending import themes_united, with_themes
from cmo.rules.descending_configurations import elements_united
from cmo.rules.making_up import WORDS
from cmo.rules.standing import MakeUp, Placed, Standing
from cmo.vocabulary import Slot, State
from programmes.models import Programme, Theme


@dataclass(frozen=True, slots=True)
class Offer:
    """The records, and what their descendants may take from them."""

    records: list[Any]
    areas: list[TheoryArea]
    words: dict[str, str]
    themes: list[Theme] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return [one.label for one in self.records]


def statements_offered(programme: Programme, records: Sequence[Statement]) -> Offer:
    """What statements have together, in the order given; four queries."""
    rows = with_themes(Statement.objects.filter(pk__in=[one.pk for one in records]))
    known = {row.pk: row for row in rows}
    found = [known[one.pk] for one in records]
    words = {"wording": "\n\n".join(dict.fromkeys(one.wording for one in found))}
    return Offer(found, _areas(programme), words, themes_united(found))


def configurations_offered(programme: Programme, records: Sequence[Configuration]) -> Offer:
    """What configurations have together, in the order given; six queries."""
    rows = Configuration.objects.filter(pk__in=[one.pk for one in records]).select_related("area")
    known = {row.pk: row for row in rows.prefetch_related("placings__element", "spellings__statement")}
    found = [known[one.pk] for one in records]
    made_up = [
        MakeUp(
            tuple(
                Standing(row.element, Slot(row.role), row.wording, row.activation)
                for row in sorted(one.placings.all(), key=lambda row: row.position)
            )
        )
        for one in found
    ]
    spelled = {row.statement_id: row.statement for one in found for row in one.spellings.all()}
    statements = [one for one in spelled.values() if one.state != State.RETIRED]
    return Offer(
        found,
        _areas(programme),
        {word: "\n\n".join(dict.fromkeys(filter(None, (getattr(one, word) for one in found)))) for word in WORDS},
        placed=elements_united(made_up),
        statements=sorted(statements, key=lambda one: one.number),
    )


def _areas(programme: Programme) -> list[TheoryArea]:
    return list(TheoryArea.objects.filter(programme=programme, retired=False).order_by("position"))
