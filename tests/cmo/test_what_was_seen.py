"""Claims about what an answer holds for: all that its giver saw, so changes, title, reason and evidence."""

import hashlib
import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from cmo.models import Proposal, ProposalRound, Review, RoundCites, Statement
from cmo.reading.citing import evidence_named
from cmo.reading.proposals import whole
from cmo.rules.citing_in_proposals import cite
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.proposing import propose, rewrite_proposal, submit
from cmo.rules.reviewing import answer, decide
from programmes.models import AuditEvent, Membership, Notice
from programmes.refusals import Stale
from programmes.rules.founding import describe
from programmes.rules.sourcing import add_source
from tests.conftest import actor

HERE = "/api/v1/programmes/cse-test/proposals/1"
PAGE = "/p/cse-test/proposals/1"
CHANGE = {"record": "S1", "base": 1, "change": "reworded", "wording": "If a worker stays, then trust grows."}


@pytest.fixture
def opened(programme, statement, cast):
    """P1 of the contributor on S1, open; X1 and X2 are there to be cited, and B1, which links X1 to S1."""
    by, one = actor(cast.editor), statement()
    source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker")
    first = add_excerpt(source, by=by, said=Said(text="We heard of it in the corridor."))
    add_excerpt(source, by=by, said=Said(text="Nobody asked us."))
    link_excerpt(first, by=by, on=On(one), stance="supports")
    made = propose(programme, by=actor(cast.contributor), changes=[CHANGE], title="Shorter", reason="Two say so.")
    return submit(made, by=actor(cast.contributor), base=1)


def swap(proposal, cast, what):
    """Its author changes one thing of it that is no change of a record."""
    by = actor(cast.contributor)
    if what == "cites":
        proposal.programme.withheld = False
        return cite(proposal, by=by, **evidence_named(proposal.programme, ["X2"]))
    return rewrite_proposal(proposal, by=by, base=proposal.revision_number, **{what: "Swapped"})


def agree(proposal, person):
    return answer(proposal, by=actor(person), answer="agree", reason="It holds.", seen=proposal.seen)


SWAPPED = ("reason", "title", "cites")


@pytest.mark.parametrize("what", SWAPPED)
def test_nothing_is_answered_or_decided_that_was_swapped_since_it_was_read(opened, cast, what):
    now = swap(opened, cast, what)
    assert (now.round, now.seen == opened.seen) == (2, False)
    for act in (
        lambda: answer(now, by=actor(cast.editor), answer="agree", reason="So.", seen=opened.seen),
        lambda: decide(now, by=actor(cast.editor), decision="accept", seen=opened.seen),
        lambda: decide(now, by=actor(cast.editor), decision="refuse", reason="No.", seen=opened.seen),
    ):
        with pytest.raises(Stale):
            act()
    assert Statement.objects.get().revision_number == 1
    assert not Review.objects.exists()
    assert decide(now, by=actor(cast.editor), decision="accept", seen=now.seen).state == "accepted"
    call_command("check_integrity")


@pytest.mark.parametrize("what", ["reason", "title"])
def test_an_approval_does_not_hold_for_what_is_swapped_after_it(opened, cast, programme, api, what):
    describe(programme, by=actor(cast.lead), base=1, approvals=2)
    agree(opened, cast.editor)
    now = swap(opened, cast, what)
    assert whole(now, cast.lead).given == 0
    shown = api(cast.lead).get(f"{HERE}/").json()
    assert (shown["approvals"]["given"], shown["answers"]) == (0, 0)
    assert [row["current"] for row in api(cast.lead).get(f"{HERE}/reviews/").json()["results"]] == [False]
    back = rewrite_proposal(now, by=actor(cast.contributor), base=3, **{what: getattr(opened, what)})
    assert (back.seen, whole(back, cast.lead).given) == (opened.seen, 1)  # it is what they approved of, to the letter


def test_the_api_says_what_was_swapped(opened, cast, api):
    swap(swap(opened, cast, "reason"), cast, "cites")
    for path, body in (("decide", {"decision": "accept"}), ("reviews", {"answer": "agree", "reason": "So."})):
        refused = api(cast.editor).post(f"{HERE}/{path}/", {**body, "seen": opened.seen}, format="json")
        told = refused.json()
        assert refused.status_code == 412
        assert [(one["field"], one["before"], one["after"]) for one in told["revised"]] == [
            ("reason", "Two say so.", "Swapped"), ("cites", [], ["X2"]),
        ]  # fmt: skip
        assert (told["current"]["reason"], told["current"]["cites"]) == ("Swapped", ["X2"])
        assert refused["ETag"] == api(cast.editor).get(f"{HERE}/")["ETag"]
    assert Statement.objects.get().revision_number == 1


def test_the_api_says_which_changes_were_swapped(opened, cast, api):
    other = {**CHANGE, "wording": "If a worker goes, then trust goes."}
    rewrite_proposal(opened, by=actor(cast.contributor), base=2, changes=[other])
    refused = api(cast.editor).post(f"{HERE}/decide/", {"decision": "accept", "seen": opened.seen}, format="json")
    [one] = refused.json()["revised"]
    assert (one["field"], one["before"][0]["wording"], one["after"][0]["wording"]) == (
        "changes", CHANGE["wording"], other["wording"],
    )  # fmt: skip
    strange = api(cast.editor).post(f"{HERE}/decide/", {"decision": "accept", "seen": "0" * 64}, format="json")
    assert (strange.status_code, "revised" in strange.json()) == (412, False)


