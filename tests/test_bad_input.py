"""Claims about bad input: one clear sentence each with a fitting status, nothing stored, and nothing typed is lost."""

import html
import json
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from programmes.models import ApiToken
from realist_eval.handlers import broken
from tests.looking import stored
from tests.worlds import client

S = "/api/v1/programmes/cse-test/statements/"
T = "/api/v1/programmes/cse-test/themes/"
GOOD = "If a rota is kept, then nobody waits."


@pytest.fixture
def refused(world: Any) -> Any:
    """`refused("POST", url, raw, 400, sentence)`: the whole of what a refusal over the API must be."""

    def check(method: str, url: str, raw: Any, status: int, sentence: str, **headers: str) -> dict[str, Any]:
        was = stored()
        kind = headers.pop("content_type", "application/json")
        body = raw if isinstance(raw, str | bytes) else json.dumps(raw)
        answer = client(world, "lead", "token").generic(method, url, body, content_type=kind, **headers)
        said = answer.json()
        assert (answer.status_code, said["detail"]) == (status, sentence)
        assert answer["Content-Type"] == "application/problem+json"
        assert said["status"] == status
        assert {"type", "title", "status", "detail"} <= said.keys() <= {"type", "title", "status", "detail", "errors",
            "current"}
        assert stored() == was
        return said

    return check


BODIES = {
    "no JSON": ("{", "This is not JSON: line 1, column 2."),
    "nothing": ("", "wording: Write something here; it is empty."),
    "a list": ("[]", "Send one JSON object."),
    "a text": ('"If so."', "Send one JSON object."),
    "null": ("null", "Send one JSON object."),
    "a number": ("3", "Send one JSON object."),
    "not UTF-8": (b'{"wording": "\xff"}', "The request is not UTF-8."),
    "two keys alike": ('{"wording": "If.", "wording": "If."}', "“wording” stands twice in the JSON."),
    "two keys alike, deep": ('{"themes": [{"a": 1, "a": 2}]}', "“a” stands twice in the JSON."),
    "NaN": ('{"wording": NaN}', "NaN is not a JSON number."),
    "infinity": ('{"wording": -Infinity}', "-Infinity is not a JSON number."),
    "a huge integer": (f'{{"wording": 1{"0" * 30}}}', "The number 100000000000… is too large."),
    "a million digits": (f'{{"wording": {"9" * 1_000_000}}}', "The number 999999999999… is too large."),
    "deep lists": (f'{{"themes": {"[" * 40}{"]" * 40}}}', "The JSON is nested too deeply."),
    "very deep lists": (f'{{"themes": {"[" * 100_000}{"]" * 100_000}}}', "The JSON is nested too deeply."),
    "very deep objects": ('{"a":' * 50_000 + "1" + "}" * 50_000, "The JSON is nested too deeply."),
    "a number as the wording": ({"wording": 3}, "wording: Write text here."),
    "null as the wording": ({"wording": None}, "wording: This field may not be null."),
    "an object as the wording": ({"wording": {"a": 1}}, "wording: Write text here."),
    "true as the state": ({"wording": GOOD, "state": True}, "state: Write text here."),
    "an empty wording": ({"wording": ""}, "wording: Write something here; it is empty."),
    "a blank wording": ({"wording": " \n\t "}, "wording: Write something here; it is empty."),
    "no wording": ({}, "wording: Write something here; it is empty."),
    "a megabyte": ({"wording": "x" * 2**20}, "wording: This is 1048576 characters long; at most 20000 fit here."),
    "NUL": ({"wording": "If\0so"}, "wording: Take out the character at position 3 (U+0000); it cannot be stored."),
    "a lone surrogate": ('{"wording": "If \\ud800"}',
                         "wording: Take out the character at position 4 (U+D800); it cannot be stored."),
    "a surrogate in a reason": ('{"wording": "If.", "reason": "\\udfff"}',
                                "reason: Take out the character at position 1 (U+DFFF); it cannot be stored."),
    "a surrogate in a key": ('{"\\ud800": 1}',
                             "\\ud800: There is no field “\\ud800” to write; known are: wording, if, then, "
                             "because, themes, area, state, reason, cites, rests_on."),
    "a surrogate as a code": ('{"wording": "If.", "themes": ["\\udc00"]}',
                              "themes: There is no code “\\udc00” in the codebook."),
    "a surrogate as an area": ('{"wording": "If.", "area": "\\udc00"}',
                               "area: There is no theory area “\\udc00”; known are: trust, empty, old."),
    "a surrogate as a state": ('{"wording": "If.", "state": "\\udc00"}',
                               "state: Choose draft or agreed; retire and restore are acts of their own."),
    "a code with NUL": ({"wording": GOOD, "themes": ["O\0"]},
        "themes: There is no code “O\0” in the codebook. Did you mean O?"),
    "an unknown code": ({"wording": GOOD, "themes": ["04"]},
        "themes: There is no code “04” in the codebook. Did you mean O4?"),
    "a code like none": ({"wording": GOOD, "themes": ["zzzz"]}, "themes: There is no code “zzzz” in the codebook."),
    "a number as a code": ({"wording": GOOD, "themes": [4]}, "themes: entry 1: Write text here."),
    "themes as a text": ({"wording": GOOD, "themes": "O4"}, 'themes: Send a list of codes, such as ["O4", "P6"].'),
    "an unknown area": ({"wording": GOOD, "area": "no"},
        "area: There is no theory area “no”; known are: trust, empty, old."),
    "an area with NUL": ({"wording": GOOD, "area": "a\0"},
        "area: There is no theory area “a\0”; known are: trust, empty, old."),
    "a retired area": ({"wording": GOOD, "area": "old"}, "area: Old is retired; choose another or restore it."),
    "an unknown state": ({"wording": GOOD, "state": "retired"},
                         "state: Choose draft or agreed; retire and restore are acts of their own."),
    "an unknown field": ({"wording": GOOD, "theme": ["O4"]},
                         "theme: There is no field “theme” to write; known are: wording, if, then, because, "
                         "themes, area, state, reason, cites, rests_on."),
    "parts that share words": ({"wording": "If a b, then c.", "if": "a b", "then": "b"},
                               "wording: Two parts share words; let each word belong to one part."),
    "a part that is not there": ({"wording": "If a.", "then": "z"},
                                 "then: These words do not stand in the wording; copy them from it exactly."),
    "a reason too long": ({"wording": GOOD, "reason": "x" * 2001},
                          "reason: This is 2001 characters long; at most 2000 fit here."),
    "a source too long": ({"wording": GOOD, "cites": "x" * 201},
        "cites: This is 201 characters long; at most 200 fit here."),
}  # fmt: skip


