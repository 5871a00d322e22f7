"""Claims about what the page of a proposal tells: dissent, what moved meanwhile, why it was withdrawn."""

import pytest

from cmo.models import Proposal, Statement
from cmo.reading.digest_texts import as_markdown
from cmo.reading.digests import digest_of, digest_since_last
from cmo.reading.meetings import find_meeting
from cmo.reading.proposals import find_proposal, whole
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.meeting import record_meeting
from cmo.rules.proposing import propose, submit
from cmo.rules.redacting import take_out
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from tests.evidence_factories import linked

P = "/p/cse-test"
OLD = "If a worker stays with the family, then they are trusted, because trust grows with time."


def body(answer) -> str:
    return answer.content.decode()


def latest() -> Proposal:
    return Proposal.objects.select_related("programme", "author").order_by("-pk")[0]


@pytest.fixture
def put(programme, cast, actor):
    """Lay changes of the contributor's before the team."""

    def make(*changes, reason="Time alone says little."):
        by = actor(cast.contributor)
        return submit(propose(programme, by=by, changes=list(changes), reason=reason), by=by, base=1)

    return make


@pytest.fixture
def sent(statement, put):
    """P1, the contributor's open proposal on S1."""
    statement()
    return put({"record": "S1", "base": 1, "wording": OLD.replace("time", "years")})


@pytest.mark.parametrize("then", ["agree", "abstain"])
def test_dissent_stays_to_be_read_when_who_gave_it_answers_otherwise_later(then, sent, cast, as_, actor):
    """On the proposal, in the history of what it wrote, in the digest, and in what is believed and why."""
    contributor, editor, lead = as_(cast.contributor), as_(cast.editor), as_(cast.lead)
    editor.post(f"{P}/proposals/1/answer", {"answer": "disagree", "reason": "One voice only.", "seen": sent.seen})
    again = {"base": 2, "title": sent.title, "reason": "Two voices.",
             "c0.0-wording": sent.content[0]["content"]["wording"]}  # fmt: skip
    assert contributor.post(f"{P}/proposals/1/edit", again).status_code == 302
    seen = latest().seen
    editor.post(f"{P}/proposals/1/answer", {"answer": then, "reason": "Now two.", "seen": seen})
    said = "in round 1; later: " + then
    open_ = body(lead.get(f"{P}/proposals/1"))
    assert "Answers to it" in open_
    assert open_.count("One voice only.") == 2  # under its round, and among the reviewers
    decision = {"d-decision": "accept", "d-reason": "", "d-seen": seen}
    assert lead.post(f"{P}/proposals/1/decide", decision).status_code == 302
    page = body(lead.get(f"{P}/proposals/1"))
    assert page.count("One voice only.") == 3
    assert "Who did not agree" in page
    assert said in page
    history = body(lead.get(f"{P}/s/1"))
    assert "One voice only." in history
    assert said in history
    told = [{"by": "editor", "answer": "disagree", "reason": "One voice only.", "then": then}]
    assert digest_since_last(sent.programme).as_json()["decided"][0]["dissent"] == told
    meeting = find_meeting(sent.programme, record_meeting(sent.programme, by=actor(cast.lead), title="Autumn").number)
    assert f"disagree: One voice only. (later: {then})" in as_markdown(digest_of(meeting), meeting)
    assert f"later: {then}" in body(lead.get(f"{P}/meetings/1"))
    why = lead.get("/api/v1/programmes/cse-test/statements/1/why/").json()
    assert told[0] in [one for step in why["revisions"] for one in step["answers"]]


def test_what_a_reviewer_names_is_a_link_wherever_the_page_says_it(sent, cast, as_, actor, programme):
    """Among the reviewers, under its round, and as dissent; the evidence only for those who see it."""
    linked(Statement.objects.get(), cast.editor)
    editor, lead = as_(cast.editor), as_(cast.lead)
    reason = "X1 tells it otherwise than S1 does, and X9 <b>no</b>."
    editor.post(f"{P}/proposals/1/answer", {"answer": "disagree", "reason": reason, "seen": sent.seen})
    again = {"base": 2, "title": sent.title, "reason": "Two voices.",
             "c0.0-wording": sent.content[0]["content"]["wording"]}  # fmt: skip
    assert as_(cast.contributor).post(f"{P}/proposals/1/edit", again).status_code == 302
    lead.post(f"{P}/proposals/1/decide", {"d-decision": "accept", "d-reason": "", "d-seen": latest().seen})
    said = f'tells it otherwise than <a href="{P}/s/1">S1</a> does, and X9 &lt;b&gt;no&lt;/b&gt;.'
    assert body(lead.get(f"{P}/proposals/1")).count(f'<a href="{P}/x/1">X1</a> {said}') == 3
    withhold_evidence(programme, by=actor(cast.lead), username="viewer", withheld=True)
    hidden = body(as_(cast.viewer).get(f"{P}/proposals/1"))
    assert (hidden.count(f"X1 {said}"), hidden.count("X1</a>")) == (3, 0)


