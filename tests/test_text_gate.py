"""Claims about the one gate for text."""

import json
import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from programmes.gate import clean, guarded, unguarded

ANY = st.text(st.characters(codec=None), max_size=200)
KEPT = ["naïve", "Ŵyn a’r tŷ", "“so that”", "👩‍👧", "e\u0301", "العربية", "\u200d", "\u2028", "\U000e0061", "a\tb\nc"]
REFUSED = ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "\udfff", "\ufffe", "\uffff"]


@pytest.mark.parametrize("text", KEPT)
def test_what_people_type_is_kept_as_it_is(text):
    assert clean(text, field="wording", limit=100) == text


@pytest.mark.parametrize("character", REFUSED, ids=ascii)
def test_what_no_keyboard_types_is_refused_with_its_place(character):
    with pytest.raises(ValidationError) as refusal:
        clean(f"ab{character}c", field="name", limit=100)
    code = f"{ord(character):04X}"
    assert refusal.value.message_dict == {
        "name": [f"Take out the character at position 3 (U+{code}); it cannot be stored."]
    }


@settings(max_examples=500, deadline=None)
@given(ANY, st.integers(0, 250), st.booleans(), st.booleans())
@example("\r\n\r", 2, False, False)
@example("a\r\n", 2, True, True)
def test_what_passes_is_safe_within_its_limit_and_passes_again(text, limit, required, one_line):
    try:
        passed = clean(text, field="x", limit=limit, required=required, one_line=one_line)
    except ValidationError as refusal:
        (said,) = refusal.message_dict["x"]
        assert said.endswith(".")
        return
    assert len(passed) <= limit
    assert passed.strip() or not required
    assert "\r" not in passed
    if one_line:
        assert passed == " ".join(passed.split())
    else:
        assert passed == text.replace("\r\n", "\n").replace("\r", "\n")
    assert clean(passed, field="x", limit=limit, required=required, one_line=one_line) == passed
    assert json.loads(json.dumps(passed, ensure_ascii=False).encode()) == passed
    element = ElementTree.Element("text")
    element.text = passed
    assert (ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or "") == passed


@given(st.one_of(st.integers(), st.booleans(), st.lists(st.text()), st.dictionaries(st.text(), st.text()), st.binary()))
def test_what_is_not_text_is_refused(given_):
    with pytest.raises(ValidationError) as refusal:
        clean(given_, field="x", limit=10)
    assert refusal.value.message_dict == {"x": ["Write text here."]}


def test_nothing_is_empty_text():
    assert clean(None, field="x", limit=10) == ""


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u2003", "\u200b\u200b", " \u2060\ufeff", "\u00ad", "\u3164"])
def test_what_is_required_is_more_than_space(text):
    with pytest.raises(ValidationError) as refusal:
        clean(text, field="x", limit=10, required=True)
    assert refusal.value.message_dict == {"x": ["Write something here; it is empty."]}


def test_a_text_at_its_limit_passes_and_one_over_it_hears_both_numbers():
    assert clean("x" * 10, field="x", limit=10) == "x" * 10
    with pytest.raises(ValidationError) as refusal:
        clean("x" * 11, field="x", limit=10)
    assert refusal.value.message_dict == {"x": ["This is 11 characters long; at most 10 fit here."]}


# ---- what goes out to a spreadsheet

GUIDE = (Path(__file__).parent.parent / "docs" / "api.md").read_text()
MARKS = st.text(st.sampled_from("=+-@\t\r\n;'\" a,＝＋－＠\u200b\u00a0\u2212\ufeff"), max_size=20)
LIVE = re.compile(r"(?:\A|[\n\r\t;])[^\S\n\r\t]*[=+\-@＝＋－＠]|\A[\t\r\n]")


@settings(max_examples=2000, deadline=None)
@given(ANY | MARKS)
@example("'=1")
@example(";'=1")
@example("a\n'=1\n=1")
def test_a_guarded_text_runs_nowhere_and_reads_back_as_it_was(text):
    assert not LIVE.search(guarded(text))
    assert unguarded(guarded(text)) == text


@given(MARKS)
def test_the_guard_comes_off_as_the_guide_for_scripts_says(text):
    assert r'''`re.sub(r"(^|[\t\r\n;])'", r"\1", text)`''' in GUIDE
    assert re.sub(r"(^|[\t\r\n;])'", r"\1", guarded(text)) == text


@pytest.mark.parametrize("text", ["If so, then so; it's 5 - 3 = 2.", "“quoted”, 'quoted'", "a@b", "1-2", "x;y", ""])
def test_plain_words_are_not_touched(text):
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["\n", " ", "; ", "\n ", "\u200b", ";", "'"], ids=ascii)
def test_a_guard_takes_no_longer_than_the_text_is(text):
    began = time.perf_counter()
    guarded(text * 500_000)
    assert time.perf_counter() - began < 5  # in the square of it: hours


@pytest.mark.django_db
def test_every_text_that_passes_is_stored_and_read_back(programme, cast, statement):
    for text in (*KEPT, "’; DROP TABLE x; --", "%s %(a)s \\ {{ x }}", "x" * 20_000):
        made = statement(f"x{text}"[:20_000])
        made.refresh_from_db()
        assert made.wording == f"x{text}"[:20_000]
