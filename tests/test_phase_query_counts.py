"""Claims about what snapshots, comparisons and verdicts cost: a literal number of queries, whatever a theory holds."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmo.models import Statement
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce
from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from tests.conftest import UNCOUNTED, actor
from tests.factories import many_statements, many_themes
from tests.test_query_counts import asked

SIZES = (1, 3, 1000)
P, A = "/p/cse-test", "/api/v1/programmes/cse-test"
TAKING = {"sqlite": 37, "postgresql": 36}[connection.vendor]
PAGES = {
    f"{P}/phases": 43,
    f"{P}/phases?from=first&to=second": 50,
    f"{P}/phases/changes.csv": 38,
    f"{P}/snapshots/first": 15,
    f"{P}/snapshots/first?theme=T1&search=then": 15,
    f"{P}/s/1?snapshot=first": 19,
    f"{P}/cmo?snapshot=first": 19,
    f"{P}/map?snapshot=first": 24,
    f"{P}/codebook?snapshot=first": 8,
    f"{P}/?snapshot=first": 19,
    f"{P}/s/1/why?snapshot=first": 20,
    f"{P}/verdicts?snapshot=first": 19,
    f"{P}/lineage?snapshot=first": 7,
    f"{P}/search?q=then&snapshot=first": 20,
    f"{P}/areas?snapshot=first": 7,
    f"{P}/matrices?snapshot=first": 19,
    f"{P}/s/1/verdicts?snapshot=first": 19,
    f"{P}/verdicts": 11,
    f"{P}/s/1/verdicts": 10,
}
LISTS = {
    f"{A}/matrices/?snapshot=first": 15,
    f"{A}/snapshots/": 2,
    f"{A}/snapshots/first/": 2,
    f"{A}/snapshots/first/?as=canonical": 15,
    f"{A}/snapshots/first/compare/second/": 30,
    f"{A}/snapshots/first/compare/working/": 36,
    f"{A}/statements/?snapshot=first&page_size=200": 11,
    f"{A}/statements/1/?snapshot=first": 11,
    f"{A}/configurations/?snapshot=first": 15,
    f"{A}/elements/?snapshot=first": 8,
    f"{A}/themes/?snapshot=first": 11,
    f"{A}/links/?snapshot=first": 15,
    f"{A}/map/?snapshot=first": 16,
    f"{A}/export/?snapshot=first": 11,
    f"{A}/verdicts/?snapshot=first": 4,
    f"{A}/verdicts/1/?snapshot=first": 4,
    f"{A}/lineage/?snapshot=first": 3,
    f"{A}/statements/1/lineage/?snapshot=first": 16,
    f"{A}/statements/1/why/?snapshot=first": 16,
    f"{A}/search/?q=then&snapshot=first": 16,
    f"{A}/themes/T1/?snapshot=first": 11,
    f"{A}/verdicts/": 5,
    f"{A}/verdicts/?phase=gleaning&team=true&page_size=200": 6,
    f"{A}/verdicts/1/": 4,
    f"{A}/statements/?verdict=supported": 5,
}


def grow(made: Any, n: int) -> None:
    """So many statements, and at most 30 of what else there is, frozen twice with changes in between and after."""
    programme, cast = made.programme, made.cast
    lead, few = actor(cast.lead), min(n, 30)
    many_statements(programme, cast.editor, n, themes=many_themes(programme, cast.editor, n), revisions=2)
    first = list(Statement.objects.select_related("programme").filter(programme=programme).order_by("number")[:few])
    for one in first:
        element = introduce(programme, by=lead, kind="outcome", text=f"People come to {one.number}")
        configure(programme, by=lead, elements=[Placed("outcome", element)], statements=[one])
        judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    taken = cost(lambda: take_snapshot(programme, by=lead, name="First"))
    for at, one in enumerate(first):
        revise(one, by=lead, base=one.revision_number, words=Words(wording=f"If {at}, then so."), reason="So.")
    assert cost(lambda: take_snapshot(programme, by=lead, name="Second")) == taken == TAKING


GROUND = {"grown": grow}


@pytest.fixture(params=SIZES)
def grown(request: Any, programme: Any) -> int:
    size: int = request.param
    return size


def cost(do: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        do()
    return sum(not query["sql"].startswith(UNCOUNTED) for query in captured.captured_queries)


def test_pages_ask_as_often_for_any_size(grown, cast, as_):
    assert asked(as_(cast.lead), PAGES) == PAGES


def test_lists_of_the_api_ask_as_often_for_any_size(grown, cast, api):
    script = api(cast.lead)
    script.get("/api/v1/programmes/")  # notes the use of the token, once a minute
    assert asked(script, LISTS) == LISTS
