"""Claims about pasted tables as Word and spreadsheets write them: no cell is lost, and each row says what it is."""

import contextlib
import html
import re
import time

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.models import Statement
from cmo.pasting import Pasted, ReadAs, TooMany, read_pasted
from tests.conftest import CODEBOOK

CODES = {code.casefold(): code for code, _name, _above in CODEBOOK if code}
AREAS = {"Trusted relationships": "trusted-relationships", "Plans": "plans"}
HEADS = "No.\tCodes\tTheory area\tIf… then statements\n"
FIRST = "1\tO4, P6\tPlans\tIf workers feel backed by their managers,\n"
SECOND = "then they try it, because a mistake is not held against them.\n"
WHOLE = (FIRST + SECOND).rsplit("\t", 1)[1].replace("\n", " ").strip()


def read(text: str) -> Pasted:
    return read_pasted(text, known=lambda code: CODES.get(code.casefold()), areas=AREAS)


def brief(text: str) -> tuple[list[tuple[str, list[str], str | None]], list[tuple[int, str]]]:
    pasted = read(text)
    lines = [(line.wording, line.codes, line.area) for line in pasted.lines]
    return lines, [(other.at, other.read_as.value) for other in pasted.others if other.read_as != ReadAs.HEADS]


PARAGRAPHS = {
    "of the last cell": HEADS + FIRST + SECOND,
    "of the last cell, three of them": HEADS + FIRST + SECOND.replace(" because", "\nbecause"),
    "of a cell before the last": HEADS + FIRST.replace("O4, P6", "O4\nP6") + SECOND,
    "of two cells": HEADS.replace("If… then", "Then, if") + FIRST.replace("O4, P6", "O4\nP6") + SECOND,
    "of a cell with cells behind it": "No\tStatement\tCode\tArea\n1\t" + WHOLE.replace(", ", ",\n") + "\tO4 P6\tPlans",
    "of codes in the last cell": f"Area\tStatement\tCodes\nPlans\t{WHOLE}\tO4\nP6",
    "of a spreadsheet's cell": HEADS + "1\tO4 P6\tPlans\t\"" + WHOLE.replace(", ", ",\n\n") + "\"\n",
    "without heads": FIRST + SECOND,
}  # fmt: skip


