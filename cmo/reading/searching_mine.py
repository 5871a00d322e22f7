"""Owns the search in all programmes of a person: which they are, which kinds of records of each, what is shown."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cmo.reading.searchable import KINDS, THEORY, Kind, Shown, beside, hit_json, kinds_for, shown
from programmes.access import Actor
from programmes.models import Programme
from programmes.reading.paging import Page
from programmes.reading.searching_all import FoundIn, search_all
from programmes.reading.team import evidence_shown, programmes_of


def mine_of(actor: Actor) -> list[Programme]:
    """The programmes that the actor is a member of now, by title; one query."""
    return list(programmes_of(actor).order_by("title", "pk"))


def kinds_among(programmes: Iterable[Programme]) -> dict[str, Kind]:
    """The kinds that there are in any of these programmes for whoever asked for them."""
    return KINDS if any(map(evidence_shown, programmes)) else THEORY


def search_mine(
    programmes: Sequence[Programme], text: str, *, kind: str = "", page: int = 1, size: int = 10
) -> Page[FoundIn]:
    """What the asker's programmes hold of `text`, of `kind` or of all kinds that the asker sees in each; four queries.
    Raises Http404 for a page that is not there."""

    def kinds(programme: Programme) -> Collection[str]:
        return [name for name in kinds_for(programme) if kind in ("", name)]

    those = [programme for programme in programmes if kinds(programme)]
    return search_all(those, text, kinds=kinds, page=page, size=size)


def shown_in(rows: Sequence[FoundIn]) -> list[tuple[FoundIn, list[Shown]]]:
    """The programmes of a page, each with its records as a list shows them; three queries at most."""
    known = beside(hit for one in rows for hit in one.found.page.rows)
    return [(one, shown(one.programme, one.found, known)) for one in rows]


def found_in_json(one: FoundIn, asked: dict[str, str], at: Callable[[str], str]) -> dict[str, Any]:
    """What was found in one programme as the API shows it; `asked` is the question, `at` makes a whole address of a
    path."""
    slug, query = one.programme.slug, urlencode(asked)
    return {
        "programme": slug,
        "title": one.programme.title,
        "count": one.found.page.count,
        "complete": one.found.complete,
        "url": at(f"{reverse('api:search', args=[slug])}?{query}"),
        "page": at(f"{reverse('search', args=[slug])}?{query}"),
        "results": [hit_json(one.programme, hit, at) for hit in one.found.page.rows],
    }
