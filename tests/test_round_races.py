"""Claims about rounds at the same moment: an answer and the closing, one after the other, and nothing half done."""

import pytest
from django.core.exceptions import ValidationError

from cmo.models import PriorityAnswer, PriorityRound
from cmo.rules.composing import Words
from cmo.rules.prioritising import Given, answer_round, close_round, open_round
from cmo.rules.stating import state
from programmes.models import AuditEvent
from programmes.refusals import Stale
from tests.conftest import actor
from tests.test_team_races import rounds

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 100


def test_an_answer_comes_before_the_end_or_is_refused(programme, cast):
    """What the log sealed at the end is all there ever is."""
    lead, editor = actor(cast.lead), actor(cast.editor)
    for n in (1, 2):
        state(programme, by=lead, words=Words(wording=f"If {n}, then {n}, because {n}."))
    now = {}

    def prepare(at):
        now["round"] = open_round(programme, by=lead, title="Now?", kind="scale", statements=[(1, 1), (2, 1)])

    def answer():
        return answer_round(now["round"], by=editor, answers={1: Given(2), 2: Given(4)})

    def close():
        return close_round(now["round"], by=lead, base=1)

    def check(answers):
        said, closed = answers
        assert isinstance(closed, PriorityRound)
        kept = PriorityAnswer.objects.filter(item__round=now["round"]).count()
        told = AuditEvent.objects.get(verb="round closed", record=f"round {now['round'].number}").detail["answers"]
        if isinstance(said, ValidationError):
            assert (kept, told) == (0, 0)
        else:
            assert (kept, told) == (2, 1)

    rounds(ROUNDS, prepare, check, answer, close)


def test_of_two_who_close_at_once_one_does(programme, cast):
    lead = actor(cast.lead)
    state(programme, by=lead, words=Words(wording="If one, then one, because one."))
    now = {}

    def prepare(at):
        now["round"] = open_round(programme, by=lead, title="Now?", kind="scale", statements=[(1, 1)])

    def close():
        return close_round(now["round"], by=lead, base=1)

    def check(answers):
        refused = [one for one in answers if isinstance(one, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], ValidationError | Stale)

    rounds(ROUNDS, prepare, check, close, close)
