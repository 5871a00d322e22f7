"""Owns theory in bulk, for tests of lists, counts and speed: rows as the rules write them, but many at a time.

`manage.py check_integrity` finds nothing wrong with what is made here.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cmo import wording as parsing
from cmo.folding import fold, sameness
from cmo.models import RevisionTheme, Statement, StatementRevision, StatementTheme, TheoryArea
from cmo.rules.arranging import NOWHERE
from cmo.rules.indexing import statement_entry
from cmo.rules.recounting import recount
from cmo.vocabulary import Change, Lacks, State
from programmes.access import Actor
from programmes.models import Person, Phase, Programme, Theme, ThemeRevision
from programmes.rules.indexing import index, theme_entry
from programmes.rules.recording import Entry, record_all, seal
from programmes.vocabulary import ThemeChange

WHO = ("the worker", "the family", "a young person", "the school", "the police", "a carer", "the team", "the manager")
DOES = ("stays in touch", "shares what is known", "listens first", "keeps a promise", "is trained", "meets weekly")
WHY = ("trust grows", "risks are seen early", "nobody waits", "roles are clear", "fear fades", "time is protected")
BATCH = 500


def sentence(chance: random.Random, at: int) -> str:
    """A wording unlike any other of the same run; one in ten lacks its because."""
    who, does = chance.sample(WHO, 2), chance.sample(DOES, 2)
    opening = f"If {who[0]} {does[0]} in case {at}, then {who[1]} {does[1]}"
    return f"{opening}." if at % 10 == 0 else f"{opening}, because {chance.choice(WHY)} for {chance.choice(WHO)}."


def many_themes(programme: Programme, by: Person, n: int, *, per_branch: int = 10) -> list[Theme]:
    """`n` themes, T1, T1.1 … T1.9, T2 …: one at the top, then those below it, with their first revision."""
    now = timezone.now()
    made: list[Theme] = []
    for at in range(n):
        top, below = divmod(at, per_branch)
        code = f"T{top + 1}.{below}" if below else f"T{top + 1}"
        made.append(Theme(programme=programme, code=code, name=f"Theme {code}", created=now, updated=now))
    Theme.objects.bulk_create(made, BATCH)
    for at, theme in enumerate(made):
        top = made[at - at % per_branch]
        theme.parent = None if theme is top else top
        theme.path = f"/{top.pk}/" if theme is top else f"/{top.pk}/{theme.pk}/"
    Theme.objects.bulk_update(made, ["parent", "path"], BATCH)
    history = [
        ThemeRevision(
            theme=theme, number=1, code=theme.code, name=theme.name, parent=theme.parent,
            change=ThemeChange.NEW, author=by, at=now,
        )
        for theme in made
    ]  # fmt: skip
    ThemeRevision.objects.bulk_create(history, BATCH)
    entries = [Entry("new", f"theme {row.code}", "", {"revision": 1}, seal(row)) for row in history]
    record_all(Actor(by, "bulk"), entries, programme=programme)
    index(programme, map(theme_entry, made))
    return made


@transaction.atomic
def many_statements(
    programme: Programme,
    by: Person,
    n: int,
    *,
    themes: Sequence[Theme] = (),
    areas: Sequence[TheoryArea] = (),
    revisions: int = 1,
    each: int = 2,
    seed: int = 1,
) -> list[Statement]:
    """`n` statements with `revisions` revisions and `each` themes each, spread over `areas`; the same for a seed."""
    chance = random.Random(seed)
    now = timezone.now()
    phase = Phase.objects.filter(programme=programme, state="open").first()
    programme.refresh_from_db(fields=["last_statement"])
    first = programme.last_statement + 1
    made: list[Statement] = []
    for start in range(first, first + n, BATCH):
        batch = [
            _statement(programme, by, at, chance, areas, phase, revisions, now)
            for at in range(start, min(start + BATCH, first + n))
        ]
        carried = [chance.sample(list(themes), min(each, len(themes))) for _ in batch]
        for statement, tags in zip(batch, carried, strict=True):
            statement.lacks |= 0 if tags else Lacks.THEMES
        Statement.objects.bulk_create(batch, BATCH)
        _tag(batch, carried)
        _write_history(batch, carried, by, phase, revisions, now)
        made += batch
    index(programme, map(statement_entry, made))
    Programme.objects.filter(pk=programme.pk).update(last_statement=first + n - 1)
    programme.last_statement = first + n - 1
    recount(programme)
    look_again()
    return made


def look_again() -> None:
    """Rows in bulk need a plan for bulk: both databases look again by themselves, but only after a while.

    PostgreSQL is told which tables: those of the server itself are locked until the test ends, for all workers.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor) if connection.vendor == "postgresql" else ()
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _statement(
    programme: Programme,
    by: Person,
    number: int,
    chance: random.Random,
    areas: Sequence[TheoryArea],
    phase: Phase | None,
    revisions: int,
    now: Any,
) -> Statement:
    wording = sentence(chance, number)
    spans = parsing.find_parts(wording)
    because = parsing.part_text(wording, spans, parsing.Part.BECAUSE)
    area = areas[number % len(areas)] if areas else None
    return Statement(
        programme=programme,
        number=number,
        wording=wording,
        parts=parsing.pack(spans),
        area=area,
        area_position=area.position if area else NOWHERE,
        state=State.AGREED if number % 3 == 0 else State.DRAFT,
        origin=phase,
        revision_number=revisions,
        lacks=0 if because else Lacks.BECAUSE,
        folded=fold(wording),
        sameness=sameness(wording),
        created=now - timedelta(minutes=revisions),
        updated=now,
        updated_by=by,
    )


