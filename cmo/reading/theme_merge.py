"""Owns what merging one theme into another would do: which statements and how many excerpts follow, and how many there
are together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cmo.models import ExcerptTheme, StatementTheme
from cmo.vocabulary import State
from programmes.models import Theme

NAMED = 50  # statements that a preview names


@dataclass(frozen=True, slots=True)
class Both:
    """Records of one kind that carry the one theme and the other. Counts are of those in use; `retired` are those that
    follow without being in use."""

    theme: int
    into: int
    both: int
    retired: int

    @property
    def together(self) -> int:
        return self.theme + self.into - self.both

    @property
    def following(self) -> int:
        return self.theme + self.retired


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do to the statements, and to the excerpts where evidence is seen (else None)."""

    theme: Theme
    into: Theme
    statements: Both
    excerpts: Both | None
    below: int
    named: list[dict[str, Any]]  # number, wording, state of the statements that would follow, in order

    @property
    def unnamed(self) -> int:
        return max(0, self.statements.following - len(self.named))


def merge_plan(theme: Theme, into: Theme, themes: Iterable[Theme], *, evidence: bool) -> MergePlan:
    """What merging `theme` into `into` would do now; two queries, three with evidence."""
    pair = [theme.pk, into.pk]
    tags = StatementTheme.objects.filter(theme__in=pair).values_list("theme_id", "statement_id", "statement__state")
    following = StatementTheme.objects.filter(theme=theme).order_by("statement__number")
    fields = ("statement__number", "statement__wording", "statement__state")
    return MergePlan(
        theme=theme,
        into=into,
        statements=_both(theme, into, ((tag, key, state == State.RETIRED) for tag, key, state in tags)),
        excerpts=_excerpts(theme, into) if evidence else None,
        below=sum(other.parent_id == theme.pk and not other.retired for other in themes),
        named=[
            {"number": number, "wording": wording, "retired": state == State.RETIRED}
            for number, wording, state in following.values_list(*fields)[:NAMED]
        ],
    )


def _excerpts(theme: Theme, into: Theme) -> Both:
    tags = ExcerptTheme.objects.filter(theme__in=[theme.pk, into.pk])
    rows = tags.values_list("theme_id", "excerpt_id", "excerpt__retired", "excerpt__source__retired")
    return _both(theme, into, ((tag, key, gone or source_gone) for tag, key, gone, source_gone in rows))


def _both(theme: Theme, into: Theme, tags: Iterable[tuple[int, int, bool]]) -> Both:
    """Of (theme, record, whether that is retired)."""
    carried: dict[int, set[int]] = {theme.pk: set(), into.pk: set()}
    retired = 0
    for tag, key, gone in tags:
        if not gone:
            carried[tag].add(key)
        elif tag == theme.pk:
            retired += 1
    mine, theirs = carried[theme.pk], carried[into.pk]
    return Both(len(mine), len(theirs), len(mine & theirs), retired)
