"""Owns evidence in bulk for tests of counts, pages and costs."""

from typing import Any

from django.utils import timezone

from cmo.models import Bearing, Excerpt, ExcerptTheme, Statement
from programmes.models import Programme, Site, Source
from tests.factories import look_again

STANCES = ("supports", "challenges", "nuances", "unclear")


def some_sites(programme: Programme, *names: str) -> list[Site]:
    now = timezone.now()
    return [
        Site.objects.create(programme=programme, slug=name.lower(), name=name, position=at, created=now, updated=now)
        for at, name in enumerate(names, start=1)
    ]


def many_bearings(on: Any, person: Any, n: int, *, sites: Any = (), theme: Any = None, start: int = 1) -> list[Bearing]:
    """`n` bearings on a record, each of an excerpt and a source of its own; the stances take turns, sites and two roles
    too. Numbers begin with `start`."""
    now, programme = timezone.now(), on.programme
    who = {"created": now, "updated": now, "updated_by": person, "programme": programme}
    sources = Source.objects.bulk_create(
        Source(number=start + at, kind="interview", pseudonym=f"P{start + at}",
               site=sites[at % len(sites)] if sites else None, role=("Social worker", "Team manager")[at % 2], **who)
        for at in range(n)
    )  # fmt: skip
    excerpts = Excerpt.objects.bulk_create(
        Excerpt(number=start + at, source=source, text=f"Passage {start + at}.", **who)
        for at, source in enumerate(sources)
    )
    if theme is not None:
        ExcerptTheme.objects.bulk_create(ExcerptTheme(excerpt=one, theme=theme) for one in excerpts)
    field = "statement" if isinstance(on, Statement) else "configuration"
    Programme.objects.filter(pk=programme.pk).update(last_source=start + n - 1)
    made = Bearing.objects.bulk_create(
        Bearing(number=start + at, excerpt=one, author=person, judged=now, stance=STANCES[at % 4],
                made_against=on.revision_number, **{field: on}, **who)
        for at, one in enumerate(excerpts)
    )  # fmt: skip
    look_again()
    return made