def _tag(statements: Sequence[Statement], carried: Sequence[Sequence[Theme]]) -> None:
    tags = (
        StatementTheme(statement=statement, theme=theme)
        for statement, themes in zip(statements, carried, strict=True)
        for theme in themes
    )
    StatementTheme.objects.bulk_create(tags, BATCH)


def _write_history(
    statements: Sequence[Statement],
    carried: Sequence[Sequence[Theme]],
    by: Person,
    phase: Phase | None,
    revisions: int,
    now: Any,
) -> None:
    """Earlier revisions say the same with another case number; the last is the statement as it stands."""
    rows: list[StatementRevision] = []
    for statement in statements:
        for number in range(1, revisions + 1):
            last = number == revisions
            wording = statement.wording if last else statement.wording.replace("in case", f"in draft {number} of case")
            rows.append(
                StatementRevision(
                    statement=statement,
                    number=number,
                    wording=wording,
                    parts=statement.parts if last else parsing.pack(parsing.find_parts(wording)),
                    area=statement.area,
                    state=statement.state,
                    change=Change.NEW if number == 1 else Change.REWORDED,
                    reason="" if number == 1 else "Closer to what was said.",
                    author=by,
                    at=now - timedelta(minutes=revisions - number),
                    phase=phase,
                )
            )
    StatementRevision.objects.bulk_create(rows, BATCH)
    RevisionTheme.objects.bulk_create(_taggings(rows, carried, revisions), BATCH)
    entries = [
        Entry(row.change.value, row.statement.label, row.reason, {"revision": row.number}, seal(row, themes=_ids(tags)))
        for row, tags in zip(rows, (tags for tags in carried for _ in range(revisions)), strict=True)
    ]
    record_all(Actor(by, "bulk"), entries, programme=statements[0].programme)


def _ids(themes: Iterable[Theme]) -> list[int]:
    return sorted(theme.pk for theme in themes)


def _taggings(
    rows: Sequence[StatementRevision], carried: Sequence[Sequence[Theme]], revisions: int
) -> Iterable[RevisionTheme]:
    return (
        RevisionTheme(revision=row, theme=theme) for at, row in enumerate(rows) for theme in carried[at // revisions]
    )
