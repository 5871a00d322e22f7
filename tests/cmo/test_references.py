"""Claims about what a text names: records, revisions and people, found in one pass and given back exactly."""

from time import perf_counter

import pytest
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from cmo.reading.naming import record_url
from cmo.references import LETTERS, Piece, names_in, pieces, records_in

PARTS = ["S7", "CMO3", "E12", "P4", "S7 v3", "S7.3", "@lead", "@a.b+c", "@", ".", " ", "v", "v3", "\n", "é", "0", "9"]


def named(text):
    return [piece for piece in pieces(text) if piece.kind]


@pytest.mark.parametrize(
    ("text", "kind", "number", "revision"),
    [
        ("S7", "statement", 7, 0),
        ("see S7.", "statement", 7, 0),
        ("(CMO3)", "configuration", 3, 0),
        ("E12, and more", "element", 12, 0),
        ("P4!", "proposal", 4, 0),
        ("X9, said late", "excerpt", 9, 0),
        ("B4 of X", "bearing", 4, 0),
        ("(Q3)", "source", 3, 0),
        ("S7.3", "statement", 7, 3),
        ("S7 v3", "statement", 7, 3),
        ("S7 v.3", "statement", 7, 3),
        ("CMO3 v12.", "configuration", 3, 12),
        ("S7 vs other claims", "statement", 7, 0),
        ("S7\nv3", "statement", 7, 0),
        ("S999999999", "statement", 999_999_999, 0),
    ],
)
def test_a_label_names_a_record_and_maybe_its_revision(text, kind, number, revision):
    assert [(piece.kind, piece.number, piece.revision) for piece in named(text)] == [(kind, number, revision)]


NOTHING = ["s7", "S07", "S0", "XS7", "S7a", "S7é", "CMO", "CMOs3", "S1234567890", "C2", "O3.10", "S3.10.2", "S7.0"]


@pytest.mark.parametrize("text", [*NOTHING, "a@S7", "x.S7"])
def test_what_only_looks_like_a_label_names_nothing(text):
    assert named(text) == []


def test_people_are_named_by_what_follows_the_sign_without_the_end_of_the_sentence():
    text = "Ask @Lena, @jo.b-c+d. Not jo@example.org, not @@x, not @ alone; @lena…"
    assert [piece.name for piece in named(text)] == ["Lena", "jo.b-c+d", "lena"]
    assert names_in(text) == {"lena", "jo.b-c+d"}


def test_the_records_that_a_text_names_are_told_once_each():
    assert records_in("S7, S7 v3 and CMO3") == {("statement", 7), ("configuration", 3)}
    assert [piece.label for piece in named("S7 v3 CMO12 @x")] == ["S7", "CMO12", ""]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS)).map("".join)))
def test_the_pieces_give_back_the_text_exactly(text):
    found = list(pieces(text))
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    for piece in found:
        if piece.kind:
            assert list(pieces(piece.text)) == [piece]
            assert (piece.number > 0) != bool(piece.name)


HOSTILE = ["@", "@a", "S1", "S1 v", "CMO", "S1.", "S1.1", "v1 ", "@.", "SSS", "1", "@" + "a" * 200]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_takes_time_in_step_with_its_length(unit):
    def seconds(n):
        start = perf_counter()
        assert "".join(piece.text for piece in pieces(unit * n)) == unit * n
        return perf_counter() - start

    seconds(100)
    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(3))
    assert long < 0.05 + 8 * 4 * short


def test_a_piece_of_plain_text_names_nothing():
    assert list(pieces("plain")) == [Piece("plain")]
    assert list(pieces("")) == []


@pytest.mark.parametrize("kind", LETTERS.values())
def test_what_a_text_names_has_a_page(kind):
    found = resolve(record_url("cse-test", kind, 3, 2).partition("?")[0])
    assert (found.url_name, found.kwargs) == (kind, {"slug": "cse-test", "number": 3})
