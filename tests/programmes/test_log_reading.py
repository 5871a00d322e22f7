"""Claims about how the audit log is read: filters, before and after, tombstones; on the page, in files, by API."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.utils import timezone

from cmo.rules.composing import Words
from cmo.rules.redacting import take_out
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from programmes.rules.founding import describe
from programmes.rules.membering import add_member

pytestmark = pytest.mark.django_db
PAGE, FEED = "/p/cse-test/settings", "/api/v1/programmes/cse-test/changes/"
NAME = "=Dilys Price"


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def told(programme, statement, lead):
    """S1 reworded for a reason that starts as a formula does; the number of its row."""
    revise(statement(), by=lead, base=1, words=Words(wording="If so."), reason=NAME)
    return AuditEvent.objects.filter(programme=programme).latest("number").number


def records(client, query):
    return [(row["change"], row["record"]) for row in client.get(f"{FEED}?{query}").json()["results"]]


def rows_of_page(client, query):
    page = client.get(f"{PAGE}?{query}").content.decode()
    return page.split('<caption class="vh">Audit log')[-1].count("<time datetime") if "Audit log, newest" in page else 0


def streamed(answer):
    return b"".join(answer.streaming_content).decode()


def test_a_record_is_found_by_its_name_in_any_case_at_every_door(told, cast, as_, api):
    assert records(api(cast.viewer), "record=s1") == [("new", "S1"), ("reworded", "S1")]
    assert rows_of_page(as_(cast.viewer), "record=s1") == 2
    assert [row["record"] for row in json.loads(streamed(as_(cast.viewer).get(f"{PAGE}/log.json?record=S1")))] == [
        "S1", "S1"
    ]  # fmt: skip


def test_the_filters_are_the_same_over_the_api(told, cast, api, as_):
    client = api(cast.viewer)
    assert records(client, "who=LEAD&what=theory") == [("reworded", "S1")]
    assert {record for _change, record in records(client, "what=phases")} == {"phase gleaning"}
    assert records(client, "what=members&record=member+viewer") == [("joined", "member viewer")]
    assert client.get(f"{FEED}?what=nonsense").status_code == 400
    assert client.get(f"{FEED}?until=yesterday").json()["errors"] == {
        "until": ["Write a time such as 2026-11-23T09:00:00Z."]
    }
    assert client.get(f"{FEED}?who=a%00").status_code == 400
    assert records(client, f"since={told - 1}&record=S1") == [("reworded", "S1")]


def test_from_and_to_are_days_of_utc_that_both_count(programme, cast, actor, as_, api):
    for hour, day in ((23, 1), (0, 2), (23, 2), (0, 3)):
        at = datetime(2026, 3, day, hour, 30, tzinfo=UTC)
        describe(programme, by=actor(cast.lead, at=at), base=programme.revision_number, summary=str(at))
    client = as_(cast.viewer)
    assert rows_of_page(client, "since=2026-03-02&until=2026-03-02") == 2
    assert rows_of_page(client, "until=2026-03-01") == 1
    assert rows_of_page(client, "until=9999-12-31&since=2026-03-03&record=cse-test") >= 1
    feed = api(cast.viewer).get(f"{FEED}?since=2026-03-02T00:00:00Z&until=2026-03-02T00:30:00Z").json()
    assert [row["at"] for row in feed["results"]] == ["2026-03-02T00:30:00Z"]
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert rows_of_page(client, f"since={tomorrow}") == 0


def test_what_was_before_and_after_is_shown_part_by_part(programme, lead, cast, as_):
    describe(programme, by=lead, base=1, summary="A long question, which takes up more than sixty characters of room.")
    page = as_(cast.viewer).get(PAGE).content.decode()
    assert "<dt>The question</dt>" in page
    assert "<del>What works for whom.</del>" in page
    assert "<ins>A long question, which takes up more than sixty characters of room.</ins>" in page


def test_a_lead_takes_words_out_on_a_page_of_their_own(told, cast, as_):
    client = as_(cast.lead)
    at = f"/p/cse-test/settings/log/{told}/take-out"
    assert f'href="{at}"' in client.get(PAGE).content.decode()
    assert NAME in client.get(at).content.decode()
    assert "Write something here" in client.post(at, {"why": " "}).content.decode()
    sent = {"why": "It names a participant.", "nonce": "n1"}
    assert [client.post(at, sent)["Location"] for _twice in range(2)] == [f"{PAGE}#log"] * 2
    page = client.get(PAGE).content.decode()
    assert NAME not in page
    assert "Words taken out by Lena Lead" in page
    assert "It names a participant." in page
    assert "row %s of this log" % told in page  # noqa: UP031
    assert f'href="{at}"' not in page
    assert "There are no words in this row that can be taken out." in client.get(at).content.decode()


def test_others_are_offered_no_such_thing(told, cast, as_):
    for who in (cast.editor, cast.viewer):
        assert "take-out" not in as_(who).get(PAGE).content.decode()
        assert as_(who).get(f"/p/cse-test/settings/log/{told}/take-out").status_code == 403


def test_files_and_feed_show_the_tombstone(told, programme, lead, cast, as_, api):
    client = as_(cast.viewer)
    table = list(csv.DictReader(StringIO(streamed(client.get(f"{PAGE}/log.csv")).lstrip("\ufeff"))))
    assert [row["reason"] for row in table if row["number"] == str(told)] == [f"'{NAME}"]
    take_out(programme, by=lead, number=told, why="=A name.")
    files = [streamed(client.get(f"{PAGE}/log.{kind}")) for kind in ("csv", "json")]
    feed = api(cast.viewer).get(FEED).json()["results"]
    assert NAME not in str([*files, feed])
    (row,) = (one for one in feed if one["number"] == told)
    assert (row["redacted"]["by"], row["redacted"]["why"], row["reason"]) == ("lead", "=A name.", "")
    (cells,) = (one for one in csv.DictReader(StringIO(files[0].lstrip("\ufeff"))) if one["number"] == str(told))
    assert json.loads(cells["redacted"])["why"] == "=A name."
    assert [one["redacted"] is None for one in feed].count(False) == 1


def test_files_and_feed_tell_the_same_times(told, cast, as_, api):
    client = as_(cast.viewer)
    table, listed = (streamed(client.get(f"{PAGE}/log.{kind}")) for kind in ("csv", "json"))
    fed = [(one["number"], one["at"]) for one in api(cast.viewer).get(FEED).json()["results"]]
    assert fed[-1][1].endswith("Z")
    assert sorted((int(row["number"]), row["at"]) for row in csv.DictReader(StringIO(table.lstrip("\ufeff")))) == fed
    assert sorted((row["number"], row["at"]) for row in json.loads(listed)) == fed


def test_words_are_taken_out_over_the_api(told, cast, api):
    answer = api(cast.lead).post(f"{FEED}{told}/redact/", {"why": "A name."}, format="json")
    assert (answer.status_code, answer.json()["redacted"]["by"], answer.json()["reason"]) == (200, "lead", "")
    again = api(cast.lead).post(f"{FEED}{told}/redact/", {"why": "A name."}, format="json")
    assert (again.status_code, again.json()["detail"]) == (400, "why: The words of this row were taken out already.")
    assert api(cast.editor).post(f"{FEED}{told}/redact/", {"why": "A name."}, format="json").status_code == 403
    assert api(cast.lead).post(f"{FEED}99999/redact/", {"why": "A name."}, format="json").status_code == 404


def test_tombstones_cost_no_more_queries(programme, statement, lead, cast, as_, api, queries):
    for at in range(3):
        made = statement(f"If {at}.")
        revise(made, by=lead, base=1, words=Words(wording="If so."), reason=NAME)
        take_out(programme, by=lead, number=AuditEvent.objects.filter(programme=programme).latest("number").number,
                 why="A name.")  # fmt: skip
    client = api(cast.viewer)
    client.get(FEED)
    with queries(3):  # token and programme, the end of the chain, rows
        client.get(FEED)
    add_member(programme, by=lead, who="outsider", role="viewer")
    with queries(3):
        client.get(FEED)
