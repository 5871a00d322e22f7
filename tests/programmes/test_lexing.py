"""Claims about words: where they stand in a text, how they are folded, and which of them somebody looks for."""

import re

from hypothesis import given
from hypothesis import strategies as st

from programmes.lexing import COMMON, LONGEST, fold, sought_in, stems_of, words_of

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def folded(text):
    return [word for _start, _end, word in words_of(text)]


def test_words_are_runs_of_letters_and_digits_without_case_and_accents():
    assert folded("Siân’s CAFÉ, O3.10 – co-located (ŴYTHNOS)!") == [
        "sian", "s", "cafe", "o3", "10", "co", "located", "wythnos",
    ]  # fmt: skip
    assert folded("straße ﬁne") == ["strasse", "fine"]
    assert folded("e\u0301lan") == folded("élan") == ["elan"]
    assert folded("_ % “” …") == folded("") == []


def test_a_place_is_that_of_the_word_as_written():
    text = "Siân’s e\u0301te\u0301 in straße"
    assert [text[start:end] for start, end, _word in words_of(text)] == ["Siân", "s", "e\u0301te\u0301", "in", "straße"]


@given(ANYTHING)
def test_any_text_has_words_in_order_within_it(text):
    last = 0
    for start, end, word in words_of(text):
        assert last <= start < end <= len(text)
        assert word.isalnum()
        assert len(word) <= LONGEST
        assert word in fold(text[start:end])
        last = start  # not the end: one sign may be two words, as ½ is


@given(ANYTHING)
def test_any_text_has_the_words_of_its_folded_form(text):
    assert folded(text) == [word[:LONGEST] for word in re.findall(r"[^\W_]+", fold(text))]


def test_common_words_are_passed_over_unless_there_are_no_others():
    assert sought_in("If the families trust you, then why", 20) == ["families", "trust"]
    assert sought_in("if then because", 20) == ["if", "then", "because"]
    assert sought_in("trust Trust TRUST the", 20) == ["trust"]
    assert sought_in("\"'(*) -- :", 20) == []
    assert sought_in(" ".join(f"w{at}" for at in range(50)), 20) == [f"w{at}" for at in range(20)]
    assert {"if", "then", "because", "os", "yna"} <= COMMON


def test_very_long_words_are_cut_alike_wherever_they_stand():
    assert stems_of("x" * 500) == sought_in("x" * 400, 20) == ["x" * LONGEST]