def test_the_page_shows_what_was_swapped_since_the_form_was_loaded(opened, cast, as_):
    swap(swap(opened, cast, "reason"), cast, "cites")
    sent = {"d-decision": "accept", "d-reason": "My long reason.", "d-seen": opened.seen}
    refused = as_(cast.editor).post(f"{PAGE}/decide", sent)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "what was revised stands open under" in shown
    assert shown.count('<details class="fold" open><summary>Round ') == 2
    assert "<del>Two say so.</del>" in shown
    assert "<ins>X2</ins>" in shown
    assert "My long reason." in shown
    assert Statement.objects.get().revision_number == 1


def test_who_sees_no_evidence_is_told_nothing_of_it(opened, cast, api, as_):
    swap(opened, cast, "cites")
    Membership.objects.filter(person=cast.editor).update(no_evidence=True)
    body = {"decision": "accept", "seen": opened.seen}
    refused = api(cast.editor).post(f"{HERE}/decide/", body, format="json").json()
    assert (refused["revised"], refused["current"]["cites"]) == ([], None)
    assert [one["cites"] for one in api(cast.editor).get(f"{HERE}/rounds/").json()["results"]] == [None, None]
    assert "X2" not in as_(cast.editor).get(PAGE).content.decode()


def test_what_is_cited_is_part_of_the_round_and_the_same_again_is_no_other(opened, cast, api):
    now = swap(opened, cast, "cites")
    assert swap(now, cast, "cites").round == 2
    assert list(RoundCites.objects.order_by("pk").values_list("labels", flat=True)) == [[], ["X2"]]
    assert [one["cites"] for one in api(cast.viewer).get(f"{HERE}/rounds/").json()["results"]] == [[], ["X2"]]
    rows = AuditEvent.objects.order_by("-number").values_list("verb", flat=True)[:2]
    assert list(rows) == ["evidence cited", "proposal revised"]
    call_command("check_integrity")


def test_citing_in_a_draft_opens_no_round_and_counts_once_it_is_sent(programme, opened, cast):
    by = actor(cast.contributor)
    draft = propose(programme, by=by, changes=[{"change": "new", "wording": "If so, then so."}], reason="So.")
    cited = swap(draft, cast, "cites")
    assert (cited.round, cited.revision_number, cited.seen == draft.seen) == (0, 1, False)
    sent = submit(cited, by=by, base=1)
    assert (sent.seen, ProposalRound.objects.get(proposal=sent).cited.labels) == (cited.seen, ["X2"])


def test_a_change_with_evidence_goes_into_an_open_proposal_in_one_round(opened, statement, cast, as_):
    statement("If asked, then told.")
    typed = {"base": 1, "mode": "sentence", "wording": "If asked, then told more.", "area": "", "reason": "Asked.",
             "to": "1", "rests_on": "X2", "do": "send"}  # fmt: skip
    assert as_(cast.contributor).post("/p/cse-test/s/2/propose", typed).status_code == 302
    now = Proposal.objects.get()
    assert (now.round, ProposalRound.objects.last().cited.labels, len(now.content)) == (2, ["X2"], 2)


# ---------------------------------------------------------------- answers from before all of that counted


def as_before(proposal):
    """The digest of the changes alone, as every proposal and answer had it."""
    canonical = json.dumps(proposal.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@pytest.fixture
def before(opened, cast):
    """P1 as it stood in a database from before, with an approval by the editor."""
    Proposal.objects.filter(pk=opened.pk).update(seen=as_before(opened))
    opened.refresh_from_db()
    agree(opened, cast.editor)
    return opened


def migrated(proposal):
    import_module("cmo.migrations.0014_an_answer_holds_for_all_that_was_seen").let_go_what_was_not_seen(apps, None)
    proposal.refresh_from_db()
    return proposal


def test_an_approval_from_before_goes_on_holding_until_something_is_changed(before, cast):
    now = migrated(before)
    assert (now.seen, whole(now, cast.lead).given) == (as_before(now), 1)
    same = rewrite_proposal(now, by=actor(cast.contributor), base=2, changes=[CHANGE], reason="Two say so.")
    assert (same.round, same.seen, whole(same, cast.lead).given) == (1, now.seen, 1)
    assert whole(swap(now, cast, "reason"), cast.lead).given == 0


def test_an_approval_from_before_of_what_was_swapped_since_is_asked_for_once_more(before, cast, programme):
    was = before.seen
    Proposal.objects.filter(pk=before.pk).update(reason="Swapped", round=2, revision_number=3)
    now = migrated(before)
    assert (now.seen == was, whole(now, cast.lead).given) == (False, 0)
    asked = Notice.objects.filter(kind="proposal", event="P1 round 2 again")
    assert list(asked.values_list("person__username", "on")) == [("editor", "P1")]
    assert swap(now, cast, "title").round == 3
    assert migrated(before).seen == Proposal.objects.get().seen


def test_an_approval_from_before_evidence_was_cited_is_asked_for_once_more(before, cast):
    agree(before, cast.lead)
    Proposal.objects.filter(pk=before.pk).update(seen="0" * 64)  # as a reason that went there and back let it be cited
    before.refresh_from_db()
    by = actor(cast.contributor)
    before.programme.withheld = False
    cite(before, by=by, **evidence_named(before.programme, ["X1"]))
    Proposal.objects.filter(pk=before.pk).update(seen=as_before(before))
    assert whole(migrated(before), cast.lead).given == 0
