"""Claims about the page of phases: what is open stands at its head with the acts of a lead, and long lists are cut."""

import re

import pytest

from cmo.rules.bulk import Taken, state_all
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import revise
from programmes.models import Membership
from tests.conftest import actor
from tests.evidence_acts import bear_on

P = "/p/cse-test"
LIST = re.compile(r'<ul class="meta left">(.*?)</ul>', re.DOTALL)


@pytest.fixture
def shown(as_, cast):
    return lambda query="", who=None: as_(who or cast.lead).get(f"{P}/phases{query}").content.decode()


def left(page):
    found = LIST.search(page)
    return re.sub(r"\s+", " ", re.sub("<.*?>", "", found[1])).strip() if found else ""


def test_what_is_open_is_counted_at_the_head_with_the_act(programme, statement, cast, shown):
    lead = actor(cast.lead)
    one, other = statement(), statement()
    judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    judge(other, by=actor(cast.contributor), verdict="supported", rationale="A member's own is not the team's.")
    configure(programme, by=lead, words={"plain": "It works."})
    page = shown()
    assert left(page) == "2 records without a verdict of the team 3 records in draft"
    assert page.index("Close Gleaning with a snapshot") < page.index("Table of snapshots")
    assert "Close Gleaning with a snapshot" not in shown(who=cast.editor)
    assert left(shown(who=cast.viewer)) == left(page)


def test_where_nothing_is_open_it_says_so(programme, statement, cast, shown):
    one = statement(state="agreed")
    judge(one, by=actor(cast.lead), verdict="supported", rationale="It held.", team=True)
    assert "Every record has its verdict, and nothing waits." in shown()


@pytest.mark.parametrize("act", ["close", "snap"])
def test_an_act_is_opened_by_its_address(act, programme, shown):
    assert len(re.findall(r'<details class="fold mt-s"[^>]* open>', shown(f"?act={act}"))) == 1
    assert not re.findall(r'<details class="fold mt-s"[^>]* open>', shown("?act=nothing"))


def test_long_lists_are_cut_into_pages_and_kinds(programme, cast, shown):
    lead = actor(cast.lead)
    made = state_all(programme, by=lead, lines=[Taken(f"If {at}, then so.", [], None) for at in range(60)])
    take_snapshot(programme, by=lead, name="First")
    revise(made[1], by=lead, base=1, words=Words(wording="If another, then so."), reason="Sharper.")
    first, last = shown(), shown("?page=3&wordings=2")
    assert (first.count('<th scope="row"><span class="chg'), last.count('<th scope="row"><span class="chg')) == (25, 10)
    assert "1 to 25 of 60" in first
    assert "51 to 60 of 60" in last
    assert "26 to 50 of 60" in last
    assert "page=2&amp;wordings=2#h-cmp" in last or "wordings=2&amp;page=2#h-cmp" in last
    only = shown("?kind=reworded")
    assert only.count('<th scope="row"><span class="chg') == 1
    assert "Show all kinds of change" in only
    assert shown("?page=999&wordings=x").count('<th scope="row"><span class="chg') == 10


def test_a_row_leads_to_the_passages_it_rests_on_and_a_heading_to_its_theory(programme, statement, cast, shown):
    one = statement()
    take_snapshot(programme, by=actor(cast.lead), name="First")
    bear_on(one, by=actor(cast.editor))
    now = shown()
    assert f'<a href="{P}/s/1/why">Supports: 1 excerpt' in now
    assert f'<a href="{P}/snapshots/first">First' in now
    take_snapshot(programme, by=actor(cast.lead), name="Second")
    assert f'<a href="{P}/s/1/why?snapshot=second">Supports: 1 excerpt' in shown("?from=first&to=second")
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    assert "/s/1/why" not in shown(who=cast.viewer)
