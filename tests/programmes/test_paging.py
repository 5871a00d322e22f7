"""Claims about pages of lists: every row on one page and no other, whichever end it is read from."""

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict

from programmes.models import Programme
from programmes.reading.paging import Page, asked, take
from programmes.rules.founding import found


def queried(text):
    return asked(QueryDict(text), size=50)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", (1, 50)), ("page=3", (3, 50)), ("page=3&page_size=7", (3, 7)), ("page_size=201", (1, 200)),
     ("page_size=999999999", (1, 200)), ("page=007", (7, 50)), ("page=1&page=2", (2,
         50))],
)  # fmt: skip
def test_what_is_asked_for(text, expected):
    assert queried(text) == expected


STRANGE = ["", "0", "-1", "x", "1.0", " 1", "1e2", "%D9%A1", "%C2%B2", "9999999999", "%00", "True"]


@pytest.mark.parametrize("value", STRANGE)
@pytest.mark.parametrize("name", ["page", "page_size"])
def test_what_is_no_number_is_refused_under_its_name(name, value):
    with pytest.raises(ValidationError) as caught:
        queried(f"{name}={value}")
    assert caught.value.message_dict == {name: ["Write a whole number from 1."]}


@pytest.fixture
def rows(cast, actor):
    for at in range(11):
        found(by=actor(cast.lead), title=f"P {at:02}", slug=f"p-{at:02}", phases=False)
    return Programme.objects.order_by("slug").values_list("slug", flat=True)


@pytest.mark.parametrize("size", range(1, 13))
def test_the_pages_together_are_the_list(size, rows):
    everything = list(rows)
    first = take(rows, count=11, page=1, size=size)
    pages = [take(rows, count=11, page=number, size=size) for number in range(1, first.pages + 1)]
    assert [row for page in pages for row in page.rows] == everything
    assert [page.has_next for page in pages] == [True] * (len(pages) - 1) + [False]
    assert [page.has_previous for page in pages] == [False] + [True] * (len(pages) - 1)
    for page in pages:
        assert everything[page.start - 1 : page.end] == page.rows
    with pytest.raises(Http404):
        take(rows, count=11, page=first.pages + 1, size=size)


def test_a_page_in_the_second_half_is_read_from_the_end(rows, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        assert take(rows, count=11, page=6, size=2).rows == ["p-10"]
    sql = captured[0]["sql"]
    assert "DESC" in sql
    assert "OFFSET" not in sql


def test_an_empty_list_has_one_empty_page(db):
    page = take(Programme.objects.order_by("pk"), count=0, page=1, size=10)
    assert page == Page([], 0, 1, 10)
    assert (page.pages, page.start, page.end, page.has_next, page.has_previous) == (1, 0, 0, False, False)


def test_rows_are_made_once_a_page(rows):
    made = []
    take(rows, count=11, page=2, size=4, make=lambda found: made.append(found) or found)
    assert made == [["p-04", "p-05", "p-06", "p-07"]]
