"""Claims about the two ways to write a statement: the form turns from one to the other with all that was typed, at any
time, and shows what would change so far also before the next key."""

import html
import re
from typing import Any

import pytest

from cmo.models import Draft, Statement

SAID = "When plans are told, managers read them, because they are asked to."
EDIT, NEW = "/p/cse-test/s/1/edit", "/p/cse-test/s/new"
SENTENCE, PARTS = "Write it as one sentence instead", "Write its three parts instead"


@pytest.fixture
def browser(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


def told(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def fields(answer: Any) -> dict[str, str]:
    """{name: text} of the text areas that hold the words, and the mode."""
    page = html.unescape(answer.content.decode())
    found = dict(
        re.findall(r'<textarea[^>]* name="(wording|if|then|because)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    )
    return {**found, "mode": re.findall(r'name="mode" value="(\w+)"', page)[0]}


def test_parts_become_the_sentence_that_they_would_be_saved_as(browser, statement):
    statement(SAID)
    sent = {
        "base": 1,
        "mode": "parts",
        "if": "plans are told early",
        "then": "managers read them",
        "because": "it pays",
    }
    turned = browser.post(EDIT, {**sent, "reason": "Why not", "do": "sentence"})
    written = "When plans are told early, managers read them, because it pays."
    assert (turned.status_code, fields(turned)) == (200, {"wording": written, "mode": "sentence"})
    assert PARTS in told(turned)
    assert "Why not" in told(turned)
    assert re.search(r"<ins>[^<]*early", told(turned))
    assert Statement.objects.get().revision_number == 1
    browser.post(EDIT, {**sent, "reason": "Why not"})
    assert Statement.objects.get().wording == written


def test_turning_alone_makes_no_draft(browser, statement):
    statement(SAID)
    turned = browser.post(EDIT, {"base": 1, "mode": "sentence", "wording": SAID, "do": "parts"})
    assert "data-draft-unkept" not in told(turned)
    parts = {**fields(turned), "if": "plans fail"}
    assert "data-draft-unkept" in told(browser.post(EDIT, {"base": 1, **parts, "do": "sentence"}))


def test_a_sentence_becomes_its_parts_and_they_become_it_again(browser, statement):
    statement(SAID)
    text = "Unless caseloads fall, then guidance is not read, partly because nobody has time."
    turned = browser.post(EDIT, {"base": 1, "mode": "sentence", "wording": text, "do": "parts"})
    parts = {
        "if": "Unless caseloads fall", "then": "guidance is not read", "because": "partly because nobody has time",
        "mode": "parts",
    }  # fmt: skip
    assert (turned.status_code, fields(turned)) == (200, parts)
    new = browser.post(NEW, {"mode": "sentence", "wording": text, "do": "parts"})
    assert fields(new) == parts
    assert fields(browser.post(NEW, {**parts, "do": "sentence"}))["wording"] == text


LOST = {
    "words before": ("Note well: if a, then b.", "No part takes “Note well:”; put it into one of them first"),
    "no parts": ("Managers decide.", "No part takes “Managers decide.”; put it into one of them first"),
    "two claims": ("If a, then b. If c, then d.", "It has more than one if, then or because; keep it as one sentence."),
}


@pytest.mark.parametrize(("text", "said"), LOST.values(), ids=LOST)
@pytest.mark.parametrize("path", [EDIT, NEW, "/p/cse-test/s/1/propose", "/p/cse-test/s/propose"])
def test_a_sentence_whose_words_the_parts_would_lose_stays_one(path, text, said, browser, statement):
    statement(SAID)
    answer = browser.post(path, {"base": 1, "mode": "sentence", "wording": text, "do": "parts"})
    assert (answer.status_code, fields(answer)) == (422, {"wording": text, "mode": "sentence"})
    assert said in told(answer)


def test_the_words_as_they_stand_can_be_written_in_parts_whatever_is_in_none(browser, statement):
    statement("Note well: if a, then b.")
    turned = browser.post(EDIT, {"base": 1, "mode": "sentence", "wording": "Note well: if a, then b.", "do": "parts"})
    assert fields(turned) == {"if": "a", "then": "b", "because": "", "mode": "parts"}
    browser.post(EDIT, {"base": 1, "mode": "parts", "if": "a", "then": "c", "because": ""})
    assert Statement.objects.get().wording == "Note well: if a, then c."


def test_the_way_between_stands_there_after_a_refusal_and_with_a_draft(browser, statement, programme, cast, actor):
    statement(SAID)
    sent = {"base": 1, "mode": "parts", "if": "plans fail", "then": "x" * 20_001, "because": ""}
    refused = browser.post(EDIT, sent)
    assert refused.status_code == 422
    assert SENTENCE in told(refused)
    assert "<ins>fail</ins>" in told(refused)
    browser.post("/p/cse-test/s/1/draft", {**sent, "then": "managers read them"})
    resumed = browser.get(EDIT)
    assert "This is your draft" in told(resumed)
    assert SENTENCE in told(resumed)
    assert re.search(r"Changes so far</p> <p[^>]*>.*<ins>fail</ins>", told(resumed))


def test_a_draft_of_a_new_statement_shows_how_it_is_read(browser, programme):
    browser.post("/p/cse-test/s/new/draft", {"mode": "parts", "if": "a", "then": "b", "because": ""})
    assert "How it is read" in told(browser.get(NEW))


def test_the_row_that_comes_back_says_that_a_draft_is_kept(browser, statement):
    statement(SAID)
    row = browser.get("/p/cse-test/s/1/row", HTTP_HX_REQUEST="true")
    assert "you keep a draft" not in told(row)
    assert "HX-Trigger" not in row
    browser.post("/p/cse-test/s/1/draft", {"base": "1", "mode": "sentence", "wording": "If half a"})
    row = browser.get("/p/cse-test/s/1/row", HTTP_HX_REQUEST="true")
    assert "you keep a draft" in told(row)
    assert row["HX-Trigger"] == '{"said": "Your draft of S1 is kept."}'
    assert Draft.objects.count() == 1
