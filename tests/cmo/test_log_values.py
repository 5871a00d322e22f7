"""Claims about how the log says what its rows keep: in the words of the field, not those of the tables."""

import pytest

from cmo.phase_words import Verdict
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.judging import judge
from cmo.team_words import Answer
from cmo.vocabulary import RivalVerdict
from programmes.reading.log_values import ANSWERS, VERDICTS, told_of


def test_the_log_calls_verdicts_and_answers_what_the_theory_does():
    assert {one.value: one.label for one in (*Verdict, *RivalVerdict)} == VERDICTS
    assert {one.value: one.label for one in Answer} == ANSWERS


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"verdict": "partly_supported", "of": "S1"}, ("Partly supported", "")),
        ({"verdict": "both", "members": ["CMO4", "CMO5"]}, ("Each holds in its own contexts, CMO4, CMO5", "")),
        ({"from": ["S6", "S8"], "to": ["S13"]}, ("S6, S8 → S13", "")),
        ({"text": "Handled together.", "members": ["CMO7"]}, ("CMO7", "Handled together.")),
        ({"answer": "disagree", "round": 1}, ("Disagree", "")), ({"title": "Trust"}, ("", "Trust")),
        ({"verdict": ["odd"], "from": {"x": 1}, "to": None, "members": "", "text": 3}, ("", "")), ({}, ("", "")),
    ],
)  # fmt: skip
def test_what_a_row_keeps_without_before_and_after_is_said(detail, told):
    assert told_of(detail) == told


@pytest.fixture
def happened(programme, statement, actor, cast):
    """A verdict of the team on S1, and S2 and S3 merged into S4."""
    one, two, three = (statement(f"If {at}, then so.") for at in "abc")
    judge(one, by=actor(cast.lead), verdict="refuted", team=True, rationale="No.")
    ancestors = [Seen(two, 1), Seen(three, 1)]
    merge(programme, by=actor(cast.lead), ancestors=ancestors, content=Piece(Words("If d, then so.")), reason="One.")


@pytest.mark.parametrize("place", ["", "settings"])
def test_a_verdict_and_an_act_of_lineage_are_said_and_linked(happened, place, as_, cast):
    page = " ".join(as_(cast.viewer).get(f"/p/cse-test/{place}").content.decode().split())
    assert '<a href="/p/cse-test/s/1/verdicts">S1</a>' in page
    assert "verdict stated for the team" in page
    assert "Refuted" in page
    assert "verdict 1" not in page
    assert '<a href="/p/cse-test/lineage">act 1 of lineage</a>' in page
    assert "S2, S3 → S4" in page
