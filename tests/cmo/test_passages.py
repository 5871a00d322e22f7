"""Claims about pasted excerpts and transcripts: what is read of them, and that no word of any text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.passages import MOST_PASSAGES, TooMany, read_passages
from cmo.reading.transcript import lines_of

CODES = {"o1.1": "O1.1", "p2": "P2"}
SITES = {"la2": "la2", "second authority": "la2"}


def read(text):
    return pasted(text).passages


def pasted(text):
    return read_passages(text, known=lambda code: CODES.get(code.casefold()), sites=SITES, codes=["O1.1", "P2"])


def test_an_empty_line_stands_between_passages():
    found = read("We hear\nof it late.\n\n  \nThen it is gone.\n")
    assert [(one.at, one.text) for one in found] == [(1, "We hear\nof it late."), (2, "Then it is gone.")]


def test_bullets_stand_before_passages_of_one_line():
    assert [one.text for one in read("- We hear late.\n- It is gone.\n3. Nobody asks.")] == [
        "We hear late.", "It is gone.", "Nobody asks.",
    ]  # fmt: skip


def test_a_bracket_at_the_end_says_where_it_stands_and_what_it_is_about():
    (found,) = read("We hear of it late. (p. 4, LA2, O1.1; p2)")
    assert (found.text, found.locator) == ("We hear of it late.", "p. 4")
    assert (found.site, found.codes) == ("la2", ["O1.1", "P2"])


@pytest.mark.parametrize("text", ["It was late (as ever).", "Late (SW2, LA2)", "(p. 4)", "Late ()", "late)"])
def test_a_bracket_that_says_something_else_stays(text):
    assert read(text)[0].text == text


@pytest.mark.parametrize(
    ("bracket", "locator", "site", "codes", "unknown", "unknown_site"),
    [
        ("(p. 4, LA2, P2, O99)", "p. 4", "la2", ["P2"], ["O99"], ""),
        ("(p. 3, LA9, P2)", "p. 3", "", ["P2"], [], "LA9"),
        ("[LA2; O99, O99]", "", "la2", [], ["O99"], ""),
        ("(p. 3, LA2, LA9)", "p. 3", "la2", [], ["LA9"], ""),
        ("(LA8, LA9, P2)", "", "", ["P2"], ["LA9"], "LA8"),
    ],
)
def test_what_is_not_known_in_a_bracket_is_told_of(bracket, locator, site, codes, unknown, unknown_site):
    (found,) = read(f"We hear of it late. {bracket}")
    assert (found.text, found.locator, found.site) == ("We hear of it late.", locator, site)
    assert (found.codes, found.unknown, found.unknown_site) == (codes, unknown, unknown_site)


@pytest.mark.parametrize("text", ["Late (O99)", "Late (LA9, O99)", "Late (p. 4, as ever)", "Late (P2 and O99)"])
def test_a_bracket_that_is_no_list_of_known_things_stays(text):
    (found,) = read(text)
    assert (found.text, found.unknown, found.unknown_site) == (text, [], "")


def test_a_table_names_its_columns():
    heads = ["Excerpt", "Page", "Codes", "Site", "Original", "Status"]
    cells = ["Late.", "p. 4", "O1.1, Z9", "Second authority", "Hwyr.", "Implied"]
    text = "\n".join("\t".join(row) for row in (heads, cells, [""] * 6))
    (found,) = read(text)
    assert (found.text, found.locator, found.codes, found.unknown) == ("Late.", "p. 4", ["O1.1"], ["Z9"])
    assert (found.site, found.original, found.status) == ("la2", "Hwyr.", "implied")


@pytest.mark.parametrize("between", ["\t", ";", ","])
def test_tabs_semicolons_and_commas_stand_between_cells(between):
    heads, cells = ["Text", "Speaker", "Page", "Site"], ['"Late; she, said\nand gone."', "SW2", "4", "LA9"]
    found = pasted("\n".join(between.join(row) for row in (heads, cells, cells)))
    assert found.columns == ["Speaker"]
    assert [(one.text, one.locator, one.site, one.unknown_site) for one in found.passages] == [
        ("Late; she, said\nand gone.", "4", "", "LA9")
    ] * 2


def test_what_a_table_holds_beyond_its_columns_is_told():
    (found,) = pasted("text,page\nLate, she said,4").passages
    assert (found.text, found.locator, found.beyond) == ("Late", "she said", ["4"])


def test_two_columns_that_say_the_same_are_not_mixed():
    found = pasted("text;translation;page;time;notes\nHwyr.;Late.;4;0:40;\n")
    assert (found.passages[0].text, found.passages[0].locator) == ("Hwyr.", "4")
    assert found.columns == ["translation", "time"]  # nothing stands in the last


@pytest.mark.parametrize("text", [
    "Text, as she said, is not all.\n\nWe hear of it late.", "Quote; that is what it was.\n\nLate.",
    "Excerpt, unlike a story.\n\nLate, as ever, it came.",
])  # fmt: skip
def test_sentences_that_begin_as_a_head_does_are_no_table(text):
    assert [one.text for one in read(text)] == text.split("\n\n")


@pytest.mark.parametrize("between", [";", ","])
def test_a_quotation_mark_that_never_closes_takes_no_row_of_a_list_with_it(between):
    rows = [["text", "page"], ['"We had no idea', "2"], ["Second", "3"]]
    found = read("\n".join(between.join(row) for row in rows))
    assert len(found) == 2
    assert "We had no idea" in found[0].text
    assert (found[1].text, found[1].locator) == ("Second", "3")


def test_more_than_one_paste_takes_is_said():
    with pytest.raises(TooMany):
        read("\n\n".join(["Late."] * (MOST_PASSAGES + 1)))


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    for one in read(text):
        assert one.text.strip()


# ---- transcripts


def test_a_transcript_is_cut_at_its_lines_and_at_the_excerpts():
    text = "Interviewer: When?\nSW1: Late. Then it was gone.\n\nSW1: Yes."
    start = text.index("Late.")
    lines = lines_of(text, [(start, start + 5, 7), (text.index("gone"), len(text), 8)])
    assert [(line.who, line.asks) for line in lines] == [("Interviewer", True), ("SW1", False), ("", False)]
    assert [(piece.text, piece.number) for piece in lines[1].pieces] == [
        ("Late.", 7), (" Then it was ", None), ("gone.", 8),
    ]  # fmt: skip
    assert [line.ends for line in lines] == [[], [7], [8]]
    assert all(text[piece.at :].startswith(piece.text) for line in lines for piece in line.pieces)


@given(
    st.text(alphabet="aB:\n é", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=6),
)
def test_no_word_of_a_transcript_is_lost(text, pairs):
    places = [
        (min(a, b), max(a, b), number)
        for number, (a, b) in enumerate(pairs, start=1)
        if min(a, b) < max(a, b) <= len(text)
    ]
    lines = lines_of(text, places)
    shown = "".join(piece.text for line in lines for piece in line.pieces)
    kept = "".join(f"{line.who}: " for line in lines if line.who)
    assert [(shown + kept).count(letter) for letter in "aBé"] == [text.count(letter) for letter in "aBé"]
    for line in lines:
        for piece in line.pieces:
            assert text[piece.at : piece.at + len(piece.text)] == piece.text
            assert all(start <= piece.at < end for start, end, number in places if number in piece.numbers)
    assert {number for line in lines for number in line.ends} <= {number for _start, _end, number in places}


def test_a_quotation_mark_that_never_closes_takes_no_row_with_it():
    pasted = 'text\tpage\n"We had no idea, she said\t2\nSecond\t3\nThird\t4'
    found = read_passages(pasted, known=lambda code: None, sites={})
    assert [(one.text, one.locator) for one in found.passages] == [
        ('"We had no idea, she said', "2"), ("Second", "3"), ("Third", "4"),
    ]  # fmt: skip


def test_a_year_at_the_beginning_is_no_number_of_a_list():
    assert [one.text for one in read("2021. It all changed")] == [
        "2021. It all changed"
    ]
