"""Claims about proposals whose own changes move each other's records, and withdrawn ones whose records moved on."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Configuration, Element, Outcome, Proposal, Statement
from cmo.reading.proposals import whole
from cmo.rules.carrying_out import Moved
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.proposing import propose, rebase, rewrite_proposal, submit, withdraw
from cmo.rules.reviewing import decide
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.api.base import Door
from programmes.models import AuditEvent
from tests.conftest import actor

BASE = "/api/v1/programmes/cse-test"
OLD = "If a worker stays, then they are trusted, because trust grows."


@pytest.fixture
def made(programme, cast):
    """CMO2 of one element, E1, a context; there is no proposal P2."""
    by = actor(cast.editor)
    configure(programme, by=by, elements=[Placed("outcome", text="nothing changes")], words={"nickname": "Other"})
    return configure(programme, by=by, elements=[Placed("context", text="time is short")], words={"nickname": "Time"})


RETYPED = {"record": "E2", "base": 1, "change": "retyped", "kind": "outcome"}
NAMED = {"record": "CMO2", "base": 1, "change": "described", "nickname": "Short of time"}


@pytest.mark.parametrize("changes", [[RETYPED, NAMED], [NAMED, RETYPED]])
def test_what_a_proposal_moves_itself_is_no_reason_to_refuse_it(made, programme, cast, api, changes):
    propose(programme, by=actor(cast.contributor), changes=changes, reason="So.")
    sent = api(cast.contributor).post(f"{BASE}/proposals/1/submit/", format="json", HTTP_IF_MATCH='"1"')
    assert (sent.status_code, sent.json()["moved"]) == (200, [])
    assert (made.revisions.count(), Element.objects.get(number=2).kind) == (1, "context")  # trying it out wrote nothing
    body = {"decision": "accept", "seen": sent.json()["seen"]}
    assert api(cast.lead).post(f"{BASE}/proposals/1/decide/", body, format="json").status_code == 201
    now = Configuration.objects.get(number=2)
    assert (now.revision_number, now.nickname, now.placings.get().role) == (3, "Short of time", "outcome")
    written = Outcome.objects.order_by("pk").values_list("element__number", "configuration__number", "revision")
    assert sorted(written, key=str) == sorted([(2, None, 2), (None, 2, 3 if changes[0] is RETYPED else 2)], key=str)
    call_command("check_integrity")


def test_a_page_carries_out_what_moves_itself(made, programme, cast, as_):
    propose(programme, by=actor(cast.contributor), changes=[RETYPED, NAMED], reason="So.")
    assert as_(cast.contributor).post("/p/cse-test/proposals/1/submit", {"base": 1}).status_code == 302
    now = Proposal.objects.get()
    sent = {"d-decision": "accept", "d-reason": "So.", "d-seen": now.seen}
    assert as_(cast.lead).post("/p/cse-test/proposals/1/decide", sent).status_code == 302
    assert Configuration.objects.get(number=2).nickname == "Short of time"


def test_a_change_that_another_made_already_is_refused_with_its_number(made, programme, cast):
    same = {"record": "CMO2", "base": 1, "change": "described", "nickname": "Time", "state": "draft"}
    one = propose(programme, by=actor(cast.contributor), changes=[RETYPED, same], reason="So.")
    with pytest.raises(ValidationError, match="Change 2: CMO2 reads so already"):
        submit(one, by=actor(cast.contributor), base=1)
    assert made.revisions.count() == 1


def test_what_somebody_else_moved_is_still_refused_whichever_change_comes_first(made, programme, cast, api):
    one = propose(programme, by=actor(cast.contributor), changes=[RETYPED, NAMED], reason="So.")
    Configuration.objects.filter(number=2).update(revision_number=2)
    with pytest.raises(Moved) as moved:
        submit(one, by=actor(cast.contributor), base=1)
    assert moved.value.labels == ["CMO2"]
    told = api(cast.contributor).post(f"{BASE}/proposals/1/submit/", format="json", HTTP_IF_MATCH='"1"')
    assert (told.status_code, told.json()["current"]["label"], told.json()["current"]["moved"]) == (412, "P1", ["CMO2"])


def test_a_record_that_moved_on_is_shown_by_the_door_of_its_kind(made, statement, programme, cast, api, rf):
    """Whatever the number means at the door that was asked: here the statement S2 is no proposal, no P2 is there."""
    statement(OLD)
    statement("If asked, then told.")
    knocks = api(cast.editor)
    addresses = {"S2": "statements/2", "CMO2": "configurations/2", "E2": "elements/2"}
    found = {"S2": Statement.objects.get(number=2), "CMO2": made, "E2": Element.objects.get(number=2)}
    programme.withheld = False
    for asked in ("Proposal", "Element", "Statement", "Theme", "TheoryArea"):
        door = Door.showing[asked](request=rf.get("/"), kwargs={"number": 1})
        door.actor, door.programme = actor(cast.editor), knocks.get(f"{BASE}/").renderer_context["view"].programme
        for label, record in found.items():
            body, tag = door.now_of(record)
            shown = knocks.get(f"{BASE}/{addresses[label]}/")
            assert (body["label"], tag) == (label, shown["ETag"])


# ---------------------------------------------------------------- withdrawn, and what it starts from went on


@pytest.fixture
def withdrawn(programme, statement, cast):
    """P1 of the contributor on S1, withdrawn; S1 went on since."""
    one, by = statement(OLD), actor(cast.contributor)
    kept = OLD.replace("trust grows", "each promise is kept")
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": kept}
    sent = submit(propose(programme, by=by, changes=[change], reason="So."), by=by, base=1)
    now = withdraw(sent, by=by, base=2)
    revise(one, by=actor(cast.lead), base=1, words=Words(wording=OLD.replace("a worker", "one worker")))
    return now


def test_a_withdrawn_proposal_is_brought_onto_its_record_and_sent_again(withdrawn, cast, api):
    knocks, here = api(cast.contributor), f"{BASE}/proposals/1"
    refused = knocks.post(f"{here}/submit/", format="json", HTTP_IF_MATCH='"3"')
    assert (refused.status_code, refused.json()["current"]["moved"]) == (412, ["S1"])
    rebased = knocks.post(f"{here}/rebase/", format="json", HTTP_IF_MATCH='"3"')
    told = rebased.json()
    assert (rebased.status_code, told["state"], told["round"], told["moved"]) == (200, "withdrawn", 1, [])
    assert AuditEvent.objects.order_by("-number").values_list("verb", "reason", "seals").first() == (
        "proposal rebased", "", "",
    )  # fmt: skip
    sent = knocks.post(f"{here}/submit/", format="json", HTTP_IF_MATCH='"4"').json()
    assert (sent["state"], sent["round"]) == ("open", 2)
    assert decide(Proposal.objects.get(), by=actor(cast.lead), decision="accept", seen=sent["seen"]).decided
    said = "If one worker stays, then they are trusted, because each promise is kept."
    assert Statement.objects.get().wording == said
    call_command("check_integrity")


def test_a_withdrawn_proposal_is_revised_without_a_round_and_sent_again(withdrawn, cast, api):
    knocks, here = api(cast.contributor), f"{BASE}/proposals/1"
    body = {"reason": "Two say so.", "changes": [{"record": "S1", "base": 2, "change": "retired"}]}
    told = knocks.patch(f"{here}/", body, format="json", HTTP_IF_MATCH='"3"').json()
    assert (told["state"], told["round"], told["reason"], told["moved"]) == ("withdrawn", 1, "Two say so.", [])
    assert knocks.post(f"{here}/submit/", format="json", HTTP_IF_MATCH='"4"').json()["round"] == 2


def test_the_page_of_a_withdrawn_proposal_does_what_it_offers(withdrawn, cast, as_):
    page, mine = "/p/cse-test/proposals/1", as_(cast.contributor)
    shown = mine.get(page).content.decode()
    assert "Accept as the new base" in shown
    assert f'href="{page}/edit"' in shown
    assert "Accept as the new base" not in as_(cast.lead).get(page).content.decode()
    form = mine.get(f"{page}/edit").content.decode()
    assert "It stays withdrawn until you lay it before the team again." in form
    assert "Save it" in form
    typed = {"base": 3, "title": "", "reason": "Two say so.", "c0.0-wording": "If so, then so.", "now-S1": 2}
    assert mine.post(f"{page}/edit", typed).status_code == 302
    assert "It is withdrawn until you lay it before the team again." in mine.get(page).content.decode()
    assert mine.post(f"{page}/submit", {"base": 4}).status_code == 302
    assert (Proposal.objects.get().round, Proposal.objects.get().state) == (2, "open")


def test_nobody_else_brings_a_withdrawn_proposal_onto_a_new_base(withdrawn, cast):
    with pytest.raises(ValidationError, match="P1 is withdrawn; its authors bring it onto a new base"):
        rebase(withdrawn, by=actor(cast.lead), base=3)
    with pytest.raises(PermissionDenied, match="Only its authors change a proposal"):
        rewrite_proposal(withdrawn, by=actor(cast.lead), base=3, reason="Mine.")


def test_the_log_tells_nothing_of_a_draft_that_was_withdrawn_and_revised(programme, statement, cast):
    statement(OLD)
    by = actor(cast.contributor)
    draft = propose(programme, by=by, changes=[{"record": "S1", "change": "retired"}], reason="A secret.")
    rewrite_proposal(withdraw(draft, by=by, base=1), by=by, base=2, reason="Another secret.")
    assert not AuditEvent.objects.filter(reason__contains="secret").exists()
    assert AuditEvent.objects.order_by("-number")[0].detail == {}


def test_what_was_withdrawn_and_revised_is_not_approved_by_what_was_said_before(withdrawn, cast, programme):
    by = actor(cast.contributor)
    again = submit(rebase(withdrawn, by=by, base=3), by=by, base=4)
    assert whole(again, cast.lead).given == 0
