"""Claims about who wrote a record's words, where a proposal brought them: its authors, and who decided beside them."""

import pytest

from cmo.rules.proposing import answer_naming, propose, submit
from cmo.rules.reviewing import decide
from programmes.rules.founding import describe
from tests.conftest import actor


@pytest.fixture
def sent(programme, cast, statement):
    """S1 is to be reworded by the contributor and the editor; it takes two approvals."""
    statement()
    describe(programme, by=actor(cast.lead), base=1, approvals=2)
    change = {"record": "S1", "base": 1, "wording": "If so, then trusted."}
    made = propose(programme, by=actor(cast.contributor), changes=[change], reason="So.", coauthors=["editor"])
    now = answer_naming(made, by=actor(cast.editor), base=1, wrote=True)
    return submit(now, by=actor(cast.contributor), base=2)


def test_lists_say_how_many_approvals_of_how_many_there_are(sent, cast, as_):
    for page in ("reviews", "proposals"):
        assert "0 of 2 approvals" in as_(cast.lead).get(f"/p/cse-test/{page}").content.decode(), page


def test_a_record_names_the_authors_of_its_words_and_who_accepted_them(sent, programme, cast, as_):
    describe(programme, by=actor(cast.lead), base=2, approvals=1)
    decide(sent, by=actor(cast.lead), decision="accept", seen=sent.seen)
    shown = as_(cast.viewer).get("/p/cse-test/s/1").content.decode()
    authors = f"{cast.contributor.name}, {cast.editor.name}"
    assert f"<dt>Last change by</dt><dd>{authors}; accepted by {cast.lead.name}</dd>" in shown
    assert "Last saved by" not in shown


def test_who_saved_a_record_themselves_is_named_so(cast, statement, as_):
    statement()
    shown = as_(cast.viewer).get("/p/cse-test/s/1").content.decode()
    assert f"<dt>Last saved by</dt><dd>{cast.editor.name}</dd>" in shown
