"""Claims about "sent twice, done once": the same request gets the same answer, another one with the key none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cmo.models import Statement
from programmes.models import AnsweredRequest, AuditEvent, Programme
from programmes.rules.answering_once import fingerprint, forget_old

S = "/api/v1/programmes/cse-test/statements/"
KEY = {"HTTP_IDEMPOTENCY_KEY": "a key of mine"}


@pytest.fixture
def script(cast, api):
    return api(cast.editor)


def post(script, url, body, **more):
    return script.post(url, body, format="json", **{**KEY, **more})


def test_the_same_request_is_done_once_and_answered_alike(script, programme):
    first, second = (post(script, S, {"wording": "If so."}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (None, "true")
    assert Statement.objects.count() == 1


def test_without_a_key_it_is_done_twice(script, programme):
    for _ in range(2):
        script.post(S, {"wording": "If so."}, format="json")
    assert Statement.objects.count() == 2


def test_another_request_with_the_key_is_422_and_does_nothing(script, programme):
    post(script, S, {"wording": "If so."})
    other = post(script, S, {"wording": "If otherwise."})
    elsewhere = post(script, f"{S}paste/", {"wording": "If so."})
    assert (other.status_code, elsewhere.status_code) == (422, 422)
    assert other.json()["detail"] == "This Idempotency-Key came with another request before; choose a new key."
    assert Statement.objects.count() == 1


def test_a_key_is_ones_own(script, cast, api, programme):
    post(script, S, {"wording": "If so."})
    assert post(api(cast.lead), S, {"wording": "If so."}).status_code == 201
    assert Statement.objects.count() == 2


def test_a_refused_request_is_not_remembered_and_may_be_mended(script, programme, themes):
    assert post(script, S, {"wording": ""}).status_code == 400
    assert AnsweredRequest.objects.count() == 0
    assert post(script, S, {"wording": "If so."}).status_code == 201


def test_an_act_that_was_done_is_answered_again_although_the_record_moved_on(script, statement):
    statement("If first.")
    retired = script.delete(f"{S}1/", HTTP_IF_MATCH='"1"')
    assert retired.status_code == 200
    answers = [post(script, f"{S}1/restore/", {}, HTTP_IF_MATCH='"2"') for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert Statement.objects.get().revision_number == 3


def test_a_dry_run_and_the_real_one_under_one_key_are_two_requests(script, programme):
    paste = {"text": "If a.\nIf b."}
    dry = [post(script, f"{S}paste/?dry_run=1", paste) for _ in range(2)]
    assert [answer.status_code for answer in dry] == [200, 200]
    assert dry[1]["Idempotency-Replayed"] == "true"
    assert Statement.objects.count() == 0
    mixed_up = post(script, f"{S}paste/", paste)
    assert (mixed_up.status_code, Statement.objects.count()) == (422, 0)
    done = post(script, f"{S}paste/", paste, HTTP_IDEMPOTENCY_KEY="another")
    assert (done.status_code, Statement.objects.count()) == (201, 2)
    again = post(script, f"{S}paste/?dry_run=1", paste, HTTP_IDEMPOTENCY_KEY="another")
    assert (again.status_code, Statement.objects.count()) == (422, 2)


@pytest.mark.parametrize(
    ("path", "body", "ok"),
    [("programmes/", {"title": "Once"}, 201), ("programmes/cse-test/areas/", {"title": "Once"}, 201),
     ("programmes/cse-test/themes/", {"code": "Z1"}, 201), ("programmes/cse-test/phases/", {"title": "P",
         "kind": "refining"}, 201),
     ("programmes/cse-test/statements/paste/", {"text": "If a.\nIf b."}, 201),
     ("programmes/cse-test/statements/tag/", {"statements": [{"number": 1, "revision": 1}], "add": ["O4"]}, 200),
     ("programmes/cse-test/themes/O4/merge/", {"into": "O1"}, 200)],
)  # fmt: skip
def test_every_creating_and_acting_request_takes_a_key(path, body, ok, cast, api, statement, themes):
    statement("If first.", themes=["C2"])
    script = api(cast.lead)
    answers = [post(script, f"/api/v1/{path}", body, HTTP_IF_MATCH='"1"') for _ in range(2)]
    assert [answer.status_code for answer in answers] == [ok, ok]
    assert answers[0].content == answers[1].content
    log = AuditEvent.objects.count()
    post(script, f"/api/v1/{path}", body, HTTP_IF_MATCH='"1"')
    assert AuditEvent.objects.count() == log


def test_a_lost_role_comes_before_an_answer_given_earlier(script, programme, cast, actor):
    post(script, S, {"wording": "If so."})
    programme.memberships.filter(person=cast.editor).delete()
    assert post(script, S, {"wording": "If so."}).status_code == 404


CHANGED = "what you may see here changed since, so its answer is not given again."


def test_who_sees_no_evidence_any_more_is_not_shown_it_by_an_earlier_answer(script, programme, cast, api):
    shown = post(script, S, {"wording": "If so."})
    assert shown.json()["evidence"] is not None
    member = f"/api/v1/programmes/cse-test/members/{cast.editor.username}/"
    changed = api(cast.lead).patch(member, {"no_evidence": True}, format="json", HTTP_IF_MATCH='"editor"')
    assert changed.status_code == 200
    again = post(script, S, {"wording": "If so."})
    assert (again.status_code, again.json()["detail"]) == (410, f"This request was carried out; {CHANGED}")
    assert not again.has_header("ETag")
    assert "evidence" not in again.json()
    assert Statement.objects.count() == 1
    assert script.get(f"{S}1/").json()["evidence"] is None


def test_an_answer_is_given_again_to_who_comes_back_as_what_they_were_and_to_nobody_else(script, programme, cast):
    first = post(script, S, {"wording": "If so."})
    programme.memberships.filter(person=cast.editor).delete()
    back = programme.memberships.create(person=cast.editor, role="lead", joined=timezone.now())
    assert post(script, S, {"wording": "If so."}).status_code == 410
    programme.memberships.filter(pk=back.pk).update(role="editor", no_evidence=True)
    assert post(script, S, {"wording": "If so."}).status_code == 410
    programme.memberships.filter(pk=back.pk).update(no_evidence=False)
    assert post(script, S, {"wording": "If so."}).content == first.content
    assert Statement.objects.count() == 1


def test_whoever_started_a_programme_and_left_it_reads_no_more_of_it_in_the_answer(cast, api):
    script, url = api(cast.lead), "/api/v1/programmes/"
    assert post(script, url, {"title": "Once", "summary": "Why?"}).status_code == 201
    Programme.objects.get(title="Once").memberships.filter(person=cast.lead).delete()
    again = post(script, url, {"title": "Once", "summary": "Why?"})
    assert (again.status_code, again.json()["detail"]) == (410, f"This request was carried out; {CHANGED}")
    assert Programme.objects.filter(title="Once").count() == 1


def test_a_form_sent_twice_leads_twice_to_the_same_place(cast, as_, programme):
    browser = as_(cast.lead)
    form = {"title": "Once", "codebook": "empty", "nonce": "n1"}
    first, second = (browser.post("/programmes/new", form) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/p/once/")
    assert Programme.objects.filter(title="Once").count() == 1


def test_the_same_form_with_other_words_is_done(cast, as_, programme):
    browser = as_(cast.editor)
    for wording in ("If one.", "If two."):
        browser.post("/p/cse-test/s/new", {"mode": "sentence", "wording": wording, "nonce": "n1"})
    assert sorted(Statement.objects.values_list("wording", flat=True)) == ["If one.", "If two."]


def test_keys_are_forgotten_after_a_week_and_not_before(script, programme):
    post(script, S, {"wording": "If so."})
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(days=6))
    assert forget_old() == 0
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(days=8))
    assert forget_old() == 1
    assert AnsweredRequest.objects.count() == 0


def test_a_fingerprint_tells_where_one_part_ends():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("a", b"b") == fingerprint("a", "b")
    assert fingerprint("\ud800") != fingerprint("\ud801")
