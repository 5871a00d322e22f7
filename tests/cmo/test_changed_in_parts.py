"""Claims about a proposed wording as a page sets it: in its parts, each with the words that join and leave it."""

import re

import pytest

from cmo.comparing import compare
from cmo.templatetags.reviewing import theory_changed

OLD = "If pages say so, then little changes, because workers believe they work that way."


def parts(new: str, only: str = "", old: str = OLD) -> dict[str, str]:
    """{connective: words with their marks}, and under "" what stands beside the parts."""
    shown = theory_changed(compare(old, new), only)
    found: dict[str, str] = {}
    for piece in shown.split('<span class="part part--')[1:]:
        key = re.search(r"<span>(\w+)</span></span>", piece)
        words = re.search(r'part__words">(.*)</span></span>', piece)
        found[key[1] if key else ""] = words[1] if words else piece
    return found


def test_words_that_leave_right_after_a_connective_leave_the_part_that_it_opens():
    shown = parts("If pages say so, then little changes, because each page says they work that way.")
    assert list(shown) == ["If", "then", "because"]
    assert shown["then"] == "little changes,"
    assert shown["because"].startswith("<del>workers believe</del><ins>each page says</ins> they work")


def test_a_connective_that_takes_the_place_of_another_shows_what_it_replaces():
    shown = parts("When pages say so, then little changes, because workers believe they work that way.")
    assert shown[""].strip() in ("<del>If</del>", "<del>If </del>")
    assert shown["When"] == "pages say so,"


@pytest.mark.parametrize("new", ["Nothing.", "because because, then if", "Unless <b> then so, because thus.", "If"])
@pytest.mark.parametrize("only", ["", "old"])
def test_no_word_is_lost_whatever_moves(new, only):
    shown = theory_changed(compare(OLD, new), only)
    for word in set(re.findall(r"\w+", OLD)):
        assert word in shown, word
