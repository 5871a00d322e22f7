"""Claims about two at once in a discussion, 200 rounds each: one wins, the other is told, nothing said is hidden."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from cmo.models import Comment, CommentRevision
from cmo.rules.discussing import comment_now, edit_comment, resolve, say
from programmes.models import Notice
from programmes.refusals import Stale
from tests.conftest import actor
from tests.test_team_races import rounds

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200


@pytest.fixture
def now(statement, cast):
    return SimpleNamespace(on=statement(), comment=None)


def test_two_edits_of_one_comment(now, cast):
    by = actor(cast.editor)

    def prepare(at):
        now.comment = say(now.on, by=by, text=f"Round {at}")

    def check(answers):
        kept = comment_now(now.comment)
        assert sorted(type(one).__name__ for one in answers) == ["Comment", "Stale"]
        assert kept.revision_number == 2
        assert kept.text == next(one.text for one in answers if not isinstance(one, Stale))
        assert CommentRevision.objects.filter(comment=kept).count() == 2

    def edit(text):
        return lambda: edit_comment(now.comment, by=by, base=1, text=text)

    rounds(ROUNDS, prepare, check, edit("this way"), edit("that way"))


def test_a_thread_resolved_while_somebody_answers_is_open_with_the_answer(now, cast):
    def prepare(at):
        now.comment = say(now.on, by=actor(cast.editor), text=f"Round {at}")

    def check(answers):
        settled, answer = answers
        assert isinstance(answer, Comment)
        assert isinstance(settled, Comment | ValidationError)
        assert comment_now(now.comment).resolved is None
        assert now.comment.replies.count() == 1

    settle = lambda: resolve(now.comment, by=actor(cast.lead), seen=now.comment.number)  # noqa: E731
    reply = lambda: say(now.on, by=actor(cast.contributor), text="Wait.", reply_to=now.comment)  # noqa: E731
    rounds(ROUNDS, prepare, check, settle, reply)
    told = Notice.objects.filter(person=cast.editor, kind="reply").values_list("event", flat=True)
    assert len(told) == len(set(told)) == ROUNDS
