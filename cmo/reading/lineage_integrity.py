"""Owns the check of lineage against the records and the log.

Each function yields one line a finding and nothing when all is well.
"""

from collections.abc import Iterator
from copy import copy
from typing import Any

from cmo.models import Configuration, ConfigurationRevision, Counter, Descent, DescentLine, Statement, StatementRevision
from cmo.rules.descent import LOGGED_AS, UNDONE, ancestry, climbed, named, sealed_act
from cmo.team_words import DescentKind
from cmo.vocabulary import Change
from programmes.models import AuditEvent, Programme
from programmes.reading.integrity import seals_of
from programmes.rules.recording import scope_of

CHUNK = 500
# What the act's revision of an ancestor says; a refined one is only found.
SAID = {DescentKind.MERGED: Change.MERGED, DescentKind.SPLIT: Change.SPLIT, DescentKind.REPLACED: Change.RETIRED}


def acts_unlike_history(programme: Programme) -> Iterator[str]:
    """Acts that are not as the log sealed them, or whose lines name revisions that say something else."""
    seals = seals_of(programme)
    acts = Descent.objects.filter(programme=programme).prefetch_related("lines").order_by("number")
    last = Counter.objects.filter(programme=programme, kind="descent").values_list("last", flat=True).first() or 0
    known, undone = set(), set()
    for act in acts.iterator(CHUNK):
        known.add(named(act))
        lines = list(act.lines.all())
        stood = copy(act)
        stood.undone = stood.undone_by_id = None
        said = []
        if act.number > last:
            said.append(f"its number is above the last one given out, {last}")
        if sealed_act(stood, lines) not in seals.digests:
            said.append("it is not as the log has it")
        if act.undone:
            undone.add(named(act))
            if sealed_act(act, lines) not in seals.digests:
                said.append("the log does not have it as undone")
        yield from (f"{programme.slug}: {named(act)}: {line}" for line in [*said, *_astray(programme, act, lines)])
    yield from _lost(programme, known, undone)


def _astray(programme: Programme, act: Descent, lines: list[DescentLine]) -> Iterator[str]:
    """Ends of an act whose revision is not there, is of another programme, or says something else."""
    ends = {
        *((line.older_id, line.older_configuration_id, line.older_revision, SAID.get(DescentKind(act.kind)))
          for line in lines),
        *((line.younger_id, line.younger_configuration_id, line.younger_revision,
           Change.MERGED if act.kind == DescentKind.MERGED else None)
          for line in lines),
    }  # fmt: skip
    for statement, configuration, number, change in sorted(ends, key=str):
        found = _change(programme, statement, configuration, number)
        if found is None:
            yield f"there is no revision {number} of one of its records"
        elif change is not None and found != change:
            yield f"revision {number} of one of its records says {found}, not {change.value}"


def _change(programme: Programme, statement: int | None, configuration: int | None, number: int) -> str | None:
    model: Any = StatementRevision if statement else ConfigurationRevision
    owner = "statement" if statement else "configuration"
    found = model._default_manager.filter(
        **{owner: statement or configuration, f"{owner}__programme": programme}, number=number
    )
    change: str | None = found.values_list("change", flat=True).first()
    return change


def _lost(programme: Programme, known: set[str], undone: set[str]) -> Iterator[str]:
    """Acts that the log tells of and that are not there, or stand although it says that they were undone."""
    told = AuditEvent.objects.filter(scope=scope_of(programme), verb__in=[*LOGGED_AS.values(), UNDONE])
    for verb, record in told.order_by("number").values_list("verb", "record").iterator(CHUNK):
        if record not in known:
            yield f"{programme.slug}: {record}: the log tells of it, and it is not there"
        elif verb == UNDONE and record not in undone:
            yield f"{programme.slug}: {record}: the log says that it was undone, and it stands"


def circles(programme: Programme) -> Iterator[str]:
    """Records that descend from themselves."""
    kinds: tuple[type[Any], ...] = (Statement, Configuration)
    for kind in kinds:
        above = ancestry(programme, kind)
        looped = [key for key in above if key in climbed(above, key)]
        for record in kind._default_manager.filter(pk__in=looped).order_by("number"):
            yield f"{programme.slug}: {record.label} is its own ancestor"
