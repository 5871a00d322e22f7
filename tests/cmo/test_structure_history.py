"""Claims about the history of elements and configurations: what joined, left, was reworded, reordered, described."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from cmo.reading.element_history import compare_element, element_history, element_version
from cmo.reading.structure_history import compare_configuration, configuration_history, configuration_version
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.retyping import retype
from cmo.rules.standing import Placed
from tests.conftest import actor


@pytest.fixture
def by(cast: Any) -> Any:
    return actor(cast.editor)


@pytest.fixture
def made(programme: Any, by: Any) -> Any:
    """CMO1 with four contexts, E1 to E4."""
    texts = ("one", "two", "three", "four")
    return configure(programme, by=by, elements=[Placed("context", text=text) for text in texts])


def placed(configuration: Any, numbers: str, **more: Any) -> list[Placed]:
    """Contexts by their numbers, "1 3 2"."""
    elements = {one.element.number: one.element for one in configuration.placings.select_related("element")}
    return [Placed("context", elements[int(number)], **more) for number in numbers.split()]


def labels(found: Any) -> list[str]:
    return [one.label for one in found]


ORDERS = {
    "nothing": ("1 2 3 4", []),
    "the last comes first": ("4 1 2 3", ["E4"]),
    "the first goes last": ("2 3 4 1", ["E1"]),
    "two change places": ("2 1 3 4", ["E1"]),
}


@pytest.mark.parametrize(("order", "moved"), ORDERS.values(), ids=ORDERS)
def test_reordered_are_the_fewest_that_need_moving(order, moved, made, by):
    now = revise_configuration(made, by=by, base=1, elements=placed(made, order))
    changed = compare_configuration(now, 1, now.revision_number)
    assert len(changed.reordered) == len(moved)
    if len(moved) == 1 and order != "2 1 3 4":  # there either of the two may be called moved
        assert labels(changed.reordered) == moved
    assert (changed.joined, changed.left, changed.reworded) == ([], [], [])


def test_what_joined_left_and_was_said_otherwise(made, by, statement, area):
    keep = placed(made, "1 2")
    keep[1] = Placed("context", keep[1].element, wording="two, as we say here")
    new = [Placed("mechanism", text="five", activation="weak")]
    now = revise_configuration(
        made, by=by, base=1, elements=[*keep, *new], statements=[statement()], area=area("Plans"), state="agreed",
        words={"plain": "In short.", "nickname": "Short"},
    )  # fmt: skip
    changed = compare_configuration(now, 1, 2)
    assert (labels(changed.joined), labels(changed.left)) == (["E5"], ["E3", "E4"])
    ((one, words),) = changed.reworded
    assert (one.label, "".join(part.old for part in words)) == ("E2", "two")
    assert "".join(part.new for part in words) == "two, as we say here"
    assert sorted(changed.words) == ["nickname", "plain"]
    assert (changed.statements_added, changed.statements_removed) == ([1], [])
    assert [(name, str(new)) for name, _old, new in changed.described] == [("area", "Plans"), ("state", "agreed")]
    back = compare_configuration(now, 2, 1)
    assert (labels(back.joined), labels(back.left), back.statements_removed) == (["E3", "E4"], ["E5"], [1])


def test_an_element_that_plays_another_role_left_the_one_and_joined_the_other(made, by):
    one, *_rest = placed(made, "1 2 3 4")
    now = revise_configuration(made, by=by, base=1, elements=[Placed("outcome", one.element)])
    changed = compare_configuration(now, 1, 2)
    assert [(each.label, each.role.value) for each in changed.joined] == [("E1", "outcome")]
    assert ("E1", "context") in [(each.label, each.role.value) for each in changed.left]


def test_how_strongly_a_mechanism_fires_is_a_change_of_its_own(programme, by):
    made = configure(programme, by=by, elements=[Placed("mechanism", text="trust", activation="weak")])
    (one,) = made.placings.select_related("element")
    now = revise_configuration(made, by=by, base=1, elements=[Placed("mechanism", one.element, activation="strong")])
    changed = compare_configuration(now, 1, 2)
    assert [(each.label, old, new) for each, old, new in changed.refired] == [("E1", "weak", "strong")]
    assert (changed.reworded, changed.joined, changed.reordered) == ([], [], [])


def test_elements_are_shown_in_the_words_of_the_time(made, by):
    element = placed(made, "1")[0].element
    revise_element(element, by=by, base=1, text="one, said better")
    now = revise_configuration(made, by=by, base=1, elements=placed(made, "1 2 3"))
    first, second = configuration_version(now, 1), configuration_version(now, 2)
    assert [one.text for one in first.placed] == ["one", "two", "three", "four"]
    assert [one.text for one in second.placed] == ["one, said better", "two", "three"]
    changed = compare_configuration(now, 1, 2)
    ((one, _words),) = changed.reworded
    assert (one.label, one.revision) == ("E1", 2)
    assert ([one.label for one, _words in changed.reworded_meanwhile], changed.reworded_here) == (["E1"], [])
    own = [replace(placed(made, "1")[0], wording="one, as we say"), *placed(made, "2 3")]
    then = compare_configuration(revise_configuration(now, by=by, base=2, elements=own), 2, 3)
    assert ([one.label for one, _words in then.reworded_here], then.reworded_meanwhile) == (["E1"], [])


def test_a_history_is_read_newest_first_each_with_the_one_before(made, by):
    now = made
    for at in range(1, 5):
        now = revise_configuration(now, by=by, base=at, words={"plain": f"Said {at} times."})
    now = turn_configuration(now, by=by, base=5, retired=True)
    versions = configuration_history(now)
    assert [version.revision.number for version in versions] == [6, 5, 4, 3, 2, 1]
    assert versions[-1].changed is None
    assert [list(version.changed.words) for version in versions[1:-1]] == [["plain"]] * 4
    assert versions[0].changed.described == [("state", "draft", "retired")]
    part = configuration_history(now, 3, 4)
    assert [(version.revision.number, version.before.revision.number) for version in part] == [(4, 3), (3, 2)]


def test_an_element_says_what_changed_in_its_text_themes_and_traits(programme, themes, by):
    made = introduce(programme, by=by, kind="context", text="time is short", themes=[themes["O4"]])
    now = revise_element(
        made, by=by, base=1, text="time is very short", themes=[themes["C2"]], traits={"polarity": "hindering"}
    )
    now = retype(now, by=by, base=2, kind="outcome")
    first = compare_element(now, 1, 2)
    assert first.counted == (1, 0)
    assert ([tag.label for tag in first.themes_added], [tag.label for tag in first.themes_removed]) == (["C2"], ["O4"])
    assert first.described == [("polarity", "", "hindering")]
    assert compare_element(now, 2, 3).described == [("kind", "context", "outcome"), ("polarity", "hindering", "")]
    versions = element_history(now)
    assert [version.revision.change for version in versions] == ["retyped", "reworded", "new"]
    assert versions[2].changed is None
    assert versions[0].changed.reworded is False
    assert versions[1].changed.reworded is True


def test_there_is_no_history_beyond_the_revisions(programme, made, by):
    element = introduce(programme, by=by, kind="context", text="alone")
    for look in (lambda: configuration_version(made, 2), lambda: element_version(element, 2)):
        with pytest.raises(Http404):
            look()
    for compare, record, label in ((compare_configuration, made, "CMO1"), (compare_element, element, "E5")):
        for old, new, field in ((0, 1, "from"), (1, 2, "to"), (9, 1, "from")):
            with pytest.raises(ValidationError, match=f"{label} has revisions 1 to 1") as refused:
                compare(record, old, new)
            assert list(refused.value.message_dict) == [field]


def test_a_long_history_costs_as_much_as_a_short_one(made, by, queries):
    with queries(4):
        configuration_history(made)
    now = made
    for at in range(1, 12):
        now = revise_configuration(now, by=by, base=at, words={"plain": f"Said {at} times."})
    with queries(4):
        assert all(version.changed is None or version.changed.as_json() for version in configuration_history(now))
