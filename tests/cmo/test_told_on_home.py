"""Claims about what home quotes beside a notice: how a comment begins, for who may read it, and no more."""

import pytest

from cmo.reading.counts import waiting_for
from cmo.rules.discussing import say
from cmo.rules.proposing import propose
from programmes.models import Membership

SAID = "The three police forces do not share a list, so who is meant by agencies?"


@pytest.fixture
def told(statement, cast, actor):
    """The contributor is mentioned in a comment on S1, and the editor, who wrote S1, is told of it."""
    return say(statement(), by=actor(cast.lead), text=f"@contributor {SAID}")


def home(client):
    return " ".join(client.get("/").content.decode().split())


def test_a_comment_is_quoted_to_those_who_are_told_of_it(told, as_, cast):
    assert f"“@contributor {SAID}”" in home(as_(cast.contributor))
    assert f"“@contributor {SAID}”" in home(as_(cast.editor))


def test_a_long_comment_is_cut(statement, as_, cast, actor):
    say(statement(), by=actor(cast.lead), text="@contributor " + "word " * 100)
    page = home(as_(cast.contributor))
    assert page.count("word ") < 50
    assert "word…”" in page


def test_home_asks_once_for_all_that_it_quotes(told, as_, cast, actor, queries):
    client = as_(cast.contributor)
    home(client)
    with queries(11):
        home(client)
    for n in range(5):
        say(told.statement, by=actor(cast.lead), text=f"@contributor {n}")
    with queries(11):
        home(client)


def test_who_is_named_on_a_draft_no_more_reads_no_word_of_it(programme, statement, as_, cast, actor):
    one = statement()
    change = {"record": one.label, "base": 1, "change": "reworded", "wording": "If a, then b."}
    draft = propose(programme, by=actor(cast.lead), changes=[change], coauthors=["editor"])
    say(draft, by=actor(cast.lead), text=f"@editor {SAID}")
    assert SAID in home(as_(cast.editor))
    draft.coauthors.all().delete()
    assert SAID not in home(as_(cast.editor))


def test_drafts_of_a_programme_that_was_left_wait_no_more(statement, programme, cast, as_):
    one = statement()
    sent = {"wording": "If c, then d.", "base": 1}
    as_(cast.editor).post(f"/p/cse-test/s/{one.number}/draft", sent)
    assert waiting_for(cast.editor) == 1
    Membership.objects.filter(person=cast.editor).delete()
    assert waiting_for(cast.editor) == 0
