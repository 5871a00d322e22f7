"""Claims about the cost of evidence: the same number of queries however many excerpts and bearings there are."""

import pytest

from cmo.rules.configuring import configure
from cmo.rules.proposing import propose, submit
from programmes.models import Programme, Source
from tests.evidence_factories import many_bearings
from tests.people import stating

SIZES = (1, 3, 1000)


def gather(made, n):
    claims = [stating(made)(f"If {at} is said, then it is heard.") for at in range(3)]
    many_bearings(made.programme, made.cast.editor, claims, n)


GROUND = {"much": gather}


@pytest.fixture(params=SIZES)
def much(request, programme):
    return request.param


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("sources/", 5), ("excerpts/", 5), ("bearings/", 3), ("excerpts/1/", 4), ("bearings/1/", 2), ("sources/1/", 4),
        ("bearings/?on=S1&stance=supports", 4), ("excerpts/?on=S1", 6), ("sources/sample/", 3),
        ("configurations/1/evidence/", 4),
    ],
)  # fmt: skip
def test_the_api_asks_as_often_for_many_as_for_one(much, path, made, programme, cast, actor, api, queries):
    if path.startswith("configurations"):
        configure(programme, by=actor(cast.editor), words={"plain": "Late news."})
    script = api(cast.viewer)
    script.get("/api/v1/programmes/cse-test/sites/")  # the token's use is noted
    with queries(made):
        answer = script.get(f"/api/v1/programmes/cse-test/{path}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "made"), [("evidence", 14), ("q/1", 20), ("x/1", 12), ("b/1", 7), ("search?q=said", 10)]
)
def test_the_pages_ask_as_often_for_many_as_for_one(much, path, made, cast, as_, queries):
    pages = as_(cast.editor)
    pages.get("/p/cse-test/sites")
    with queries(made):
        answer = pages.get(f"/p/cse-test/{path}")
    assert answer.status_code == 200


@pytest.fixture
def proposed(much, programme, cast, actor):
    """P1 on S1, which cites nothing; as many bearings as `much` says are on S1 to S3."""
    Programme.objects.filter(pk=programme.pk).update(last_source=much)
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If it is said, then it is heard."}
    made = propose(programme, by=actor(cast.contributor), changes=[change], reason="So.")
    return submit(made, by=actor(cast.contributor), base=1)


def test_what_a_proposal_leaves_uncited_costs_as_much_of_many_as_of_one(proposed, cast, as_, api, queries):
    pages, script = as_(cast.editor), api(cast.editor)
    pages.get("/p/cse-test/sites")
    script.get("/api/v1/programmes/cse-test/sites/")
    with queries(23):
        assert pages.get("/p/cse-test/proposals/1").status_code == 200
    with queries(27):
        assert script.get("/api/v1/programmes/cse-test/proposals/1/").status_code == 200
    with queries(14):  # the queue asks whether anything is cited, and nothing else of the evidence
        assert pages.get("/p/cse-test/reviews").status_code == 200


def test_a_source_with_many_excerpts_asks_no_more(programme, statement, cast, as_, queries):
    many_bearings(programme, cast.editor, [statement()], 200)
    one = Source.objects.get(number=1)
    Programme.objects.get().excerpts.update(source=one)
    pages = as_(cast.editor)
    pages.get("/p/cse-test/sites")
    with queries(20):
        assert pages.get("/p/cse-test/q/1").status_code == 200
