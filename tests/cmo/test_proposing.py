"""Claims about proposals: made, rewritten, laid before the team, answered, decided and carried out."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Configuration, Outcome, Proposal, ProposalRound, Review, Statement
from cmo.reading.proposals import agreed_by, proposals_for, whole
from cmo.reading.review_queue import queue_of
from cmo.rules.carrying_out import Moved
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.proposing import answer_naming, propose, rebase, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import answer, decide
from cmo.rules.standing import Placed
from cmo.rules.stating import restore, retire, revise, state
from programmes.models import AuditEvent, Notice
from programmes.refusals import Stale
from programmes.rules.founding import describe
from tests.conftest import actor

WORDING = "If a worker stays, then they are trusted, because trust grows."
SHARPER = {"because": "nobody has to tell their story twice"}


@pytest.fixture
def s1(statement):
    return statement(WORDING, themes=["O4"])


@pytest.fixture
def proposed(programme, cast, s1):
    """`proposed(themes=["P6"])` is an open proposal of the contributor on S1."""

    def make(*, by=None, sent=True, coauthors=(), reason="Two interviews say so.", changes=None, **fields):
        rows = changes or [{"record": "S1", "base": 1, "change": "reworded", **(fields or SHARPER)}]
        author = actor(by or cast.contributor)
        made = propose(programme, by=author, changes=rows, reason=reason, coauthors=coauthors)
        return submit(made, by=author, base=1) if sent else made

    return make


def text(wording: str) -> Words:
    return Words(wording=wording)


def agreed(proposal: Proposal, person, **more) -> Review:
    return answer(proposal, by=actor(person), answer="agree", reason="It holds.", seen=proposal.seen, **more)


def accepted(proposal: Proposal, person) -> Proposal:
    return decide(proposal, by=actor(person), decision="accept", seen=proposal.seen)


# ---------------------------------------------------------------- from proposal to revision


def test_an_accepted_proposal_writes_a_revision_with_the_words_of_its_author(proposed, cast, s1):
    proposal = proposed()
    done = accepted(proposal, cast.editor)
    s1.refresh_from_db()
    last = s1.revisions.first()
    assert s1.wording == "If a worker stays, then they are trusted, because nobody has to tell their story twice."
    assert (last.number, last.author, last.state) == (2, cast.contributor, "agreed")
    assert last.reason == "Two interviews say so."
    assert (done.state, done.decided_by, done.revision_number) == ("accepted", cast.editor, 3)
    assert Outcome.objects.values_list("statement__number", "revision").get() == (1, 2)
    assert {number: one.label for number, one in agreed_by(s1).items()} == {2: "P1"}
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "record", "actor__username"))[-3:] == [
        ("answered", "P1", "editor"), ("reworded", "S1", "editor"), ("proposal accepted", "P1", "editor"),
    ]  # fmt: skip
    call_command("check_integrity")


def test_a_refused_proposal_changes_nothing_and_keeps_its_reason(proposed, cast, s1):
    proposal = proposed()
    with pytest.raises(ValidationError, match="Say why it is refused"):
        decide(proposal, by=actor(cast.editor), decision="refuse", seen=proposal.seen)
    done = decide(proposal, by=actor(cast.editor), decision="refuse", reason="One case only.", seen=proposal.seen)
    s1.refresh_from_db()
    assert (done.state, done.decision_reason, s1.wording) == ("refused", "One case only.", WORDING)


def test_several_changes_are_carried_out_as_one_or_not_at_all(proposed, cast, s1, statement, programme):
    statement("If guidance is short, then it is read.")
    changes = [
        {"record": "S1", "base": 1, "change": "retired"},
        {"record": "S2", "base": 1, "change": "reworded", "wording": "If guidance is short, then it is used."},
        {"change": "new", "wording": "If nobody asks, then nobody tells."},
        {"change": "new", "kind": "configuration", "nickname": "Asking",
         "elements": [{"role": "context", "text": "somebody asks"}]},
    ]  # fmt: skip
    proposal = proposed(changes=changes)
    assert Statement.objects.count() == 2  # trying it out wrote nothing
    accepted(proposal, cast.lead)
    rows = list(Statement.objects.order_by("number").values_list("number", "state", "wording"))
    assert rows == [
        (1, "retired", WORDING), (2, "agreed", "If guidance is short, then it is used."),
        (3, "agreed", "If nobody asks, then nobody tells."),
    ]  # fmt: skip
    assert Configuration.objects.get().nickname == "Asking"
    assert Outcome.objects.filter(proposal=proposal).count() == 4


def test_what_cannot_be_carried_out_is_refused_before_it_is_sent(proposed, cast, programme, s1):
    changes = [{"record": "S1", "base": 1, "change": "restored", "revision": 7}, {"change": "new", "wording": "A."}]
    made = proposed(changes=changes, sent=False)
    with pytest.raises(ValidationError, match=r"Change 1: Say which revision to restore, between 1 and 1\."):
        submit(made, by=actor(cast.contributor), base=1)
    assert Statement.objects.count() == 1
    assert Proposal.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "Say what is to change: at least one change of one record."),
        ("S1", "Say what is to change: at least one change of one record."),
        (["S1"], "Write a change as an object"),
        ([{"record": "S9", "change": "retired"}], "There is no statement S9 in this programme."),
        ([{"record": "Q1", "change": "retired"}], "Name a record by its label"),
        ([{"record": "S1", "change": "praised"}], "Choose one of reworded"),
        ([{"record": "S1", "base": 4, "change": "retired"}], "S1 has no revision 4 yet."),
        ([{"record": "S1", "base": True, "change": "retired"}], "Write the number of a revision."),
        ([{"record": "S1", "change": "reworded"}], "Say what is to change in S1."),
        ([{"record": "S1", "change": "reworded", "colour": "red"}], "There is no field “colour” here"),
        ([{"record": "S1", "change": "retagged", "themes": ["Z9"]}], "There is no code “Z9” in the codebook."),
        ([{"record": "S1", "change": "reworded", "wording": "a\0b"}], "Take out the character at position 2"),
        ([{"change": "new", "wording": "A."}, {"record": "S1", "base": "x", "change": "retired"}],
         "Change 2, base: Write the number of a revision."),
        ([{"record": "S1", "change": "retired"}] * 2, "Change 2, record: S1 stands in two changes; put them together."),
        ([{"change": "merged", "records": ["S1"]}], "Name at least two records to merge."),
        ([{"change": "split", "record": "S1", "pieces": [{"wording": "A."}]}], "Write at least two pieces."),
        ([{"change": "replaced", "record": "S1"}], "Name the record that takes its place, or write a new one."),
        ([{"change": "retyped", "record": "S1", "kind": "context"}], "Only an element is retyped."),
        ([{"change": "new", "wording": "A."}] * 51, "A proposal may hold 50 changes, these are 51; make two of it."),
    ],
)
def test_a_change_that_cannot_be_read_gets_one_sentence(changes, said, programme, cast, s1):
    with pytest.raises(ValidationError) as refused:
        propose(programme, by=actor(cast.contributor), changes=changes)
    assert said in " ".join(refused.value.messages)
    assert not Proposal.objects.exists()


def test_merging_and_splitting_can_be_proposed(proposed, cast, s1, statement, programme):
    statement("If they leave, then trust goes.", themes=["P6"])
    merge = {"change": "merged", "records": [{"record": "S1", "base": 1}, {"record": "S2", "base": 1}],
             "wording": "If a worker stays, then trust grows and lasts."}  # fmt: skip
    accepted(proposed(changes=[merge]), cast.lead)
    third = Statement.objects.get(number=3)
    assert [row.older.number for row in third.ancestors.order_by("older__number")] == [1, 2]
    assert third.state == "agreed"
    assert set(third.taggings.values_list("theme__code", flat=True)) == {"O4", "P6"}
    assert third.revisions.get().author == cast.contributor
    pieces = [{"wording": "If a worker stays, then trust grows."}, {"wording": "If trust grew, then it lasts."}]
    accepted(proposed(changes=[{"change": "split", "record": "S3", "base": 1, "pieces": pieces}]), cast.lead)
    states = list(Statement.objects.order_by("number").values_list("state", flat=True))
    assert states == ["retired", "retired", "retired", "agreed", "agreed"]
    call_command("check_integrity")


def test_replacing_and_refining_can_be_proposed(proposed, cast, s1, statement):
    statement("If they leave, then trust goes.")
    accepted(proposed(changes=[{"change": "replaced", "record": "S1", "base": 1, "by": "S2"}]), cast.lead)
    assert Statement.objects.get(number=1).state == "retired"
    refine = {"change": "new", "refines": {"record": "S2", "base": 1}, "wording": "If they leave early, then it goes."}
    accepted(proposed(changes=[refine]), cast.lead)
    assert [row.older.number for row in Statement.objects.get(number=3).ancestors.all()] == [2]
    assert Statement.objects.get(number=2).state == "draft"


def test_an_element_in_a_configuration_can_be_reworded_by_proposal(proposed, cast, programme, s1):
    made = configure(programme, by=actor(cast.editor), elements=[Placed("context", text="time is short")])
    row = {"record": "E1", "base": 1, "change": "reworded", "text": "time is set aside"}
    accepted(proposed(changes=[row]), cast.lead)
    assert made.placings.get().element.text == "time is set aside"


# ---------------------------------------------------------------- who may


def test_nobody_answers_or_decides_on_what_they_wrote(proposed, cast):
    proposal = proposed(by=cast.editor, coauthors=["lead"])
    answer_naming(proposal, by=actor(cast.lead), base=2, wrote=True)
    for person in (cast.editor, cast.lead):
        with pytest.raises(PermissionDenied, match="Nobody answers or decides on what they proposed"):
            agreed(proposal, person)
        with pytest.raises(PermissionDenied, match="Nobody answers or decides"):
            accepted(proposal, person)
    assert not Review.objects.exists()


def test_contributors_propose_but_do_not_answer_and_viewers_do_neither(proposed, programme, cast, s1):
    proposal = proposed(by=cast.editor)
    with pytest.raises(PermissionDenied, match="Only editors and leads review"):
        agreed(proposal, cast.contributor)
    with pytest.raises(PermissionDenied, match="to propose you need to be a contributor"):
        propose(programme, by=actor(cast.viewer), changes=[{"record": "S1", "change": "retired"}])


def test_only_its_authors_see_a_draft_and_change_a_proposal(proposed, programme, cast):
    draft = proposed(sent=False, coauthors=["editor"])
    seen = {name: proposals_for(getattr(cast, name), programme).count() for name in ("contributor", "editor", "lead")}
    assert seen == {"contributor": 1, "editor": 1, "lead": 0}
    with pytest.raises(PermissionDenied, match="Only its authors change a proposal"):
        rewrite_proposal(draft, by=actor(cast.lead), base=1, title="Mine now")
    answer_naming(draft, by=actor(cast.editor), base=1, wrote=True)
    opened = submit(draft, by=actor(cast.editor), base=2)
    assert proposals_for(cast.lead, programme).get() == opened


def test_approvals_are_counted_as_the_programme_asks(proposed, programme, cast):
    describe(programme, by=actor(cast.lead), base=1, approvals=2)
    proposal = proposed()
    for who in (cast.editor, cast.lead):  # what was refused leaves nothing behind, and is not counted
        with pytest.raises(ValidationError) as refused:
            accepted(proposal, who)
        said = "2 approvals are needed and 0 were given to these words; give your answer first."
        assert refused.value.message_dict == {"approvals": [said]}
        assert not Review.objects.exists()
    agreed(proposal, cast.editor)
    with pytest.raises(ValidationError) as refused:
        accepted(proposal, cast.editor)
    assert refused.value.messages == ["2 approvals are needed and 1 was given to these words."]
    assert accepted(proposal, cast.lead).state == "accepted"
    assert list(Review.objects.values_list("reviewer__username", "answer")) == [("editor", "agree"), ("lead", "agree")]


def test_an_answer_needs_a_reason_unless_one_abstains(proposed, cast):
    proposal = proposed()
    with pytest.raises(ValidationError, match="Say why in a sentence"):
        answer(proposal, by=actor(cast.editor), answer="disagree", seen=proposal.seen)
    assert answer(proposal, by=actor(cast.editor), answer="abstain", seen=proposal.seen).number == 1


def test_dissent_stays_after_the_decision(proposed, cast):
    proposal = proposed()
    answer(proposal, by=actor(cast.editor), answer="disagree", reason="One voice only.", seen=proposal.seen)
    done = accepted(proposal, cast.lead)
    told = whole(done, cast.viewer)
    assert [(one.reviewer.username, one.reason) for one in told.dissent()] == [("editor", "One voice only.")]
    assert told.given == 1


def test_blind_answers_show_after_ones_own(proposed, programme, cast):
    describe(programme, by=actor(cast.lead), base=1, blind=True)
    proposal = proposed()
    agreed(proposal, cast.editor)
    assert [whole(proposal, person).hidden for person in (cast.lead, cast.editor, cast.contributor)] == [1, 0, 1]
    assert AuditEvent.objects.get(verb="answered").detail == {"round": 1}
    answer(proposal, by=actor(cast.lead), answer="abstain", seen=proposal.seen)
    assert whole(proposal, cast.lead).hidden == 0


# ---------------------------------------------------------------- what moved


def test_an_answer_holds_for_exactly_what_was_seen(proposed, cast):
    proposal = proposed()
    agreed(proposal, cast.editor)
    changes = [{"record": "S1", "base": 1, "change": "reworded", "because": "it is warm"}]
    now = rewrite_proposal(proposal, by=actor(cast.contributor), base=2, reason="Three say so.", changes=changes)
    with pytest.raises(Stale):
        decide(now, by=actor(cast.editor), decision="accept", seen=proposal.seen)
    told = whole(now, cast.lead)
    assert (now.round, told.given, [one.number for one in told.rounds]) == (2, 0, [1, 2])
    assert ProposalRound.objects.get(number=1).content[0]["content"]["wording"].endswith("twice.")


def test_what_moved_on_must_be_rebased_before_it_is_accepted(proposed, cast, s1):
    proposal = proposed()
    agreed(proposal, cast.editor)
    longer = WORDING.replace("a worker stays", "one worker stays for years")
    revise(s1, by=actor(cast.lead), base=1, words=text(longer))
    for refused in (lambda: agreed(proposal, cast.lead), lambda: accepted(proposal, cast.lead)):
        with pytest.raises(Moved) as moved:
            refused()
        assert moved.value.said == "S1 changed since this was written; bring the proposal onto the new version first."
    now = rebase(proposal, by=actor(cast.lead), base=2)
    assert now.content[0]["base"] == 2
    assert now.content[0]["content"]["wording"] == (
        "If one worker stays for years, then they are trusted, because nobody has to tell their story twice."
    )
    assert whole(now, cast.lead).given == 0  # the words are others than those approved of
    accepted(now, cast.lead)
    s1.refresh_from_db()
    assert (s1.revision_number, s1.wording) == (3, now.content[0]["content"]["wording"])


def test_where_both_changed_the_same_words_the_authors_settle_it(proposed, cast, s1):
    proposal = proposed()
    revise(s1, by=actor(cast.lead), base=1, words=text(WORDING.replace("trust grows", "trust is earned")))
    with pytest.raises(ValidationError, match="Both changed the same words of S1"):
        rebase(proposal, by=actor(cast.contributor), base=2)
    changes = [{"record": "S1", "base": 2, "change": "reworded", "because": "trust is earned, not told twice"}]
    now = rewrite_proposal(proposal, by=actor(cast.contributor), base=2, changes=changes)
    assert accepted(now, cast.lead).state == "accepted"


def test_a_configuration_whose_element_was_reworded_reads_otherwise_and_must_be_rebased(proposed, cast, programme, s1):
    by = actor(cast.editor)
    element = introduce(programme, by=by, kind="context", text="time is short")
    configure(programme, by=by, elements=[Placed("outcome", text="nothing changes")])
    rows = [{"role": "context", "element": "E1"}, {"role": "outcome", "element": "E2"}]
    proposal = proposed(changes=[{"record": "CMO1", "base": 1, "change": "rearranged", "elements": rows}])
    revise_element(element, by=by, base=1, text="time is plenty")
    with pytest.raises(Moved):
        accepted(proposal, cast.lead)
    assert accepted(rebase(proposal, by=by, base=2), cast.lead).state == "accepted"


def test_rebasing_a_configuration_keeps_what_others_wrote_in_other_fields(proposed, cast, programme, s1):
    made = configure(programme, by=actor(cast.editor), words={"nickname": "Time", "plain": "Time helps."})
    proposal = proposed(changes=[{"record": "CMO1", "base": 1, "change": "described", "plain": "Time helps most."}])
    revise_configuration(made, by=actor(cast.lead), base=1, words={"nickname": "Enough time"})
    accepted(rebase(proposal, by=actor(cast.contributor), base=2), cast.lead)
    made.refresh_from_db()
    assert (made.nickname, made.plain) == ("Enough time", "Time helps most.")


def test_a_withdrawn_proposal_can_be_sent_again_and_a_decided_one_cannot(proposed, cast):
    proposal = withdraw(proposed(), by=actor(cast.contributor), base=2, reason="Not yet.")
    with pytest.raises(ValidationError, match="P1 is withdrawn; only an open proposal is answered"):
        agreed(proposal, cast.editor)
    again = submit(proposal, by=actor(cast.contributor), base=3)
    assert (again.state, again.round) == ("open", 2)
    done = accepted(again, cast.editor)
    with pytest.raises(ValidationError, match="P1 is accepted; it cannot be changed any more"):
        withdraw(done, by=actor(cast.contributor), base=done.revision_number)


# ---------------------------------------------------------------- reviewed programmes


def test_where_changes_are_reviewed_nobody_changes_an_agreed_record_otherwise(proposed, programme, cast, s1):
    by = actor(cast.editor)
    revise(s1, by=by, base=1, state="agreed")
    describe(programme, by=actor(cast.lead), base=1, agreement="reviewed")
    s1.refresh_from_db()
    s1.programme = programme
    for refused in (
        lambda: revise(s1, by=by, base=2, words=text("If direct, then refused.")),
        lambda: retire(s1, by=by, base=2),
        lambda: restore(s1, by=by, base=2, revision=1),
    ):
        with pytest.raises(PermissionDenied, match="S1 is agreed, and this programme changes what is agreed by review"):
            refused()
    with pytest.raises(PermissionDenied, match="a record becomes agreed by review"):
        state(programme, by=by, words=text("If mine, then agreed."), state="agreed")
    draft = state(programme, by=by, words=text("If mine, then a draft."))
    with pytest.raises(PermissionDenied, match="a record becomes agreed by review"):
        revise(draft, by=by, base=1, state="agreed")
    rows = [{"record": "S1", "base": 2, "change": "reworded", **SHARPER}]
    assert accepted(proposed(changes=rows), cast.lead).state == "accepted"


def test_an_element_of_an_agreed_configuration_is_agreed_with_it(programme, cast):
    by = actor(cast.editor)
    made = configure(programme, by=by, elements=[Placed("context", text="time is short")], state="agreed")
    describe(programme, by=actor(cast.lead), base=1, agreement="reviewed")
    element = made.placings.get().element
    element.programme = programme
    with pytest.raises(PermissionDenied, match="E1 is agreed"):
        revise_element(element, by=by, base=1, text="time is plenty")


# ---------------------------------------------------------------- what waits for whom


def test_the_queue_says_what_waits_for_whom(proposed, programme, cast, s1):
    proposal = proposed()
    told = {name: queue_of(getattr(cast, name), programme) for name in ("contributor", "editor", "lead", "viewer")}
    assert [one.label for one in told["editor"].answer] == ["P1"]
    assert [one.label for one in told["contributor"].waiting] == ["P1"]
    assert told["viewer"].mine == []
    answer(proposal, by=actor(cast.editor), answer="agree_with_changes", reason="Cite LA3.", seen=proposal.seen)
    assert [one.label for one in queue_of(cast.contributor, programme).revise] == ["P1"]
    assert queue_of(cast.editor, programme).mine == []
    agreed(proposal, cast.lead)
    assert [one.label for one in queue_of(cast.editor, programme).decide] == ["P1"]


def test_people_are_told_once_of_each_event(proposed, cast):
    proposal = proposed()
    agreed(proposal, cast.editor)
    accepted(proposal, cast.lead)
    rows = list(Notice.objects.order_by("event", "person__username").values_list("event", "person__username"))
    assert rows == [
        ("P1 answer 1", "contributor"), ("P1 answer 2", "contributor"),
        ("P1 decided", "contributor"), ("P1 decided", "editor"),
        ("P1 round 1", "editor"), ("P1 round 1", "lead"),
    ]  # fmt: skip
