"""Owns what is a statement's own in merge, split, replace and refine (see deriving)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from cmo.models import Statement, StatementTheme, TheoryArea
from cmo.rules.composing import KEEP, Keep, Shelf, Words
from cmo.rules.deriving import Acts, area_shared
from cmo.rules.keeping import Written, write
from cmo.rules.stating import drawn_up, redrawn
from cmo.rules.tallying import Place
from cmo.vocabulary import Change, State
from programmes.access import Actor
from programmes.models import Programme, Theme
from programmes.rules.phasing import open_phase_of


@dataclass(frozen=True, slots=True)
class Piece:
    """What a descendant says. What is not given comes from its ancestors: their themes united, an area that all share.

    Without `words` a merge into a statement that is there leaves its wording; everything else needs them.
    """

    words: Words = Words()  # noqa: RUF009  (it is frozen)
    themes: Sequence[Theme] | None = None
    area: TheoryArea | Keep | None = KEEP
    state: str | None = None  # draft or agreed; None: as it is, or draft for a new one


class StatementActs(Acts[Statement, Piece]):
    """Raise ValidationError of wording, themes, area, state for the content."""

    record = Statement
    missing = _lazy("There is no such statement in this programme.")
    nth = _lazy("Statement %(at)s: %(said)s")

    def fetched(self, rows: QuerySet[Statement]) -> list[Statement]:
        return with_themes(rows)

    def drawn(
        self,
        shelf: Shelf,
        by: Actor,
        content: Piece,
        older: Sequence[Statement],
        change: Change,
        reason: str,
        kept: Statement | None = None,
    ) -> Written:
        own = _themes(kept) if kept else []
        themes = [*own, *themes_united(older)] if content.themes is None else content.themes
        if kept:
            return _revised(shelf, kept, content, themes, change, reason)
        area = area_shared(older) if isinstance(content.area, Keep) else content.area
        row = drawn_up(
            shelf, by=by, origin=open_phase_of(shelf.programme), words=content.words or Words(wording=""),
            themes=themes, area=area, state=content.state or State.DRAFT, reason=reason,
        )  # fmt: skip
        row.change = change
        return row

    def retired(self, now: Statement, change: Change, reason: str) -> Written:
        held, before = _carried(now), Place.of(now)
        now.state = State.RETIRED
        return Written(now, change, reason, held, before, held)

    def write(self, programme: Programme, *, by: Actor, rows: Sequence[Written]) -> None:
        write(programme, by=by, rows=rows)


STATEMENT_ACTS = StatementActs()
merge, split, replace, refine = (
    STATEMENT_ACTS.merge, STATEMENT_ACTS.split, STATEMENT_ACTS.replace, STATEMENT_ACTS.refine,
)  # fmt: skip


def themes_united(statements: Iterable[Statement]) -> list[Theme]:
    """The themes that any of them carries, each once and in their order, without retired ones."""
    found = {theme.pk: theme for one in statements for theme in _themes(one)}
    return [theme for theme in found.values() if not theme.retired]


def with_themes(statements: QuerySet[Statement]) -> list[Statement]:
    """Statements with their areas and themes, as `themes_united` and `area_shared` take them; two queries."""
    tags = Prefetch("taggings", StatementTheme.objects.select_related("theme").order_by("pk"))
    return list(statements.select_related("area").prefetch_related(tags))


def _revised(
    shelf: Shelf, now: Statement, content: Piece, themes: Sequence[Theme], change: Change, reason: str
) -> Written:
    """The statement that others are merged into: with a revision that says so, whatever changed."""
    held, before = _carried(now), Place.of(now)
    row = redrawn(
        now, held, shelf, words=content.words, themes=themes, area=content.area, state=content.state, reason=reason
    )
    row = row or Written(now, change, reason, held, before, held)
    row.change = change
    return row


def _themes(now: Statement) -> list[Theme]:
    return [tag.theme for tag in now.taggings.all()]


def _carried(now: Statement) -> list[int]:
    return [tag.theme_id for tag in now.taggings.all()]
