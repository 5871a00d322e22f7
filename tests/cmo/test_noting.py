"""Claims about memos: a private one is there for its author alone, by every way; shared ones are found and linked."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import MemoRevision
from cmo.reading.memos import find_memo, linked_to, memo_history, memos_on
from cmo.rules.noting import change_memo, share_memo, turn_memo, write_memo
from programmes.models import AuditEvent
from programmes.reading.searching import search
from programmes.refusals import Stale
from tests.looking import stored

SECRET = "xylograph"


@pytest.fixture
def memo(programme, statement, cast, actor):
    statement()
    return write_memo(programme, by=actor(cast.contributor), title=f"The {SECRET}", text=f"{SECRET} of S1, S9 and CMO1")


def test_a_private_memo_is_nowhere_for_others(programme, memo, cast, as_, api):
    for who in (cast.lead, cast.editor, cast.viewer):
        pages, script = as_(who), api(who)
        for url in ("memos/1", "memos/1/edit", "memos/1/turn"):
            assert pages.get(f"/p/cse-test/{url}").status_code == 404 or (who is cast.viewer and url.endswith("edit"))
        for url in ("memos/1/", "memos/1/revisions/"):
            assert script.get(f"/api/v1/programmes/cse-test/{url}").status_code == 404
        for url in ("memos", "memos?list=mine", f"search?q={SECRET}", "s/1", "settings", "threads"):
            answer = pages.get(f"/p/cse-test/{url}")
            assert answer.status_code == 200
            assert f"The {SECRET}" not in answer.content.decode()
        listed = script.get("/api/v1/programmes/cse-test/memos/").json()
        assert listed["count"] == 0
        assert script.get(f"/api/v1/programmes/cse-test/search/?q={SECRET}").json()["count"] == 0
        for url in ("changes/", "export/?as=json", "map/?as=json"):
            answer = script.get(f"/api/v1/programmes/cse-test/{url}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET.encode() not in body
    assert api(cast.contributor).get("/api/v1/programmes/cse-test/memos/1/").json()["title"] == f"The {SECRET}"


def test_what_a_private_memo_says_is_stored_with_it_alone(memo):
    held = [table for table, rows in stored().items() if SECRET in json.dumps(rows, default=str)]
    if held:  # digests say nothing on PostgreSQL
        assert held == ["cmo_memo", "cmo_memorevision"]
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.verb, event.record, event.detail) == ("memo written", "memo 1", {"revision": 1})


def test_nobody_else_changes_a_memo_leads_neither(memo, cast, actor):
    for who in (cast.lead, cast.editor):
        with pytest.raises(PermissionDenied):
            change_memo(memo, by=actor(who), base=1, title="Mine")
        with pytest.raises(PermissionDenied):
            share_memo(memo, by=actor(who), base=1, shared=True)
    with pytest.raises(PermissionDenied):
        write_memo(memo.programme, by=actor(cast.viewer), title="Me too")


def test_a_shared_memo_is_found_until_it_is_private_again(programme, memo, cast, actor):
    by = actor(cast.contributor)
    shared = share_memo(memo, by=by, base=1, shared=True)
    assert [(hit.kind, hit.title) for hit in search(programme, SECRET).page.rows] == [("memo", f"The {SECRET}")]
    changed = change_memo(shared, by=by, base=2, text="Nothing else")
    assert [one.number for one in memo_history(changed, cast.lead)] == [3, 2]
    assert [one.number for one in memo_history(changed, cast.contributor)] == [3, 2, 1]
    share_memo(changed, by=by, base=3, shared=False)
    assert search(programme, SECRET).page.count == 0
    assert MemoRevision.objects.count() == 4


def test_a_memo_is_on_the_records_that_its_text_names_and_those_chosen(programme, memo, statement, cast, actor):
    by, second = actor(cast.contributor), statement("If two, then two, because two.")
    assert [label for label, _url in linked_to(find_memo(programme, cast.contributor, 1))] == ["S1"]
    done = change_memo(memo, by=by, base=1, on=[second])
    assert [label for label, _url in linked_to(find_memo(programme, cast.contributor, 1))] == ["S1", "S2"]
    change_memo(done, by=by, base=2, text="Of nothing")
    assert [label for label, _url in linked_to(find_memo(programme, cast.contributor, 1))] == ["S2"]
    assert [one.number for one in memos_on(programme, cast.contributor, second)] == [1]
    assert list(memos_on(programme, cast.lead, second)) == []


def test_a_memo_is_changed_from_the_revision_seen_retired_and_restored(memo, cast, actor):
    by = actor(cast.contributor)
    change_memo(memo, by=by, base=1, title="Other")
    with pytest.raises(Stale):
        change_memo(memo, by=by, base=1, title="Lost")
    gone = turn_memo(memo, by=by, base=2, retired=True)
    with pytest.raises(ValidationError):
        change_memo(gone, by=by, base=3, title="Lost")
    assert turn_memo(gone, by=by, base=3, retired=False).title == "Other"


def test_a_memo_needs_a_title(programme, cast, actor):
    for title in ("", "  ", "x" * 201, "a\x00"):
        with pytest.raises(ValidationError) as refused:
            write_memo(programme, by=actor(cast.editor), title=title)
        assert list(refused.value.message_dict) == ["title"]
