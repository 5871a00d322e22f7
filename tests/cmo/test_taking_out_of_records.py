"""Claims about words that a lead takes out of verdicts and of records that keep no history: the words are gone from the
record too, facts stay, and what cannot be taken out is refused."""

import json

import pytest

from cmo.models import DemiRegularity, Link, PlannedEvidence, RivalGroup, Verdict, VerdictRevision
from cmo.rules.citing import Rests
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.gathering import gather_rivals, note_pattern, revise_pattern
from cmo.rules.judging import judge, judge_again
from cmo.rules.linking import link, relabel_link
from cmo.rules.planning_evidence import Planned, plan_evidence
from cmo.rules.redacting import take_out
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.models import AuditEvent, Phase, Site
from programmes.reading.log import find_event, find_events
from programmes.reading.log_files import as_json
from programmes.rules.founding import describe
from programmes.rules.phasing import plan_phase
from programmes.rules.siting import add_site, change_site
from tests.conftest import actor
from tests.evidence_acts import bear_on
from tests.programmes.test_redacting import everything, last, whole

pytestmark = pytest.mark.django_db
NAME = "Dilys Price of Bangor"
HERE = "/api/v1/programmes/cse-test"
NOTHING = "There are no words in this row that somebody typed."


@pytest.fixture
def lead(cast):
    return actor(cast.lead)


@pytest.fixture
def pair(programme, lead):
    """Two configurations."""
    return [configure(programme, by=lead, elements=[Placed("outcome", text=text)]) for text in ("one", "two")]


@pytest.fixture
def redact(api, cast):
    """Take the words of the last row with a verb out by the API; its answer."""

    def send(verb):
        number = AuditEvent.objects.filter(verb=verb).latest("number").number
        return api(cast.lead).post(f"{HERE}/changes/{number}/redact/", {"why": "It names somebody."}, format="json")

    return send


def refused(answer):
    assert answer.status_code == 400, answer.content
    return answer.json()["errors"]["why"][0]


