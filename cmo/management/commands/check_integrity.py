"""Owns the check of all that is stored against itself; for after a restore, or nightly while nobody writes."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cmo.reading import integrity as theory
from cmo.rules.recounting import drift
from programmes.reading import integrity as team


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
    for programme in team.all_programmes():
        yield from team.misplaced_themes(programme)
        yield from team.unlike_history(programme)
        yield from theory.misnumbered(programme)
        yield from theory.unlike_history(programme)
        yield from theory.unsealed(programme)
        yield from drift(programme)
