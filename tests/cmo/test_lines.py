"""Claims about lines: how the elements of a role are written in a text field, and how two edits of it go together."""

import pytest

from cmo.lines import Line, merge_lines, read_lines, written


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("E12", Line(12, "")),
        ("e 12", Line(12, "")),
        ("E12 trust grows", Line(12, "trust grows")),
        ("E12: trust grows [strong]", Line(12, "trust grows", "strong")),
        ("trust   grows [ Weak ]", Line(None, "trust grows", "weak")),
        ("trust grows [maybe]", Line(None, "trust grows [maybe]")),
        ("Every worker stays", Line(None, "Every worker stays")),
        ("E12b is a form", Line(None, "E12b is a form")),
        ("E0 is nobody", Line(None, "E0 is nobody")),
        ("[strong]", Line(None, "", "strong")),
    ],
)
def test_a_line_names_an_element_or_is_a_new_one(typed, line):
    assert read_lines(typed) == [line]


def test_empty_lines_are_nothing():
    assert read_lines("\n  \r\n\tE3\n\n") == [Line(3, "")]


def test_what_is_written_is_read_as_it_was():
    lines = [Line(12, "trust grows", "strong"), Line(None, "new"), Line(7, "")]
    assert read_lines(written(lines)) == lines


OLD = [Line(1, "one"), Line(2, "two"), Line(3, "three")]


def test_what_either_added_joins_and_what_either_took_out_leaves():
    theirs = [OLD[0], Line(4, "four"), OLD[1], OLD[2]]
    mine = [OLD[0], OLD[1], Line(None, "mine")]
    assert merge_lines(OLD, theirs, mine) == [OLD[0], Line(4, "four"), OLD[1], Line(None, "mine")]


def test_a_line_taken_out_by_one_and_reworded_by_the_other_stays():
    assert merge_lines(OLD, OLD[1:], [Line(1, "one more"), *OLD[1:]]) == [Line(1, "one more"), *OLD[1:]]
    assert merge_lines(OLD, [Line(1, "one more"), *OLD[1:]], OLD[1:]) == [Line(1, "one more"), *OLD[1:]]


def test_words_that_both_changed_stand_in_marks():
    merged = merge_lines([Line(1, "a cat sits")], [Line(1, "a dog sits")], [Line(1, "a bird sits")])
    assert merged == [Line(1, "a ⟦theirs: dog ¦ mine: bird⟧ sits")]


def test_a_new_order_of_mine_is_kept_with_what_they_added():
    theirs = [*OLD, Line(4, "four")]
    mine = [OLD[2], OLD[0], OLD[1]]
    assert merge_lines(OLD, theirs, mine) == [OLD[2], Line(4, "four"), OLD[0], OLD[1]]


def test_a_strength_that_one_changed_is_kept():
    weak, strong = Line(1, "one", "weak"), Line(1, "one", "strong")
    assert merge_lines([Line(1, "one")], [strong], [Line(1, "one")]) == [strong]
    assert merge_lines([weak], [weak], [strong]) == [strong]


def test_the_same_new_element_of_both_is_one():
    assert merge_lines([], [Line(None, "Trust grows")], [Line(None, "trust  grows")])[0].number is None
    assert len(merge_lines([], [Line(None, "Trust")], [Line(None, "trust")])) == 1


def test_a_new_element_that_they_saved_meanwhile_is_theirs():
    assert merge_lines([], [Line(14, "Trust grows")], [Line(None, "trust grows")])[0].number == 14
