"""Owns pages of long lists: the same cost on the first and the last page, however long the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

Row = TypeVar("Row")
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows `start`..`end` (counted from 1) of `count`; `number` of `pages`."""

    rows: list[Row]
    count: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size + 1 if self.count else 0

    @property
    def end(self) -> int:
        return min(self.number * self.size, self.count)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def asked(query: Any, *, size: int, largest: int = LARGEST) -> tuple[int, int]:
    """(page, page size) from a query string; a size over `largest` is cut. Raises ValidationError (page, page_size)."""
    return _whole(query, "page", 1), min(_whole(query, "page_size", size), largest)


def _whole(query: Any, name: str, default: int) -> int:
    raw = query.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdecimal() and 1 <= len(raw) <= 9 and int(raw) > 0):
        raise ValidationError({name: _("Write a whole number from 1.")})
    return int(raw)


def take(
    rows: Any, *, count: int, page: int, size: int, make: Callable[[list[Any]], list[Row]] = list
) -> Page[Row]:
    """One page of an ordered queryset whose length is known to be `count`.

    A page in the second half is read from the end: what is skipped is never more than half. Raises Http404 for a page
    that is not there.
    """
    first, last = (page - 1) * size, min(page * size, count)
    if page > 1 and first >= count:
        raise Http404("There is no such page.")
    found = list(rows[first:last]) if first <= count // 2 else list(rows.reverse()[count - last : count - first])[::-1]
    return Page(make(found), count, page, size)
