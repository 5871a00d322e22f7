"""Claims about what somebody withdraws: the words are gone from everywhere, that they were there stays."""

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cmo.models import Bearing, Excerpt, ExcerptRevision
from cmo.rules.evidencing import On, change_bearing, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt, change_excerpt, keep_transcript, turn_excerpt
from cmo.rules.redacting import take_out
from cmo.rules.withdrawing import withdraw_excerpt, withdraw_source
from programmes.models import AnsweredRequest, AuditEvent, Programme, Source, Transcript
from programmes.rules.founding import describe
from programmes.rules.sourcing import add_source, change_source

MARK, WHY = "xylograph", "They asked us to."
P, API = "/p/cse-test", "/api/v1/programmes/cse-test"


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


def allow(programme, by, **more):
    base = Programme.objects.get(pk=programme.pk).revision_number
    return describe(Programme.objects.get(pk=programme.pk), by=by, base=base, **more)


@pytest.fixture
def said(programme, statement, cast, actor, lead):
    """X1, with words, an original, a note on its link and a reason, twice each; and X2 that says something else."""
    by, claim = actor(cast.editor), statement()
    allow(programme, lead, transcripts=True)
    source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", note=f"{MARK} note")
    source = change_source(source, by=by, base=1, note=f"{MARK} note again", reason=f"{MARK} reason")
    source = keep_transcript(source, by=by, base=2, text=f"SW1: The {MARK} came late. Then it helped.")
    excerpt = add_excerpt(source, by=by, said=Said(f"The {MARK} came late.", original=f"Daeth y {MARK}."))
    bearing = link_excerpt(excerpt, by=by, on=On(claim), stance="supports", note=f"A {MARK} note")
    change_bearing(bearing, by=by, base=1, note=f"Another {MARK} note")
    add_excerpt(source, by=by, said=Said("Then it helped."))
    return change_excerpt(excerpt, by=by, base=1, locator=f"{MARK} 4", reason=f"The {MARK} again.")


def tables_with(word):
    """The tables in which a text holds the word."""
    found = set()
    for model in apps.get_models():
        texts = [f.attname for f in model._meta.concrete_fields if f.get_internal_type() in ("TextField", "CharField")]
        for row in model._default_manager.values_list(*texts) if texts else ():
            if any(word in str(value) for value in row):
                found.add(model._meta.db_table)
    return found


def test_an_excerpt_is_gone_from_everywhere_and_the_chain_holds(said, lead, capsys):
    withdraw_excerpt(said, by=lead, why=WHY)
    assert tables_with(MARK) == {"programmes_source", "programmes_sourcerevision", "programmes_auditevent",
                                 "programmes_searchdocument", "programmes_searchword"}  # fmt: skip
    left = AuditEvent.objects.filter(reason__contains=MARK)
    assert [(row.record, row.reason) for row in left] == [("Q1", f"{MARK} reason")]
    now = Excerpt.objects.get(pk=said.pk)
    assert (now.text, now.original, now.locator, now.retired) == ("", "", "", True)
    assert Transcript.objects.get().text == f"SW1: {'█' * len(f'The {MARK} came late.')} Then it helped."
    assert Excerpt.objects.get(number=2).start is not None
    call_command("check_integrity")


def test_the_words_that_an_excerpt_was_picked_with_are_blacked_out_wherever_it_stood(programme, cast, actor, lead):
    by = actor(cast.editor)
    allow(programme, lead, transcripts=True)
    first, second = (add_source(programme, by=by, kind="interview", pseudonym=f"LA1-SW{n}") for n in (1, 2))
    first = keep_transcript(first, by=by, base=1, text=f"Yes. The {MARK} came late. Then it helped.")
    second = keep_transcript(second, by=by, base=1, text=f"So: The {MARK} was late. And then?")
    start = 5
    picked = add_excerpt(first, by=by, said=Said(f"The {MARK} came late.", start=start, end=start + len(MARK) + 15))
    now = change_excerpt(picked, by=by, base=1, text=f"{MARK} came late. Then")
    now = change_excerpt(now, by=by, base=2, text="It was late.", original=f"The {MARK} was late.", source=second)
    now = change_excerpt(now, by=by, base=3, original="")
    withdraw_excerpt(now, by=lead, why=WHY)
    told = list(Transcript.objects.order_by("source__number").values_list("text", flat=True))
    assert told == [
        f"Yes. {'█' * len(f'The {MARK} came late. Then')} it helped.",
        f"So: {'█' * len(f'The {MARK} was late.')} And then?",
    ]  # fmt: skip
    assert tables_with(MARK) == set()
    call_command("check_integrity")


