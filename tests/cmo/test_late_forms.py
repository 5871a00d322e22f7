"""Claims about forms that two people opened and saved one after the other: what the second did not touch stays as the
first saved it, and what the second typed is still there."""

import pytest

from cmo.models import Link, Meeting, Memo, PlannedEvidence, Priority, Verdict
from cmo.reading.slots import slots_of
from cmo.rules.configuring import configure
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import keep_transcript
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.judging import judge
from cmo.rules.linking import link, relabel_link
from cmo.rules.meeting import record_meeting
from cmo.rules.noting import write_memo
from cmo.rules.prioritising import close_round, mark_priorities, open_round
from cmo.rules.proposing import propose, submit
from programmes.models import Programme, Site, Transcript
from programmes.rules.founding import describe
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source, change_source
from tests.evidence_acts import bear_on
from tests.pages import fields_of, text
from tests.two_browsers import Two

P = "/p/cse-test"


@pytest.fixture
def by(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def two(as_, cast):
    """An editor and a lead."""
    return Two(as_(cast.editor), as_(cast.lead), P)


@pytest.fixture
def leads(as_, cast):
    """A lead in two browsers."""
    return Two(as_(cast.lead), as_(cast.lead), P)


def test_a_site(programme, by, two):
    add_site(programme, by=by, name="LA1")
    two.open("sites/la1/edit")
    two.they_save(note="A rural county", position="4")
    fields = two.i_save(409, name="LA1 north", position="2")
    assert (fields["name"], fields["note"], "position" in fields) == (["LA1 north"], ["A rural county"], False)
    two.i_save(422, fields)
    two.i_save(302, fields, position="theirs")
    site = Site.objects.get()
    assert (site.name, site.note, site.position) == ("LA1 north", "A rural county", 4)


def test_a_memo_in_two_windows(programme, statement, cast, as_, actor):
    for _n in range(3):
        statement()
    write_memo(programme, by=actor(cast.editor), title="Trust", text="It grows slowly in teams")
    two = Two(as_(cast.editor), as_(cast.editor), P)
    two.open("memos/1/edit")
    two.they_save(text="It grows slowly in small teams", on="S1, S2")
    fields = two.i_save(409, title="Trust, again", text="Trust grows slowly in teams", on="S3")
    assert fields["text"] == ["Trust grows slowly in small teams"]
    assert sorted(fields["on"][0].split(", ")) == ["S1", "S2", "S3"]
    two.i_save(302, fields)
    memo = Memo.objects.get()
    assert (memo.title, memo.text, memo.links.count()) == ("Trust, again", "Trust grows slowly in small teams", 3)


def test_a_meeting(programme, cast, actor, two):
    record_meeting(programme, by=actor(cast.editor), title="One", notes="We met", there=["editor"])
    two.open("meetings/1/edit")
    two.they_save(there=["editor", "lead"], held="2026-01-02", notes="We met early")
    fields = two.i_save(409, there=["viewer"], title="The first", notes="We met late")
    assert set(fields["there"]) == {"lead", "viewer"}
    assert fields["held"] == ["2026-01-02"]
    assert fields["notes"] == ["We met ⟦theirs: early ¦ mine: late⟧"]
    two.i_save(422, fields)
    assert "still marked" in two.page
    two.i_save(302, fields, notes="We met early")
    meeting = Meeting.objects.get()
    assert (meeting.title, str(meeting.held), meeting.attendances.count()) == ("The first", "2026-01-02", 2)


def test_an_area(programme, area, two):
    area("Plans")
    two.open("areas?edit=plans", "areas/plans/save")
    two.they_save(description="How they are made")
    fields = two.i_save(409, title="Implementation plans")
    assert "touches nothing of theirs" in two.page
    assert (fields["title"], fields["description"]) == (["Implementation plans"], ["How they are made"])
    two.they_save(base="2", description="How they are made", title="Their plans")
    fields = two.i_save(409, fields)
    assert "read it against what is saved now" in two.page
    assert "Their plans" in two.page
    assert fields["title"] == ["Implementation plans"]


def test_a_verdict_of_the_team(programme, statement, by, leads):
    first = statement()
    excerpt = bear_on(first, by=by).excerpt
    link_excerpt(excerpt, by=by, on=On(first, "then"), stance="nuances")
    judge(first, by=by, verdict="supported", rationale="It held.", team=True, bearings=["B1"])
    leads.at = f"{P}/s/1/verdicts"
    team = {"team": "1", "base": "1", "verdict": "supported", "rationale": "It held.", "rests": ["B1"]}
    leads.fields = team
    leads.they_save(verdict="refuted", rests=["B1", "B2"])
    leads.i_save(409, rationale="It held at one site.", rests=[])
    assert "B2" in leads.page
    assert 'value="refuted" selected' in leads.page
    leads.i_save(302, base="2", verdict="refuted", rationale="It held at one site.", rests=["B2"])
    leads.fields = {**team, "base": "3", "verdict": "refuted", "rationale": "It held at one site.", "rests": ["B2"]}
    leads.they_save(verdict="new")
    leads.i_save(409, verdict="supported")
    for words in ("Theirs: New", "Mine: Supported", "Choose one of the two"):
        assert words in text(leads.answer), words
    assert 'name="asked"' in leads.page
    asked = fields_of(leads.page, leads.at)["asked"][-1]
    leads.i_save(422, base="4", verdict="", asked=asked)
    assert "choose theirs or yours" in leads.page
    assert Verdict.objects.get().revision_number == 4


def test_a_plan_of_evidence(programme, by, two):
    configure(programme, by=by, words={"plain": "Late news."})
    two.open("cmo/1/evidence")
    two.they_save(**{"0-sources": "3", "0-kind": "interview", "1-sources": "2", "1-role": "Parent"})
    two.open("cmo/1/evidence")
    two.they_save(**{"0-sources": "5", "2-sources": "1", "2-kind": "document"})
    fields = two.i_save(409, **{"1-sources": "", "2-sources": "4", "2-kind": "survey", "2-note": "By post"})
    assert "It was saved elsewhere meanwhile" in two.page
    assert "<del>" in two.page
    two.i_save(302, fields)
    planned = PlannedEvidence.objects.values_list("sources", "kind", "role", "note")
    assert set(planned) == {(5, "interview", "", ""), (1, "document", "", ""), (4, "survey", "", "By post")}


def test_a_line_of_a_plan_that_both_changed_stands_as_each_wrote_it(programme, by, two):
    configure(programme, by=by, words={"plain": "Late news."})
    two.open("cmo/1/evidence")
    two.they_save(**{"0-sources": "3"})
    two.open("cmo/1/evidence")
    two.they_save(**{"0-sources": "5"})
    fields = two.i_save(409, **{"0-sources": "7"})
    assert "both changed it" in two.page
    assert [fields[f"{at}-sources"] for at in range(3)] == [["5"], ["7"], [""]]


@pytest.mark.parametrize("shown", ["", "{", "{}", "[1]", '[["a"]]', "[[1, 2, 3, 4, 5]]", "[" * 5000])
def test_a_plan_that_lost_what_it_began_with_keeps_all_lines(programme, by, two, shown):
    configure(programme, by=by, words={"plain": "Late news."})
    two.open("cmo/1/evidence")
    two.they_save(**{"0-sources": "3"})
    fields = two.i_save(409, shown=shown, **{"0-sources": "7"})
    assert [fields[f"{at}-sources"] for at in range(3)] == [["3"], ["7"], [""]]


def test_the_slots(programme, leads):
    order = {"role": ["context", "mechanism", "outcome", "actor"], "label": ["", "", "", ""]}
    on = ["context", "mechanism", "outcome"]
    leads.open("cmo/slots")
    leads.they_save(**order | {"label": ["Setting", "", "", ""], "on": [*on, "actor"], "do": "save"})
    fields = leads.i_save(409, **order | {"label": ["", "Why", "", ""], "on": ["context", "mechanism"], "do": "save"})
    assert "It was saved elsewhere meanwhile" in leads.page
    assert fields["on"] == ["context", "mechanism", "actor"]
    leads.i_save(302, fields, do="save")
    assert [slot.label for slot in slots_of(Programme.objects.get()).rows] == ["Setting", "Why", "Actor"]
    late = leads.i_save(409, {"preset": "icmo", "base": "1"})
    assert "then choose again" in text(leads.answer)
    assert late["on"] == fields["on"]


def test_words_on_a_link(programme, by, two):
    for _n in range(2):
        configure(programme, by=by, words={"plain": "Late news."})
    ends = programme.configurations.order_by("number")
    made = link(programme, by=by, kind="rival", source=ends[0], target=ends[1], name="either", note="Seen once")
    two.open("cmo/1", "cmo/1/link/1")
    relabel_link(made, by=by, base=1, note="Seen twice")
    fields = two.i_save(409, label="one or the other")
    assert (fields["label"], fields["note"], fields["base"]) == (["one or the other"], ["Seen twice"], ["2"])
    refused = two.i_save(422, fields, label="x" * 2000)
    assert refused["label"] == ["x" * 2000]
    two.i_save(302, fields)
    now = Link.objects.get()
    assert (now.name, now.note) == ("one or the other", "Seen twice")


def test_priorities_that_were_ticked(programme, statement, by, leads):
    for _n in range(4):
        statement()
    around = open_round(programme, by=by, title="First?", kind="scale", statements=[(n, 1) for n in range(1, 5)])
    around = mark_priorities(close_round(around, by=by, base=1), by=by, base=2, statements=[1, 2])
    mark_priorities(around, by=by, base=3, statements=[1, 3])
    answer = leads.mine.post(f"{P}/rounds/1/priorities", {"base": "3", "was": ["1", "2"], "priority": ["1", "2", "4"]})
    assert answer.status_code == 409
    ticked = [n for n in range(1, 5) if f'name="priority" value="{n}" form="prio" checked' in answer.content.decode()]
    assert ticked == [1, 3, 4]
    assert set(Priority.objects.values_list("statement__number", flat=True)) == {1, 3}


def test_a_transcript(programme, by, two):
    describe(programme, by=by, base=Programme.objects.get().revision_number, transcripts=True)
    source = add_source(programme, by=by, kind="interview", pseudonym="A")
    source = keep_transcript(source, by=by, base=1, text="We hear late. Then we act.")
    two.open("q/1/transcript")
    change_source(source, by=by, base=2, role="Nurse")
    fields = two.i_save(409, text="We hear very late. Then we act.")
    assert "save again to keep this transcript" in two.page
    assert fields["text"] == ["We hear very late. Then we act."]
    two.fields = fields
    keep_transcript(source, by=by, base=3, text="We hear late. Then they act.")
    fields = two.i_save(409)
    assert fields["text"] == ["We hear ⟦theirs:  ¦ mine: very ⟧late. Then ⟦theirs: they ¦ mine: we⟧ act."]
    two.i_save(422, fields)
    two.i_save(302, fields, text="We hear very late. Then they act.")
    assert Transcript.objects.get().text == "We hear very late. Then they act."
    two.open("q/1/transcript")
    keep_transcript(source, by=by, base=5, text="")
    two.i_save(409, text="Mine.")
    assert "took the transcript out meanwhile" in text(two.answer)
    assert not Transcript.objects.exists()


@pytest.mark.parametrize(("act", "where"), [("retire", 'id="retire-why"'), ("retype", 'id="re-reason"')])
def test_why_an_element_was_to_change_when_it_had_moved_on(programme, by, two, act, where):
    element = introduce(programme, by=by, kind="context", text="A team meets")
    revise_element(element, by=by, base=1, text="A team meets weekly")
    two.at = f"{P}/e/1/{act}"
    fields = two.i_save(409, {"base": "1", "kind": "outcome", "reason": "It is <not> one"})
    assert (fields["base"], fields["reason"]) == (["2"], ["It is <not> one"])
    assert where in two.page
    assert fields.get("kind", ["outcome"]) == ["outcome"]


@pytest.mark.parametrize("of", ["s", "cmo"])
def test_why_a_claim_was_to_be_retired_when_it_had_moved_on(programme, statement, by, two, of):
    statement()
    configure(programme, by=by, words={"plain": "Late news."})
    two.at = f"{P}/{of}/1/retire"
    fields = two.i_save(409, {"base": "7", "reason": "Told twice"})
    assert (fields["base"], fields["reason"]) == (["1"], ["Told twice"])
    two.i_save(302, fields)


def test_why_a_proposal_was_to_be_withdrawn_when_it_had_moved_on(programme, statement, cast, actor, two):
    statement()
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If agreed, then."}
    made = propose(programme, by=actor(cast.editor), changes=[change], reason="So.")
    submit(made, by=actor(cast.editor), base=1)
    two.at = f"{P}/proposals/1/withdraw"
    assert two.i_save(409, {"base": "1", "reason": "Told twice"})["reason"] == ["Told twice"]
