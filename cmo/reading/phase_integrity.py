"""Owns the check of verdicts and snapshots: verdicts are as the log sealed them, snapshots hash to what they carry.

Each function yields one line a finding and nothing when all is well.
"""

from collections.abc import Iterator

from cmo.models import VerdictRevision
from cmo.reading.canonical import sha256_of
from cmo.reading.snapshots import snapshots_of
from cmo.reading.theory_at import TheoryAt
from cmo.rules.judging import seal_of
from programmes.models import AuditEvent, Programme
from programmes.reading.integrity import seals_of

UNLIKE = "is not as the log has it"


def unsealed_verdicts(programme: Programme) -> Iterator[str]:
    """Revisions of verdicts, and verdicts that are not as their last one says."""
    seals = seals_of(programme)
    revisions = VerdictRevision.objects.filter(of__programme=programme).select_related("of")
    for one in revisions.prefetch_related("rests_on__bearing").order_by("pk"):
        name = f"{programme.slug}: {one.of.label}"
        if seal_of(one, [link.bearing.number for link in one.rests_on.all()]) not in seals.digests:
            yield f"{name}: revision {one.number} {UNLIKE}"
        elif one.number == one.of.revision_number and _said(one) != _said(one.of):
            yield f"{name}: it is not as its last revision says"


def _said(one: object) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in ("verdict", "rationale", "made_against"))


def altered_snapshots(programme: Programme) -> Iterator[str]:
    """Snapshots that hash to something else than they carry, or that the log knows otherwise."""
    rows = AuditEvent.objects.filter(programme=programme, verb="snapshot taken")
    sealed = dict(rows.values_list("record", "seals"))
    log = {event.number: event.digest for event in AuditEvent.objects.filter(
        programme=programme, number__in=[one.log_number for one in snapshots_of(programme)]
    )}  # fmt: skip
    for one in snapshots_of(programme):
        name = f"{programme.slug}: snapshot {one.slug}"
        if sha256_of(one, TheoryAt(programme, one)) != one.sha256:
            yield f"{name}: what it points at does not hash to what it carries"
        if sealed.get(f"snapshot {one.slug}") != one.sha256:
            yield f"{name}: it {UNLIKE}"
        if log.get(one.log_number, "") != one.log_digest:
            yield f"{name}: the row of the log that it was taken after is another"
