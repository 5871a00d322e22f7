"""Claims about the pages and the API of comments: typed words stay, hostile ones are text, both doors agree."""

import pytest

from cmo.models import Comment
from cmo.rules.discussing import say

P, API = "/p/cse-test", "/api/v1/programmes/cse-test"
HOSTILE = '<script>alert(1)</script>\n"S1" & S9 @lead @nobody S1 v1 S1 v7'


def test_a_comment_is_said_from_the_page_of_a_statement_without_scripts(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    page = browser.get(f"{P}/s/1").content.decode()
    assert f'action="{P}/threads"' in page
    assert 'aria-keyshortcuts="c"' in page
    answer = browser.post(f"{P}/threads", {"on": "S1", "text": HOSTILE, "part": "because"})
    assert (answer.status_code, answer["Location"]) == (302, f"{P}/s/1#comment-1")
    shown = browser.get(f"{P}/s/1").content.decode()
    assert (
        '&lt;script&gt;alert(1)&lt;/script&gt;<br>&quot;<a href="/p/cse-test/s/1">S1</a>&quot; &amp; S9'
        ' <span class="mention">@lead</span> @nobody <a href="/p/cse-test/s/1?older=1#v1">S1 v1</a> S1 v7'
    ) in shown
    assert "trust grows with time</p>" in shown


def test_a_refused_comment_comes_back_as_it_was_typed(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    long = "so <b>long</b> " * 500
    answer = browser.post(f"{P}/threads", {"on": "S1", "text": long, "quote": "of nobody"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "so &lt;b&gt;long&lt;/b&gt; " * 500 in said
    assert "at most 4000 fit here" in said
    lost = browser.post(f"{P}/threads", {"on": "S99", "text": "kept words"})
    assert (lost.status_code, "kept words" in lost.content.decode()) == (422, True)
    assert not Comment.objects.exists()


def test_with_htmx_the_thread_and_an_empty_form_come_back(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    answer = browser.post(f"{P}/threads", {"on": "S1", "text": "First."}, headers={"HX-Request": "true"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in said
    assert 'id="thread-1"' in said
    assert 'hx-swap-oob="true"' in said
    assert "HX-Retarget" not in answer
    reply = browser.post(f"{P}/threads/1", {"text": "Second."}, headers={"HX-Request": "true"})
    assert (reply["HX-Retarget"], reply["HX-Reswap"]) == ("#thread-1", "outerHTML")
    assert 'id="comment-2"' in reply.content.decode()
    refused = browser.post(f"{P}/threads", {"on": "S1", "text": " "}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#say-S1")


def test_a_form_sent_twice_says_it_once(statement, cast, as_):
    statement()
    browser = as_(cast.contributor)
    sent = {"on": "S1", "text": "Once.", "nonce": "a" * 32}
    assert [browser.post(f"{P}/threads", sent)["Location"] for _ in range(2)] == [f"{P}/s/1#comment-1"] * 2
    assert Comment.objects.count() == 1


def test_the_list_of_threads_is_filtered(statement, cast, as_, actor):
    on = statement()
    opening = say(on, by=actor(cast.editor), text="Of interest to @lead.")
    say(on, by=actor(cast.editor), text="Of no interest.")
    say(on, by=actor(cast.viewer and cast.contributor), text="Mine.", reply_to=opening)

    def listed(person, query):
        page = as_(person).get(f"{P}/threads{query}").content.decode()
        return [number for number in (1, 2) if f'id="thread-{number}"' in page]

    assert listed(cast.lead, "") == [1, 2]
    assert listed(cast.lead, "?whose=me") == [1]
    assert listed(cast.contributor, "?whose=mine") == [1]
    assert listed(cast.lead, "?kind=configuration") == []
    assert listed(cast.lead, "?state=resolved") == []
    assert as_(cast.lead).get(f"{P}/comments/3")["Location"] == f"{P}/threads/1#comment-3"


def test_the_doors_refuse_in_the_same_words(statement, cast, as_, api):
    statement()
    for sent in ({"on": "S9", "text": "x"}, {"on": "S1", "text": ""}, {"on": "S1", "text": "x", "quote": "not there"}):
        page = as_(cast.contributor).post(f"{P}/threads", sent)
        script = api(cast.contributor).post(f"{API}/comments/", sent, format="json")
        assert (page.status_code, script.status_code) == (422, 400)
        for sentences in script.json()["errors"].values():
            assert all(sentence in page.content.decode() for sentence in sentences)


def test_a_comment_over_the_api(statement, cast, api):
    statement()
    script = api(cast.contributor)
    made = script.post(f"{API}/comments/", {"on": "S1", "text": "@lead, S1?", "part": "then"}, format="json")
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ("on", "reply_to", "part", "mentions", "resolved", "stale")} == {
        "on": "S1", "reply_to": None, "part": "then", "mentions": ["lead"], "resolved": False, "stale": False,
    }  # fmt: skip
    answer = script.post(f"{API}/comments/", {"text": "Yes.", "reply_to": 1}, format="json")
    assert (answer.json()["on"], answer.json()["reply_to"]) == ("S1", 1)
    url = f"{API}/comments/2/"
    assert script.patch(url, {"text": "No."}, format="json").status_code == 428
    assert api(cast.editor).patch(url, {"text": "No."}, format="json", HTTP_IF_MATCH='"1"').status_code == 403
    assert script.patch(url, {"text": "No."}, format="json", HTTP_IF_MATCH='"1"').json()["revision"] == 2
    assert script.patch(url, {"text": "Well."}, format="json", HTTP_IF_MATCH='"1"').status_code == 412
    assert [one["text"] for one in script.get(f"{url}revisions/").json()["results"]] == ["No.", "Yes."]
    assert script.post(f"{API}/comments/1/resolve/", {"seen": 1}, format="json").status_code == 400
    assert script.post(f"{API}/comments/1/resolve/", {"seen": 2}, format="json").json()["resolved"] is True
    for query, numbers in (("", [1, 2]), ("?open=true", []), ("?on=S1&open=false", [1, 2]), ("?author=lead", [])):
        assert [one["number"] for one in script.get(f"{API}/comments/{query}").json()["results"]] == numbers


@pytest.mark.parametrize("query", ["on=X9", "open=maybe", "since=then", "thread=x", "author=a%00", "strange=1"])
def test_a_strange_query_is_refused_by_its_name(query, programme, cast, api):
    answer = api(cast.viewer).get(f"{API}/comments/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("=")[0]])


@pytest.mark.parametrize("n", [1, 3, 100])
def test_lists_ask_the_same_however_long_they_are(n, statement, cast, api, as_, actor, queries):
    on = statement()
    for _ in range(n):
        say(on, by=actor(cast.editor), text="S1 and @lead.")
    script, browser = api(cast.lead), as_(cast.lead)
    script.get(f"{API}/comments/")
    with queries(LISTED):
        script.get(f"{API}/comments/")
    with queries(PAGED):
        browser.get(f"{P}/threads")


LISTED, PAGED = 4, 8
