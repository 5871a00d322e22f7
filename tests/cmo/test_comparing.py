"""Claims about the difference between two wordings."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo import comparing
from cmo.comparing import Change, apply, blocks, compare, excerpt, summary, tokens

ANY = st.text(st.characters(codec=None), max_size=60)
FEW = st.lists(
    st.sampled_from(["a", "b", "c", "the", ",", ".", "\n", "ŵ", "w\u0302", "\ud800", "👩‍👧"]), max_size=30
).map(" ".join)
WORDING = st.one_of(ANY, FEW)


def text(count, vocabulary, seed):
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(vocabulary)}" for _ in range(count))


def edited(wording, share, seed):
    rng = random.Random(seed)
    return " ".join(f"x{rng.randrange(999)}" if rng.random() < share else word for word in wording.split(" "))


def assert_true_and_coalesced(old, new, changes):
    assert ("".join(change.old for change in changes), "".join(change.new for change in changes)) == (
        old,
        new,
    )
    for change in changes:
        kinds = {(True, True): "replace", (True, False): "delete", (False, True): "insert"}
        kind = kinds[bool(change.old), bool(change.new)]
        assert change.kind == ("equal" if change.old == change.new else kind)
    assert all((a.kind == "equal") != (b.kind == "equal") for a, b in pairwise(changes))


def test_tokens_are_words_runs_of_whitespace_and_single_marks():
    assert tokens("Don’t  re-read w\u0302r, 2.5…") == [
        "Don’t", "  ", "re", "-", "read", " ", "w\u0302r", ",", " ", "2", ".", "5", "…",
    ]  # fmt: skip
    assert tokens("👩‍👧👍🏽") == ["👩‍👧", "👍🏽"]


@settings(deadline=None, max_examples=300)
@given(WORDING)
def test_the_tokens_joined_are_the_text(wording):
    assert "".join(tokens(wording)) == wording


@settings(deadline=None, max_examples=400)
@given(WORDING, WORDING)
def test_a_comparison_holds_both_wordings(old, new):
    changes = compare(old, new)
    assert_true_and_coalesced(old, new, changes)
    assert apply(old, changes) == new


@settings(deadline=None, max_examples=300)
@given(WORDING, WORDING)
def test_a_comparison_of_too_large_texts_holds_both_wordings(old, new):
    whole, piece = comparing._WHOLE, comparing._PIECE
    comparing._WHOLE, comparing._PIECE = 0, 12
    try:
        assert_true_and_coalesced(old, new, compare(old, new))
    finally:
        comparing._WHOLE, comparing._PIECE = whole, piece


@settings(deadline=None)
@given(WORDING)
def test_a_wording_does_not_differ_from_itself(wording):
    assert compare(wording, wording) == ([Change("equal", wording, wording)] if wording else [])


def test_whole_phrases_are_shown_as_one_change():
    assert compare("if senior managers help,", "if service and team leaders help,") == [
        Change("equal", "if ", "if "),
        Change("replace", "senior managers", "service and team leaders"),
        Change("equal", " help,", " help,"),
    ]


def test_a_word_put_in_is_an_insert_and_one_taken_out_a_delete():
    assert [change.kind for change in compare("a b c", "a new b c")] == ["equal", "insert", "equal"]
    assert [change.kind for change in compare("a b c", "a c")] == ["equal", "delete", "equal"]


def test_the_summary_counts_words_and_not_marks():
    assert summary(compare("a b, c", "a d e. c!")) == (2, 1)


def test_an_excerpt_keeps_a_few_words_beside_each_change():
    old = "one two three four five six seven eight nine"
    changes = compare(old, old.replace("five", "5"))
    assert "".join(change.new for change in excerpt(changes, context=2)) == "… three four 5 six seven …"
    assert excerpt(changes, context=4) == changes
    assert excerpt(compare(old, old), context=2) == [Change("equal", "…", "…")]


@settings(deadline=None)
@given(WORDING, WORDING, st.integers(0, 4))
def test_an_excerpt_leaves_every_change_as_it_is(old, new, context):
    changes = compare(old, new)
    cut = excerpt(changes, context)
    assert [c for c in cut if c.kind != "equal"] == [c for c in changes if c.kind != "equal"]


def test_changes_made_for_another_wording_are_refused():
    with pytest.raises(ValueError):
        apply("a c", compare("a b", "a d"))


def test_large_texts_still_get_a_fine_comparison():
    old = text(30_000, 3_000, seed=1)
    new = edited(old, 0.05, seed=2)
    expected = sum(a != b for a, b in zip(old.split(" "), new.split(" "), strict=True))
    assert summary(compare(old, new)) == (expected, expected)


@pytest.mark.parametrize(
    ("old", "new", "bar"),
    [
        (text(5_000, 3_000, 1), edited(text(5_000, 3_000, 1), 0.1, 2), 0.5),
        (text(5_000, 3_000, 1), text(5_000, 3_000, 2), 0.5),
        (text(90_000, 3_000, 1), text(90_000, 3_000, 2), 5),
        ("a b " * 125_000, "b a " * 125_000, 5),
        (",;" * 250_000, ";," * 250_000, 5),
    ],
    ids=["5000-edited", "5000-unrelated", "half-a-megabyte-unrelated", "two-words-swapped", "marks-swapped"],
)
def test_hostile_and_large_texts_stay_within_the_bar(old, new, bar):
    started = time.process_time()
    changes = compare(old, new)
    assert time.process_time() - started < bar
    assert apply(old, changes) == new


@settings(deadline=None, max_examples=200)
@given(FEW, FEW)
def test_blocks_rise_on_both_sides(old, new):
    a, b = tokens(old), tokens(new)
    x = y = 0
    for at, to, size in blocks(a, b):
        assert (at >= x, to >= y, size > 0) == (True, True, True)
        assert a[at : at + size] == b[to : to + size]
        x, y = at + size, to + size
