"""Owns what a reworded statement looks like beside what it was: each part against the part of its own kind."""

import re

from cmo import wording as parsing
from cmo.phase_words import Became
from cmo.reading.comparison import Row
from cmo.reading.sides import Side
from cmo.templatetags.phases import changed_theory

OLD = "If a worker stays, then families trust them, because trust grows with time."


def side(wording: str) -> Side:
    return Side("S1", 1, 1, wording, parsing.pack(parsing.find_parts(wording)), "agreed", None)


def shown(old: str, new: str) -> list[str]:
    """The parts in order, each as its letter and its words with what was put in [+…] and taken out [-…]."""
    page = changed_theory(side(new), Row(Became.REWORDED, [side(old)], [side(new)]))
    page = re.sub(r"<del>(.*?)</del>", r"[-\1]", re.sub(r"<ins>(.*?)</ins>", r"[+\1]", page))
    parts = page.split('<span class="part part')[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts]


def test_what_was_taken_out_stands_in_the_part_that_it_was_in():
    found = shown(OLD, "If a worker stays, then children speak up, because trust grows with time.")
    assert len(found) == 3
    context, outcome, mechanism = found
    assert "[" not in context
    assert "[" not in mechanism
    assert all(word in outcome for word in ("[-", "[+", "families", "children"))


def test_a_part_that_is_gone_or_new_is_struck_out_or_marked_whole():
    gone = shown(OLD, "If a worker stays, then families trust them.")
    assert gone[2].count("[-") == 2
    assert "because" in gone[2]
    assert "trust grows with time" in gone[2]
    new = shown("If a worker stays, then families trust them.", OLD)
    assert "[+because]" in new[2]
    assert "[+trust grows with time" in new[2]


def test_another_connective_is_a_change_that_is_seen():
    found = shown(OLD, OLD.replace("If a", "Where a"))
    assert "[-If]" in found[0]
    assert "[+Where]" in found[0]


def test_a_record_that_became_two_is_shown_as_it_is():
    row = Row(Became.SPLIT, [side(OLD)], [side("If x, then y."), side("If z, then y.")])
    assert "<del>" not in changed_theory(row.after[0], row)


def test_hostile_words_are_text():
    new = side("If <b>x</b>, then y.")
    found = changed_theory(new, Row(Became.REWORDED, [side("If <i>, then y.")], [new]))
    assert "<b>" not in found
    assert "<i>" not in found
    assert "&lt;<del>i</del><ins>b&gt;x&lt;/b</ins>&gt;" in found
