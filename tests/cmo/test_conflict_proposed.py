"""Claims about the conflict page as the way to a proposal: what was put together goes along; nothing is saved yet."""

from cmo.models import Draft, Proposal, Statement
from cmo.rules.composing import Words
from cmo.rules.stating import revise
from tests.cmo.test_conflict_page import BASE, CLASH, THEIRS, URL, settle, told


def test_what_was_put_together_can_be_proposed_in_place_of_saving_it(cast, actor, as_, statement):
    revise(statement(BASE), by=actor(cast.lead), base=1, words=Words(wording=THEIRS))
    editor = as_(cast.editor)
    late = editor.post(URL, {"base": 1, "mode": "sentence", "wording": CLASH, "reason": "Mine"})
    late.browser = editor
    asked = settle(late, do="propose")
    assert asked.status_code == 422
    assert "Choose what" in told(asked)
    sent = settle(late, do="propose", pick_if="mine", reason="For the team")
    assert (sent.status_code, sent["Location"]) == (302, "/p/cse-test/s/1/propose")
    page, draft = told(editor.get(sent["Location"])), Draft.objects.get()
    assert (draft.base, draft.fields["wording"], draft.fields["reason"]) == (2, CLASH, "For the team")
    assert CLASH in page
    laid = editor.post(sent["Location"], {**draft.fields, "base": draft.base})
    assert (laid.status_code, laid["Location"]) == (302, "/p/cse-test/proposals/1")
    (change,) = Proposal.objects.get().content
    assert (change["record"], change["base"], change["content"]["wording"]) == ("S1", 2, CLASH)
    assert Statement.objects.get().revision_number == 2
    assert not Draft.objects.exists()
