"""Owns the stable address of a snapshot, and the bytes that its hash is of."""

from django.http import HttpRequest, HttpResponse

from cmo.reading.canonical import canonical_bytes
from cmo.reading.snapshots import find_snapshot, held_in_full
from cmo.reading.theory_at import TheoryAt
from cmo.views.then import workbench_then
from programmes.views.base import Page


class SnapshotPage(Page):
    """`?search= &theme= &area= &state= &phase= &verdict= &ordering= &page=`: the workbench as it then was."""

    def get(self, request: HttpRequest, snapshot: str) -> HttpResponse:
        return workbench_then(self, TheoryAt(self.programme, find_snapshot(self.programme, snapshot)))


class Canonical(Page):
    """The bytes that the hash of the snapshot is of."""

    def get(self, request: HttpRequest, snapshot: str) -> HttpResponse:
        found = find_snapshot(self.programme, snapshot)
        held_in_full(self.programme)
        answer = HttpResponse(canonical_bytes(found), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{self.programme.slug}-{found.slug}.json"'
        return answer
