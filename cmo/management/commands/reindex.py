"""Owns the remaking of what a search knows; for after a repair, or when `check_integrity` asks for it."""

from typing import Any

from django.core.management.base import BaseCommand

from cmo.reading.searchable import all_entries
from programmes.reading.integrity import all_programmes
from programmes.rules.indexing import rebuild_index, reindex


class Command(BaseCommand):
    help = "Tell the search every record as it stands; only what differs is written. Nothing of the theory is touched."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for programme in all_programmes():
            n = reindex(programme, all_entries(programme))
            self.stdout.write(f"{programme.slug}: {n} records can be found.")
        rebuild_index()
