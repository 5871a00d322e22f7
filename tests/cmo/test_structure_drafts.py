"""Claims about drafts of configurations and elements: kept for their writer, taken up again, gone once saved."""

import html
from typing import Any

import pytest

from cmo.models import Configuration, Draft, Element
from cmo.rules.configuring import revise_configuration

P = "/p/cse-test"
LINES = {"slot-context": "A worker stays", "slot-mechanism": "Trust grows [strong]", "slot-outcome": "Doors open"}


@pytest.fixture
def editor(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


@pytest.fixture
def made(programme: Any, editor: Any) -> Configuration:
    assert editor.post(f"{P}/cmo/new", {"nickname": "Staying", **LINES}).status_code == 302
    return Configuration.objects.get(programme=programme, number=1)


def said(client: Any, url: str) -> str:
    return html.unescape(client.get(url).content.decode())


def test_a_configuration_is_taken_up_where_it_was_left(made, editor, cast, as_):
    typed = {"nickname": "Half a", "slot-context": "E1 A worker st", "slot-actor": "A neighbour", "evil": "no"}
    assert editor.post(f"{P}/cmo/1/draft", {**typed, "base": "1"}).status_code == 204
    page = said(editor, f"{P}/cmo/1/edit")
    for words in ("Half a", "E1 A worker st", "A neighbour", "This is your draft"):
        assert words in page
    assert "Doors open" in page  # what was not typed stands as it is
    assert "Half a" not in said(as_(cast.lead), f"{P}/cmo/1/edit")
    assert "CMO1, a new make-up" in said(editor, "/")
    assert "evil" not in Draft.objects.get().fields


def test_an_element_is_taken_up_with_its_themes_and_traits(made, editor, themes):
    typed = {"text": "A worker st", "polarity": "hindering", "theme": ["O4"], "base": "1"}
    assert editor.post(f"{P}/e/1/draft", typed).status_code == 204
    page = said(editor, f"{P}/e/1/edit")
    assert "A worker st</textarea>" in page
    assert 'value="hindering" selected' in page
    home = said(editor, "/")
    assert "E1, a new wording" in home
    assert "<del>" in home


@pytest.mark.parametrize(
    ("kind", "typed", "title"),
    [("cmo", {"nickname": "Begun", "slot-context": "half"}, "A new configuration"),
     ("e", {"kind": "outcome", "text": "half"}, "A new element")],
)  # fmt: skip
def test_a_new_one_is_taken_up_and_discarded(kind, typed, title, programme, editor):
    assert editor.post(f"{P}/{kind}/new/draft", typed).status_code == 204
    page = said(editor, f"{P}/{kind}/new")
    assert "half" in page
    assert "Discard this draft" in page
    assert title in said(editor, "/")
    answer = editor.post(f"{P}/{kind}/new/draft", {"discard": "1", "next": f"{P}/elements"})
    assert (answer["Location"], Draft.objects.count()) == (f"{P}/elements", 0)


def test_a_new_element_keeps_the_kind_that_was_chosen(programme, editor):
    editor.post(f"{P}/e/new/draft", {"kind": "outcome", "text": "half"})
    assert 'name="kind" value="outcome"' in said(editor, f"{P}/e/new")


def test_a_link_that_begins_from_a_statement_writes_over_no_draft(statement, editor):
    statement("If there is time, then practice changes.")
    editor.post(f"{P}/cmo/new/draft", {"nickname": "Begun"})
    page = said(editor, f"{P}/cmo/new?from=S1")
    assert "Begun" in page
    assert "This is your draft" in page
    assert "You came for a configuration of S1; this is another one, which you began before." in page
    assert Draft.objects.get().fields == {"nickname": "Begun"}
    editor.post(f"{P}/cmo/new/draft", {"nickname": "Begun", "statements": "S1, S2"})
    assert "You came for" not in said(editor, f"{P}/cmo/new?from=S1")
    assert "You came for" not in said(editor, f"{P}/cmo/new")


@pytest.mark.parametrize("end", ["new", "propose"])
def test_the_sentence_that_a_configuration_is_made_of_stands_above_what_was_kept_or_refused(statement, editor, end):
    statement("If there is time, then practice changes.")
    statement("If there is none, then nothing does.")
    begun = "What was found in its sentence"
    assert begun in said(editor, f"{P}/cmo/new?from=S1")
    refused = editor.post(f"{P}/cmo/{end}", {"statements": "s1", "nickname": "x" * 300}).content.decode()
    editor.post(f"{P}/cmo/new/draft", {"nickname": "Half", "statements": "S1"})
    for page in (refused, said(editor, f"{P}/cmo/new")):
        assert page.count('class="box mt"') == 1
        assert "practice changes" in page
        assert begun not in page
    for several in ("S1, S2", "S9", "nonsense", ""):
        editor.post(f"{P}/cmo/new/draft", {"nickname": "Half", "statements": several})
        assert 'class="box mt"' not in said(editor, f"{P}/cmo/new")


def test_saving_ends_the_draft(made, editor):
    editor.post(f"{P}/cmo/1/draft", {"nickname": "Half", "base": "1"})
    editor.post(f"{P}/cmo/new/draft", {"nickname": "Other"})
    editor.post(f"{P}/e/1/draft", {"text": "Half", "base": "1"})
    editor.post(f"{P}/e/new/draft", {"text": "Other"})
    assert Draft.objects.count() == 4
    assert editor.post(f"{P}/cmo/1/edit", {"base": "1", "nickname": "Whole"}).status_code == 302
    assert editor.post(f"{P}/cmo/new", {"nickname": "Whole"}).status_code == 302
    assert editor.post(f"{P}/e/1/edit", {"base": "1", "text": "Whole"}).status_code == 302
    assert editor.post(f"{P}/e/new", {"kind": "context", "text": "Another"}).status_code == 302
    assert Draft.objects.count() == 0


def test_a_draft_of_an_older_version_ends_side_by_side(made, editor, cast, actor):
    editor.post(f"{P}/cmo/1/draft", {"nickname": "Mine", **LINES, "base": "1"})
    made.programme = made.programme
    revise_configuration(made, by=actor(cast.lead), base=1, words={"narrative": "Told"})
    page = said(editor, f"{P}/cmo/1/edit")
    assert "You wrote from version 1" in page
    assert 'name="base" value="1"' in page


def test_what_came_too_late_is_a_draft_before_all_else(made, editor, cast, actor):
    element = Element.objects.select_related("programme").get(number=1)
    revise_configuration(made, by=actor(cast.lead), base=1, words={"narrative": "Told"})
    answer = editor.post(f"{P}/cmo/1/edit", {"base": "1", "nickname": "Mine", "slot-context": "E1"})
    assert (answer.status_code, Draft.objects.get().fields["nickname"]) == (409, "Mine")
    assert Draft.objects.get().base == 1
    assert element.revision_number == 1


def test_what_cannot_be_kept_is_said(made, editor):
    answer = editor.post(f"{P}/cmo/1/draft", {"nickname": "x" * 20_001})
    assert (answer.status_code, Draft.objects.count()) == (422, 0)
    assert answer.content.decode() == "This is 20001 characters long; at most 20000 fit here."


@pytest.mark.parametrize("address", ["cmo/1/draft", "e/1/draft", "cmo/new/draft", "e/new/draft"])
def test_who_may_not_write_keeps_none(address, made, cast, as_):
    assert as_(cast.viewer).post(f"{P}/{address}", {"text": "x"}).status_code == 403
    assert as_(cast.outsider).post(f"{P}/{address}", {"text": "x"}).status_code == 404
    assert Draft.objects.count() == 0
