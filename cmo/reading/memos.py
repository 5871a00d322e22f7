"""Owns what pages and the API show of memos. A private one is there for its author alone, everywhere."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from cmo.models import Memo, MemoLink, MemoRevision
from cmo.reading.naming import record_url, seen_by
from cmo.rules.discussing import FIELDS, Record, record_of
from programmes.models import Person, Programme

MOST_WORDS = 10
SHOWN = 5  # on the page of a record


def memos_seen(programme: Programme, person: Person) -> "QuerySet[Memo]":
    """The shared memos of a programme and one's own."""
    return Memo.objects.filter(programme=programme).filter(Q(shared=True) | Q(author=person))


def memos_found(
    programme: Programme,
    person: Person,
    *,
    retired: bool = False,
    shared: bool | None = None,
    author: str = "",
    on: Any = None,
    words: str = "",
) -> "QuerySet[Memo]":
    """Memos, the latest day first, with author and links; two queries. `words` stand in title or text."""
    found = memos_seen(programme, person).filter(retired=retired)
    if shared is not None:
        found = found.filter(shared=shared)
    if author:
        found = found.filter(author__username__iexact=author)
    if on is not None:
        found = found.filter(pk__in=MemoLink.objects.filter(**{FIELDS[type(on)]: on}).values("memo"))
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return found.select_related("author", "programme").prefetch_related(_links(person)).order_by("-dated", "-number")


def memos_on(programme: Programme, person: Person, record: Record) -> "QuerySet[Memo]":
    """The latest memos on a record; one query."""
    linked = MemoLink.objects.filter(**{FIELDS[type(record)]: record}).values("memo")
    found = memos_seen(programme, person).filter(pk__in=linked, retired=False)
    return found.select_related("author").order_by("-dated", "-number")[:SHOWN]


def _links(person: Person) -> "Prefetch[Any]":
    """Links that the reader may see, with what they are on."""
    found = MemoLink.objects.filter(Q(proposal__isnull=True) | seen_by(person, "proposal__"))
    return Prefetch("links", found.select_related("statement", "configuration", "proposal"))


def find_memo(programme: Programme, person: Person, number: int) -> Memo:
    """The memo with this number as a member sees it, or Http404: a private one is not there for others."""
    found = memos_seen(programme, person).select_related("author").prefetch_related(_links(person))
    memo = found.filter(number=number).first()
    if memo is None:
        raise Http404("There is no such memo.")
    memo.programme = programme
    return memo


def linked_to(memo: Memo) -> list[tuple[str, str]]:
    """(label, address) of what a memo is on, by kind and number."""
    slug = memo.programme.slug
    found = [(FIELDS[type(on)], on) for on in map(record_of, memo.links.all())]
    order = list(FIELDS.values())
    found.sort(key=lambda one: (order.index(one[0]), one[1].number))
    return [(on.label, record_url(slug, kind, on.number)) for kind, on in found]


def memo_history(memo: Memo, person: Person) -> list[MemoRevision]:
    """What a memo said, the latest first; others than its author see what it said while it was shared."""
    found = MemoRevision.objects.filter(memo=memo).order_by("-number")
    return list(found if memo.author_id == person.pk else found.filter(shared=True))


def memo_json(memo: Memo) -> dict[str, Any]:
    return {
        "number": memo.number,
        "title": memo.title,
        "text": memo.text,
        "dated": memo.dated,
        "shared": memo.shared,
        "state": "retired" if memo.retired else "current",
        "on": [label for label, _url in linked_to(memo)],
        "author": memo.author.username,
        "revision": memo.revision_number,
        "created": memo.created,
        "updated": memo.updated,
    }


def memo_revision_json(revision: MemoRevision) -> dict[str, Any]:
    words = {name: getattr(revision, name) for name in ("number", "title", "text", "dated", "shared", "at")}
    return {**words, "state": "retired" if revision.retired else "current"}
