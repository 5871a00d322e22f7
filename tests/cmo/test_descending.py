"""Claims about lineage: statements made of statements keep their ancestors, and every act can be taken back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from cmo.models import Descent, DescentLine, Statement
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge, refine, replace, split
from cmo.rules.descent import MOST, Seen
from cmo.rules.recounting import drift
from cmo.rules.stating import restore, retire, revise
from cmo.rules.undoing import undo
from programmes.models import AuditEvent
from programmes.refusals import Stale
from programmes.rules.classifying import retire_theme
from tests.conftest import actor

OLD = "If managers lead by example, then practitioners follow, because they see it done."


@pytest.fixture
def by(cast):
    return actor(cast.editor)


@pytest.fixture
def some(statement):
    """Statements to begin with, S1 and on."""
    return lambda n, **more: [statement(wording=f"{OLD} ({at})", **more) for at in range(n)]


def now(one: Statement) -> Statement:
    return Statement.objects.get(pk=one.pk)


def seen(*statements: Statement) -> list[Seen[Statement]]:
    return [Seen(one, now(one).revision_number) for one in statements]


def said(text: str, **more: Any) -> Piece:
    return Piece(Words(wording=text), **more)


def carried(one: Statement) -> set[str]:
    return set(one.taggings.values_list("theme__code", flat=True))


def states(*statements: Statement) -> list[str]:
    return [now(one).state for one in statements]


def all_is_well(programme: Any) -> None:
    assert drift(programme) == []
    call_command("check_integrity")


# ---------------------------------------------------------------- merge


def test_merged_statements_are_retired_and_their_themes_and_area_go_on(programme, by, statement, area):
    trust = area("Trust")
    first, second = statement(area=trust, themes=["O1"]), statement(area=trust, themes=["O4", "O1"])
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."), reason="They say the same.")
    [made] = done.younger
    assert (made.label, made.wording, made.revision_number, made.state) == ("S3", "Both.", 1, "draft")
    assert (carried(made), now(made).area) == ({"O1", "O4"}, trust)
    for one in (first, second):
        assert (now(one).state, now(one).revision_number, one.revisions.first().change) == ("retired", 2, "merged")
    assert made.revisions.get().change == "merged"
    log = AuditEvent.objects.filter(programme=programme).order_by("-number").first()
    assert (log.verb, log.record, log.reason) == ("merged into one", "lineage 1", "They say the same.")
    assert log.detail == {"from": ["S1", "S2"], "to": ["S3"]}
    all_is_well(programme)


def test_what_is_given_counts_instead_of_what_the_ancestors_have(programme, by, statement, area, themes):
    first, second = statement(area=area("Trust"), themes=["O1"]), statement(themes=["O4"])
    content = said("Both.", themes=[themes["C2"]], area=area("Time"), state="agreed")
    [made] = merge(programme, by=by, ancestors=seen(first, second), content=content).younger
    assert (carried(made), made.area.title, made.state) == ({"C2"}, "Time", "agreed")


def test_areas_that_differ_and_retired_themes_are_not_handed_on(programme, by, statement, area, themes):
    first, second = statement(area=area("Trust"), themes=["O1", "P6"]), statement(area=area("Time"))
    retire_theme(themes["P6"], by=by, base=1)
    [made] = merge(programme, by=by, ancestors=seen(first, second), content=said("Both.")).younger
    assert (made.area, carried(made)) == (None, {"O1"})
    all_is_well(programme)


def test_one_may_be_merged_into_another_that_is_there(programme, by, statement, area):
    first, second = statement(themes=["O1"]), statement(wording="Second.", themes=["O4"], area=area("Time"))
    [kept] = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=Piece()).younger
    assert (kept.label, kept.wording, kept.revision_number) == ("S2", "Second.", 2)
    assert (carried(kept), now(kept).area.title, states(first, kept)) == ({"O1", "O4"}, "Time", ["retired", "draft"])
    assert kept.revisions.first().change == "merged"
    all_is_well(programme)


def test_it_is_marked_as_merged_even_where_nothing_else_changed(programme, by, some):
    first, second = some(2)
    [kept] = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=Piece()).younger
    assert (kept.revision_number, kept.revisions.first().change) == (2, "merged")


@pytest.mark.parametrize(
    ("names", "into", "field", "words"),
    [
        ("", None, "ancestors", "at least two"),
        ("a", None, "ancestors", "at least two"),
        ("", "b", "ancestors", "at least two"),
        ("aa", None, "ancestors", "twice"),
        ("ab", "a", "into", "itself"),
        ("ag", None, "ancestors", "S3 is retired"),
        ("a", "g", "into", "S3 is retired"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_in_a_sentence(names, into, field, words, programme, by, some):
    first, second, gone = some(3)
    retire(gone, by=by, base=1)
    known = {"a": first, "b": second, "g": gone}
    with pytest.raises(ValidationError) as refusal:
        merge(
            programme, by=by, ancestors=seen(*(known[name] for name in names)),
            into=seen(known[into])[0] if into else None, content=said("Both."),
        )  # fmt: skip
    assert words in refusal.value.message_dict[field][0]
    assert (Descent.objects.count(), states(first, second)) == (0, ["draft", "draft"])


def test_a_merge_needs_words_for_what_is_new_and_takes_no_strangers(programme, other_programme, by, some, themes):
    first, second = some(2)
    with pytest.raises(ValidationError, match="wording"):
        merge(programme, by=by, ancestors=seen(first, second), content=Piece())
    with pytest.raises(ValidationError, match="no such statement"):
        merge(other_programme, by=actor(other_programme.lead), ancestors=seen(first, second), content=said("x"))
    with pytest.raises(ValidationError, match=str(MOST)):
        merge(programme, by=by, ancestors=seen(*some(MOST + 1)), content=said("x"))
    with pytest.raises(ValidationError, match="no such theme"):
        merge(programme, by=by, ancestors=seen(first, second), content=said("x", themes=[other_programme.theme]))
    assert Descent.objects.count() == 0


def test_a_merge_that_started_from_an_older_revision_is_stale(programme, by, some):
    first, second, third = some(3)
    early = seen(first, second)
    revise(first, by=by, base=1, words=Words(wording="Meanwhile."))
    with pytest.raises(Stale):
        merge(programme, by=by, ancestors=early, content=said("Both."))
    with pytest.raises(Stale):
        merge(programme, by=by, ancestors=seen(third), into=early[0], content=Piece())
    assert (states(first, second, third), Descent.objects.count()) == (["draft"] * 3, 0)


def test_nothing_becomes_its_own_ancestor(programme, by, some):
    first, second = some(2)
    merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=Piece())
    restore(first, by=by, base=2)
    with pytest.raises(ValidationError, match="S2 came from S1 itself"):
        merge(programme, by=by, ancestors=seen(second), into=seen(first)[0], content=Piece())
    with pytest.raises(ValidationError, match="S2 came from S1 itself"):
        replace(seen(second)[0], by=by, new=first)
    [made] = merge(programme, by=by, ancestors=seen(first, second), content=said("Both.")).younger
    assert made.label == "S3"
    all_is_well(programme)


# ---------------------------------------------------------------- split, replace, refine


def test_a_statement_is_split_into_new_ones_in_order(programme, by, statement, area, themes):
    whole = statement(themes=["O1"], area=area("Trust"))
    pieces = [said("One."), said("Two.", themes=[themes["O4"]], area=None, state="agreed")]
    done = split(seen(whole)[0], by=by, pieces=pieces, reason="Two claims.")
    one, two = done.younger
    assert [one.label, two.label] == ["S2", "S3"]
    assert (carried(one), one.area.title, one.state) == ({"O1"}, "Trust", "draft")
    assert (carried(two), two.area, two.state) == ({"O4"}, None, "agreed")
    assert (now(whole).state, whole.revisions.first().change) == ("retired", "split")
    assert {one.revisions.get().change, two.revisions.get().change} == {"split"}
    all_is_well(programme)


def test_a_split_into_fewer_than_two_or_with_an_empty_one_is_refused(by, some):
    [whole] = some(1)
    for pieces, words in (([], "at least two"), ([said("a")], "at least two"), ([said("a"), said(" ")], "Statement 2")):
        with pytest.raises(ValidationError, match=words):
            split(seen(whole)[0], by=by, pieces=pieces)
    with pytest.raises(ValidationError, match=f"at most {MOST}"):
        split(seen(whole)[0], by=by, pieces=[said("x")] * (MOST + 1))
    assert states(whole) == ["draft"]


def test_a_statement_is_replaced_by_another_or_by_new_words(programme, by, some):
    first, second, third = some(3)
    [found] = replace(seen(first)[0], by=by, new=second).younger
    assert (found.label, now(second).revision_number, states(first, second)) == ("S2", 1, ["retired", "draft"])
    [made] = replace(seen(third)[0], by=by, new=said("Better.")).younger
    assert (made.label, made.wording, made.revisions.get().change) == ("S4", "Better.", "new")
    with pytest.raises(ValidationError, match="cannot replace itself"):
        replace(seen(second)[0], by=by, new=second)
    with pytest.raises(ValidationError, match="S1 is retired"):
        replace(seen(second)[0], by=by, new=first)
    all_is_well(programme)


def test_a_refined_statement_stays_in_use_beside_the_new_one(programme, by, some):
    [first] = some(1)
    [made] = refine(seen(first)[0], by=by, content=said("Sharper."), reason="A narrower claim.").younger
    assert (made.label, made.revisions.get().change, states(first, made)) == ("S2", "refined", ["draft", "draft"])
    line = DescentLine.objects.get()
    assert (line.older, line.older_revision, line.younger, line.younger_revision) == (first, 1, made, 1)
    with pytest.raises(Stale):
        refine(Seen(first, 2), by=by, content=said("Sharper."))
    all_is_well(programme)


# ---------------------------------------------------------------- undo


def test_an_undone_merge_brings_the_ancestors_back_as_they_were(programme, by, statement, area):
    first = statement(wording="First.", themes=["O1"], area=area("Trust"))
    second = statement(wording="Second.", state="agreed")
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    act = undo(done.act, by=by, reason="Not the same after all.")
    assert (act.undone is not None, act.undone_by) == (True, by.person)
    assert states(first, second, done.younger[0]) == ["draft", "agreed", "retired"]
    assert (now(first).wording, carried(first), now(first).area.title) == ("First.", {"O1"}, "Trust")
    assert first.revisions.first().change == "restored"
    with pytest.raises(ValidationError, match="undone already"):
        undo(done.act, by=by)
    assert statement(wording="Next.").label == "S4"
    all_is_well(programme)


def test_an_undone_merge_gives_the_statement_merged_into_its_former_wording_back(programme, by, statement, area):
    first = statement(themes=["O1"])
    second = statement(wording="Second.", themes=["O4"], area=area("Time"))
    content = said("Both.", area=area("Trust"), state="agreed")
    done = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=content)
    assert states(second) == ["agreed"]
    undo(done.act, by=by)
    back = now(second)
    assert (back.wording, back.area.title, back.state, carried(back)) == ("Second.", "Time", "draft", {"O4"})
    assert (back.revisions.first().change, back.revisions.first().restores) == ("restored", 1)
    all_is_well(programme)


def test_every_other_act_can_be_undone_too(programme, by, some):
    first, second, third, fourth = some(4)
    halves = split(seen(first)[0], by=by, pieces=[said("One."), said("Two.")])
    found = replace(seen(second)[0], by=by, new=third)
    made = replace(seen(fourth)[0], by=by, new=said("New."))
    finer = refine(seen(third)[0], by=by, content=said("Finer."))
    for done in (halves, found, made, finer):
        undo(done.act, by=by)
    assert states(first, second, third, fourth) == ["draft"] * 4
    assert states(*halves.younger, *made.younger, *finer.younger) == ["retired"] * 4
    assert now(third).revision_number == 1
    all_is_well(programme)


def test_what_moved_on_is_not_undone(programme, by, some):
    first, second, third = some(3)
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    made = done.younger[0]
    revise(made, by=by, base=1, words=Words(wording="Both, better."))
    with pytest.raises(ValidationError, match="S4 has moved on since, to version 2"):
        undo(done.act, by=by)
    other = split(seen(third)[0], by=by, pieces=[said("One."), said("Two.")])
    restore(third, by=by, base=2)
    with pytest.raises(ValidationError, match="S3 has moved on since, to version 3"):
        undo(other.act, by=by)
    assert states(first, second, made) == ["retired", "retired", "draft"]


def test_what_was_built_on_is_undone_from_the_last_act_on(programme, by, some):
    first, second = some(2)
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    finer = refine(seen(*done.younger)[0], by=by, content=said("Finer."))
    with pytest.raises(ValidationError, match="S4 came from S3 since"):
        undo(done.act, by=by)
    undo(finer.act, by=by)
    undo(done.act, by=by)
    assert states(first, second, *done.younger, *finer.younger) == ["draft", "draft", "retired", "retired"]
    all_is_well(programme)


def test_what_later_acts_did_and_took_back_is_not_in_the_way(programme, by, some):
    first, second, third = some(3)
    done = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=said("Both."))
    for _ in range(2):
        undo(split(seen(second)[0], by=by, pieces=[said("One."), said("Two.")]).act, by=by)
    undo(merge(programme, by=by, ancestors=seen(third), into=seen(second)[0], content=said("All three.")).act, by=by)
    assert (now(second).wording, now(second).revision_number) == ("Both.", 8)
    undo(done.act, by=by)
    assert (now(second).wording, states(first, second, third)) == (second.wording, ["draft"] * 3)
    all_is_well(programme)


def test_an_undone_merge_can_be_done_the_other_way_round(programme, by, some):
    first, second = some(2)
    undo(merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=Piece()).act, by=by)
    merge(programme, by=by, ancestors=seen(second), into=seen(first)[0], content=Piece())
    assert states(first, second) == ["draft", "retired"]
    all_is_well(programme)


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("who", ["viewer", "contributor"])
def test_those_who_may_not_write_do_none_of_it(who, programme, by, cast, some):
    first, second = some(2)
    done = refine(seen(first)[0], by=by, content=said("x"))
    other = actor(getattr(cast, who))
    for act in (
        lambda: merge(programme, by=other, ancestors=seen(first, second), content=said("x")),
        lambda: split(seen(first)[0], by=other, pieces=[said("x"), said("y")]),
        lambda: replace(seen(first)[0], by=other, new=second),
        lambda: refine(seen(first)[0], by=other, content=said("x")),
        lambda: undo(done.act, by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Descent.objects.count(), Statement.objects.count()) == (1, 3)


def test_where_changes_are_reviewed_what_is_agreed_is_not_merged_by_hand(programme, by, statement):
    agreed, draft, other = statement(state="agreed"), statement(), statement()
    done = merge(programme, by=by, ancestors=seen(draft, other), content=said("Both.", state="agreed"))
    programme.agreement = "reviewed"
    programme.save(update_fields=["agreement"])
    for act in (
        lambda: merge(programme, by=by, ancestors=seen(agreed), into=seen(*done.younger)[0], content=Piece()),
        lambda: split(seen(agreed)[0], by=by, pieces=[said("x"), said("y")]),
        lambda: replace(seen(agreed)[0], by=by, new=said("x")),
        lambda: refine(seen(agreed)[0], by=by, content=said("x", state="agreed")),
        lambda: undo(done.act, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()
    [finer] = refine(seen(agreed)[0], by=by, content=said("x")).younger
    assert (finer.state, states(agreed)) == ("draft", ["agreed"])


# ---------------------------------------------------------------- the check of integrity


def test_an_act_changed_behind_the_rules_is_found(programme, by, some, unguarded, capsys):
    first, second = some(2)
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    Descent.objects.filter(pk=done.act.pk).update(kind="split")
    with pytest.raises(CommandError, match="3 findings"):  # the act itself, and what its two ancestors say
        call_command("check_integrity")
    Descent.objects.filter(pk=done.act.pk).update(kind="merged")
    all_is_well(programme)
    with unguarded():
        DescentLine.objects.filter(act=done.act, older=first).update(older_revision=7)
    with pytest.raises(CommandError, match="2 findings"):
        call_command("check_integrity")