def test_changes_that_were_made_are_no_dissent_any_more(sent, cast, as_):
    as_(cast.editor).post(
        f"{P}/proposals/1/answer", {"answer": "agree_with_changes", "reason": "Say who.", "seen": sent.seen}
    )
    as_(cast.editor).post(f"{P}/proposals/1/answer", {"answer": "agree", "reason": "Good.", "seen": sent.seen})
    found = whole(latest(), cast.lead)
    assert (found.dissent(), [one.reason for one in found.told()]) == ([], ["Good."])


def test_of_a_blind_review_an_earlier_round_tells_what_may_be_seen_and_no_more(statement, cast, as_, programme, actor):
    statement()
    describe(programme, by=actor(cast.lead), base=programme.revision_number, blind=True)
    change = {"record": "S1", "base": 1, "wording": OLD.replace("time", "years")}
    made = submit(propose(programme, by=actor(cast.contributor), reason="Y.", changes=[change]),
                  by=actor(cast.contributor), base=1)  # fmt: skip
    editor, lead = as_(cast.editor), as_(cast.lead)
    editor.post(f"{P}/proposals/1/answer", {"answer": "disagree", "reason": "First no.", "seen": made.seen})
    assert "First no." not in body(lead.get(f"{P}/proposals/1"))
    # Withdrawn and laid before the team once more with the same words, its answers are of a round before and of now.
    contributor = as_(cast.contributor)
    contributor.post(f"{P}/proposals/1/withdraw", {"base": 2})
    contributor.post(f"{P}/proposals/1/submit", {"base": 3})
    assert latest().round == 2
    assert "First no." not in body(lead.get(f"{P}/proposals/1"))
    again = {"base": 4, "title": "", "reason": "Z.", "c0.0-wording": OLD.replace("time", "many years")}
    assert contributor.post(f"{P}/proposals/1/edit", again).status_code == 302
    editor.post(f"{P}/proposals/1/answer", {"answer": "abstain", "reason": "Second.", "seen": latest().seen})
    page = body(lead.get(f"{P}/proposals/1"))
    assert "First no." in page
    assert "Second." not in page
    assert "later:" not in page
    assert "1 answer is hidden" in page


def test_what_moved_meanwhile_is_not_struck_as_if_the_proposal_did_it(sent, cast, as_, actor, statement):
    """On its page in all views, in the queue and by API: the difference is what the proposal changes."""
    first = Statement.objects.select_related("programme").get(number=1)
    revise(first, by=actor(cast.lead), base=1, words=Words(wording=OLD.replace("are trusted", "are heeded")))
    editor = as_(cast.editor)
    page = body(editor.get(f"{P}/proposals/1"))
    change = page[page.index('id="change"') : page.index('id="h-why"')]
    assert "heeded" not in change
    assert ("<del>time</del>" in change, "<ins>years</ins>" in change) == (True, True)
    above = page[: page.index('id="change"')]
    assert f"what {cast.lead.name} wrote is not part of it" in above
    assert ("<del>trusted</del>" in above, "<ins>heeded</ins>" in above) == (True, True)
    side = body(editor.get(f"{P}/proposals/1?view=side"))
    assert "<h4>Version 1</h4>" in side
    assert "<h4>Now</h4>" not in side
    queue = body(editor.get(f"{P}/reviews"))
    assert "heeded" not in queue
    assert "S1 moved on" in queue
    api = editor.get("/api/v1/programmes/cse-test/proposals/1/").json()
    assert [row["before"] for row in api["changes"][0]["differences"] if row["field"] == "wording"] == [OLD]
    waiting = editor.get("/api/v1/programmes/cse-test/queue/").json()["mine"][0]
    assert [row["before"] for row in waiting["changes"][0]["differences"] if row["field"] == "wording"] == [OLD]
    assert "It is answered and accepted once it starts from what stands there now." in page
    assert "Checks advise; they block nothing." not in page
    done = editor.post(f"{P}/proposals/1/rebase", {"base": sent.revision_number}, follow=True)
    change = body(done)[body(done).index('id="change"') :]
    assert "are heeded" in change
    assert "Checks advise; they block nothing." in change


@pytest.mark.parametrize("moved", [False, True])
def test_a_proposal_of_which_a_record_moved_is_read_in_as_many_questions(
    moved, statement, put, cast, actor, programme, queries
):
    for n in (1, 2, 3):
        statement(f"If {n}, then so.")
    made = put(*[{"record": f"S{n}", "base": 1, "wording": f"If {n}, then not."} for n in (1, 2, 3)])
    if moved:
        for first in Statement.objects.select_related("programme"):
            revise(first, by=actor(cast.lead), base=1, words=Words(wording=f"{first.wording} Yes."))
    found = find_proposal(cast.lead, programme, made.number)
    with queries(7):
        told = whole(found, cast.lead)
    assert [one.before for change in told.changes for one in change.fields if one.name == "wording"] == [
        "If 1, then so.", "If 2, then so.", "If 3, then so.",
    ]  # fmt: skip


