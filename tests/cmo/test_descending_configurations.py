"""Claims about the lineage of configurations: elements united in order, ancestors kept, every act taken back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Configuration, Descent, Element
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.descending_configurations import (
    MadeOf,
    merge_configurations,
    refine_configuration,
    replace_configuration,
    split_configuration,
)
from cmo.rules.descent import Seen
from cmo.rules.introducing import turn_element
from cmo.rules.standing import Placed
from cmo.rules.stating import retire
from cmo.rules.undoing import undo
from programmes.refusals import Stale
from tests.conftest import actor


@pytest.fixture
def by(cast):
    return actor(cast.editor)


@pytest.fixture
def make(programme, by):
    def made(*elements: Placed, **more: Any) -> Configuration:
        return configure(programme, by=by, elements=elements, **more)

    return made


def now(one: Configuration) -> Configuration:
    return Configuration.objects.get(pk=one.pk)


def seen(*found: Configuration) -> list[Seen[Configuration]]:
    return [Seen(one, now(one).revision_number) for one in found]


def standing(one: Configuration) -> list[tuple[str, str, str]]:
    rows = one.placings.select_related("element").order_by("position")
    return [(row.element.label, row.role, row.wording) for row in rows]


def spelled(one: Configuration) -> list[str]:
    return [f"S{n}" for n in one.spellings.order_by("statement__number").values_list("statement__number", flat=True)]


def states(*found: Configuration) -> list[str]:
    return [now(one).state for one in found]


def element(one: Configuration, at: int = 1) -> Element:
    return one.placings.get(position=at).element


def test_merged_configurations_unite_elements_in_order_and_statements(programme, by, make, statement, area):
    trust, first_said, second_said = area("Trust"), statement(), statement()
    first = make(Placed("context", text="time"), Placed("outcome", text="change"), statements=[first_said], area=trust)
    shared = Placed("context", element(first), wording="enough time")
    second = make(shared, Placed("mechanism", text="trust"), statements=[second_said, first_said], area=trust)
    content = MadeOf({"plain": "Both.", "nickname": "One of two"})
    done = merge_configurations(programme, by=by, ancestors=seen(first, second), content=content, reason="The same.")
    [made] = done.younger
    assert (made.label, made.plain, made.state, now(made).area) == ("CMO3", "Both.", "draft", trust)
    assert standing(made) == [("E1", "context", ""), ("E2", "outcome", ""), ("E3", "mechanism", "")]
    assert spelled(made) == ["S1", "S2"]
    assert states(first, second) == ["retired", "retired"]
    assert {one.revisions.first().change for one in (first, second, made)} == {"merged"}
    call_command("check_integrity")


def test_what_is_given_counts_and_retired_statements_are_not_handed_on(programme, by, make, statement):
    gone, kept = statement(), statement()
    first = make(Placed("context", text="time"), statements=[gone, kept])
    second = make(Placed("outcome", text="change"))
    retire(gone, by=by, base=1)
    content = MadeOf(elements=[Placed("outcome", element(second))], state="agreed")
    [made] = merge_configurations(programme, by=by, ancestors=seen(first, second), content=content).younger
    assert (standing(made), spelled(made), made.state) == ([("E2", "outcome", "")], ["S2"], "agreed")
    call_command("check_integrity")


def test_one_goes_into_another_and_back(programme, by, make, statement):
    first = make(Placed("context", text="time"), statements=[statement()])
    second = make(Placed("outcome", text="change"), words={"plain": "As it was.", "nickname": "Second"})
    content = MadeOf({"plain": "Both."})
    [into] = seen(second)
    done = merge_configurations(programme, by=by, ancestors=seen(first), into=into, content=content)
    [kept] = done.younger
    assert (kept.label, kept.nickname, kept.plain, kept.revision_number) == ("CMO2", "Second", "Both.", 2)
    assert standing(kept) == [("E2", "outcome", ""), ("E1", "context", "")]
    undo(done.act, by=by)
    assert (now(second).plain, standing(second), spelled(second)) == ("As it was.", [("E2", "outcome", "")], [])
    assert states(first, second) == ["draft", "draft"]
    call_command("check_integrity")


def test_split_replaced_and_refined_and_all_of_it_undone(by, make):
    whole, old, other = (make(Placed("context", text=text)) for text in ("a", "b", "c"))
    halves = split_configuration(seen(whole)[0], by=by, pieces=[MadeOf({"plain": "One."}), MadeOf({"plain": "Two."})])
    assert [one.label for one in halves.younger] == ["CMO4", "CMO5"]
    assert [standing(one) for one in halves.younger] == [standing(whole)] * 2
    found = replace_configuration(seen(old)[0], by=by, new=other)
    assert ([one.label for one in found.younger], now(other).revision_number) == (["CMO3"], 1)
    finer = refine_configuration(seen(other)[0], by=by, content=MadeOf({"plain": "Finer."}))
    anew = replace_configuration(seen(*finer.younger)[0], by=by, new=MadeOf({"plain": "Anew."}))
    assert states(whole, old, other, *halves.younger, *finer.younger, *anew.younger) == [
        "retired", "retired", "draft", "draft", "draft", "retired", "draft",
    ]  # fmt: skip
    for done in (anew, finer, found, halves):
        undo(done.act, by=by)
    assert states(whole, old, other) == ["draft"] * 3
    assert states(*halves.younger, *finer.younger, *anew.younger) == ["retired"] * 4
    call_command("check_integrity")


def test_circles_strangers_and_stale_ones_are_refused(programme, other_programme, by, make):
    first, second = make(Placed("context", text="a")), make(Placed("context", text="b"))
    merge_configurations(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=MadeOf())
    turn_configuration(first, by=by, base=2, retired=False)
    with pytest.raises(ValidationError, match="CMO2 came from CMO1 itself"):
        merge_configurations(programme, by=by, ancestors=seen(second), into=seen(first)[0], content=MadeOf())
    with pytest.raises(ValidationError, match="CMO2 came from CMO1 itself"):
        replace_configuration(seen(second)[0], by=by, new=first)
    stranger = actor(other_programme.lead)
    with pytest.raises(ValidationError, match="no such configuration"):
        merge_configurations(other_programme, by=stranger, ancestors=seen(first, second), content=MadeOf())
    pieces = [MadeOf(), MadeOf(elements=[Placed("nothing", text="x")])]
    with pytest.raises(ValidationError, match="Configuration 2"):
        split_configuration(seen(second)[0], by=by, pieces=pieces)
    with pytest.raises(Stale):
        refine_configuration(Seen(second, 1), by=by, content=MadeOf())
    assert Descent.objects.count() == 1


def test_an_ancestor_whose_element_was_retired_since_does_not_come_back_without_it(programme, by, make):
    first, second = make(Placed("context", text="a")), make(Placed("context", text="b"))
    content = MadeOf(elements=[Placed("context", text="c")])
    done = merge_configurations(programme, by=by, ancestors=seen(first, second), content=content)
    turn_element(element(first), by=by, base=1, retired=True)
    with pytest.raises(ValidationError, match="E1 was retired meanwhile"):
        undo(done.act, by=by)
    turn_element(element(first), by=by, base=2, retired=False)
    undo(done.act, by=by)
    assert states(first, second, *done.younger) == ["draft", "draft", "retired"]


def test_who_may_not_write_does_none_of_it(programme, cast, by, make):
    first, second = make(Placed("context", text="a")), make(Placed("context", text="b"))
    viewer = actor(cast.viewer)
    for act in (
        lambda: merge_configurations(programme, by=viewer, ancestors=seen(first, second), content=MadeOf()),
        lambda: split_configuration(seen(first)[0], by=viewer, pieces=[MadeOf(), MadeOf()]),
        lambda: replace_configuration(seen(first)[0], by=viewer, new=second),
        lambda: refine_configuration(seen(first)[0], by=viewer, content=MadeOf()),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert states(first, second) == ["draft", "draft"]


def test_where_changes_are_reviewed_an_agreed_configuration_is_not_split_by_hand(programme, by, make):
    agreed = make(Placed("context", text="a"), state="agreed")
    programme.agreement = "reviewed"
    programme.save(update_fields=["agreement"])
    with pytest.raises(PermissionDenied, match="CMO1 is agreed"):
        split_configuration(seen(agreed)[0], by=by, pieces=[MadeOf(), MadeOf()])
    draft = revise_configuration(make(Placed("context", text="b")), by=by, base=1, words={"plain": "x"})
    assert split_configuration(seen(draft)[0], by=by, pieces=[MadeOf(), MadeOf()]).act.number == 1
