"""Claims about the pages of proposals: made from every form, reviewed, decided; nothing typed is ever lost."""

import pytest

from cmo.models import Draft, Proposal, ProposalTarget, Statement
from cmo.reading.counts import waiting_for
from cmo.reading.review_queue import queue_of
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.proposing import propose, submit
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.rules.founding import describe

P = "/p/cse-test"
OLD = "If a worker stays with the family, then they are trusted, because trust grows with time."
SHARPER = "each kept promise is noticed"


def body(answer) -> str:
    return answer.content.decode()


def latest(number=None) -> Proposal:
    rows = Proposal.objects.select_related("programme", "author")
    return rows.get(number=number) if number else rows.order_by("-pk")[0]


def moved(record, by, wording):
    now = Statement.objects.select_related("programme").get(pk=record.pk)
    return revise(now, by=by, base=now.revision_number, words=Words(wording=wording))


@pytest.fixture
def sent(statement, cast, as_):
    """P1, the contributor's open proposal on S1."""
    statement()
    as_(cast.contributor).post(
        f"{P}/s/1/propose", {"base": 1, "mode": "parts", "if": "a worker stays with the family", "area": "",
                             "then": "they are trusted", "because": SHARPER, "reason": "Time alone says little.",
                             "title": "Say what time brings", "do": "send"},
    )  # fmt: skip
    return latest()


def test_from_proposal_to_the_new_revision(sent, cast, as_, actor):
    """The main trial: propose, ask for a change, revise, somebody edits meanwhile, rebase, accept."""
    contributor, editor = as_(cast.contributor), as_(cast.editor)
    assert (sent.state, sent.title) == ("open", "Say what time brings")
    page = body(editor.get(f"{P}/proposals/1"))
    assert f"<ins>{SHARPER}" in page
    assert "Time alone says little." in page
    asked = editor.post(
        f"{P}/proposals/1/answer", {"answer": "agree_with_changes", "reason": "Say who notices.", "seen": sent.seen}
    )
    assert asked.status_code == 302
    revised = {"base": 2, "title": sent.title, "reason": sent.reason, "c0.0-wording": OLD.replace(
        "trust grows with time", "each kept promise is noticed by the family")}  # fmt: skip
    assert contributor.get(f"{P}/proposals/1/edit").status_code == 200
    assert contributor.post(f"{P}/proposals/1/edit", revised).status_code == 302
    now = latest()
    assert (now.round, now.state) == (2, "open")
    page = body(editor.get(f"{P}/proposals/1"))
    assert "Round 1" in page
    assert "<ins>by the family</ins>" in page.replace(" by the family</ins>", "<ins>by the family</ins>")
    moved(Statement.objects.get(number=1), actor(cast.lead), OLD.replace("If a worker", "When a worker"))
    page = body(editor.get(f"{P}/proposals/1"))
    assert "S1 has changed since this was written" in page
    late = editor.post(f"{P}/proposals/1/answer", {"answer": "agree", "reason": "My long reason.", "seen": now.seen})
    assert late.status_code == 409
    assert "My long reason." in body(late)
    assert editor.post(f"{P}/proposals/1/rebase", {"base": now.revision_number}).status_code == 302
    now = latest()
    stale = editor.post(f"{P}/proposals/1/answer", {"answer": "agree", "reason": "Kept words.", "seen": sent.seen})
    assert stale.status_code == 409
    assert "Kept words." in body(stale)
    assert now.seen in body(stale)
    done = editor.post(f"{P}/proposals/1/decide", {"d-decision": "accept", "d-reason": "Good.", "d-seen": now.seen})
    assert done.status_code == 302
    shown = body(editor.get(f"{P}/s/1"))
    assert "each kept promise is noticed by the family" in shown
    assert f'href="{P}/proposals/1"' in shown
    assert "Edda Editor" in shown
    assert "When a worker stays" in shown


