"""Claims about the filter: what each parameter finds, that both doors find the same, and how it counts."""

import html
import itertools
import re
from typing import Any

import pytest
from django.http import QueryDict

from cmo.filters import StatementFilter
from cmo.rules.composing import Words
from cmo.rules.stating import retire, revise
from programmes.reading import searching
from programmes.rules.phasing import close_phase, open_phase
from tests.people import actor, adding_areas, stating

S = "/api/v1/programmes/cse-test/statements/"


def lay_theory(made: Any) -> None:
    """S1 to S7 over two areas, two phases, every state and both gaps."""
    by, lead, programme = actor(made.cast.editor), actor(made.cast.lead), made.programme
    statement, area = stating(made), adding_areas(made)
    one, two = area("One"), area("Two")
    statement("If Élan rises, then trust grows, because seen.", themes=["O1.1"], area=two)
    statement("If staff stay, then families trust them.", themes=["O4", "C2"], area=one, state="agreed")
    statement("If nobody asks, then nobody tells, because shy.", area=one)
    retire(statement("If gone, then gone.", themes=["O"], area=two), by=by, base=1)
    close_phase(programme.phases.get(slug="gleaning"), by=lead, base=2, reason="It is done.")
    open_phase(programme.phases.select_related("programme").get(slug="refining"), by=lead, base=1)
    statement("If trust grows, then time passes, because slow.", themes=["Covid-19"])
    statement("If 100 % of staff_x stay, then fine, because counted.", themes=["P6"], state="agreed", area=two)
    revise(statement("If last, then least."), by=by, base=1, words=Words(wording="If last, then first."))


GROUND = {"theory": lay_theory}


@pytest.fixture
def theory(programme: Any) -> Any:
    return programme


FOUND = {
    "": [1, 2, 3, 5, 6, 7],
    "search=TRUST": [1, 2, 5],
    "search=elan": [1],
    "search=grows%20trust": [1, 5],
    "search=100%20%25": [6],
    "search=staff_x": [6],
    "search=%25": [],
    "search=_": [],
    "search=trusted": [1, 2, 5],
    "search=rust": [1, 2, 5],
    "search=st": [2, 6],
    "search=if%20then": [1, 2, 3, 5, 6, 7],
    "search=nothing-like-it": [],
    "theme=O": [1, 2],
    "theme=o1": [1],
    "theme=O1.1": [1],
    "theme=C,P": [2, 6],
    "theme=C&theme=P6": [2, 6],
    "theme={loose}": [5],
    "area=one": [2, 3],
    "area=one,two": [1, 2, 3, 6],
    "area=none": [5, 7],
    "area=none&area=one": [2, 3, 5, 7],
    "state=retired": [4],
    "state=agreed": [2, 6],
    "state=draft,retired": [1, 3, 4, 5, 7],
    "state=draft,agreed,retired": [1, 2, 3, 4, 5, 6, 7],
    "phase=gleaning": [1, 2, 3],
    "phase=refining": [5, 6, 7],
    "phase=gleaning,refining&state=retired": [4],
    "incomplete=because": [2, 7],
    "incomplete=themes": [3, 7],
    "incomplete=because,themes": [2, 3, 7],
    "theme=O&area=one&state=agreed&search=staff": [2],
    "theme=O&state=retired": [4],
    "ordering=-number": [7, 6, 5, 3, 2, 1],
    "ordering=area": [2, 3, 1, 6, 5, 7],
    "ordering=-area": [7, 5, 6, 1, 3, 2],
    "ordering=-updated": [7, 6, 5, 3, 2, 1],
    "search=": [1, 2, 3, 5, 6, 7],
    "theme=&area=": [1, 2, 3, 5, 6, 7],
}


@pytest.mark.parametrize(("query", "numbers"), FOUND.items(), ids=FOUND)
def test_each_question_finds_its_statements(query, numbers, theory, themes, cast, api):
    query = query.replace("{loose}", str(themes["Covid-19"].uid))
    found = api(cast.viewer).get(f"{S}?{query}").json()
    assert [row["number"] for row in found["results"]] == numbers
    assert found["count"] == len(numbers)


@pytest.mark.parametrize("query", FOUND)
def test_the_page_shows_the_same(query, theory, themes, cast, as_):
    query = query.replace("{loose}", str(themes["Covid-19"].uid))
    page = as_(cast.viewer).get(f"/p/cse-test/theory?{query}", HTTP_HX_REQUEST="true").content.decode()
    shown = {int(number) for number in re.findall(r"/p/cse-test/s/(\d+)[\"#?]", html.unescape(page))}
    assert shown == set(FOUND.get(query, FOUND["theme={loose}"]))


def test_every_combination_counts_what_it_finds(theory):
    parts = [
        ["", "search=trust"], ["", "theme=O", "theme=C,P"], ["", "area=one", "area=none,two"],
        ["", "state=retired", "state=draft"], ["", "phase=gleaning"], ["", "incomplete=because",
            "incomplete=because,themes"],
    ]  # fmt: skip
    seen = 0
    for chosen in itertools.product(*parts):
        asked = StatementFilter(QueryDict("&".join(part for part in chosen if part)), programme=theory)
        assert asked.count() == asked.rows().count(), chosen
        seen += 1
    assert seen == 324


@pytest.mark.parametrize("query", FOUND)
def test_of_many_that_hold_a_word_the_same_are_found_and_counted(query, theory, themes, cast, api, monkeypatch):
    monkeypatch.setattr(searching, "MOST_KEYS", 0)
    query = query.replace("{loose}", str(themes["Covid-19"].uid))
    found = api(cast.viewer).get(f"{S}?{query}").json()
    assert [row["number"] for row in found["results"]] == FOUND.get(query, FOUND["theme={loose}"])
    assert found["count"] == len(found["results"])


def test_a_word_is_found_however_it_is_written(programme, statement, cast, api):
    statement("If Siân’s café — e\u0301lan, ŴYTHNOS and straße.")
    script = api(cast.viewer)
    for word in ("sian", "SIÂN", "cafe", "élan", "e\u0301lan", "wythnos", "strasse", "ŵyth"):
        assert script.get(S, {"search": word}).json()["count"] == 1, word


def test_twenty_words_and_no_more_are_looked_for(programme, statement, cast, api):
    statement("If " + " ".join(f"w{at:02}" for at in range(20)))
    script = api(cast.viewer)
    asked = " ".join(f"w{at:02}" for at in range(20))
    assert script.get(S, {"search": asked}).json()["count"] == 1
    assert script.get(S, {"search": f"{asked} and-more"}).json()["count"] == 1
    assert script.get(S, {"search": "w00 and-more"}).json()["count"] == 0


def test_a_list_with_one_poisoned_record_is_still_a_list(programme, statement, cast, api, as_):
    from_long_ago = statement()
    type(from_long_ago).objects.filter(pk=from_long_ago.pk).update(parts=[], wording="\ufffd" * 50, folded="", lacks=3)
    statement()
    assert api(cast.viewer).get(S).json()["count"] == 2
    assert as_(cast.viewer).get("/p/cse-test/theory").status_code == 200