@pytest.mark.parametrize(("body", "sentence"), BODIES.values(), ids=BODIES)
def test_a_bad_body_is_refused_in_one_sentence(body, sentence, refused):
    refused("POST", S, body, 400, sentence)


def test_very_many_keys_alike_are_refused_in_no_more_time_than_it_takes_to_read_them(refused):
    raw = "{" + ",".join(f'"key{at}":1' for at in range(120_000)) + ',"twice":1,"twice":2' + ',"twice":3' * 80_000 + "}"
    began = time.perf_counter()
    refused("POST", S, raw, 400, "“twice” stands twice in the JSON.")
    assert time.perf_counter() - began < 10  # in the square of their number: hours


def test_too_much_is_413(refused):
    sentence = "The request is larger than 4 MB; send fewer records at once."
    refused("POST", S, json.dumps({"wording": "x" * 4_300_000}), 413, sentence)
    refused("PATCH", f"{S}1/", json.dumps({"wording": "x" * 4_300_000}), 413, sentence, HTTP_IF_MATCH='"2"')


def test_too_much_with_a_key_is_413_too(world):
    was = stored()
    raw = json.dumps({"wording": "x" * 4_300_000})
    answer = client(world, "lead", "token").generic("POST", S, raw, content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="k")
    assert (answer.status_code, answer.json()["status"], stored()) == (413, 413, was)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml",
    "multipart/form-data; boundary=x"])
def test_another_content_type_is_415(kind, refused):
    refused("POST", S, GOOD, 415, f'Unsupported media type "{kind}" in request.', content_type=kind)