def test_a_withdrawn_source_takes_its_excerpts_words_out_of_where_they_stood_before(programme, cast, actor, lead):
    by = actor(cast.editor)
    allow(programme, lead, transcripts=True)
    first, second = (add_source(programme, by=by, kind="interview", pseudonym=f"LA1-SW{n}") for n in (1, 2))
    first = keep_transcript(first, by=by, base=1, text=f"Yes. The {MARK} came late.")
    picked = add_excerpt(first, by=by, said=Said(f"The {MARK} came late."))
    change_excerpt(picked, by=by, base=1, source=second)
    withdraw_source(second, by=lead, why=WHY)
    assert Transcript.objects.get().text == f"Yes. {'█' * len(f'The {MARK} came late.')}"
    assert tables_with(MARK) == set()
    call_command("check_integrity")


def test_a_source_is_gone_from_everywhere_and_the_chain_holds(said, lead):
    withdraw_source(said.source, by=lead, why=WHY)
    assert tables_with(MARK) == set()
    assert not Transcript.objects.exists()
    assert [one.text for one in Excerpt.objects.all()] == ["", ""]
    assert Source.objects.get().retired
    call_command("check_integrity")
    with pytest.raises(ValidationError, match="The words of Q1 were taken out already"):
        withdraw_source(said.source, by=lead, why=WHY)


def test_a_reason_that_was_taken_out_before_is_no_hindrance(said, programme, lead):
    row = AuditEvent.objects.get(programme=programme, record="X1", verb="edited")
    take_out(programme, by=lead, number=row.number, why="A name.")
    withdraw_excerpt(said, by=lead, why=WHY)
    assert not ExcerptRevision.objects.filter(excerpt=said).exclude(text="")
    call_command("check_integrity")


def test_it_is_done_once_and_never_undone(said, lead, cast, actor):
    withdraw_excerpt(said, by=lead, why=WHY)
    with pytest.raises(ValidationError, match="The words of X1 were taken out already"):
        withdraw_excerpt(said, by=lead, why=WHY)
    with pytest.raises(ValidationError, match="The words of X1 were taken out for good; it stays retired"):
        turn_excerpt(said, by=lead, base=Excerpt.objects.get(pk=said.pk).revision_number, retired=False)


def test_leads_alone_and_with_a_reason(said, cast, actor, lead):
    with pytest.raises(PermissionDenied):
        withdraw_excerpt(said, by=actor(cast.editor), why=WHY)
    with pytest.raises(PermissionDenied):
        withdraw_source(said.source, by=actor(cast.editor), why=WHY)
    with pytest.raises(ValidationError, match="Write something here"):
        withdraw_excerpt(said, by=lead, why=" ")
    assert Excerpt.objects.get(pk=said.pk).text


def test_the_guards_let_nothing_else_be_emptied(said):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ExcerptRevision.objects.update(text="")


def test_the_page_says_who_and_why_and_the_api_that_it_was(said, as_, api, cast):
    pages = as_(cast.lead)
    assert "Take its words out for good" in pages.get(f"{P}/x/1").content.decode()
    assert "Take its words out for good" not in as_(cast.editor).get(f"{P}/x/1").content.decode()
    refused = pages.post(f"{P}/x/1/withdraw", {"why": ""})
    assert refused.status_code == 422
    assert pages.post(f"{P}/x/1/withdraw", {"why": WHY}).status_code == 302
    shown = as_(cast.viewer).get(f"{P}/x/1").content.decode()
    assert "Its words were taken out for good." in shown
    assert f"Lena Lead, {Excerpt.objects.get(number=1).updated:%-d %B %Y}: {WHY}" in shown
    assert MARK not in shown
    told = api(cast.viewer).get(f"{API}/excerpts/1/").json()
    assert (told["text"], told["withdrawn"], told["state"]) == ("", True, "retired")
    assert MARK not in api(cast.viewer).get(f"{API}/excerpts/1/revisions/").content.decode()
    assert api(cast.lead).post(f"{API}/sources/1/withdraw/", {"why": WHY}, format="json").status_code == 200
    assert MARK not in api(cast.viewer).get(f"{API}/sources/1/revisions/").content.decode()
    assert api(cast.viewer).get(f"{API}/search/?q={MARK}").json()["count"] == 0
    assert not Bearing.objects.exclude(note="").exists()


