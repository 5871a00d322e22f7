"""Owns rows of evidence for tests that need no rule: one source, excerpt and bearing, or many at a time."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from cmo.models import Bearing, Configuration, Excerpt, Statement
from programmes.access import Actor
from programmes.models import Person, Programme, Source
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source


def a_source(programme: Programme, person: Person, number: int = 1, **words: Any) -> Source:
    now = timezone.now()
    said = {"kind": "interview", "pseudonym": f"LA1-SW{number}", "role": "Social worker", **words}
    return Source.objects.create(
        programme=programme, number=number, created=now, updated=now, updated_by=person, **said
    )


def interviewed(programme: Programme, by: Actor, *others: str) -> Source:
    """LA1-SW1, a social worker at LA1, by the rules; `others` are sites where nobody was asked yet."""
    site = add_site(programme, by=by, name="LA1")
    for name in others:
        add_site(programme, by=by, name=name)
    return add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker", site=site)


def an_excerpt(source: Source, person: Person, number: int = 1, **words: Any) -> Excerpt:
    now = timezone.now()
    return Excerpt.objects.create(
        programme=source.programme, source=source, number=number, created=now, updated=now, updated_by=person,
        **{"text": "We hear of it late.", **words},
    )  # fmt: skip


def a_bearing(
    excerpt: Excerpt, person: Person, on: Statement | Configuration, number: int = 1, **words: Any
) -> Bearing:
    now = timezone.now()
    field = "statement" if isinstance(on, Statement) else "configuration"
    return Bearing.objects.create(
        programme=excerpt.programme, excerpt=excerpt, number=number, author=person, created=now, updated=now,
        updated_by=person, judged=now,
        **{field: on, "stance": "supports", "made_against": on.revision_number, **words},
    )  # fmt: skip


def linked(on: Statement | Configuration, person: Person) -> tuple[Source, Excerpt, Bearing]:
    """A source, an excerpt of it, and how that bears on `on`."""
    source = a_source(on.programme, person)
    excerpt = an_excerpt(source, person)
    return source, excerpt, a_bearing(excerpt, person, on)


def many_bearings(programme: Programme, person: Person, claims: Sequence[Statement], n: int) -> list[Bearing]:
    """`n` excerpts of `n` sources (at most 50), each of which bears on one of the claims in turn."""
    now = timezone.now()
    first = Source.objects.filter(programme=programme).count() + 1
    sources = [a_source(programme, person, first + at) for at in range(min(n, 50))]
    row = {"programme": programme, "created": now, "updated": now, "updated_by": person}
    start = Excerpt.objects.filter(programme=programme).count() + 1
    excerpts = Excerpt.objects.bulk_create([
        Excerpt(source=sources[at % len(sources)], number=start + at, text=f"Said {at}.", **row) for at in range(n)
    ])  # fmt: skip
    return Bearing.objects.bulk_create([
        Bearing(
            excerpt=excerpt, number=start + at, statement=claims[at % len(claims)], stance="supports",
            made_against=1, judged=now, author=person, **row,
        )
        for at, excerpt in enumerate(excerpts)
    ])  # fmt: skip