def test_a_form_that_was_refused_comes_back_with_all_that_was_typed(statement, cast, as_):
    statement()
    typed = {"base": 1, "mode": "sentence", "wording": OLD + " Really.", "reason": "", "title": "My title",
             "area": "", "do": "send"}  # fmt: skip
    answer = as_(cast.contributor).post(f"{P}/s/1/propose", typed)
    assert answer.status_code == 422
    assert "Really." in body(answer)
    assert "My title" in body(answer)
    assert not Proposal.objects.exists()


def test_a_draft_is_private_and_sent_later(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    typed = {"base": 1, "mode": "sentence", "wording": OLD.replace("time", "years"), "reason": "Years.", "do": "draft"}
    assert browser.post(f"{P}/s/1/propose", typed).status_code == 302
    made = latest()
    assert made.state == "draft"
    assert as_(cast.editor).get(f"{P}/proposals/{made.number}").status_code == 404
    assert browser.post(f"{P}/proposals/{made.number}/submit", {"base": 1}).status_code == 302
    assert as_(cast.editor).get(f"{P}/proposals/{made.number}").status_code == 200
    assert browser.post(f"{P}/proposals/{made.number}/withdraw", {"base": 2}).status_code == 302
    assert latest().state == "withdrawn"


def test_words_written_on_an_older_version_are_kept_as_a_draft_of_the_proposal(statement, cast, as_, actor):
    first = statement()
    moved(first, actor(cast.lead), OLD.replace("family", "household"))
    typed = {"base": 1, "mode": "sentence", "wording": OLD.replace("time", "years"), "reason": "Years.", "do": "send"}
    answer = as_(cast.contributor).post(f"{P}/s/1/propose", typed)
    assert answer.status_code == 302
    made = latest()
    assert made.state == "draft"
    page = body(as_(cast.contributor).get(answer["Location"]))
    assert "has changed since this was written" in page
    assert "Accept as the new base" in page


def test_several_records_stand_in_one_proposal(sent, statement, cast, as_):
    statement("If seen, then believed, because it is shown.")
    browser = as_(cast.contributor)
    assert "Into P1" in body(browser.get(f"{P}/s/2/propose"))
    answer = browser.post(f"{P}/s/2/propose/turn", {"base": 1, "reason": "", "to": "1", "do": "send"})
    assert answer.status_code == 302
    now = latest(1)
    assert [change["change"] for change in now.content] == ["revise", "retire"]
    assert now.round == 2
    dropped = {"base": now.revision_number, "reason": now.reason, "title": now.title, "drop-1": "on"}
    assert browser.post(f"{P}/proposals/1/edit", dropped).status_code == 302
    assert len(latest(1).content) == 1


def test_every_reason_that_was_given_stays_in_a_proposal_of_several_records(sent, statement, cast, as_):
    for wording in ("If seen, then believed.", "If heard, then known.", "If asked, then told."):
        statement(wording)
    browser = as_(cast.contributor)
    for number, why in ((2, "Nobody\r\nsees it."), (3, "Time alone says little."), (4, " "), (2, "Nobody\nsees it.")):
        turn = {"base": 1, "reason": why, "to": "1", "do": "send"}
        assert browser.post(f"{P}/s/{number}/propose/turn", turn).status_code == 302
    now = latest(1)
    assert now.reason == "Time alone says little.\n\nNobody\nsees it."
    assert len(now.content) == 4


def test_a_reason_that_does_not_fit_beside_the_others_is_given_back_and_nothing_is_lost(sent, statement, cast, as_):
    statement("If seen, then believed.")
    why = "It is seen. " * 166
    turn = {"base": 1, "reason": why, "to": "1", "do": "send"}
    answer = as_(cast.contributor).post(f"{P}/s/2/propose/turn", turn)
    assert answer.status_code == 422
    assert why.strip() in body(answer)
    assert "P1 gives reasons already; with yours they would be 2016 characters long" in body(answer)
    assert latest(1).reason == "Time alone says little."
    assert len(latest(1).content) == 1


def test_retire_restore_new_and_configurations_are_proposed(statement, cast, as_, programme):
    statement()
    browser = as_(cast.contributor)
    assert browser.get(f"{P}/s/1/propose/turn").status_code == 200
    answers = [
        browser.post(f"{P}/s/1/propose/turn", {"base": 1, "reason": "Said twice.", "do": "send"}),
        browser.post(f"{P}/s/propose", {"mode": "sentence", "wording": "If new, then old.", "reason": "New.",
                                        "area": "", "do": "send"}),
        browser.post(f"{P}/cmo/propose", {"plain": "Time makes trust.", "slot-context": "time is there",
                                          "reason": "New.", "do": "send"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    for number in (1, 2, 3):
        assert as_(cast.editor).get(f"{P}/proposals/{number}").status_code == 200
    listed = body(browser.get(f"{P}/proposals"))
    assert "retire S1" in listed
    assert "If new, then old." in listed
    assert "Time makes trust." in listed


def test_where_changes_are_reviewed_an_agreed_record_offers_the_proposal_alone(statement, cast, as_, programme, actor):
    statement(state="agreed")
    describe(programme, by=actor(cast.lead), base=programme.revision_number, agreement="reviewed")
    browser = as_(cast.editor)
    opened = browser.get(f"{P}/s/1/edit", follow=True)
    assert opened.redirect_chain == [(f"{P}/s/1/propose", 302)]
    assert "changes what is agreed by review" in body(opened)
    assert "Save as new version" not in body(opened)


@pytest.mark.parametrize("agreement", ["direct", "reviewed"])
def test_a_page_offers_what_the_rule_would_take(agreement, statement, cast, as_, programme, actor):
    """In a reviewed programme an agreed record has no form that would be refused: all is proposed."""
    by = actor(cast.editor)
    configure(programme, by=by, elements=[Placed("context", text="Doors stay open.")], state="agreed")
    revise(statement(state="agreed"), by=by, base=1, words=Words(wording=SHARPER))
    describe(programme, by=actor(cast.lead), base=programme.revision_number, agreement=agreement)
    editor, direct = as_(cast.editor), agreement == "direct"
    for path, acts in ((f"{P}/s/1", "edit retire restore"), (f"{P}/cmo/1", "edit retire"), (f"{P}/e/1", "edit retype")):
        page = body(editor.get(path))
        assert {act for act in acts.split() if f'"{path}/{act}"' in page} == (set(acts.split()) if direct else set())
        assert f'"{path}/propose"' in page
        assert f'"{path}/propose/turn"' in page
    older = f'"{P}/s/1/propose/turn?revision=1"'
    assert (older in body(editor.get(f"{P}/s/1"))) is not direct
    assert older in body(as_(cast.contributor).get(f"{P}/s/1"))
    assert "Propose to restore S1" in body(editor.get(f"{P}/s/1/propose/turn?revision=1"))


def test_who_only_proposes_finds_it_where_others_edit(statement, cast, as_):
    statement()
    page = body(as_(cast.contributor).get(f"{P}/s/1"))
    assert f'href="{P}/s/1/propose"' in page
    assert f'href="{P}/s/1/edit"' not in page
    rows = body(as_(cast.contributor).get(f"{P}/theory"))
    assert f'href="{P}/s/1/propose"' in rows
    assert f'href="{P}/s/1/propose"' not in body(as_(cast.viewer).get(f"{P}/s/1"))


def test_what_was_typed_to_propose_is_kept_meanwhile(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    assert browser.post(f"{P}/s/1/draft", {"base": 1, "mode": "sentence", "wording": "Half a"}).status_code == 204
    assert Draft.objects.get().person == cast.contributor
    assert "Half a" in body(browser.get(f"{P}/s/1/propose"))


def test_after_an_answer_the_next_that_waits_opens(sent, statement, cast, as_, programme, actor):
    submit(propose(programme, by=actor(cast.contributor), reason="B.", changes=[
        {"change": "new", "wording": "If b, then c."}]), by=actor(cast.contributor), base=1)  # fmt: skip
    browser = as_(cast.editor)
    answer = browser.post(
        f"{P}/proposals/1/answer", {"answer": "agree", "reason": "Yes.", "seen": sent.seen, "next": "1"}
    )
    assert answer["Location"] == f"{P}/proposals/2?queue=1"
    last = browser.post(
        f"{P}/proposals/2/answer", {"answer": "abstain", "reason": "", "seen": latest(2).seen, "next": "1"}
    )
    assert last["Location"] == f"{P}/proposals/1?queue=1"  # it has its approval and waits to be decided


def test_several_are_answered_on_one_screen_and_a_refused_row_keeps_its_reason(sent, cast, as_, programme, actor):
    submit(propose(programme, by=actor(cast.contributor), reason="B.", changes=[
        {"change": "new", "wording": "If b, then c."}]), by=actor(cast.contributor), base=1)  # fmt: skip
    browser = as_(cast.editor)
    page = body(browser.get(f"{P}/reviews"))
    assert SHARPER in page
    assert "waits for your answer<" not in page
    answer = browser.post(f"{P}/reviews", {
        "answer-1": "agree", "reason-1": "Yes.", "seen-1": sent.seen,
        "answer-2": "disagree", "reason-2": "I do not see it", "seen-2": "0" * 64,
    })  # fmt: skip
    assert answer.status_code == 422
    assert "P2 was revised while you read" in body(answer)
    assert "I do not see it" in body(answer)
    assert latest(1).reviews.count() == 1
    assert latest(2).reviews.count() == 0


def test_answers_are_hidden_while_the_review_is_blind(statement, cast, as_, programme, actor):
    statement()
    describe(programme, by=actor(cast.lead), base=programme.revision_number, blind=True, approvals=2)
    change = {"record": "S1", "base": 1, "wording": OLD.replace("time", "years")}
    made = submit(propose(programme, by=actor(cast.contributor), reason="Y.", changes=[change]),
                  by=actor(cast.contributor), base=1)  # fmt: skip
    as_(cast.lead).post(f"{P}/proposals/1/answer", {"answer": "disagree", "reason": "Secret no.", "seen": made.seen})
    page = body(as_(cast.editor).get(f"{P}/proposals/1"))
    assert "Secret no." not in page
    assert "1 answer is hidden" in page
    as_(cast.editor).post(f"{P}/proposals/1/answer", {"answer": "agree", "reason": "Yes.", "seen": made.seen})
    assert "Secret no." in body(as_(cast.editor).get(f"{P}/proposals/1"))
    refused = as_(cast.editor).post(f"{P}/proposals/1/decide", {"d-decision": "accept", "d-seen": made.seen})
    assert refused.status_code == 422
    assert "2 approvals are needed" in body(refused)
    done = as_(cast.editor).post(
        f"{P}/proposals/1/decide", {"d-decision": "refuse", "d-reason": "Not yet.", "d-seen": made.seen}
    )
    assert done.status_code == 302
    page = body(as_(cast.viewer).get(f"{P}/proposals/1"))
    assert "Who did not agree" in page
    assert "Not yet." in page


def test_home_and_every_page_count_what_waits(sent, cast, as_, actor, contexts):
    assert waiting_for(cast.editor) == 1  # the proposal; the notice that it waits is not another thing
    assert cast.editor.notices.filter(read=None, kind="proposal").count() == 1
    for who in ("lead", "editor", "contributor", "viewer"):
        person = getattr(cast, who)
        notices = person.notices.filter(read=None).exclude(kind="proposal").count()
        assert waiting_for(person) == notices + len(queue_of(person).mine), who
    page = body(as_(cast.editor).get("/"))
    assert SHARPER in page
    assert "waits for your answer<" not in page
    assert f'href="{P}/proposals/1?queue=1"' in page
    as_(cast.editor).post(f"{P}/proposals/1/answer", {"answer": "disagree", "reason": "No.", "seen": sent.seen})
    assert queue_of(cast.contributor).revise == [sent]
    assert waiting_for(cast.contributor) == 1 + cast.contributor.notices.filter(read=None).count()
    moved(Statement.objects.get(number=1), actor(cast.lead), OLD.replace("family", "household"))
    for who in ("lead", "editor", "contributor", "viewer"):
        person = getattr(cast, who)
        notices = person.notices.filter(read=None).exclude(kind="proposal").count()
        assert waiting_for(person) == notices + len(queue_of(person).mine), who
        context = as_(person).get("/").context
        assert waiting_for(person) == context["asked"] + context["told"] + len(context["drafts"]), who


def test_a_record_names_the_proposals_that_wait_on_it(sent, cast, as_):
    page = body(as_(cast.viewer).get(f"{P}/s/1"))
    assert f'href="{P}/proposals/1"' in page


def test_the_lead_says_how_changes_are_agreed(cast, as_, programme):
    browser = as_(cast.lead)
    answer = browser.post(f"{P}/settings/agreement", {
        "agree-base": programme.revision_number, "agree-agreement": "reviewed", "agree-approvals": "2",
        "agree-blind": "on",
    })  # fmt: skip
    assert answer.status_code == 302
    programme.refresh_from_db()
    assert (programme.agreement, programme.approvals, programme.blind) == ("reviewed", 2, True)
    wrong = browser.post(f"{P}/settings/agreement", {
        "agree-base": programme.revision_number, "agree-approvals": "0", "agree-agreement": "direct",
    })  # fmt: skip
    assert wrong.status_code == 422


def test_merge_and_split_are_proposed_from_the_forms_of_lineage(statement, cast, as_):
    statement()
    statement("If seen, then believed, because it is shown.")
    browser = as_(cast.contributor)
    sent = {"pick": ["1:1", "2:1"], "wording": "If both, then one, because alike.", "reason": "Alike.", "do": "send"}
    assert browser.post(f"{P}/theory/merge", sent).status_code == 302
    assert latest().content[0]["change"] == "merge"
    typed = {"base": 1, "p1-wording": "If a, then b.", "p2-wording": "If c, then d.", "reason": "Two.", "do": "draft"}
    assert browser.post(f"{P}/s/1/split", typed).status_code == 302
    assert [piece["wording"] for piece in latest().content[0]["pieces"]] == ["If a, then b.", "If c, then d."]
    refused = browser.post(f"{P}/s/1/split", {**typed, "reason": "", "do": "send"})
    assert refused.status_code == 422
    assert "If c, then d." in body(refused)
    assert as_(cast.editor).get(f"{P}/proposals/1").status_code == 200


@pytest.mark.parametrize("many", [1, 3, 1000])
def test_the_pages_ask_the_same_number_of_questions_however_many_there_are(
    many, statement, cast, as_, programme, actor, queries
):
    """Of what grows with the theory and the team's work; the answers of some are there too."""
    statement()
    by = actor(cast.contributor)
    change = {"record": "S1", "base": 1, "wording": OLD.replace("time", "years")}
    first = submit(propose(programme, by=by, reason="Y.", changes=[change]), by=by, base=1)
    now = {"author": cast.contributor, "state": "open", "seen": first.seen, "content": first.content, "round": 1,
           "created": first.created, "updated": first.updated, "sent": first.sent}  # fmt: skip
    made = Proposal.objects.bulk_create(Proposal(programme=programme, number=n, **now) for n in range(2, many + 1))
    ProposalTarget.objects.bulk_create(
        ProposalTarget(proposal=one, statement_id=first.targets.get().statement_id, base=1) for one in made
    )
    browser = as_(cast.editor)
    browser.get("/")
    for address, asked in ASKED.items():
        with queries(asked):
            assert browser.get(address).status_code == 200, address


ASKED = {f"{P}/proposals": 10, f"{P}/reviews": 13, f"{P}/proposals/1": 19, "/": 16}
