"""Claims about cost: each list of the theory's structure asks a literal number of times, for 1, 3 and 1,000 rows."""

from typing import Any

import pytest

from cmo.rules.arranging import add_area
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.gathering import gather_rivals, note_pattern
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.linking import link
from tests.conftest import actor
from tests.factories import many_statements, many_themes
from tests.structure_factories import many_configurations
from tests.test_query_counts import SIZES, A, P, asked

LISTS = {
    f"{A}/statements/?page_size=200": 5,
    f"{A}/statements/1/": 3,
    f"{A}/elements/": 5,
    f"{A}/elements/?page_size=200&ordering=-text": 5,
    f"{A}/elements/?kind=context&role=context&theme=T1&area=area-1&statement=S1&state=draft,agreed&search=case": 10,
    f"{A}/elements/?lone=true": 5,
    f"{A}/elements/1/": 4,
    f"{A}/elements/1/near/": 6,
    f"{A}/elements/suggest/?q=the+worker": 5,
    f"{A}/elements/1/revisions/": 4,
    f"{A}/elements/1/revisions/1/": 4,
    f"{A}/elements/1/diff/": 4,
    f"{A}/configurations/": 9,
    f"{A}/configurations/?page_size=200&ordering=-area": 9,
    f"{A}/configurations/?role=context&element=E1&theme=T1&area=area-1&statement=S1&search=configuration": 17,
    f"{A}/configurations/?incomplete=mechanism&sign=negative": 9,
    f"{A}/configurations/1/": 8,
    f"{A}/configurations/1/revisions/": 6,
    f"{A}/configurations/1/revisions/1/": 6,
    f"{A}/configurations/1/diff/": 6,
    f"{A}/links/": 4,
    f"{A}/links/?page_size=200&configuration=CMO1": 5,
    f"{A}/links/1/": 2,
    f"{A}/rival-groups/": 3,
    f"{A}/rival-groups/1/": 3,
    f"{A}/demi-regularities/?page_size=200": 3,
    f"{A}/demi-regularities/1/": 3,
    f"{A}/slots/": 2,
    f"{A}/matrices/": 18,
    f"{A}/map/": 11,
    f"{A}/map/?as=svg&layout=area": 11,
    f"{A}/map/?as=csv&theme=T1&search=case&area=area-1": 17,
    f"{A}/map/?chain=CMO1&sign=positive": 11,
    f"{A}/map/?focus=E1&depth=3": 11,
}
PAGES = {
    f"{P}/cmo": 19,
    f"{P}/cmo?page=1&search=configuration&theme=T1&area=area-1&statement=S1&ordering=-updated": 24,
    f"{P}/cmo/1": 24,
    f"{P}/cmo/1?from=1&to=2&view=side": 28,
    f"{P}/cmo/1/edit": 17,  # one asks whether there is a snapshot: then a reason is needed, and the form says so
    f"{P}/cmo/new?from=S1": 12,
    f"{P}/elements": 12,
    f"{P}/elements?kind=context&theme=T1&lone=true&ordering=text": 9,
    f"{P}/elements/suggest?text=the+worker&role=context": 5,
    f"{P}/e/1": 17,
    f"{P}/e/1?from=1&to=2": 19,
    f"{P}/e/1/edit": 12,  # the same
    f"{P}/matrices": 22,
    f"{P}/cmo/slots": 7,
    f"{P}/rivals/1": 7,
    f"{P}/rivals/1/edit": 8,
    f"{P}/patterns/1": 7,
    f"{P}/s/1": 19,
}
MAP = {
    f"{P}/map": 17,
    f"{P}/map?at=CMO1&area=area-1&rest=fade": 25,
    f"{P}/map?focus=E1&at=E1": 20,
    f"{P}/map?as=png": 13,
}
MAP_PARTS = {f"{P}/map?at=CMO1": 10, f"{P}/map?at=E1": 6}


def grow(made: Any, n: int) -> None:
    """So many configurations with their elements, statements, themes and links; revisions of E1 and CMO1 (at most 30),
    and groups (at most 100) with up to 100 members."""
    programme, cast = made.programme, made.cast
    by = actor(cast.editor)
    themes = many_themes(programme, cast.editor, n)
    areas = [add_area(programme, by=by, title=f"Area {at + 1}") for at in range(min(n, 5))]
    statements = many_statements(programme, cast.editor, n, themes=themes, areas=areas)
    rows = many_configurations(programme, cast.editor, n, statements=statements, areas=areas, themes=themes)
    first = rows[0]
    element = first.placings.get(position=1).element
    for at in range(min(n, 30)):
        first = revise_configuration(first, by=by, base=at + 1, words={"narrative": f"Told {at} times."})
        element = revise_element(element, by=by, base=at + 1, text=f"the worker, in case {at}")
    introduce(programme, by=by, kind="context", text=f"{element.text}!")  # stands nowhere, and nearly repeats E1
    other = rows[1] if n > 1 else configure(programme, by=by, statements=statements)
    link(programme, by=by, kind="contrasts", source=first, target=other)
    for at in range(min(n, 100)):
        gather_rivals(programme, by=by, title=f"Rivals {at}", members=rows[:100])
        note_pattern(programme, by=by, text=f"Pattern {at}", members=rows[:100])


GROUND = {"grown": grow}


@pytest.fixture(params=SIZES)
def grown(request: Any, programme: Any) -> int:
    size: int = request.param
    return size


def test_lists_of_the_structure_ask_as_often_for_any_size(grown, cast, api):
    script = api(cast.lead)
    script.get("/api/v1/programmes/")  # notes the use of the token, once a minute
    assert asked(script, LISTS) == LISTS


def test_pages_of_the_structure_ask_as_often_for_any_size(grown, cast, as_):
    assert asked(as_(cast.lead), PAGES) == PAGES


def test_the_map_asks_as_often_for_any_size(grown, cast, as_):
    lead = as_(cast.lead)
    assert asked(lead, MAP) == MAP
    assert asked(lead, MAP_PARTS, HTTP_HX_REQUEST="true") == MAP_PARTS


def test_an_answer_by_its_etag_costs_less(programme, cast, api, area, queries):
    many_configurations(programme, cast.editor, 3, areas=[area("One")])
    script = api(cast.lead)
    for url, expected in {
        f"{A}/elements/1/": 2, f"{A}/configurations/1/": 2, f"{A}/map/?area=one": 2, f"{A}/map/?as=svg": 2,
    }.items():  # fmt: skip
        tag = script.get(url)["ETag"]
        with queries(expected):
            answer = script.get(url, HTTP_IF_NONE_MATCH=tag)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
