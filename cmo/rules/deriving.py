"""Owns the acts that make records of records: merge, split, replace, refine. Ancestors stay, with their numbers.

Each kind of record says in a subclass how it is read, filled from its ancestors and written.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cmo.models import Configuration, Proposal, Statement
from cmo.rules.agreeing import require_direct, require_free_state
from cmo.rules.composing import Shelf
from cmo.rules.descent import (
    Descended,
    Seen,
    join,
    raise_if_circle,
    raise_unless_fit,
    raise_unless_pieces,
    raise_unless_several,
)
from cmo.rules.reasons import require_reason
from cmo.team_words import DescentKind
from cmo.vocabulary import Change
from programmes.access import Actor
from programmes.gate import clean
from programmes.models import Programme
from programmes.rules.holding import hold_for
from programmes.vocabulary import Limit, Verb


class Said(Protocol):
    """What a descendant says; what a kind's own class for it holds beside this is its own matter."""

    @property
    def state(self) -> str | None: ...


R = TypeVar("R", Statement, Configuration)
C = TypeVar("C", bound=Said)


class Acts(ABC, Generic[R, C]):
    """The four acts on one kind of record. All take what was seen, and raise PermissionDenied and Stale as edits do."""

    record: type[R]
    missing: Any  # what is said of a record that the programme does not have
    nth: Any  # what is said of one piece of several: %(at)s, %(said)s

    @abstractmethod
    def fetched(self, rows: QuerySet[R]) -> list[R]:
        """The records with what the acts need of them."""

    @abstractmethod
    def drawn(
        self,
        shelf: Shelf,
        by: Actor,
        content: C,
        older: Sequence[R],
        change: Change,
        reason: str,
        kept: R | None = None,
    ) -> Any:
        """A new record, or the one that is kept, with the content and what its ancestors give; ready to be written."""

    @abstractmethod
    def retired(self, now: R, change: Change, reason: str) -> Any:
        """The ancestor as it is from now on; ready to be written."""

    @abstractmethod
    def write(self, programme: Programme, *, by: Actor, rows: Sequence[Any]) -> None:
        """Write what is ready, in order."""

    @transaction.atomic
    def merge(
        self,
        programme: Programme,
        *,
        by: Actor,
        ancestors: Sequence[Seen[R]],
        content: C,
        into: Seen[R] | None = None,
        reason: str = "",
        proposal: Proposal | None = None,
    ) -> Descended[R]:
        """Make one record of several: a new one with the next number, or `into` one that is there and not among them.

        A new one needs two ancestors, an existing one at least one. The ancestors are retired as *merged*.
        Raises ValidationError (ancestors, into, reason, or a field of the content).
        """
        changed: list[Any] = list(ancestors) if into is None else [*ancestors, into]
        self._enter(programme, changed, [content], by)
        raise_unless_several(ancestors, into)
        older = self._as_now(programme, ancestors, "ancestors")
        kept = self._as_now(programme, [into], "into")[0] if into else None
        if kept is not None:
            raise_if_circle(programme, older, kept, "into")
        reason = clean(reason, field="reason", limit=Limit.REASON)
        require_reason(programme, reason)
        row = self.drawn(Shelf(programme), by, content, older, Change.MERGED, reason, kept)
        rows: list[Any] = [self.retired(one, Change.MERGED, reason) for one in older]
        self.write(programme, by=by, rows=[*rows, row])
        return join(
            programme, by=by, kind=DescentKind.MERGED, older=older, younger=[row.now], made=kept is None,
            reason=reason, proposal=proposal,
        )  # fmt: skip

    @transaction.atomic
    def split(
        self,
        source: Seen[R],
        *,
        by: Actor,
        pieces: Sequence[C],
        reason: str = "",
        proposal: Proposal | None = None,
    ) -> Descended[R]:
        """Make several new records, in order, of one, which is retired as *split*.

        Raises ValidationError (pieces, reason).
        """
        programme = source.record.programme
        self._enter(programme, [source], pieces, by)
        raise_unless_pieces(pieces)
        [older] = self._as_now(programme, [source], "state")
        reason = clean(reason, field="reason", limit=Limit.REASON)
        require_reason(programme, reason)
        shelf = Shelf(programme)
        made: list[Any] = []
        for at, piece in enumerate(pieces, start=1):
            try:
                made.append(self.drawn(shelf, by, piece, [older], Change.SPLIT, reason))
            except ValidationError as error:
                said = self.nth % {"at": at, "said": " ".join(error.messages)}
                raise ValidationError({"pieces": said}) from error
        self.write(programme, by=by, rows=[self.retired(older, Change.SPLIT, reason), *made])
        return join(
            programme, by=by, kind=DescentKind.SPLIT, older=[older], younger=[row.now for row in made], made=True,
            reason=reason, proposal=proposal,
        )  # fmt: skip

    @transaction.atomic
    def replace(
        self, source: Seen[R], *, by: Actor, new: R | C, reason: str = "", proposal: Proposal | None = None
    ) -> Descended[R]:
        """Put another record, one that is there or a new one, in the place of this one, which is retired.

        Raises ValidationError (with, reason, or a field of the content).
        """
        programme = source.record.programme
        there = new if isinstance(new, self.record) else None
        content: Any = new
        self._enter(programme, [source], [] if there else [content], by)
        [older] = self._as_now(programme, [source], "state")
        reason = clean(reason, field="reason", limit=Limit.REASON)
        require_reason(programme, reason)
        made: list[Any] = []
        if there is None:
            made.append(self.drawn(Shelf(programme), by, content, [older], Change.NEW, reason))
            younger = made[0].now
        elif there.pk == older.pk:
            raise ValidationError({"with": _("%(label)s cannot replace itself.") % {"label": older.label}})
        else:
            [younger] = self._as_now(programme, [Seen(there, 0)], "with", whatever_revision=True)
            raise_if_circle(programme, [older], younger, "with")
        self.write(programme, by=by, rows=[self.retired(older, Change.RETIRED, reason), *made])
        return join(
            programme, by=by, kind=DescentKind.REPLACED, older=[older], younger=[younger], made=there is None,
            reason=reason, proposal=proposal,
        )  # fmt: skip

    @transaction.atomic
    def refine(
        self, source: Seen[R], *, by: Actor, content: C, reason: str = "", proposal: Proposal | None = None
    ) -> Descended[R]:
        """Make a new record that refines this one, which stays in use.

        Raises ValidationError (state, reason, or a field of the content).
        """
        programme = source.record.programme
        self._enter(programme, [], [content], by)
        [older] = self._as_now(programme, [source], "state")
        reason = clean(reason, field="reason", limit=Limit.REASON)
        require_reason(programme, reason)
        row = self.drawn(Shelf(programme), by, content, [older], Change.REFINED, reason)
        self.write(programme, by=by, rows=[row])
        return join(
            programme, by=by, kind=DescentKind.REFINED, older=[older], younger=[row.now], made=True, reason=reason,
            proposal=proposal,
        )  # fmt: skip

    def _enter(self, programme: Programme, changed: Sequence[Seen[R]], content: Iterable[C], by: Actor) -> None:
        """Hold the programme. PermissionDenied, also where what is agreed on would change, or a record be called
        agreed, without the team."""
        hold_for(programme, by=by, verb=Verb.WRITE)
        if by.words_of is not None:
            return
        keys = [one.record.pk for one in changed]
        rows: Any = self.record._default_manager
        require_direct(programme, *rows.filter(programme=programme, pk__in=keys).order_by("number"), by=by)
        for one in content:
            require_free_state(programme, one.state, by=by)

    def _as_now(
        self, programme: Programme, seen: Sequence[Seen[R]], field: str, *, whatever_revision: bool = False
    ) -> list[R]:
        """The records under the lock. Raises ValidationError (field), Stale."""
        keys = [one.record.pk for one in seen]
        rows: Any = self.record._default_manager
        found = {row.pk: row for row in self.fetched(rows.filter(programme=programme, pk__in=keys))}
        for one in seen:
            now = found.get(one.record.pk)
            if now is None:
                raise ValidationError({field: str(self.missing)})
            now.programme = programme
            raise_unless_fit(programme, now, Seen(now, now.revision_number) if whatever_revision else one, field)
        return [found[key] for key in keys]


def area_shared(records: Iterable[Any]) -> Any:
    """The area that all of them stand in, unless it is retired."""
    areas = {one.area_id: one.area for one in records}
    area = next(iter(areas.values())) if len(areas) == 1 else None
    return None if area is None or area.retired else area