THEMES = {
    "a code that is taken": ({"code": "O4"}, "code: O4 is the code of “Training”; choose another."),
    "a code in another case": ({"code": "o4"}, "code: O4 is the code of “Training”; choose another."),
    "neither code nor name": ({"definition": "x"}, "name: Give a code or a name; a theme needs one of them."),
    "an unknown parent": ({"code": "N", "parent": "04"},
        "parent: There is no code “04” in the codebook. Did you mean O4?"),
    "a retired parent": ({"code": "N", "parent": "P6"}, "parent: P6 Relationships is retired; restore it first."),
    "a colour that is none": ({"code": "N", "colour": "red"},
                              "colour: Write the colour as # and six digits, such as #1b4fc4."),
    "a code with a comma": ({"code": "N,M"},
                            "code: A code has no comma, no space and no slash, so that it can stand in a line and in "
                            "an address."),
    "a long code": ({"code": "N" * 41}, "code: This is 41 characters long; at most 40 fit here."),
}  # fmt: skip


@pytest.mark.parametrize(("body", "sentence"), THEMES.values(), ids=THEMES)
def test_a_bad_theme_is_refused_in_one_sentence(body, sentence, refused):
    refused("POST", T, body, 400, sentence)


def test_a_theme_does_not_go_under_its_own_child(refused):
    said = "parent: O Organisation cannot stand under itself or its own sub-theme."
    refused("PATCH", f"{T}O/", {"parent": "O1.1"}, 400, said, HTTP_IF_MATCH='"1"')
    refused("PATCH", f"{T}O/", {"parent": "O"}, 400, said, HTTP_IF_MATCH='"1"')


# ---- what was seen


def test_a_save_from_an_older_revision_is_412_with_the_record_as_it_is(refused, world):
    sentence = "The record moved on since you read it; compare with “current” and send your change again."
    said = refused("PATCH", f"{S}1/", {"wording": GOOD}, 412, sentence, HTTP_IF_MATCH='"1"')
    assert said["current"] == client(world, "lead", "token").get(f"{S}1/").json()


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("given", [{}, {"HTTP_IF_MATCH": "*"}, {"HTTP_IF_MATCH": ""}])
def test_a_save_that_does_not_say_what_it_saw_is_428(method, given, refused):
    refused(method, f"{S}1/", {}, 428, "Send If-Match with the ETag of the record as you read it.", **given)


@pytest.mark.parametrize("tag", ["2", '"x"', '"99"', "W/", '"-1"', '"2x"', '" 2"', "\u0662"])
def test_a_tag_that_is_none_is_412_and_never_a_match(tag, world):
    was = stored()
    answer = client(world, "lead", "token").patch(f"{S}2/", {"wording": GOOD}, format="json", HTTP_IF_MATCH=tag)
    assert (answer.status_code, stored()) == (412, was)


# ---- queries and addresses


QUERIES = {
    "page=0": "page: Write a whole number from 1.",
    "page=-1": "page: Write a whole number from 1.",
    "page=x": "page: Write a whole number from 1.",
    "page=%D9%A2": "page: Write a whole number from 1.",
    "page=1e3": "page: Write a whole number from 1.",
    "page=99999999999999999999": "page: Write a whole number from 1.",
    "page_size=0": "page_size: Write a whole number from 1.",
    "page_size=%00": "page_size: Write a whole number from 1.",
    "pagesize=3": "pagesize: There is no parameter “pagesize” here; known are: area, has_evidence, incomplete, "
    "ordering, page, page_size, phase, priority, search, snapshot, state, theme, verdict.",
    "theme=04": "theme: There is no code “04” in the codebook. Did you mean O4?",
    "theme=%00": None,
    "area=no": "area: There is no area “no”; known are: trust, empty, old, none.",
    "state=lost": "state: There is no state “lost”; known are: draft, agreed, retired.",
    "phase=never": "phase: There is no phase “never”; known are: gleaning, refining, consolidating.",
    "incomplete=if": "incomplete: There is no gap “if”; known are: because, themes.",
    "ordering=wording": "ordering: Order by one of: number, -number, area, -area, updated, -updated.",
    "search=%00": None,
}


