"""Claims about counted evidence: the word it gets, what its squares show, how dark a cell is, what a small group is."""

import pytest

from cmo.weighing import NOTHING, Counted, Square, counted, shade, small, squares, weigh


@pytest.mark.parametrize(
    ("excerpts", "supports", "challenges", "word"),
    [
        (0, 0, 0, "none"),
        (1, 1, 0, "thin"),
        (3, 0, 3, "thin"),
        (4, 4, 0, "supported"),
        (4, 0, 0, "supported"),
        (10, 10, 2, "supported"),
        (10, 8, 2, "contested"),
        (8, 4, 4, "contested"),
        (9, 4, 5, "challenged"),
        (5, 4, 1, "contested"),
        (6, 5, 1, "supported"),
    ],
)
def test_the_word_follows_the_number(excerpts, supports, challenges, word):
    assert weigh(excerpts=excerpts, supports=supports, challenges=challenges) == word


def test_what_is_there_twice_counts_once():
    found = counted([(1, "a", "supports"), (1, "a", "challenges"), (2, "a", "supports"), (3, "b", "unclear")])
    assert (found.excerpts, found.sources) == (3, 2)
    assert (found.supports, found.challenges, found.nuances, found.unclear) == (2, 1, 0, 1)
    assert found.sources_by_stance == {"supports": 1, "challenges": 1, "unclear": 1}
    assert not found.one_source
    assert counted([(1, "a", "supports"), (2, "a", "nuances")]).one_source
    assert counted([]) == NOTHING


def test_counts_are_shown_by_stance_with_how_many_sources():
    assert counted([(1, "a", "supports"), (2, "b", "nuances")]).as_json() == {
        "supports": 1, "challenges": 0, "nuances": 1, "unclear": 0, "excerpts": 2, "sources": 2, "weight": "thin",
    }  # fmt: skip
    assert Counted().as_json()["weight"] == "none"


def test_a_tally_has_a_square_for_each_excerpt_up_to_eighteen():
    few = squares({"supports": 2, "nuances": 1, "challenges": 1})
    assert [(one.stance, one.at) for one in few.drawn] == [
        ("supports", 0), ("supports", 13), ("challenges", 26), ("nuances", 39),
    ]  # fmt: skip
    assert (few.more, few.width) == (0, 52)
    many = squares({"supports": 1000, "challenges": 1, "unclear": 1})
    assert (len(many.drawn), many.more) == (18, 984)
    assert [one.stance for one in many.drawn][-2:] == ["challenges", "unclear"]
    assert (squares({}).drawn, squares({}).width) == ([], 13)
    assert Square("challenges", 26).cross == "M26.8 1.8l8.4 8.4m0-8.4l-8.4 8.4"


def test_a_cell_is_as_dark_as_it_is_full_beside_the_fullest():
    assert [shade(n, 30) for n in (0, 1, 6, 7, 18, 29, 30, 40)] == [0, 1, 1, 2, 3, 5, 5, 5]
    assert [shade(n, 2) for n in (0, 1, 2)] == [0, 1, 2]


def test_a_group_is_small_below_the_threshold():
    assert [small(n, 3) for n in range(5)] == [False, True, True, False, False]
    assert not small(1, 1)
