"""Owns the check of all that is stored against itself; for after a restore, or nightly while nobody writes."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cmo.reading import evidence_integrity as evidence
from cmo.reading import integrity as theory
from cmo.reading import lineage_integrity as lineage
from cmo.reading import phase_integrity as phases
from cmo.reading import structure_integrity as structure
from cmo.reading import team_integrity as discussion
from cmo.reading.searchable import all_entries
from cmo.rules.recounting import drift
from programmes.reading import integrity as team
from programmes.reading.search_integrity import broken_index, out_of_step


class Command(BaseCommand):
    help = "Compare counts, histories, places and the log's chains with the records; end with 1 when anything differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        n = 0
        for n, finding in enumerate(_findings(), start=1):  # noqa: B007  (the last is the count)
            self.stdout.write(finding)
        if n:
            raise CommandError(f"{n} findings; restore a backup, or ask for help with this list.")
        self.stdout.write("Everything that is stored agrees with itself.")


def _findings() -> Iterator[str]:
    yield from team.missing_guards()
    yield from team.broken_chains()
    yield from broken_index()
    for programme in team.all_programmes():
        yield from team.misplaced_themes(programme)
        yield from team.unlike_history(programme)
        yield from theory.misnumbered(programme)
        yield from theory.unlike_history(programme)
        yield from theory.unsealed(programme)
        yield from structure.misnumbered(programme)
        yield from structure.elements_unlike_history(programme)
        yield from structure.configurations_unlike_history(programme)
        yield from lineage.acts_unlike_history(programme)
        yield from lineage.circles(programme)
        yield from discussion.unsealed(programme)
        yield from evidence.unsealed(programme)
        yield from phases.unsealed_verdicts(programme)
        yield from phases.altered_snapshots(programme)
        yield from drift(programme)
        yield from out_of_step(programme, all_entries(programme))