def test_why_it_was_withdrawn_stands_on_its_page_until_a_lead_takes_the_words_out(sent, cast, as_, programme, actor):
    contributor, lead = as_(cast.contributor), as_(cast.lead)
    api = "/api/v1/programmes/cse-test/proposals/1/"
    assert lead.get(api).json()["withdrawal_reason"] == ""
    contributor.post(f"{P}/proposals/1/withdraw", {"base": 2, "reason": "An older\nreason."})
    contributor.post(f"{P}/proposals/1/submit", {"base": 3})
    assert "An older" not in body(lead.get(f"{P}/proposals/1"))
    contributor.post(f"{P}/proposals/1/withdraw", {"base": 4, "reason": "One interview\nfewer."})
    page = body(as_(cast.viewer).get(f"{P}/proposals/1"))
    assert "Withdrawn by its authors" in page
    assert "One interview<br>fewer." in page
    read = lead.get(api)
    assert read.json()["withdrawal_reason"] == "One interview\nfewer."
    row = AuditEvent.objects.filter(verb="proposal withdrawn").order_by("-number")[0]
    take_out(programme, by=actor(cast.lead), number=row.number, why="It names somebody.")
    assert "One interview" not in body(lead.get(f"{P}/proposals/1"))
    again = lead.get(api, headers={"if-none-match": read["ETag"]})
    assert (again.status_code, again.json()["withdrawal_reason"]) == (200, "")


def test_a_draft_asks_for_no_reason_that_nobody_would_read(statement, cast, as_, programme, actor):
    propose(programme, by=actor(cast.contributor), changes=[{"change": "new", "wording": "If b."}], reason="So.")
    page = body(as_(cast.contributor).get(f"{P}/proposals/1"))
    assert f'action="{P}/proposals/1/withdraw"' in page
    assert 'id="wd-why"' not in page


def test_home_says_what_waits_for_an_answer_and_what_for_its_own_author(sent, cast, as_):
    for person, waits in ((cast.contributor, ""), (cast.editor, "1 proposal waits for your answer or decision.")):
        home = body(as_(person).get("/"))
        assert ("waits for your answer" in home) is bool(waits)
        assert waits in home
    answer = {"answer": "disagree", "reason": "One voice only.", "seen": sent.seen}
    as_(cast.editor).post(f"{P}/proposals/1/answer", answer)
    home = body(as_(cast.contributor).get("/"))
    assert "1 proposal of yours waits for you to revise it." in home
    assert "your answer or decision" not in home


def test_what_a_new_statement_goes_without_is_no_change(put, cast, as_):
    put({"change": "new", "wording": "If b, then c.", "themes": [], "area": None})
    page = body(as_(cast.editor).get(f"{P}/proposals/1"))
    assert "A new statement" in page
    assert "Theory area" not in page[page.index('id="change"') : page.index('id="h-why"')]


@pytest.mark.parametrize("withheld", [False, True])
def test_evidence_that_a_reason_names_is_a_link_for_those_who_see_evidence(
    withheld, statement, put, cast, as_, programme, actor
):
    linked(statement(), cast.editor)
    withhold_evidence(programme, by=actor(cast.lead), username="editor", withheld=withheld)
    put({"record": "S1", "base": 1, "wording": OLD.replace("time", "years")}, reason="As X1 and S1 say.\n<b>So</b>")
    page = body(as_(cast.editor).get(f"{P}/proposals/1"))
    why = page[page.index('id="h-why"') :]
    assert (f'<a href="{P}/x/1">X1</a>' in why) is not withheld
    assert f'<a href="{P}/s/1">S1</a> say.<br>&lt;b&gt;So&lt;/b&gt;' in why


def test_a_draft_says_who_sees_it(programme, cast, as_, actor):
    new = [{"change": "new", "wording": "If b, then c."}]
    for named in ([], ["editor"]):
        propose(programme, by=actor(cast.contributor), changes=new, reason="So.", coauthors=named)
    mine, shared = (body(as_(cast.contributor).get(f"{P}/proposals/{n}")) for n in (1, 2))
    assert "keeps this as a draft; nobody else sees it." in mine
    assert "keeps this as a draft; who is named in it sees it too, and nobody else." in shared
    assert "nobody else sees it" not in shared


def test_forms_say_whether_a_reason_is_needed(statement, programme, cast, as_, actor):
    statement()
    configure(programme, by=actor(cast.editor), elements=[Placed("context", text="Doors stay open.")])
    needed = "a change of wording needs one, as there is a snapshot"
    paths = ("s/1/edit", "cmo/1/edit", "e/1/edit")
    editor = as_(cast.editor)
    for taken in (False, True):
        if taken:
            take_snapshot(programme, by=actor(cast.lead), name="First")
        for path in paths:
            page = body(editor.get(f"{P}/{path}"))
            assert "Kept in history" in page
            assert (needed in page) is taken
        for path in ("s/new", "cmo/new"):
            page = body(editor.get(f"{P}/{path}"))
            assert "Kept in history" in page
            assert needed not in page
        for path in paths:
            assert "The team decides on your reason too" in body(editor.get(f"{P}/{path.replace('edit', 'propose')}"))
