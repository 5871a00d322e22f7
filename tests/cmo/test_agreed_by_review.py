"""Claims about what a reviewed programme refuses beside changes of agreed records, and about what was typed then."""

import pytest
from django.core.exceptions import PermissionDenied

from cmo.rules.introducing import introduce, revise_element, turn_element
from programmes.rules.founding import describe
from tests.conftest import actor


def test_what_was_typed_is_shown_again_where_it_may_no_longer_be_saved(programme, cast, as_, statement):
    statement()
    describe(programme, by=actor(cast.lead), base=1, agreement="reviewed")
    mine = "If I typed this, then it stays."
    typed = {"wording": mine, "state": "agreed", "reason": "Five readings of it.", "base": "1"}
    answer = as_(cast.editor).post("/p/cse-test/s/1/edit", typed)
    assert answer.status_code == 403
    body = answer.content.decode()
    for words in ("becomes agreed by review", "What you wrote", mine, "Five readings of it."):
        assert words in body


def test_where_changes_are_reviewed_no_element_becomes_agreed_otherwise(programme, cast):
    by = actor(cast.editor)
    gone = introduce(programme, by=by, kind="context", text="A quiet week", state="agreed")
    turn_element(gone, by=by, base=1, retired=True)
    describe(programme, by=actor(cast.lead), base=1, agreement="reviewed")
    draft = introduce(programme, by=by, kind="context", text="A busy week")
    for refused in (
        lambda: introduce(programme, by=by, kind="context", text="Any week", state="agreed"),
        lambda: revise_element(draft, by=by, base=1, state="agreed"),
        lambda: turn_element(gone, by=by, base=2, retired=False),
    ):
        with pytest.raises(PermissionDenied, match="a record becomes agreed by review"):
            refused()