def test_the_rationale_of_a_verdict_goes_from_it_and_from_its_history(programme, statement, lead, redact, api, cast):
    first = statement()
    rests = [bear_on(first, lead).label]
    made = judge(first, by=lead, verdict="supported", rationale=f"{NAME} said so.", bearings=rests)
    judge_again(made, by=lead, base=1, found="refuted")
    tag = api(cast.viewer).get(f"{HERE}/verdicts/1/")["ETag"]
    for verb in ("verdict recorded", "verdict changed"):
        answer = redact(verb)
        assert answer.status_code == 200
        assert answer.json()["detail"] == {
            "revision": 1 if verb == "verdict recorded" else 2, "of": "S1", "phase": "gleaning",
            "verdict": "supported" if verb == "verdict recorded" else "refuted",
        }  # fmt: skip
    assert list(VerdictRevision.objects.order_by("number").values_list("rationale", "verdict")) == [
        ("", "supported"), ("", "refuted"),
    ]  # fmt: skip
    assert Verdict.objects.get().rationale == ""
    assert NAME not in everything()
    assert whole()
    assert api(cast.viewer).get(f"{HERE}/verdicts/1/", HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert "taken out already" in refused(redact("verdict changed"))


def test_an_earlier_rationale_goes_and_the_latest_stays(programme, statement, lead, redact):
    made = judge(statement(), by=lead, verdict="supported", rationale=f"{NAME} said so.")
    judge_again(made, by=lead, base=1, rationale="Two said so.")
    assert redact("verdict recorded").status_code == 200
    assert Verdict.objects.get().rationale == "Two said so."
    assert NAME not in everything()
    assert whole()


def test_an_answer_kept_for_a_verdict_goes_with_its_rationale(programme, statement, redact, api, cast):
    statement()
    sent = {"record": "S1", "verdict": "supported", "rationale": f"{NAME} said so.", "phase": "gleaning"}
    key = {"HTTP_IDEMPOTENCY_KEY": "v1"}
    script = api(cast.contributor)
    assert script.post(f"{HERE}/verdicts/", sent, format="json", **key).status_code == 201
    assert redact("verdict recorded").status_code == 200
    assert NAME not in everything()
    assert script.post(f"{HERE}/verdicts/", sent, format="json", **key).status_code == 410


def test_a_verdict_without_a_rationale_has_no_words(programme, statement, lead, redact):
    judge(statement(), by=lead, verdict="not_tested")
    assert refused(redact("verdict recorded")) == NOTHING


def test_the_words_of_a_link_go_and_what_it_joins_stays(programme, pair, lead, redact, api, cast):
    link(programme, by=lead, kind="nested", source=pair[0], target=pair[1], name=NAME, note=f"{NAME} again.")
    answer = redact("linked")
    assert answer.status_code == 200
    assert answer.json()["detail"] == {"redacted": True, "revision": 1, "kind": "nested", "from": "CMO1", "to": "CMO2"}
    now = Link.objects.get()
    assert (now.name, now.note, now.kind, now.revision_number) == ("", "", "nested", 2)
    assert NAME not in everything()
    assert whole()
    [row] = [row for row in api(cast.viewer).get(f"{HERE}/changes/").json()["results"] if row["change"] == "linked"]
    assert row["detail"]["from"] == "CMO1"


def test_the_note_of_a_link_goes_where_the_log_never_said_it(programme, pair, lead, redact):
    made = link(programme, by=lead, kind="nested", source=pair[0], target=pair[1])
    relabel_link(made, by=lead, base=1, name="part of", note=NAME)
    answer = redact("linked")
    assert answer.json()["detail"] == {"revision": 1, "kind": "nested", "name": "", "from": "CMO1", "to": "CMO2"}
    assert (Link.objects.get().name, Link.objects.get().note) == ("part of", "")
    assert NAME not in everything()
    assert whole()


def test_all_that_a_pattern_says_goes(programme, pair, lead, redact):
    note_pattern(programme, by=lead, members=pair, text=NAME, moderators=f"{NAME} again.")
    answer = redact("pattern noted")
    assert answer.json()["detail"] == {"redacted": True, "revision": 1, "members": ["CMO1", "CMO2"]}
    assert (DemiRegularity.objects.get().text, DemiRegularity.objects.get().moderators) == ("(taken out)", "")
    assert NAME not in everything()
    assert whole()


def test_what_a_pattern_says_since_stays(programme, lead, redact):
    made = note_pattern(programme, by=lead, text=NAME, moderators="Time", boundaries="Wales")
    revise_pattern(made, by=lead, base=1, text="Trust comes first.", moderators="Time and trust")
    for verb in ("pattern noted", "pattern changed"):
        assert redact(verb).status_code == 200
        assert NAME not in str(DemiRegularity.objects.values().get())
        if verb == "pattern noted":
            now = DemiRegularity.objects.get()
            assert (now.text, now.moderators, now.boundaries) == ("Trust comes first.", "Time and trust", "")
    assert NAME not in everything()
    assert whole()


def test_the_rationale_of_rivals_goes_and_their_verdict_stays(programme, pair, lead, redact):
    gather_rivals(programme, by=lead, title="Why", members=pair, verdict="both", rationale=NAME)
    assert redact("rivals gathered").json()["detail"] == {"revision": 1, "verdict": "both", "members": ["CMO1", "CMO2"]}
    assert (RivalGroup.objects.get().title, RivalGroup.objects.get().rationale) == ("Why", "")
    assert NAME not in everything()
    assert refused(redact("rivals gathered"))
    assert whole()


def test_what_a_phase_is_about_goes_and_its_name_stays(programme, lead, redact):
    plan_phase(programme, by=lead, kind="refining", title="Interviews", about=f"With {NAME}.")
    assert redact("phase planned").json()["detail"] == {"kind": "refining", "title": "Interviews"}
    now = Phase.objects.get(title="Interviews")
    assert (now.about, now.revision_number) == ("", 2)
    assert NAME not in everything()
    assert whole()
    plan_phase(programme, by=lead, kind="refining", title="More")
    assert refused(redact("phase planned")) == NOTHING


def test_the_notes_of_a_site_and_of_a_plan_go(programme, pair, lead, redact):
    site = add_site(programme, by=lead, name="Town", note=f"Ask {NAME}.")
    plan_evidence(pair[0], by=lead, base=0, lines=[Planned(3, site=site, note=NAME), Planned(2, note=f"Not {NAME}")])
    change_site(site, by=lead, base=1, name="Market town", note=f"Ask {NAME} twice.")
    names = {"site added": (None, {"name": "Town"}), "site changed": ({"name": "Town"}, {"name": "Market town"})}
    for verb, kept in names.items():
        detail = redact(verb).json()["detail"]
        assert (detail["before"], detail["after"]) == kept, verb
    assert redact("evidence planned").json()["detail"] == {"lines": 2}
    assert (Site.objects.get().note, Site.objects.get().name) == ("", "Market town")
    assert list(PlannedEvidence.objects.values_list("sources", "note")) == [(3, ""), (2, "")]
    assert NAME not in everything()
    assert whole()
    add_site(programme, by=lead, name="Village")
    assert refused(redact("site added")) == NOTHING


def test_what_evidence_a_version_cites_has_no_words(programme, statement, lead, redact):
    first = statement()
    cited = Rests(bearings=[bear_on(first, lead)])
    revise(first, by=lead, base=1, words=Words(wording="If so, then so."), rests_on=cited)
    before = AuditEvent.objects.get(verb="evidence cited").detail
    assert refused(redact("evidence cited")) == NOTHING
    assert AuditEvent.objects.get(verb="evidence cited").detail == before == {"version": 2, "cites": ["B1"]}


def test_what_a_snapshot_holds_is_refused_and_stays_whole(programme, pair, statement, lead, redact, as_, cast):
    judge(statement(), by=lead, verdict="supported", rationale=NAME)
    link(programme, by=lead, kind="nested", source=pair[0], target=pair[1], note=NAME)
    note_pattern(programme, by=lead, text=NAME)
    plan_phase(programme, by=lead, kind="refining", title="Interviews", about=NAME)
    take_snapshot(programme, by=lead, name="First theory", description=NAME)
    said = "The snapshot “First theory” holds these words and is never changed, so they cannot be taken out."
    for verb in ("verdict recorded", "linked", "pattern noted", "phase planned"):
        assert refused(redact(verb)) == said, verb
    assert refused(redact("snapshot taken")).startswith("A snapshot is never changed")
    row = AuditEvent.objects.get(verb="snapshot taken")
    page = as_(cast.lead).get(f"/p/cse-test/settings/log/{row.number}/take-out").content.decode()
    assert "There are no words in this row that can be taken out." in page
    assert not AuditEvent.objects.filter(verb="redacted").exists()
    assert whole()


def test_words_that_came_after_a_snapshot_go(programme, pair, lead, redact):
    made = link(programme, by=lead, kind="nested", source=pair[0], target=pair[1], note="In every site.")
    take_snapshot(programme, by=lead, name="First theory")
    relabel_link(made, by=lead, base=1, note=NAME)
    assert redact("link described").status_code == 200
    assert NAME not in everything()
    assert whole()


def test_facts_stand_in_files_and_on_the_page_after_the_words_went(programme, lead, api, cast):
    describe(programme, by=lead, base=1, summary=NAME, approvals=2)
    row = take_out(programme, by=lead, number=last(programme).number, why="A name.")
    facts = {"redacted": True, "before": {"approvals": 1}, "after": {"approvals": 2}}
    answer = api(cast.viewer).get(f"{HERE}/changes/?since={row.number - 1}")
    assert answer.json()["results"][0]["detail"] == facts
    assert [one["detail"] for one in json.loads(b"".join(as_json(find_events(programme, who="lead"))))][1] == facts
    shown = find_event(programme, row.number)
    assert ("approvals", "1", "2") in shown.texts
    assert NAME not in json.dumps(shown.texts)
    assert whole()
