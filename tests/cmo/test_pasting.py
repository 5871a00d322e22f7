"""Claims about pasted statements: how lines and tables are read, what the page shows first, and what is taken in."""

import html
import re
from typing import Any

import pytest

from cmo.models import Statement
from cmo.pasting import Line, TooMany, read_pasted
from tests.conftest import CODEBOOK
from tests.pages import shown_in

CODES = {code.casefold(): code for code, _name, _above in CODEBOOK if code}
AREAS = {"Trusted relationships": "trusted-relationships", "Plans": "plans"}


def read(text: str) -> list[Line]:
    return read_pasted(text, known=lambda code: CODES.get(code.casefold()), areas=AREAS).lines


def one(text: str) -> tuple[str, list[str], list[str], str | None]:
    (line,) = read(text)
    return line.wording, line.codes, line.unknown, line.area


LINES = {
    "plain": ("If a, then b.", ("If a, then b.", [], [], None)),
    "a bullet": ("• If a, then b.", ("If a, then b.", [], [], None)),
    "a number": ("12. If a, then b.", ("If a, then b.", [], [], None)),
    "a number in brackets": ("(3) If a, then b.", ("If a, then b.", [], [], None)),
    "a label": ("S7: If a, then b.", ("If a, then b.", [], [], None)),
    "codes before": ("O4, P6: If a, then b.", ("If a, then b.", ["O4", "P6"], [], None)),
    "codes before in brackets": ("(O1.1 c2) If a, then b.", ("If a, then b.", ["O1.1", "C2"], [], None)),
    "codes after": ("If a, then b. (O4; P6)", ("If a, then b.", ["O4", "P6"], [], None)),
    "codes after in square brackets": ("If a, then b. [o4]", ("If a, then b.", ["O4"], [], None)),
    "the same code twice": ("O4 If a, then b. (O4)", ("If a, then b.", ["O4"], [], None)),
    "words in brackets": ("If a, then b (and c).", ("If a, then b (and c).", [], [], None)),
    "an unknown code in brackets": ("If a, then b. (Q9)", ("If a, then b. (Q9)", [], [], None)),
    "a sentence that starts with a letter": ("C is a letter, then b.", ("C is a letter, then b.", [], [], None)),
    "cells in any order": ("O4\tIf a, then b.\tPlans", ("If a, then b.", ["O4"], [], "plans")),
    "an unknown code in a cell": ("Q9 O4\tIf a, then b.", ("If a, then b.", ["O4"], ["Q9"], None)),
    "a number in a cell": ("7\tIf a, then b.", ("If a, then b.", [], [], None)),
    "line ends in a cell": ('"If a,\nthen b."\tO4', ("If a, then b.", ["O4"], [], None)),
    "Welsh letters": ("Os yw’r tŷ’n gynnes, yna… (O4)", ("Os yw’r tŷ’n gynnes, yna…", ["O4"], [], None)),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_a_line_is_read(text, expected):
    assert one(text) == expected


TABLES = {
    "whole statements": "No.\tCodes\tStatement\n1\tO4\tIf a, then b.\n2\t\tIf c, then d.",
    "three parts": "If\tThen\tBecause\tThemes\na\tb\t\tO4\nc\td\t\t",
    "heads in another case": "CODE\tSTATEMENT:\nO4\tIf a, then b.\n\tIf c, then d.",
    "Windows line ends": "Code\tStatement\r\nO4\tIf a, then b.\r\n\tIf c, then d.\r\n",
    "empty rows": "Code\tStatement\n\t\nO4\tIf a, then b.\n\t\n\tIf c, then d.\n\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_read_by_its_heads(text):
    assert [(line.wording, line.codes) for line in read(text)] == [("If a, then b.", ["O4"]), ("If c, then d.", [])]


def test_lines_keep_the_numbers_of_their_rows():
    assert [line.at for line in read("\nIf a.\n\n\nIf b.\n")] == [2, 5]
    assert [line.at for line in read("Code\tStatement\nO4\tIf a.\n\t\n\tIf b.")] == [2, 4]


def test_more_than_two_thousand_lines_are_too_many():
    assert len(read("If a.\n" * 2000)) == 2000
    with pytest.raises(TooMany):
        read("If a.\n" * 2001)


@pytest.mark.parametrize("text", ["\t" * 5000, '"' * 4001 + "\t", "(" * 5000 + "O4", "[O4" * 3000, "O4 " * 5000,
    '"\t' * 999])
def test_odd_input_is_read_without_a_fault(text):
    assert isinstance(read(text), list)


# ---- the page and its preview


def post(browser: Any, **form: Any) -> Any:
    return browser.post("/p/cse-test/theory/paste", form)


def test_the_preview_stores_nothing_and_shows_how_each_line_is_read(programme, cast, as_, themes, statement):
    statement("If known, then known.")
    text = "O4 If new, then new, because new.\nIf known, then known.\nIf new, then new, because new."
    answer = post(as_(cast.editor), text=text, do="read")
    assert answer.status_code == 200
    assert Statement.objects.count() == 1
    page = html.unescape(answer.content.decode())
    ticks = re.findall(r'<input type="checkbox" name="take"[^>]*>', page)
    assert [("checked" in tick) for tick in ticks] == [True, False, False]
    assert "S1" in page
    assert text.splitlines()[0] in page


def test_the_preview_shows_the_word_that_opens_a_condition_where_it_is_not_if(programme, cast, as_, themes):
    page = post(as_(cast.editor), text="Unless caseloads fall, guidance is not read\nIf so, then so", do="read")
    shown = html.unescape(page.content.decode())
    assert "<td>Unless caseloads fall</td>" in shown
    assert "<td>so</td>" in shown


def test_what_is_ticked_is_taken_in(programme, cast, as_, themes, area):
    area("Plans")
    text = "If a.\nIf b. (O4)\nIf c."
    shown = shown_in(post(as_(cast.editor), text=text, do="read"))
    answer = post(
        as_(cast.editor), text=text, do="add", shown=shown, take=["2", "3"], area="plans", reason="Workshop."
    )
    assert answer.status_code == 302
    made = [(row.number, row.wording, row.area.slug, row.state) for row in Statement.objects.order_by("number")]
    assert made == [(1, "If b.", "plans", "draft"), (2, "If c.", "plans", "draft")]
    assert [row.revisions.get().reason for row in Statement.objects.all()] == ["Workshop.", "Workshop."]


def test_the_area_of_a_line_comes_before_the_area_of_the_form(programme, cast, as_, themes, area):
    area("Plans")
    area("Other")
    post(as_(cast.editor), text="Area\tStatement\nPlans\tIf a.\n\tIf b.", do="add", area="other")
    assert [row.area.slug for row in Statement.objects.order_by("number")] == ["plans", "other"]


def test_a_paste_is_all_or_nothing(programme, cast, as_):
    answer = post(as_(cast.editor), text="If a.\n" + "x" * 20_001, do="add")
    assert answer.status_code == 422
    said = "Statement 2: This is 20001 characters long; at most 20000 fit here."
    assert said in html.unescape(answer.content.decode())
    assert Statement.objects.count() == 0


def test_nothing_ticked_says_so(programme, cast, as_):
    shown = shown_in(post(as_(cast.editor), text="If a.", do="read"))
    answer = post(as_(cast.editor), text="If a.", do="add", shown=shown)
    assert (answer.status_code, Statement.objects.count()) == (422, 0)
    assert "No line is ticked; tick the statements to take in." in answer.content.decode()


def ticked_in(page: str) -> list[str]:
    ticks = re.findall(r'<input type="checkbox" name="take" value="(\d+)"( checked)?>', page)
    return [at for at, checked in ticks if checked]


@pytest.mark.parametrize("act", ["add", "read"])
def test_a_tick_stays_with_its_line_when_another_is_put_first(programme, cast, as_, act):
    text = "If a.\nIf b.\nIf c.\nIf d."
    shown = shown_in(post(as_(cast.editor), text=text, do="read"))
    longer = f"If new.\n{text}"
    answer = post(as_(cast.editor), text=longer, do=act, shown=shown, take=["1", "2", "3"], reason="Workshop.")
    page = html.unescape(answer.content.decode())
    assert not Statement.objects.exists()
    assert ticked_in(page) == ["1", "2", "3", "4"]  # the new one by its reading; what was "If d." is left out still
    assert page.count("new since the text was read") == 1
    assert longer in page
    assert "Workshop." in page
    said = "The text changed since it was read: 1 statement is new and marked so; look at it, then add again."
    assert (said in page) == (act == "add")
    assert answer.status_code == (422 if act == "add" else 200)
    post(as_(cast.editor), text=longer, do="add", shown=shown_in(answer), take=["2", "3", "4"])
    assert [row.wording for row in Statement.objects.order_by("number")] == ["If a.", "If b.", "If c."]


def test_a_line_that_was_taken_out_of_the_text_takes_no_tick_of_another(programme, cast, as_):
    shown = shown_in(post(as_(cast.editor), text="If a.\nIf b.\nIf c.", do="read"))
    answer = post(as_(cast.editor), text="If b.\nIf c.", do="add", shown=shown, take=["1", "3"])
    assert answer.status_code == 302
    assert [row.wording for row in Statement.objects.all()] == ["If c."]


def test_a_line_with_another_code_than_shown_is_shown_again(programme, cast, as_, themes):
    shown = shown_in(post(as_(cast.editor), text="If a. (O4)\nIf b.", do="read"))
    answer = post(as_(cast.editor), text="If a. (P6)\nIf b.", do="add", shown=shown, take=["1"])
    assert (answer.status_code, Statement.objects.count()) == (422, 0)
    assert ticked_in(answer.content.decode()) == ["1"]


def test_of_lines_that_say_the_same_the_first_keeps_the_tick_of_the_first(programme, cast, as_):
    shown = shown_in(post(as_(cast.editor), text="If a.\nIf a.", do="read"))
    answer = post(as_(cast.editor), text="If z.\nIf a.\nIf a.", do="read", shown=shown, take=["2"])
    assert ticked_in(answer.content.decode()) == ["1", "3"]


def test_a_form_sent_twice_is_taken_in_once(programme, cast, as_):
    browser = as_(cast.editor)
    answers = [post(browser, text="If a.", do="add", nonce="abc") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Statement.objects.count() == 1


def test_a_cell_of_a_spreadsheet_too_long_for_its_reader_is_refused_in_a_sentence(programme, cast, as_, api):
    text = "O4\t" + "x" * 200_000
    said = "This is 200000 characters long; at most 20000 fit here."
    page = post(as_(cast.editor), text=text, do="add")
    assert (page.status_code, said in page.content.decode()) == (422, True)
    answer = api(cast.editor).post("/api/v1/programmes/cse-test/statements/paste/", {"text": text}, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (400, f"text: Statement 1: {said}")
    assert Statement.objects.count() == 0
