"""Claims about the queue: it takes answers only to what it shows whole."""

import re

import pytest

from cmo.reading.proposal_lines import lines_of
from cmo.rules.composing import Words
from cmo.rules.proposing import propose, submit
from cmo.rules.stating import revise

P = "/p/cse-test"
OLD = "If a worker stays with the family, then they are trusted, because trust grows with time."
YEARS = OLD.replace("time", "years")
LONG = "If so, then " + "so and " * 40 + "so."


@pytest.fixture
def put(programme, cast, actor):
    def make(*changes):
        by = actor(cast.contributor)
        return submit(propose(programme, by=by, changes=list(changes), reason="So."), by=by, base=1)

    return make


@pytest.fixture
def queue(as_, cast):
    return lambda: re.sub(r"\s+", " ", as_(cast.editor).get(f"{P}/reviews").content.decode())


@pytest.mark.parametrize(
    ("changes", "here"),
    [
        ([{"record": "S1", "wording": YEARS}], True),
        ([{"change": "new", "wording": "If b, then c.", "themes": [], "area": None}], True),
        ([{"record": "S1", "change": "retired"}], True),
        ([{"record": "S1", "wording": YEARS}, {"record": "S2", "change": "retired"}], False),
        ([{"record": "S1", "change": "split", "pieces": [{"wording": "If a."}, {"wording": "If b."}]}], False),
        ([{"change": "merged", "records": ["S1", "S2"], "wording": "If so, then so."}], False),
        ([{"record": "S1", "change": "replaced", "by": "S2"}], False),
        ([{"record": "S1", "wording": YEARS, "themes": []}], False),
        ([{"record": "S1", "themes": ["P6"]}], False),
        ([{"change": "new", "wording": "If b, then c.", "themes": ["P6"]}], False),
        ([{"change": "new", "wording": LONG}], False),
    ],
)
def test_a_row_is_answered_where_it_stands_only_if_it_shows_all(changes, here, statement, put, cast, queue):
    statement(themes=["O4"])
    statement("If two come, then all stay.")
    made = put(*changes)
    assert lines_of([made], cast.editor)[0].all_shown is here
    page = queue()
    assert ("Answer here" in page, 'name="seen-1"' in page, "Send the answers" in page) == (here, here, here)
    assert (f'href="{P}/proposals/1?queue=1#answer"' in page) is not here


def test_nothing_is_sent_where_no_row_can_be_answered(statement, put, actor, cast, queue):
    first = statement()
    put({"record": "S1", "wording": YEARS})
    revise(first, by=actor(cast.lead), base=1, words=Words(wording=OLD.replace("stays", "remains")))
    page = queue()
    assert "must be brought onto the new version first" in page
    assert "Send the answers" not in page


def test_a_reason_stays_where_its_row_cannot_be_answered_any_more(statement, themes, put, as_, cast):
    statement()
    made = put({"record": "S1", "themes": ["P6"]})
    sent = {"answer-1": "agree", "reason-1": "My long reason.", "seen-1": "0" * 64}
    answer = as_(cast.editor).post(f"{P}/reviews", sent)
    assert answer.status_code == 422
    assert "My long reason." in answer.content.decode()
    assert made.reviews.count() == 0
