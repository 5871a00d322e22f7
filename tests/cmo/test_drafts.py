"""Claims about drafts: one a person and record, seen by nobody else, and gone once saved or discarded."""

import html
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Draft, Statement
from cmo.rules.drafting import drop_draft, keep_draft

TYPED = {"wording": "If half a ", "reason": "Not yet", "theme": ["O4"]}


@pytest.fixture
def browser(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


def test_a_draft_is_kept_over_and_over_as_one(programme, cast, actor, statement):
    made, by = statement(), actor(cast.editor)
    for text in ("If", "If ha", "If half a "):
        keep_draft(programme, by=by, statement=made, base=1, fields={**TYPED, "wording": text})
    draft = Draft.objects.get()
    assert (draft.base, draft.fields) == (1, TYPED)
    keep_draft(programme, by=by, statement=None, base=None, fields=TYPED)
    keep_draft(programme, by=by, statement=None, base=None, fields={**TYPED, "wording": "Other"})
    assert Draft.objects.count() == 2


def test_drafts_of_two_people_do_not_meet(programme, cast, actor, statement, as_):
    made = statement()
    keep_draft(programme, by=actor(cast.editor), statement=made, base=1, fields=TYPED)
    page = as_(cast.lead).get("/p/cse-test/s/1/edit")
    assert "If half a" not in page.content.decode()
    assert "If half a" not in as_(cast.lead).get("/").content.decode()
    keep_draft(programme, by=actor(cast.lead), statement=made, base=1, fields={"wording": "Lead's"})
    assert sorted(draft.fields["wording"] for draft in Draft.objects.all()) == ["If half a ", "Lead's"]


def test_a_draft_changes_nothing_that_others_see(programme, cast, actor, statement, api):
    made = statement()
    keep_draft(programme, by=actor(cast.editor), statement=made, base=1, fields=TYPED)
    now = api(cast.viewer).get("/api/v1/programmes/cse-test/statements/1/").json()
    assert (now["revision"], now["wording"]) == (1, made.wording)


def test_only_known_fields_are_kept_and_the_gate_holds(programme, cast, actor):
    by = actor(cast.editor)
    keep_draft(programme, by=by, statement=None, base=None, fields={**TYPED, "csrfmiddlewaretoken": "x", "evil": "y"})
    assert Draft.objects.get().fields == TYPED
    for bad in ("\0", "x" * 20_001):
        with pytest.raises(ValidationError):
            keep_draft(programme, by=by, statement=None, base=None, fields={"wording": bad})


@pytest.mark.parametrize("who", ["viewer", "outsider"])
def test_only_who_may_write_keeps_drafts(who, programme, cast, actor):
    with pytest.raises(PermissionDenied):
        keep_draft(programme, by=actor(getattr(cast, who)), statement=None, base=None, fields=TYPED)


def test_the_form_takes_the_draft_up_where_it_was_left(browser, statement):
    statement(themes=[])
    answer = browser.post("/p/cse-test/s/1/draft", {**TYPED, "base": "1", "mode": "sentence"})
    assert answer.status_code == 204
    page = html.unescape(browser.get("/p/cse-test/s/1/edit").content.decode())
    assert "If half a " in page
    assert "Not yet" in page
    home = html.unescape(browser.get("/").content.decode())
    assert "S1, a new wording" in home


def test_a_new_statement_is_taken_up_too(browser, programme):
    browser.post("/p/cse-test/s/new/draft", {"mode": "parts", "if": "half a context"})
    assert "half a context" in browser.get("/p/cse-test/s/new").content.decode()
    elsewhere = browser.get("/p/cse-test/s/new?area=trust").content.decode()
    assert "You came to add a statement to another theory area" in elsewhere
    assert "half a context" in elsewhere
    assert "A new statement" in browser.get("/").content.decode()


def test_saving_ends_the_draft(browser, statement):
    statement()
    browser.post("/p/cse-test/s/1/draft", {**TYPED, "base": "1"})
    browser.post("/p/cse-test/s/1/edit", {"base": 1, "mode": "sentence", "wording": "If whole."})
    assert (Draft.objects.count(), Statement.objects.get().wording) == (0, "If whole.")
    browser.post("/p/cse-test/s/new/draft", {"wording": "If new"})
    browser.post("/p/cse-test/s/new", {"mode": "sentence", "wording": "If new."})
    assert (Draft.objects.count(), Statement.objects.count()) == (0, 2)


def test_discarding_ends_the_draft_and_leads_home(browser, statement):
    statement()
    browser.post("/p/cse-test/s/1/draft", {**TYPED, "base": "1"})
    answer = browser.post("/p/cse-test/s/1/draft", {"discard": "1"})
    assert (answer.status_code, answer["Location"], Draft.objects.count()) == (302, "/", 0)


def test_nobody_leads_elsewhere_by_discarding(browser, statement):
    statement()
    for elsewhere in ("https://evil.example.org/", "//evil.example.org", "javascript:alert(1)", "\\\\evil"):
        answer = browser.post("/p/cse-test/s/1/draft", {"discard": "1", "next": elsewhere})
        assert answer["Location"] == "/", elsewhere


def test_what_cannot_be_kept_is_said_in_plain_words(browser, statement):
    statement()
    answer = browser.post("/p/cse-test/s/1/draft", {"wording": "x" * 20_001})
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert answer.content.decode() == "This is 20001 characters long; at most 20000 fit here."
    assert Draft.objects.count() == 0


def test_dropping_another_persons_draft_is_not_possible(programme, cast, actor, statement):
    made = statement()
    keep_draft(programme, by=actor(cast.editor), statement=made, base=1, fields=TYPED)
    drop_draft(programme, by=actor(cast.lead), statement=made)
    assert Draft.objects.count() == 1
