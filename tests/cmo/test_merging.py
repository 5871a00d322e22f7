"""Claims about the three-way merge of wordings and of sets."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.merging import Agreed, Conflict, has_marks, marked_text, merge, merge_sets

ANY = st.text(st.characters(codec=None), max_size=50)
FEW = st.lists(st.sampled_from(["a", "b", "c", "the", ",", ".", "\n", "ŵ", "\ud800"]), max_size=20).map(
    " ".join
)
WORDING = st.one_of(ANY, FEW)
SETS = st.frozensets(st.sampled_from("ABCDEF"))


@settings(deadline=None, max_examples=300)
@given(WORDING, WORDING)
def test_one_sided_and_equal_changes_are_taken(base, other):
    for theirs, mine in ((base, other), (other, base), (other, other)):
        merged = merge(base, theirs, mine)
        assert (merged.clean, merged.text()) == (True, other)


@settings(deadline=None, max_examples=300)
@given(WORDING, WORDING, WORDING)
def test_the_regions_hold_the_base_and_each_side_of_a_conflict_differs(base, theirs, mine):
    merged = merge(base, theirs, mine)
    assert "".join(region.base for region in merged.regions) == base
    conflicts = [region for region in merged.regions if isinstance(region, Conflict)]
    assert merged.conflicts == len(conflicts)
    assert all(conflict.theirs != conflict.mine for conflict in conflicts)
    kinds = [type(region) for region in merged.regions]
    assert all((a, b) != (Agreed, Agreed) for a, b in pairwise(kinds))


@settings(deadline=None, max_examples=300)
@given(WORDING, WORDING, WORDING)
def test_swapping_the_sides_swaps_the_conflicts_and_nothing_else(base, theirs, mine):
    swapped = [
        Conflict(region.base, region.mine, region.theirs) if isinstance(region, Conflict) else region
        for region in merge(base, mine, theirs).regions
    ]
    assert swapped == merge(base, theirs, mine).regions


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["a", "b", "the", "team"]), min_size=3, max_size=12), st.data())
def test_edits_with_an_unchanged_word_between_are_both_kept(words, data):
    first = data.draw(st.integers(0, len(words) - 3))
    second = data.draw(st.integers(first + 2, len(words) - 1))
    theirs, mine, both = words.copy(), words.copy(), words.copy()
    theirs[first] = both[first] = "THEIRS"
    mine[second] = both[second] = "MINE"
    merged = merge(" ".join(words), " ".join(theirs), " ".join(mine))
    assert (merged.clean, merged.text()) == (True, " ".join(both))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["a", "b", "the", "team"]), min_size=2, max_size=12), st.data())
def test_edits_that_overlap_or_touch_are_always_a_marked_conflict(words, data):
    first = data.draw(st.integers(0, len(words) - 1))
    second = data.draw(st.integers(max(0, first - 1), min(first + 1, len(words) - 1)))
    theirs, mine = words.copy(), words.copy()
    theirs[first], mine[second] = "THEIRS", "MINE"
    merged = merge(" ".join(words), " ".join(theirs), " ".join(mine))
    (conflict,) = [region for region in merged.regions if isinstance(region, Conflict)]
    assert "THEIRS" in conflict.theirs
    assert "MINE" in conflict.mine
    assert has_marks(marked_text(merged))
    assert merged.text(lambda conflict: conflict.theirs) == " ".join(theirs) or first != second


def test_two_insertions_at_one_place_are_a_conflict():
    merged = merge("the nurses", "the senior nurses", "the junior nurses")
    assert marked_text(merged) == "the ⟦theirs: senior ¦ mine: junior⟧ nurses"
    assert merge("the nurses", "the senior nurses", "the senior nurses").text() == "the senior nurses"


def test_a_word_removed_beside_a_word_changed_is_a_conflict():
    assert merge("all team leads agree", "all leads agree", "all team heads agree").conflicts == 1


def test_a_mark_between_two_edits_does_not_part_them():
    assert merge("leads, teams agree", "heads, teams agree", "leads, wards agree").conflicts == 1


def test_conflicts_can_be_written_as_the_caller_likes():
    merged = merge("a b c", "a x c", "a y c")
    assert merged.text(lambda conflict: f"{conflict.theirs}/{conflict.mine}") == "a x/y c"
    assert merged.regions == [Agreed("a "), Conflict("b", "x", "y"), Agreed(" c")]


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("the ⟦theirs: a ¦ mine: b⟧ nurses", True),
        ("the ⟦theirs: a nurses", True),
        ("the a ¦ mine: b nurses", True),
        ("the b⟧ nurses", True),
        ("the ⟦meaning⟧ of a ¦ b", False),
        ("mine: theirs", False),
    ],
)
def test_marks_are_noticed_even_half_removed(wording, expected):
    assert has_marks(wording) is expected


@settings(deadline=None)
@given(SETS, SETS, SETS)
def test_a_set_keeps_what_either_added_and_loses_what_either_removed(base, theirs, mine):
    assert merge_sets(base, theirs, mine) == ((base | theirs | mine) - (base - theirs) - (base - mine))
    assert (
        merge_sets(base, base, mine) == merge_sets(base, mine, base) == merge_sets(base, mine, mine) == mine
    )


@pytest.mark.parametrize(("count", "bar"), [(5_000, 0.5), (90_000, 8)])
def test_large_merges_stay_within_the_bar(count, bar):
    rng = random.Random(3)
    base = [f"w{rng.randrange(3_000)}" for _ in range(count)]
    theirs, mine = ([f"{mark}" if rng.random() < 0.02 else word for word in base] for mark in "xy")
    started = time.process_time()
    merged = merge(" ".join(base), " ".join(theirs), " ".join(mine))
    assert time.process_time() - started < bar
    assert "".join(region.base for region in merged.regions) == " ".join(base)
