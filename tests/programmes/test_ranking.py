"""Claims about ranking: what comes first, what is marked, and which piece of a long text is shown."""

from hypothesis import given
from hypothesis import strategies as st

from programmes.ranking import Sought, excerpt, indexed, marks_in, scores

TRUST, FAMILY = Sought("trust"), Sought("families")


def ranked(question, *documents):
    """Places of (heading, body), the best first."""
    found = scores([indexed(["_p1a"], [heading], body) for heading, body in documents], question)
    return sorted(range(len(found)), key=lambda at: -found[at])


def marked(text, *question):
    return [text[start:end] for start, end in marks_in(text, question)]


def test_a_word_in_the_title_counts_for_more():
    assert ranked([TRUST], ("Other", "trust here"), ("Trust", "other here"), ("Other", "none at all")) == [1, 0, 2]


def test_more_often_and_in_fewer_words_is_better():
    assert ranked([TRUST], ("", "trust " + "word " * 40), ("", "trust trusting " + "word " * 39)) == [1, 0]
    assert ranked([TRUST], ("", "trust " + "word " * 80), ("", "trust " + "word " * 8)) == [1, 0]


def test_words_in_the_order_sought_are_better_than_scattered_ones():
    apart, together = ("", "trust comes when families wait"), ("", "when wait comes trust families")
    assert ranked([TRUST, FAMILY], apart, together) == [1, 0]


def test_a_word_that_only_begins_so_counts_less():
    sought = Sought("work", frozenset({"workplac"}))
    assert ranked([sought], ("", "the workplace"), ("", "the work")) == [1, 0]


def test_signs_are_no_words():
    assert indexed(["_p1a", "_ktheme"], ["O3.10", "Services"], "For families") == (
        "_p1a _ktheme o3 10 servic _t for famili"
    )
    assert scores([], [TRUST]) == []


def test_every_form_of_a_word_is_marked_and_no_other():
    assert marked("Trust, TRUSTED; distrust and familie’s Families.", TRUST, FAMILY) == [
        "Trust", "TRUSTED", "familie", "Families",
    ]  # fmt: skip
    assert marked("e\u0301lan vital – Élan", Sought("elan")) == ["e\u0301lan", "Élan"]
    assert marked("<mark>trust</mark> & ½ trust", TRUST) == ["trust", "trust"]
    assert marked("½", Sought("1"), Sought("2")) == ["½"]
    assert marked("trust") == []


def test_a_short_text_is_shown_whole_and_of_a_long_one_the_piece_with_most_words():
    assert excerpt("Trust grows.", [(0, 5)], 100) == ("Trust grows.", [(0, 5)])
    text = "trust " + "before " * 60 + "families trust them " + "after " * 60
    shown, marks = excerpt(text, marks_in(text, [TRUST, FAMILY]), 100)
    assert shown.startswith("…before")
    assert shown.endswith("after…")
    assert len(shown) <= 102
    assert [shown[start:end] for start, end in marks] == ["families", "trust"]


@given(st.text("ab ést\n", max_size=400), st.integers(20, 100))
def test_marks_of_an_excerpt_are_marks_of_its_text(text, length):
    marks = marks_in(text, [Sought("a"), Sought("et")])
    shown, inside = excerpt(text, marks, length)
    assert len(shown) <= max(length * 1.25, length + 2)
    assert {shown[start:end] for start, end in inside} <= {text[start:end] for start, end in marks}
    assert shown.strip("…") in text
