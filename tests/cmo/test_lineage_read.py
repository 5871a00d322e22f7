"""Claims about how lineage is read: both ways, whole families however they run, and the timeline of a theory."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cmo.models import Descent, Statement
from cmo.reading.lineage import acts_of, family_of
from cmo.reading.lineage_timeline import WHAT, count_moments, timeline
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.descending import Piece, merge, refine, replace, split
from cmo.rules.descent import DescentLine, Seen
from cmo.rules.stating import restore, retire, revise
from cmo.rules.undoing import undo
from tests.conftest import actor


@pytest.fixture
def by(cast):
    return actor(cast.editor)


def seen(*statements: Statement) -> list[Seen[Statement]]:
    return [Seen(one, Statement.objects.get(pk=one.pk).revision_number) for one in statements]


def said(text: str) -> Piece:
    return Piece(Words(wording=text))


def told(found: Any) -> list[tuple[str, str, int]]:
    return [(one.label, one.kind, one.steps) for one in found]


def test_a_family_reaches_all_the_way_both_ways(programme, by, statement):
    first, second = statement(), statement()
    both = merge(programme, by=by, ancestors=seen(first, second), content=said("Both.")).younger[0]
    halves = split(seen(both)[0], by=by, pieces=[said("One."), said("Two.")]).younger
    finer = refine(seen(halves[0])[0], by=by, content=said("Finer.")).younger[0]
    family = family_of(both)
    assert told(family.ancestors) == [("S1", "merged", 1), ("S2", "merged", 1)]
    assert told(family.descendants) == [("S4", "split", 1), ("S5", "split", 1), ("S6", "refined", 2)]
    assert told(family_of(finer).ancestors) == [
        ("S4", "refined", 1), ("S3", "split", 2), ("S1", "merged", 3), ("S2", "merged", 3),
    ]  # fmt: skip
    assert told(family_of(finer).descendants) == []


def test_a_family_that_was_made_to_loop_behind_the_rules_is_still_read(programme, by, statement):
    first = statement()
    second = refine(seen(first)[0], by=by, content=said("Finer.")).younger[0]
    act = Descent.objects.create(programme=programme, number=9, kind="refined", by=by.person, at=by.now())
    DescentLine.objects.create(act=act, older=second, younger=first, older_revision=1, younger_revision=1)
    assert told(family_of(first).ancestors) == [("S2", "refined", 1)]
    assert told(family_of(second).descendants) == [("S1", "refined", 1)]


def test_an_undone_act_joins_nobody_and_is_still_to_be_read(programme, by, statement):
    first, second = statement(), statement()
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    undo(done.act, by=by)
    assert (family_of(first).descendants, family_of(done.younger[0]).ancestors) == ([], [])
    assert [row.act.undone is not None for row in acts_of(first)] == [True]


def shown(programme: Any, **more: Any) -> list[str]:
    found = timeline(programme, **more).moments
    records = [one.record.label if one.record else f"act {one.act.act.number}" for one in found]
    return [f"{one.what} {record}" for one, record in zip(found, records, strict=True)]


def test_the_timeline_tells_each_thing_once_the_latest_first(programme, by, statement):
    first, second, third, fourth = (statement() for _ in range(4))
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    retire(third, by=by, base=1)
    restore(third, by=by, base=2)
    revise(third, by=by, base=3, words=Words(wording="Again."))
    restore(third, by=by, base=4, revision=1)  # its words come back: no turn
    replace(seen(fourth)[0], by=by, new=third)
    other = configure(programme, by=by)
    turn_configuration(other, by=by, base=1, retired=True)
    undo(done.act, by=by)
    refine(seen(first)[0], by=by, content=said("Finer."))
    expected = [
        "refined act 3", "undone act 1", "retired CMO1", "born CMO1", "replaced act 2", "restored S3", "retired S3",
        "merged act 1", "born S4", "born S3", "born S2", "born S1",
    ]  # fmt: skip
    assert shown(programme) == expected
    assert count_moments(programme) == len(expected)
    for what in WHAT:
        assert shown(programme, what=what) == [line for line in expected if line.startswith(what)]
        assert count_moments(programme, what) == len([line for line in expected if line.startswith(what)])


def test_the_timeline_shows_what_was_said_at_each_moment(programme, cast, by, statement, as_, api):
    first, second = statement(wording="As stated first."), statement(wording="As stated second.")
    made = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=said("As merged.")).younger[0]
    parted = split(seen(made)[0], by=by, pieces=[said("As split off."), said("The rest.")]).younger[0]
    third = statement(wording="As stated third.")
    retire(third, by=by, base=1)
    restore(third, by=by, base=2)
    other = configure(programme, by=by, words={"nickname": "As named", "plain": "As told."})
    for one in (parted, third):
        now = Statement.objects.get(pk=one.pk)
        revise(now, by=by, base=now.revision_number, words=Words(wording="As it is today."))
    revise_configuration(other, by=by, base=1, words={"nickname": "As it is today."})
    told = api(cast.viewer).get("/api/v1/programmes/cse-test/lineage/").json()["results"]
    assert [(one["what"], one["record"], one["revision"], one["words"]) for one in told] == [
        ("born", "CMO1", 1, "As named: As told."), ("restored", "S5", 3, "As stated third."),
        ("retired", "S5", 2, "As stated third."), ("born", "S5", 1, "As stated third."),
        ("split", None, None, ""), ("merged", None, None, ""),
        ("born", "S2", 1, "As stated second."), ("born", "S1", 1, "As stated first."),
    ]  # fmt: skip
    acts = [[one["words"] for one in (*row["older"], *row["younger"])] for row in told if row["act"]]
    assert acts == [["As merged.", "As split off.", "The rest."], ["As stated first.", "As merged."]]
    shown = as_(cast.viewer).get("/p/cse-test/lineage").content.decode()
    assert "As it is today." not in shown
    for words in ("first", "second", "third"):
        assert f"As stated {words}." in shown
    assert "As split off." in shown


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_timeline_goes_on_where_a_page_ended_also_within_one_moment(programme, cast, statement, size):
    by = actor(cast.editor)
    at_once = type(by)(person=by.person, at=by.now())  # everything at the very same moment
    found = [statement() for _ in range(3)]
    for one in found[:2]:
        refine(seen(one)[0], by=at_once, content=said("Finer."))
    retire(found[2], by=at_once, base=1)
    configure(programme, by=at_once)
    whole, read, before = shown(programme), [], ""
    while True:
        stretch = timeline(programme, before=before, size=size)
        assert len(stretch.moments) <= size
        read += shown(programme, before=before, size=size)
        before = stretch.later
        if not before:
            break
    assert read == whole
    assert len(whole) == 7


NOWHERE = [
    "x", "2026-01-01", "2026-01-01T00:00:00_1_1", "2026-13-01T00:00:00+00:00_1_1", "2026-01-01T00:00:00+00:00_x_1",
    "2026-01-01T00:00:00+00:00_1", "_1_1", "²_1_1",
]  # fmt: skip


@pytest.mark.parametrize("before", NOWHERE)
def test_a_place_in_the_timeline_that_is_none_is_refused(before, programme):
    with pytest.raises(ValidationError):
        timeline(programme, before=before)
    with pytest.raises(ValidationError):
        timeline(programme, what="nothing")
