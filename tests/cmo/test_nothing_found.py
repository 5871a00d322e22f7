"""Claims about a list that nothing meets: it offers what there is instead, in a fixed number of queries."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict

from cmo.filters import StatementFilter
from tests.factories import many_statements, many_themes
from tests.pages import main_of, text

HERE = "/p/cse-test/theory"


@pytest.fixture
def stated(statement: Any) -> Any:
    statement("If workers stay, then families trust them, because trust grows.", themes=["O1"])
    statement("If training is regular, then staff know the guidance.", themes=["O4"], state="agreed")


def links(answer: Any) -> dict[str, str]:
    """{words: address} of the links in the empty list."""
    part = main_of(answer).partition('aria-labelledby="none-h"')[2].partition("</section>")[0]
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', part, flags=re.S)
    return {" ".join(unescape(re.sub(r"<[^>]+>", "", words)).split()): unescape(url) for url, words in found}


def test_a_word_near_a_known_one_is_offered_and_leads_to_statements(cast, as_, stated):
    browser = as_(cast.viewer)
    empty = browser.get(f"{HERE}?search=famlies+trust&state=draft")
    assert "Did you mean families trust?" in text(empty)
    leads = links(empty)["families trust"]
    assert leads == f"{HERE}?search=families+trust&state=draft"
    assert "1 statement" in text(browser.get(leads))


def test_a_near_word_that_the_other_filters_leave_nothing_of_leads_to_it_alone(cast, as_, stated):
    empty = as_(cast.viewer).get(f"{HERE}?search=famlies&state=agreed&page=1")
    assert links(empty)["families"] == f"{HERE}?search=families"


@pytest.mark.parametrize("words", ["trainng", "Trainings", "o4"])
def test_a_theme_of_that_name_is_offered_where_statements_carry_it(words, cast, as_, stated):
    empty = as_(cast.viewer).get(f"{HERE}?search={words}&phase=refining")
    assert links(empty)["O4 Training"] == f"{HERE}?theme=O4"


def test_a_theme_that_nobody_carries_and_a_word_that_is_nowhere_near_are_not_offered(cast, as_, stated):
    empty = as_(cast.viewer).get(f"{HERE}?search=Covid-19+xyzzyplugh")
    assert "Did you mean" not in text(empty)
    assert set(links(empty)) == {"Clear the filter", "Without “Covid-19 xyzzyplugh” there would be 2"}


def test_each_filter_says_how_many_there_would_be_without_it(cast, as_, stated):
    browser = as_(cast.viewer)
    empty = browser.get(f"{HERE}?search=trust&theme=O1&state=agreed&page=1")
    found = links(empty)
    assert found == {
        "Clear the filter": HERE,
        "Without Agreed there would be 1": f"{HERE}?search=trust&theme=O1",
    }
    assert "1 statement" in text(browser.get(found["Without Agreed there would be 1"]))


def test_a_filter_that_finds_nothing_by_any_one_of_two_says_so(cast, as_, stated):
    empty = as_(cast.viewer).get(f"{HERE}?state=retired&phase=refining&area=none&theme=P6")
    assert "without any one of them there would still be none" in text(empty)


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_an_empty_list_asks_as_often_for_any_size(n, programme, cast, as_, queries):
    themes = many_themes(programme, cast.editor, n)
    many_statements(programme, cast.editor, n, themes=themes)
    browser = as_(cast.viewer)
    browser.get(HERE)
    with queries(EMPTY):
        assert browser.get(f"{HERE}?search=caze&theme=T1&state=draft&phase=refining").status_code == 200


EMPTY = 18


def test_the_counts_without_each_filter_are_one_query(programme, stated, queries):
    found = StatementFilter(QueryDict("theme=O1&state=agreed&incomplete=because"), programme=programme)
    assert found.codes
    assert found.asked
    with queries(1):
        assert found.without_each() == {"theme": 1, "state": 0, "incomplete": 0}
