"""Claims about where a row of the audit log leads: to the record, and to what stood there before and after."""

import re

import pytest

from cmo.rules.composing import Words
from cmo.rules.discussing import say
from cmo.rules.meeting import record_meeting
from cmo.rules.proposing import propose, submit
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from programmes.reading.log_places import place_of

pytestmark = pytest.mark.django_db
CHANGE = {"record": "S1", "base": 2, "change": "retired"}


@pytest.fixture
def told(programme, statement, cast, actor):
    """Rows of a statement, its comment, a meeting, a proposal that was sent, and one that was not with a comment."""
    s1, by = statement(), actor(cast.editor)
    s1 = revise(s1, by=by, base=1, words=Words(wording="If so."), reason="So.")
    say(s1, by=by, text="Is it so?")
    record_meeting(programme, by=by, title="May", notes="", there=["editor"], decided=[])
    sent = propose(programme, by=by, changes=[CHANGE], reason="So.")
    submit(sent, by=by, base=1)
    say(propose(programme, by=by, changes=[CHANGE]), by=by, text="Not yet.")
    return AuditEvent.objects.filter(programme=programme).order_by("number")


def test_a_row_leads_to_the_record_or_to_the_two_wordings(told):
    places = [(row.verb, row.record, place_of(row)) for row in told if row.record[0] in "SPm"]
    assert [row for row in places if not row[1].startswith("member")] == [
        ("new", "S1", "s/1"),
        ("reworded", "S1", "s/1?from=1&to=2#compare"),
        ("commented", "S1", "comments/1"),
        ("meeting recorded", "meeting 1", "meetings/1"),
        ("proposal drafted", "P1", ""),
        ("proposal sent", "P1", "proposals/1"),
        ("proposal drafted", "P2", ""),
        ("commented", "P2", ""),
    ]


def test_every_link_of_the_log_opens_for_every_member(told, cast, as_):
    page = as_(cast.viewer).get("/p/cse-test/settings").content.decode()
    links = re.findall(r'<td><a href="([^"]+)"', page)
    assert "/p/cse-test/s/1?from=1&amp;to=2#compare" in links
    assert len(links) == 5
    for link in links:
        answer = as_(cast.viewer).get(link.replace("&amp;", "&"), follow=True)
        assert answer.status_code == 200, link


def test_a_rewording_says_where_its_words_before_and_after_are_compared(told, cast, as_, api):
    page = as_(cast.viewer).get("/p/cse-test/settings").content.decode()
    assert page.count(">Before and after<") == 1
    assert '<a class="s nowrap" href="/p/cse-test/s/1?from=1&amp;to=2#compare">Before and after' in page
    script = api(cast.viewer)
    rows = script.get("/api/v1/programmes/cse-test/changes/").json()["results"]
    found = {row["change"]: row["difference"] for row in rows if row["difference"]}
    assert found == {"reworded": "statements/1/diff/?from=1&to=2"}
    shown = script.get(f"/api/v1/programmes/cse-test/{found['reworded']}").json()
    assert (shown["from"], shown["to"]) == (1, 2)


@pytest.mark.parametrize(
    ("record", "detail", "place"),
    [
        ("CMO2", {"revision": 3, "change": "rearranged"}, "cmo/2?from=2&to=3#compare"),
        ("S1", {"revision": 3, "change": "retagged"}, "s/1?from=2&to=3&view=side#compare"),
        ("verdict 15", {"revision": 1, "of": "CMO5", "verdict": "supported"}, "cmo/5/verdicts"),
        ("verdict 3", {"revision": 1, "of": "S10", "verdict": "refuted"}, "s/10/verdicts"),
        ("B53", {"revision": 1, "change": "new"}, "b/53"), ("X9", {"revision": 2, "change": "edited"}, "x/9"),
        ("Q2", {"revision": 1, "change": "new"}, "q/2"), ("DR1", {"revision": 1}, "patterns/1"),
        ("RG1", {"revision": 1}, "rivals/1"), ("lineage 1", {"from": ["S6"], "to": ["S13"]}, "lineage"),
        ("L5", {"from": "CMO2", "to": "CMO4"}, "cmo/2#links"), ("snapshot initial", {}, "snapshots/initial"),
        ("verdict 3", {}, ""), ("L5", {}, ""), ("snapshot A/b", {}, ""),
    ],
)  # fmt: skip
def test_what_has_a_page_leads_there(record, detail, place):
    assert place_of(AuditEvent(record=record, verb=detail.get("change", "new"), detail=detail)) == place


@pytest.mark.parametrize("record", ["", "S", "S1x", "S" + "1" * 40, "meeting x", "theme O4", "member lead", "x" * 230])
def test_a_name_that_is_no_label_leads_nowhere(record):
    assert place_of(AuditEvent(record=record, detail={"revision": 2, "change": "reworded"})) == ""
