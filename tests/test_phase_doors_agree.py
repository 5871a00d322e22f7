"""Claims about verdicts and snapshots: pages and API leave the same behind and refuse in one voice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from cmo.models import Snapshot, SnapshotPart, Verdict, VerdictRevision
from cmo.rules.configuring import configure
from cmo.rules.judging import judge
from cmo.rules.snapshotting import take_snapshot
from programmes.models import AuditEvent, Phase
from tests.conftest import actor

P, A = "/p/cse-test", "/api/v1/programmes/cse-test"
JUDGED = {"verdict": "refuted", "rationale": "Nobody did."}
# {act: (page, its form, route of the API, its body, ETag or None)}
ACTS: dict[str, tuple[str, dict[str, str], str, dict[str, Any], str | None]] = {
    "take a snapshot": ("snapshots", {"snap-name": "First", "snap-description": "Why."},
                        "snapshots/", {"name": "First", "description": "Why."}, None),
    "judge for oneself": ("s/1/verdicts", {"base": "0", **JUDGED}, "verdicts/", {"record": "S1", **JUDGED}, None),
    "judge for the team": ("s/1/verdicts", {"base": "0", "team": "1", **JUDGED},
                           "verdicts/", {"record": "S1", "team": True, **JUDGED}, None),
    "judge a configuration": ("cmo/1/verdicts", {"base": "0", **JUDGED},
                              "verdicts/", {"record": "CMO1", **JUDGED}, None),
    "judge again": ("s/2/verdicts", {"base": "1", **JUDGED}, "verdicts/1/", JUDGED, '"1-1"'),
    "close a phase": ("settings/phases/gleaning/close",
                      {"base": "2", "reason": "Done.", "name": "", "description": "D."},
                      "phases/gleaning/close/", {"reason": "Done.", "description": "D."}, '"2"'),
}  # fmt: skip
REFUSED = {
    "no such verdict": ("s/1/verdicts", {"base": "0", "verdict": "refuted"}, "verdicts/",
                        {"record": "S1", "verdict": "refuted"},
                        "Say why this is the verdict; ticking evidence is not enough."),
    "no such bearing": ("s/1/verdicts", {"base": "0", **JUDGED, "bearings": "B9"}, "verdicts/",
                        {"record": "S1", **JUDGED, "bearings": ["B9"]}, "There is no bearing B9 in this programme."),
    "a snapshot without a name": ("snapshots", {"snap-name": " "}, "snapshots/", {"name": " "},
                                  "Write something here; it is empty."),
}  # fmt: skip


@pytest.fixture
def small(programme, statement, cast):
    statement()
    judge(statement(), by=actor(cast.lead), verdict="supported", rationale="It held.")
    return programme


LEFT: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Verdict, ("number", "phase", "statement", "configuration", "team", "verdict", "rationale", "by")),
    (VerdictRevision, ("of__number", "number", "verdict", "rationale", "author")),
    (Snapshot, ("slug", "name", "description", "phase", "closes", "by", "log_number", "counts")),
    (SnapshotPart, ("kind", "content")),
    (Phase, ("slug", "state", "revision_number")),
)
LOG = ("number", "verb", "record", "detail", "reason", "actor")


def left() -> list[Any]:
    """What an act leaves behind, but for times."""
    rows = [list(model._default_manager.order_by("pk").values_list(*names)) for model, names in LEFT]
    return [*rows, list(AuditEvent.objects.exclude(programme=None).order_by("number").values_list(*LOG))]


def rolled_back(do: Callable[[], None]) -> list[Any]:
    """What `do` leaves behind, looked at and taken back."""
    with transaction.atomic():
        do()
        found = left()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("act", ACTS)
def test_both_doors_leave_the_same_behind(act, small, cast, as_, api):
    configure(small, by=actor(cast.lead), words={"plain": "It works."})
    page, form, route, body, tag = ACTS[act]

    def by_page() -> None:
        assert as_(cast.lead).post(f"{P}/{page}", form).status_code == 302

    def by_api() -> None:
        script = api(cast.lead)
        send = script.patch if act == "judge again" else script.post
        headers = {"HTTP_IF_MATCH": tag} if tag else {}
        assert send(f"{A}/{route}", body, format="json", **headers).status_code in (200, 201)

    before = left()
    assert rolled_back(by_page) == rolled_back(by_api) != before


@pytest.mark.parametrize("what", REFUSED)
def test_both_doors_refuse_in_one_voice(what, small, cast, as_, api):
    page, form, route, body, sentence = REFUSED[what]
    answer = as_(cast.lead).post(f"{P}/{page}", form)
    assert (answer.status_code, sentence in answer.content.decode().replace("&#x27;", "'")) == (422, True)
    refused = api(cast.lead).post(f"{A}/{route}", body, format="json")
    assert (refused.status_code, sentence in refused.json()["detail"]) == (400, True)
    assert not Snapshot.objects.exists()


def test_the_same_form_or_key_sent_twice_is_done_once(small, cast, as_, api):
    sent = {"snap-name": "First", "nonce": "ab" * 16}
    first, second = (as_(cast.lead).post(f"{P}/snapshots", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    script = api(cast.lead)
    made, again = (
        script.post(f"{A}/snapshots/", {"name": "Second"}, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)
    )
    assert (made.json(), again["Idempotency-Replayed"]) == (again.json(), "true")
    assert list(Snapshot.objects.values_list("slug", flat=True)) == ["first", "second"]


def test_a_snapshot_answers_304_to_its_tag_for_ever(small, cast, api):
    take_snapshot(small, by=actor(cast.lead), name="First")
    script = api(cast.lead)
    for path in ("snapshots/first/", "statements/1/?snapshot=first"):
        tag = script.get(f"{A}/{path}")["ETag"]
        assert script.get(f"{A}/{path}", HTTP_IF_NONE_MATCH=tag).status_code == 304