@pytest.mark.parametrize(("query", "sentence"), QUERIES.items(), ids=QUERIES)
def test_a_bad_query_is_refused_in_one_sentence(query, sentence, world):
    answer = client(world, "viewer", "token").get(f"{S}?{query}")
    assert answer.status_code == 400
    if sentence:
        assert answer.json()["detail"] == sentence
    page = client(world, "viewer", "session", api=False).get(f"/p/cse-test/theory?{query}")
    assert page.status_code == 200
    if sentence and "pagesize" not in query:
        assert sentence.partition(": ")[2] in html.unescape(page.content.decode())


def test_a_page_that_is_not_there_is_404(world):
    for page in (2, 999_999_999):
        assert client(world, "viewer", "token").get(f"{S}?page={page}").status_code == 404


def test_more_than_200_rows_a_page_are_cut_to_200(world):
    found = client(world, "viewer", "token").get(f"{S}?page_size=999999999").json()
    assert (found["count"], len(found["results"]), found["next"]) == (2, 2, None)


@pytest.mark.parametrize("since", ["x", "2026-13-01", "0001-01-01T00:00:00+23:59", "-1", "%00", "9" * 40])
def test_a_time_that_is_none_is_refused(since, world):
    assert client(world, "viewer",
        "token").get(f"/api/v1/programmes/cse-test/changes/?since={since}").status_code == 400


@pytest.mark.parametrize(
    "url",
    [f"{S}0/", f"{S}9999999999/", f"{S}%D9%A1/", f"{S}-1/", f"{S}1/revisions/0/", f"{S}1/revisions/99/", f"{T}%00/",
     f"{T}%F0%9F%98%80/", f"{T}{'x' * 81}/", "/api/v1/programmes/%00/", "/api/v1/nothing/", "/api/"],
)  # fmt: skip
def test_an_address_that_is_none_is_404_in_problem_json(url, world):
    answer = client(world, "lead", "token").get(url)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is nothing here, or nothing that you may see."


def test_an_unforeseen_fault_is_told_to_scripts_in_json_and_to_people_on_a_page(rf):
    api, page = (broken(rf.get(path)) for path in ("/api/v1/programmes/", "/p/cse-test/"))
    assert (api.status_code, api["Content-Type"]) == (500, "application/problem+json")
    assert json.loads(api.content)["detail"].startswith("Something went wrong on the server.")
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")


@pytest.mark.parametrize("key", ["x" * 201, "\u0001", "caf\u00e9\u2028"])
def test_a_key_that_is_none_is_refused(key, world):
    was = stored()
    answer = client(world, "lead", "token").post(S, {"wording": GOOD}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, stored()) == (400, was)
    assert answer.json()["detail"] == "Idempotency-Key: Use at most 200 printable characters."


# ---- tokens


@pytest.mark.parametrize("header", ["Token", "Token ", "Token nonsense", "Token \x00", "Token " + "x" * 100_000,
    "Bearer x"])
def test_a_token_that_is_none_is_401(header, world, api):
    answer = api().get(S, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Token"


def test_an_expired_token_says_what_to_do(world):
    token, _secret = world.tokens["lead"]
    ApiToken.objects.filter(pk=token.pk).update(expires=token.created)
    answer = client(world, "lead", "token").post(S, {"wording": GOOD}, format="json")
    said = "This token is unknown, revoked or expired; make a new one on your account page."
    assert (answer.status_code, answer.json()["detail"]) == (401, said)


# ---- what no browser sends

BODY = '{"wording": "If."}'


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "x-nothing", "utf-7", "base64_codec", '""'], ids=ascii)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize("url", [S, "/p/cse-test/s/new", "/sign-in"])
def test_another_charset_than_utf_8_is_refused_in_one_sentence(charset, kind, url, world):
    was = stored()
    answer = client(world, "lead", "session").generic("POST", url, BODY, content_type=f"{kind}; charset={charset}")
    assert (answer.status_code, answer.content) == (400, b"Send text as UTF-8.\n")
    assert answer["X-Request-Id"]
    assert stored() == was


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_is_taken_however_it_is_spelt(charset, world):
    kind = f"application/json; charset={charset}"
    assert client(world, "lead", "token").generic("POST", S, BODY, content_type=kind).status_code == 201


