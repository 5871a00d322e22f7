"""Owns the check of the theory against itself: every statement is as its history says, and its kept fields are right.

Each function yields one line a finding and nothing when all is well; rows are streamed, so that any size fits.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from cmo import wording as parsing
from cmo.folding import fold, sameness
from cmo.models import RevisionTheme, Statement, StatementRevision, StatementTheme
from cmo.rules.arranging import NOWHERE
from cmo.vocabulary import Lacks
from programmes.models import Programme
from programmes.reading.integrity import seals_of
from programmes.rules.recording import seal

CHUNK = 500
SAME = ("wording", "parts", "parts_by_hand", "area_id", "state")


def misnumbered(programme: Programme) -> Iterator[str]:
    """A number above the last one that was given out."""
    above = Statement.objects.filter(programme=programme, number__gt=programme.last_statement).order_by("number")
    for number in above.values_list("number", flat=True):
        yield f"{programme.slug}: S{number} is above the last number given out, {programme.last_statement}"


def unlike_history(programme: Programme) -> Iterator[str]:
    """Statements whose revisions have a gap, or that are not as their last revision says, themes included."""
    found = Statement.objects.filter(programme=programme).select_related("area").order_by("number").iterator(CHUNK)
    while batch := list(islice(found, CHUNK)):
        keys = [statement.pk for statement in batch]
        numbers, last = _history(keys)
        tagged = _themes(StatementTheme.objects.filter(statement__in=keys).values_list("statement", "theme"))
        stood = _themes(
            RevisionTheme.objects.filter(revision__in=[revision.pk for revision in last.values()]).values_list(
                "revision__statement", "theme"
            )
        )
        for statement in batch:
            said = _unlike(statement, numbers.get(statement.pk, []), last.get(statement.pk))
            if tagged.get(statement.pk) != stood.get(statement.pk):
                said = [*said, "its themes are not those of its last revision"]
            said = [*said, *_miskept(statement, bool(tagged.get(statement.pk)))]
            yield from (f"{programme.slug}: {statement.label}: {line}" for line in said)


def unsealed(programme: Programme) -> Iterator[str]:
    """Revisions of statements, with the themes they carried, that are not as the log sealed them when written."""
    seals = seals_of(programme)
    revisions = StatementRevision.objects.filter(statement__programme=programme).select_related("statement")
    found = revisions.order_by("pk").prefetch_related("taggings").iterator(CHUNK)
    for revision in found:
        digest = seal(revision, themes=sorted(tag.theme_id for tag in revision.taggings.all()))
        if not seals.hold(digest, revision.statement.label, revision.number):
            yield f"{programme.slug}: {revision.statement.label}: revision {revision.number} is not as the log has it"


def _history(keys: list[int]) -> tuple[dict[int, list[int]], dict[int, StatementRevision]]:
    """({statement: revision numbers in order}, {statement: its last revision})."""
    numbers: dict[int, list[int]] = {}
    rows = StatementRevision.objects.filter(statement__in=keys).order_by("statement", "number")
    last_keys: dict[int, int] = {}
    for key, statement, number in rows.values_list("pk", "statement", "number"):
        numbers.setdefault(statement, []).append(number)
        last_keys[statement] = key
    last = StatementRevision.objects.filter(pk__in=list(last_keys.values()))
    return numbers, {revision.statement_id: revision for revision in last}


def _themes(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for statement, theme in pairs:
        found.setdefault(statement, set()).add(theme)
    return found


def _unlike(statement: Statement, numbers: list[int], last: StatementRevision | None) -> list[str]:
    if numbers != list(range(1, statement.revision_number + 1)):
        return [f"it is at revision {statement.revision_number}, its history is {len(numbers)} long"]
    unlike = [field for field in SAME if getattr(statement, field) != getattr(last, field)]
    return [f"it is not as its last revision says: {', '.join(unlike)}"] if unlike else []


def _miskept(statement: Statement, tagged: bool) -> list[str]:
    """Fields that are kept for speed and can be worked out."""
    because = parsing.part_text(statement.wording, parsing.unpack(statement.parts), parsing.Part.BECAUSE)
    right = {
        "area_position": statement.area.position if statement.area else NOWHERE,
        "lacks": (0 if because else Lacks.BECAUSE) | (0 if tagged else Lacks.THEMES),
        "folded": fold(statement.wording),
        "sameness": sameness(statement.wording),
    }
    unlike = [field for field, value in right.items() if getattr(statement, field) != value]
    return [f"{field} is out of step with the record" for field in unlike]
