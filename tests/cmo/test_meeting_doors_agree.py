"""Claims about the two doors to meetings and rounds: they leave the same behind, and refuse in one voice."""

import html
from typing import Any

import pytest
from django.db import transaction

from cmo.models import Meeting, MeetingRevision, Priority, PriorityAnswer, PriorityRound
from programmes.models import AuditEvent, Notice, OutgoingMail
from programmes.vocabulary import NEEDS, Verb
from tests.test_doors_agree import Act, by_api, by_page

SAID = {"title": "A meeting", "held": "2026-05-04", "notes": "About S1.", "there": ["lead", "editor"]}
ASKED = {"title": "What now?", "question": "Which one?", "kind": "scale", "steps": 3}
ACTS = {
    "record": Act("meeting-new", "meetings", SAID, SAID),
    "change": Act("meeting-edit", "meeting", {**SAID, "base": 1}, SAID, "meeting", base=1, method="PATCH"),
    "retire": Act("meeting-turn", "meeting", {"base": 1, "to": "retired"}, {}, "meeting", base=1, method="DELETE"),
    "restore": Act("meeting-turn", "meeting-restore", {"base": 2, "to": "current"}, {}, "meeting_gone", base=2),
    "conclude": Act("meeting-turn", "meeting-conclude", {"base": 1, "to": "concluded"}, {}, "meeting_planned", base=1),
    "mail": Act("meeting-mail", "meeting-mail", {"to": "all"}, {"to": "all"}, "meeting"),
    "ask": Act(
        "round-new", "rounds", {**ASKED, "pick": ["1:2", "2:1"]},
        {**ASKED, "statements": [{"statement": "S1", "revision": 2}, {"statement": "S2", "revision": 1}]},
        verb=Verb.MANAGE,
    ),
    "answer": Act(
        "round-answer", "round-answer", {"v-1": "5", "note-1": "Said often", "v-2": "1", "note-2": ""},
        {"answers": [{"statement": "S1", "value": 5, "note": "Said often"}, {"statement": "S2", "value": 1}]},
        "round", verb=Verb.COMMENT,
    ),
    "close": Act("round-close", "round-close", {"base": 1}, {}, "round", base=1, verb=Verb.MANAGE),
    "mark": Act(
        "round-priorities", "round-priorities", {"base": 2, "priority": ["1"]}, {"statements": ["S1"]},
        "round_ended", base=2, verb=Verb.MANAGE,
    ),
}  # fmt: skip


def left_behind(w: Any) -> dict[str, list[Any]]:
    """All that the programme holds of meetings and rounds, without ids and times."""
    words = ("number", "title", "held", "notes", "retired")
    return {
        "meetings": [
            (*(getattr(one, name) for name in (*words, "until", "revision_number", "author_id")),
             sorted(one.attendances.values_list("person__username", flat=True)))
            for one in Meeting.objects.filter(programme=w.own).order_by("number")
        ],
        "meeting revisions": list(
            MeetingRevision.objects.filter(meeting__programme=w.own).order_by("meeting", "number").values_list(
                "meeting__number", *words, "author"
            )
        ),
        "rounds": [
            (one.number, one.title, one.question, one.kind, one.steps, one.closed is None, one.closed_by_id,
             one.revision_number, list(one.items.values_list("statement__number", "revision", "position")))
            for one in PriorityRound.objects.filter(programme=w.own).order_by("number")
        ],
        "answers": sorted(
            PriorityAnswer.objects.filter(item__round__programme=w.own).values_list(
                "item__round__number", "item__statement__number", "person__username", "value", "note"
            )
        ),
        "priorities": sorted(Priority.objects.values_list("statement__number", "round__number", "by__username")),
        "told": sorted(Notice.objects.values_list("person__username", "event", "kind", "on", "path")),
        "mails": sorted(OutgoingMail.objects.values_list("to", "subject", "text")),
        "log": list(
            AuditEvent.objects.filter(programme=w.own).order_by("number").values_list("verb", "record", "detail")
        ),
    }  # fmt: skip


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_leave_the_same_behind(act, world):
    was, left = left_behind(world), []
    for door, ok in ((by_page, {302}), (by_api, {200, 201})):
        with transaction.atomic():
            answer = door(world, act, "lead" if act.verb is not Verb.COMMENT else "contributor")
            assert answer.status_code in ok, answer.content[:3000]
            left.append(left_behind(world))
            transaction.set_rollback(True)
    assert left[0] == left[1]
    assert left[0] != was


REFUSED = {
    "no title": ("record", {"title": ""}, {"title": ""}, "Write something here; it is empty."),
    "no day": ("record", {"held": "May"}, {"held": "May"}, "Write a day such as 2026-11-23."),
    "nobody": ("record", {"there": ["otto"]}, {"there": ["otto"]}, "There is no member called “otto”."),
    "to nobody": ("mail", {"to": "x"}, {"to": "x"}, "Choose one of there, all."),
    "too high": ("answer", {"v-2": "6"}, {"answers": [{"statement": "S2", "value": 6}]},
                 "S2: choose a number from 1 to 5."),
    "nothing": ("answer", {"v-1": "", "note-1": "", "v-2": ""}, {"answers": []}, "Answer for at least one statement."),
    "none picked": ("ask", {"pick": []}, {"statements": []}, "Pick at least one statement."),
    "not asked": ("mark", {"priority": ["3"]}, {"statements": ["S3"]}, "S3 is not in round 2."),
}  # fmt: skip


@pytest.mark.parametrize(("of", "form", "body", "sentence"), REFUSED.values(), ids=REFUSED)
def test_both_doors_refuse_bad_input_in_the_same_words(of, form, body, sentence, world):
    act, was = ACTS[of], left_behind(world)
    bad = Act(act.page, act.api, act.form | form, act.body | body, act.at, act.label, act.base, act.method, act.verb)
    page, api = by_page(world, bad), by_api(world, bad)
    assert (page.status_code, api.status_code) == (422, 400), api.content
    assert sentence in html.unescape(page.content.decode())
    assert sentence in [said for found in api.json()["errors"].values() for said in found]
    assert left_behind(world) == was


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_refuse_a_viewer_in_the_same_words(act, world):
    was = left_behind(world)
    page, api = by_page(world, act, "viewer"), by_api(world, act, "viewer")
    assert (page.status_code, api.status_code) == (403, 403)
    assert str(NEEDS[act.verb]) in html.unescape(page.content.decode())
    assert api.json()["detail"] == str(NEEDS[act.verb])
    assert left_behind(world) == was
