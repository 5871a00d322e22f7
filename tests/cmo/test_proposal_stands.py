"""Claims about what a reviewer reads of the records that a proposal merges, splits, replaces, retires or restores."""

import re
from html import unescape

import pytest

from cmo.reading.proposal_lines import lines_of
from cmo.reading.proposals import agreed_by, proposals_for, whole
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.discussing import say
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import answer, decide
from cmo.rules.stating import revise
from tests.conftest import actor

WORDS = {"S1": "If one comes, then all come.", "S2": "If two come, then all stay."}
CHANGES = {
    "merge": {"change": "merged", "records": ["S1", "S2"], "wording": "If so, then so."},
    "split": {"change": "split", "record": "S1", "pieces": [{"wording": "If a."}, {"wording": "If b."}]},
    "replace": {"change": "replaced", "record": "S1", "by": "S2"},
    "retire": {"change": "retired", "record": "S1"},
    "refine": {"change": "new", "refines": "S1", "wording": "If c, then d."},
}


@pytest.fixture
def opened(programme, cast, statement):
    for wording in WORDS.values():
        statement(wording, themes=["O4"])

    def make(*changes):
        by = actor(cast.contributor)
        return submit(propose(programme, by=by, changes=list(changes), reason="So."), by=by, base=1)

    return make


def page(as_, person, number=1):
    return page_of(as_, person, f"proposals/{number}")


def page_of(as_, person, path):
    shown = as_(person).get(f"/p/cse-test/{path}").content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


@pytest.mark.parametrize("kind", CHANGES)
def test_the_words_of_what_it_is_made_of_stand_on_the_page_and_in_the_list(kind, opened, cast, as_):
    proposal = opened(CHANGES[kind])
    shown = page(as_, cast.editor)
    for label in WORDS if kind in ("merge", "replace") else ["S1"]:
        assert f"{label} {WORDS[label]}" in shown
        assert f"{label} version 1" in shown
    line = lines_of([proposal], cast.editor)[0]
    assert line.words or line.whole
    if kind in ("retire", "replace"):
        assert line.whole == WORDS["S1"]


def test_once_decided_the_words_are_those_that_it_found(opened, cast, as_, programme, statement):
    proposal = opened(CHANGES["merge"])
    done = decide(proposal, by=actor(cast.editor), decision="accept", seen=proposal.seen)
    assert f"S2 {WORDS['S2']}" in page(as_, cast.viewer, done.number)


def test_a_configuration_that_is_retired_is_read_in_its_plain_sentence(opened, programme, cast, as_):
    configure(programme, by=actor(cast.editor), words={"plain": "Where they stay, trust grows."})
    opened({"change": "retired", "record": "CMO1"})
    assert "CMO1 Where they stay, trust grows." in page(as_, cast.editor)


def test_a_version_that_is_brought_back_is_one_click_away(opened, programme, cast, as_):
    first = programme.statements.get(number=1)
    revise(first, by=actor(cast.editor), base=1, words=Words(wording="If three come, then none go."), reason="So.")
    opened({"change": "restored", "record": "S1", "revision": 1})
    shown = as_(cast.editor).get("/p/cse-test/proposals/1").content.decode()
    assert 'href="/p/cse-test/s/1?from=2&amp;to=1#compare"' in shown
    assert as_(cast.editor).get("/p/cse-test/s/1?from=2&to=1").status_code == 200


def test_a_statement_that_is_tagged_is_read_with_its_tags(opened, cast, as_):
    opened({"change": "retagged", "record": "S1", "themes": ["O1"]})
    assert f"S1 {WORDS['S1']}" in page(as_, cast.editor)


def test_what_goes_into_another_is_read_beside_what_that_would_say(opened, cast, as_):
    opened({"change": "merged", "records": ["S1"], "into": "S2", "wording": "If two come, then all leave."})
    shown = page(as_, cast.editor)
    assert f"S1 {WORDS['S1']}" in shown
    assert f"S2 {WORDS['S2']}" not in shown


def test_the_history_of_the_record_leads_to_what_was_said_about_the_proposal(opened, cast, as_, queries, programme):
    proposal = opened({"change": "reworded", "record": "S1", "wording": "If one comes, then all go."})
    answer(proposal, by=actor(cast.lead), answer="disagree", reason="Not all.", seen=proposal.seen)
    for text in ("All of them?", "Nearly."):
        say(proposal, by=actor(cast.editor), text=text)
    decide(proposal, by=actor(cast.editor), decision="accept", seen=proposal.seen)
    shown = page_of(as_, cast.viewer, "s/1")
    assert "accepted by Edda Editor. Lena Lead disagrees: Not all. Edda Editor agrees. 2 comments on it" in shown
    first = programme.statements.get(number=1)
    with queries(3):
        assert agreed_by(first)[2].said == 2


def test_a_rewording_shows_its_difference_alone(opened, cast, programme):
    opened({"change": "reworded", "record": "S1", "wording": "If one comes, then all go."})
    assert whole(proposals_for(cast.editor, programme).get(), cast.editor).changes[0].stands == []
