"""Claims about who wrote at a proposal: they stay its authors, do not approve of it, and keep a draft to themselves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import CoAuthor, ProposalRound, Review
from cmo.reading.counts import waiting_for
from cmo.reading.proposal_lines import lines_of
from cmo.reading.proposals import proposals_for, whole
from cmo.reading.review_queue import queue_of
from cmo.rules.proposing import answer_naming, propose, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import answer, decide
from programmes.models import AuditEvent, Notice
from programmes.rules.founding import describe
from programmes.rules.membering import change_role
from tests.conftest import actor

SHARPER = {"record": "S1", "base": 1, "change": "reworded", "because": "nobody has to tell their story twice"}


@pytest.fixture
def drafted(programme, cast, statement):
    """A draft of the contributor on S1, who names the editor as a co-author; the editor has not said so."""
    statement("If a worker stays, then they are trusted, because trust grows.", themes=["O4"])
    by = actor(cast.contributor)
    return propose(programme, by=by, changes=[SHARPER], reason="Two say so.", coauthors=["editor"])


def test_who_wrote_at_a_proposal_cannot_leave_its_authors_and_then_decide_on_it(drafted, cast):
    answer_naming(drafted, by=actor(cast.editor), base=1, wrote=True)
    mine = rewrite_proposal(drafted, by=actor(cast.editor), base=2, reason="Three say so.")
    for person in (cast.editor, cast.contributor):
        with pytest.raises(ValidationError, match="wrote at P1 and stays one of its authors"):
            rewrite_proposal(mine, by=actor(person), base=3, coauthors=[])
    opened = submit(mine, by=actor(cast.contributor), base=3)
    with pytest.raises(ValidationError, match="stays one of its authors"):
        rewrite_proposal(opened, by=actor(cast.editor), base=4, coauthors=[])
    for wrote in (True, False):
        with pytest.raises(ValidationError, match="You wrote at P1 and stay one of its authors"):
            answer_naming(opened, by=actor(cast.editor), base=4, wrote=wrote)
    with pytest.raises(PermissionDenied, match="Nobody answers or decides on what they proposed"):
        decide(opened, by=actor(cast.editor), decision="accept", seen=opened.seen)


def test_who_was_named_and_wrote_nothing_can_take_their_name_off_without_another_round(drafted, cast):
    opened = submit(drafted, by=actor(cast.contributor), base=1)
    now = answer_naming(opened, by=actor(cast.editor), base=2, wrote=False)
    assert (now.round, now.revision_number, ProposalRound.objects.count()) == (1, 3, 1)
    assert not CoAuthor.objects.exists()
    assert list(Notice.objects.filter(kind="coauthor answered").values_list("person__username", "on")) == [
        ("contributor", "P1")
    ]
    assert AuditEvent.objects.order_by("pk").last().verb == "coauthor declined"
    assert decide(now, by=actor(cast.editor), decision="accept", seen=now.seen).state == "accepted"


def test_naming_the_same_authors_with_the_same_words_changes_nothing(drafted, cast):
    opened = submit(drafted, by=actor(cast.contributor), base=1)
    same = {"coauthors": ["editor"], "title": "", "changes": [SHARPER]}
    now = rewrite_proposal(opened, by=actor(cast.contributor), base=2, **same)
    assert (now.revision_number, now.round) == (2, 1)


def test_an_approval_of_somebody_who_wrote_with_them_since_counts_no_longer(drafted, cast, programme):
    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=2)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    for person in (cast.editor, cast.lead):
        answer(opened, by=actor(person), answer="agree", reason="It holds.", seen=opened.seen)
    assert queue_of(cast.lead).decide == [opened]
    named = rewrite_proposal(opened, by=actor(cast.contributor), base=3, coauthors=["editor"])
    assert queue_of(cast.lead).decide == [opened]  # to be named takes nothing from an approval
    assert whole(named, cast.lead).given == 2
    now = answer_naming(named, by=actor(cast.editor), base=4, wrote=True)
    assert now.seen == opened.seen
    found = proposals_for(cast.lead, programme).get()
    assert (whole(found, cast.lead).given, lines_of([found], cast.lead)[0].given) == (1, 1)
    assert queue_of(cast.lead).decide == []
    assert waiting_for(cast.lead) == Notice.objects.filter(person=cast.lead, read=None).count()
    with pytest.raises(ValidationError, match="2 approvals are needed and 1 was given to these words"):
        decide(now, by=actor(cast.lead), decision="accept", seen=now.seen)


def test_an_approval_of_somebody_who_may_review_no_more_counts_no_longer(drafted, cast, programme):
    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=2)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    for person in (cast.editor, cast.lead):
        answer(opened, by=actor(person), answer="agree", reason="It holds.", seen=opened.seen)
    found = proposals_for(cast.lead, programme).get()
    assert (whole(found, cast.lead).given, len(queue_of(cast.lead).decide)) == (2, 1)
    change_role(programme, by=actor(cast.lead), username="editor", role="contributor")
    assert (whole(found, cast.lead).given, lines_of([found], cast.lead)[0].given) == (1, 1)
    assert queue_of(cast.lead).decide == []
    assert waiting_for(cast.lead) == Notice.objects.filter(person=cast.lead, read=None).count()
    with pytest.raises(ValidationError, match="2 approvals are needed and 1 was given to these words"):
        decide(opened, by=actor(cast.lead), decision="accept", seen=opened.seen)


def test_the_log_does_not_tell_why_a_draft_was_withdrawn_that_was_never_sent(drafted, cast):
    withdraw(drafted, by=actor(cast.contributor), base=1, reason="It names a site.")
    assert AuditEvent.objects.get(verb="proposal withdrawn").reason == ""


def test_the_log_tells_why_a_proposal_was_withdrawn(drafted, cast):
    opened = submit(drafted, by=actor(cast.contributor), base=1)
    withdraw(opened, by=actor(cast.contributor), base=2, reason="One interview fewer.")
    assert AuditEvent.objects.get(verb="proposal withdrawn").reason == "One interview fewer."


def test_what_was_answered_to_an_earlier_round_of_a_blind_review_is_there_for_all(drafted, cast, programme, as_):
    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=2, blind=True)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    answer(opened, by=actor(cast.editor), answer="agree_with_changes", reason="Name the year.", seen=opened.seen)
    page = "/p/cse-test/proposals/1"
    shown = as_(cast.contributor).get(page).content.decode()
    assert "Name the year." not in shown
    assert "1 answer is hidden until it is revised or decided." in shown
    revised = {**SHARPER, "because": "in 2021 nobody had to tell it twice"}
    now = rewrite_proposal(opened, by=actor(cast.contributor), base=3, changes=[revised])
    answer(now, by=actor(cast.editor), answer="agree", reason="Now it holds.", seen=now.seen)
    for person in (cast.contributor, cast.lead, cast.viewer):
        shown = as_(person).get(page).content.decode()
        assert "Name the year." in shown
        assert "Now it holds." not in shown
        assert whole(now, person).hidden == 1


def test_a_blind_review_counts_people_and_not_how_often_they_answered(drafted, cast, programme, as_, api):
    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=2, blind=True)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    here = "/api/v1/programmes/cse-test/proposals/1/"
    tag = api(cast.lead).get(here)["ETag"]
    for given in ("agree_with_changes", "agree"):
        answer(opened, by=actor(cast.editor), answer=given, reason="Name the year.", seen=opened.seen)
    assert api(cast.lead).get(here, HTTP_IF_NONE_MATCH=tag).status_code == 200  # how many are hidden shows
    for person in (cast.contributor, cast.lead, cast.viewer):
        assert "1 answer is hidden" in as_(person).get("/p/cse-test/proposals/1").content.decode()
        assert api(person).get(here).json()["answers"] == 1
    answer(opened, by=actor(cast.lead), answer="agree", reason="So.", seen=opened.seen)
    for person in (cast.contributor, cast.lead, cast.viewer):
        assert api(person).get(here).json()["answers"] == 2
    revised = {**SHARPER, "because": "in 2021 nobody had to tell it twice"}
    rewrite_proposal(opened, by=actor(cast.contributor), base=3, changes=[revised])
    assert api(cast.viewer).get(here).json()["answers"] == 0


def test_trying_to_decide_does_not_tell_how_many_approved_of_it_in_a_blind_review(drafted, cast, programme):
    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=3, blind=True)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    answer(opened, by=actor(cast.editor), answer="agree", reason="It holds.", seen=opened.seen)
    said = "These words do not have the approvals that are needed; answer first, then you see those of others."
    with pytest.raises(ValidationError) as refused:
        decide(opened, by=actor(cast.lead), decision="accept", seen=opened.seen)
    assert refused.value.message_dict == {"approvals": [said]}
    assert Review.objects.count() == 1
    with pytest.raises(ValidationError, match="3 approvals are needed and 1 was given to these words"):
        decide(opened, by=actor(cast.editor), decision="accept", seen=opened.seen)


def test_what_was_given_is_said_of_one_and_of_many(drafted, cast, programme):
    def said_to(person):
        with pytest.raises(ValidationError) as refused:
            decide(opened, by=actor(person), decision="accept", seen=opened.seen)
        return refused.value.messages[0]

    rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=[])
    describe(programme, by=actor(cast.lead), base=1, approvals=3)
    opened = submit(drafted, by=actor(cast.contributor), base=2)
    answer(opened, by=actor(cast.editor), answer="agree", reason="It holds.", seen=opened.seen)
    assert said_to(cast.lead) == "3 approvals are needed and 1 was given to these words; give your answer first."
    answer(opened, by=actor(cast.lead), answer="agree", reason="It holds.", seen=opened.seen)
    assert said_to(cast.editor) == "3 approvals are needed and 2 were given to these words."


# ---------------------------------------------------------------- to be named binds nobody


def test_who_is_named_without_having_agreed_answers_and_decides(drafted, cast):
    opened = submit(drafted, by=actor(cast.contributor), base=1)
    assert Notice.objects.filter(person=cast.editor, kind="proposal", read=None).exists()
    assert [one.number for one in queue_of(cast.editor).answer] == [1]
    assert answer(opened, by=actor(cast.editor), answer="disagree", reason="Not so.", seen=opened.seen).number == 1
    assert decide(opened, by=actor(cast.editor), decision="refuse", reason="Not so.", seen=opened.seen).decided
    assert not Notice.objects.filter(person=cast.editor, kind__in=["coauthor", "proposal"], read=None).exists()
    with pytest.raises(ValidationError, match="P1 is decided; its authors stay as they were"):
        answer_naming(opened, by=actor(cast.editor), base=4, wrote=True)


def test_all_reviewers_named_as_co_authors_do_not_keep_the_team_from_deciding(drafted, cast):
    now = rewrite_proposal(drafted, by=actor(cast.contributor), base=1, coauthors=["editor", "lead"])
    opened = submit(now, by=actor(cast.contributor), base=2)
    assert decide(opened, by=actor(cast.lead), decision="accept", seen=opened.seen).state == "accepted"


def test_who_is_named_reads_the_draft_and_changes_nothing_at_it_before_they_agree(drafted, cast, programme):
    assert proposals_for(cast.editor, programme).get() == drafted
    by = actor(cast.editor)
    for act in (
        lambda: rewrite_proposal(drafted, by=by, base=1, reason="Mine."),
        lambda: submit(drafted, by=by, base=1),
        lambda: withdraw(drafted, by=by, base=1),
    ):
        with pytest.raises(PermissionDenied, match="say first that you wrote it too"):
            act()
    with pytest.raises(PermissionDenied, match="Only who is named"):
        answer_naming(drafted, by=actor(cast.lead), base=1, wrote=True)
    assert Notice.objects.filter(person=cast.editor).values_list("kind", "on", "path").get() == (
        "coauthor", "P1", "proposals/1",
    )


def test_who_declined_a_draft_sees_it_no_more_and_is_not_asked_by_mail_again(drafted, cast, programme):
    now = answer_naming(drafted, by=actor(cast.editor), base=1, wrote=False)
    assert not proposals_for(cast.editor, programme).exists()
    rewrite_proposal(now, by=actor(cast.contributor), base=2, coauthors=["editor"])
    assert Notice.objects.filter(person=cast.editor, kind="coauthor").count() == 1


def test_the_page_asks_who_is_named_and_one_click_answers(drafted, cast, as_):
    page = "/p/cse-test/proposals/1"
    shown = as_(cast.editor).get(page).content.decode()
    assert "Did you write this too?" in shown
    assert "Named as co-author, and has not said so yet:" in shown
    gone = as_(cast.editor).post(f"{page}/coauthor", {"base": 1, "wrote": "no"})
    assert (gone.status_code, gone["Location"]) == (302, "/p/cse-test/reviews")
    assert "Did you write this too?" not in as_(cast.contributor).get(page).content.decode()


def test_the_page_asks_no_more_once_they_agreed(drafted, cast, as_):
    page = "/p/cse-test/proposals/1"
    assert as_(cast.editor).post(f"{page}/coauthor", {"base": 1, "wrote": "maybe"}).status_code == 422
    assert as_(cast.editor).post(f"{page}/coauthor", {"base": 7, "wrote": "yes"}).status_code == 409
    assert as_(cast.editor).post(f"{page}/coauthor", {"base": 1, "wrote": "yes"})["Location"] == page
    shown = as_(cast.editor).get(page).content.decode()
    assert "Did you write this too?" not in shown
    assert f"<b>{cast.editor.name}</b>" in shown
