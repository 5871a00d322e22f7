"""Claims about the cost of meetings and rounds: each page asks so many times, for 1, 3 and 1,000 statements alike."""

from typing import Any

import pytest

from cmo.models import Statement
from cmo.rules.composing import Words
from cmo.rules.discussing import say
from cmo.rules.introducing import introduce
from cmo.rules.meeting import record_meeting
from cmo.rules.prioritising import Given, answer_round, close_round, open_round
from cmo.rules.stating import revise
from tests.conftest import actor
from tests.factories import many_statements, many_themes
from tests.test_query_counts import A, P, asked

SIZES = (1, 3, 1000)
PAGES = {
    f"{P}/meetings": 9,
    f"{P}/meetings/1": 17,
    f"{P}/meetings/next": 10,
    f"{P}/meetings/1/edit": 11,
    f"{P}/rounds": 7,
    f"{P}/rounds/1": 10,
    f"{P}/rounds/2": 10,
    f"{P}/rounds/new": 10,
}
LISTS = {
    f"{A}/meetings/": 5,
    f"{A}/meetings/1/": 4,
    f"{A}/meetings/1/digest/": 12,
    f"{A}/rounds/": 3,
    f"{A}/rounds/1/": 6,
    f"{A}/rounds/2/": 6,
}


def grow(made: Any, n: int) -> None:
    """So many statements and themes, and up to 30 elements, threads, people and answers."""
    programme, cast = made.programme, made.cast
    by, some = actor(cast.lead), min(n, 30)
    rows = many_statements(programme, cast.editor, n, themes=many_themes(programme, cast.editor, n))
    revise(rows[0], by=by, base=rows[0].revision_number, words=Words(wording="If other, then other."))
    for at in range(some):
        introduce(programme, by=by, kind="outcome", text=f"Outcome {at}")
        say(rows[0], by=by, text=f"Thread {at}")
    record_meeting(programme, by=by, title="One", there=["lead", "editor"][:some])
    for at in range(some - 1):
        record_meeting(programme, by=by, title=f"Meeting {at}", there=["lead"])
    numbers = Statement.objects.filter(programme=programme).order_by("number")[:some]
    picked = [(one.number, one.revision_number) for one in numbers]
    for _ in range(2):
        around = open_round(programme, by=by, title="What first?", kind="scale", statements=picked)
        for who in (cast.lead, cast.editor, cast.contributor)[:some]:
            answer_round(around, by=actor(who), answers={number: Given(3, "Why") for number, _seen in picked})
    close_round(around, by=by, base=1)


GROUND = {"grown": grow}


@pytest.fixture(params=SIZES)
def grown(request: Any, programme: Any) -> int:
    size: int = request.param
    return size


def test_pages_ask_as_often_for_any_size(grown, cast, as_):
    assert asked(as_(cast.lead), PAGES) == PAGES


def test_the_api_asks_as_often_for_any_size(grown, cast, api):
    script = api(cast.lead)
    script.get("/api/v1/programmes/")  # notes the use of the token, once a minute
    assert asked(script, LISTS) == LISTS
