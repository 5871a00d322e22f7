"""Owns which revisions of statements did nothing but follow the codebook: a theme was merged, and the tags went along.

Nobody changed the statement by that. What hangs on its revisions, such as the undoing of an act of lineage, goes on.
"""

from collections.abc import Iterable
from typing import Any

from cmo.models import Statement, StatementRevision
from cmo.vocabulary import Change
from programmes.models import ThemeRevision

KEPT = ("wording", "parts", "area_id", "state")  # what such a revision leaves as it was


def followed_the_codebook(written: Iterable[tuple[Any, int]]) -> dict[int, set[int]]:
    """{statement: those of its revisions after this number}, of (record, number) each; configurations carry no themes.

    At most three queries, none where no statement has moved on.
    """
    since = {one.pk: n for one, n in written if isinstance(one, Statement) and one.revision_number > n}
    if not since:
        return {}
    rows = StatementRevision.objects.filter(statement__in=since).prefetch_related("taggings")
    before: dict[int, tuple[StatementRevision, set[int]]] = {}
    swapped: list[tuple[StatementRevision, int, set[int]]] = []  # revision, the theme that went, those it may be now
    for row in rows.order_by("statement", "number"):
        themes = {tag.theme_id for tag in row.taggings.all()}
        if row.change == Change.RETAGGED and row.number > since[row.statement_id]:
            was, held = before[row.statement_id]
            gone, come = held - themes, themes - held
            if len(gone) == 1 and len(come) <= 1 and all(getattr(was, name) == getattr(row, name) for name in KEPT):
                swapped.append((row, gone.pop(), come or themes))
        before[row.statement_id] = row, themes
    merges = ThemeRevision.objects.filter(theme__in={old for _row, old, _new in swapped}, merged_into__isnull=False)
    merged = set(merges.values_list("theme", "merged_into")) if swapped else set()
    found: dict[int, set[int]] = {}
    for row, old, new in swapped:
        if any((old, theme) in merged for theme in new):
            found.setdefault(row.statement_id, set()).add(row.number)
    return found