def test_the_answer_to_a_request_sent_twice_does_not_say_them_again(programme, cast, lead, actor, api):
    add_source(programme, by=lead, kind="interview", pseudonym="LA1-SW1")
    script, sent = api(cast.editor), {"source": "Q1", "text": f"“The {MARK}”,\nshe said."}
    for _ in range(2):
        answer = script.post(f"{API}/excerpts/", sent, format="json", HTTP_IDEMPOTENCY_KEY="k1")
        assert answer.json()["text"] == sent["text"]
    withdraw_excerpt(Excerpt.objects.get(), by=lead, why=WHY)
    assert not AnsweredRequest.objects.filter(body__contains=MARK).exists()
    assert script.post(f"{API}/excerpts/", sent, format="json", HTTP_IDEMPOTENCY_KEY="k1").status_code == 410
    assert Excerpt.objects.count() == 1


def test_what_others_were_answered_elsewhere_stays(programme, said, lead, cast, api):
    """They happened to write the same words; nothing tells them that somebody here took them out."""
    script, sent = api(cast.outsider), {"title": said.text}
    made = [script.post("/api/v1/programmes/", sent, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
    withdraw_excerpt(said, by=lead, why=WHY)
    again = script.post("/api/v1/programmes/", sent, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert [answer.json()["title"] for answer in (*made, again)] == [f"The {MARK} came late."] * 3


def test_a_source_of_many_passages_asks_the_kept_answers_once(programme, said, lead):
    with CaptureQueriesContext(connection) as asked:
        withdraw_source(said.source, by=lead, why=WHY)
    assert sum("programmes_answeredrequest" in one["sql"] for one in asked.captured_queries) == 1


# ---- transcripts


def test_a_transcript_is_read_by_nobody_once_none_may_be_kept(said, programme, lead, as_, api, cast):
    allow(programme, lead, transcripts=False)
    assert Transcript.objects.exists()
    for who in (cast.lead, cast.editor):
        assert "Then it helped. " not in as_(who).get(f"{P}/q/1/transcript").content.decode()
        assert "SW1:" not in as_(who).get(f"{P}/q/1").content.decode()
        told = api(who).get(f"{API}/sources/1/transcript/").json()
        assert (told["text"], told["hidden"]) == ("", True)
    allow(programme, lead, transcripts=True)
    assert "SW1:" in api(cast.editor).get(f"{API}/sources/1/transcript/").json()["text"]


def test_what_is_stored_and_not_shown_is_mentioned(said, programme, lead, as_, cast):
    stored = "A transcript of this source is stored and not shown"
    assert stored not in as_(cast.editor).get(f"{P}/q/1").content.decode()
    allow(programme, lead, transcripts=False)
    assert stored in as_(cast.editor).get(f"{P}/q/1").content.decode()
    left = "1 transcript from when they were kept is still stored"
    assert left in as_(cast.lead).get(f"{P}/settings").content.decode()
    allow(programme, lead, delete_transcripts=True)
    assert stored not in as_(cast.editor).get(f"{P}/q/1").content.decode()
    assert "still stored" not in as_(cast.lead).get(f"{P}/settings").content.decode()


def test_switching_off_offers_to_delete_them(said, programme, lead, as_, api, cast):
    said_so = "They may be kept here; say that they may not before you delete them."
    with pytest.raises(ValidationError, match=said_so):
        allow(programme, lead, delete_transcripts=True)
    pages = as_(cast.lead)
    assert 'name="kept-delete_transcripts"' in pages.get(f"{P}/settings").content.decode()
    base = Programme.objects.get(pk=programme.pk).revision_number
    data = {"kept-base": str(base), "kept-small_group": "5", "kept-delete_transcripts": "on"}
    assert said_so in pages.post(f"{P}/settings/evidence-kept", {**data, "kept-transcripts": "on"}).content.decode()
    assert Transcript.objects.exists()
    assert pages.post(f"{P}/settings/evidence-kept", data).status_code == 302
    assert not Transcript.objects.exists()
    assert AuditEvent.objects.filter(verb="transcript taken out", record="Q1").exists()
    call_command("check_integrity")


def test_they_are_deleted_by_api_later_on_too(said, programme, lead, api, cast):
    allow(programme, lead, transcripts=False)
    script = api(cast.lead)
    tag = script.get(f"{API}/")["ETag"]
    answer = script.patch(f"{API}/", {"delete_transcripts": True}, format="json", HTTP_IF_MATCH=tag)
    assert (answer.status_code, Transcript.objects.exists()) == (200, False)
