"""Claims about the page of phases: what is open stands at its head with the acts of a lead, and long lists are cut."""

import re

import pytest

from cmo.models import Configuration
from cmo.rules.bulk import Taken, state_all
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import retire, revise
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


def test_the_count_leads_to_the_records_without_a_verdict_of_the_team(programme, statement, cast, shown, as_):
    lead = actor(cast.lead)
    one, other, gone = statement(), statement(), statement()
    judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    judge(other, by=lead, verdict="supported", rationale="My own is not the team's.")
    judge(gone, by=lead, verdict="supported", rationale="My own.")
    retire(gone, by=lead, base=1, reason="Gone.")
    configure(programme, by=lead, words={"plain": "It works."})
    (way,) = re.findall(rf'href="({P}/verdicts[^"]*)">2 records', shown())
    read = lambda url: as_(cast.viewer).get(url.replace("&amp;", "&")).content.decode()  # noqa: E731
    row = re.compile(r'<th scope="row"><a href="[^"]*">(\w+)</a>')
    assert row.findall(read(way)) == ["S2", "CMO1"]
    assert row.findall(read(way.split("&")[0])) == ["S1", "S2", "S3", "CMO1"]
    for one in (other, Configuration.objects.get()):
        judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    assert "Every record has its verdict of the team." in read(way)


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


# ---- closing


def test_a_snapshot_that_is_refused_leaves_the_phase_open_on_the_page_and_every_word_in_its_form(programme, cast, as_):
    take_snapshot(programme, by=actor(cast.lead), name="Initial programme theory")
    close = f"{P}/settings/phases/gleaning/close"
    sent = {"reason": "Saturated.", "name": "Initial programme theory", "description": "For the board.", "base": 2}
    answer = as_(cast.lead).post(close, sent)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert f'action="{close}"' in body
    assert f'action="{P}/settings/phases/gleaning/open"' not in body
    assert "Saturated.</textarea>" in body
    assert "For the board.</textarea>" in body
    assert as_(cast.lead).post(close, sent | {"name": "Another"}).status_code == 302


def test_who_closes_a_phase_that_somebody_else_closed_keeps_what_the_snapshot_was_for(programme, cast, as_):
    close, client = f"{P}/settings/phases/gleaning/close", as_(cast.lead)
    assert client.post(close, {"reason": "Done", "base": 2}).status_code == 302
    sent = {"reason": "Saturated.", "name": "For the board", "description": "What we show in March.", "base": 2}
    answer = client.post(close, sent)
    assert answer.status_code == 409
    assert "Somebody closed Gleaning meanwhile. What you wrote stands in its form." in answer.content.decode()
    body = answer.content.decode()
    for words in ("Saturated.", "What we show in March."):
        assert f"{words}</textarea>" in body
    opening = client.post(f"{P}/settings/phases/gleaning/open", {"reason": "More to ask.", "name": "x", "base": 3})
    assert opening.status_code == 302  # a field that only closing has is not the rule's