@pytest.mark.parametrize("key", ["a\x00b", "\x00", "\u00ff", "'", "a b", "../x", "x" * 10_000], ids=ascii)
@pytest.mark.parametrize("url", ["/", "/p/cse-test/", "/sign-in", S])
def test_a_session_key_that_is_none_is_nobody_s(url, key, world):
    was = stored()
    answer = Client().get(url, HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={key}; scheme=\x00; csrftoken=\x00")
    assert answer.status_code == (401 if url == S else 200 if url == "/sign-in" else 302)
    assert stored() == was


# ---- pages give back what was typed


TYPED = "If typed with care & <b>love</b>, then kept"
FORMS = {
    "an unknown code": ("s/1/edit", {"base": 2, "mode": "sentence", "wording": TYPED, "theme": "04",
        "reason": "Why & how"}),
    "too long a reason": ("s/1/edit", {"base": 2, "mode": "sentence", "wording": TYPED,
        "reason": "Why & how" + "x" * 2000}),
    "a lost revision": ("s/1/edit", {"base": "", "mode": "sentence", "wording": TYPED, "reason": "Why & how"}),
    "a control character": ("s/new", {"mode": "sentence", "wording": f"{TYPED}\x07", "reason": "Why & how"}),
    "three parts": ("s/new", {"mode": "parts", "if": TYPED, "then": "x" * 20_001, "reason": "Why & how"}),
    "a paste": ("theory/paste", {"text": TYPED, "area": "nowhere", "reason": "Why & how"}),
    "a theme": ("codebook/add", {"code": "O4", "name": TYPED, "definition": "Why & how"}),
    "an area": ("areas/add", {"title": "", "description": f"{TYPED} Why & how"}),
    "a stale save": ("s/1/edit", {"base": 1, "mode": "sentence", "wording": TYPED, "reason": "Why & how"}),
    "an old area": ("areas/trust/save", {"base": 9, "title": TYPED, "description": "Why & how"}),
    "an old programme": ("settings/about", {"about-base": 9, "about-title": TYPED, "about-summary": "Why & how"}),
}


@pytest.mark.parametrize(("path", "form"), FORMS.values(), ids=FORMS)
def test_a_refused_form_comes_back_as_it_was_typed(path, form, world):
    was = {name: rows for name, rows in stored().items() if name != "cmo_draft"}
    answer = client(world, "lead", "session", api=False).post(f"/p/cse-test/{path}", form)
    assert answer.status_code == (409 if "base" in str(form) and set(form.values()) & {1, 9} else 422)
    text = html.unescape(answer.content.decode())
    assert TYPED in text
    assert "Why & how" in text
    assert "<b>love</b>" not in answer.content.decode()
    assert {name: rows for name, rows in stored().items() if name != "cmo_draft"} == was


@pytest.mark.parametrize("base", [1, 2], ids=["stale", "current"])
def test_a_save_of_what_cannot_be_stored_keeps_the_words_also_when_it_is_stale(base, world):
    was = stored()
    form = {"base": base, "mode": "sentence", "wording": f"{TYPED}\x00 and on", "reason": "Why & how"}
    answer = client(world, "lead", "session", api=False).post("/p/cse-test/s/1/edit", form)
    assert answer.status_code == 422
    shown = html.unescape(answer.content.decode())
    assert f"Take out the character at position {len(TYPED) + 1} (U+0000); it cannot be stored." in shown
    assert TYPED in shown
    assert " and on" in shown
    assert stored() == was


def test_too_large_a_form_is_refused_and_stores_nothing(world):
    was = stored()
    answer = client(world, "lead", "session", api=False).post("/p/cse-test/s/new", {"wording": "x" * 4_300_000})
    assert (answer.status_code, stored()) == (400, was)
    many = {f"f{at}": "x" for at in range(5001)}
    assert client(world, "lead", "session", api=False).post("/p/cse-test/s/new", many).status_code == 400
    assert stored() == was
