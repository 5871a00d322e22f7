"""Claims about hints of who somebody is: found where they stand, bounded in time, and never more than hints."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.revealing import hints, kinds_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to nia.p@council.example.org today.", [("email", "nia.p@council.example.org")]),
        ("Ring 029 2087 4000, or +44 7700 900123.", [("phone", "029 2087 4000"), ("phone", "+44 7700 900123")]),
        ("It was in CF10 3AT, I think.", [("postcode", "CF10 3AT")]),
        ("Then Dr Evans came.", [("name", "Dr Evans")]),
        ("I told Nia Prosser about it.", [("name", "Nia Prosser")]),
        ("my name is Gwen and I work here", [("name", "my name is Gwen")]),
        ("The Welsh Government and Social Services met in South Wales.", []),
        ("We had 12 of 15 by 2021-05-12, on page 40 to 52.", []),
        ("If a worker stays, then trust grows.", []),
        ("", []),
    ],
)
def test_what_is_pointed_out(text, found):
    assert [(hint.kind, text[hint.start : hint.end]) for hint in hints(text)] == found


def test_kinds_are_named_once_over_several_texts():
    assert kinds_in("Mrs Price and Mr Rees", "a@b.example, c@d.example") == ["name", "email"]


@given(st.text(max_size=400))
def test_any_text_is_taken_and_hints_lie_in_it_in_order(text):
    found = hints(text)
    assert all(0 <= hint.start < hint.end <= len(text) for hint in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("piece", ["a", "a.", "A", "Aa ", "0", "0 ", "a@", "a@a.", "Mr ", "+(", "A1 1", "\u0301", "é-"])
def test_the_time_grows_with_the_length_and_no_faster(piece):
    def spent(n):
        began = time.perf_counter()
        hints(piece * (n // len(piece)))
        return time.perf_counter() - began

    spent(20_000)
    few, many = min(spent(20_000) for _ in range(3)), min(spent(200_000) for _ in range(3))
    assert many < 40 * few + 0.2
