"""Claims about cost: each page and list asks the database a literal number of times, for 1, 3 and 1,000 rows alike."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.stating import revise
from programmes.models import Membership
from programmes.rules.founding import found
from tests.conftest import UNCOUNTED, actor, enlist
from tests.factories import many_statements, many_themes

P = "/p/cse-test"
A = "/api/v1/programmes/cse-test"
SIZES = (1, 3, 1000)
PAGES = {
    f"{P}/theory": 14,
    f"{P}/theory?theme=T1&search=then&state=draft": 16,
    f"{P}/search?q=then": 10,
    f"{P}/theory?page_size=200&ordering=-updated": 14,
    f"{P}/s/1": 12,
    f"{P}/s/1?from=1&to=2": 12,
    f"{P}/s/1/edit": 13,  # one asks whether there is a snapshot: then a reason is needed, and the form says so
    f"{P}/s/new": 9,
    f"{P}/codebook": 7,
    f"{P}/codebook?code=T1": 10,  # one more than its statements asks: its excerpts
    f"{P}/areas": 8,
    f"{P}/": 17,
    f"{P}/settings": 10,
    f"{P}/theory/paste": 7,
}
LISTS = {
    "/api/v1/programmes/": 4,
    f"{A}/": 2,
    f"{A}/areas/": 2,
    f"{A}/areas/area-1/": 2,
    f"{A}/phases/": 2,
    f"{A}/phases/gleaning/": 2,
    f"{A}/members/": 2,
    f"{A}/changes/": 3,
    f"{A}/themes/": 3,
    f"{A}/themes/T1/": 5,
    f"{A}/themes/T1/revisions/": 3,
    f"{A}/statements/": 5,
    f"{A}/statements/?page_size=200": 5,
    f"{A}/statements/?theme=T1&search=then": 8,
    f"{A}/search/?q=then": 4,
    f"{A}/search/?q=if+then&kind=statement&page_size=200": 4,
    f"{A}/statements/1/": 3,
    f"{A}/statements/1/revisions/": 4,
    f"{A}/statements/1/revisions/1/": 4,
    f"{A}/statements/1/diff/": 4,
}
PARTS = {f"{P}/theory": 12, f"{P}/s/1/edit": 11, f"{P}/s/1/row": 7}


def grow(made: Any, n: int) -> None:
    """A programme with so many statements, themes, areas (at most 100), members and revisions of S1 (at most 30)."""
    programme, cast = made.programme, made.cast
    themes = many_themes(programme, cast.editor, n)
    areas = [add_area(programme, by=actor(cast.editor), title=f"Area {at + 1}") for at in range(min(n, 100))]
    rows = many_statements(programme, cast.editor, n, themes=themes, areas=areas, revisions=2)
    first = rows[0]
    for at in range(min(n, 30)):
        first = revise(
            first, by=actor(cast.lead), base=first.revision_number, words=Words(wording=f"If {at}, then {at}.")
        )
    people = [enlist(f"person{at}") for at in range(min(n, 100))]
    Membership.objects.bulk_create(
        Membership(programme=programme, person=person, role="viewer", joined=programme.created) for person in people
    )


GROUND = {"grown": grow}


@pytest.fixture(params=SIZES)
def grown(request: Any, programme: Any) -> int:
    size: int = request.param
    return size


def asked(client: Any, urls: Iterable[str], **headers: str) -> dict[str, int]:
    """{url: queries that its answer took}; savepoints do not count."""
    found = {}
    for url in urls:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, **headers).status_code == 200, url
        found[url] = sum(not query["sql"].startswith(UNCOUNTED) for query in captured.captured_queries)
    return found


@pytest.fixture
def lead(cast: Any, as_: Any) -> Any:
    return as_(cast.lead)


def test_pages_ask_as_often_for_any_size(grown, lead):
    assert asked(lead, PAGES) == PAGES


def test_parts_for_htmx_ask_as_often_for_any_size(grown, lead):
    assert asked(lead, PARTS, HTTP_HX_REQUEST="true") == PARTS


def test_lists_of_the_api_ask_as_often_for_any_size(grown, cast, api):
    script = api(cast.lead)
    script.get("/api/v1/programmes/")  # notes the use of the token, once a minute
    assert asked(script, LISTS) == LISTS


def test_an_answer_by_its_etag_costs_less(programme, cast, api, statement, themes, area, queries):
    statement(themes=["O4"], area=area("One"))
    script = api(cast.lead)
    for url, expected in {f"{A}/statements/1/": 2, f"{A}/areas/one/": 2, f"{A}/themes/O4/": 5, f"{A}/": 2}.items():
        tag = script.get(url)["ETag"]
        with queries(expected):
            answer = script.get(url, HTTP_IF_NONE_MATCH=tag)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("n", [1, 3, 30])
def test_home_asks_as_often_for_any_number_of_programmes(n, cast, lead, api, queries):
    for at in range(n):
        found(by=actor(cast.lead), title=f"Programme {at}")
    script = api(cast.lead)
    script.get("/api/v1/programmes/")
    with queries(10):
        assert lead.get("/").status_code == 200
    with queries(4):
        assert script.get("/api/v1/programmes/?page_size=200").json()["count"] == n


@pytest.mark.parametrize("n", [1, 3, 1500])
def test_an_export_asks_once_or_twice_more_for_each_thousand(n, programme, cast, api, queries):
    themes = many_themes(programme, cast.editor, 10)
    many_statements(programme, cast.editor, n, themes=themes)
    script = api(cast.lead)
    script.get("/api/v1/programmes/")
    for kind, more in (("json", 2), ("csv", 1)):  # their themes; in JSON also what stands around them
        with queries(6 + more * (1 + (n > 1000))):
            assert len(b"".join(script.get(f"{A}/export/?as={kind}").streaming_content)) > n
