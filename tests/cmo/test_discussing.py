"""Claims about comments: threads, quotations, edits, mentions, notices, and who sees what on proposals."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Comment, CommentRevision
from cmo.reading.discussion import comments_seen, discussion_shown, is_stale, threads_of
from cmo.rules.composing import Words
from cmo.rules.discussing import comment_now, edit_comment, reopen, resolve, say
from cmo.rules.proposing import propose, submit
from cmo.rules.stating import revise
from programmes.models import AuditEvent, Notice
from programmes.reading.searching import search
from programmes.refusals import Stale
from programmes.rules.membering import change_role, remove_member


def told(**which):
    return sorted(Notice.objects.filter(**which).values_list("person__username", "kind", "on", "path"))


def test_a_comment_opens_a_thread_and_answers_stand_in_it(statement, cast, actor):
    on = statement()
    opening = say(on, by=actor(cast.contributor), text="Is it so?")
    answer = say(on, by=actor(cast.editor), text="It is.", reply_to=opening)
    deeper = say(on, by=actor(cast.lead), text="Really?", reply_to=answer)
    assert [one.number for one in (opening, answer, deeper)] == [1, 2, 3]
    assert (answer.opening, deeper.opening) == (opening, opening)
    assert comment_now(opening).latest == deeper.at
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.verb, event.record, event.detail) == ("commented", "S1", {"comment": 3, "revision": 1})


def test_a_viewer_comments_nowhere_and_somebody_taken_out_no_more(programme, statement, cast, actor):
    on = statement()
    for who in (cast.viewer, cast.outsider):
        with pytest.raises(PermissionDenied):
            say(on, by=actor(who), text="Me too.")
    remove_member(programme, by=actor(cast.lead), username="contributor")
    with pytest.raises(PermissionDenied):
        say(on, by=actor(cast.contributor), text="Me too.")
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "So?", "part": "whence"}, "part"),
        ({"text": "So?", "quote": "words that nobody wrote"}, "quote"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(given, field, statement, cast, actor):
    with pytest.raises(ValidationError) as refused:
        say(statement(), by=actor(cast.editor), **given)
    assert list(refused.value.message_dict) == [field]


def test_a_comment_keeps_the_words_it_is_about_and_shows_when_they_changed(statement, cast, actor):
    on, by = statement(), actor(cast.editor)
    about = say(on, by=by, text="How?", part="because")
    whole = say(on, by=by, text="Why?")
    assert (about.part, about.quote, about.made_against) == ("because", "trust grows with time", 1)
    assert not is_stale(comment_now(about))
    shorter = "If a worker stays, then they are trusted, because trust grows with time."
    revise(on, by=by, base=1, words=Words(wording=shorter))
    assert not is_stale(comment_now(about))
    late = say(on, by=by, text="Late.", quote="stays with the family")
    assert late.made_against == 1
    revise(on, by=by, base=2, words=Words(wording="If a worker stays, then they are trusted, because time helps."))
    assert is_stale(comment_now(about))
    assert not is_stale(comment_now(whole))


def test_ones_own_comment_is_edited_with_its_history_and_nobody_elses(statement, cast, actor):
    comment = say(statement(), by=actor(cast.contributor), text="First.")
    done = edit_comment(comment, by=actor(cast.contributor), base=1, text="Second.")
    assert (done.text, done.revision_number, done.edited is not None) == ("Second.", 2, True)
    assert list(CommentRevision.objects.values_list("number", "text")) == [(1, "First."), (2, "Second.")]
    for who in (cast.editor, cast.lead):
        with pytest.raises(PermissionDenied):
            edit_comment(done, by=actor(who), base=2, text="Third.")
    with pytest.raises(Stale):
        edit_comment(comment, by=actor(cast.contributor), base=1, text="Third.")
    assert comment_now(comment).text == "Second."


def test_an_answer_opens_a_resolved_thread_again(statement, cast, actor):
    on = statement()
    opening = say(on, by=actor(cast.editor), text="Is it so?")
    assert resolve(opening, by=actor(cast.contributor)).resolved is not None
    with pytest.raises(ValidationError):
        resolve(opening, by=actor(cast.lead))
    say(on, by=actor(cast.lead), text="Not yet.", reply_to=opening)
    assert comment_now(opening).resolved is None
    with pytest.raises(ValidationError):
        reopen(opening, by=actor(cast.lead))
    assert AuditEvent.objects.order_by("-pk").first().detail == {"comment": 2, "revision": 1, "reopened": 1}


def test_a_thread_is_not_settled_over_an_answer_that_was_not_read(statement, cast, actor):
    on = statement()
    opening = say(on, by=actor(cast.editor), text="Is it so?")
    say(on, by=actor(cast.contributor), text="No.", reply_to=opening)
    with pytest.raises(ValidationError) as refused:
        resolve(opening, by=actor(cast.editor), seen=opening.number)
    assert "Conor Contributor answered meanwhile" in refused.value.messages[0]
    assert resolve(opening, by=actor(cast.editor), seen=2).resolved is not None


def test_each_is_told_once_by_the_nearest_reason(statement, cast, actor):
    on = statement(by=cast.editor)
    opening = say(on, by=actor(cast.lead), text="Ask @Contributor, @lead and @nobody.")
    assert told() == [
        ("contributor", "mention", "S1", "comments/1"),
        ("editor", "comment", "S1", "comments/1"),
    ]
    say(on, by=actor(cast.contributor), text="@editor @editor what do you think?", reply_to=opening)
    assert told(event="comment 2") == [
        ("editor", "mention", "S1", "comments/2"),
        ("lead", "reply", "S1", "comments/2"),
    ]
    answer = Comment.objects.select_related("programme").get(number=2)
    edit_comment(answer, by=actor(cast.contributor), base=1, text="@editor @viewer?")
    assert told(event="comment 2") == [
        ("editor", "mention", "S1", "comments/2"),
        ("lead", "reply", "S1", "comments/2"),
        ("viewer", "mention", "S1", "comments/2"),
    ]
    assert sorted(one.person.username for one in answer.mentions.all()) == ["editor", "viewer"]


def test_people_outside_are_named_in_vain(statement, cast, actor):
    comment = say(statement(by=cast.lead), by=actor(cast.lead), text="@outsider @stranger")
    assert (comment.mentions.count(), told()) == (0, [])


@pytest.fixture
def draft(programme, statement, cast, actor):
    on = statement()
    changes = [{"record": on.label, "base": 1, "change": "reworded", "wording": "If so, then so, because so."}]
    return propose(programme, by=actor(cast.contributor), title="Sharper", reason="Said.", changes=changes)


def test_a_draft_is_discussed_by_its_authors_alone_until_it_is_sent(programme, draft, cast, actor):
    own = say(draft, by=actor(cast.contributor), text="Unripe thought, @lead.")
    with pytest.raises(ValidationError) as refused:
        say(draft, by=actor(cast.lead), text="I peek.")
    assert refused.value.message_dict == {"on": ["There is no P1 in this programme."]}
    assert (told(), search(programme, "unripe").page.count) == ([], 0)
    for person, seen in ((cast.contributor, [own.number]), (cast.lead, [])):
        assert [one.number for one in comments_seen(programme, person)] == seen
        assert [one.number for one in threads_of(programme, person)] == seen
    submit(draft, by=actor(cast.contributor), base=draft.revision_number)
    assert [one.number for one in comments_seen(programme, cast.lead)] == [own.number]
    assert search(programme, "unripe").page.count == 1


def test_search_finds_what_was_said(programme, statement, cast, actor):
    comment = say(statement(), by=actor(cast.editor), text="A whimsical remark.")
    found = search(programme, "whimsical").page.rows
    assert [(hit.kind, hit.at, hit.title) for hit in found] == [("comment", "1", "S1")]
    edit_comment(comment, by=actor(cast.editor), base=1, text="A sober remark.")
    assert search(programme, "whimsical").page.count == 0


def test_the_page_of_a_record_asks_the_same_however_much_was_said(programme, statement, cast, actor, queries):
    on, by = statement(), actor(cast.editor)

    def shown(expected):
        with queries(expected):
            return discussion_shown(programme, cast.lead, on)

    assert shown(2).open == []
    opening = say(on, by=by, text="S1 and @lead.")
    shown(4)
    say(on, by=by, text="S1, S1 v1, CMO3.", reply_to=opening)
    ended = say(on, by=by, text="Settled: S1.")
    resolve(ended, by=by)
    shown(4)
    for _ in range(30):
        say(on, by=by, text="More of S1.", reply_to=opening)
    for _ in range(21):
        say(on, by=by, text="Another thread on S1.")
    found = shown(4)
    assert (len(found.open), found.more) == (20, True)
    change_role(programme, by=actor(cast.lead), username="editor", role="viewer")
    with pytest.raises(PermissionDenied):
        edit_comment(opening, by=by, base=1, text="Too late.")