@pytest.mark.parametrize("text", PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_paragraphs_of_a_cell_are_one_row(text):
    assert brief(text + "\n2\tO1\tPlans\tIf c, then d.")[0][0] == (WHOLE, ["O4", "P6"], "plans")
    assert len(read(text).lines) == 1


SEPARATE = {
    "rows that leave cells out": "No\tStatement\tCodes\n1\tIf a, then b.\n2\tIf c, then d.",
    "a statement to a line, some with codes": "O4\tIf a, then b.\nIf c, then d.",
    "quotation marks in a cell": 'Codes\tStatement\nO4\tIf a, then b.\n\tIf c, then d.\n\t"Backing" helps.',
}


@pytest.mark.parametrize("text", SEPARATE.values(), ids=SEPARATE)
def test_rows_of_their_own_stay_apart(text):
    pasted = read(text)
    assert [line.wording for line in pasted.lines[:2]] == ["If a, then b.", "If c, then d."]
    assert [line.wording for line in pasted.lines[2:]] == ['"Backing" helps.'] * ("Backing" in text)
    assert not any(line.loose for line in pasted.lines)


@pytest.mark.parametrize("note", ["", "\tpilot"])
def test_a_statement_between_the_rows_is_offered_and_not_ticked(note):
    pasted = read(f"{HEADS}1\tO4\tPlans\tIf a, then b.{note}\nIf c, then d.\n2\tO1\tPlans\tIf e, then f.")
    assert [(line.at, line.wording, line.loose) for line in pasted.lines] == [
        (2, "If a, then b.", False), (3, "If c, then d.", True), (4, "If e, then f.", False),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["Plans", "Plans\t", "\t\tPlans\t", "2.\tPlans\t\t", "2. plans\t\t\t"])
def test_the_title_of_an_area_on_a_row_is_the_area_of_the_rows_below_that_name_none(heading):
    rows = "1\tO4\t\tIf a, then b.\n2\tO4\tTrusted relationships\tIf c, then d."
    lines, others = brief(f"{HEADS}{heading}\n{rows}\n3\t\t\tIf e, then f.")
    assert [area for _wording, _codes, area in lines] == ["plans", "trusted-relationships", "plans"]
    assert others == [(2, "area")]


def test_a_heading_that_is_no_area_ends_the_one_above_and_is_told_of():
    lines, others = brief(
        f"{HEADS}Plans\n1\t\t\tIf a, then b.\nPolicy nature\t\n2\t\t\tIf c, then d.\nMore\n3\t\t\tIf e."
    )
    assert [area for _wording, _codes, area in lines] == ["plans", None, None]
    assert others == [(2, "area"), (4, "unknown_area"), (6, "unknown_area")]


def test_titles_of_areas_stand_above_plain_lines_too():
    lines, others = brief("If a.\nPlans\nIf b.\nTrusted relationships\nIf c.")
    assert [area for _wording, _codes, area in lines] == [None, "plans", "trusted-relationships"]
    assert others == [(2, "area"), (4, "area")]


def test_rows_without_words_are_told_of():
    rows = "1\tO4\tPlans\tIf a, then b.\n\tP6\n\t\t\tO4\n2\t\tPlaces\t\n3"
    lines, others = brief(HEADS + rows)
    assert lines == [("If a, then b.", ["O4"], "plans")]
    assert others == [(3, "codes"), (4, "codes"), (5, "unknown_area"), (6, "nothing")]
    assert brief("If a.\nO4\n12\nP6, O1") == ([("If a.", [], None)], [(2, "codes"), (3, "nothing"), (4, "codes")])


def test_cells_that_are_not_understood_are_told_of_beside_their_line():
    (line,) = read("No.\tArea\tStatement\tNotes\tBecause\nearly\tPlans\tIf a, then b.\tpilot\tit helps\tbeyond").lines
    assert (line.wording, line.area) == ("If a, then b.", "plans")
    assert line.left_out == ["early", "pilot", "beyond", "it helps"]


@pytest.mark.parametrize("head", [
    "If then statement", "If then statements", "IF… THEN… STATEMENTS:", "If/then/because", "If... then...", "Statement",
    "Initial programme theory", "If, then, because statement", "Os… yna… oherwydd",
])  # fmt: skip
def test_a_head_of_statements_is_known_however_it_is_written(head):
    for text in (
        f"Code\t{head}\nO4\tIf a, then b.",
        f"{head}\nIf a, then b. (O4)",
        f"Table 2\nCode\t{head}\nO4\tIf a, then b.",
    ):
        assert [(line.wording, line.codes) for line in read(text).lines if line.wording != "Table 2"] == [
            ("If a, then b.", ["O4"])
        ]


@pytest.mark.parametrize("line", ["If then else", "If", "Theory of change", "If the statement holds, then b."])
def test_a_sentence_is_no_head(line):
    assert [found.wording for found in read(f"{line}\nIf a, then b.").lines] == [line, "If a, then b."]


def test_heads_may_come_again():
    table = "Code\tStatement\nO4\tIf a, then b."
    assert [line.wording for line in read(f"{table}\n{table}").lines] == ["If a, then b."] * 2


WORD = st.text("abcdefghijklmnopqrstuvwxyzŵŷé", min_size=1, max_size=9)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
ODD = (
    "O4|o4, P6|Q9|(O4)|Plans|plans |3. Plans|Elsewhere|No|Codes|Statement|Statements|If|Then|Because|Area|Notes|"
    'If then statement|1|2.|S7|"|""|•|- x|O4 P6 If x'
)
CELL = st.one_of(
    WORDS,
    st.just(""),
    st.builds("If {}, then {}.".format, WORDS, WORDS),
    WORDS.map("{}.".format),
    WORDS.map(str.capitalize),
    WORDS.map("then {}, because it is.".format),
    WORDS.map('"{}"'.format),
    st.builds('"{}" {}'.format, WORDS, WORDS),
    st.builds('"{}\n{}"'.format, WORDS, WORDS),
    st.builds("{} (O4, {})".format, WORDS, WORD),
    st.sampled_from(ODD.split("|")),
)
ROW = st.one_of(
    st.lists(CELL, min_size=1, max_size=5).map("\t".join),
    st.sampled_from(["Code\tStatement", "If\tThen\tNotes", HEADS[:-1]]),
)
TEXT = st.one_of(st.lists(ROW, max_size=8).map("\n".join), st.text('aB4. \t\n"(),;', max_size=60), st.text(max_size=60))
NUMBERING = re.compile(r"(?:s|no|nr)?\d{1,6}")


@given(TEXT)
@settings(max_examples=150, deadline=None)
def test_every_word_that_is_pasted_is_shown_or_listed_as_not_read(text):
    pasted = read(text)
    titles = {slug: title for title, slug in AREAS.items()}
    shown = [cell for other in pasted.others for cell in other.cells]
    for line in pasted.lines:
        shown += [
            line.wording,
            *line.codes,
            *line.unknown,
            titles.get(line.area or "", ""),
            line.unknown_area,
            *line.left_out,
        ]
    words = set(re.findall(r"\w+", " ".join(shown).casefold()))
    lost = [word for word in re.findall(r"\w+", text.casefold()) if word not in words and not NUMBERING.fullmatch(word)]
    assert lost == []


SLOW = {
    "many lines": "If\tThen\n" + "x\n" * 200_000,
    "as many lines as are read": "If\tThen\n" + "x\n" * 9_990,
    "quoted cells that do not end": "\n".join('"x""' for _ in range(100_000)) + "\t",
    "one quoted cell that does not end": 'a\t"' + "x\n" * 200_000,
    "rows that never fill their table": "\t".join(["If", "Then", *"n" * 150]) + "\n" + "O4\tO4\n" * 1990,
    "many cells": '"\t' * 100_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_a_table_made_to_be_slow_is_read_in_time(text):
    began = time.process_time()
    with contextlib.suppress(TooMany):
        read(text)
    assert time.process_time() - began < 5


# ---- the page and the API


def test_the_preview_shows_what_is_no_statement_and_what_is_left_out(programme, cast, as_, themes, area):
    area("Plans")
    text = f"{HEADS}{FIRST}{SECOND}If c, then d.\n\tP6\nPlans\n2\tO1\t\tIf e, then f.\tpilot"
    answer = as_(cast.editor).post("/p/cse-test/theory/paste", {"text": text, "do": "read"})
    page = " ".join(html.unescape(answer.content.decode()).split())
    assert "3 statements read. 3 lines are no statements; they stand below. Nothing is saved yet." in page
    assert 'Line 1: No. · Codes · Theory area · If… then statements <span class="quiet">heads of the columns' in page
    assert 'Line 5: P6 <span class="quiet">not read: codes without a statement' in page
    assert 'Line 6: Plans <span class="quiet">theory area, for the lines below that name none' in page
    assert "left out: pilot" in page
    assert page.count("Theory area: Plans") == 2
    assert "in no column of the table; tick it if it is a statement of its own" in page
    ticks = re.findall(r'<input type="checkbox" name="take"[^>]*>', page)
    assert ["checked" in tick for tick in ticks] == [True, False, True]


def test_the_api_tells_the_same_and_takes_the_same(programme, cast, api, themes, area):
    area("Plans")
    text = f"{HEADS}{FIRST}{SECOND}If c, then d.\n\tP6\n2\tO1\t\tIf e, then f.\tpilot"
    answer = (
        api(cast.editor).post("/api/v1/programmes/cse-test/statements/paste/", {"text": text}, format="json").json()
    )
    assert answer["others"] == [
        {"line": 1, "cells": ["No.", "Codes", "Theory area", "If… then statements"], "read_as": "heads"},
        {"line": 5, "cells": ["P6"], "read_as": "codes"},
    ]
    told = [(line["line"], line["loose"], line["left_out"], line["taken"]) for line in answer["lines"]]
    assert told == [(2, False, [], True), (4, True, [], False), (6, False, ["pilot"], True)]
    assert [row.wording for row in Statement.objects.order_by("number")] == [WHOLE, "If e, then f."]


def test_a_programme_shows_before_it_begins_what_it_will_not_take(cast, as_, db):
    sent = {"title": "Link workers", "areas": "Plans", "codebook": "empty", "do": "look"}
    text = f"{HEADS}{FIRST}{SECOND}\tP6\n2\tO1\t\tIf e, then f.\tpilot"
    page = " ".join(
        html.unescape(
            as_(cast.editor).post(reverse("programme-new"), sent | {"statements": text}).content.decode()
        ).split()
    )
    assert "Left out, in no column that is understood: pilot" in page
    assert 'Line 4: P6 <span class="quiet">not read: codes without a statement' in page
