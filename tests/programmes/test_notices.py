"""Claims about notices in the app: they wait in the head and on home, lead to their place, and are read once."""

import pytest
from django.urls import reverse

from programmes.models import Notice
from programmes.rules.membering import remove_member
from programmes.rules.noticing import notice

pytestmark = pytest.mark.django_db
API = "/api/v1/notices/"


@pytest.fixture
def told(programme, cast, actor):
    """Two notices for the viewer: of a comment on S1, then of a proposal P4."""
    by = actor(cast.editor)
    for event, kind, on, path in (("c1", "comment", "S1", "s/1#comment-1"), ("p4", "proposal", "P4", "proposals/4")):
        notice(programme, by=by, event=event, kind=kind, on=on, path=path, to=[cast.viewer.pk])
    return {one.on: one for one in Notice.objects.all()}


def home(client):
    return client.get("/").content.decode()


def test_they_wait_in_the_head_and_stand_on_home_newest_first(told, cast, as_):
    page = home(as_(cast.viewer))
    assert "Waiting <b>2</b>" in page
    assert "2 notices that you have not read." in page
    assert page.index("P4 waits for your answer") < page.index("A comment on S1")
    assert "Edda Editor" in page
    assert "Waiting <b>2</b>" in as_(cast.viewer).get("/p/cse-test/settings").content.decode()
    assert "Waiting <b>" not in home(as_(cast.editor))


def test_one_is_opened_which_reads_it_or_read_without_opening(told, cast, as_):
    client = as_(cast.viewer)
    opened = client.post(reverse("notice-open", args=["cse-test", told["S1"].pk]))
    assert (opened.status_code, opened["Location"]) == (302, "/p/cse-test/s/1#comment-1")
    assert "A comment on S1" not in home(client)
    stayed = client.post(reverse("notice-open", args=["cse-test", told["P4"].pk]), {"stay": "1"})
    assert stayed["Location"] == "/"
    assert "Waiting <b>" not in home(client)


def test_reading_home_reads_nothing(told, cast, as_):
    client = as_(cast.viewer)
    assert [home(client).count("told__go") for _ in range(2)] == [2, 2]


def test_all_are_read_with_one_click_and_those_of_others_are_not(told, cast, as_, programme, actor):
    notice(programme, by=actor(cast.lead), event="c2", kind="reply", on="S2", path="s/2", to=[cast.editor.pk])
    as_(cast.viewer).post(reverse("notices-read"))
    assert list(Notice.objects.filter(read=None).values_list("person__username", flat=True)) == ["editor"]


def test_a_notice_of_somebody_else_looks_like_none(told, cast, as_):
    at = reverse("notice-open", args=["cse-test", told["S1"].pk])
    assert as_(cast.lead).post(at).status_code == 404
    assert Notice.objects.get(pk=told["S1"].pk).read is None


def test_whoever_left_a_programme_sees_nothing_of_it_any_more(told, cast, as_, api, programme, actor):
    remove_member(programme, by=actor(cast.lead), username="viewer")
    page = home(as_(cast.viewer))
    assert "Waiting <b>" not in page
    assert "P4" not in page
    assert api(cast.viewer).get(API).json()["count"] == 0


def test_of_many_home_shows_the_newest_and_says_how_many_there_are(cast, programme, actor, as_, queries):
    for at in range(25):
        notice(programme, by=actor(cast.lead), event=f"c{at}", kind="comment", on="S1", path="s/1", to=[cast.viewer.pk])
    page = home(as_(cast.viewer))
    assert page.count("told__go") == 20
    assert "The newest 20 of 25." in page


def test_scripts_list_and_read_them(told, cast, api):
    client = api(cast.viewer)
    rows = client.get(API).json()["results"]
    assert [(row["on"], row["kind"], row["said"], row["url"], row["by"]) for row in rows] == [
        ("P4", "proposal", "P4 waits for your answer", "/p/cse-test/proposals/4", "editor"),
        ("S1", "comment", "A comment on S1", "/p/cse-test/s/1#comment-1", "editor"),
    ]
    assert client.post(f"{API}read/", {"notices": [rows[0]["id"]]}, format="json").json() == {"read": 1}
    assert [row["on"] for row in client.get(f"{API}?unread=true").json()["results"]] == ["S1"]
    assert client.post(f"{API}read/", {}, format="json").json() == {"read": 1}
    assert client.get(f"{API}?unread=true").json()["count"] == 0
    assert client.get(f"{API}?unread=perhaps").status_code == 400


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_the_list_and_home_cost_the_same_for_any_number(n, cast, programme, api, as_, queries):
    Notice.objects.bulk_create(
        Notice(person=cast.viewer, programme=programme, event=f"c{at}", kind="comment", on="S1", path="s/1",
               by=cast.lead, at=programme.created)
        for at in range(n)
    )  # fmt: skip
    client, browser = api(cast.viewer), as_(cast.viewer)
    client.get(API)
    with queries(3):  # token, count, rows
        client.get(API)
    with queries(11 if n > 20 else 10):  # the number is asked for where not all are shown
        browser.get("/")
