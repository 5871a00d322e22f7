"""Owns what lists show of verdicts: the team's on each record, by phase, read together with what else hangs on it."""

from collections.abc import Iterable
from operator import itemgetter

Verdicts = dict[int, list[dict[str, str]]]
JUDGED = "verdict"  # marks the rows of `verdict_sql` among others


def verdict_sql(column: str, keys: str, columns: str) -> str:
    """SELECT of the team's verdicts on the records in `keys` (marks for their ids), to be united with what else is read
    of a page's records; `columns` name {record}, {place} of the phase and {said}: its slug and the verdict."""
    said = columns.format(record=f"w.{column}_id", place="f.position", said="f.slug || ' ' || w.verdict")
    return (
        f"SELECT {said} FROM cmo_verdict w JOIN programmes_phase f ON f.id = w.phase_id"
        f" WHERE w.team AND w.{column}_id IN ({keys})"
    )


def verdicts_in(rows: Iterable[tuple[int, int, str]]) -> Verdicts:
    """{record: the team's verdicts by phase} from what `verdict_sql` finds: record, place, what was said."""
    found: Verdicts = {}
    for record, _place, said in sorted(rows, key=itemgetter(1)):
        phase, _space, verdict = said.partition(" ")
        found.setdefault(record, []).append({"phase": phase, "verdict": verdict})
    return found
