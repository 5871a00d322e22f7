"""Claims about prioritisation rounds: blind until they close, then open to all; the spread is right; what is marked."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Priority
from cmo.reading.prioritising import find_round, sheet_of, spread
from cmo.rules.composing import Words
from cmo.rules.prioritising import Given, answer_round, close_round, mark_priorities, open_round
from cmo.rules.stating import revise
from programmes.models import AuditEvent, Notice
from programmes.refusals import Stale
from tests.looking import stored

API = "/api/v1/programmes/cse-test"
SECRET = "xylograph"


@pytest.fixture
def three(statement):
    return [statement(f"If {n}, then {n}, because {n}.") for n in ("one", "two", "three")]


@pytest.fixture
def asked(programme, three, cast, actor):
    return open_round(
        programme, by=actor(cast.lead), title="What first?", kind="scale", statements=[(1, 1), (2, 1), (3, 1)]
    )


def test_while_it_is_open_nobody_sees_what_others_answered(programme, asked, cast, actor, as_, api):
    answer_round(asked, by=actor(cast.editor), answers={1: Given(4, SECRET), 2: Given(2)})
    for who in (cast.lead, cast.contributor, cast.viewer):
        body = api(who).get(f"{API}/rounds/1/").json()
        assert (body["answered"], body["may_answer"], body["people"]) == (1, 3, [])
        for row in body["statements"]:
            assert (row["spread"], row["answers"], row["mine"]) == (None, [], None)
        for url in ("rounds", "rounds/1", "settings"):
            assert SECRET not in as_(who).get(f"/p/cse-test/{url}").content.decode()
        assert SECRET not in json.dumps(api(who).get(f"{API}/changes/").json())
    mine = api(cast.editor).get(f"{API}/rounds/1/").json()["statements"]
    assert [row["mine"] for row in mine] == [{"value": 4, "note": SECRET}, {"value": 2, "note": ""}, None]
    held = [table for table, rows in stored().items() if SECRET in json.dumps(rows, default=str)]
    assert held in ([], ["cmo_priorityanswer"])  # digests of tables say nothing on PostgreSQL
    event = AuditEvent.objects.get(verb="round answered")
    assert (event.record, event.detail, event.reason, event.seals) == ("round 1", {"changed": False}, "", "")


def test_the_log_row_is_the_same_whatever_was_answered(asked, cast, actor):
    answer_round(asked, by=actor(cast.editor), answers={1: Given(1)})
    answer_round(asked, by=actor(cast.contributor), answers={1: Given(5, "Why"), 2: Given(5), 3: Given(5)})
    one, two = AuditEvent.objects.filter(verb="round answered")
    assert (one.detail, one.seals) == (two.detail, two.seals)


def test_once_it_is_closed_every_member_sees_who_answered_what(programme, asked, cast, actor, as_, api):
    answer_round(asked, by=actor(cast.editor), answers={1: Given(4, SECRET), 2: Given(2)})
    answer_round(asked, by=actor(cast.contributor), answers={1: Given(5), 2: Given(3)})
    close_round(asked, by=actor(cast.lead), base=1)
    body = api(cast.viewer).get(f"{API}/rounds/1/").json()
    first = body["statements"][0]
    assert (body["state"], body["people"]) == ("closed", ["contributor", "editor"])
    assert first["answers"] == [
        {"by": "contributor", "value": 5, "note": ""}, {"by": "editor", "value": 4, "note": SECRET},
    ]  # fmt: skip
    assert first["spread"]["counts"] == [0, 0, 0, 1, 1]
    assert body["statements"][2]["spread"] is None
    page = as_(cast.viewer).get("/p/cse-test/rounds/1").content.decode()
    assert SECRET in page
    assert "Edda Editor" in page
    with pytest.raises(ValidationError, match="closed"):
        answer_round(asked, by=actor(cast.editor), answers={1: Given(1)})
    with pytest.raises(ValidationError, match="closed"):
        close_round(asked, by=actor(cast.lead), base=2)
    assert AuditEvent.objects.get(verb="round closed").seals


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([3], (3, 3, 3, 3, [0, 0, 1, 0, 0])),
        ([1, 2], (1.5, 1.25, 1.75, 1.5, [1, 1, 0, 0, 0])),
        ([1, 2, 3, 4, 5], (3, 2, 4, 3, [1, 1, 1, 1, 1])),
        ([5, 5, 1, 4], (4.5, 3.25, 5, 3.75, [1, 0, 0, 1, 2])),
    ],
)
def test_the_spread_is_that_of_a_spreadsheet(values, said):
    found = spread(values, 5)
    assert (found.median, found.low, found.high, found.mean, found.counts) == said
    assert found.iqr == found.high - found.low
    assert spread([], 5) is None


def test_an_answer_takes_the_place_of_the_one_before_and_may_be_partial(programme, asked, cast, actor):
    by = actor(cast.contributor)
    answer_round(asked, by=by, answers={1: Given(4), 2: Given(2)})
    answer_round(asked, by=by, answers={3: Given(1, "Only this")})
    rows = sheet_of(find_round(programme, 1), cast.contributor).rows
    assert [(row.mine.value if row.mine else None) for row in rows] == [None, None, 1]
    before = AuditEvent.objects.count()
    answer_round(asked, by=by, answers={3: Given(1, "Only this")})
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give a place to S1, S2, S3."),
        ({1: Given(1), 2: Given(2)}, "Give a place to S3."),
        ({1: Given(1), 2: Given(2), 3: Given(2)}, "S2 and S3 both have place 2; give each its own."),
        ({1: Given(1), 2: Given(2), 3: Given(4)}, "S3: choose a number from 1 to 3."),
        ({1: Given(0), 2: Given(2), 3: Given(3)}, "S1: choose a number from 1 to 3."),
        ({9: Given(1)}, "S9 is not in round 1."),
    ],
)
def test_an_order_gives_each_statement_its_own_place(programme, three, cast, actor, given, said):
    by = actor(cast.lead)
    order = open_round(programme, by=by, title="Order", kind="ranking", statements=[(1, 1), (2, 1), (3, 1)])
    with pytest.raises(ValidationError) as refused:
        answer_round(order, by=by, answers=given)
    assert refused.value.messages == [said]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": " "}, "Write something here; it is empty."),
        ({"kind": "vote"}, "Choose one of scale, ranking."),
        ({"steps": 11}, "A scale has 2 to 10 steps."),
        ({"steps": 1}, "A scale has 2 to 10 steps."),
        ({"statements": []}, "Pick at least one statement."),
        ({"statements": [(1, 1)], "kind": "ranking"}, "Pick at least two statements to put in order."),
        ({"statements": [(9, 1)]}, "S9 is not in this programme."),
        ({"statements": [(1, 1), (1, 1)]}, "S1 is picked twice; pick it once."),
        ({"statements": [(1, 7)]}, "S1 was changed meanwhile; look at it again, then ask."),
    ],
)
def test_a_round_that_cannot_be_asked_is_refused(programme, three, cast, actor, more, said):
    given = {"title": "What first?", "kind": "scale", "statements": [(1, 1)], **more}
    with pytest.raises(ValidationError) as refused:
        open_round(programme, by=actor(cast.lead), **given)
    assert refused.value.messages == [said]


def test_a_round_asks_about_the_wording_that_it_began_with(programme, asked, three, cast, actor):
    revise(three[0], by=actor(cast.editor), base=1, words=Words(wording="If other, then other."))
    row = sheet_of(find_round(programme, 1), cast.editor).rows[0]
    assert (row.wording, row.changed, bool(row.parts)) == ("If one, then one, because one.", True, True)


def test_members_hear_of_a_round_that_opens_and_closes_once(asked, cast, actor):
    close_round(asked, by=actor(cast.lead), base=1)
    told = sorted(Notice.objects.values_list("person__username", "event", "kind", "on"))
    assert told == [
        (who, f"round 1 {what}", kind, "Round 1")
        for who in ("contributor", "editor")
        for what, kind in (("closed", "round closed"), ("opened", "round"))
    ]


def test_only_leads_open_close_and_mark(asked, programme, cast, actor):
    for who in (cast.editor, cast.contributor, cast.viewer):
        with pytest.raises(PermissionDenied):
            open_round(programme, by=actor(who), title="Mine", kind="scale", statements=[(1, 1)])
        with pytest.raises(PermissionDenied):
            close_round(asked, by=actor(who), base=1)
        with pytest.raises(PermissionDenied):
            mark_priorities(asked, by=actor(who), base=1, statements=[1])
    with pytest.raises(PermissionDenied):
        answer_round(asked, by=actor(cast.viewer), answers={1: Given(1)})


def test_of_the_statements_of_a_round_exactly_the_marked_are_priorities(programme, asked, cast, actor, as_, api):
    by = actor(cast.lead)
    with pytest.raises(ValidationError, match="open"):
        mark_priorities(asked, by=by, base=1, statements=[1])
    closed = close_round(asked, by=by, base=1)
    marked = mark_priorities(closed, by=by, base=2, statements=[1, 2])
    with pytest.raises(Stale):
        mark_priorities(closed, by=by, base=2, statements=[3])
    with pytest.raises(ValidationError, match="S9"):
        mark_priorities(marked, by=by, base=3, statements=[9])
    script, page = api(cast.viewer), as_(cast.viewer)
    tag = script.get(f"{API}/statements/1/")["ETag"]
    listed = script.get(f"{API}/statements/?priority=yes").json()
    assert [row["label"] for row in listed["results"]] == ["S1", "S2"]
    assert all(row["priority"] for row in listed["results"])
    assert [row["label"] for row in script.get(f"{API}/statements/?priority=no").json()["results"]] == ["S3"]
    shown = page.get("/p/cse-test/theory?priority=yes").content.decode()
    assert ('id="s1"' in shown, 'id="s3"' in shown, shown.count('<p class="priority">')) == (True, False, 2)
    assert 'class="priority"' in page.get("/p/cse-test/s/1").content.decode()
    mark_priorities(marked, by=by, base=3, statements=[3])
    assert list(Priority.objects.values_list("statement__number", flat=True)) == [3]
    again = script.get(f"{API}/statements/1/", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.json()["priority"]) == (200, False)
    last = AuditEvent.objects.order_by("-pk").first()
    assert last.detail == {"marked": ["S3"], "unmarked": ["S1", "S2"]}


def test_a_question_about_priorities_that_is_none_is_refused(programme, three, cast, api, as_):
    answer = api(cast.viewer).get(f"{API}/statements/?priority=maybe")
    assert (answer.status_code, answer.json()["errors"]) == (400, {"priority": ["Write yes or no."]})
    assert "Write yes or no." in as_(cast.viewer).get("/p/cse-test/theory?priority=maybe").content.decode()
