"""Owns the check of the team's side against itself: the log's chains, places in the codebook, theme histories.

Each function yields one line a finding and nothing when all is well; rows are streamed, so that any size fits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db.models import QuerySet

from programmes.guards import TOMBSTONE, check_guards
from programmes.models import AuditEvent, AuditHead, Programme, Redaction, Theme, ThemeRevision
from programmes.rules.classifying import WORDS
from programmes.rules.recording import PEOPLE, chained, scope_of, seal
from programmes.rules.redacting import REDACTED

CHUNK = 500


def all_programmes() -> QuerySet[Programme]:
    return Programme.objects.order_by("slug")


def missing_guards() -> Iterator[str]:
    """The append-only guards that do not stand."""
    yield from (problem.msg for problem in check_guards(databases=["default"]))


def broken_chains() -> Iterator[str]:
    """Rows of the log that were changed, taken out or added past the rules, in every chain."""
    heads = {head.scope: head for head in AuditHead.objects.all()}
    scopes = AuditEvent.objects.order_by().values_list("scope", flat=True).distinct()
    for scope in sorted({*heads, *scopes}):
        yield from _broken_chain(scope, heads.get(scope))


def _broken_chain(scope: str, head: AuditHead | None) -> Iterator[str]:
    number, digest = 0, ""
    taken_out: dict[str, int] = {}  # {seal of the redaction: row that it is of}
    told = set[str]()  # seals of redactions that a row of the chain tells of
    for event in AuditEvent.objects.filter(scope=scope).select_related("redaction").order_by("number").iterator(CHUNK):
        if event.number != number + 1:
            yield f"log {scope}: row {number + 1} is missing before row {event.number}"
        belongs = f"p{event.programme_id}" if event.programme_id else PEOPLE
        redaction: Redaction | None = getattr(event, "redaction", None)
        if chained(digest, event, **_kept(redaction)) != event.digest or belongs != scope:
            yield f"log {scope}: row {event.number} or its link to the row before was changed"
        if redaction:
            taken_out[seal(redaction)] = event.number
            if _still_says(event, redaction):
                yield f"log {scope}: row {event.number} holds words although they were taken out"
        if event.verb == REDACTED:
            told.add(event.detail.get("redaction", ""))
        number, digest = event.number, event.digest
    for redaction_seal, row in taken_out.items():
        if redaction_seal not in told:
            yield f"log {scope}: row {row} was redacted without a row that says so"
    if head is None or (head.number, head.digest) != (number, digest):
        yield f"log {scope}: the end of the chain is not its last row, {number}"


def _kept(redaction: Redaction | None) -> dict[str, str]:
    """The digests of what was taken out of a row."""
    return {"detail": redaction.detail_digest, "reason": redaction.reason_digest} if redaction else {}


def _still_says(event: AuditEvent, redaction: Redaction) -> bool:
    return bool((redaction.detail_digest and event.detail != TOMBSTONE) or (redaction.reason_digest and event.reason))


@dataclass(frozen=True, slots=True)
class Seals:
    """What a programme's log says of its revisions: their digests, and those it told of before it kept digests.

    Both stand in the chain, so nobody takes a revision out of either without breaking it.
    """

    digests: frozenset[str]
    older: frozenset[tuple[str, int]]  # (record, revision number)

    def hold(self, digest: str, record: str, number: int) -> bool:
        return digest in self.digests or (record, number) in self.older


def seals_of(programme: Programme) -> Seals:
    """The seals of a programme's revisions; the log is read once."""
    told = AuditEvent.objects.filter(scope=scope_of(programme))
    digests: Iterable[str] = told.exclude(seals="").values_list("seals", flat=True).iterator(CHUNK)
    older = told.filter(seals="", detail__has_key="revision").values_list("record", "detail__revision")
    more = told.filter(verb=REDACTED, detail__has_key="also").values_list("detail__also", flat=True)
    digests = chain(digests, *more)
    return Seals(frozenset(digests), frozenset((record, int(number)) for record, number in older.iterator(CHUNK)))


def misplaced_themes(programme: Programme) -> Iterator[str]:
    """Themes whose path is not their parent's path with themselves at the end."""
    paths = dict(Theme.objects.filter(programme=programme).values_list("pk", "path"))
    for theme in Theme.objects.filter(programme=programme).order_by("pk"):
        above = paths.get(theme.parent_id, "") if theme.parent_id else "/"
        if theme.path != f"{above}{theme.pk}/":
            yield f"{programme.slug}: theme {theme.label} has the path {theme.path}, not {above}{theme.pk}/"


def unlike_history(programme: Programme) -> Iterator[str]:
    """Themes whose revisions have a gap or were changed, or that are not as their last revision says."""
    revisions = ThemeRevision.objects.filter(theme__programme=programme).select_related("theme")
    last: dict[int, ThemeRevision] = {}
    seals = seals_of(programme)
    for revision in revisions.order_by("theme", "number").iterator(CHUNK):
        before = last.get(revision.theme_id)
        if revision.number != (before.number if before else 0) + 1:
            yield f"{programme.slug}: theme {revision.theme_id} has a gap before revision {revision.number}"
        told = f"theme {revision.code or revision.theme.uid}"
        if not seals.hold(seal(revision), told, revision.number):
            yield f"{programme.slug}: theme {revision.theme_id}: revision {revision.number} is not as the log has it"
        last[revision.theme_id] = revision
    for theme in Theme.objects.filter(programme=programme).order_by("pk"):
        yield from _unlike(programme, theme, last.get(theme.pk))


def _unlike(programme: Programme, theme: Theme, last: ThemeRevision | None) -> Iterable[str]:
    if last is None or last.number != theme.revision_number:
        return [f"{programme.slug}: theme {theme.label} is at revision {theme.revision_number}, its history is not"]
    fields = [*WORDS, "retired", "parent_id", "merged_into_id"]
    unlike = [field for field in fields if getattr(theme, field) != getattr(last, field)]
    said = f"{programme.slug}: theme {theme.label} is not as its last revision says: {', '.join(unlike)}"
    return [said] if unlike else []
