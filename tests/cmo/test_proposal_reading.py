"""Claims about how proposals are read: by whom, and in how many questions."""

import pytest

from cmo.models import Statement
from cmo.reading.proposals import filtered_proposals, proposals_for, whole
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import answer
from tests.conftest import actor


@pytest.mark.parametrize("n", [1, 3])
def test_reading_a_proposal_asks_as_often_whatever_it_holds(n, programme, cast, statement, themes, queries):
    for at in range(n):
        statement(f"If {at}, then so.", themes=["O4"])
    rows = [{"record": f"S{at + 1}", "base": 1, "change": "reworded", "wording": f"If {at}, then not.",
             "themes": ["P6"]} for at in range(n)]  # fmt: skip
    made = propose(programme, by=actor(cast.contributor), changes=rows, reason="So.")
    made = submit(made, by=actor(cast.contributor), base=1)
    answer(made, by=actor(cast.editor), answer="agree", reason="It holds.", seen=made.seen)
    found = proposals_for(cast.lead, programme).get()
    found.programme = programme
    with queries(9):
        told = whole(found, cast.lead)
    assert len(told.changes) == n
    assert filtered_proposals(cast.lead, programme, states=["open"], on=Statement.objects.get(number=1)).count() == 1
