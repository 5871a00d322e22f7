"""Claims about a save that changes nothing: it makes no version, and a reason that was written is not lost with it."""

import html

import pytest

from cmo.models import Draft
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce
from cmo.rules.standing import Placed

WHY = "Because two of the teams said so in May."
KEPT = "so no version holds your reason; it is kept as a draft."


@pytest.fixture
def records(programme, statement, cast, actor):
    """S1, CMO1 and E1, each at version 1."""
    by = actor(cast.editor)
    element = introduce(programme, by=by, kind="context", text="A worker stays")
    return {
        "s/1": statement(),
        "cmo/1": configure(programme, by=by, elements=[Placed("context", element)]),
        "e/1": element,
    }


def opened(browser, url):
    """The fields of the form of an edit, as they stand when it opens."""
    form = browser.get(url).context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None}


@pytest.mark.parametrize("at", ["s/1", "cmo/1", "e/1"])
def test_a_reason_without_a_change_is_kept_as_a_draft(at, records, cast, as_, contexts):
    editor, url = as_(cast.editor), f"/p/cse-test/{at}/edit"
    answer = editor.post(url, {**opened(editor, url), "reason": WHY}, follow=True)
    assert KEPT in html.unescape(answer.content.decode())
    records[at].refresh_from_db()
    assert records[at].revision_number == 1
    assert Draft.objects.get().fields["reason"] == WHY
    again = opened(editor, url)
    assert again["reason"] == WHY
    plain = editor.post(url, {**again, "reason": ""}, follow=True)
    assert f"Nothing changed in {records[at].label}." in plain.content.decode()
    assert not Draft.objects.exists()


def test_in_place_it_is_kept_too_and_said(records, cast, as_, contexts):
    editor, url = as_(cast.editor), "/p/cse-test/s/1/edit"
    answer = editor.post(url, {**opened(editor, url), "reason": WHY}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert KEPT in answer["HX-Trigger"]
    assert '<span class="flag">' in answer.content.decode()
    assert Draft.objects.get().fields["reason"] == WHY
